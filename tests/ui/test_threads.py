"""A generator on a thread of its own, read by a coroutine."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from threading import Event, current_thread
from typing import Any

import pytest

from ui.threads import read_on_thread


def _run(reading: Coroutine[object, object, Any]) -> Any:  # noqa: ANN401
    """Run a coroutine on a loop of its own: browser tests leave one running on this thread."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, reading).result()


def test_items_come_in_order_from_one_other_thread() -> None:
    threads = set()

    def make() -> Generator[int]:
        for number in range(5):
            threads.add(current_thread())
            yield number

    async def read() -> list[int]:
        return [number async for number in read_on_thread(make)]

    assert _run(read()) == [*range(5)]
    assert len(threads) == 1
    assert current_thread() not in threads


def test_what_it_raises_is_raised_where_it_is_read() -> None:
    def make() -> Generator[int]:
        yield 1
        raise LookupError("broken")

    async def read() -> None:
        async for _ in read_on_thread(make):
            pass

    with pytest.raises(LookupError, match="broken"):
        _run(read())


def test_a_reader_that_leaves_closes_it() -> None:
    closed = Event()

    def make() -> Generator[int]:
        try:
            while True:
                yield 1
        finally:
            closed.set()

    async def read() -> None:
        async with aclosing(read_on_thread(make)) as items:
            async for _ in items:
                break

    _run(read())
    assert closed.wait(10)


def test_a_reader_that_is_cancelled_while_it_waits_closes_it_after_the_step() -> None:
    entered, go, closed = Event(), Event(), Event()

    def make() -> Generator[int]:
        try:
            entered.set()
            go.wait(30)
            yield 1
        finally:
            closed.set()

    async def read() -> None:
        async with aclosing(read_on_thread(make)) as items:
            async for _ in items:
                pass

    async def cancel() -> None:
        reading = asyncio.create_task(read())
        await asyncio.to_thread(entered.wait, 30)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        go.set()

    _run(cancel())
    assert closed.wait(10)
