"""The second decoder in its own memory: what it reads, and that nothing it does to itself reaches us."""

import hashlib
import random
from pathlib import Path

import psutil
import pytest
from PIL import Image

from scanly.services.qr.judging import zbar
from scanly.services.qr.judging.views import read_by, seen
from scanly.services.qr.rendering.scene import Look, compose
from scanly.services.qr.rendering.symbol import encode

ADDRESS = "HTTPS://GO.EXAMPLE/AB23CDE"


def drawn(payload: str, look: Look | None = None, pixels: int = 4) -> Image.Image:
    look = look or Look()
    return seen(compose(encode(payload, look.level), look), pixels).image


@pytest.mark.parametrize(
    "payload",
    [
        ADDRESS,
        "0123456789",
        "upi://pay?pa=shop@upi&pn=Kavita%20Tailors&cu=INR",
        "कविता टेलर्स, ५ रुपये",
        "متجر العائلة",
        "日本語の看板",
        "日本語 and https://example.com/ß",
        "x" * 2_300,
    ],
)
def test_all_readers_read_every_alphabet(payload: str) -> None:
    assert read_by(drawn(payload), payload) == (True, True, True)


def test_light_on_dark_is_read() -> None:
    look = Look(modules="#ffffff", eye_frames="#ffffff", eye_balls="#ffffff", background="#000000")
    assert zbar.texts(drawn(ADDRESS, look)) == [ADDRESS.encode()]


def test_another_text_is_not_what_was_asked_for() -> None:
    assert not any(read_by(drawn(ADDRESS), "HTTPS://GO.EXAMPLE/OTHER"))


def test_two_codes_in_a_picture_are_both_told() -> None:
    one, other = drawn("one"), drawn("other")
    page = Image.new("L", (one.width + other.width, one.height), 255)
    page.paste(one, (0, 0))
    page.paste(other, (one.width, 0))
    assert sorted(zbar.texts(page)) == [b"one", b"other"]


def test_a_picture_without_a_code_holds_nothing() -> None:
    assert zbar.texts(Image.new("L", (40, 30), 255)) == []
    assert zbar.texts(Image.new("L", (1, 1))) == []


def test_what_takes_too_much_is_given_up_and_the_next_look_is_a_new_one(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = drawn(ADDRESS)
    with monkeypatch.context() as scarce:
        scarce.setattr(zbar, "_STEPS", 1_000_000)
        assert zbar.texts(picture) == []
    with monkeypatch.context() as scarce:
        scarce.setattr(zbar, "_MEMORY", 18 << 20)
        side = 3_000
        noise = random.Random(1).randbytes(side * side)
        assert zbar.texts(Image.frombytes("L", (side, side), noise)) == []
    assert zbar.texts(picture) == [ADDRESS.encode()]


def test_the_memory_of_a_look_ends_with_it() -> None:
    picture, process = drawn(ADDRESS), psutil.Process()
    zbar.texts(picture)
    before = process.memory_info().vms
    for _ in range(20):
        zbar.texts(picture)
    assert process.memory_info().vms - before < 4 << 30  # what one look reserves


def test_the_library_is_the_published_one() -> None:
    """npm ``@undecaf/zbar-wasm`` 0.11.0, ``dist/zbar.wasm``."""
    file = Path(zbar.__file__).parent / "zbar.wasm"
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    assert digest == "438f95e4b5d122c4c2a8da2b72ad19faa4ba4e541f473dcae0371e4cfc8159ee"
