"""What a phone downloads before the dashboard is there."""

from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Page, Request, expect

from tests.browser.test_main_job import sign_up
from tests.support.running import Running

pytestmark = pytest.mark.browser

MOST_SCRIPT = 200_000  # bytes as sent, docs/performance.md
MOST_SCRIPT_FILES = 10  # before the figures: each one costs a phone more than its bytes


def test_the_dashboard_is_light_and_fetches_side_by_side(page: Page, browser: Browser, site: Running) -> None:
    sign_up(page, site, "example.com/weight", "weight@example.com")
    asked: list[Request] = []
    with browser.new_context(storage_state=page.context.storage_state()) as nothing_kept:
        fresh = nothing_kept.new_page()
        fresh.on("request", lambda request: asked.extend([request]))
        fresh.goto(site.url + "/app")
        expect(fresh.get_by_role("heading", name="Nobody scanned yet today")).to_be_visible()
        _is_light(asked)


def _is_light(asked: list[Request]) -> None:
    paths = [urlsplit(request.url).path for request in asked]
    first = asked[: paths.index("/api/v1/analytics/summary")]
    scripts = [request for request in first if request.resource_type == "script"]
    assert sum(request.sizes()["responseBodySize"] for request in scripts) < MOST_SCRIPT
    assert len(scripts) <= MOST_SCRIPT_FILES
    assert paths.count("/api/v1/me") == 1


def test_files_are_kept_for_ever_only_when_their_name_tells_their_content(page: Page, site: Running) -> None:
    files: dict[str, str] = {}
    page.on("response", lambda answer: files.update({answer.url: answer.headers.get("cache-control", "")}))
    page.goto(site.url)
    expect(page.get_by_role("heading", level=1, name="Where should your code lead?")).to_be_visible()
    kept = {urlsplit(url).path: cache for url, cache in files.items() if "/assets/" in url}
    assert kept.pop("/assets/icon.svg") == "no-cache"
    assert kept
    assert set(kept.values()) == {"public, max-age=31536000, immutable"}
    packed = [path for path in kept if path.endswith((".js", ".css"))]
    assert packed
    for path in packed:
        answer = httpx.get(site.url + path, headers={"accept-encoding": "gzip"})
        assert len(answer.content) <= 512 or answer.headers["content-encoding"] == "gzip", path
