"""Cut a passage into sentences, and say which mark belongs to which of them.

Marks are found before anything is joined or cleaned, because a mark may stand between a full
stop and the next sentence, after a closing quotation mark, or at the end of a list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.marks import Mark, find_marks

_END = "。！？!?"
_CLOSING = "”’」』）)】]"
_OPEN = {"（": "）)", "(": ")）", "【": "】]", "[": "]】"}  # scans mix their widths
_EDGE = " \t\n\u3000"
# A sentence that opens with one of these has lost its first characters in extraction.
_ORPHAN = re.compile(
    r"的(?!确|士)|了(?!解|然|结|不起|如|无|却|断|悟)|们|[、，,。；;：:！？!?）)%％]"
    r"|半的|分之|成的|[年月日](?=[，,的])"
)


@dataclass(frozen=True, slots=True)
class Span:
    """One sentence as a stretch of the source, and the marks that end it."""

    start: int  # offset in code points
    end: int  # past its closing punctuation, before its marks
    marks: tuple[Mark, ...]


def split_sentences(text: str, *, offset: int = 0) -> tuple[Span, ...]:
    """Cut a text into sentences.

    A sentence ends with a full stop, question or exclamation mark outside brackets, and takes
    closing quotation marks, a closing bold sign and the marks that follow with it. A mark after
    a closing quotation mark covers the whole quotation, so it is given to each sentence of it.

    Parameters
    ----------
    text : str
        One passage as it stands in the source.
    offset : int
        Where the passage starts in the source; added to all positions.

    Returns
    -------
    tuple of Span
        In order, without overlap; together they hold every letter of the text.
    """
    marks = find_marks(text)
    cuts = _ends(text, marks)
    spans = []
    start = 0
    for stop in cuts:
        own = tuple(mark for mark in marks if start <= mark.start < stop)
        spans.append(_span(text, start, stop, own))
        start = stop
    kept = [span for span in spans if span.start < span.end or span.marks]
    return tuple(
        Span(
            span.start + offset,
            span.end + offset,
            tuple(Mark(m.number, m.start + offset, m.end + offset) for m in span.marks),
        )
        for span in _spread_over_quotations(text, kept)
    )


def is_damaged(sentence: str) -> bool:
    """Tell whether a sentence has lost its beginning, such as one that opens with 「的」."""
    return bool(_ORPHAN.match(sentence.lstrip(" \t\n*")))


def _ends(text: str, marks: tuple[Mark, ...]) -> list[int]:
    """Give the offsets where sentences stop, their marks included."""
    after = {mark.start: mark.end for mark in marks}
    ends: list[int] = []
    waiting: list[str] = []
    position = 0
    while position < len(text):
        character = text[position]
        position += 1
        if character in _OPEN:
            waiting.append(_OPEN[character])
        elif waiting and character in waiting[-1]:
            waiting.pop()
        elif character == "\n" and text[position - 2 : position - 1] in {"\n", ""}:
            waiting.clear()  # a bracket never stays open over a paragraph
        if character not in _END or waiting:
            continue
        position = _past_closing(text, position, after)
        ends.append(position)
    if not ends or ends[-1] < len(text):
        ends.append(len(text))
    return ends


def _past_closing(text: str, position: int, after: dict[int, int]) -> int:
    """Step over what closes a sentence: more stops, quotation marks, bold signs, marks."""
    while position < len(text):
        if position in after:
            position = after[position]
        elif text[position] in _END + _CLOSING:
            position += 1
        elif text.startswith("**", position) and text.count("**", 0, position) % 2:
            position += 2
        else:
            reach = position + len(text[position:]) - len(text[position:].lstrip(" "))
            if reach == position or reach not in after:
                break
            position = reach  # a space before the mark
    return position


def _span(text: str, start: int, stop: int, marks: tuple[Mark, ...]) -> Span:
    """Trim white space, outer bold signs and trailing marks off a sentence."""
    closing = {mark.end: mark.start for mark in marks}
    end = stop
    while True:
        trimmed = len(text[start:end].rstrip(_EDGE)) + start
        trimmed = closing.get(trimmed, trimmed)
        if trimmed == end:
            break
        end = trimmed
    start += len(text[start:end]) - len(text[start:end].lstrip(_EDGE))
    if text[start:end].startswith("**") and text[start:end].endswith("**") and end - start > 4:
        inner = text[start + 2 : end - 2]
        if "**" not in inner:
            start, end = start + 2, end - 2
    return Span(start, end, marks)


def _spread_over_quotations(text: str, spans: list[Span]) -> list[Span]:
    """Give the mark after a closing quotation mark to every sentence of the quotation."""
    spread = list(spans)
    for index, span in enumerate(spans):
        if not span.marks or text[span.end - 1 : span.end] != "”":
            continue
        opening = text.rfind("“", 0, span.end)
        for earlier in range(index - 1, -1, -1):
            if spans[earlier].end <= opening or spans[earlier].marks:
                break
            before = spread[earlier]
            spread[earlier] = Span(before.start, before.end, span.marks)
    return spread
