"""The assistant: a langchain Runnable from a question to a checked answer.

One pipeline of named steps, each a function of typed values:
understand → retrieve → select → compose → check.

With a language model, what needs no writing is still answered without it: unknown places, the
structure of the book, refusals, figures to be checked. Everything else the model writes and
`assistant.writing` verifies, with the extractive selection to fall back on.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import closing
from dataclasses import replace

from langchain_core.runnables import Runnable, RunnableConfig

from assistant.answer import Answer, Question
from assistant.checking import check
from assistant.composing import grow
from assistant.errors import ModelFaultError
from assistant.evidence import Selection
from assistant.model import open_model
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
)
from assistant.studies import study_asked_of
from assistant.understanding import understand
from assistant.verifying import Verifier
from assistant.writing import Writer, fall_back
from index.embedding import Embedder, embedder
from index.store import GuideIndex, Progress, open_index
from ingest.document import Book
from ingest.parse import read_book


def open_assistant(settings: Settings, *, progress: Progress | None = None) -> Assistant:
    """Open the assistant on the book that the settings name, indexing it first where needed.

    Raises
    ------
    BookError
        If the book cannot be read or parsed, the embedder or the language model cannot be had, or
        the index cannot be written.
    """
    return open_on(read_book(settings.book), settings, progress=progress)


def open_on(book: Book, settings: Settings, *, progress: Progress | None = None) -> Assistant:
    """Open the assistant on a book that is already read.

    Raises
    ------
    BookError
        If the embedder or the language model cannot be had, or the index cannot be written.
    """
    key = settings.embedder_api_key.get_secret_value() if settings.embedder_api_key else None
    model = open_model(settings)
    chosen = embedder(settings.embedder, base_url=settings.embedder_base_url, key=key)
    index = open_index(book, chosen, settings.data_dir, progress=progress)
    if model is None:
        return Assistant(index)
    writer = Writer(model, Verifier(index), max_tokens=settings.llm_passage_tokens)
    return Assistant(index, writer=writer)


class Assistant(Runnable[Question | str, Answer]):
    """Answers questions from one indexed book.

    `invoke` and `batch` give whole answers; `stream` gives growing ones, sentence by sentence,
    each of them checked, the last one whole. The async twins do the same. A citation that does not
    hold raises `BrokenCitationError`: a defect, never an answer.

    Parameters
    ----------
    index : GuideIndex
    weights : Weights, optional
    writer : Writer, optional
        Writes answers with a language model; without one they quote the book.
    """

    def __init__(
        self, index: GuideIndex, weights: Weights | None = None, *, writer: Writer | None = None
    ) -> None:
        self._index = index
        self._writer = writer
        self.retriever = Retriever(index, weights)

    @property
    def book(self) -> Book:
        """The book that answers come from."""
        return self._index.book

    @property
    def index(self) -> GuideIndex:
        """The index of the book."""
        return self._index

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
    ) -> Generator[Answer]:
        """Give the answer as it grows: one more checked sentence each time, the last one whole.

        While a language model writes, an answer comes at least every half second, grown or not, so
        that whoever reads can break off at any time by closing the iterator.
        """
        started = time.perf_counter()
        question = input if isinstance(input, Question) else Question(question=input)
        query = understand(question, self.book)
        found = self.retriever.retrieve(query)
        if self._writer:
            growing = self._write(self._writer, found)
        else:
            growing = grow(query, select(found, self.book), self.book)
        with closing(growing):
            for answer in growing:
                checked = check(answer, self.book)
                yield checked.model_copy(update={"seconds": time.perf_counter() - started})

    def _write(self, writer: Writer, found: Retrieved) -> Generator[Answer]:
        """Answer with the language model what needs writing."""
        question = found.query.question
        if question.history and not _from_the_book(found, self.book):
            try:
                alone = yield from writer.condense(question)
            except ModelFaultError as fault:
                yield fall_back(found, select(found, self.book), self.book, reason=str(fault))
                return
            if alone != question.question:  # else our own reading of the conversation stands
                query = understand(Question(question=alone), self.book)
                found = self.retriever.retrieve(replace(query, question=question))
        settled = settle(found, self.book)
        if settled:
            yield from grow(found.query, settled, self.book)
        else:
            yield from writer.write(found, select_from_sentences(found, self.book), self.book)


def select(found: Retrieved, book: Book) -> Selection:
    """Choose what to answer with: from the book's structure, else from its sentences."""
    return settle(found, book) or select_from_sentences(found, book)


def settle(found: Retrieved, book: Book) -> Selection | None:
    """Choose what to answer where that needs no writing; None where it does."""
    return _from_the_book(found, book) or refuse_unanswered(found, book) or _figures_checked(found)


def _from_the_book(found: Retrieved, book: Book) -> Selection | None:
    return refuse_unknown_place(found, book) or _from_structure(found, book)


def _figures_checked(found: Retrieved) -> Selection | None:
    """Hold the figures that a question states against the book; None where it asks for more."""
    checks = found.query.intent == "check" and found.query.figures
    return select_check(found) if checks and not wants_list(found) else None


def _from_structure(found: Retrieved, book: Book) -> Selection | None:
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


def select_from_sentences(found: Retrieved, book: Book) -> Selection:
    """Answer from the sentences found, in the form that the question asks for."""
    match found.query.intent:
        case "compare":
            return select_comparison(found, book)
        case _ if wants_list(found):
            return select_actions(found, book)
        case "check":
            return select_check(found)
        case _:
            return select_facts(found)
