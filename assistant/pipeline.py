"""The assistant: a langchain Runnable from a question to a checked answer.

One pipeline of named steps, each a function of typed values:
understand → retrieve → select → compose → check.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from langchain_core.runnables import Runnable, RunnableConfig

from assistant.answer import Answer, Question
from assistant.checking import check
from assistant.composing import grow
from assistant.evidence import Selection
from assistant.refusal import refuse_unanswered, refuse_unknown_place
from assistant.retrieval import Retrieved, Retriever, Weights
from assistant.selection import (
    select_actions,
    select_check,
    select_comparison,
    select_facts,
    wants_list,
)
from assistant.settings import Settings
from assistant.structure import (
    select_outline,
    select_reverse,
    select_source,
    select_speaker,
    select_speakers,
    study_asked_of,
)
from assistant.understanding import understand
from index.embedding import Embedder, embedder
from index.store import GuideIndex, Progress, open_index
from ingest.document import Book
from ingest.parse import read_book


def open_assistant(settings: Settings, *, progress: Progress | None = None) -> Assistant:
    """Open the assistant on the book that the settings name, indexing it first where needed.

    Raises
    ------
    BookError
        If the book cannot be read or parsed, the embedder cannot be had, or the index cannot be
        written.
    """
    book = read_book(settings.book)
    key = settings.embedder_api_key.get_secret_value() if settings.embedder_api_key else None
    chosen = embedder(settings.embedder, base_url=settings.embedder_base_url, key=key)
    return Assistant(open_index(book, chosen, settings.data_dir, progress=progress))


class Assistant(Runnable[Question | str, Answer]):
    """Answers questions from one indexed book.

    `invoke` and `batch` give whole answers; `stream` gives growing ones, sentence by sentence,
    each of them checked, the last one whole. The async twins do the same. A citation that does not
    hold raises `BrokenCitationError`: a defect, never an answer.
    """

    def __init__(self, index: GuideIndex, weights: Weights | None = None) -> None:
        self._index = index
        self.retriever = Retriever(index, weights)

    @property
    def book(self) -> Book:
        """The book that answers come from."""
        return self._index.book

    @property
    def embedder(self) -> Embedder:
        """What turns texts into the vectors of the index."""
        return self._index.embedder

    def invoke(
        self, input: Question | str, config: RunnableConfig | None = None, **kwargs: object
    ) -> Answer:
        """Answer a question."""
        *_, answer = self.stream(input, config, **kwargs)
        return answer

    def stream(
        self, input: Question | str, config: RunnableConfig | None = None, **kwargs: object
    ) -> Iterator[Answer]:
        """Give the answer as it grows: one more checked sentence each time, the last one whole."""
        started = time.perf_counter()
        question = input if isinstance(input, Question) else Question(question=input)
        query = understand(question, self.book)
        selection = select(self.retriever.retrieve(query), self.book)
        for answer in grow(query, selection, self.book):
            checked = check(answer, self.book)
            yield checked.model_copy(update={"seconds": time.perf_counter() - started})


def select(found: Retrieved, book: Book) -> Selection:
    """Choose what to answer with: from the book's structure, else from its sentences."""
    return (
        refuse_unknown_place(found, book)
        or _from_structure(found, book)
        or refuse_unanswered(found, book)
        or _from_sentences(found, book)
    )


def _from_structure(found: Retrieved, book: Book) -> Selection | None:
    """Answer a question about the book itself; None where it is none."""
    study = study_asked_of(found.query, book)
    if study:
        return select_reverse(study, found.query, book)
    match found.query.intent:
        case "outline":
            return select_outline(found, book)
        case "source":
            return select_source(found, book)
        case "speakers":
            return select_speakers(found, book)
        case "speaker":
            return select_speaker(found, book)
        case _:
            return None


def _from_sentences(found: Retrieved, book: Book) -> Selection:
    match found.query.intent:
        case "compare":
            return select_comparison(found, book)
        case "check" if found.query.figures:
            return select_check(found)
        case _ if wants_list(found):
            return select_actions(found, book)
        case "check":
            return select_check(found)
        case _:
            return select_facts(found)
