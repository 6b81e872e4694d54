"""axe finds nothing on any screen, in both languages and both themes, on a phone and on a desktop."""

import re
from typing import Any, Literal, cast

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_main_job import LINK, sign_up
from tests.support.running import Running, scanly

pytestmark = pytest.mark.browser

LANGUAGES = ("en", "hi")
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SIZES = ((360, 800), (1440, 900))
SIGNED_OUT = ("/", "/app/forgot", "/app/reset?token=none", "/app/confirm?token=none", "/app/nowhere")
SIGNED_IN = (
    "/app",
    "/app/codes",
    "/app/codes?show=deleted",
    "/app/codes?view=grid",
    "/app/codes/many",
    "/app/new",
    "/app/more",
    "/app/looks",
    "/app/files",
    "/app/server",
    "{code}",
)
_PATIENCE = 60_000  # milliseconds; on a busy machine the first screen takes its time
VISITOR = ("/{slug}", "/{slug}+", "/nothing-is-here")


@pytest.fixture(scope="module")
def signed_in(browser: Browser, site: Running) -> tuple[Any, str, str]:
    """A browser's stored sign-in, the address of a code and its slug."""
    context = browser.new_context(viewport={"width": 360, "height": 800})
    page = context.new_page()
    sign_up(page, site, "example.com/axe", "axe@example.com")
    assert scanly(site.data_dir, "user", "operator", "axe@example.com").returncode == 0
    code = re.sub(r"\?.*", "", page.url).removeprefix(site.url)
    slug = page.evaluate(LINK)["slug"]
    state = context.storage_state()
    context.close()
    return state, code, slug


def settled(page: Page) -> None:
    """Wait for the screen itself: its heading is there, and nothing on it is still being fetched."""
    expect(page.locator("h1:visible")).to_have_count(1, timeout=_PATIENCE)
    expect(page.locator("main.waiting:visible, .skeleton, [aria-busy=true]")).to_have_count(0, timeout=_PATIENCE)
    page.evaluate("document.fonts.ready")


def _faults(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{fault['id']}: {node['html'][:160]} {node['failureSummary']}" for fault in found for node in fault["nodes"]
    ]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES, ids=["phone", "desktop"])
def test_axe_finds_nothing(
    browser: Browser,
    site: Running,
    signed_in: tuple[Any, str, str],
    size: tuple[int, int],
    language: str,
    theme: Literal["light", "dark"],
) -> None:
    state, code, slug = signed_in
    locale = {"en": "en-IN", "hi": "hi-IN"}[language]
    faults: dict[str, list[str]] = {}
    for stored, paths in ((None, (*SIGNED_OUT, *VISITOR)), (state, SIGNED_IN)):
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale=locale,
            color_scheme=theme,
            reduced_motion="reduce",
            storage_state=cast("Any", stored),
        )
        context.add_init_script(f"localStorage.setItem('scanly.locale', '{language}')")
        page = context.new_page()
        for path in paths:
            address = site.url + path.format(code=code, slug=slug)
            if path == "/{slug}":
                _pause(site, state, code)
            page.goto(address)
            settled(page)
            if path not in VISITOR:
                assert page.evaluate("document.documentElement.lang").startswith(language), address
            sideways = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            if sideways > 0:
                faults.setdefault(path, []).append(f"scrolls sideways by {sideways} px")
            if found := _faults(page):
                faults.setdefault(path, []).extend(found)
        context.close()
    assert faults == {}


def test_axe_finds_nothing_while_it_is_asked_who_is_signed_in(
    browser: Browser, site: Running, signed_in: tuple[Any, str, str]
) -> None:
    state, code, _ = signed_in
    with browser.new_context(storage_state=cast("Any", state)) as context:
        page = context.new_page()
        page.route("**/api/v1/me", lambda _: None)
        for path in ("/", "/app", code):
            page.goto(site.url + path)
            expect(page.locator("main.waiting")).to_be_visible()
            assert _faults(page) == [], path


def _pause(site: Running, state: Any, code: str) -> None:
    cookies = {cookie["name"]: cookie["value"] for cookie in state["cookies"]}
    identifier = code.rsplit("/", 1)[1]
    answer = httpx.post(
        f"{site.url}/api/v1/qr-codes/{identifier}/pause", cookies=cookies, headers={"scanly-request": "1"}
    )
    assert answer.status_code == 200
