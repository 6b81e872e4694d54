"""What the HTTP API of analytics promises."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from scanly.contracts.analytics import Totals
from scanly.kernel.ids import encode_id, new_id
from tests.services.analytics.factories import (
    ANDROID,
    CODE,
    GOOGLEBOT,
    LINK,
    NOW,
    OTHER_LINK,
    OTHER_WORKSPACE,
    WHATSAPP,
    WORKSPACE,
    Bench,
    make_scan,
)

DAY = timedelta(days=1)


async def get(analytics: Bench, path: str, workspace: UUID = WORKSPACE, **query: Any) -> dict[str, Any]:
    async with analytics.client(workspace) as client:
        answer = await client.get(f"/api/v1/analytics/{path}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture
async def shop(analytics: Bench) -> Bench:
    """The story of the issue: two people, Googlebot, WhatsApp's preview, a HEAD; and a click on another link."""
    await analytics.service.learn_zone(new_id(), WORKSPACE, "Asia/Kolkata", NOW)
    await analytics.ship(
        make_scan(NOW - timedelta(minutes=5), visitor="iphone"),
        make_scan(NOW - timedelta(minutes=4), visitor="android", user_agent=ANDROID),
        make_scan(NOW - timedelta(minutes=3), visitor="google", user_agent=GOOGLEBOT),
        make_scan(NOW - timedelta(minutes=2), visitor="whatsapp", user_agent=WHATSAPP),
        make_scan(NOW - timedelta(minutes=1), visitor="head", method="HEAD"),
        make_scan(
            NOW - DAY, visitor="click", source="click", code_id=None, link_id=OTHER_LINK, city="Delhi", region="Delhi"
        ),
    )
    return analytics


async def test_the_summary_tells_people_from_what_is_not_counted(shop: Bench) -> None:
    found = await get(shop, "summary", link_id=encode_id("link", LINK))
    assert (found["hits"], found["visitors"], found["scans"], found["clicks"]) == (2, 2, 2, 0)
    assert found["excluded"] == 3
    assert found["by_reason"] == {"bot": 1, "preview": 1, "head": 1}
    assert {(r["verdict"], r["reason"]) for r in found["reasons"]} == {
        ("bot", "search_engine"),
        ("preview", "link_preview"),
        ("head", "head_request"),
    }
    assert found["period"]["time_zone"] == "Asia/Kolkata"
    assert found["period"]["from"] == "2026-10-23T18:30:00Z"  # midnight in India, 30 days with today
    assert found["previous"]["hits"] == 0
    assert found["previous"]["period"]["from"] == "2026-09-23T18:30:00Z"
    assert found["place"]["available"] is True
    assert "db-ip.com" in found["place"]["attribution_url"]


FILTERS: list[tuple[dict[str, Any], int, int]] = [
    ({}, 3, 3),
    ({"qr_code_id": encode_id("qr", CODE)}, 2, 2),
    ({"link_id": [encode_id("link", LINK), encode_id("link", OTHER_LINK)]}, 3, 3),
    ({"qr_code_id": encode_id("qr", CODE), "source": "scan"}, 2, 2),
    ({"qr_code_id": encode_id("qr", CODE), "source": "click"}, 0, 0),
    ({"link_id": encode_id("link", OTHER_LINK), "source": "click"}, 1, 1),
    ({"traffic": "bot"}, 1, 0),
    ({"traffic": "excluded"}, 3, 0),
    ({"traffic": "all"}, 6, 3),
    ({"source": "scan"}, 2, 2),
    ({"source": "click"}, 1, 1),
    ({"source": "all"}, 3, 3),
    ({"os": "Android"}, 1, 1),
    ({"os": ["Android", "iOS"], "city": "Jaipur"}, 2, 2),
    ({"city": "Delhi", "traffic": "all"}, 1, 1),
    ({"browser": "Netscape"}, 0, 0),
    ({"from": "2026-11-22"}, 2, 2),
    ({"from": "2026-11-21", "to": "2026-11-21"}, 1, 1),
    ({"from": "2026-11-22T12:25:00Z", "to": "2026-11-22T12:30:00Z"}, 2, 2),
    ({"from": "2026-11-22T00:00:00Z", "time_zone": "UTC"}, 2, 2),
    ({"from": "2026-10-01", "to": "2026-10-02"}, 0, 0),
    ({"link_id": encode_id("link", new_id())}, 0, 0),
]


@pytest.mark.slow
async def test_filters(shop: Bench) -> None:
    for query, hits, visitors in FILTERS:
        found = await get(shop, "summary", **query)
        assert (found["hits"], found["visitors"]) == (hits, visitors), query
        points = (await get(shop, "series", **query))["data"]
        sums = (sum(point["hits"] for point in points), sum(point["visitors"] for point in points))
        assert sums == (hits, visitors), query
        assert (await get(shop, "breakdown", dimension="device", **query))["total"] == hits, query
        assert len((await get(shop, "hits", **query))["data"]) == hits, query


