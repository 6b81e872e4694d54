"""An event as a dynamic code: a file for the calendar that always has the present time and place."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from icalendar import Calendar, Event

from tests.services.qr.factories import START, URL, Bench, make_code, pointers
from tests.support.product import InProcess

TASTING: dict[str, Any] = {
    "type": "event",
    "title": "Tasting, chai & more",
    "starts_at": "2026-11-28T17:00",
    "ends_at": "2026-11-28T20:00",
    "location": "Johari Bazaar",
}


def event_in(answer: httpx.Response) -> Event:
    """The event in a file, as a calendar reads it."""
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    (found,) = Calendar.from_ical(answer.content).events
    assert not found.errors
    return found


def path_of(code: dict[str, Any]) -> str:
    return f"/e/{code['id']}/event.ics"


@pytest.fixture
def visitor(qr: Bench) -> httpx.AsyncClient:
    """Somebody who is not signed in and asks for addresses outside of the API."""
    client = qr.visitor()
    client.base_url = httpx.URL("http://test")
    return client


async def test_a_dynamic_event_leads_to_its_file(owner: httpx.AsyncClient, visitor: httpx.AsyncClient) -> None:
    code = await make_code(owner, kind="dynamic", content=TASTING)
    assert code["payload"] == code["link"]["short_url"].upper()
    assert code["link"]["destination"].endswith(path_of(code))
    assert code["content"] == {**TASTING, "all_day": False, "time_zone": "Asia/Kolkata"}
    assert (await owner.get(f"/qr-codes/{code['id']}")).json() == code

    answer = await visitor.get(path_of(code))
    found = event_in(answer)
    assert (found["SUMMARY"], found["LOCATION"]) == (TASTING["title"], "Johari Bazaar")
    assert found.start == datetime(2026, 11, 28, 17, tzinfo=ZoneInfo("Asia/Kolkata"))
    assert (found["UID"], found.DTSTAMP, found["SEQUENCE"]) == (code["id"], START, 1)
    assert answer.headers["content-disposition"] == 'inline; filename="event.ics"'
    assert answer.headers["cache-control"] == "public, no-cache"


async def test_a_later_time_is_the_same_event(qr: Bench, owner: httpx.AsyncClient, visitor: httpx.AsyncClient) -> None:
    code = await make_code(owner, kind="dynamic", content=TASTING)
    before = await visitor.get(path_of(code))
    qr.clock.advance(timedelta(hours=1))
    changes = {"starts_at": "2026-11-29T10:00", "ends_at": None, "location": "Amer Road"}
    changed = (await owner.patch(f"/qr-codes/{code['id']}", json={"content": changes})).json()
    assert (changed["payload"], changed["link"]) == (code["payload"], code["link"])

    after = await visitor.get(path_of(code), headers={"if-none-match": before.headers["etag"]})
    found = event_in(after)
    assert found.start == datetime(2026, 11, 29, 4, 30, tzinfo=UTC)
    assert (found["UID"], found["SEQUENCE"], found["LOCATION"]) == (code["id"], 2, "Amer Road")
    assert found.DTSTAMP == found["LAST-MODIFIED"].dt == qr.clock.now()
    assert after.headers["etag"] != before.headers["etag"]


async def test_who_has_it_is_not_sent_it_again(owner: httpx.AsyncClient, visitor: httpx.AsyncClient) -> None:
    code = await make_code(owner, kind="dynamic", content=TASTING)
    whole = await visitor.get(path_of(code))
    again = await visitor.get(path_of(code), headers={"if-none-match": f'"x", W/{whole.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    head = await visitor.head(path_of(code))
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(whole.content))


async def test_only_living_dynamic_events_are_opened(owner: httpx.AsyncClient, visitor: httpx.AsyncClient) -> None:
    gone = await make_code(owner, kind="dynamic", content=TASTING)
    await owner.delete(f"/qr-codes/{gone['id']}")
    for code in (gone, await make_code(owner, content=TASTING), await make_code(owner, content=URL)):
        assert (await visitor.get(path_of(code))).status_code == 404
    for nonsense in ("qr_1", "link_00000000000000000000000000", "%00"):
        assert (await visitor.get(f"/e/{nonsense}/event.ics")).status_code == 404


async def test_a_fixed_event_holds_itself(owner: httpx.AsyncClient) -> None:
    code = await make_code(owner, content=TASTING)
    assert (code["kind"], code["link"]) == ("fixed", None)
    assert code["payload"].startswith("BEGIN:VCALENDAR\r\n")


async def test_an_event_that_is_led_elsewhere_says_where(qr: Bench, owner: httpx.AsyncClient) -> None:
    code = await make_code(owner, kind="dynamic", content=TASTING)
    (link,) = qr.routing.kept.values()
    await qr.routing.change_destination(
        workspace_id=link.workspace_id, link_id=link.id, destination="https://example.com/x"
    )
    address = f"/qr-codes/{code['id']}"
    assert (await owner.get(address)).json()["content"] == {"type": "url", "url": "https://example.com/x"}
    back = await owner.patch(address, json={"content": {**TASTING, "url": None}})
    assert back.json()["link"]["destination"] == code["link"]["destination"]


async def test_a_copy_is_an_event_of_its_own(owner: httpx.AsyncClient, visitor: httpx.AsyncClient) -> None:
    code = await make_code(owner, kind="dynamic", content=TASTING)
    copy = (await owner.post(f"/qr-codes/{code['id']}/duplicate", json={})).json()
    assert copy["link"]["destination"].endswith(path_of(copy))
    assert event_in(await visitor.get(path_of(copy)))["UID"] == copy["id"]


async def test_times_that_make_no_sense_change_nothing(owner: httpx.AsyncClient, visitor: httpx.AsyncClient) -> None:
    code = await make_code(owner, kind="dynamic", content=TASTING)
    before = await visitor.get(path_of(code))
    answer = await owner.patch(f"/qr-codes/{code['id']}", json={"content": {"ends_at": "2026-11-28T16:00"}})
    assert (answer.status_code, pointers(answer)) == (422, {"/content/ends_at"})
    assert (await visitor.get(path_of(code))).content == before.content


@pytest.mark.slow
async def test_from_the_printed_address_into_the_calendar(product: InProcess) -> None:
    owner, visitor = await product.sign_up(), await product.client()
    made = await owner.post("/api/v1/qr-codes", json={"kind": "dynamic", "content": TASTING, "slug": "tasting"})
    assert made.status_code == 201, made.text
    scanned = await visitor.get("/TASTING")
    assert scanned.status_code == 302
    opened = await visitor.get(scanned.headers["location"])
    assert event_in(opened)["SUMMARY"] == TASTING["title"]
    phone = {"accept": "text/html", "user-agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X)"}
    missing = await visitor.get("/e/qr_00000000000000000000000000/event.ics", headers=phone)
    assert (missing.status_code, missing.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert (await visitor.post("/e/x/event.ics")).status_code == 405
