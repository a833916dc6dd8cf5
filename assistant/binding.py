"""Binding: each figure of a statement to the figure of the book that it restates.

The right number is not enough. The words around it must be met by the words around the book's
figure, and no figure of another value may be met better; the people counted and the year must be
the book's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from assistant.grounds import BookCount, Meeting, met
from assistant.polarity import is_contrast
from assistant.rounding import complement, is_counted, restates
from assistant.statements import Count, Statement, sides_of
from ingest.figures import Figure
from ingest.populations import find_groups, same_group

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SENTENCE = 0.5  # a word met elsewhere in the sentence of the book's figure
_SETTING = 0.5
_MET = 0.12  # share of the words around a figure that must be met around the book's
_BETTER = 0.13  # by which words around a figure of another value are met better, to be its own
_FEW = 12  # up to which a count of things is often the writer's own
_ENOUGH = 16.0  # weight of about two words
_MUCH_BETTER = 0.25  # the same for amounts, and for figures that lean on each other
_POINTS_BACK = re.compile(
    "前者|后者|两者|分别|依次|各[有占为是]|[这那]样|此举|这[一种]?[点个种看观]|这一比例|(?:这么|如此)[看想说认]"
)
_AMOUNTS = frozenset({"%", "倍", "美元"})
_SPANS = frozenset({"年", "月", "周", "天", "季度", "小时", "分钟"})
_SPLITTING = frozenset({"success", "trust"})  # axes that part those counted in two
_LISTED = 5  # things that a writer may count up himself
_SAME_THINGS = 0.4  # share of the words around a count met around another, of the same things
_EQUAL = 0.05  # percentage points
_CLEARLY = 0.2  # sum of two cosines by which crossed sides must be nearer than straight ones
_COMPARED = re.compile(
    r"(?:(?P<more>高于|多于|大于|高过|多过|超过|超出|胜过|强于)|(?P<less>低于|少于|小于|不及|不如|少过))"
    r"(?=[^,;。%\d]{2,16}$)"
)
_OFFICERS = frozenset({"CEO", "CMO", "CDO", "IT高管", "供应链高管"})
_EVERYBODY = frozenset({"高管", "组织", "受访者"})  # whom a survey of the book may have asked


@dataclass(frozen=True)
class Binding:
    """Where each figure of a statement stands, or why one stands nowhere."""

    reason: str | None = None
    counts: dict[int, BookCount] = field(default_factory=dict)  # by clause
    complements: frozenset[int] = frozenset()  # clauses that tell the share of those who do not


def bind(meeting: Meeting) -> Binding:
    """Bind every figure of a statement; the first that cannot be bound decides."""
    bound: dict[int, BookCount] = {}
    complements: set[int] = set()
    for count in meeting.statement.counts:
        if reason := _wrong_order(count, meeting) or _no_share(count, meeting.statement):
            return Binding(reason)
        found = _same_value(count, meeting)
        if not found and _worked_out(count, meeting):
            continue
        reason = _unlike(count, found, meeting)
        if reason:
            rest = [b for b in meeting.grounds.counts if _complements(count, b, meeting)]
            if not rest or _unlike(count, rest, meeting):
                return Binding(reason)
            found = rest
            complements |= _clauses_of(count, meeting.statement)
        bound[count.clause] = max(
            (b for b in found if _same_years(count, b) and _same_people(count, b, meeting)),
            key=lambda b: _words_met(count, b, meeting),
        )
    return Binding(counts=bound, complements=frozenset(complements))


def _same_value(count: Count, meeting: Meeting) -> list[BookCount]:
    """Give the figures of the book that a figure restates, changes for changes where it can be."""
    found = [b for b in meeting.grounds.counts if _restated(count, b.count)]
    return [b for b in found if bool(b.count.change) == bool(count.change)] or found


def _worked_out(count: Count, meeting: Meeting) -> bool:
    """Whether a figure follows from what the passages say: a difference, a multiple, a count."""
    return (
        _is_span(count, meeting)
        or _is_difference(count, meeting)
        or _is_ratio(count, meeting)
        or _sums_up(count, meeting)
    )


def _unlike(count: Count, found: Sequence[BookCount], meeting: Meeting) -> str | None:
    """Say why a figure is not what the book's figures of its value are, None where it is one."""
    shown = _shown(count.figures[0], meeting.statement.text)
    if not found:
        return f"所引段落没有「{shown}」这个数字"
    dated = [b for b in found if _same_years(count, b)]
    if not dated:
        return f"「{shown}」的年份与书中不符"
    peopled = [b for b in dated if _same_people(count, b, meeting)]
    if not peopled:
        return f"「{shown}」数的人群与书中不符"
    if all(_other_way(count, b, meeting) for b in peopled) or _contrary(count, peopled, meeting):
        return f"「{shown}」的方向与书中相反"
    whole = _with_all_words(count, meeting.statement)
    tellings = [count] if _tells(count, meeting.statement) else []
    tellings += [whole] if whole else []
    if tellings and all(_told_of_another(one, found, peopled, meeting) for one in tellings):
        return f"书中的「{shown}」说的是另一件事"
    return None


