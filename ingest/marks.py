"""Footnote marks: runs of superscript digits in the body.

A superscript that follows a unit or a variable (10 m², x³) is no mark: the book sets its marks
after a sentence, a heading or a closing quotation mark, never glued to a Latin letter or digit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_TO_DIGITS = str.maketrans(_SUPERSCRIPTS, "0123456789")
_MARK = re.compile(rf"(?<![A-Za-z0-9{_SUPERSCRIPTS}])[{_SUPERSCRIPTS}]+")


@dataclass(frozen=True, slots=True)
class Mark:
    """One superscript call of a note."""

    number: int  # the note that it calls
    start: int  # offset of its first digit, in code points
    end: int


def find_marks(text: str, *, offset: int = 0) -> tuple[Mark, ...]:
    """Find the marks of a text, in order; `offset` is added to their positions."""
    return tuple(
        Mark(int(found[0].translate(_TO_DIGITS)), offset + found.start(), offset + found.end())
        for found in _MARK.finditer(text)
    )


def without_marks(text: str) -> str:
    """Give the text with its marks taken out."""
    return _MARK.sub("", text)
