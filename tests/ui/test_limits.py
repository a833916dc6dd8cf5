"""Limits: how often one address may ask, how many may wait."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest

from assistant.answer import Answer, Question
from ingest.document import Book
from tests.ui.conftest import run_async
from ui.asking import Desk
from ui.errors import BusyError
from ui.limits import RateLimit
from ui.metrics import Metrics


def test_a_bucket_empties_and_refills() -> None:
    now = 0.0
    limit = RateLimit(2, clock=lambda: now)
    assert [limit.take("a") for _ in range(3)] == [None, None, 30]
    assert limit.take("b") is None  # another client has a bucket of its own
    now = 29.0
    assert limit.take("a") == 1
    now = 30.0
    assert limit.take("a") is None
    now = 10_000.0
    assert [limit.take("a") for _ in range(3)] == [None, None, 30]  # never more than full


def test_clients_long_silent_are_forgotten() -> None:
    limit = RateLimit(1, clock=lambda: 0.0)
    for number in range(20_000):
        limit.take(str(number))
    assert len(limit._buckets) == 10_000


class Slow:
    """An assistant that answers when it is told to."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.go = threading.Event()
        self.at_once = 0
        self.most_at_once = 0

    def stream(self, input: Question) -> Iterator[Answer]:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.go.wait(10)
        self.at_once -= 1
        yield Answer(question=input.question, answered=False, answer="无。")


async def _all(desk: Desk) -> list[Answer]:
    return [answer async for answer in desk.ask(Question(question="?"))]


def test_two_answers_are_made_at_a_time_and_one_too_many_is_turned_away(book: Book) -> None:
    slow = Slow(book)

    async def many() -> list[object]:
        desk = Desk(slow, Metrics(), waiting_limit=3)
        asking = [asyncio.create_task(_all(desk)) for _ in range(5)]
        while slow.at_once < 2:
            await asyncio.sleep(0)
        with pytest.raises(BusyError, match="提问的人较多"):
            await _all(desk)
        slow.go.set()
        return [*await asyncio.gather(*asking)]

    assert len(run_async(many())) == 5
    assert slow.most_at_once == 2


def test_an_asker_who_leaves_gives_the_turn_back(book: Book) -> None:
    slow = Slow(book)

    async def leave() -> list[Answer]:
        desk = Desk(slow, Metrics(), waiting_limit=1)
        asking = [asyncio.create_task(_all(desk)) for _ in range(3)]
        while slow.at_once < 2:
            await asyncio.sleep(0)
        asking[2].cancel()  # waits for a turn
        await asyncio.gather(asking[2], return_exceptions=True)
        later = asyncio.create_task(_all(desk))
        slow.go.set()
        return await later

    assert len(run_async(leave())) == 1