def _contrary(count: Count, found: Sequence[BookCount], meeting: Meeting) -> bool:
    """Whether the book says 「不到 60%」 of what the statement says 「超过 60%」 of.

    The statement's hedge may be true of a figure that the book gives of something else.
    """
    said = count.figures[0]
    contrary = (
        _words_met(count, b, meeting)
        for b in meeting.grounds.counts
        for stated in b.count.figures
        if stated.unit == said.unit
        and abs(stated.value - said.value) < _EQUAL
        and {said.direction, stated.direction} == {"above", "below"}
    )
    own = max(_words_met(count, b, meeting) for b in found)
    return max(contrary, default=0.0) > own


def _told_of_another(
    count: Count, found: Sequence[BookCount], peopled: Sequence[BookCount], meeting: Meeting
) -> bool:
    """Whether the words around a figure are met too little, or better around another value."""
    own = max(_words_met(count, b, meeting) for b in peopled)
    others = (
        _words_met(count, b, meeting)
        for b in meeting.grounds.counts
        if b not in found
        and b.count.figures[0].unit == count.figures[0].unit
        and bool(b.count.change) == bool(count.change)
        and _same_years(count, b)
        and _same_people(count, b, meeting)
    )
    apart = count.figures[0].unit == "%" and not _leans(count, meeting.statement)
    better = _BETTER if apart else _MUCH_BETTER
    return _thinly_met(count, own, meeting) or max(others, default=0.0) > own + better


def _with_all_words(count: Count, statement: Statement) -> Count | None:
    """Bind the only share of a statement to all its words: 「企业级的做法, 六成组织拿不出来」."""
    alone = sum(other.figures[0].unit == "%" for other in statement.counts) == 1
    if not alone or count.figures[0].unit != "%" or count.change:
        return None
    return replace(count, tokens=np.flatnonzero(statement.weights > 0))


def _leans(count: Count, statement: Statement) -> bool:
    """Whether a figure is told with the words of another: 「54% 担心…，84% 相信自己跟得上」."""
    clauses = {int(clause) for clause in statement.clause_of[count.tokens]} - {count.clause}
    return any(
        other.clause in clauses and other.figures[0].unit == count.figures[0].unit
        for other in statement.counts
    )


def _thinly_met(count: Count, score: float, meeting: Meeting) -> bool:
    """Whether the words around a figure are too many to be met so little."""
    return score < _MET and float(meeting.statement.weights[count.tokens].sum()) >= _ENOUGH


def _tells(count: Count, statement: Statement) -> bool:
    """Whether the words around a figure tell what it counts; 「前者有 77%」 and 「三个」 do not."""
    figure = count.figures[0]
    if figure.unit in _SPANS or (figure.unit not in _AMOUNTS and figure.value <= _FEW):
        return False
    return not _POINTS_BACK.search(statement.clause_text(count.clause))


def _restated(count: Count, stated: Count) -> bool:
    """Whether all figures of a count restate some figure of the book's."""
    return all(any(restates(said, one) for one in stated.figures) for said in count.figures)


def _complements(count: Count, stated: BookCount, meeting: Meeting) -> bool:
    """Whether 「72% 没有评估」 is told where the book says 「28% 评估了」, or the reverse."""
    if count.figures[0].unit != "%" or count.change or stated.count.change:
        return False
    there = meeting.grounds.statements[stated.sentence]
    turned = _denied_in(meeting.statement, count) != _denied_in(there, stated.count)
    if turned == _opposed(count, stated.count, meeting.statement, there):
        return False
    shares = [complement(one) for one in stated.count.figures if one.unit == "%"]
    return all(any(restates(said, share) for share in shares) for said in count.figures)


def _denied_in(statement: Statement, count: Count) -> bool:
    clauses = _clauses_of(count, statement)
    return any(
        statement.clause_at(n.start) in clauses and not is_contrast(statement.text, n)
        for n in statement.negations
    )


def _clauses_of(count: Count, statement: Statement) -> set[int]:
    """Give the clauses that tell what a figure counts."""
    return {count.clause, *map(int, statement.clause_of[count.tokens])}


def _opposed(count: Count, stated: Count, statement: Statement, there: Statement) -> bool:
    """Whether words with an opposite tell the counts apart: 「失败」 here, 「成功」 there."""
    sides = [
        {
            (pole.axis, pole.positive)
            for pole in one.poles
            if pole.axis in _SPLITTING and one.clause_at(pole.start) in _clauses_of(of, one)
        }
        for one, of in ((statement, count), (there, stated))
    ]
    return any((axis, not positive) in sides[1] for axis, positive in sides[0] - sides[1])


