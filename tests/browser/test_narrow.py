"""What people with a small phone, large letters or long names see."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_accessibility import SIGNED_IN, settled, signed_in
from tests.support.running import Running
from tests.support.waiting import until

pytestmark = pytest.mark.browser

__all__ = ["signed_in"]
LONG = "Wedding season catalogue with all sweets, prices and the order form for big events in Jaipur and around"
SIDEWAYS = "() => document.documentElement.scrollWidth - window.innerWidth"
LARGE_LETTERS = "addEventListener('DOMContentLoaded', () => (document.documentElement.style.fontSize = '200%'))"


@pytest.mark.parametrize("language", ["en", "hi"])
@pytest.mark.parametrize(("width", "script"), [(180, ""), (360, LARGE_LETTERS)], ids=["zoom", "letters"])
def test_nothing_scrolls_sideways_at_twice_the_size(
    browser: Browser,
    site: Running,
    signed_in: tuple[dict[str, object], str, str],
    width: int,
    script: str,
    language: str,
) -> None:
    state, code, _ = signed_in
    with browser.new_context(viewport={"width": width, "height": 640}, storage_state=state) as context:
        context.add_init_script(f"localStorage.setItem('scanly.locale', '{language}'); {script}")
        page = context.new_page()
        wide = {}
        for path in (*SIGNED_IN, "{code}/edit"):
            page.goto(site.url + path.format(code=code))
            settled(page)
            if over := page.evaluate(SIDEWAYS):
                wide[path] = over
        assert wide == {}


def test_long_names_take_two_lines_and_are_whole_where_the_code_is(
    browser: Browser, site: Running, signed_in: tuple[dict[str, object], str, str]
) -> None:
    state, code, _ = signed_in
    with browser.new_context(viewport={"width": 360, "height": 800}, storage_state=state) as context:
        page = context.new_page()
        page.goto(site.url + code)
        _rename(page, LONG)
        expect(page.get_by_role("paragraph").filter(has_text=LONG)).to_be_visible()
        page.get_by_role("navigation").get_by_role("link", name="Codes").click()
        name = page.get_by_title(LONG)
        expect(name).to_be_visible()
        # The row is drawn anew when the list arrives again after the change of the name.
        box = until(name.bounding_box)
        letters = name.evaluate("name => parseFloat(getComputedStyle(name).lineHeight)")
        assert box["height"] < 2.5 * letters
        assert box["width"] > 120
        field = page.get_by_placeholder("Name, place or tag")
        assert field.evaluate(TEXT_WIDTH) <= field.evaluate(ROOM)


TEXT_WIDTH = """field => {
  const canvas = document.createElement('canvas').getContext('2d');
  canvas.font = getComputedStyle(field).font;
  return canvas.measureText(field.placeholder).width;
}"""
ROOM = """field => {
  const style = getComputedStyle(field);
  return field.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
}"""


def _rename(page: Page, name: str) -> None:
    page.get_by_role("button", name=re.compile("^What to do with")).click()
    page.get_by_role("button", name="Rename").click()
    page.get_by_label("Name of the code").fill(name)
    page.get_by_role("button", name="Save").click()
