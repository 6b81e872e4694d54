"""Every screen of the studio, the lists and the import in Hindi on a small phone: clean for axe, nothing too wide."""

from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_many import SHEET, clean, close_sheet
from tests.browser.test_studio_proofs import state, visit
from tests.support.running import Running

pytestmark = pytest.mark.browser

__all__ = ["state"]
_DELETE = """async name => {
  const {data: [code]} = await (await fetch('/api/v1/qr-codes?q=' + name)).json();
  await fetch('/api/v1/qr-codes/' + code.id, {method: 'DELETE', headers: {'scanly-request': '1'}});
}"""
_PATIENCE = 30_000  # milliseconds; on a busy machine drawing and judging take their time


def test_the_studio(browser: Browser, site: Running, state: Any) -> None:
    with visit(browser, state, language="hi") as page:
        page.goto(f"{site.url}/app/new")
        page.get_by_role("textbox", name="क्या खुले").fill("example.com/hindi")
        expect(page.get_by_text("आसानी से स्कैन होता है").first).to_be_attached(timeout=_PATIENCE)
        clean(page)
        page.get_by_role("button", name="आगे: रूप").click()
        meter = page.locator(".meter")
        expect(meter).to_contain_text("आसानी से स्कैन होता है", timeout=_PATIENCE)
        clean(page)
        meter.click()
        details = page.get_by_role("dialog")
        details.locator("summary").click()
        clean(page)
        close_sheet(page)
        page.get_by_role("button", name="सेव करके डाउनलोड करें").click()
        page.get_by_role("radio", name="स्टिकर").check()
        clean(page)
        page.get_by_role("button", name="यहीं छापें").click()
        expect(page.get_by_role("dialog")).to_be_visible()
        clean(page)


def test_lists_with_something_in_them(browser: Browser, site: Running, state: Any, tmp_path: Path) -> None:
    sign = tmp_path / "sign.png"
    Image.new("RGB", (64, 64), "#8a3212").save(sign)
    with visit(browser, state, language="hi") as page:
        page.goto(f"{site.url}/app/codes")
        page.get_by_role("checkbox", name="one चुनें").check(force=True)
        for sheet in ("फ़ोल्डर", "टैग"):
            _open(page, "चुने हुए कोड के लिए और")
            clean(page)
            page.get_by_role("dialog").get_by_role("button", name=sheet).click()
            _look_and_close(page)
        for name in ("छाँटें", "one का क्या करें"):
            _open(page, name)
            _look_and_close(page)
        page.goto(f"{site.url}/app/looks")
        for name in ("House style का क्या करें", "नया ब्रांड"):
            _open(page, name)
            _look_and_close(page)
        page.goto(f"{site.url}/app/files")
        page.locator("input[type=file]").first.set_input_files(sign)
        _open(page, "sign.png का क्या करें")
        _look_and_close(page)
        page.evaluate(_DELETE, "two")
        page.goto(f"{site.url}/app/codes?show=deleted")
        expect(page.get_by_role("rowheader", name="two")).to_be_visible()
        clean(page)
        expect(page.locator("tbody img")).to_have_count(0)  # a deleted code has no picture any more


def _open(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()
    expect(page.get_by_role("dialog")).to_be_visible()


def _look_and_close(page: Page) -> None:
    clean(page)
    close_sheet(page)


def test_the_four_steps_of_an_import(browser: Browser, site: Running, state: Any, tmp_path: Path) -> None:
    sheet = tmp_path / "tables.csv"
    sheet.write_text(SHEET)
    with visit(browser, state, language="hi") as page:
        page.goto(f"{site.url}/app/codes/many")
        clean(page)
        page.get_by_label("शीट चुनें").set_input_files(sheet)
        page.get_by_role("button", name="आगे: जाँच").wait_for()
        clean(page)
        page.get_by_role("button", name="आगे: जाँच").click()
        page.locator("table.prev").wait_for()
        clean(page)
        page.locator(".nextbar button").first.click()
        expect(page.locator(".files")).to_be_visible(timeout=_PATIENCE)
        clean(page)
