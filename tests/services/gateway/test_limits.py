"""Rate limits: what is counted, by whom, and what callers are told."""

from typing import cast

import httpx
import pytest

from scanly.kernel.limits import Limit
from scanly.kernel.redis import Redis
from scanly.kernel.startup import StartupError
from scanly.services.gateway.domain import route_class
from scanly.services.gateway.settings import GatewaySettings, parse_limit
from tests.services.gateway.conftest import Start
from tests.services.gateway.factories import problem_of
from tests.support.product import PASSWORD
from tools.services.redis import RedisServer

pytestmark = pytest.mark.slow

TYPES = "/api/v1/qr-content-types"


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("100/min", Limit(100, 60)),
        (" 3 / H ", Limit(3, 3600)),
        ("20/s", Limit(20, 1)),
        ("5/d", Limit(5, 86400)),
        ("OFF", Limit(0, 1)),
    ],
)
def test_limits_are_written_in_words(text: str, limit: Limit) -> None:
    assert parse_limit(text) == limit
    assert parse_limit(str(limit)) == limit


@pytest.mark.parametrize(
    "text", ["", "100", "0/min", "-1/min", "1.5/min", "1/week", "many/min", "1/min/s", "99999999/s"]
)
def test_what_is_no_limit_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="100/min"):
        parse_limit(text)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/api/v1/auth/log-in", "log_in"),
        ("/api/v1/auth/refresh", "log_in"),
        ("/api/v1/auth/password/forgot", "log_in"),
        ("/api/v1/me/password", "log_in"),
        ("/api/v1/auth/sign-up", "sign_up"),
        ("/api/v1/qr-codes/preview", "preview"),
        ("/api/v1/qr-codes/check", "preview"),
        ("/api/v1/qr-codes/repair", "preview"),
        ("/api/v1/qr-codes", "general"),
        ("/api/v1/me", "general"),
    ],
)
def test_routes_have_their_class(path: str, name: str) -> None:
    assert route_class(path, GatewaySettings())[0] == name


async def test_a_wrong_limit_stops_the_start(start: Start) -> None:
    with pytest.raises(
        StartupError, match=r"SCANLY_LIMIT_LOG_IN \(environment SCANLY_LIMIT_LOG_IN\): Write a limit as"
    ):
        await start(limit_log_in="three")


async def test_callers_are_told_what_is_left_and_when_to_come_back(start: Start) -> None:
    product = await start(limit_general="3/min")
    anybody = await product.client()
    answers = [await anybody.get(TYPES) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer.headers["ratelimit-limit"] for answer in answers] == ["3"] * 4
    assert [answer.headers["ratelimit-remaining"] for answer in answers] == ["2", "1", "0", "0"]
    assert all(0 < int(answer.headers["ratelimit-reset"]) <= 60 for answer in answers)
    document = problem_of(answers[-1], 429, "rate_limited")
    wait = int(answers[-1].headers["retry-after"])
    assert 1 <= wait <= 20
    assert str(wait) in document["detail"]
    assert "retry-after" not in answers[0].headers


async def test_people_are_counted_for_themselves_not_by_their_address(start: Start) -> None:
    product = await start(limit_general="2/min")
    one, other = await product.sign_up(), await product.sign_up()
    for person in (one, other):
        assert [(await person.get("/api/v1/me")).status_code for _ in range(3)] == [200, 200, 429]


async def test_forged_tokens_are_counted_by_address(start: Start) -> None:
    product = await start(limit_general="2/min")
    anybody = await product.client()
    statuses = [
        (await anybody.get("/api/v1/me", headers={"authorization": f"Bearer {number}"})).status_code
        for number in range(3)
    ]
    assert statuses == [401, 401, 429]


async def test_signing_in_is_counted_by_address(start: Start) -> None:
    product = await start(limit_log_in="2/min", limit_sign_up="2/h")
    anybody = await product.client()

    async def tries(path: str, number: int) -> list[int]:
        found = []
        for count in range(number):
            body = {"email": f"person{count}@example.org", "password": PASSWORD}
            found.append((await anybody.post(f"/api/v1/auth/{path}", json=body)).status_code)
        return found

    assert await tries("sign-up", 3) == [201, 201, 429]
    assert await tries("log-in", 3) == [200, 200, 429]
    assert (await anybody.get(TYPES)).status_code == 200


async def test_previews_have_a_limit_of_their_own(start: Start) -> None:
    product = await start(limit_preview="1/min")
    anybody = await product.client()
    body = {"content": {"type": "url", "url": "https://example.org/"}}
    first = await anybody.post("/api/v1/qr-codes/preview?format=svg", json=body)
    assert first.status_code == 200
    problem_of(await anybody.post("/api/v1/qr-codes/check", json=body), 429, "rate_limited")


async def test_a_limit_can_be_off(start: Start) -> None:
    product = await start(limit_general="off")
    anybody = await product.client()
    answers = [await anybody.get(TYPES) for _ in range(20)]
    assert {answer.status_code for answer in answers} == {200}
    assert "ratelimit-limit" not in answers[0].headers


async def test_behind_a_trusted_proxy_the_visitors_address_counts(start: Start) -> None:
    product = await start(limit_general="1/min", trusted_proxies="10.0.0.0/8")
    transport = httpx.ASGITransport(product.product.application, client=("10.0.0.1", 1))
    proxy = await product.client(transport=transport)
    for visitor in ("203.0.113.1", "203.0.113.2", "9.9.9.9, 203.0.113.3", "2001:db8::1"):
        assert (await proxy.get(TYPES, headers={"x-forwarded-for": visitor})).status_code == 200
    for visitor in ("203.0.113.1", "8.8.8.8, 203.0.113.3", "2001:db8::2"):
        assert (await proxy.get(TYPES, headers={"x-forwarded-for": visitor})).status_code == 429


async def test_without_a_trusted_proxy_nobody_chooses_an_address(start: Start) -> None:
    product = await start(limit_general="1/min")
    anybody = await product.client()
    assert (await anybody.get(TYPES, headers={"x-forwarded-for": "203.0.113.1"})).status_code == 200
    assert (await anybody.get(TYPES, headers={"x-forwarded-for": "203.0.113.2"})).status_code == 429


async def test_scans_are_never_refused(start: Start) -> None:
    product = await start(limit_general="2/min")
    owner = await product.sign_up()
    link = (await owner.post("/api/v1/links", json={"destination": "https://example.org/"})).json()
    anybody = await product.client()
    assert {(await anybody.get(f"/{link['slug']}")).status_code for _ in range(20)} == {302}


@pytest.mark.redis
async def test_processes_count_together_through_redis_and_alone_without_it(
    start: Start, redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    # On a busy machine a Redis that is slow would be passed over, as it should.
    monkeypatch.setitem(cast("dict[str, float]", Redis.__init__.__kwdefaults__), "timeout", 10.0)
    one, other = [await start(limit_general="2/min", redis_url=redis.url) for _ in range(2)]
    clients = [await one.client(), await other.client()]
    assert [(await client.get(TYPES)).status_code for client in [*clients, *clients]] == [200, 200, 429, 429]
    redis.kill()
    answers = [await clients[0].get(TYPES) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1].headers["retry-after"]
