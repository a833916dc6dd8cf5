"""An assistant that is still being opened: the page is there at once, questions wait a moment.

Opening the index and importing gradio take some seconds each. The page needs only the book's
structure, so it can be served while the index opens.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from concurrent.futures import Future
from threading import Thread

from threadpoolctl import threadpool_limits

from assistant.answer import Answer, Question
from assistant.pipeline import Assistant, open_on
from assistant.settings import Settings
from ingest.document import Book
from ingest.parse import read_book


class OpeningAssistant:
    """Answers once the index is open.

    Parameters
    ----------
    settings : Settings

    Raises
    ------
    ReadError, StructureError
        If the book cannot be read or parsed: at once, before anything is served.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._book = read_book(settings.book)
        self._opened: Future[Assistant] = Future()

    @property
    def book(self) -> Book:
        """The book that answers come from."""
        return self._book

    @property
    def is_ready(self) -> bool:
        """Whether the index is open."""
        return self._opened.done() and self._opened.exception() is None

    def start(self, *, failed: Callable[[], None]) -> None:
        """Open the index on a thread of its own.

        Parameters
        ----------
        failed : callable
            Called where it cannot be opened; `check` then raises the reason.
        """
        Thread(target=self._open, args=(failed,), name="opening", daemon=True).start()

    def stream(self, input: Question) -> Generator[Answer]:
        """Give the answer as it grows; wait for the index first."""
        yield from self._opened.result().stream(input)

    def check(self) -> None:
        """Raise what kept the index from being opened, if anything has so far."""
        if self._opened.done():
            self._opened.result()

    def _open(self, failed: Callable[[], None]) -> None:
        try:
            assistant = open_on(self._book, self._settings)
            # Questions are answered side by side; products of matrices that spread over all
            # cores as well only wait for each other, busily (twice the processor time, measured).
            threadpool_limits(1, user_api="blas")
            self._opened.set_result(assistant)
        except Exception as error:  # handed on to whoever waits, on the threads that they wait on
            self._opened.set_exception(error)
            failed()
