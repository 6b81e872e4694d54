"""A shop that appends events and books that consume them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import text

from scanly.kernel.db import Database, ServiceDatabase
from scanly.kernel.events import Envelope, Event, EventRunner, Subscriber, append, first_time
from scanly.kernel.ids import new_id

WORKSPACE = new_id()
MakeRunner = Callable[[Database, list[tuple[Subscriber, Any]]], EventRunner]


class GoodSold(Event):
    topic: ClassVar[str] = "shop.good_sold"
    version: ClassVar[int] = 1

    workspace_id: UUID
    good: str
    number: int

    def key(self) -> str:
        return self.good


class ShopClosed(Event):
    topic: ClassVar[str] = "shop.closed"
    version: ClassVar[int] = 3

    def key(self) -> str:
        return "shop"


class Books:
    """A service that writes down what it was told, in a transaction of its own."""

    def __init__(self, database: Database) -> None:
        self.db = database.for_service("shop")
        self.told: list[str] = []
        self.fault: Callable[[Envelope[GoodSold]], Awaitable[None]] | None = None

    async def write(self, group: str, envelope: Envelope[GoodSold]) -> None:
        if self.fault is not None:
            await self.fault(envelope)
        async with self.db.begin(envelope.data.workspace_id) as session:
            if await first_time(session, group, envelope.id):
                await session.execute(
                    text("insert into shop.goods values (:id, :workspace, :name)"),
                    {
                        "id": new_id(),
                        "workspace": WORKSPACE,
                        "name": f"{group} {envelope.data.good} {envelope.data.number}",
                    },
                )
        self.told.append(f"{envelope.data.good} {envelope.data.number}")

    async def written(self) -> list[str]:
        async with self.db.begin(WORKSPACE) as session:
            return list(await session.scalars(text("select name from shop.goods order by id")))


def subscriber(group: str, event: type[Event] = GoodSold) -> Subscriber:
    async def handle(books: Books, envelope: Envelope[Any]) -> None:
        await books.write(group, envelope)

    return Subscriber(event, group, handle)


async def sell(shop: ServiceDatabase, *numbers: int, good: str = "bread") -> None:
    async with shop.begin(WORKSPACE) as session:
        for number in numbers:
            await append(session, GoodSold(workspace_id=WORKSPACE, good=good, number=number))


async def rows(database: Database, query: str) -> list[Any]:
    async with database.connect() as connection:
        return list((await connection.execute(text(query))).all())


@asynccontextmanager
async def running(runner: EventRunner) -> AsyncIterator[None]:
    task = asyncio.create_task(runner.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])
