"""A picture behind the code in the studio: chosen, too strong, and repaired by one press."""

from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from tests.support.running import Running

pytestmark = pytest.mark.browser

_PATIENCE = 30_000  # milliseconds; on a busy machine drawing and judging take their time


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A dark photo."""
    file = tmp_path / "photo.jpg"
    Image.linear_gradient("L").resize((640, 480)).convert("RGB").save(file)
    return file


@pytest.mark.parametrize(
    ("width", "language", "words"),
    [
        (360, "hi", ("आगे: रूप", "तस्वीर कितनी गहरी है", "बिंदुओं के पीछे की तस्वीर बहुत गहरी है", "आसानी से स्कैन होता है", "ठीक करें")),
        (
            1440,
            "en",
            (
                "Next: look",
                "How strong the picture is",
                "The picture behind the dots is too strong",
                "Scans easily",
                "Repair",
            ),
        ),
    ],
)
def test_a_picture_behind_the_dots(
    browser: Browser, site: Running, photo: Path, *, width: int, language: str, words: tuple[str, ...]
) -> None:
    following, strength, warning, good, repair = words
    with browser.new_context(viewport={"width": width, "height": 800}) as context:
        context.set_default_timeout(_PATIENCE)
        account = {"email": f"backdrop-{language}@example.com", "password": "three quiet lanterns", "locale": language}
        made = context.request.post(f"{site.url}/api/v1/auth/sign-up", data=account, headers={"scanly-request": "1"})
        assert made.status == 201
        page = context.new_page()
        page.add_init_script(f"localStorage.setItem('scanly.locale', '{language}')")
        page.goto(f"{site.url}/app/new")
        page.locator(".fields input").first.fill("example.com/menu")
        page.get_by_role("button", name=following).click()

        page.locator("input[type=file]").nth(1).set_input_files(photo)
        slider = page.get_by_label(strength)
        expect(slider).to_have_value("0.2", timeout=_PATIENCE)
        expect(page.locator(".meter")).to_contain_text(good, timeout=_PATIENCE)
        assert page.evaluate("document.documentElement.scrollWidth") <= width

        slider.fill("1")
        expect(page.get_by_text(warning).first).to_be_visible(timeout=_PATIENCE)
        if width < 800:  # advice is behind the meter on a phone
            page.locator(".meter").first.click()
        page.get_by_role("button", name=repair).click()
        expect(page.locator(".meter")).to_contain_text(good, timeout=_PATIENCE)
        assert float(slider.input_value()) < 0.6
