"""Bind each figure of a sentence to what it counts: the group, the year, and the words beside it.

「74% 的 CEO …，其他高管只有 29%」 holds two statements. Whoever compares it with the book has to
know which share belongs to whom, or two swapped figures pass for right.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from ingest.figures import Figure, find_figures
from ingest.normalise import readable, simplified
from ingest.populations import find_populations

_AMOUNTS = frozenset({"%", "倍", "美元"})
_PEOPLE = frozenset({"位", "名", "人"})
_FEWEST_PEOPLE = 100  # fewer are a team or a table, no sample
_SPANS = frozenset({"年", "月", "周", "天", "季度", "小时", "分钟"})
_CLAUSE = re.compile(r"(?<!\d)[,，]|[,，](?!\d)|[;；。!！?？:：|\n]|——|→")
_OFFICES = (
    ("首席执行官", "CEO"),
    ("首席营销官", "CMO"),
    ("首席数据官", "CDO"),
    ("首席信息官", "CIO"),
    ("首席技术官", "CTO"),
    ("首席财务官", "CFO"),
)
_OFFICE = re.compile(r"(?<![A-Za-z])(?:ceo|cmo|cdo|cio|cto|cfo|coo|csco|chro|ciso)(?![a-z])", re.I)
_SURVEY = re.compile(r"(?:19|20)\d\d\s*年[^，,。；;]{0,10}?(?:调研|调查|研究|报告|发布|指南)")
_NOW = re.compile(r"目前|如今|现在|当前|现已|已经?在|眼下")
_OWNER = re.compile(r"\s*[)）]?\s*的?(?:全球|美国|受访|被访|企业(?=高管|CEO|员工))*\s*")
_RESTATED = re.compile(r"[^，,。；;、%]{0,30}[（(]\s*")
_RESTATED_WITHIN = 10.0  # percentage points between a rough figure and the exact one beside it
_ROUGH = re.compile(r"分之|[成半]")
_COUNTED = re.compile(  # what stands between a group and its figure: 「高管中，只有」, 「CEO 占」
    r"(?:们|当中|之中|[中里，,：:\s(（占有只仅达到却则也是的人说称将为约近]|超过|不到|多达|表示|几乎|全部|另外?)*"
)
_NEAR_OWNER = 20  # characters back from a figure in which its group is looked for
_LONGEST_GROUP = 10  # characters
_OBJECTS = frozenset({"客户", "合作伙伴", "项目", "投资者"})  # rarely counted, often spoken of
_OPENS = re.compile(r"(?:表示|认为|说|称|预计|指出|回答|觉得|相信|同意|担心)[，,：:]?\s*$")


@dataclass(frozen=True, slots=True)
class Bound:
    """One figure of a sentence with what it counts."""

    figure: Figure  # offsets are within the cleaned text
    rough: Figure | None  # the same said roughly: 「近三分之二」 of 「近三分之二 (63%)」
    groups: tuple[str, ...]  # who is counted, in the book's words; several where it is not plain
    years: tuple[int, ...]
    is_now: bool  # counted today, as the sentence says
    own: str  # the words beside the figure, up to the next figure
    around: str  # `own` and the clauses without a figure next to it

    @property
    def said(self) -> tuple[Figure, ...]:
        """The figure, and the same said roughly where it is."""
        return (self.figure, self.rough) if self.rough else (self.figure,)


@dataclass(frozen=True, slots=True)
class BoundSentence:
    """A sentence with all its figures bound."""

    text: str  # cleaned: Simplified, half-width, offices by their letters
    bounds: tuple[Bound, ...]
    years: tuple[int, ...]  # all that it names, the year of a survey left out
    spans: tuple[Figure, ...]  # durations: 「未来三年」

    @property
    def masked(self) -> str:
        """The text without its figures and years: what it is about."""
        kept, last = [], 0
        for figure in find_figures(self.text):
            kept.append(self.text[last : figure.start])
            last = figure.end
        return " ".join([*kept, self.text[last:]])


def clean(text: str) -> str:
    """Give a text as it is bound: one line, Simplified, half-width, offices by their letters."""
    text = simplified(unicodedata.normalize("NFKC", readable(text)))
    for office, letters in _OFFICES:
        text = text.replace(office, letters)
    return _OFFICE.sub(lambda match: match[0].upper(), text)


def is_checkable(figure: Figure) -> bool:
    """Tell whether a figure can be held against the book: a share, a sum, or many people."""
    return figure.unit in _AMOUNTS or (figure.unit in _PEOPLE and figure.value >= _FEWEST_PEOPLE)


def is_rough(figure: Figure) -> bool:
    """Tell whether a figure is given as a fraction or in tenths."""
    return bool(_ROUGH.search(figure.text))


@lru_cache(maxsize=4096)  # a document's statements meet the same sentences of the book
def bind(text: str) -> BoundSentence:
    """Bind the figures of a sentence.

    Parameters
    ----------
    text : str
        A sentence of the book, or of somebody's slide.

    Returns
    -------
    BoundSentence
        Its figures in order; a figure said twice, roughly and exactly, is one.
    """
    text = clean(text)
    found = find_figures(text)
    surveys = [match.span() for match in _SURVEY.finditer(text)]
    years = [f for f in found if f.is_year and not _within(f, surveys)]
    amounts = _merged(text, [figure for figure in found if is_checkable(figure)])
    clauses = _clauses(text)
    return BoundSentence(
        text=text,
        bounds=tuple(_bound(text, i, amounts, years, clauses) for i in range(len(amounts))),
        years=tuple(dict.fromkeys(int(year.value) for year in years)),
        spans=tuple(f for f in found if f.unit in _SPANS and not f.is_year),
    )


def _within(figure: Figure, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= figure.start < end for start, end in spans)


def _merged(text: str, figures: Sequence[Figure]) -> list[tuple[Figure, Figure | None]]:
    """Join a rough figure with the exact one in brackets right behind it."""
    merged: list[tuple[Figure, Figure | None]] = []
    for figure in figures:
        before = merged[-1][0] if merged and merged[-1][1] is None else None
        if (
            before
            and before.unit == figure.unit == "%"
            and (is_rough(before) or before.direction)
            and _RESTATED.fullmatch(text[before.end : figure.start])
            and abs(before.value - figure.value) <= _RESTATED_WITHIN
        ):
            merged[-1] = (figure, before)
        else:
            merged.append((figure, None))
    return merged


def _clauses(text: str) -> list[tuple[int, int]]:
    """Cut a sentence at its punctuation, as spans that hold all of it."""
    cuts = [0, *(match.end() for match in _CLAUSE.finditer(text)), len(text)]
    return [(start, end) for start, end in pairwise(cuts) if start < end]


def _bound(
    text: str,
    position: int,
    amounts: Sequence[tuple[Figure, Figure | None]],
    years: Sequence[Figure],
    clauses: Sequence[tuple[int, int]],
) -> Bound:
    figure, rough = amounts[position]
    starts = [rough.start if rough else figure.start for figure, rough in amounts]
    here = next(i for i, (start, end) in enumerate(clauses) if start <= starts[position] < end)
    start, end = _own(text, position, amounts, starts, clauses[here])
    first, last = _free_clauses(text, here, starts, clauses)
    lead, tail = (
        text[clauses[first][0] : clauses[here][0]],
        text[clauses[here][1] : clauses[last][1]],
    )
    own_years = [y for y in years if start <= y.start < end]
    lead_years = [y for y in years if clauses[first][0] <= y.start < clauses[here][0]]
    bound_years = years if len(amounts) == 1 else own_years or lead_years
    own = text[start:end]
    if end == clauses[here][1] and _OPENS.search(own):
        own += tail
    return Bound(
        figure=figure,
        rough=rough,
        groups=_groups(text, starts[position], figure.end, text[start:end], lead + own),
        years=tuple(dict.fromkeys(int(year.value) for year in bound_years)),
        is_now=bool(_NOW.search(text[start:end])) and not own_years,
        own=own,
        around=lead + text[start:end] + tail,
    )


def _free_clauses(
    text: str, here: int, starts: Sequence[int], clauses: Sequence[tuple[int, int]]
) -> tuple[int, int]:
    """Give the first and the last clause around one with a figure that no other figure claims."""
    holding = {
        i for i, (start, end) in enumerate(clauses) if any(start <= at < end for at in starts)
    }
    first, last = here, here
    while last + 1 < len(clauses) and last + 1 not in holding:
        last += 1
    while first - 1 >= 0 and first - 1 not in holding:
        first -= 1
    if first - 1 in holding and _OPENS.search(text[slice(*clauses[first - 1])]):
        first = here  # 「74% 表示，…」 goes on in the clauses behind it
    return first, last


def _own(
    text: str,
    position: int,
    amounts: Sequence[tuple[Figure, Figure | None]],
    starts: Sequence[int],
    clause: tuple[int, int],
) -> tuple[int, int]:
    """Give the stretch of a figure's clause that belongs to this figure."""
    start, end = clause
    before = [f.end for f, _ in amounts[:position] if start <= f.start < end]
    after = [at for at in starts[position + 1 :] if at < end]
    figure = amounts[position][0]
    if not before and not after:
        return start, max(end, figure.end)
    leads = not re.search(r"\w", text[start : starts[0]]) if not before else False
    leads = leads or bool(re.match(r"\s*的", text[figure.end :]))
    if leads:
        return starts[position], after[0] if after else end
    return (before[-1] if before else start), (max(end, figure.end) if not after else figure.end)


def _groups(text: str, start: int, end: int, own: str, around: str) -> tuple[str, ...]:
    """Tell who is counted: whom the figure owns, else who stands right before it, else all near."""
    reach = _OWNER.match(text, end)
    behind = text[reach.end() :] if reach else ""
    named = find_populations(behind[:_LONGEST_GROUP])
    if named and behind.startswith(named[0][:2]):
        return named[:1]
    for before in reversed(find_populations(text[max(0, start - _NEAR_OWNER) : start])):
        tail = text[:start].rpartition(before[-2:])[2]
        if _COUNTED.fullmatch(tail):
            return (before,)
    near = (
        tuple(group for group in find_populations(words) if group not in _OBJECTS)
        for words in (own, around)
    )
    return next(filter(None, near), ())
