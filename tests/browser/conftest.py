"""A real browser against the product as ``scanly run`` serves it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.support.folders import reachable_folder
from tests.support.running import ROOT, Running, running

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
BUILT = ROOT / "src/scanly/app/web/index.html"


@pytest.fixture(scope="module")
def site() -> Iterator[Running]:
    """The product on an empty data folder, for all tests of a file."""
    assert BUILT.exists(), "the web application is not built: run make web"
    with reachable_folder() as folder, running(folder, SCANLY_LIMIT_SIGN_UP="off") as process:
        yield process


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Chromium."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    """A cheap phone: 360 by 800."""
    context = browser.new_context(
        viewport={"width": 360, "height": 800}, device_scale_factor=2, locale="en-IN", accept_downloads=True
    )
    yield context
    context.close()


@pytest.fixture
def page(phone: BrowserContext) -> Iterator[Page]:
    """A page whose scripts must not fail."""
    opened = phone.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on(
        "console",
        lambda message: faults.append(message.text) if "Content Security Policy" in message.text else None,
    )
    yield opened
    assert not faults


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Folder for screenshots of a failing test."""
    return tmp_path
