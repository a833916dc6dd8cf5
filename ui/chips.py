"""Citation chips: the marks of an answer's text, each joined with the citation that it stands for.

A mark that no citation bears out stays plain text: it is shown, but it opens nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.answer import Citation
from ingest.document import Book

_MARK = re.compile(r"\[[^\[\]\n]{1,40}\]")


@dataclass(frozen=True, slots=True)
class Chip:
    """A mark that opens its passage."""

    place: str  # of the mark: "第4章", "引言"
    chapter: int | None
    notes: tuple[int, ...]
    passage_id: str
    start: int  # of the quote, in code points within the passage
    end: int


def split_text(text: str, citations: Sequence[Citation], book: Book) -> Iterator[str | Chip]:
    """Split an answer's text into plain runs and chips, in order.

    Equal marks take their citations in the order in which these stand; a mark that comes more
    often than its citations takes the last of them.
    """
    waiting: dict[str, list[Citation]] = {}
    for citation in citations:
        waiting.setdefault(mark_of(citation), []).append(citation)
    last = 0
    for match in _MARK.finditer(text):
        candidates = waiting.get(match[0])
        if not candidates:
            continue
        citation = candidates.pop(0) if len(candidates) > 1 else candidates[0]
        chip = _chip(citation, book)
        if chip is None:
            continue
        yield text[last : match.start()]
        yield chip
        last = match.end()
    yield text[last:]


def mark_of(citation: Citation) -> str:
    """Give the mark that stands for a citation in an answer's text."""
    notes = "、".join(map(str, citation.footnotes))
    return f"[{_place(citation)}·注{notes}]" if notes else f"[{_place(citation)}]"


def is_borne_out(citation: Citation, book: Book) -> bool:
    """Tell whether the book holds the quote at the place that the citation names."""
    return _chip(citation, book) is not None


def _place(citation: Citation) -> str:
    if citation.chapter is None:
        return citation.chapter_title.replace(" ", "")
    return f"第{citation.chapter}章"


def _chip(citation: Citation, book: Book) -> Chip | None:
    passage = book.passages_by_id.get(citation.passage_id)
    start = passage.text.find(citation.quote) if passage and citation.quote else -1
    if start < 0:
        return None
    return Chip(
        place=_place(citation),
        chapter=citation.chapter,
        notes=citation.footnotes,
        passage_id=citation.passage_id,
        start=start,
        end=start + len(citation.quote),
    )
