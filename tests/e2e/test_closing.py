"""A clean stop does not wait for people who look at live figures."""

import httpx
import pytest

from tests.support.product import PASSWORD
from tests.support.running import Running

pytestmark = pytest.mark.slow


def test_an_open_live_feed_ends_whole_and_without_an_error(running_product: Running) -> None:
    body = {"email": "live@example.com", "password": PASSWORD}
    token = httpx.post(f"{running_product.url}/api/v1/auth/sign-up", json=body).json()["access_token"]
    feed = f"{running_product.url}/api/v1/analytics/live"
    with httpx.stream("GET", feed, headers={"authorization": f"Bearer {token}"}) as answer:
        parts = answer.iter_text()
        assert "event: ready" in next(parts)
        assert running_product.stop() == 0
        assert "".join(parts) == ""  # it ends; a cut would raise
    assert "shutdown exceeded" not in running_product.output()
    assert "Traceback" not in running_product.output()
