"""Step 5, check: every citation against the book, before anybody sees the answer.

The other steps are meant to give exact quotes with their own marks. This one trusts none of them:
it looks each citation up again, so that a wrong chapter, a lost footnote or an altered figure is an
error of ours and never an answer. An answer that a model wrote does not repeat the quotes that bear
it out (`assistant.verifying` has compared the two): there the marks are held against the citations.
"""

from __future__ import annotations

import re

from assistant.answer import Answer, Citation
from assistant.composing import DAMAGED, mark_of
from assistant.errors import BrokenCitationError
from ingest.document import Book
from ingest.normalise import compact

_BRACKETED = re.compile(r"\[[^\[\]]*\]")


def check(answer: Answer, book: Book) -> Answer:
    """Give the answer back where every citation of it holds.

    Raises
    ------
    BrokenCitationError
        If a quote does not stand in its passage, or not in an extractive answer letter for letter;
        if the marks of a written answer are not those of its citations, one by one; if chapter,
        pages or footnotes are not the passage's; or if a note is not the book's.
    """
    for citation in answer.citations:
        _check_citation(citation, book)
    if answer.mode == "llm":
        _check_marks(answer, book)
    else:
        _check_quotes(answer)
    for note in answer.notes:
        if note.text != book.notes_by_number[note.number].text:
            raise BrokenCitationError(str(note.number), reason="注释与书中不同")
    missing = {n for c in answer.citations for n in c.footnotes} - {n.number for n in answer.notes}
    if missing:
        raise BrokenCitationError(str(sorted(missing)), reason="缺少所引的注释")
    return answer


def _check_quotes(answer: Answer) -> None:
    said = compact(answer.answer.replace(DAMAGED, ""))
    for citation in answer.citations:
        if compact(citation.quote) not in said:
            raise BrokenCitationError(citation.passage_id, reason="回答改动了引文")


def _check_marks(answer: Answer, book: Book) -> None:
    places = (book.passages_by_id[c.passage_id].section.division for c in answer.citations)
    due = [mark_of(p, c.footnotes) for p, c in zip(places, answer.citations, strict=True)]
    if answer.answered and _BRACKETED.findall(answer.answer) != due:
        raise BrokenCitationError("、".join(due) or "回答", reason="标记与引文不是一一对应")


def _check_citation(citation: Citation, book: Book) -> None:
    passage = book.passages_by_id.get(citation.passage_id)
    if passage is None:
        raise BrokenCitationError(citation.passage_id, reason="书中没有这个段落")
    division = passage.section.division
    start = passage.text.find(citation.quote)
    if start < 0:
        raise BrokenCitationError(passage.id, reason="引文不是书中原文")
    if (citation.chapter, citation.pages) != (division.number, division.pages):
        raise BrokenCitationError(passage.id, reason="章节或页码不符")
    first, last = passage.start + start, passage.start + start + len(citation.quote)
    quoted = (s for s in passage.sentences if first <= s.start and s.end <= last)
    if set(citation.footnotes) != {note for sentence in quoted for note in sentence.notes}:
        raise BrokenCitationError(passage.id, reason="注号不符")
