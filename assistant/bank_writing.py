"""Have a language model write the question bank of a book: bounded, resumable, paid for once.

Every usable reply is kept on disk under a hash of what was asked and of whom. After an
interruption, or where the book was changed at one place, the same command asks for what is missing
and nothing else. The bank itself is put together from the replies at the end, whole or not at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path
from threading import Event

from assistant.errors import BankInterruptedError, ModelFaultError
from assistant.expansion import (
    Estimate,
    Request,
    answers_enough,
    estimate,
    plan,
    read_reply,
    sift,
)
from assistant.model import LanguageModel
from index.bank import BankQuestion, dump_questions, load_questions, written_bank
from index.errors import UnwritableDataError
from ingest.document import Book

_AT_ONCE = 4  # requests
_ATTEMPTS = 2  # at one request, beside the client library's retries
_IN_A_ROW = 4  # requests that fail before all is given up
_HOPELESS = frozenset({400, 401, 403, 404})  # whatever is asked next fails as well
_UNUSABLE = "模型写的不是所要的格式"

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Written:
    """A bank that was written."""

    questions: int
    dropped: Counter[str]  # questions left out, by the reason, in Chinese
    bare: int  # places without a question
    failed: Counter[str]  # requests without a usable reply, by the reason; asked again next time


class BankWriter:
    """Writes the question bank of one book.

    Parameters
    ----------
    book : Book
    model_name : str
        As it is set; another model is asked anew.
    data_dir : Path
        The bank and the replies are kept below it.
    """

    def __init__(self, book: Book, model_name: str, data_dir: Path) -> None:
        self._book = book
        self._data_dir = data_dir
        self._requests = plan(book)
        self._files = {
            request: data_dir / "banks" / "replies" / f"{_key(request, model_name)}.jsonl"
            for request in self._requests
        }

    def estimate(self) -> Estimate:
        """Estimate the cost of what was not asked yet."""
        return estimate(self._pending())

    def write(self, model: LanguageModel, *, progress: Progress | None = None) -> Written:
        """Ask for what is missing, and write the bank.

        Parameters
        ----------
        model : LanguageModel
        progress : callable, optional
            Called with the requests done and those of the whole book.

        Raises
        ------
        BankInterruptedError
            If the endpoint refuses in a way that no further request would mend, or several requests
            in a row fail. What was replied till then is kept.
        UnwritableDataError
            If the data folder cannot be written.
        """
        failed = self._ask_all(self._pending(), model, progress)
        asked = [request for request in self._requests if request not in failed]
        replies = (question for r in asked for question in load_questions(self._files[r]))
        kept, dropped = sift(replies, self._requests)
        self._dump(kept, written_bank(self._book, self._data_dir))
        places = {place.key for request in self._requests for place in request.places}
        bare = len(places - {question.place for question in kept})
        return Written(len(kept), dropped, bare, Counter(map(str, failed.values())))

    def _pending(self) -> list[Request]:
        return [request for request in self._requests if not self._files[request].exists()]

    def _ask_all(
        self, pending: Sequence[Request], model: LanguageModel, progress: Progress | None
    ) -> dict[Request, ModelFaultError]:
        """Put requests to the model, several at once; gives those that failed, and why."""
        failed: dict[Request, ModelFaultError] = {}
        total, in_a_row = len(self._requests), 0
        left, stop = iter(pending), Event()
        running: dict[Future[ModelFaultError | None], Request] = {}
        with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="bank") as pool:
            try:
                while True:
                    for request in islice(left, _AT_ONCE - len(running)):
                        running[pool.submit(self._ask, request, model, stop)] = request
                    if not running:
                        return failed
                    for ended in wait(running, return_when=FIRST_COMPLETED).done:
                        request, fault = running.pop(ended), ended.result()
                        in_a_row = in_a_row + 1 if fault else 0
                        done = total - len(self._pending())
                        if fault and (in_a_row == _IN_A_ROW or fault.status in _HOPELESS):
                            raise BankInterruptedError(fault, done=done, total=total)
                        if fault:
                            failed[request] = fault
                        if progress:
                            progress(done, total)
            except KeyboardInterrupt:
                stop.set()  # what is under way ends at its next piece; else it is waited for
                raise

    def _ask(self, request: Request, model: LanguageModel, stop: Event) -> ModelFaultError | None:
        """Put one request to the model and keep the reply; gives what went wrong."""
        fault = None
        for _ in range(_ATTEMPTS):
            try:
                text = _read(request, model, stop)
            except ModelFaultError as error:
                fault = error
                if error.status in _HOPELESS:
                    break
                continue
            if text is None:
                break
            questions = read_reply(text, request)
            if answers_enough(questions, request):
                self._dump(questions, self._files[request])
                return None
            fault = ModelFaultError(_UNUSABLE)
        return fault

    def _dump(self, questions: Sequence[BankQuestion], path: Path) -> None:
        try:
            dump_questions(questions, path)
        except OSError as error:
            raise UnwritableDataError(self._data_dir, reason=str(error)) from error


def _read(request: Request, model: LanguageModel, stop: Event) -> str | None:
    """Read the whole reply; None where all is to stop before it came to its end."""
    text = ""
    with closing(model.stream(request.messages)) as pieces:
        for piece in pieces:
            text += piece
            if stop.is_set():
                return None
    return text


def _key(request: Request, model_name: str) -> str:
    asked = "\0".join([model_name, *(text for _, text in request.messages)])
    return sha256(asked.encode()).hexdigest()[:24]
