"""What to ask next: questions that the structure of the book suggests after an answer.

They quote the headings of the book, by which the assistant finds the section again; a bare label
("治理") stands in several chapters.
"""

from __future__ import annotations

from assistant.answer import Answer
from ingest.document import Book, Passage, Section
from ui.words import Words

_LIMIT = 3


def suggest(answer: Answer, book: Book, words: Words) -> tuple[str, ...]:
    """Suggest the next questions; none after a refusal, which offers chapters instead."""
    cited = [book.passages_by_id.get(citation.passage_id) for citation in answer.citations]
    places = [passage for passage in cited if passage is not None]
    if not answer.answered or not places:
        return ()
    passage = places[0]
    suggestions = [
        *_other_half(passage, book),
        *_source(answer, words),
        *_next_topics(passage, book),
    ]
    return tuple(s for s in dict.fromkeys(suggestions) if s != answer.question)[:_LIMIT]


def _other_half(passage: Passage, book: Book) -> list[str]:
    """Ask for the actions where the facts were shown, and the other way round."""
    here = passage.section
    return [
        _question(section)
        for section in _topics(passage, book)
        if section.topic == here.topic and section.kind != here.kind
    ]


def _source(answer: Answer, words: Words) -> list[str]:
    return [words.ask_source.format(number=note.number) for note in answer.notes[:1]]


def _next_topics(passage: Passage, book: Book) -> list[str]:
    return [
        _question(section)
        for section in _topics(passage, book)
        if section.topic != passage.section.topic and section.kind == "act"
    ]


def _topics(passage: Passage, book: Book) -> list[Section]:
    return [
        section
        for section in book.sections
        if section.division.key == passage.section.division.key
        and section.topic
        and section.heading
    ]


def _question(section: Section) -> str:
    heading = section.heading.rstrip("。")
    if section.kind == "act":
        return f"如何做到“{heading}”？"
    return f"{section.division.label}说“{heading}”，有哪些数据支持？"
