"""The desk: takes questions to the assistant, a few at a time, and counts what comes of them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import aclosing
from typing import Protocol

from assistant.answer import Answer, Question
from ingest.document import Book
from ui.errors import BusyError
from ui.logs import log
from ui.metrics import Metrics
from ui.threads import read_on_thread

_AT_ONCE = 2  # the work is bound by the processor: more at a time only makes all of them later


class Answering(Protocol):
    """What the desk needs of an assistant."""

    @property
    def book(self) -> Book:
        """The book that answers come from."""

    def stream(self, input: Question) -> Generator[Answer]:
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

    async def ask(self, question: Question) -> AsyncGenerator[Answer]:
        """Give the answer as it grows.

        Whoever stops reading should close this (`contextlib.aclosing`): then a language model that
        is still writing is broken off.

        Raises
        ------
        BusyError
            If too many questions wait already.
        """
        if self._waiting >= self._waiting_limit:
            raise BusyError
        started = time.perf_counter()
        await self._wait_for_turn()
        began = time.perf_counter()
        self._metrics.step("wait", began - started)
        answer: Answer | None = None
        try:
            async with aclosing(
                read_on_thread(lambda: self._assistant.stream(question))
            ) as growing:
                async for grown in growing:
                    if answer is None:  # found: nearly all of the work, but for a model's writing
                        self._turn.release()
                        self._metrics.step("retrieve", time.perf_counter() - began)
                    answer = grown
                    yield answer
        finally:
            if answer is None:
                self._turn.release()
        if answer is not None:
            self._write_down(answer, time.perf_counter() - started)

    def _write_down(self, answer: Answer, seconds: float) -> None:
        self._metrics.answered(answer, self.book, seconds=seconds)
        asked = {"question": answer.question} if self._logs_questions else {}
        log.info(
            "answer",
            answer_id=answer.id,
            answered=answer.answered,
            notes=[note.number for note in answer.notes],
            mode=answer.mode,
            unsupported=len(answer.unsupported),
            notice=answer.notice,
            seconds=round(seconds, 4),
            **asked,
        )

    async def _wait_for_turn(self) -> None:
        self._waiting += 1
        try:
            await self._turn.acquire()
        finally:
            self._waiting -= 1
