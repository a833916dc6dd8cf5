"""Read from a coroutine what a generator makes on a thread of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import closing, suppress
from threading import Event, Thread
from typing import TypeVar

T = TypeVar("T")


async def read_on_thread(make: Callable[[], Generator[T]]) -> AsyncGenerator[T]:
    """Give what a generator makes, in order, without blocking the loop.

    The generator lives on one thread from its first step to its end. Where the reader breaks off,
    it is closed there after the step that is under way.

    Parameters
    ----------
    make : callable
        Makes the generator, on the thread. What it raises is raised here.
    """
    loop = asyncio.get_running_loop()
    arrived: asyncio.Queue[tuple[T] | BaseException | None] = asyncio.Queue()
    is_left = Event()

    def hand_over(item: tuple[T] | BaseException | None) -> None:
        with suppress(RuntimeError):  # the loop has closed: nobody reads any more
            loop.call_soon_threadsafe(arrived.put_nowait, item)

    def work() -> None:
        try:
            with closing(make()) as items:
                for item in items:
                    if is_left.is_set():
                        return
                    hand_over((item,))
        except Exception as error:  # raised again where the items are read
            hand_over(error)
        else:
            hand_over(None)

    Thread(target=work, name="answer", daemon=True).start()
    try:
        while (item := await arrived.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item[0]
    finally:
        is_left.set()
