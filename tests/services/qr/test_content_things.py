"""Events against RFC 5545 and products against the GS1 Digital Link standard."""

from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event
from stdnum import gs1_128

from tests.services.qr.contents import faults, parsed

TASTING = {"type": "event", "title": "Tasting", "starts_at": "2026-11-28T17:00", "ends_at": "2026-11-28T20:00"}


def event(**fields: Any) -> Event:
    """The event in a payload, as a calendar reads it."""
    payload = parsed(**TASTING | fields).payload()
    assert all(len(line.encode()) <= 75 for line in payload.split("\r\n"))
    calendar = Calendar.from_ical(payload)
    assert not calendar.errors
    (found,) = calendar.events
    assert not found.errors
    assert {"UID", "DTSTAMP"} <= set(found)
    return found


def test_an_event_is_a_moment_for_everybody() -> None:
    found = event(location="Johari Bazaar; 42", description="one\ntwo, three", website="example.com/x?a=1,2;3")
    assert found["SUMMARY"] == "Tasting"
    assert found.start == datetime(2026, 11, 28, 17, tzinfo=ZoneInfo("Asia/Kolkata"))
    assert found.end == datetime(2026, 11, 28, 14, 30, tzinfo=UTC)
    assert (found["LOCATION"], found["DESCRIPTION"]) == ("Johari Bazaar; 42", "one\ntwo, three")
    assert found["URL"] == "https://example.com/x?a=1,2;3"


def test_whole_days_end_with_the_day_after() -> None:
    found = event(all_day=True, starts_at="2026-12-31", ends_at="2027-01-02")
    assert (found.start, found.end) == (date(2026, 12, 31), date(2027, 1, 3))
    found = event(all_day=True, starts_at="2026-12-31T10:00", ends_at=None)
    assert (found.start, found.end) == (date(2026, 12, 31), date(2027, 1, 1))


@pytest.mark.parametrize(
    ("local", "utc"),
    [("2026-03-29T01:59", 0), ("2026-03-29T03:00", 1), ("2026-10-25T02:30", 0), ("2026-10-25T03:00", 2)],
)
def test_summer_time_comes_and_goes(local: str, utc: int) -> None:
    found = event(time_zone="Europe/Berlin", starts_at=local, ends_at=None)
    assert found.start.hour == utc


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)),  # noqa: DTZ001 - a time on the wall
    st.sampled_from(["Asia/Kolkata", "Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe", "UTC"]),
)
def test_every_time_on_the_wall_is_that_moment_or_does_not_exist(moment: datetime, zone: str) -> None:
    wall = moment.replace(second=0, microsecond=0)
    fields = {"starts_at": wall.isoformat(timespec="minutes"), "ends_at": None, "time_zone": zone}
    here = ZoneInfo(zone)
    if wall.replace(tzinfo=here).astimezone(UTC).astimezone(here).replace(tzinfo=None) != wall:
        assert faults(**TASTING | fields) == {"/content/starts_at": "moment_skipped"}
    else:
        assert event(**fields).start.astimezone(here).replace(tzinfo=None) == wall


@pytest.mark.parametrize(
    ("fields", "pointer", "code"),
    [
        ({"title": " "}, "title", "required"),
        ({"starts_at": "tomorrow"}, "starts_at", "moment_invalid"),
        ({"starts_at": "2026-02-30T10:00"}, "starts_at", "moment_invalid"),
        ({"starts_at": "2026-11-28T25:00"}, "starts_at", "moment_invalid"),
        ({"starts_at": "2026-11-28"}, "starts_at", "moment_invalid"),
        ({"ends_at": "2026-11-28T17:00"}, "ends_at", "ends_before"),
        ({"ends_at": "2026-11-27", "all_day": True}, "ends_at", "ends_before"),
        ({"time_zone": "Jaipur"}, "time_zone", "time_zone_invalid"),
        ({"time_zone": "../etc/passwd"}, "time_zone", "time_zone_invalid"),
        ({"starts_at": "2026-03-29T02:30", "time_zone": "Europe/Berlin"}, "starts_at", "moment_skipped"),
    ],
)
def test_faults_of_an_event(fields: dict[str, Any], pointer: str, code: str) -> None:
    assert faults(**TASTING | fields) == {f"/content/{pointer}": code}


def test_an_event_that_crosses_a_zone_change_ends_after_it_begins() -> None:
    found = event(time_zone="Europe/Berlin", starts_at="2026-10-25T01:30", ends_at="2026-10-25T02:30")
    assert (found.end - found.start).total_seconds() == 3600


