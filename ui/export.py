"""A conversation as a Markdown file, with every quote and source that it rests on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from assistant.answer import Answer, Citation
from ingest.document import Book
from ui.chips import is_borne_out
from ui.conversation import Exchange

_SIGNS = re.compile(r"([\\`*_{}<>#|!])")


def export_markdown(exchanges: Sequence[Exchange], book: Book, *, today: date) -> str:
    """Write a conversation down.

    Parameters
    ----------
    exchanges : sequence of Exchange
    book : Book
        Where the sources of the notes are taken from; a quote that it does not bear out is
        marked as such.
    today : date
    """
    head = f"# 《CEO 生成式 AI 行动指南》问答\n\n{today.isoformat()}\n"
    return "\n".join([head, *(_exchange(exchange, book) for exchange in exchanges)])


def _exchange(exchange: Exchange, book: Book) -> str:
    answer = exchange.answer
    pieces = [f"## {_plain(exchange.question)}", _paragraphs(answer.answer)]
    if answer.notice:
        pieces.insert(1, _plain(answer.notice))
    if answer.citations:
        cited = dict.fromkeys(answer.citations)  # a written answer may cite a place twice
        pieces.append("**引文**\n\n" + "\n".join(_citation(c, book) for c in cited))
    if answer.unsupported:
        lines = (f"- ~~{_plain(s.sentence)}~~（{_plain(s.reason)}）" for s in answer.unsupported)
        pieces.append("**未经证实，不算作回答**\n\n" + "\n".join(lines))
    sources = _sources(answer, book)
    if sources:
        pieces.append("**出处**\n\n" + "\n".join(sources))
    return "\n\n".join(pieces) + "\n"


def _paragraphs(text: str) -> str:
    return "\n\n".join(map(_plain, text.split("\n")))


def _citation(citation: Citation, book: Book) -> str:
    number = citation.chapter
    place = f"第 {number} 章《{citation.chapter_title}》" if number else citation.chapter_title
    pages = citation.pages
    printed = f"，第 {pages[0]}–{pages[1]} 页" if pages else ""
    notes = "、".join(map(str, citation.footnotes))
    called = f"，注 {notes}" if notes else ""
    doubt = "" if is_borne_out(citation, book) else "（未能在书中核对）"
    quote = _plain(" ".join(citation.quote.replace("**", "").split("\n")))
    return f"- {_plain(place)} · {_plain(citation.section)}{printed}{called}{doubt}\n  > {quote}"


def _sources(answer: Answer, book: Book) -> list[str]:
    known = (book.notes_by_number.get(note.number) for note in answer.notes)
    return [f"- 注 {note.number}：{_plain(note.text)}" for note in known if note]


def _plain(text: str) -> str:
    """Keep text from being read as Markdown."""
    return _SIGNS.sub(r"\\\1", text.replace("\n", " "))
