"""`python -m benchmarks.isolation`: redirect p99 while 200 codes are rendered and 50 people sign in, against idle.

Everything runs on the same cores, the clients too (the work's client is a process of its own). Redirects are sent at a
steady rate far below what the server can do: a queue that they make themselves would hide what is asked here. Five
alternating rounds, medians.
"""

import asyncio
import statistics
import sys
import tempfile
from pathlib import Path

import httpx

from benchmarks.isolation.work import PASSWORD, email
from benchmarks.load import redirects
from tests.support.running import Running

_ROUNDS = 5
_IDLE_SECONDS = 5.0
_RENDERS = 200
_PEOPLE = 50
_MOST = 5.0


def main() -> int:
    """Print a table; 1 when the target is missed."""
    with tempfile.TemporaryDirectory(prefix="scanly-isolation-", dir="/var/tmp") as made:
        folder = Path(made)
        folder.chmod(0o711)
        product = Running(
            folder,
            SCANLY_LOG_FORMAT="json",
            SCANLY_LIMIT_GENERAL="off",
            SCANLY_LIMIT_LOG_IN="off",
            SCANLY_LIMIT_SIGN_UP="off",
        ).start()
        try:
            idle, busy = asyncio.run(_measure(product.url))
        finally:
            product.stop()
    ratio = statistics.median(busy) / statistics.median(idle)
    print(f"idle  median p99 {statistics.median(idle):7.2f} ms")
    print(f"busy  median p99 {statistics.median(busy):7.2f} ms")
    print(f"ratio {ratio:.2f} (target at most {_MOST})")
    return int(ratio > _MOST)


async def _measure(url: str) -> tuple[list[float], list[float]]:
    idle: list[float] = []
    busy: list[float] = []
    limits = httpx.Limits(max_connections=64)
    async with httpx.AsyncClient(base_url=url, limits=limits, timeout=60) as client:
        token, slug = await _prepare(client)
        await redirects(client, slug, asyncio.create_task(asyncio.sleep(1)))
        for number in range(_ROUNDS):
            idle.append(await redirects(client, slug, asyncio.create_task(asyncio.sleep(_IDLE_SECONDS))))
            arguments = (url, token, str(number), str(_RENDERS), str(_PEOPLE))
            work = await asyncio.create_subprocess_exec(sys.executable, "-m", "benchmarks.isolation.work", *arguments)
            busy.append(await redirects(client, slug, asyncio.create_task(_succeeds(work))))
            print(f"round {number + 1}  idle p99 {idle[-1]:7.2f} ms  busy p99 {busy[-1]:7.2f} ms", flush=True)
            await asyncio.sleep(2)
    return idle, busy


async def _prepare(client: httpx.AsyncClient) -> tuple[str, str]:
    for number in range(_PEOPLE):
        body = {"email": email(number), "password": PASSWORD}
        answer = await client.post("/api/v1/auth/sign-up", json=body)
        answer.raise_for_status()
    token: str = answer.json()["access_token"]
    code = await client.post(
        "/api/v1/qr-codes",
        json={"content": {"type": "url", "url": "https://example.com"}},
        headers={"authorization": f"Bearer {token}"},
    )
    code.raise_for_status()
    return token, code.json()["link"]["slug"]


async def _succeeds(process: asyncio.subprocess.Process) -> None:
    assert await process.wait() == 0


if __name__ == "__main__":
    sys.exit(main())
