"""The studio by the keyboard alone, for ears, and where things go wrong: clean for axe in both languages."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.test_many import clean, close_sheet
from tests.support.running import Running

pytestmark = pytest.mark.browser

_PATIENCE = 30_000  # milliseconds; on a busy machine drawing and judging take their time
_HEADERS = {"scanly-request": "1", "content-type": "application/json"}
_WORDS = {
    "en": {"next": "Next: look", "give": "Use this look for …", "keep": "Keep this look", "kinds": " kinds"},
    "hi": {"next": "आगे: रूप", "give": "यह रूप इन पर लगाएँ …", "keep": "यह रूप रखें", "kinds": " तरह के कोड"},
}


@pytest.fixture(scope="module")
def state(browser: Browser, site: Running) -> Any:
    """Somebody with a few codes, a brand and a kept look."""
    with browser.new_context() as context:
        account = {"email": "proofs@example.com", "password": "three quiet lanterns"}
        _post(context, site, "auth/sign-up", account)
        for name in ("one", "two"):
            _post(context, site, "qr-codes", {"name": name, "content": {"type": "url", "url": f"example.com/{name}"}})
        look = {"design": {"modules": {"shape": "rounded", "fill": {"color": "#0b5a5f"}}}}
        _post(context, site, "qr-designs", {"name": "Diwali", **look})
        _post(context, site, "brand-kits", {"name": "House style", "colors": ["#0b5a5f"], "locked": ["logo"], **look})
        return context.storage_state()


def _post(context: BrowserContext, site: Running, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = context.request.post(f"{site.url}/api/v1/{path}", data=json.dumps(body), headers=_HEADERS)
    assert answer.ok, answer.text()
    return dict(answer.json())


@contextmanager
def visit(browser: Browser, state: Any, width: int = 360, language: str = "en") -> Iterator[Page]:
    with browser.new_context(
        viewport={"width": width, "height": 800},
        locale=f"{language}-IN",
        storage_state=state,
        reduced_motion="reduce",
        accept_downloads=True,
    ) as context:
        context.set_default_timeout(_PATIENCE)
        context.add_init_script(f"localStorage.setItem('scanly.locale', '{language}')")
        yield context.new_page()


def test_from_content_to_a_pdf_by_the_keyboard_alone(
    browser: Browser, site: Running, state: Any, tmp_path: Path
) -> None:
    with visit(browser, state, width=1440) as page:
        page.goto(f"{site.url}/app/new")
        expect(page.get_by_role("radio", name="Website")).to_be_visible(timeout=_PATIENCE)
        _tab_to(page, "Website")
        page.keyboard.press("ArrowRight")
        expect(page.get_by_role("radio", name="UPI payment")).to_be_checked()
        page.keyboard.press("ArrowLeft")
        _tab_to(page, "Where it leads")
        page.keyboard.type("example.com/keyboard")
        spoken = page.get_by_role("status").filter(has_text="Scans easily.")
        expect(spoken).to_have_count(1, timeout=_PATIENCE)

        _tab_to(page, "Next: look", "Shift+Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_role("radio", name="Shop", exact=True)).to_be_visible(timeout=_PATIENCE)
        _tab_to(page, "None")
        page.keyboard.press("ArrowRight")
        expect(page.get_by_label("Words in the frame")).to_be_visible()
        page.keyboard.press("Control+z")
        expect(page.get_by_label("Words in the frame")).to_have_count(0)
        page.keyboard.press("Control+Shift+z")
        _tab_to(page, "Save and download", "Shift+Tab")
        page.keyboard.press("Enter")

        page.wait_for_url(re.compile("step=download"), timeout=_PATIENCE)
        expect(page.get_by_role("radio", name=re.compile("^PDF"))).to_be_visible(timeout=_PATIENCE)
        _tab_to(page, "PNG")
        for _ in range(6):
            if page.get_by_role("radio", name=re.compile("^PDF")).is_checked():
                break
            page.keyboard.press("ArrowRight")
        _tab_to(page, "Download PDF", "Shift+Tab")
        with page.expect_download() as waiting:
            page.keyboard.press("Enter")
        file = tmp_path / "code.pdf"
        waiting.value.save_as(file)
    assert file.read_bytes().startswith(b"%PDF-")


def _tab_to(page: Page, name: str, key: str = "Tab") -> None:
    """Press Tab, or the way back, until what has this name, or begins with it, is in focus."""
    for _ in range(80):
        page.keyboard.press(key)
        if page.evaluate(_NAME).startswith(name):
            return
    raise AssertionError(f"Tab does not lead to {name}")


_NAME = """() => {
  const focused = document.activeElement;
  const [label] = focused.labels?.length ? focused.labels : [focused];
  const words = focused.getAttribute('aria-label') || label.innerText;
  return (words ?? '').trim();
}"""


def test_the_judge_is_heard_and_what_it_refuses_can_be_mended_or_forced(
    browser: Browser, site: Running, state: Any
) -> None:
    with visit(browser, state) as page:
        code = _post(page.context, site, "qr-codes", {"content": {"type": "url", "url": "example.com/judge"}})
        other = _post(page.context, site, "qr-codes", {"content": {"type": "url", "url": "example.com/other"}})
        page.goto(f"{site.url}/app/codes/{code['id']}/edit?step=look")
        expect(page.get_by_role("status").filter(has_text="Scans easily.")).to_have_count(1, timeout=_PATIENCE)

        colour = page.get_by_label("Colour: as a number")
        colour.fill("#fbf8ea")
        heard = page.get_by_role("status").filter(has_text="May not scan.")
        expect(heard).to_have_count(1, timeout=_PATIENCE)
        expect(heard).to_have_text(re.compile(r"May not scan\. \S+"))  # with what to do about it

        page.get_by_role("button", name="Next: download").or_(
            page.get_by_role("button", name="Save and download")
        ).click()
        expect(page.get_by_role("alert")).to_contain_text("A phone could not read this", timeout=_PATIENCE)
        anyway = page.get_by_role("button", name="Save it anyway, at my own risk")
        expect(anyway).to_be_visible()

        page.get_by_role("button", name="Back", exact=True).click()  # the guard of what is not saved
        leaving = page.get_by_role("dialog", name="Save your changes?")
        expect(leaving).to_be_visible()
        close_sheet(page)

        page.get_by_role("button", name=re.compile("May not scan")).click()
        judge = page.get_by_role("dialog", name="How well it scans")
        judge.get_by_role("button", name="Repair").click()
        expect(judge.get_by_text("Scans easily").or_(judge.get_by_text("Scans, not from far"))).to_be_visible(
            timeout=_PATIENCE
        )
        close_sheet(page)
        page.get_by_role("button", name="Undo", exact=True).first.click()
        expect(heard).to_have_count(1, timeout=_PATIENCE)
        anyway.click()
        page.wait_for_url(re.compile("step=download"), timeout=_PATIENCE)

        page.goto(f"{site.url}/app/codes/{other['id']}/edit?step=download")
        page.get_by_role("radio", name=re.compile("^Sticker")).check()
        page.get_by_role("button", name="Print it here").click()
        expect(page.get_by_role("dialog", name="Print it here")).to_be_visible()
        expect(page.locator(".print-preview image").first).to_be_visible(timeout=_PATIENCE)
        clean(page)
        centimetres = float(page.get_by_label("Width of the picture").input_value())
        page.set_viewport_size({"width": 1440, "height": 900})  # wider than the paper
        page.emulate_media(media="print")
        printed = page.locator(".print-pages image").first.bounding_box()
        assert printed is not None
        assert printed["width"] / 96 * 2.54 == pytest.approx(centimetres, abs=0.01)


def test_the_download_is_judged_at_the_size_on_paper_which_fits_what_is_in_the_code(
    browser: Browser, site: Running, state: Any
) -> None:
    content = {"type": "text", "text": "Open every day from ten to seven. " * 12}
    with visit(browser, state, width=1440) as page:
        code = _post(page.context, site, "qr-codes", {"kind": "fixed", "content": content})
        page.goto(f"{site.url}/app/codes/{code['id']}/edit?step=download")
        expect(page.get_by_text("Straight from the screen")).to_be_visible(timeout=_PATIENCE)
        expect(page.get_by_text("Printed in its size")).to_have_count(0)

        page.get_by_role("radio", name=re.compile("^Visiting card")).check()
        expect(page.get_by_text("Printed in its size")).to_be_visible(timeout=_PATIENCE)
        assert float(page.get_by_label("Width of the picture").input_value()) > 2.5
        expect(page.get_by_text("too small")).to_have_count(0)

        page.get_by_label("Width of the picture").fill("1")
        expect(page.get_by_text("1 cm is too small for what is in this code")).to_be_visible()
        expect(page.get_by_text("It is too small for what is in it").first).to_be_visible(timeout=_PATIENCE)


@pytest.mark.parametrize(("language", "width"), [("en", 360), ("hi", 360), ("hi", 1440)])
def test_axe_finds_nothing_in_the_studio_and_its_sheets(
    browser: Browser, site: Running, state: Any, language: str, width: int
) -> None:
    words = _WORDS[language]
    with visit(browser, state, width, language) as page:
        page.goto(f"{site.url}/app/new")
        page.locator(".fields input").first.fill("example.com/axe")
        clean(page)
        page.get_by_role("button", name=words["kinds"]).click()
        expect(page.get_by_role("dialog")).to_be_visible()
        clean(page)
        close_sheet(page)
        page.get_by_role("button", name=words["next"]).locator("visible=true").click()
        for name in (words["keep"], words["give"]):
            page.get_by_role("button", name=name).click()
            expect(page.get_by_role("dialog", name=name)).to_be_visible()
            clean(page)
            close_sheet(page)
        assert page.evaluate("document.documentElement.scrollHeight - innerHeight") == 0
        page.goto(f"{site.url}/app/looks")
        page.locator("[aria-labelledby=brand] .kept-looks button").first.click()
        page.locator(".menulist button").first.click()
        expect(page.get_by_role("dialog", name="House style")).to_be_visible()
        expect(page.locator(".kit-sample img")).to_be_visible(timeout=_PATIENCE)
        clean(page)
