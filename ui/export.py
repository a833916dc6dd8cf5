"""A conversation as a Markdown file, with every quote and source that it rests on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from assistant.answer import Answer, Citation
from ingest.document import Book
from ui.chips import is_borne_out
from ui.conversation import Exchange
from ui.words import Words

_SIGNS = re.compile(r"([\\`*_{}<>#|!])")


def export_markdown(exchanges: Sequence[Exchange], book: Book, words: Words, *, today: date) -> str:
    """Write a conversation down.

    Parameters
    ----------
    exchanges : sequence of Exchange
    book : Book
        Where the sources of the notes are taken from; a quote that it does not bear out is
        marked as such.
    words : Words
        For headings and labels; what was answered stays as it is.
    today : date
    """
    head = f"# {words.exported}\n\n{today.isoformat()}\n"
    return "\n".join([head, *(_exchange(exchange, book, words) for exchange in exchanges)])


def _exchange(exchange: Exchange, book: Book, words: Words) -> str:
    answer = exchange.answer
    pieces = [f"## {_plain(exchange.question)}", _paragraphs(answer.answer)]
    if answer.notice:
        pieces.insert(1, _plain(answer.notice))
    if answer.citations:
        cited = dict.fromkeys(answer.citations)  # a written answer may cite a place twice
        quotes = "\n".join(_citation(c, book, words) for c in cited)
        pieces.append(f"**{words.quotes}**\n\n{quotes}")
    if answer.unsupported:
        lines = (f"- ~~{_plain(s.sentence)}~~（{_plain(s.reason)}）" for s in answer.unsupported)
        pieces.append(f"**{words.unsupported}**\n\n" + "\n".join(lines))
    sources = "\n".join(_sources(answer, book, words))
    if sources:
        pieces.append(f"**{words.sources}**\n\n{sources}")
    return "\n\n".join(pieces) + "\n"


def _paragraphs(text: str) -> str:
    return "\n\n".join(map(_plain, text.split("\n")))


def _citation(citation: Citation, book: Book, words: Words) -> str:
    number, title, pages = citation.chapter, citation.chapter_title, citation.pages
    place = words.chapter.format(number=number, title=title) if number else title
    parts = [f"{_plain(place)} · {_plain(citation.section)}"]
    if pages:
        parts.append(words.pages.format(first=pages[0], last=pages[1]))
    parts += [words.note.format(number=number) for number in citation.footnotes]
    doubt = "" if is_borne_out(citation, book) else words.doubtful
    quote = _plain(" ".join(citation.quote.replace("**", "").split("\n")))
    return f"- {words.between_parts.join(parts)}{doubt}\n  > {quote}"


def _sources(answer: Answer, book: Book, words: Words) -> list[str]:
    known = (book.notes_by_number.get(note.number) for note in answer.notes)
    return [
        f"- {words.note.format(number=note.number)}{words.colon}{_plain(note.text)}"
        for note in known
        if note
    ]


def _plain(text: str) -> str:
    """Keep text from being read as Markdown."""
    return _SIGNS.sub(r"\\\1", text.replace("\n", " "))
