"""What to ask next: questions that the structure of the book suggests after an answer."""

from __future__ import annotations

from assistant.answer import Answer
from ingest.document import Book, Passage

_LIMIT = 3


def suggest(answer: Answer, book: Book) -> tuple[str, ...]:
    """Suggest the next questions; none after a refusal, which offers chapters instead."""
    cited = [book.passages_by_id.get(citation.passage_id) for citation in answer.citations]
    places = [passage for passage in cited if passage is not None]
    if not answer.answered or not places:
        return ()
    passage = places[0]
    suggestions = [*_other_half(passage), *_source(answer), *_next_topic(passage, book)]
    return tuple(s for s in dict.fromkeys(suggestions) if s != answer.question)[:_LIMIT]


def _other_half(passage: Passage) -> list[str]:
    section = passage.section
    if section.kind == "know":
        return [f"{_place(passage)}讲到“{section.label}”，需要采取哪些行动？"]
    if section.kind == "act":
        return [f"{_place(passage)}讲到“{section.label}”，有哪些数据？"]
    return []


def _source(answer: Answer) -> list[str]:
    return [f"注 {note.number} 的来源是什么？" for note in answer.notes[:1]]


def _next_topic(passage: Passage, book: Book) -> list[str]:
    division = passage.section.division
    labels = dict.fromkeys(
        section.label
        for section in book.sections
        if section.division.key == division.key and section.topic
    )
    others = [label for label in labels if label != passage.section.label]
    return [f"{_place(passage)}讲到“{label}”，需要了解什么？" for label in others]


def _place(passage: Passage) -> str:
    return passage.section.division.label.replace(" ", "")
