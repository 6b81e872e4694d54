"""What serves many codes: a look that one gives to others, and files, against the product itself."""

from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_many import clean, closed
from tests.browser.test_studio_proofs import state, visit
from tests.support.running import Running

pytestmark = pytest.mark.browser

__all__ = ["state"]
_PATIENCE = 30_000
_KEEP_PALE = """async () => (await fetch('/api/v1/qr-designs', {
    method: 'POST',
    headers: {'content-type': 'application/json', 'scanly-request': '1', 'idempotency-key': 'pale'},
    body: JSON.stringify({name: 'Pale', design: {modules: {fill: {color: '#fefefe'}}}}),
})).status"""
_SHAPES = """async () => {
  const found = await (await fetch('/api/v1/qr-codes?sort=name')).json();
  return Object.fromEntries(found.data.map(({name, design}) => [name, design.modules.shape]));
}"""


def test_a_look_goes_to_other_codes_and_back(browser: Browser, site: Running, state: Any) -> None:
    with visit(browser, state) as page:
        page.goto(f"{site.url}/app/looks")
        page.get_by_role("button", name="What to do with Diwali").click()
        page.get_by_role("button", name="Use this look for …").click()
        sheet = page.get_by_role("dialog", name="Use this look for …")
        sheet.get_by_role("checkbox", name="two").check()
        sheet.get_by_role("button", name="See what becomes of 1 code").click()
        expect(sheet.get_by_text("1 code gets this look.")).to_be_visible(timeout=_PATIENCE)
        clean(page)
        before = _shapes(page)
        assert before["two"] == "square"
        sheet.get_by_role("button", name="Give it to 1 code").click()
        expect(sheet.get_by_text("1 code has this look now.")).to_be_visible(timeout=_PATIENCE)
        assert _shapes(page) == {**before, "two": "rounded"}
        sheet.get_by_role("button", name="Undo").click()
        expect(page.get_by_text("All have their own look again.")).to_be_visible(timeout=_PATIENCE)
        assert _shapes(page) == before


def test_a_look_that_phones_cannot_read_is_given_at_ones_own_risk(browser: Browser, site: Running, state: Any) -> None:
    with visit(browser, state) as page:
        page.goto(f"{site.url}/app/looks")
        assert page.evaluate(_KEEP_PALE) == 201
        page.reload()
        page.get_by_role("button", name="What to do with Pale").click()
        page.get_by_role("button", name="Use this look for …").click()
        sheet = page.get_by_role("dialog", name="Use this look for …")
        sheet.get_by_role("checkbox", name="two").check()
        sheet.get_by_role("button", name="See what becomes of 1 code").click()
        expect(sheet.get_by_text("No code would get this look.")).to_be_visible(timeout=_PATIENCE)
        sheet.get_by_role("checkbox", name="at my own risk").check()
        expect(sheet.get_by_text("stays as it is")).to_have_count(0)
        clean(page)
        sheet.get_by_role("button", name="Give it to 1 code", exact=True).click()
        expect(sheet.get_by_text("1 code has this look now.")).to_be_visible(timeout=_PATIENCE)
        sheet.get_by_role("button", name="Undo").click()
        expect(page.get_by_text("All have their own look again.")).to_be_visible(timeout=_PATIENCE)


def _shapes(page: Page) -> dict[str, str]:
    return dict(page.evaluate(_SHAPES))


def test_a_file_is_uploaded_described_deleted_and_brought_back(
    browser: Browser, site: Running, state: Any, tmp_path: Path
) -> None:
    sign = tmp_path / "sign.png"
    Image.new("RGB", (64, 64), "#8a3212").save(sign)
    with visit(browser, state) as page:
        page.goto(f"{site.url}/app/more")
        page.get_by_role("link", name="Files").click()
        page.locator("input[type=file]").first.set_input_files(sign)
        menu = page.get_by_role("button", name="What to do with sign.png")
        menu.click(timeout=_PATIENCE)
        page.get_by_role("button", name="Describe or replace").click()
        sheet = page.get_by_role("dialog", name="This file")
        sheet.get_by_label("What the picture shows").fill("Our sign in brown")
        clean(page)
        sheet.get_by_role("button", name="Save").click()
        closed(page)
        expect(page.get_by_alt_text("Our sign in brown")).to_be_visible(timeout=_PATIENCE)
        menu.click()
        page.get_by_role("button", name="Delete").click()
        expect(page.get_by_text("Nothing was uploaded yet")).to_be_visible(timeout=_PATIENCE)
        page.get_by_role("button", name="Undo").click()
        expect(menu).to_be_visible(timeout=_PATIENCE)