BREAKDOWNS: list[tuple[str, list[tuple[str, int]]]] = [
    ("country", [("IN", 3)]),
    ("region", [("Rajasthan", 2), ("Delhi", 1)]),
    ("city", [("Jaipur", 2), ("Delhi", 1)]),
    ("device", [("phone", 3)]),
    ("os", [("iOS", 2), ("Android", 1)]),
    ("browser", [("Safari", 2), ("Chrome", 1)]),
    ("language", [("hi", 3)]),
    ("referrer", []),
    ("source", [("scan", 2), ("click", 1)]),
    ("link", [(encode_id("link", LINK), 2), (encode_id("link", OTHER_LINK), 1)]),
    ("qr_code", [(encode_id("qr", CODE), 2)]),
    ("reason", [("search_engine", 1), ("head_request", 1), ("link_preview", 1)]),
    ("utm_source", []),
]


async def test_breakdowns_agree_between_rollups_and_single_hits(shop: Bench) -> None:
    for dimension, values in BREAKDOWNS:
        for query in ({}, {"country": "IN"}):
            found = await get(shop, "breakdown", dimension=dimension, **query)
            assert [(item["value"], item["hits"]) for item in found["data"]] == values
            assert found["total"] == 3
            assert found["unknown"] == 3 - sum(hits for _, hits in values)
            assert found["values"] == len(values)


async def test_standard_views_need_no_single_hits(shop: Bench) -> None:
    questions = [{}, {"source": "scan"}, {"qr_code_id": encode_id("qr", CODE), "source": "scan"}]
    views: list[tuple[str, dict[str, Any]]] = [("summary", {}), ("series", {}), ("breakdown", {"dimension": "city"})]
    asked = [(path, {**query, **more}) for query in questions for path, more in views]
    before = [await get(shop, path, **query) for path, query in asked]
    await shop.sql("truncate analytics.hits")
    assert [await get(shop, path, **query) for path, query in asked] == before
    assert before[0]["hits"] == before[0]["visitors"] == 3


async def test_a_breakdown_sums_what_it_does_not_name(shop: Bench) -> None:
    found = await get(shop, "breakdown", dimension="city", limit=1)
    assert found["data"] == [{"value": "Jaipur", "hits": 2, "country": "IN", "region": "Rajasthan", "verdict": None}]
    assert (found["other"], found["values"]) == (1, 2)


async def test_programs_can_be_broken_down_too(shop: Bench) -> None:
    found = await get(shop, "breakdown", dimension="country", traffic="excluded")
    assert [(item["value"], item["hits"]) for item in found["data"]] == [("IN", 3)]


async def test_the_installations_own_host_is_a_domain_like_any_other(analytics: Bench) -> None:
    await analytics.ship(make_scan(), make_scan(domain="go.sharma.example"))
    for host in ("localhost:8000", "LOCALHOST:8000.", "go.sharma.example"):
        assert (await get(analytics, "summary", domain=host))["hits"] == 1, host
    assert (await get(analytics, "summary", domain=["localhost:8000", "go.sharma.example"]))["hits"] == 2
    assert (await get(analytics, "summary", domain="elsewhere.example"))["hits"] == 0
    shown = {hit["domain"] for hit in (await get(analytics, "hits"))["data"]}
    assert shown == {"localhost:8000", "go.sharma.example"}


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe", "America/New_York"])
async def test_hours_of_any_zone_are_whole(analytics: Bench, zone: str) -> None:
    moments = [NOW - timedelta(minutes=7 * n) for n in range(40)]
    await analytics.ship(*(make_scan(moment) for moment in moments))
    query = {"interval": "hour", "from": (NOW - DAY).isoformat(), "to": NOW.isoformat(), "time_zone": zone}
    found = await get(analytics, "series", **query)
    for point in found["data"]:
        start, end = datetime.fromisoformat(point["start"]), datetime.fromisoformat(point["end"])
        assert point["hits"] == sum(start <= moment < end for moment in moments if moment < NOW)
        assert point["visitors"] is None
    assert sum(point["hits"] for point in found["data"]) == 39


async def test_days_are_the_zones_and_without_gaps(shop: Bench) -> None:
    found = await get(shop, "series", interval="day")
    assert len(found["data"]) == 30
    assert all(point["start"].endswith("T18:30:00Z") for point in found["data"])
    assert [(p["hits"], p["visitors"]) for p in found["data"][-2:]] == [(1, 1), (2, 2)]


