"""Many codes at once: a sheet becomes codes, faults are mended in place, all can be taken back."""

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_accessibility import settled
from tests.browser.test_main_job import sign_up
from tests.support.running import Running

pytestmark = pytest.mark.browser

SHEET = """No,Table,URL,Hall
1,Table 1,menu.example/1,Garden
2,Table 2,menu example/2,Garden
3,Table 3,menu.example/3,
"""
_PATIENCE = 60_000
_LOOKS, _A_MOMENT = 100, 20  # milliseconds


@pytest.fixture(scope="module")
def state(browser: Browser, site: Running) -> Any:
    """Somebody with an account."""
    context = browser.new_context(viewport={"width": 360, "height": 800})
    sign_up(context.new_page(), site, "example.com/many", "many@example.com")
    stored = context.storage_state()
    context.close()
    return stored


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    """A sheet with a fault."""
    file = tmp_path / "tables.csv"
    file.write_text(SHEET)
    return file


def clean(page: Page) -> None:
    """No fault for axe, and nothing wider than the screen."""
    settled(page)
    found = Axe().run(page).response["violations"]
    assert [f"{fault['id']}: {fault['nodes'][0]['html'][:160]}" for fault in found] == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def close_sheet(page: Page) -> None:
    """Close what is open by the keyboard."""
    page.keyboard.press("Escape")
    closed(page)


def closed(page: Page) -> None:
    """Wait until what was open is closed and its entry has left the history: the way back would end what comes next."""
    expect(page.get_by_role("dialog")).to_have_count(0)
    for _ in range(_LOOKS):
        if page.evaluate("history.state?.sheet") is not True:  # wait_for_function would need eval, which pages forbid
            return
        page.wait_for_timeout(_A_MOMENT)
    pytest.fail("the sheet is still in the history")


@pytest.mark.parametrize("width", [360, 1440])
def test_a_sheet_becomes_codes_and_goes_back(
    browser: Browser, site: Running, state: Any, sheet: Path, width: int
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 800}, locale="en-IN", storage_state=state, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(site.url + "/app/codes")
    page.get_by_role("link", name="Many at once").click()
    clean(page)
    page.get_by_label("Choose a sheet").set_input_files(sheet)

    expect(page.get_by_text("3 lines found.")).to_be_visible(timeout=_PATIENCE)
    expect(page.get_by_label("URL holds")).to_have_value("content.url")
    expect(page.get_by_text("2 are fine, 1 needs a look")).to_be_visible()
    clean(page)
    page.get_by_role("button", name="Next: check").click()

    expect(page.get_by_text("1 needs you.")).to_be_visible()
    clean(page)
    cell = page.get_by_label("URL in line 3")
    cell.fill("menu.example/2")
    cell.press("Enter")
    expect(page.get_by_text("1 needs you.")).to_have_count(0)
    page.get_by_role("button", name="Make 3 codes now").click()

    expect(page.get_by_text("3 codes are live.")).to_be_visible(timeout=_PATIENCE)
    clean(page)
    page.get_by_role("button", name="Undo all 3").click()
    expect(page.get_by_text("3 codes were taken back.")).to_be_visible(timeout=_PATIENCE)
    context.close()


def test_our_sample_sheet_needs_no_matching(browser: Browser, site: Running, state: Any, tmp_path: Path) -> None:
    with browser.new_context(viewport={"width": 360, "height": 800}, locale="en-IN", storage_state=state) as context:
        page = context.new_page()
        page.goto(site.url + "/app/codes/many")
        page.get_by_label("What the codes hold").select_option("UPI payment")
        with page.expect_download() as waiting:
            page.get_by_role("link", name="Excel sheet").click()
        file = tmp_path / waiting.value.suggested_filename
        waiting.value.save_as(file)
        page.get_by_label("Choose a sheet").set_input_files(file)
        expect(page.get_by_text("1 line found.")).to_be_visible(timeout=_PATIENCE)
        expect(page.get_by_label("What the codes hold")).to_have_value("upi")
        expect(page.get_by_role("button", name="Next: check")).to_be_enabled()


def test_a_file_that_is_no_sheet_says_what_to_do(browser: Browser, site: Running, state: Any, tmp_path: Path) -> None:
    file = tmp_path / "photo.csv"
    file.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    context = browser.new_context(viewport={"width": 360, "height": 800}, locale="en-IN", storage_state=state)
    page = context.new_page()
    page.goto(site.url + "/app/codes/many")
    page.get_by_label("Choose a sheet").set_input_files(file)
    expect(page.get_by_role("alert")).to_contain_text("Save it as CSV")
    context.close()
