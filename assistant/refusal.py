"""When the guide does not say: the evidence threshold, and what is said instead."""

from __future__ import annotations

from assistant.evidence import Selection, refuse
from assistant.retrieval import Retrieved
from ingest.document import Book

THRESHOLD = 1.0  # of a passage's score; see evals


def refusal(found: Retrieved, book: Book) -> Selection | None:
    """Refuse where the book has no such chapter or note, or holds too little evidence."""
    query = found.query
    chapters = {division.number for division in book.chapters}
    missing = [number for number in query.chapters if number not in chapters]
    near = _nearest(found)
    if missing:
        return refuse(f"本书没有第 {missing[0]} 章，正文共 {len(chapters)} 章。", near)
    unknown = [number for number in query.notes if number not in book.notes_by_number]
    if unknown:
        return refuse(f"本书没有注 {unknown[0]}，注释共 {len(book.footnotes)} 条。")
    if not found.hits or found.hits[0].score < THRESHOLD:
        return refuse("本书没有谈到这个问题。", near)
    return None


def _nearest(found: Retrieved) -> tuple[str, ...]:
    """Name the divisions of the best passages, two at most."""
    keys = dict.fromkeys(hit.passage.section.division.key for hit in found.hits[:5])
    return tuple(keys)[:2]
