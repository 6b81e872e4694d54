from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanly.contracts.routing import LinkStatus, SlugInvalid
from scanly.kernel.http.door import RESERVED_WORDS
from scanly.kernel.web_address import AddressFault, web_address
from scanly.services.routing import domain
from scanly.services.routing.domain import Conditions, Outcome, decide
from scanly.services.routing.place import network_kind
from scanly.services.routing.visitors import local_day, network_of, salt_expired, visitor_hash


@pytest.mark.parametrize(
    ("conditions", "outcome"),
    [
        (Conditions(), Outcome.REDIRECT),
        (Conditions(is_paused=True), Outcome.PAUSED),
        (Conditions(is_removed=True), Outcome.ENDED),
        (Conditions(is_removed=True, is_paused=True), Outcome.ENDED),
        (Conditions(expires_at=1_000), Outcome.ENDED),
        (Conditions(expires_at=1_001), Outcome.REDIRECT),
        (Conditions(expires_at=1_001, is_paused=True), Outcome.PAUSED),
        (Conditions(starts_at=1_001), Outcome.NOT_STARTED),
        (Conditions(starts_at=1_000), Outcome.REDIRECT),
        (Conditions(starts_at=1_001, is_paused=True), Outcome.NOT_STARTED),
        (Conditions(starts_at=500, expires_at=900), Outcome.ENDED),
    ],
)
def test_what_a_visitor_gets(conditions: Conditions, outcome: Outcome) -> None:
    assert decide(conditions, 1_000) is outcome


@given(st.builds(Conditions), st.integers(0, 1 << 42))
def test_only_conditions_change_the_outcome(conditions: Conditions, now: int) -> None:
    if conditions.is_plain:
        assert decide(conditions, now) is Outcome.REDIRECT


def test_status_for_owners() -> None:
    now = datetime(2026, 11, 9, tzinfo=UTC)
    assert domain.link_status(removed=False, paused=False, expires_at=None, now=now) is LinkStatus.ACTIVE
    assert domain.link_status(removed=False, paused=True, expires_at=now + timedelta(1), now=now) is LinkStatus.PAUSED
    assert domain.link_status(removed=False, paused=True, expires_at=now, now=now) is LinkStatus.ENDED
    assert domain.link_status(removed=True, paused=False, expires_at=None, now=now) is LinkStatus.ENDED


@pytest.mark.parametrize("slug", ["a", "diwali-menu", "मेन्यू", "menu/2026/nov", "A_b.c~d", "ß", "x" * 100, "v1.2"])
def test_slugs(slug: str) -> None:
    assert domain.check_slug(slug) == slug


@pytest.mark.parametrize(
    "slug",
    [
        "",
        "/",
        "a b",
        "a//b",
        ".",
        "..",
        "a/../b",
        "a+",
        "a%20",
        "a?b",
        "a#b",
        "a\x00b",
        "a\r\nb",
        "x" * 101,
        "a\u202eb",
    ],
)
def test_no_slugs(slug: str) -> None:
    with pytest.raises(SlugInvalid):
        domain.check_slug(slug)


@pytest.mark.parametrize(
    ("typed", "other"),
    [
        ("Menu", "mENU"),
        ("Straße", "STRASSE"),
        ("café", "cafe\u0301"),
        ("ΣΟΦΟΣ", "σοφος"),
        ("İstanbul", "i\u0307stanbul"),
        ("\uff41\uff50\uff49", "api"),
        ("ﬁnal", "FINAL"),
        ("①", "1"),
        ("น้ำ", "น้ํา"),
    ],
)
def test_slugs_that_are_the_same(typed: str, other: str) -> None:
    assert domain.slug_key(typed) == domain.slug_key(other)


@given(st.text(max_size=40))
def test_a_key_is_its_own_key(text: str) -> None:
    assert domain.slug_key(domain.slug_key(text)) == domain.slug_key(text)


def test_the_key_of_every_letter_is_its_own_key() -> None:
    letters = filter(str.isalnum, map(chr, range(0x80, 0x110000)))
    assert [letter for letter in letters if domain.slug_key(key := domain.slug_key(letter)) != key] == []


