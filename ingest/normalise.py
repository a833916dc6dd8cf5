"""Two forms of a stretch of the book: one to show, one to search.

Quotes are exact source text. What is shown in a running answer has Markdown, line breaks and
marks taken out (`readable`); what is searched is folded further (`normalise`), so that
full-width and half-width, Traditional and Simplified, spaced and unspaced forms meet.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from ingest.marks import without_marks

_CJK = "\u3000-\u303f\u4e00-\u9fff\uff00-\uffef“”‘’…—"
_BREAK_IN_CJK = re.compile(rf"(?<=[{_CJK}])[ \t]*\n\s*|[ \t]*\n\s*(?=[{_CJK}])")
_BREAK = re.compile(r"\s*\n\s*")
_MATH = re.compile(r"(?<!\\)\$([^$\n]*)(?<!\\)\$")
_SPACES = re.compile(r"\s+")
_SPACE_BY_CJK = re.compile(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])")
_SPACE_BY_DIGIT = re.compile(r"(?<=\d)\s+(?=%)")
_SIGNS = re.compile(r"\*\*+|[$\\]")
_QUOTES = str.maketrans("“”‘’「」『』", "\"\"''\"\"''")


def readable(text: str) -> str:
    """Give a stretch of the book as one clean line: no marks, Markdown, math signs or breaks."""
    text = _MATH.sub(r"\1", without_marks(text).replace("**", "")).replace("\\$", "$")
    text = _BREAK_IN_CJK.sub("", text)
    return _BREAK.sub(" ", text).strip()


def normalise(text: str) -> str:
    """Fold a text for searching and comparing; the result is never shown.

    NFKC, lower case, Traditional to Simplified (OpenCC), straight quotes, and no space next to
    a Chinese character, so that 「生成式 AI」 and 「生成式AI」 are one.
    """
    text = unicodedata.normalize("NFKC", readable(text)).lower().translate(_QUOTES)
    text = _SIGNS.sub("", text)  # what NFKC has made, or an escape has left
    text = _SPACE_BY_CJK.sub("", simplified(text))
    return _SPACE_BY_DIGIT.sub("", _SPACES.sub(" ", text)).strip()


def compact(text: str) -> str:
    """Give the normalised text with everything but letters and digits taken out."""
    return "".join(filter(str.isalnum, normalise(text)))


def letter_pairs(text: str) -> frozenset[str]:
    """Give the pairs of neighbouring letters of a text, by which wordings are compared."""
    letters = compact(text)
    return frozenset(letters[i : i + 2] for i in range(len(letters) - 1))


def letter_trigrams(text: str) -> frozenset[str]:
    """Give the runs of three letters of a text, by which near duplicates are told.

    A text of fewer than three letters is one run.
    """
    letters = compact(text)
    return frozenset(letters[i : i + 3] for i in range(max(1, len(letters) - 2)))


def simplified(text: str) -> str:
    """Turn Traditional characters into Simplified ones; other text stays as it is."""
    return text if text.isascii() else str(_converter().convert(text))


@cache
def _converter():  # type: ignore[no-untyped-def]  # noqa: ANN202  (opencc has no types)
    from opencc import OpenCC

    return OpenCC("t2s")
