"""Cut what a model writes into sentences with the numbers that they cite, while it arrives.

The text comes in pieces whose borders may lie anywhere. A sentence is given out once it is certain
that no further citation belongs to it: models put their numbers before the full stop or after it,
as [1][2], [1, 2] or 【1】.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_STOPS = "。！？!?"
_CLOSING = "”’」』）)*"
_PAIRS = {"“": "”", "「": "」", "『": "』", "（": "）", "(": ")"}
_QUOTES_END = "”」』"
_BRACKETS = "[［【〔"
_CITATION = re.compile(
    r"[ \t]*[\[［【〔]\s*(?:\^|#|(?:段落?|资料|编号|来源|passage|source)\s*)?"
    r"(\d{1,3}(?:\s*[-–~,，、;；]\s*\d{1,3})*)\s*[\]］】〕]",
    re.IGNORECASE,
)
_RANGE = re.compile(r"(\d+)\s*[-–~]\s*(\d+)")
_ITEM = re.compile(
    r"(?:[-*•·]\s+|\d{1,2}[.．)）](?!\d)|\d{1,2}、(?!\d)|[（(]\d{1,2}[)）]|[①-⑩])\s*"
)
_HEADING = re.compile(r"(?:#{1,6}|>)\s+")
_MARKDOWN = re.compile(r"\*\*|__|`")
_BRACKETED = re.compile(
    r"\s*(?:\[[^\[\]]*\]|[（(](?:第\s*\w{1,3}\s*章)?[·\s]*注\s*[\d、,，\s]+[)）])"
)
_LONGEST_CITATION = 40  # characters after which an open bracket is none
_LONGEST_SENTENCE = 2000  # characters; what never ends is cut here
_WIDEST_RANGE = 20  # passages that 「[1-9]」 may span
_THINK, _THOUGHT = "<think>", "</think>"


@dataclass(frozen=True, slots=True)
class WrittenSentence:
    """One sentence as the model wrote it."""

    text: str  # without the numbers, Markdown and list signs; marks that the model made up stay
    cited: tuple[int, ...]  # numbers of the passages, as written, each once
    opens_line: bool  # first on its line
    listed: bool  # an item of a list

    @property
    def unmarked(self) -> str:
        """The text without anything that could be read as a mark of ours."""
        return _BRACKETED.sub("", self.text).strip()


class SentenceCutter:
    """Collects pieces of text and gives out whole sentences."""

    def __init__(self) -> None:
        self._text = ""
        self._opens_line = True

    @property
    def rest(self) -> str:
        """What has arrived of the sentence that is not whole yet, without its numbers."""
        return _clean(self._text)

    def feed(self, piece: str) -> list[WrittenSentence]:
        """Take the next piece and give the sentences that are whole now."""
        self._text += piece
        return list(self._cut(closed=False))

    def close(self) -> list[WrittenSentence]:
        """Give what is left, at the end of the text."""
        return list(self._cut(closed=True))

    def _cut(self, *, closed: bool) -> Iterator[WrittenSentence]:
        while (end := _end_of_first(self._text, closed=closed)) is not None:
            taken, self._text = self._text[:end], self._text[end:]
            sentence = _read(taken, opens_line=self._opens_line)
            if sentence:
                yield sentence
                self._opens_line = False
            self._opens_line = self._opens_line or taken.endswith("\n")


def without_thinking(pieces: Iterator[str]) -> Iterator[str]:
    """Leave out what a reasoning model thinks aloud before it answers, ``<think>…</think>``."""
    held: str | None = ""  # None once the answer has begun
    for piece in pieces:
        if held is None:
            yield piece
            continue
        held += piece
        begun = held.lstrip()
        if begun.startswith(_THINK):
            _, thought, said = begun.partition(_THOUGHT)
            held = None if thought else held
            yield said
        elif _THINK.startswith(begun):
            yield ""
        else:
            yield held
            held = None
    if held and not held.lstrip().startswith(_THINK):
        yield held


def _end_of_first(text: str, *, closed: bool) -> int | None:
    """Find where the first sentence ends, its citations included; None while that is open."""
    waiting: list[str] = []
    for position, character in enumerate(text[:_LONGEST_SENTENCE]):
        after = position + 1
        if character == "\n":
            return after
        if character in _PAIRS:
            waiting.append(_PAIRS[character])
        elif waiting and character == waiting[-1]:
            waiting.pop()
            # A quotation that ends with a full stop ends the sentence around it too.
            if not waiting and character in _QUOTES_END and text[position - 1] in _STOPS:
                return _past_citations(text, after, closed=closed)
        elif not waiting and _is_stop(text, position):
            return _past_citations(text, after, closed=closed)
    if len(text) >= _LONGEST_SENTENCE:
        return _LONGEST_SENTENCE
    return len(text) if closed and text else None


def _is_stop(text: str, position: int) -> bool:
    if text[position] in _STOPS:
        return True
    # A Western full stop ends a sentence only where it can be no decimal point or abbreviation.
    return bool(re.match(r"[\]］】〕\u4e00-\u9fff]\.", text[max(position - 1, 0) : position + 1]))


def _past_citations(text: str, position: int, *, closed: bool) -> int | None:
    """Step over what belongs to a sentence after its stop; None where more may still come."""
    while True:
        while position < len(text) and text[position] in _STOPS + _CLOSING:
            position += 1
        left = text[position:]
        start = position + len(left) - len(left.lstrip(" \u3000"))
        if start == len(text):
            return len(text) if closed else None
        if text[start] not in _BRACKETS:
            return position
        found = _CITATION.match(text, start)
        if not found:
            is_open = not any(sign in text[start:] for sign in "]］】〕\n")
            undecided = is_open and len(text) - start < _LONGEST_CITATION and not closed
            return None if undecided else position
        position = found.end()


def _read(taken: str, *, opens_line: bool) -> WrittenSentence | None:
    """Read one sentence; None where it holds no letter."""
    text = _HEADING.sub("", taken.strip(), count=1) if opens_line else taken.strip()
    item = _ITEM.match(text) if opens_line else None
    cited = [n for found in _CITATION.finditer(text) for n in _numbers(found[1])]
    text = _clean(text[item.end() :] if item else text)
    if not any(map(str.isalnum, text)):
        return None
    return WrittenSentence(text, tuple(dict.fromkeys(cited)), opens_line, listed=bool(item))


def _clean(text: str) -> str:
    return _MARKDOWN.sub(
        "", re.sub(rf"[ \t]*(?:{_CITATION.pattern})", "", text, flags=re.I)
    ).strip()


def _numbers(listed: str) -> Iterator[int]:
    spans = {int(a): int(b) for a, b in _RANGE.findall(listed)}
    for number in map(int, re.findall(r"\d+", listed)):
        yield from range(number, min(spans.get(number, number), number + _WIDEST_RANGE) + 1)
