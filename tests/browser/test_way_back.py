"""The browser's way back, and what is there after loading a page again."""

import re
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_main_job import sign_up
from tests.support.running import Running

pytestmark = pytest.mark.browser


def test_back_closes_the_sheet_and_loading_again_keeps_the_address(page: Page, site: Running) -> None:
    page.goto("about:blank")
    page.goto(site.url)
    field = page.get_by_role("textbox", name="Web address")
    field.fill("example.com/menu")
    page.get_by_role("button", name="Save and track").click()
    sheet = page.get_by_role("dialog", name="Save this code")
    expect(sheet).to_be_visible()
    page.go_back()
    expect(sheet).to_have_count(0)
    assert page.url == site.url + "/"
    page.reload()
    expect(field).to_have_value("example.com/menu")
    page.get_by_role("button", name="Save and track").click()
    page.get_by_role("button", name="Close").click()
    expect(sheet).to_have_count(0)
    page.go_back()
    expect(page).to_have_url("about:blank")


def test_back_closes_a_sheet_that_followed_another(page: Page, site: Running) -> None:
    sign_up(page, site, "example.com/back", "back@example.com")
    code = page.url
    page.get_by_role("button", name=re.compile("^What to do with")).click()
    page.get_by_role("button", name="Rename").click()
    sheet = page.get_by_role("dialog", name="Rename")
    expect(sheet).to_be_visible()
    page.go_back()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.url == code


def test_an_ended_session_says_so_and_goes_on_where_one_was(page: Page, site: Running) -> None:
    sign_up(page, site, "example.com/ended", "ended@example.com")
    page.goto(site.url + "/app/codes?show=active")
    expect(page.get_by_role("heading", level=1, name="Codes")).to_be_visible()
    _end_session(page, site)
    page.reload()
    sheet = page.get_by_role("dialog", name="Sign in")
    expect(sheet).to_contain_text("You were signed out: your session has ended.")
    sheet.get_by_label("E-mail").fill("ended@example.com")
    sheet.locator("input[type=password]").fill("three quiet lanterns")
    sheet.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(site.url + "/app/codes?show=active")
    expect(page.get_by_role("heading", level=1, name="Codes")).to_be_visible()


@pytest.mark.parametrize("path", ["/app/nowhere", "/app/codes/nothing-like-a-code", "/app/codes/nothing/edit"])
def test_an_address_of_nothing_has_one_heading_and_one_banner(page: Page, site: Running, path: str) -> None:
    sign_up(page, site, "example.com/none", f"none{len(path)}@example.com")
    page.goto(site.url + path)
    expect(page.get_by_role("heading", name="There is no such")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    expect(page.get_by_role("banner")).to_have_count(1)


def _end_session(page: Page, site: Running) -> None:
    cookies: Any = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    answer = httpx.post(f"{site.url}/api/v1/auth/log-out", cookies=cookies, headers={"scanly-request": "1"}, json={})
    assert answer.status_code < 300, answer.text
