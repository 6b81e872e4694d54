"""The list of codes: many chosen at once, folders, tags, the trash; by mouse and by keyboard, clean for axe."""

import re
import zipfile
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_accessibility import settled
from tests.browser.test_main_job import sign_up
from tests.support.running import Running

pytestmark = pytest.mark.browser

MAKE = """async (names) => {
  for (const name of names) {
    const answer = await fetch('/api/v1/qr-codes', {
      method: 'POST',
      headers: {'content-type': 'application/json', 'scanly-request': '1'},
      body: JSON.stringify({name, content: {type: 'url', url: 'example.com/' + name}}),
    });
    if (!answer.ok) throw new Error(await answer.text());
  }
}"""


@pytest.fixture(scope="module")
def state(browser: Browser, site: Running) -> Any:
    """Somebody with a few codes."""
    context = browser.new_context(viewport={"width": 360, "height": 800})
    page = context.new_page()
    sign_up(page, site, "example.com/list", "list@example.com")
    page.evaluate(MAKE, ["one", "two", "three", "four"])
    stored = context.storage_state()
    context.close()
    return stored


def opened(browser: Browser, site: Running, state: Any, path: str, width: int = 1440) -> Page:
    page = browser.new_context(
        viewport={"width": width, "height": 900}, locale="en-IN", storage_state=state, reduced_motion="reduce"
    ).new_page()
    page.goto(site.url + path)
    settled(page)
    return page


def row(page: Page, name: str) -> Any:
    return page.get_by_role("row").filter(has=page.get_by_role("link", name=name, exact=True))


def choose(page: Page, *names: str) -> None:
    for name in names:
        page.get_by_label(f"Choose {name}", exact=True).check(force=True)


def test_a_folder_for_many_and_the_way_back(browser: Browser, site: Running, state: Any) -> None:
    page = opened(browser, site, state, "/app/codes")
    choose(page, "one", "two")
    bar = page.get_by_role("toolbar", name="For the chosen codes")
    expect(bar).to_contain_text("2 chosen")
    bar.get_by_role("button", name="Folder").click()
    page.get_by_label("New folder").fill("Garden")
    page.get_by_role("button", name="Make").click()
    expect(page.get_by_text("Moved.")).to_be_visible()
    expect(row(page, "one")).to_contain_text("Garden")
    expect(row(page, "three")).not_to_contain_text("Garden")
    page.get_by_role("button", name="Undo").click()
    expect(row(page, "one")).not_to_contain_text("Garden")
    page.context.close()


def test_a_tag_narrows_the_list_down(browser: Browser, site: Running, state: Any) -> None:
    page = opened(browser, site, state, "/app/codes", width=360)
    choose(page, "two", "three")
    page.get_by_role("button", name="More for the chosen codes").click()
    page.get_by_role("button", name="Tag", exact=True).click()
    page.get_by_label("New tag").fill("Diwali")
    page.get_by_role("button", name="Put on").click()
    expect(page.get_by_text("Tagged.")).to_be_visible()
    page.get_by_role("button", name="Filter", exact=True).click()
    page.get_by_role("button", name=re.compile("^Diwali")).click()
    page.get_by_role("button", name="Show the codes").click()
    expect(row(page, "two")).to_be_visible()
    expect(row(page, "one")).to_have_count(0)
    assert "Diwali" in page.url, "what is chosen is in the address"
    page.context.close()


def test_deleted_codes_come_back_from_the_trash(browser: Browser, site: Running, state: Any) -> None:
    page = opened(browser, site, state, "/app/codes")
    choose(page, "four")
    page.get_by_role("button", name="More for the chosen codes").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text("1 code is in the trash.")).to_be_visible()
    expect(row(page, "four")).to_have_count(0)
    page.get_by_role("button", name=re.compile("^Trash")).click()
    expect(page.get_by_text("Deleted codes stay here for 30 days")).to_be_visible()
    page.get_by_role("button", name="What to do with four").click()
    page.get_by_role("button", name="Bring back").click()
    expect(page.get_by_text("The trash is empty")).to_be_visible()
    page.goto(site.url + "/app/codes")
    expect(row(page, "four")).to_be_visible()
    page.context.close()


def test_the_keyboard_chooses_and_unchooses(browser: Browser, site: Running, state: Any) -> None:
    page = opened(browser, site, state, "/app/codes")
    box = page.get_by_label("Choose all", exact=True)
    box.focus()
    page.keyboard.press("Space")
    bar = page.get_by_role("toolbar", name="For the chosen codes")
    expect(bar).to_contain_text("5 chosen")
    page.keyboard.press("Space")
    expect(bar).to_have_count(0)
    page.context.close()


def test_pictures_of_many_come_as_one_file(browser: Browser, site: Running, state: Any) -> None:
    page = opened(browser, site, state, "/app/codes?view=grid")
    choose(page, "one", "two")
    page.get_by_role("toolbar").get_by_role("button", name="Download").click()
    with page.expect_download() as download:
        page.get_by_role("dialog").get_by_role("button", name="Download").click()
    assert download.value.suggested_filename == "codes.zip"
    page.context.close()


def test_all_that_fit_are_chosen_beyond_the_page(browser: Browser, site: Running, state: Any) -> None:
    page = opened(browser, site, state, "/app/codes", width=360)
    page.evaluate(MAKE, [f"more{number}" for number in range(30)])
    page.goto(f"{site.url}/app/codes?q=more")
    settled(page)
    choose(page, "more29")
    bar = page.get_by_role("toolbar", name="For the chosen codes")
    expect(bar.get_by_role("status")).to_have_text("1 chosen")
    bar.get_by_role("button", name="Choose all").click()
    expect(bar.get_by_role("status")).to_have_text("30 chosen")
    expect(bar.get_by_role("button", name="Choose all")).to_have_count(0)
    bar.get_by_role("button", name="More for the chosen codes").click()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("30 codes are in the trash.")).to_be_visible()
    expect(page.get_by_text("No code called “more”")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("link", name="more29", exact=True)).to_be_visible()
    page.get_by_role("button", name="Show more").click()
    expect(page.get_by_role("link", name="more0", exact=True)).to_be_visible()
    choose(page, "more0")
    bar.get_by_role("button", name="Choose all").click()
    bar.get_by_role("button", name="Download").click()
    with page.expect_download() as download:
        page.get_by_role("dialog").get_by_role("button", name="Download").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        assert len(archive.namelist()) == 30
    page.context.close()
