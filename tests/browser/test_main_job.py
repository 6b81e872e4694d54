"""The main job on real input: from the first page to a downloaded code, scanned and counted."""

import re
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.support.running import Running

pytestmark = pytest.mark.browser

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.1 Mobile/15E148 Safari/604.1"
)
ANDROID = (
    "Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0.0.0 Mobile Safari/537.36"
)
GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
WHATSAPP = "WhatsApp/2.24.20.80 A"


LINK = "async () => (await (await fetch('/api/v1/qr-codes/' + location.pathname.split('/').pop())).json()).link"
"""The link of the code whose page is open."""


def visit_until(address: str, is_so: Callable[[httpx.Response], bool]) -> httpx.Response:
    """Open an address as a Hindi reader until something is so, since a change takes up to a second to arrive."""
    for _ in range(50):
        answer = httpx.get(address, headers={"accept-language": "hi-IN,hi;q=0.9", "user-agent": IPHONE})
        if is_so(answer):
            return answer
        time.sleep(0.1)
    raise AssertionError(f"{address} stayed as it was: {answer.status_code}")


def sign_up(page: Page, site: Running, address: str, email: str) -> None:
    """From the first page to the saved code, in six actions at most."""
    page.goto(site.url)
    page.get_by_role("textbox").first.fill(address)
    page.get_by_role("button", name="Save and track").click()
    page.locator("input[type=email]").fill(email)
    page.locator("input[type=password]").fill("three quiet lanterns")
    page.get_by_role("button", name="Save my code").click()
    page.wait_for_url(re.compile(r"/app/codes/qr_"))


def test_from_the_first_page_to_counted_scans(page: Page, site: Running, tmp_path: Path) -> None:
    sign_up(page, site, "example.com/menu", "sunita@example.com")  # actions 1 to 5
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download", exact=True).click()  # action 6
    file = tmp_path / "code.png"
    waiting.value.save_as(file)

    with Image.open(file) as picture:
        assert picture.format == "PNG"
        found = zxingcpp.read_barcodes(picture)
    assert len(found) == 1
    symbol = found[0].text
    assert symbol.upper().startswith(site.url.upper())

    agents = [("GET", IPHONE), ("GET", ANDROID), ("GET", GOOGLEBOT), ("GET", WHATSAPP), ("HEAD", IPHONE)]
    for method, agent in agents:
        answer = httpx.request(method, symbol, headers={"user-agent": agent})
        assert answer.status_code == 302, agent
        assert answer.headers["location"] == "https://example.com/menu"
        assert answer.headers["cache-control"] == "private, no-store"

    people = page.locator("dl.kpis > div").filter(has_text="People").locator("dd")
    expect(people).to_have_text("2", timeout=10_000)
    excluded = page.get_by_role("region", name="Not counted")
    expect(excluded.locator("summary")).to_contain_text("Not counted: 3 visits", timeout=10_000)
    counted = {"Bots.": "1", "Previews.": "1", "Checks without a page.": "1", "Repeats.": "0"}
    for name, count in counted.items():
        expect(excluded.locator("li").filter(has_text=name).locator("b")).to_have_text(count)


def test_what_was_made_survives_a_wrong_password(page: Page, browser: Browser, site: Running) -> None:
    with browser.new_context(locale="en-IN") as desktop:
        sign_up(desktop.new_page(), site, "example.com/first", "ravi@example.com")
    page.goto(site.url)
    page.get_by_role("textbox").first.fill("example.com/second")
    page.get_by_role("button", name="Save and track").click()
    page.locator("input[type=email]").fill("ravi@example.com")
    page.locator("input[type=password]").fill("not this one at all")
    page.get_by_role("button", name="Save my code").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    page.locator("input[type=password]").fill("three quiet lanterns")
    page.get_by_role("button", name="Save my code").click()
    page.wait_for_url(re.compile(r"/app/codes/qr_"))
    expect(page.get_by_text("example.com/second").first).to_be_visible()


def test_a_paused_code_says_so_to_its_visitors_in_their_language(page: Page, site: Running) -> None:
    sign_up(page, site, "example.com/paused", "meena@example.com")
    short = page.evaluate(LINK)["short_url"]
    page.get_by_role("button", name="Pause", exact=True).click()
    expect(page.get_by_text("Paused").first).to_be_visible()
    answer = visit_until(short, lambda found: "location" not in found.headers)
    assert "यह कोड अभी रुका है" in answer.text
    page.get_by_role("button", name="Make it live again").click()
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