def test_random_slugs_are_printable_and_apart() -> None:
    slugs = {domain.random_slug() for _ in range(1_000)}
    assert len(slugs) == 1_000
    for slug in slugs:
        assert len(slug) == 7
        assert not set(slug) & set("01ilo")
        assert domain.check_slug(slug) == slug
        assert slug not in RESERVED_WORDS
        assert domain.print_url("https://go.example", slug) == f"HTTPS://GO.EXAMPLE/{slug.upper()}"


@pytest.mark.parametrize(
    ("slug", "printed"),
    [
        ("menu-2", "HTTPS://GO.EXAMPLE:8443/MENU-2"),
        ("menu_2", "https://go.example:8443/menu_2"),
        ("मेन्यू", "https://go.example:8443/%E0%A4%AE%E0%A5%87%E0%A4%A8%E0%A5%8D%E0%A4%AF%E0%A5%82"),
    ],
)
def test_the_form_for_print(slug: str, printed: str) -> None:
    assert domain.print_url("https://go.example:8443/", slug) == printed


@pytest.mark.parametrize(
    ("kept", "location"),
    [
        ("https://example.com:8443/menu?x=%2F&y=[1]#top", "https://example.com:8443/menu?x=%2F&y=[1]#top"),
        ("http://[::1]:80/x", "http://[::1]:80/x"),
        ("https://bücher.example/ä?ö=ü#ß", "https://xn--bcher-kva.example/%C3%A4?%C3%B6=%C3%BC#%C3%9F"),
        ("https://bücher.example:81/", "https://xn--bcher-kva.example:81/"),
    ],
)
def test_what_early_versions_kept_as_it_was_typed_can_be_a_header(kept: str, location: str) -> None:
    assert domain.to_uri(kept) == location


@given(st.text(max_size=60))
def test_a_checked_address_is_sent_as_it_is(text: str) -> None:
    try:
        kept = web_address(text)
    except AddressFault:
        return
    assert domain.to_uri(kept) == kept


def test_kinds_of_network() -> None:
    kinds = {"127.0.0.1": "loopback", "::1": "loopback", "192.168.1.4": "private", "10.1.1.1": "private"}
    kinds |= {"fd00::1": "private", "49.36.1.1": "public", "2405:201::1": "public", "100.64.0.1": "private"}
    assert {text: network_kind(ip_address(text)) for text in kinds} == kinds


def test_a_visitor_is_one_address_and_one_program_on_one_day() -> None:
    salt, other = b"a" * 32, b"b" * 32
    phone = visitor_hash(salt, network_of(ip_address("49.36.1.1")), b"phone")
    assert len(phone) == 16
    assert phone == visitor_hash(salt, network_of(ip_address("49.36.1.1")), b"phone")
    assert phone != visitor_hash(other, network_of(ip_address("49.36.1.1")), b"phone")
    assert phone != visitor_hash(salt, network_of(ip_address("49.36.1.2")), b"phone")
    assert phone != visitor_hash(salt, network_of(ip_address("49.36.1.1")), b"tablet")


def test_an_ipv6_phone_that_changes_its_suffix_stays_one_visitor() -> None:
    salt = b"a" * 32
    first, later = ip_address("2405:201:1:2:aaaa::1"), ip_address("2405:201:1:2:bbbb::9")
    assert visitor_hash(salt, network_of(first), b"phone") == visitor_hash(salt, network_of(later), b"phone")


def test_days_are_local() -> None:
    moment = datetime(2026, 11, 9, 20, 0, tzinfo=UTC)
    assert local_day(moment, "Asia/Kolkata") == date(2026, 11, 10)
    assert local_day(moment, "America/New_York") == date(2026, 11, 9)
    assert local_day(moment, "Not/AZone") == date(2026, 11, 9)
    assert local_day(moment, "../../etc/passwd") == date(2026, 11, 9)


def test_salts_live_48_hours_after_their_day() -> None:
    day = date(2026, 11, 9)
    ends = datetime(2026, 11, 10, 12, tzinfo=UTC)
    assert not salt_expired(day, ends + timedelta(hours=47, minutes=59))
    assert salt_expired(day, ends + timedelta(hours=48))