BAD_FILTERS = [
    ({"from": "yesterday", "traffic": "ghosts", "time_zone": "Mars"}, {"?from", "?traffic", "?time_zone"}),
    ({"link_id": "qr_0", "colour": "red"}, {"?link_id.0", "?colour"}),
    ({"from": "2026-11-22", "to": "2026-11-20"}, {"?to"}),
    ({"from": "0001-01-01"}, {"?from"}),
    ({"source": "shout"}, {"?source.0"}),
    ({"time_zone": "../../etc/passwd"}, {"?time_zone"}),
    ({"time_zone": "America"}, {"?time_zone"}),
    ({"time_zone": ""}, {"?time_zone"}),
    ({"country": "\x00"}, {"?country.0"}),
    ({"device": "toaster"}, {"?device.0"}),
]


async def test_bad_filters_are_all_named(analytics: Bench) -> None:
    for query, pointers in BAD_FILTERS:
        async with analytics.client(WORKSPACE) as client:
            for path in ("summary", "series", "hits", "breakdown"):
                more = {"dimension": "os"} if path == "breakdown" else {}
                answer = await client.get(f"/api/v1/analytics/{path}", params={**query, **more})
                assert answer.status_code == 422
                assert {fault["pointer"] for fault in answer.json()["errors"]} == pointers


BAD_QUESTIONS = [
    ("series", {"interval": "hour", "from": "2024-01-01"}),
    ("series", {"interval": "minute"}),
    ("breakdown", {}),
    ("breakdown", {"dimension": "shoe_size"}),
    ("hits", {"limit": "1000"}),
    ("hits", {"cursor": "nonsense"}),
    ("hits", {"cursor": "WyJub3QgYW4gaWQiXQ"}),
]


async def test_bad_questions(analytics: Bench) -> None:
    for path, query in BAD_QUESTIONS:
        async with analytics.client(WORKSPACE) as client:
            answer = await client.get(f"/api/v1/analytics/{path}", params=query)
        assert answer.status_code == 422
        assert answer.json()["errors"]


async def test_hits_come_newest_first_in_pages(shop: Bench) -> None:
    first = await get(shop, "hits", traffic="all", limit=4)
    assert [hit["verdict"] for hit in first["data"]] == ["head", "preview", "bot", "human"]
    assert first["data"][1]["evidence"] == "WhatsApp"
    assert first["has_more"]
    rest = await get(shop, "hits", traffic="all", limit=4, cursor=first["next_cursor"])
    assert [hit["source"] for hit in rest["data"]] == ["scan", "click"]
    assert rest["next_cursor"] is None
    hit = rest["data"][0]
    assert hit["id"].startswith("hit_")
    assert (hit["device"], hit["os"], hit["browser"], hit["qr_code_id"]) == (
        "phone",
        "iOS",
        "Safari",
        encode_id("qr", CODE),
    )
    assert not {"visitor", "ip", "number"} & set(hit)


async def test_another_workspace_gets_nothing(shop: Bench) -> None:
    link, code = encode_id("link", LINK), encode_id("qr", CODE)
    for query in ({}, {"link_id": link}, {"qr_code_id": code}, {"traffic": "all"}, {"country": "IN"}):
        summary = await get(shop, "summary", OTHER_WORKSPACE, **query)
        assert (summary["hits"], summary["visitors"], summary["excluded"]) == (0, 0, 0)
        series = await get(shop, "series", OTHER_WORKSPACE, **query)
        assert not any(point["hits"] or point["visitors"] for point in series["data"])
        assert (await get(shop, "breakdown", OTHER_WORKSPACE, dimension="city", **query))["data"] == []
        assert (await get(shop, "hits", OTHER_WORKSPACE, **query))["data"] == []


async def test_nobody_gets_nothing(analytics: Bench) -> None:
    async with analytics.client() as client:
        for path in ("summary", "series", "breakdown?dimension=city", "hits", "live"):
            assert (await client.get(f"/api/v1/analytics/{path}")).status_code == 401


async def test_without_a_place_database_the_answer_says_so(analytics: Bench) -> None:
    await analytics.ship(make_scan(place_known=False, country="", region="", city=""))
    assert (await get(analytics, "summary"))["place"]["available"] is False
    found = await get(analytics, "breakdown", dimension="city")
    assert (found["data"], found["unknown"], found["place"]["available"]) == ([], 1, False)


async def test_a_later_zone_stays_when_an_older_event_comes_afterwards(analytics: Bench) -> None:
    await analytics.service.learn_zone(new_id(), WORKSPACE, "Asia/Kolkata", NOW)
    await analytics.service.learn_zone(new_id(), WORKSPACE, "Europe/Paris", NOW - DAY)
    assert (await get(analytics, "summary"))["period"]["time_zone"] == "Asia/Kolkata"


async def test_totals_for_other_services(shop: Bench) -> None:
    stranger = new_id()
    found = await shop.service.totals(
        workspace_id=WORKSPACE, link_ids=[LINK, stranger], start=NOW - DAY, end=NOW.astimezone(UTC)
    )
    assert found == [
        Totals(link_id=LINK, hits=2, visitors=2, excluded=3),
        Totals(link_id=stranger, hits=0, visitors=0, excluded=0),
    ]
