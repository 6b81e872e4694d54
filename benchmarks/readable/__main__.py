"""`python -m benchmarks.readable [DESIGNS]`: how many designs of a seeded sample pass the judge, and who reads those.

Each is seen clean, small, blurred, tilted and dim. Read by zxing-cpp and zbar, which the judge uses, and by others
which it does not: ZXing, which Android's apps read with, and jsQR (by Node, which gets both into a folder of its own;
of ZXing its port to JavaScript), and WeChat's decoder and OpenCV's own where PyPI ``opencv-contrib-python-headless`` is
there. Three of them have targets, the others tell more.
"""

import importlib.util
import io
import json
import random
import struct
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import zxingcpp
from PIL import Image

from benchmarks.readable.sample import designs, emblem, views
from scanly.services.qr.judging import judge, zbar
from scanly.services.qr.rendering.raster import draw, flattened
from scanly.services.qr.rendering.scene import compose
from scanly.services.qr.rendering.symbol import encode

_PAYLOAD = "HTTPS://GO.EXAMPLE.COM/AB23CDE"
_DESIGNS = 2_000
_SEED = 18004
_PASS = 0.9
_READ = {"zxing-cpp": 0.99, "zbar": 0.97, "ZXing": 0.95}
_HERE = Path(__file__).parent

Reader = Callable[[Image.Image], bool]


def _zxing(image: Image.Image) -> bool:
    return any(found.text == _PAYLOAD for found in zxingcpp.read_barcodes(image))


def _zbar(image: Image.Image) -> bool:
    return _PAYLOAD.encode() in zbar.texts(image.convert("L"))


def _readers() -> dict[str, Reader]:
    readers: dict[str, Reader] = {"zxing-cpp": _zxing, "zbar": _zbar}
    subprocess.run(["npm", "ci", "--silent", "--no-audit", "--no-fund"], cwd=_HERE, check=True)
    readers |= {name: _by_node(name) for name in ("ZXing", "jsQR")}
    if importlib.util.find_spec("cv2"):
        import cv2  # noqa: PLC0415 - may be absent
        import numpy as np  # noqa: PLC0415

        own, wechat = cv2.QRCodeDetector(), cv2.wechat_qrcode.WeChatQRCode()
        readers["WeChat"] = lambda image: _PAYLOAD in wechat.detectAndDecode(np.asarray(image))[0]
        readers["OpenCV"] = lambda image: own.detectAndDecode(np.asarray(image))[0] == _PAYLOAD
    return readers


def _by_node(name: str) -> Reader:
    # It ends with this process, when its input does.
    node = subprocess.Popen(["node", "read.mjs", name], cwd=_HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def reads(image: Image.Image) -> bool:
        assert node.stdin is not None
        assert node.stdout is not None
        node.stdin.write(struct.pack(">II", *image.size) + image.convert("L").tobytes())
        node.stdin.flush()
        return bool(json.loads(node.stdout.readline()) == _PAYLOAD)

    return reads


def main() -> int:
    """Print shares; 1 when a target is missed."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else _DESIGNS
    file = io.BytesIO()
    emblem().save(file, "PNG")
    chance = random.Random(_SEED)
    readers = _readers()
    sound, seen = 0, 0
    read: Counter[str] = Counter()
    missed: Counter[tuple[str, str]] = Counter()
    warned: Counter[str] = Counter()
    blame: Counter[tuple[str, str]] = Counter()
    for look in designs(number, _SEED, file.getvalue()):
        verdict = judge(_PAYLOAD, look)
        if not verdict.is_sound:
            warned.update(advice.code for advice in verdict.advice if advice.severity != "hint")
            blame.update({("modules", look.shape), ("eye", look.eye_frame), ("ball", look.eye_ball)})
            continue
        sound += 1
        picture = flattened(draw(compose(encode(_PAYLOAD, look.level), look), 900))
        for name, view in views(picture, chance).items():
            seen += 1
            for reader, reads in readers.items():
                if reads(view):
                    read[reader] += 1
                else:
                    missed[reader, name] += 1
                    blame.update({(f"{reader} modules", look.shape), (f"{reader} eye", look.eye_frame)})
    print(f"{sound} of {number} designs pass without a warning ({sound / number:.1%}, target {_PASS:.0%})")
    print("warnings: " + ", ".join(f"{code} {count}" for code, count in warned.most_common()))
    good = sound / number >= _PASS
    for reader in readers:
        share = read[reader] / max(seen, 1)
        good = good and share >= _READ.get(reader, 0.0)
        target = f" (target {_READ[reader]:.0%})" if reader in _READ else ""
        by_view = ", ".join(f"{name} {count}" for (who, name), count in missed.most_common() if who == reader)
        print(f"{reader}: {share:.2%} of {seen} views{target}; missed: {by_view or 'none'}")
    print("most often: " + ", ".join(f"{kind} {name} {count}" for (kind, name), count in blame.most_common(24)))
    return int(not good)


if __name__ == "__main__":
    sys.exit(main())
