"""Coroutines that share the event loop with visitors take turns."""

import asyncio
from itertools import pairwise

import pytest

from scanly.kernel.pace import Turns

_BARELY = 1e-9  # seconds; one step uses it up


async def test_result_and_error_are_the_works() -> None:
    turns = Turns()

    async def work(number: int) -> int:
        await asyncio.sleep(0)
        if number == 2:
            raise ValueError(number)
        return number

    assert await turns.take(work(1)) == 1
    with pytest.raises(ValueError, match="2"):
        await turns.take(work(2))


async def test_an_error_of_what_is_awaited_reaches_the_work() -> None:
    async def work() -> str:
        try:
            await asyncio.wait_for(asyncio.Event().wait(), 0.01)
        except TimeoutError:
            return "caught"
        return "missed"

    assert await Turns().take(work()) == "caught"


async def test_steps_that_are_ready_together_are_not_taken_in_one_turn() -> None:
    turns = Turns(_BARELY)
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[None] = loop.create_future()
    waiting: list[None] = []
    all_wait = asyncio.Event()
    order: list[str] = []

    async def work() -> None:
        waiting.append(None)
        if len(waiting) == 20:
            all_wait.set()
        await answer
        order.append("step")

    def visitor() -> None:
        order.append("visitor")
        if not all(task.done() for task in tasks):
            loop.call_soon(visitor)

    tasks = [asyncio.create_task(turns.take(work())) for _ in range(20)]
    await all_wait.wait()
    answer.set_result(None)
    loop.call_soon(visitor)
    await asyncio.gather(*tasks)

    assert order.count("step") == 20
    assert all(pair != ("step", "step") for pair in pairwise(order))


async def test_the_first_who_waits_goes_on_first() -> None:
    turns = Turns(_BARELY)
    order: list[int] = []

    async def work(number: int) -> None:
        for _ in range(3):
            await asyncio.sleep(0)
        order.append(number)

    await asyncio.gather(*(turns.take(work(number)) for number in range(10)))
    assert order == list(range(10))


async def test_who_is_cancelled_while_waiting_for_a_turn_can_clean_up() -> None:
    turns = Turns(_BARELY)
    cleaned: list[int] = []

    async def work(number: int) -> None:
        try:
            await asyncio.sleep(0)
            await asyncio.Event().wait()
        finally:
            cleaned.append(number)

    tasks = [asyncio.create_task(turns.take(work(number))) for number in range(5)]
    for _ in range(6):
        await asyncio.sleep(0)
    begun = len(cleaned)
    for task in tasks:
        task.cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert begun == 0
    assert all(isinstance(result, asyncio.CancelledError) for result in results)
    assert 0 < len(cleaned) <= 5  # what was never begun has nothing to clean up
