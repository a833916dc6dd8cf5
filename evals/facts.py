"""Whether a text states a fact: the one comparison that all judging rests on."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_MARK = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹]+")


def states(text: str, alternatives: Iterable[str]) -> bool:
    """Tell whether a text holds one of the wordings of a fact.

    Width, case and white space do not count (「90 %」 is 「90%」), and a number is met only as a
    whole: 「3」 stands neither in 「3.4」 nor in 「13」, and 「6」 not in 「6,000」. Footnote marks
    are no part of the number before them.
    """
    folded = _fold(text)
    return any(_pattern(wording).search(folded) for wording in alternatives)


@lru_cache(maxsize=64)
def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", _MARK.sub(" ", text)).casefold()


@lru_cache(maxsize=4096)
def _pattern(wording: str) -> re.Pattern[str]:
    characters = [c for c in _fold(wording) if not c.isspace()]
    pattern = r"\s*".join(map(re.escape, characters))
    if characters[0].isdigit():
        pattern = rf"(?<!\d)(?<!\d[.,]){pattern}"
    if characters[-1].isdigit():
        pattern = rf"{pattern}(?!\d)(?![.,]\d)"
    return re.compile(pattern)
