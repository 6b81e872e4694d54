import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import APIRouter
from sqlalchemy import text

from scanly.kernel.db import Database, ServiceDatabase
from scanly.kernel.events import EventRunner
from scanly.kernel.http import create_api
from scanly.kernel.idempotency import Idempotent, KeyReused, Once
from scanly.kernel.ids import new_id
from tests.kernel.shop import SHOP
from tests.support.databases import TestServer

OURS, THEIRS = new_id(), new_id()
router = APIRouter()


class Shop:
    """Puts goods on the shelf; ``made`` counts how often that was really done."""

    def __init__(self, db: ServiceDatabase) -> None:
        self.db = db
        self.made = 0
        self.slowly = asyncio.Event()
        self.slowly.set()
        self.fails = False

    async def make(self, workspace_id: UUID, name: str, once: Once) -> Any:
        async with self.db.begin(workspace_id) as session:
            if (answer := await once.stored(session, workspace_id)) is not None:
                return answer
            self.made += 1
            await self.slowly.wait()
            await session.execute(
                text("insert into shop.goods values (:id, :workspace, :name)"),
                {"id": new_id(), "workspace": workspace_id, "name": name},
            )
            if self.fails:
                raise ZeroDivisionError
            answer = {"name": name, "number": self.made}
            await once.store(session, workspace_id, answer)
            return answer


@router.post("/goods/{name}")
async def make(name: str, body: dict[str, Any], once: Idempotent) -> dict[str, str]:
    assert isinstance(body, dict)
    return {"key": once.key, "hash": once.body_hash.hex(), "name": name}


@pytest.fixture
def dsn(postgres: TestServer) -> Iterator[str]:
    with postgres.copy((SHOP,)) as dsn:
        yield dsn


@pytest.fixture
async def database(dsn: str) -> AsyncIterator[Database]:
    database = Database(dsn, pool_size=4)
    yield database
    await database.close()


@pytest.fixture
def shop(database: Database) -> Shop:
    return Shop(database.for_service("shop"))


def key(body: str = "bread", name: str = "k-1") -> Once:
    return Once(name, body.encode())


async def test_the_same_request_is_done_once_and_answered_alike(shop: Shop) -> None:
    first = await shop.make(OURS, "bread", key())
    assert first == {"name": "bread", "number": 1}
    assert await shop.make(OURS, "bread", key()) == first
    assert shop.made == 1


async def test_without_a_key_every_request_counts(shop: Shop) -> None:
    for number in (1, 2):
        assert (await shop.make(OURS, "bread", Once("", b"")))["number"] == number


async def test_the_same_key_with_another_body_is_refused(shop: Shop) -> None:
    await shop.make(OURS, "bread", key())
    with pytest.raises(KeyReused) as raised:
        await shop.make(OURS, "wine", key("wine"))
    assert raised.value.status == 422
    assert raised.value.errors[0].pointer == "header:Idempotency-Key"
    assert shop.made == 1


async def test_a_key_belongs_to_its_workspace(shop: Shop) -> None:
    await shop.make(OURS, "bread", key())
    assert (await shop.make(THEIRS, "wine", key("wine")))["name"] == "wine"


async def test_what_failed_may_be_tried_again_with_the_same_key(shop: Shop) -> None:
    shop.fails = True
    with pytest.raises(ZeroDivisionError):
        await shop.make(OURS, "bread", key())
    shop.fails = False
    assert (await shop.make(OURS, "bread", key()))["number"] == 2


async def test_two_at_the_same_time_are_one(shop: Shop) -> None:
    shop.slowly.clear()
    both = [asyncio.create_task(shop.make(OURS, "bread", key())) for _ in range(2)]
    async with asyncio.timeout(10):
        while not shop.made:  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)
    shop.slowly.set()
    first, second = await asyncio.gather(*both)
    assert first == second
    assert shop.made == 1


async def test_a_key_is_free_again_after_a_day(shop: Shop, database: Database) -> None:
    await shop.make(OURS, "bread", key())
    async with database.connect() as connection:
        await connection.execute(text("update scanly.idempotency set created_at = now() - interval '23 hours'"))
    assert (await shop.make(OURS, "bread", key()))["number"] == 1
    async with database.connect() as connection:
        await connection.execute(text("update scanly.idempotency set created_at = now() - interval '25 hours'"))
    assert (await shop.make(OURS, "wine", key("wine")))["number"] == 2


async def test_old_answers_are_tidied_away(shop: Shop, database: Database) -> None:
    await shop.make(OURS, "bread", key())
    await shop.make(OURS, "bread", key(name="k-2"))
    async with database.connect() as connection:
        await connection.execute(
            text("update scanly.idempotency set created_at = now() - interval '26 hours' where key = 'k-1'")
        )
    await EventRunner(database, [])._tidy()
    async with database.connect() as connection:
        assert list(await connection.scalars(text("select key from scanly.idempotency"))) == ["k-2"]


def test_parts_made_elsewhere_have_the_same_id_on_each_repetition() -> None:
    first = key().identifier(OURS, "link")
    assert first is not None
    assert first == key().identifier(OURS, "link")
    assert first.version == 8
    assert first.variant == "specified in RFC 4122"
    others = {
        key().identifier(THEIRS, "link"),
        key().identifier(OURS, "code"),
        key(name="k-2").identifier(OURS, "link"),
        key("wine").identifier(OURS, "link"),
    }
    assert len(others | {first}) == 5
    whatever = [key(body).identifier(OURS, "link", whatever_body=True) for body in ("bread", "wine")]
    assert whatever[0] == whatever[1]
    assert Once("", b"").identifier(OURS, "link") is None


async def test_the_key_and_the_whole_request_are_read() -> None:
    app = create_api([router], {}, [], version="1")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://api/api/v1") as client:

        async def send(path: str, body: Any, **headers: str) -> httpx.Response:
            return await client.post(path, json=body, headers=headers)

        first = (await send("/goods/a", {"x": 1}, **{"idempotency-key": "k"})).json()
        assert first["key"] == "k"
        assert (await send("/goods/a", {"x": 1})).json() == {**first, "key": ""}
        assert (await send("/goods/a", {"x": 2})).json()["hash"] != first["hash"]
        assert (await send("/goods/b", {"x": 1})).json()["hash"] != first["hash"]
        too_long = await send("/goods/a", {}, **{"idempotency-key": "k" * 256})
        assert too_long.status_code == 422
        assert too_long.json()["errors"][0]["pointer"] == "header:idempotency-key"
