"""Answers to judge, made of a few words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from assistant.answer import Answer, Citation, Note
from evals.dataset import Item
from evals.metrics import Outcome
from evals.scoring import judge
from evals.support import support
from ingest.document import Book


def make_citation(
    quote: str, *, chapter: int | None = 1, footnotes: Sequence[int] = (), place: str = "引言"
) -> Citation:
    """Cite a quote; `place` names where it stands outside the chapters."""
    return Citation(
        chapter=chapter,
        chapter_title="选书" if chapter else place,
        section="",
        pages=None,
        footnotes=tuple(footnotes),
        quote=quote,
        passage_id="",
    )


def make_answer(
    text: str, *citations: Citation, notes: Sequence[Note] = (), answered: bool = True
) -> Answer:
    """Answer with a text."""
    return Answer(
        question="问",
        answered=answered,
        answer=text,
        citations=citations,
        notes=tuple(notes),
    )


def make_item(item_id: str = "1", **fields: object) -> Item:
    """Ask something; a fact is expected unless told otherwise."""
    facts = {} if fields.get("answerable") is False or "facts" in fields else {"facts": (("74%",),)}
    return Item.model_validate({"id": item_id, "question": "问什么？", **facts, **fields})


@pytest.fixture
def outcome_of(small: Book) -> Callable[..., Outcome]:
    """Give the function that judges an answer on the small book."""

    def judged(
        item: Item,
        answer: Answer,
        *,
        seconds: float = 0.0,
        ranking: Sequence[str] = (),
        relevant: Sequence[str] = (),
    ) -> Outcome:
        return Outcome(
            item=item,
            answer=answer,
            judgement=judge(item, answer, small.source),
            support=support(answer, small),
            seconds=seconds,
            ranking=tuple(ranking),
            relevant=tuple(relevant),
        )

    return judged
