"""An answer as the page shows it: one block of HTML, in which all text is escaped.

The chat shows Markdown, so that any text could become a link or an image fetched from outside.
Inside a block of HTML without blank lines no Markdown is read: text stays text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from assistant.answer import Answer, Note, Unsupported
from assistant.english import is_english
from ingest.document import Book
from ui.chips import Chip, split_text
from ui.words import Words

_OURS = re.compile(r"(?:The|See|From|Note|Chapter) ")
_TITLE = re.compile(r"《[^》]*》")
_NUMBERED = re.compile(r"\d+\. ")


def question_html(question: str) -> str:
    """Give a question as the page shows it."""
    return f'<div class="asked">{_text(question)}</div>'


def pending_html(words: Words) -> str:
    """Give what stands in the place of an answer until its first sentence is there."""
    return f'<div class="answer pending"><p>{_text(words.thinking)}</p></div>'


def answer_html(answer: Answer, book: Book, words: Words, *, whole: bool = True) -> str:
    """Give an answer as the page shows it.

    Parameters
    ----------
    answer : Answer
    book : Book
        Decides which marks open a passage.
    words : Words
    whole : bool
        False while the answer grows: its sources and buttons come at the end.
    """
    if not whole and not (answer.answer or answer.draft or answer.unsupported):
        return pending_html(words)
    said = answer.notice and _of_book(_text(answer.notice), words)
    notice = f'<p class="notice">{said}</p>' if said else ""
    body = _body(answer, book, words) if answer.answered else _refusal(answer, book, words)
    draft = _draft(answer.draft, words) if answer.draft else ""
    aside = _aside(answer.unsupported, words) if answer.unsupported else ""
    foot = _foot(answer, words) if whole else ""
    kind = "answer" if answer.answered else "answer refusal"
    return f'<div class="{kind}">{notice}{body}{draft}{aside}{foot}</div>'


def _draft(draft: str, words: Words) -> str:
    shown = _of_book(_text(draft), words)
    return f'<p class="draft">{shown}<span>{_text(words.checking)}</span></p>'


def _aside(unsupported: Sequence[Unsupported], words: Words) -> str:
    lines = "".join(
        f"<p><del>{_of_book(_text(one.sentence), words)}</del>"
        f'<span class="tag">{_text(words.unsupported)}</span>'
        f'<span class="reason">{_of_book(_text(one.reason), words)}</span></p>'
        for one in unsupported
    )
    return f'<div class="unsupported"><p class="lead">{_text(words.set_aside)}</p>{lines}</div>'


def _body(answer: Answer, book: Book, words: Words) -> str:
    lines: list[list[str | Chip]] = [[]]
    for part in split_text(answer.answer, answer.citations, book):
        if isinstance(part, Chip):
            lines[-1].append(part)
            continue
        first, *rest = part.split("\n")
        lines[-1].append(first)
        lines.extend([line] for line in rest)
    shown = [line for line in lines if any(line)]
    return "".join(_paragraph(line, words) for line in shown)


def _paragraph(line: list[str | Chip], words: Words) -> str:
    first = line[0]
    numbered = _NUMBERED.match(first) if isinstance(first, str) else None
    if numbered and isinstance(first, str):
        number, line = numbered[0].strip(), [first[numbered.end() :], *line[1:]]
        said = f'<span class="words">{_run(line, words)}</span>'
        return f'<p class="step"><span class="number">{number}</span>{said}</p>'
    return f"<p>{_run(line, words)}</p>"


def _run(line: list[str | Chip], words: Words) -> str:
    return "".join(
        _chip(part, words) if isinstance(part, Chip) else _of_book(_text(part), words)
        for part in line
    )


def _of_book(html: str, words: Words) -> str:
    """Mark what is Chinese on a page in another language, for whoever has it read out."""
    if words.language == "zh" or is_english(html):
        return html
    if _OURS.match(html):  # ours, with titles of the book in it
        return _TITLE.sub(r'<span lang="zh-CN">\g<0></span>', html)
    return f'<span lang="zh-CN">{html}</span>'


def _chip(chip: Chip, words: Words) -> str:
    place = words.chapter_mark.format(number=chip.chapter) if chip.chapter else chip.place
    numbers = words.between_numbers.join(map(str, chip.notes))
    label = place + (words.note_mark.format(numbers=numbers) if numbers else "")
    target = f"#src-{chip.passage_id}:{chip.start}-{chip.end}"
    return f'<a class="chip" href="{escape(target)}">{_text(label)}</a>'


def _refusal(answer: Answer, book: Book, words: Words) -> str:
    text = _of_book(_text(answer.answer), words)
    links = "".join(
        f'<a class="near" href="#ch-{division.number}">{_of_book(_text(name), words)}</a>'
        for division in book.chapters
        if f"《{division.title}》" in answer.answer
        for name in (f"{division.label} {division.title}",)
    )
    # The sentence names them already; in Chinese, which not everybody here reads.
    is_told = words.language == "zh" or bool(_OURS.match(answer.answer))
    label = "" if is_told else f"<span>{_text(words.nearest)}</span>"
    nearest = f'<p class="nearest">{label}{links}</p>' if links else ""
    return f'<p class="verdict">{_text(words.refused)}</p><p>{text}</p>{nearest}'


def _foot(answer: Answer, words: Words) -> str:
    sources = "".join(_source(note, words) for note in answer.notes)
    listed = (
        f'<ol class="sources" title="{escape(words.sources)}">{sources}</ol>' if sources else ""
    )
    mode = f"{words.modes[answer.mode]} · {answer.seconds:.2f} s"
    key = escape(str(answer.id))
    rate = "".join(
        f'<a class="act" href="#rate-{value}:{key}">{_text(label)}</a>'
        for value, label in (
            ("helpful", words.helpful),
            ("unhelpful", words.unhelpful),
            ("wrong_citation", words.wrong_citation),
        )
    )
    copy = f'<a class="act" href="#copy">{_text(words.copy)}</a>'
    return f'{listed}<p class="acts"><span class="mode">{_text(mode)}</span>{copy}{rate}</p>'


def _source(note: Note, words: Words) -> str:
    text = note.text
    link = ""
    if note.url and note.url.startswith(("https://", "http://")):
        text = text.replace(note.url, "").rstrip(" ;；")
        link = (
            f' <a class="out" href="{escape(note.url)}" rel="noopener noreferrer">'
            f"{_text(note.url)}</a>"
        )
    label = words.note.format(number=note.number)
    number = f'<a class="note" href="#note-{note.number}">{_text(label)}</a>'
    return f"<li>{number}<span>{_text(text)}{link}</span></li>"


def _text(text: str) -> str:
    """Escape text, and keep it from closing the block by a blank line."""
    return escape(" ".join(text.split("\n")))
