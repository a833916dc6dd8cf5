"""Step 5, check: every citation against the book, before anybody sees the answer.

The other steps are meant to give exact quotes with their own marks. This one trusts none of them:
it looks each citation up again, so that a wrong chapter, a lost footnote or an altered figure is an
error of ours and never an answer.
"""

from __future__ import annotations

from assistant.answer import Answer, Citation
from assistant.composing import DAMAGED
from assistant.errors import BrokenCitationError
from ingest.document import Book
from ingest.normalise import compact


def check(answer: Answer, book: Book) -> Answer:
    """Give the answer back where every citation of it holds.

    Raises
    ------
    BrokenCitationError
        If a quote does not stand in its passage, or not in the answer letter for letter; if
        chapter, pages or footnotes are not the passage's; or if a note is not the book's.
    """
    said = compact(answer.answer.replace(DAMAGED, ""))
    for citation in answer.citations:
        _check_citation(citation, said, book)
    for note in answer.notes:
        if note.text != book.notes_by_number[note.number].text:
            raise BrokenCitationError(str(note.number), reason="注释与书中不同")
    missing = {n for c in answer.citations for n in c.footnotes} - {n.number for n in answer.notes}
    if missing:
        raise BrokenCitationError(str(sorted(missing)), reason="缺少所引的注释")
    return answer


def _check_citation(citation: Citation, said: str, book: Book) -> None:
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
    if compact(citation.quote) not in said:
        raise BrokenCitationError(passage.id, reason="回答改动了引文")
