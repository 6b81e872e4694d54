"""`python -m benchmarks.preview [CHANGES]`: milliseconds from a change in the studio to its picture and to its verdict.

`scanly run` with its defaults over real HTTP on a kept connection; the verdict is asked for when the picture is there,
as the studio does it after each change, and nothing that is drawn was drawn before.
"""

import asyncio
import io
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx
from PIL import Image

from benchmarks.readable.sample import emblem
from tests.support.product import NO_LIMITS, PASSWORD
from tests.support.running import Running

_CHANGES = 200
_WARM_UP = 20
_TARGET = 50.0

Sketch = dict[str, Any]


def sketches(logo: str) -> dict[str, Sketch]:
    """Return designs from the plainest to the richest."""
    gradient = {"kind": "linear", "angle": 45, "stops": [{"at": 0, "color": "#0b3d91"}, {"at": 1, "color": "#7a0019"}]}
    rich = {
        "modules": {"shape": "dots", "fill": {"gradient": gradient}},
        "eyes": {"frame": {"shape": "circle"}},
        "frame": {"kind": "banner_bottom", "text": "स्कैन करें", "fill": {"color": "#12355b"}},
    }
    return {
        "plain": {},
        "styled": {"modules": {"shape": "rounded", "fill": {"color": "#12355b"}}},
        "with gradient and frame": rich,
        "with gradient, frame and logo": {**rich, "logo": {"file_id": logo}},
    }


async def uploaded(client: httpx.AsyncClient) -> str:
    """Upload a logo of 800 by 800 pixels and return its id."""
    file = io.BytesIO()
    emblem().resize((800, 800), Image.Resampling.BICUBIC).save(file, "PNG")
    answer = await client.post("/files", files={"file": ("logo.png", file.getvalue())})
    return str(answer.raise_for_status().json()["id"])


async def asked(client: httpx.AsyncClient, path: str, sketch: Sketch) -> float:
    """Return the milliseconds of an answer."""
    began = time.perf_counter()
    (await client.post(path, json=sketch)).raise_for_status()
    return (time.perf_counter() - began) * 1e3


async def measure(url: str, changes: int) -> dict[str, tuple[list[float], list[float]]]:
    """Return the milliseconds from a change to its picture and to its verdict, for each design."""
    taken: dict[str, tuple[list[float], list[float]]] = {}
    async with httpx.AsyncClient(base_url=f"{url}/api/v1", timeout=30) as client:
        body = {"email": "asha@example.com", "password": PASSWORD}
        welcome = (await client.post("/auth/sign-up", json=body)).raise_for_status().json()
        client.headers["authorization"] = f"Bearer {welcome['access_token']}"
        for name, design in sketches(await uploaded(client)).items():
            pictures, verdicts = taken.setdefault(name, ([], []))
            for number in range(_WARM_UP + changes):
                upi = {"type": "upi", "vpa": "ravi@okbank", "name": f"Ravi Tea Stall {name} {number}"}
                sketch = {"content": upi, "design": design}
                picture = await asked(client, "/qr-codes/preview?format=svg", sketch)
                verdict = picture + await asked(client, "/qr-codes/check", sketch)
                if number >= _WARM_UP:
                    pictures.append(picture)
                    verdicts.append(verdict)
    return taken


def main() -> int:
    """Print medians and 95th percentiles; 1 when the target is missed."""
    changes = int(sys.argv[1]) if len(sys.argv) > 1 else _CHANGES
    with tempfile.TemporaryDirectory(prefix="scanly-preview-", dir="/var/tmp") as made:
        folder = Path(made)
        folder.chmod(0o711)
        product = Running(folder, **NO_LIMITS).start()
        try:
            taken = asyncio.run(measure(product.url, changes))
        finally:
            product.stop()
    good = True
    for name, (pictures, verdicts) in taken.items():
        middle, late = statistics.median(pictures), sorted(pictures)[int(len(pictures) * 0.95)]
        good = good and middle <= _TARGET
        told = f"verdict {statistics.median(verdicts):.1f} and {sorted(verdicts)[int(len(verdicts) * 0.95)]:.1f} ms"
        print(f"{name}: picture median {middle:.1f} ms, p95 {late:.1f} ms (target {_TARGET:g} ms); {told}")
    return int(not good)


if __name__ == "__main__":
    sys.exit(main())
