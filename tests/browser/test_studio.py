"""The studio as a shop owner uses it on a cheap phone, in Hindi: from nothing to a file for a sticker."""

import re
import subprocess
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import zxingcpp
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, expect

from tests.support.running import Running

pytestmark = pytest.mark.browser

_PATIENCE = 30_000  # milliseconds; on a busy machine drawing and judging take their time


@pytest.fixture
def sign(tmp_path: Path) -> Path:
    """The sign of a shop, as a picture."""
    file = tmp_path / "sign.png"
    picture = Image.new("RGB", (256, 256), "#ffffff")
    ImageDraw.Draw(picture).ellipse((16, 16, 240, 240), fill="#8a3212")
    picture.save(file)
    return file


@pytest.mark.usefixtures("paper")
def test_a_upi_code_with_sign_and_frame_becomes_a_pdf_for_a_sticker(
    browser: Browser, site: Running, sign: Path, tmp_path: Path
) -> None:
    with browser.new_context(viewport={"width": 360, "height": 800}, locale="hi-IN", accept_downloads=True) as phone:
        phone.set_default_timeout(_PATIENCE)
        account = {"email": "hindi@example.com", "password": "three quiet lanterns", "locale": "hi"}
        made = phone.request.post(f"{site.url}/api/v1/auth/sign-up", data=account, headers={"scanly-request": "1"})
        assert made.status == 201
        page = phone.new_page()
        page.add_init_script("localStorage.setItem('scanly.locale', 'hi')")
        page.goto(f"{site.url}/app/new")

        page.get_by_role("radio", name="UPI भुगतान").check()
        page.get_by_label("UPI आईडी").fill("sharma.sweets@okbank")
        page.get_by_label("पाने वाले का नाम").fill("शर्मा मिष्ठान")
        page.get_by_role("button", name="आगे: रूप").click()

        expect(page.get_by_role("radio", name="दुकान")).to_be_visible(timeout=_PATIENCE)
        page.get_by_role("radio", name="नीचे पट्टी").check()
        words = page.get_by_label("फ़्रेम के शब्द")
        expect(words).to_have_value("स्कैन करें, पेमेंट करें")
        page.locator("input[type=file]").first.set_input_files(sign)
        expect(page.get_by_label(re.compile("^तस्वीर का आकार"))).to_be_visible(timeout=_PATIENCE)
        expect(page.locator(".meter")).to_contain_text("आसानी से स्कैन होता है", timeout=_PATIENCE)
        assert page.evaluate("document.documentElement.scrollHeight - innerHeight") == 0, "nothing blank below"
        page.get_by_role("button", name="सेव करके डाउनलोड करें").click()

        page.get_by_role("radio", name=re.compile("^स्टिकर")).check()
        page.get_by_label("तस्वीर की चौड़ाई").fill("10")
        expect(page.get_by_text(re.compile("^10 सेमी: .* दूर तक से स्कैन होगा"))).to_be_visible(timeout=_PATIENCE)
        with page.expect_download() as waiting:
            page.get_by_role("button", name="PDF डाउनलोड करें").click()
        file = tmp_path / "sticker.pdf"
        waiting.value.save_as(file)

    subprocess.run(
        ["pdftoppm", "-r", "300", "-png", "-singlefile", str(file), str(tmp_path / "page")], check=True, timeout=60
    )
    with Image.open(tmp_path / "page.png") as printed:
        assert printed.width == pytest.approx(100 / 25.4 * 300, abs=1)
        assert printed.height > printed.width  # the frame stands below the code
        found = zxingcpp.read_barcodes(printed.convert("RGB"))
    assert len(found) == 1
    link = urlsplit(found[0].text)
    assert (link.scheme, link.netloc) == ("upi", "pay")
    fields = parse_qs(link.query)
    assert fields == {"pa": ["sharma.sweets@okbank"], "pn": ["शर्मा मिष्ठान"], "cu": ["INR"]}
