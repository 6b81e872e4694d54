from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanly.services.routing.hits import MAX_SPOOLED, scan_id
from scanly.services.routing.links import compile_link
from scanly.services.routing.pages import SECURITY_HEADERS, choose_language
from tests.services.routing.visitors import DESTINATION, IPHONE, Stand, facts, scan_of

NOW = datetime(2026, 11, 9, 12, tzinfo=UTC)


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[Stand]:
    stand = Stand(tmp_path, NOW)
    stand.shelf.put(facts("Menu"))
    yield stand
    stand.spool.close()


async def test_a_visitor_is_redirected_and_written_down_first(stand: Stand) -> None:
    for _ in range(2):
        answer = await stand.get("/Menu", query=b"utm_source=flyer", headers={"User-Agent": IPHONE})
        assert (answer.status, answer.headers["location"]) == (302, DESTINATION)
        assert answer.headers["cache-control"] == "private, no-store"
        assert answer.body == b""
    assert stand.shelf.asked == ["/menu"], "the second one came from memory"
    cold, warm = stand.hits()
    assert (warm.outcome, warm.method, warm.peer, warm.query) == ("redirect", "GET", "49.36.1.1", b"utm_source=flyer")
    assert warm.by_name()[b"user-agent"] == IPHONE.encode()
    assert scan_id(warm) != scan_id(cold)
    assert scan_id(warm).version == 7
    assert scan_id(warm).int >> 80 == round(NOW.timestamp() * 1000)


async def test_no_scan_is_answered_before_it_is_written(stand: Stand) -> None:
    seen: list[int] = []

    async def visit() -> None:
        async def send(_message: Any) -> None:
            seen.append(len(stand.hits()))

        scope = {"method": "GET", "path": "/menu", "query_string": b"", "headers": [], "client": None}
        await stand.redirect(scope, None, send)  # type: ignore[arg-type]

    for number in range(1, 21):
        await visit()
        assert seen[-2:] == [number, number]


async def test_the_express_lane_writes_those_of_a_turn_together(stand: Stand) -> None:
    await stand.get("/menu")
    before = len(stand.hits())
    heads = [stand.redirect.answer(b"/menu?n=%d" % number, b"GET", [], "49.36.1.1") for number in range(20)]
    assert all(head is not None and head.startswith(b"HTTP/1.1 302 Found\r\n") for head in heads)
    assert len(stand.hits()) == before
    stand.redirect.settle()
    assert [hit.query for hit in stand.hits()[before:]] == [b"n=%d" % number for number in range(20)]


@pytest.mark.parametrize(
    "url", [b"/nobody", b"/menu+", b"/me%6eu", b"/menu/", b"http://x/menu", b"/menu?a#b", b"*", b""]
)
async def test_the_express_lane_leaves_the_rest_to_asgi(stand: Stand, url: bytes) -> None:
    await stand.get("/menu")
    assert stand.redirect.answer(url, b"GET", [], "49.36.1.1") is None
    assert stand.redirect.answer(b"/menu", b"POST", [], "49.36.1.1") is None


@given(destination=st.text(max_size=60), code=st.sampled_from([301, 302, 303, 307, 308]))
def test_both_ways_send_the_same_head(destination: str, code: int) -> None:
    link = compile_link(facts("menu", destination=f"https://example.com/{destination}", status_code=code))
    status, *lines = link.head.removesuffix(b"\r\n").split(b"\r\n")
    start = link.start
    assert status.startswith(b"HTTP/1.1 %d " % start["status"])
    assert lines == [b"%b: %b" % header for header in start["headers"]]
    assert b"\n" not in link.location


async def test_the_express_lane_knows_only_what_is_in_memory_and_plain(stand: Stand) -> None:
    stand.shelf.put(facts("later", starts_at=NOW + timedelta(days=1)))
    stand.shelf.put(facts("app"))
    for slug in ("later", "app"):
        assert stand.redirect.answer(f"/{slug}".encode(), b"GET", [], "") is None
        await stand.get(f"/{slug}")
        assert stand.redirect.answer(f"/{slug}".encode(), b"GET", [], "") is None


@pytest.mark.parametrize("path", ["/menu", "/MENU", "/Menu/", "/mEnU"])
async def test_case_and_a_slash_at_the_end_do_not_matter(stand: Stand, path: str) -> None:
    assert (await stand.get(path)).status == 302


async def test_slugs_in_other_scripts(stand: Stand) -> None:
    stand.shelf.put(facts("मेन्यू", slug_key="मेन्यू"))
    stand.shelf.put(facts("Café", slug_key="caf\u00e9"))
    for path in ("/मेन्यू", "/CAFÉ", "/cafe\u0301"):
        for _ in range(2):
            assert (await stand.get(path)).status == 302, path


