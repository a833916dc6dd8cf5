"""Binding: each figure of a statement to the figure of the book that it restates.

The right number is not enough. The words around it must be met by the words around the book's
figure, and no figure of another value may be met better; the people counted and the year must be
the book's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from assistant.grounds import BookCount, Meeting, met
from assistant.rounding import restates
from assistant.statements import Count
from ingest.figures import Figure
from ingest.populations import find_groups, same_group

_SENTENCE = 0.5  # a word met elsewhere in the sentence of the book's figure
_SETTING = 0.5
_MET = 0.12  # share of the words around a figure that must be met around the book's
_BETTER = 0.2  # by which words around a figure of another value are met better, to be its own
_FEW = 12
_EVERYBODY = frozenset({"高管", "组织", "受访者"})  # whom a survey of the book may have asked


@dataclass(frozen=True)
class Binding:
    """Where each figure of a statement stands, or why one stands nowhere."""

    reason: str | None = None
    sentences: dict[int, int] = field(default_factory=dict)  # clause: place of the sentence


def bind(meeting: Meeting) -> Binding:
    """Bind every figure of a statement; the first that cannot be bound decides."""
    sentences: dict[int, int] = {}
    for count in meeting.statement.counts:
        if _is_difference(count, meeting):
            continue
        found = [b for b in meeting.grounds.counts if _restated(count, b.count)]
        shown = _shown(count.figures[0], meeting.statement.text)
        if not found:
            return Binding(f"所引段落没有「{shown}」这个数字")
        dated = [b for b in found if _same_years(count, b)]
        if not dated:
            return Binding(f"「{shown}」的年份与书中不符")
        peopled = [b for b in dated if _same_people(count, b, meeting)]
        if not peopled:
            return Binding(f"「{shown}」数的人群与书中不符")
        scores = [_words_met(count, b, meeting) for b in peopled]
        best = int(np.argmax(scores))
        others = [
            _words_met(count, b, meeting)
            for b in meeting.grounds.counts
            if b not in found
            and b.count.figures[0].unit == count.figures[0].unit
            and _same_years(count, b)
            and _same_people(count, b, meeting)
        ]
        if _tells(count.figures[0]) and (
            scores[best] < _MET or max(others, default=0.0) > scores[best] + _BETTER
        ):
            return Binding(f"书中的「{shown}」说的是另一件事")
        sentences[count.clause] = peopled[best].sentence
    return Binding(sentences=sentences)


def _tells(figure: Figure) -> bool:
    """Whether a figure tells so much that what it counts must be found; 「三个」 does not."""
    return figure.unit in {"%", "倍", "美元"} or figure.value > _FEW


def _restated(count: Count, stated: Count) -> bool:
    """Whether all figures of a count restate some figure of the book's."""
    return all(any(restates(said, one) for one in stated.figures) for said in count.figures)


def _is_difference(count: Count, meeting: Meeting) -> bool:
    """Whether a figure is the difference, in points, of two shares of the passages."""
    figure = count.figures[0]
    if "百分点" not in figure.text:
        return False
    shares = {f.value for b in meeting.grounds.counts for f in b.count.figures if f.unit == "%"}
    return any(abs(abs(a - b) - figure.value) < 0.05 for a in shares for b in shares)


def _same_years(count: Count, stated: BookCount) -> bool:
    of_book = stated.count.years
    return not count.years or not of_book or bool(count.years & of_book)


def _same_people(count: Count, stated: BookCount, meeting: Meeting) -> bool:
    said, counted = count.group, stated.count.group
    if said is None or count.change:
        return True
    named = {g.kind for g in meeting.grounds.statements[stated.sentence].groups}
    if count.firm and counted:
        one = meeting.grounds.grounds[meeting.grounds.ground_of[stated.sentence]]
        asked = {group.kind for group in find_groups(one.notes)}
        return same_group(said, counted) or (counted in _EVERYBODY and said in asked)
    if named:
        return any(same_group(said, kind) for kind in named)
    one = meeting.grounds.grounds[meeting.grounds.ground_of[stated.sentence]]
    return said in _EVERYBODY or said in one.groups


def _words_met(count: Count, stated: BookCount, meeting: Meeting) -> float:
    """Give the share of the words around a figure that those around the book's figure meet."""
    own = count.tokens
    weights = meeting.statement.weights[own]
    if not len(own) or not weights.sum():
        return 1.0
    start = int(meeting.grounds.starts[stated.sentence])
    around = meeting.cosines[np.ix_(own, start + stated.count.tokens)]
    close = met(around.max(axis=1, initial=0.0))
    far = np.maximum(
        _SENTENCE * meeting.by_sentence[own, stated.sentence],
        _SETTING * meeting.by_setting[own, meeting.grounds.ground_of[stated.sentence]],
    )
    return float(weights @ np.maximum(close, far) / weights.sum())


def _shown(figure: Figure, text: str) -> str:
    return (
        text[max(0, figure.start - 2) : figure.end].lstrip(",;。、的 ")
        if figure.direction
        else figure.text
    )
