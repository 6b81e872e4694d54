"""A change reaches every redirect process also when the word of it is lost."""

from collections.abc import Iterator

import httpx
import pytest

from tests.e2e.shapes import ALONE, Owner, Shape, scan, separate_processes
from tests.support.databases import TestServer
from tests.support.folders import reachable_folder
from tests.support.product import PASSWORD
from tests.support.waiting import until

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def deaf(postgres: TestServer) -> Iterator[Shape]:
    """Every service in a process of its own, to which no notification comes through."""
    with (
        reachable_folder() as folder,
        postgres.empty() as dsn,
        separate_processes(folder, dsn, ALONE, SCANLYTEST_CUT_NOTIFICATIONS="1") as started,
    ):
        yield started


def test_an_edit_and_a_pause_arrive_everywhere(deaf: Shape) -> None:
    with Owner(deaf) as owner:
        for address in ("https://example.org/menu", "https://example.org/lunch", "https://example.org/dinner"):
            owner.point_to(address)
            for door in deaf.doors:
                until(lambda: scan(door, owner.path).headers.get("location") == address)  # noqa: B023 - called here
        assert owner.client.post(f"/qr-codes/{owner.code['id']}/pause").status_code == 200
        for door in deaf.doors:
            until(lambda: "location" not in scan(door, owner.path).headers)  # noqa: B023 - called here


def test_a_browser_signs_in_and_out_though_auth_is_elsewhere(deaf: Shape) -> None:
    body = {"email": "sunita@example.org", "password": PASSWORD}
    with httpx.Client(base_url=f"{deaf.url}/api/v1", headers={"scanly-request": "1"}, timeout=30) as browser:
        assert browser.post("/auth/sign-up", json=body).status_code == 201
        assert browser.cookies["scanly_session"]
        with httpx.Client(base_url=f"{deaf.url}/api/v1") as stranger:
            assert stranger.get("/me").status_code == 401
        assert browser.get("/me").status_code == 200
        assert browser.get("/qr-codes").json()["data"] == []
        assert browser.get("/analytics/summary").json()["hits"] == 0
        assert browser.post("/auth/log-out", json={}).status_code == 204
        assert browser.get("/me").status_code == 401
