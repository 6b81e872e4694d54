"""A seeded sample of all that the studio offers: most of it passes the judge, and what passes is read.

The whole campaign of 2,000 designs, with a third decoder, is ``python -m benchmarks.readable``.
"""

import io
import random
import subprocess
from pathlib import Path

import pytest
import zxingcpp

from benchmarks.readable.sample import designs, emblem, views
from scanly.services.qr.judging import judge
from scanly.services.qr.rendering.raster import draw, flattened
from scanly.services.qr.rendering.scene import Look, compose
from scanly.services.qr.rendering.symbol import encode

_PAYLOAD = "HTTPS://GO.EXAMPLE.COM/AB23CDE"
_DESIGNS = 60


@pytest.mark.slow
def test_nearly_all_designs_pass_and_those_are_read(zbarimg: str, tmp_path: Path) -> None:
    logo = io.BytesIO()
    emblem().save(logo, "PNG")
    chance = random.Random(1)
    sound = [look for look in designs(_DESIGNS, 7, logo.getvalue()) if judge(_PAYLOAD, look).is_sound]
    assert len(sound) >= 0.9 * _DESIGNS
    seen, read, files = 0, 0, []
    for number, look in enumerate(sound):
        picture = flattened(draw(compose(encode(_PAYLOAD, look.level), look), 900))
        for name, view in views(picture, chance).items():
            seen += 1
            read += any(found.text == _PAYLOAD for found in zxingcpp.read_barcodes(view))
            files.append(tmp_path / f"{number}-{name}.png")
            view.save(files[-1])
    assert read >= 0.98 * seen
    told = subprocess.run([zbarimg, "--quiet", "--raw", *map(str, files)], capture_output=True, check=False, text=True)
    assert told.stdout.count(_PAYLOAD) >= 0.97 * seen


def test_inverted_codes_always_warn() -> None:
    for dark in ("#000000", "#0b3d91", "#7a0019", "#3e2723"):
        look = Look("rounded", modules="#ffffff", eye_frames="#ffffff", eye_balls="#ffffff", background=dark)
        assert "inverted" in {advice.code for advice in judge(_PAYLOAD, look).advice if advice.severity == "warning"}
