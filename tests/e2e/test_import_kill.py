"""The process is killed while it makes the codes of a sheet: it goes on, and each line has its code exactly once."""

import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.product import NO_LIMITS, PASSWORD
from tests.support.running import running

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

_LINES = 120
_WITHIN = 180.0
"""Seconds: a job goes to another worker 40 s after its own was last heard of."""


def progress(client: httpx.Client, sheet: str) -> dict[str, Any]:
    return dict(client.get(f"/qr-codes/imports/{sheet}").raise_for_status().json())


def listed(client: httpx.Client, path: str, **query: Any) -> list[dict[str, Any]]:
    """Every entry of a list."""
    found: list[dict[str, Any]] = []
    while True:
        page = client.get(path, params={"limit": 100, **query}).raise_for_status().json()
        found += page["data"]
        if not page["has_more"]:
            return found
        query["cursor"] = page["next_cursor"]


def test_an_import_goes_on_after_a_kill_and_makes_each_code_once(data_dir: Path) -> None:
    with (
        running(data_dir, **NO_LIMITS) as product,
        httpx.Client(base_url=f"{product.url}/api/v1", timeout=30) as client,
    ):
        body = {"email": "asha@example.com", "password": PASSWORD}
        welcome = client.post("/auth/sign-up", json=body).raise_for_status().json()
        client.headers["Authorization"] = f"Bearer {welcome['access_token']}"
        rows = [f"Table {number},https://menu.example/{number},Hall {number % 3}" for number in range(_LINES)]
        file = "\r\n".join(["Table,URL,Hall", *rows]).encode()
        answer = client.post("/qr-codes/import", files={"file": ("tables.csv", file)}, params={"start": True})
        sheet = answer.raise_for_status().json()["id"]
        wait_until(client, sheet, made=_LINES // 3)
        product.kill()
        product.start()
        assert progress(client, sheet)["state"] == "running", "it was killed in the middle"
        wait_until(client, sheet, made=_LINES)
        assert progress(client, sheet)["progress"]["made"] == _LINES
        codes = listed(client, "/qr-codes")
        assert Counter(code["name"] for code in codes) == {f"Table {number}": 1 for number in range(_LINES)}
        assert len({code["link"]["short_url"] for code in codes}) == _LINES
        lines = listed(client, f"/qr-codes/imports/{sheet}/lines", state="made")
        assert {line["code_id"] for line in lines} == {code["id"] for code in codes}
        assert Counter(folder["name"] for folder in client.get("/folders").json()["data"]) == {
            f"Hall {number}": 1 for number in range(3)
        }
        for code in codes:
            assert code["content"]["url"] == f"https://menu.example/{code['name'].removeprefix('Table ')}"
        assert client.get(codes[0]["link"]["short_url"]).status_code == 302


def wait_until(client: httpx.Client, sheet: str, *, made: int) -> None:
    """Return when so many lines have their code."""
    until = time.monotonic() + _WITHIN
    while (now := progress(client, sheet))["progress"]["made"] < made:
        assert time.monotonic() < until, now
        time.sleep(0.05)