@pytest.mark.parametrize(
    ("fields", "address"),
    [
        ({"gtin": "9506000134352"}, "https://id.gs1.org/01/09506000134352"),
        ({"gtin": "09521234543213", "lot": "ABC123", "serial": "12345"},
         "https://id.gs1.org/01/09521234543213/10/ABC123/21/12345"),
        ({"gtin": "09521234543213", "lot": "ABC123", "expires_on": "2026-12-31"},
         "https://id.gs1.org/01/09521234543213/10/ABC123?17=261231"),
        ({"gtin": "9521 2345 4321 3", "resolver": "example.com/products/"},
         "https://example.com/products/01/09521234543213"),
        ({"gtin": "09521234543213", "variant": "ABC-123", "best_before": "2027-02", "expires_on": "2027-03"},
         "https://id.gs1.org/01/09521234543213/22/ABC-123?15=270200&17=270300"),
        ({"gtin": "40170725", "lot": "A/1%?"}, "https://id.gs1.org/01/00000040170725/10/A%2F1%25%3F"),
        ({"gtin": "614141123452"}, "https://id.gs1.org/01/00614141123452"),
    ],
)  # fmt: skip
def test_a_product_is_a_digital_link(fields: dict[str, Any], address: str) -> None:
    assert parsed(type="gs1_digital_link", **fields).payload() == address


@given(
    lot=st.text("!\"%&'()*+,-./0123456789:;<=>?ABCXYZ_abcxyz", min_size=1, max_size=20),
    serial=st.text("!\"%&'()*+,-./0123456789:;<=>?ABCXYZ_abcxyz", min_size=1, max_size=20),
    day=st.dates(date(2000, 1, 1), date(2075, 12, 31)),
)
def test_the_elements_of_a_product_read_as_gs1_has_them(lot: str, serial: str, day: date) -> None:
    payload = parsed(
        type="gs1_digital_link", gtin="9506000134352", lot=lot, serial=serial, expires_on=day.isoformat()
    ).payload()
    address = urlsplit(payload)
    parts = [unquote(part) for part in address.path.split("/")[1:]]
    elements = dict(zip(parts[::2], parts[1::2], strict=True)) | {k: v[0] for k, v in parse_qs(address.query).items()}
    assert elements == {"01": "09506000134352", "10": lot, "21": serial, "17": f"{day:%y%m%d}"}
    assert gs1_128.validate(gs1_128.encode({"01": elements["01"], "17": day}))


@pytest.mark.parametrize(
    ("fields", "pointer", "code"),
    [
        ({"gtin": "9506000134353"}, "gtin", "gtin_invalid"),
        ({"gtin": "950600013435"}, "gtin", "gtin_invalid"),
        ({"gtin": "abc"}, "gtin", "gtin_invalid"),
        ({"gtin": ""}, "gtin", "gs1_key_missing"),
        ({"gtin": None}, "gtin", "gs1_key_missing"),
        ({"sscc": "106141412345678908"}, "sscc", "gs1_key_twice"),
        ({"gln_extension": "Gate"}, "gln_extension", "gs1_key_other"),
        ({"gtin": None, "gln": "9521321000018", "lot": "A"}, "lot", "gs1_key_other"),
        ({"gtin": None, "gln": "9521321000010"}, "gln", "gln_invalid"),
        ({"gtin": None, "gln": "95213210000"}, "gln", "gln_invalid"),
        ({"gtin": None, "sscc": "106141412345678909"}, "sscc", "sscc_invalid"),
        ({"gtin": None, "grai": "04012345111117987"}, "grai", "grai_invalid"),
        ({"gtin": None, "grai": "14012345111118987"}, "grai", "grai_invalid"),
        ({"gtin": None, "grai": "0401234511111812345678901234567"}, "grai", "grai_invalid"),
        ({"gtin": None, "giai": "9" * 31}, "giai", "gs1_characters"),
        ({"lot": "with space"}, "lot", "gs1_characters"),
        ({"lot": "चाय"}, "lot", "gs1_characters"),
        ({"serial": "x" * 21}, "serial", "gs1_characters"),
        ({"expires_on": "2026-13"}, "expires_on", "day_invalid"),
        ({"expires_on": "2026-02-30"}, "expires_on", "day_invalid"),
        ({"expires_on": "1999-01-01"}, "expires_on", "day_invalid"),
        ({"expires_on": "31.12.2026"}, "expires_on", "day_invalid"),
        ({"resolver": "example.com/?a=1"}, "resolver", "resolver_invalid"),
        ({"resolver": "javascript:alert(1)"}, "resolver", "url_scheme"),
    ],
)
def test_faults_of_a_product(fields: dict[str, Any], pointer: str, code: str) -> None:
    assert faults(**{"type": "gs1_digital_link", "gtin": "9506000134352"} | fields) == {f"/content/{pointer}": code}