async def test_head_is_answered_and_written_down_as_such(stand: Stand) -> None:
    assert (await stand.get("/menu", method="HEAD")).status == 302
    assert [hit.method for hit in stand.hits()] == ["HEAD"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PROPFIND"])
async def test_other_methods_are_refused(stand: Stand, method: str) -> None:
    await stand.get("/menu")
    answer = await stand.get("/menu", method=method)
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")
    assert len(stand.hits()) == 1


@pytest.mark.parametrize(
    ("changes", "status", "outcome", "words"),
    [
        ({"is_paused": True}, 200, "paused", "This code is resting"),
        ({"is_removed": True}, 410, "ended", "This code has ended"),
        ({"expires_at": NOW - timedelta(hours=18)}, 410, "ended", "This code ended on 8 November"),
        ({"starts_at": NOW + timedelta(hours=7)}, 200, "not_started", "This code opens on 10 November"),
    ],
)
async def test_pages_in_place_of_a_destination(
    stand: Stand, changes: dict[str, Any], status: int, outcome: str, words: str
) -> None:
    stand.shelf.put(facts("Menu", **changes))
    answer = await stand.get("/menu")
    assert answer.status == status
    assert words in answer.text
    assert "Sharma Sweets" in answer.text
    assert "no-store" in answer.headers["cache-control"]
    assert [hit.outcome for hit in stand.hits()] == [outcome]


async def test_time_passes(stand: Stand) -> None:
    ends = NOW + timedelta(minutes=1)
    stand.shelf.put(facts("Menu", expires_at=ends))
    assert (await stand.get("/menu")).status == 302
    stand.now = ends
    assert (await stand.get("/menu")).status == 410


async def test_preview(stand: Stand) -> None:
    for destination in (DESTINATION, 'https://example.com/?a="><script>alert(1)</script>'):
        stand.shelf.put(facts("Menu", destination=destination))
        stand.links.evict("/menu")
        answer = await stand.get("/menu+")
        assert answer.status == 200
        assert "<script" not in answer.text
        assert 'href="/Menu"' in answer.text
        assert "Sharma Sweets" in answer.text
    assert [hit.outcome for hit in stand.hits()] == ["preview", "preview"]
    stand.shelf.put(facts("Menu", is_paused=True))
    stand.links.evict("/menu")
    assert "This code is resting" in (await stand.get("/menu+")).text


@pytest.mark.parametrize(
    "path",
    ["/nothing", "/", "", "//", "/a//b", "/a\x00b", "/\r\nX: y", "/\ufffd\ufffd", "/" + "a" * 65_536, "/../../etc"],
)
async def test_unknown_addresses(stand: Stand, path: str) -> None:
    answer = await stand.get(path)
    assert answer.status == 404
    assert "Nothing lives at this code" in answer.text
    assert stand.hits() == []
    if path != "/nothing":
        assert stand.shelf.asked == [], "what cannot be a slug never reaches the database"


@pytest.mark.parametrize(
    ("query", "accept", "language"),
    [
        (b"", b"hi-IN,hi;q=0.9,en;q=0.8", "hi"),
        (b"", b"en-IN,en;q=0.9,hi;q=0.8", "en"),
        (b"", b"ta-IN,ta;q=0.9,hi;q=0.5,en;q=0.4", "hi"),
        (b"", b"ta", "en"),
        (b"", b"", "en"),
        (b"", b"hi;q=0", "en"),
        (b"", b"hi;q=abc, en;q=0.1", "en"),
        (b"", b"\xff\xfe,;;,q=,", "en"),
        (b"lang=hi", b"en", "hi"),
        (b"a=b&lang=en", b"hi", "en"),
        (b"lang=<script>", b"hi", "hi"),
    ],
)
def test_language(query: bytes, accept: bytes, language: str) -> None:
    assert choose_language(query, accept) == language


class _Outline(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[dict[str, str | None]] = []
        self.language: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert "style" not in dict(attrs), "the policy allows no inline style"
        if tag == "a":
            self.links.append(dict(attrs))
        if tag == "html":
            self.language = dict(attrs)["lang"]


@pytest.mark.parametrize("language", ["en", "hi"])
@pytest.mark.parametrize("case", ["paused", "ended", "not_started", "unknown", "preview", "away"])
async def test_every_page_is_small_plain_and_in_two_languages(stand: Stand, case: str, language: str) -> None:
    changes: dict[str, dict[str, Any]] = {
        "paused": {"is_paused": True},
        "ended": {"is_removed": True},
        "not_started": {"starts_at": NOW + timedelta(days=1)},
    }
    stand.shelf.put(facts("Menu", **changes.get(case, {})))
    stand.shelf.is_away = case == "away"
    path = {"unknown": "/nothing", "preview": "/menu+"}.get(case, "/menu")
    answer = await stand.get(path, headers={"Accept-Language": language})
    assert len(answer.body) < 5_000
    outline = _Outline()
    outline.feed(answer.text)
    assert outline.language == language
    assert not {"script", "link", "img", "iframe", "form"} & set(outline.tags)
    assert outline.tags.count("h1") == 1
    filled = [link for link in outline.links if " m" in (link.get("class") or "")]
    assert len(filled) <= 1
    other = "hi" if language == "en" else "en"
    [switch] = [link for link in outline.links if link.get("hreflang")]
    assert (switch["href"], switch["hreflang"]) == (f"?lang={other}", other)
    for name, value in SECURITY_HEADERS:
        assert answer.headers[name.decode()] == value.decode()
    assert "set-cookie" not in answer.headers
    switched = await stand.get(path, query=f"lang={other}".encode(), headers={"Accept-Language": language})
    assert f'<html lang="{other}"' in switched.text


async def test_a_shop_name_is_text(stand: Stand) -> None:
    stand.shelf.put(facts("Menu", is_paused=True, shop="<b>Tom & {shop}</b>\u202e"))
    answer = await stand.get("/menu")
    assert "<b>" not in answer.text
    assert "&lt;b&gt;Tom &amp; {shop}" in answer.text


async def test_only_named_headers_are_written_down(stand: Stand) -> None:
    secret = {"Cookie": "scanly_session=secret", "Authorization": "Bearer secret", "Sec-Purpose": "prefetch"}
    await stand.get("/menu", headers=secret)
    assert b"secret" not in stand.spool.writing.read_bytes()
    scan = scan_of(stand.hits()[0])
    assert scan.purpose == "prefetch"


async def test_hostile_headers_are_bounded_and_cleaned(stand: Stand) -> None:
    headers = [
        (b"user-agent", b"a\r\nb\x00c\xff" + b"x" * 70_000),
        (b"referer", b"https://example.com/\x1b[31m\xe2\x80\xae"),
        (b"accept-language", b"hi\x7f"),
        *[(b"x-forwarded-for", b"6.6.6.6")] * 5_000,
    ]
    await stand.get("/menu", query=b"utm_source=%0d%0aevil%00&utm_source=" + b"y" * 70_000, headers=headers)
    [hit] = stand.hits()
    assert stand.spool.writing.stat().st_size < 4 * MAX_SPOOLED
    scan = scan_of(hit)
    assert scan.user_agent.startswith("a b c\ufffdxxx")
    assert len(scan.user_agent) <= 1024
    texts = [scan.user_agent, scan.referrer, scan.accept_language, scan.utm["utm_source"]]
    assert all(text.isprintable() for text in texts), texts


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    path=st.text(max_size=30),
    query=st.binary(max_size=60),
    headers=st.lists(
        st.tuples(
            st.sampled_from([b"user-agent", b"referer", b"x-forwarded-for", b"accept-language", b"sec-purpose", b"x"]),
            st.binary(max_size=60),
        ),
        max_size=8,
    ),
)
async def test_whatever_is_sent_has_an_answer(
    stand: Stand, path: str, query: bytes, headers: list[tuple[bytes, bytes]]
) -> None:
    for sent in (path, "/menu"):
        answer = await stand.get(sent, query=query, headers=headers)
        assert answer.status in {302, 404}
    scan = scan_of(stand.hits()[-1])
    for text in (scan.user_agent, scan.referrer, scan.accept_language, scan.purpose, *scan.utm.values()):
        assert not any(character < " " or "\x7f" <= character < "\xa0" for character in text)


async def test_a_full_disk_redirects_all_the_same(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("scanly.services.routing.spool.os.write", refuse)
    assert (await stand.get("/menu")).status == 302
    assert stand.spool.lost == 1
    assert stand.spool.fault == "No space left on device"


async def test_figures(stand: Stand) -> None:
    for path in ("/menu", "/menu", "/menu", "/none", "/none", "/menu+"):
        await stand.get(path)
    samples = {
        (sample.name, *sample.labels.values()): sample.value
        for metric in stand.tally.collect()
        for sample in metric.samples
    }
    assert samples["scanly_redirects_total", "redirect"] == 3
    assert samples["scanly_redirects_total", "unknown"] == 2
    assert samples["scanly_redirects_total", "preview"] == 1
    assert samples["scanly_link_lookups_total", "database"] == 2
    assert samples["scanly_link_lookups_total", "memory"] == 3
    assert samples["scanly_link_lookups_total", "unknown"] == 1
    assert samples["scanly_scans_lost_total",] == 0
