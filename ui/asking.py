"""The desk: takes questions to the assistant, a few at a time, and counts what comes of them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from typing import Protocol

from anyio import to_thread

from assistant.answer import Answer, Question
from ingest.document import Book
from ui.errors import BusyError
from ui.logs import log
from ui.metrics import Metrics

_AT_ONCE = 2  # the work is bound by the processor: more at a time only makes all of them later


class Answering(Protocol):
    """What the desk needs of an assistant."""

    @property
    def book(self) -> Book:
        """The book that answers come from."""

    def stream(self, input: Question) -> Iterator[Answer]:
        """Give the answer as it grows, the last one whole."""


class Desk:
    """Where the page, the API and the widget hand in their questions.

    Parameters
    ----------
    assistant : Answering
    metrics : Metrics
    waiting_limit : int
        How many questions may wait at a time; one more is turned away.
    logs_questions : bool
        Whether the log may hold what was asked.
    """

    def __init__(
        self,
        assistant: Answering,
        metrics: Metrics,
        *,
        waiting_limit: int,
        logs_questions: bool = False,
    ) -> None:
        self._assistant = assistant
        self._metrics = metrics
        self._waiting_limit = waiting_limit
        self._logs_questions = logs_questions
        self._waiting = 0
        self._turn = asyncio.Semaphore(_AT_ONCE)

    @property
    def book(self) -> Book:
        """The book that answers come from."""
        return self._assistant.book

    async def ask(self, question: Question) -> AsyncIterator[Answer]:
        """Give the answer as it grows.

        Raises
        ------
        BusyError
            If too many questions wait already.
        """
        if self._waiting >= self._waiting_limit:
            raise BusyError
        started = time.perf_counter()
        growing = self._assistant.stream(question)
        answer = await self._first(growing, started)
        while answer is not None:
            whole = answer
            yield answer
            answer = await to_thread.run_sync(next, growing, None)
        self._write_down(whole, time.perf_counter() - started)

    def _write_down(self, answer: Answer, seconds: float) -> None:
        self._metrics.answered(answer, self.book, seconds=seconds)
        asked = {"question": answer.question} if self._logs_questions else {}
        log.info(
            "answer",
            answer_id=answer.id,
            answered=answer.answered,
            notes=[note.number for note in answer.notes],
            mode=answer.mode,
            seconds=round(seconds, 4),
            **asked,
        )

    async def _first(self, growing: Iterator[Answer], started: float) -> Answer | None:
        """Wait for a turn, then for the first sentence: nearly all of the work."""
        self._waiting += 1
        try:
            await self._turn.acquire()
        finally:
            self._waiting -= 1
        try:
            self._metrics.step("wait", time.perf_counter() - started)
            began = time.perf_counter()
            answer = await to_thread.run_sync(next, growing, None)
            self._metrics.step("retrieve", time.perf_counter() - began)
            return answer
        finally:
            self._turn.release()