def _is_ratio(count: Count, meeting: Meeting) -> bool:
    """Whether a multiple is that of two figures in one sentence of the passages."""
    said = count.figures[0]
    if said.unit != "倍":
        return False
    if said.direction is None:
        said = replace(said, direction="about")
    figures = [
        (b.sentence, b.count.figures[0]) for b in meeting.grounds.counts if b.count.figures[0].value
    ]
    return any(
        place == other_place
        and one.unit == other.unit
        and restates(said, replace(said, direction=None, value=other.value / one.value))
        for place, one in figures
        for other_place, other in figures
    )


def _sums_up(count: Count, meeting: Meeting) -> bool:
    """Whether a small count may sum up what a passage lists, and the passage counts nothing else.

    「这两个目标」, 「三个方面」: the writer has counted. Where the book counts the same things, as
    in 「四大支柱」, another number is wrong.
    """
    figure = count.figures[0]
    if not is_counted(figure) or figure.value > _LISTED or figure.direction:
        return False
    return not any(
        is_counted(b.count.figures[0])
        and b.count.figures[0].value <= _FEW
        and _words_met(count, b, meeting) > _SAME_THINGS
        for b in meeting.grounds.counts
    )


def _is_span(count: Count, meeting: Meeting) -> bool:
    """Whether a figure is the time between two years that the passages name."""
    figure = count.figures[0]
    years = frozenset[int]().union(*(one.years for one in meeting.grounds.statements))
    return figure.unit == "年" and any(b - a == figure.value for a in years for b in years)


def _is_difference(count: Count, meeting: Meeting) -> bool:
    """Whether a figure is the difference, in points, of two shares of the passages."""
    figure = count.figures[0]
    if "百分点" not in figure.text:
        return False
    shares = [
        (meeting.grounds.ground_of[b.sentence], max(b.count.years, default=0), f.value)
        for b in meeting.grounds.counts
        for f in b.count.figures
        if f.unit == "%"
    ]
    before = _share_before(figure, meeting.statement)
    for passage, year, high in shares:
        for other_passage, other_year, low in shares:
            if passage != other_passage or abs(high - low - figure.value) >= _EQUAL:
                continue
            if year and other_year and count.change * (year - other_year) < 0:
                continue  # it has gone the other way
            own = {1: high, -1: low}.get(count.change)
            if before is None or own is None or abs(before.value - own) < _EQUAL:
                return True
    return False


def _wrong_order(count: Count, meeting: Meeting) -> str | None:
    """Find two shares of a statement that it compares the wrong way: 「45% 高于…的 57%」."""
    figure, text = count.figures[0], meeting.statement.text
    before = _share_before(figure, meeting.statement)
    if before is None or figure.unit != "%" or "百分点" in figure.text:
        return None
    compared = _COMPARED.search(text, before.end, figure.start)
    if not compared:
        return None
    more = compared["more"] is not None
    if before.value == figure.value or (before.value > figure.value) == more:
        return None
    return f"{before.text} 并不{compared[0][:2]} {figure.text}"


def _no_share(count: Count, statement: Statement) -> str | None:
    """Find percentage points that count a group: 「15 个百分点的组织」."""
    figure = count.figures[0]
    if "百分点" in figure.text and any(0 <= g.start - figure.end <= 2 for g in statement.groups):
        return f"「{figure.text}」不是比例"
    return None


def _share_before(figure: Figure, statement: Statement) -> Figure | None:
    """Give the last share that a statement names before a figure."""
    before = [f for f in statement.figures if f.unit == "%" and f.end <= figure.start]
    return before[-1] if before else None


def _other_way(count: Count, stated: BookCount, meeting: Meeting) -> bool:
    """Whether one says how much more and the other how much less, of the same two sides."""
    if count.change * stated.count.change >= 0:
        return False
    sides = (
        sides_of(meeting.statement, count),
        sides_of(meeting.grounds.statements[stated.sentence], stated.count),
    )
    return not (sides[0] and sides[1] and _crossed(sides[0], sides[1], stated, meeting))


def _crossed(
    said: tuple[NDArray[np.int64], NDArray[np.int64]],
    there: tuple[NDArray[np.int64], NDArray[np.int64]],
    stated: BookCount,
    meeting: Meeting,
) -> bool:
    """Whether the two sides of a comparison have changed places."""
    start = int(meeting.grounds.starts[stated.sentence])

    def near(own: NDArray[np.int64], other: NDArray[np.int64]) -> float:
        cosines = meeting.cosines[np.ix_(own, start + other)]
        return float(cosines.max(axis=1).mean()) if cosines.size else 0.0

    straight = near(said[0], there[0]) + near(said[1], there[1])
    return near(said[0], there[1]) + near(said[1], there[0]) > straight + _CLEARLY


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
        if same_group(said, counted) or (counted in _EVERYBODY and said in asked):
            return True
        # 「高管表示, …与合作伙伴创新 (77%)」 counts executives.
        return not stated.count.firm and any(same_group(said, kind) for kind in named)
    one = meeting.grounds.grounds[meeting.grounds.ground_of[stated.sentence]]
    if named:
        # A passage on IT executives may go on with 「高管」.
        at_large = "高管" in named and said in _OFFICERS & one.groups
        return at_large or any(same_group(said, kind) for kind in named)
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
