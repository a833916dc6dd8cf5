"""A text taken apart for verification: its clauses, its words, and what each figure is bound to.

Sentences of an answer and passages of the book are taken apart alike, so that they can be held
against each other word by word. A figure alone proves nothing: 「43%」 and 「46%」 may stand in one
sentence of the book. So each is kept with the words around it, who is counted, and which year.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from assistant.polarity import Negation, Pole, find_negations, find_poles
from ingest.figures import Figure, find_figures
from ingest.populations import Group, find_groups

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.static import StaticEmbedder

# 「6,000」 holds no border; a dash does.
_BORDER = re.compile(r"(?<!\d),|,(?!\d)|[;。!?:\n]|[—–]+|…+")
_SAYING = re.compile(
    r"表示|认为|预计|预期|相信|指出|显示|发现|觉得|承认|坦言|希望|担心|报告|说|称|看到|认可|打算|计划|已|会|将|有"
)
_MORE = (
    r"高出|多出|高过|多过|高于|多于|超出|领先|增长|增加|提高|提升|上升|上涨|增幅|增|涨|高|多(?!达)"
)
_LESS = r"低出|少出|低于|少于|落后|降低|减少|下降|下跌|下滑|节省|缩短|削减|缩减|降幅|降|跌|减|低|少"
_CHANGE = re.compile(
    rf"(?:(?P<more>{_MORE})|(?P<less>{_LESS}))"
    r"(?:出|了|约|近|大约|多达|幅度?|将近|再|达|高达|至少|逾|超过|大概)*\s*$"
    r"|(?P<above>高于|多于|高过|多过)[^,;。%]{1,14}$|(?P<under>低于|少于|低过|少过)[^,;。%]{1,14}$"
)
_TOLD = re.compile(
    r"(?:表示|认为|预计|预期|相信|指出|觉得|承认|坦言|说|称|看来|同意|告诉我们)[,:]?$"
)
# Words that tell who speaks and how, not what is said; they carry no support.
_EMPTY_WORDS = (
    "指南 书中 书里 指出 认为 表示 说 称 显示 提到 建议 主张 强调 提醒 警告 发现 章 第 报告 "
    "调研 调查 研究 受访 的 了 在 是 有 和 与 及 或 也 都 就 还 并 而 但 但是 却 则 其 这 那 "
    "该 他们 它 他 她 您 你 自己 自家 我们 把 被 将 会 要 让 使 用 以 对 从 到 由 于 为 给 "
    "向 当中 其中 里 中 上 下 内 外 时 后 前 年 个 一 一个 来说 而言 方面 比例 占 达 达到 "
    "高达 只有 仅 仅有 约 近 超过 不到 以上 大约 左右 事实上 因此 所以 此外 另外 根据 据 按 "
    "来自 通过 因为 由于 不过 然而 同时 例如 比如 例 即 便 才 又 再 很 更 最 等 着 过 得 地 "
    "之 所 接近 将近 几乎 差不多 只 不足 多 余 逾 出头 刚 连 增 至 升 降 增至 升至 降至 "
    "提高到 年底 目前 如今 现在 今后 未来 % ( ) 、"
)
_EMPTY = frozenset(_EMPTY_WORDS.split())
_TOPIC = frozenset({"生成式", "ai"})  # the whole book speaks of it
_TOPIC_WEIGHT = 0.6
_GROUP_WEIGHT = 0.3  # who is counted is checked by itself
_OF = re.compile(
    r"[)\s]*(?:以上|左右|上下|多|余|强|出头)?的?(?:受访|其他|其它|全球|美国)?$|[)\s]*(?:以上|左右|多)?的(?!是|人)"
)
_ITEM = re.compile(r"[^、:和与及或是为对在如]{1,10}$")
_AMONG = re.compile(r"[之当]?[中里]|占|有(?!\D{4})|的?(?:比例|占比)")
_REACH = 16  # characters between a share and the group that it counts
_THIN = 24.0  # weight of a clause that says too little to stand alone: about three words
_BRACKETED = re.compile(r"[^,;。:、%(]{0,30}\($")
_TWICE = re.compile(r"[\s(,即]{0,3}(?:不到|不足|超过|近)?$")  # between 「近三分之二」 and 「(63%)」


@dataclass(frozen=True, slots=True)
class Count:
    """A figure with what it is bound to; two figures where it is said twice."""

    figures: tuple[Figure, ...]
    clause: int
    tokens: NDArray[np.int64]  # of the words around it, places in `Statement.weights`
    group: str | None  # who is counted; None where nobody is, or nobody is named
    firm: bool  # its place leaves no doubt who is counted
    years: frozenset[int]  # of its own clause
    change: int  # 1: how much more, -1: how much less, 0: how many


@dataclass(frozen=True)
class Statement:
    """A text taken apart. Offsets are code points of `text`; t tokens, c clauses."""

    text: str  # normalised
    vectors: NDArray[np.float32]  # of unit length, shape (t, dimension); rows of zeros: unknown
    weights: NDArray[np.float32]  # what each token tells, shape (t,); 0 for empty words and figures
    spans: NDArray[np.int64]  # shape (t, 2)
    clause_of: NDArray[np.int64]  # shape (t,), ascending
    clauses: tuple[tuple[int, int], ...]
    figures: tuple[Figure, ...]
    groups: tuple[Group, ...]
    negations: tuple[Negation, ...]
    poles: tuple[Pole, ...]

    @cached_property
    def years(self) -> frozenset[int]:
        """The calendar years that it names."""
        return frozenset(int(figure.value) for figure in self.figures if figure.is_year)

    @cached_property
    def counts(self) -> tuple[Count, ...]:
        """Its figures, years left out, each with what it is bound to."""
        return tuple(_counts(self))

    @cached_property
    def denied(self) -> NDArray[np.bool_]:
        """Whether each token stands in the scope of a negation, shape (t,)."""
        denied = np.zeros(len(self.weights), bool)
        for negation in self.negations:
            denied |= self.within(negation.end, negation.scope_end)
        return denied

    def within(self, start: int, end: int) -> NDArray[np.bool_]:
        """Which tokens lie in a stretch of the text, shape (t,)."""
        held: NDArray[np.bool_] = (self.spans[:, 0] >= start) & (self.spans[:, 1] <= end)
        return held

    def clause_at(self, offset: int) -> int:
        """Give the place of the clause that holds an offset."""
        return next(
            (i for i, (_, end) in enumerate(self.clauses) if offset < end), len(self.clauses) - 1
        )

    def word(self, token: int) -> str:
        """Give one token as text."""
        start, end = self.spans[token]
        return self.text[start:end]

    def clause_text(self, clause: int) -> str:
        """Give one clause as text."""
        start, end = self.clauses[clause]
        return self.text[start:end]


def take_apart(text: str, embedder: StaticEmbedder) -> Statement:
    """Take a normalised text apart.

    Parameters
    ----------
    text : str
        Normalised, without citation numbers and footnote marks.
    embedder : StaticEmbedder
        Cuts it into words and gives their vectors; rarer words have longer vectors, and so weigh
        more.
    """
    ids, offsets = embedder.token_spans(text)
    spans = np.array(offsets, np.int64).reshape(-1, 2)
    rows = embedder.rows(ids)
    lengths = np.linalg.norm(rows, axis=1)
    vectors = np.asarray(rows / np.maximum(lengths, 1e-12)[:, None], np.float32)
    figures = tuple(find_figures(text))
    groups = find_groups(text)
    clauses = _clauses(text)
    return Statement(
        text=text,
        vectors=vectors,
        weights=_weights(text, lengths, spans, figures, groups),
        spans=spans,
        clause_of=_clause_of(spans, clauses),
        clauses=clauses,
        figures=figures,
        groups=groups,
        negations=find_negations(text),
        poles=find_poles(text),
    )


_THAN = re.compile(
    r"比(?!例|率|重|较|如|方|起|喻|作|赛|价|特|拟)|相比|高于|低于|多于|少于|高过|低过|多过|少过|超过|胜过"
)


def sides_of(
    statement: Statement, count: Count
) -> tuple[NDArray[np.int64], NDArray[np.int64]] | None:
    """Give the two sides of a comparison: the tokens before 「比」 in its sentence, those after.

    None where the stretch before a figure compares nothing.
    """
    end = count.figures[0].start
    start = statement.clauses[count.clause][0]
    than = _THAN.search(statement.text, start, end)
    if than is None:
        return None
    telling = statement.weights > 0
    left = statement.within(start, than.start())
    if not (left & telling).any() and count.clause:
        left = statement.clause_of == count.clause - 1
    right = statement.within(than.end(), end)
    return np.flatnonzero(left & telling), np.flatnonzero(right & telling)


def only_tells(clause: str) -> bool:
    """Whether a clause only says who speaks: 「受访高管认为,」."""
    return bool(_TOLD.search(clause.rstrip()))


def _clauses(text: str) -> tuple[tuple[int, int], ...]:
    cuts = [0, *(match.end() for match in _BORDER.finditer(text)), len(text)]
    found = tuple((a, b) for a, b in pairwise(cuts) if a < b)
    return found or ((0, 0),)


def _clause_of(spans: NDArray[np.int64], clauses: Sequence[tuple[int, int]]) -> NDArray[np.int64]:
    ends = np.array([end for _, end in clauses])
    places = np.searchsorted(ends, spans[:, 0], side="right")
    return np.minimum(places, len(clauses) - 1)


def _weights(
    text: str,
    lengths: NDArray[np.float32],
    spans: NDArray[np.int64],
    figures: Sequence[Figure],
    groups: Sequence[Group],
) -> NDArray[np.float32]:
    weights = np.array(lengths, np.float32)
    for place, (start, end) in enumerate(spans):
        if text[start:end] in _EMPTY:
            weights[place] = 0
        elif text[start:end] in _TOPIC:
            weights[place] *= _TOPIC_WEIGHT
    for figure in figures:
        weights[(spans[:, 0] < figure.end) & (spans[:, 1] > figure.start)] = 0
    for group in groups:
        weights[(spans[:, 0] < group.end) & (spans[:, 1] > group.start)] *= _GROUP_WEIGHT
    return weights


def _counts(statement: Statement) -> list[Count]:
    sayings = _said_twice(statement.text, [f for f in statement.figures if not f.is_year])
    by_clause: dict[int, list[list[Figure]]] = {}
    for figures in sayings:
        by_clause.setdefault(statement.clause_at(figures[0].start), []).append(figures)
    counts: list[Count] = []
    for clause, bound in by_clause.items():
        shared, stretches = _stretches(statement, clause, bound)
        for figures, (start, end) in zip(bound, stretches, strict=True):
            changed = _CHANGE.search(statement.text[start : figures[0].start])
            change = 0 if changed is None else 1 if changed["more"] or changed["above"] else -1
            group, firm = None, False
            if figures[0].unit == "%" and not change:
                group, firm = _counted(statement, clause, figures, start, end)
                if group is None and counts:
                    group = counts[-1].group
            counts.append(
                Count(
                    figures=tuple(figures),
                    clause=clause,
                    tokens=_words_around(
                        statement,
                        clause,
                        start,
                        end,
                        shared,
                        frozenset(
                            other
                            for other, others in by_clause.items()
                            if any(f[0].unit == figures[0].unit for f in others)
                        ),
                    ),
                    group=group,
                    firm=firm,
                    years=_years_of(statement, figures[0], start, end, len(bound)),
                    change=change,
                )
            )
    return counts


def _said_twice(text: str, figures: Sequence[Figure]) -> list[list[Figure]]:
    """Join neighbours such as 「近三分之二 (63%)」."""
    joined: list[list[Figure]] = []
    for figure in figures:
        last = joined[-1][-1] if joined else None
        near = last and figure.unit == last.unit == "%" and abs(figure.value - last.value) < 10
        if last and near and _is_said_again(last, figure, text):
            joined[-1].append(figure)
        else:
            joined.append([figure])
    return joined


def _is_said_again(last: Figure, figure: Figure, text: str) -> bool:
    """Whether a share gives the last one once more; a rough one may stand a few words before."""
    between = text[last.end : figure.start]
    return bool(_TWICE.match(between) or (last.direction and _BRACKETED.match(between)))


def _stretches(
    statement: Statement, clause: int, bound: Sequence[Sequence[Figure]]
) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Share a clause out among its figures: to the words before each, or to those after each.

    The first are what all of them share: the lead and the end of a list, 「影响最大的是」 before
    「销售 (57%)」.
    """
    start, end = statement.clauses[clause]
    if len(bound) == 1:
        return [], [(start, end)]
    text = statement.text
    leads = bound[0][0].start - start <= 4 and text[bound[0][-1].end :][:1] not in ")"
    if leads:  # 「28% 的…和 30% 的…」
        starts = [start, *(figures[0].start for figures in bound[1:])]
        return [], list(zip(starts, [*starts[1:], end], strict=True))
    opening = _ITEM.search(text[start : bound[0][0].start])
    item = start + opening.start() if opening else start
    ends = [figures[-1].end for figures in bound]
    if text[ends[-1] :][:1] != ")":
        ends[-1] = end
    stretches = list(zip([item, *ends[:-1]], ends, strict=True))
    return [(start, item), (ends[-1], end)], stretches


def _words_around(
    statement: Statement,
    clause: int,
    start: int,
    end: int,
    shared: Sequence[tuple[int, int]],
    taken: frozenset[int],
) -> NDArray[np.int64]:
    """Give the tokens that tell what a figure is about, from a neighbour clause where few do."""
    telling = statement.weights > 0
    held = statement.within(start, end)
    listed = bool((held & telling).any()) and any(a < b for a, b in shared)
    for stretch in shared:
        held |= statement.within(*stretch)
    told = _TOLD.search(statement.clause_text(clause).rstrip())
    if told and not listed:  # all that is told, up to the next figure
        for other in range(clause + 1, len(statement.clauses)):
            if other in taken or statement.text[statement.clauses[other][0] - 1] in "。!?":
                break
            held |= statement.clause_of == other
    for other in (clause - 1, clause + 1):
        if listed or float(statement.weights[held].sum()) >= _THIN:
            break
        if 0 <= other < len(statement.clauses) and other not in taken:
            held |= statement.clause_of == other
    for other in range(clause, -1, -1):  # 「美国更是高达…」 leans on what it follows
        if listed or float(statement.weights[held].sum()) >= _THIN:
            break
        held |= statement.clause_of == other
    return np.flatnonzero(held & telling)


def _counted(
    statement: Statement, clause: int, figures: Sequence[Figure], start: int, end: int
) -> tuple[str | None, bool]:
    """Find whom a share counts, and whether its place says so beyond doubt.

    「28% 的 CEO」 and 「CEO 中有 28%」 do; another group before the share may be counted or not.
    """
    text, first, last = statement.text, figures[0], figures[-1]
    for group in statement.groups:
        if first.start <= group.start and group.end <= last.end:
            return group.kind, True
    behind = text[last.end : end]
    ahead = [g for g in statement.groups if start <= g.start and g.end <= first.start]
    # 「业务 (62%) 的合作伙伴」 and 「与合作伙伴创新 (77%)」 count no partners.
    bracketed = len(figures) == 1 and behind.startswith(")")
    if bracketed:
        ahead = [g for g in ahead if g.end == first.start - 1]
    after = [g for g in statement.groups if last.end <= g.start < min(end, last.end + _REACH)]
    if after and not bracketed:
        between = text[last.end : after[0].start]
        if _OF.match(between) or (not ahead and len(between) <= 4 and not _SAYING.search(between)):
            return _head(after, text).kind, True
    for group in reversed(ahead):
        asked = text[max(0, group.start - 2) : group.start] == "受访"
        if asked or _AMONG.match(text, group.end):
            return group.kind, True
    if ahead:
        return ahead[-1].kind, False
    earlier = [g for g in statement.groups if statement.clause_at(g.start) == clause - 1]
    if earlier:
        if _AMONG.match(text, earlier[-1].end) or text[earlier[-1].end] == ",":
            return earlier[-1].kind, True
        return earlier[0].kind, False  # 「CEO 没有顾及员工, 做过评估的仅 28%」
    return None, False


def _head(groups: Sequence[Group], text: str) -> Group:
    """Of groups side by side (「企业」「员工」), take the last, which is counted."""
    found = groups[0]
    for group in groups[1:]:
        if found.end != group.start and text[found.end : group.start] != "的":
            break
        found = group
    return found


def _years_of(
    statement: Statement, figure: Figure, start: int, end: int, shares: int
) -> frozenset[int]:
    years = [f for f in statement.figures if f.is_year and start <= f.start < end]
    if shares > 1 and len(years) > 1:
        years = [min(years, key=lambda year: abs(year.start - figure.start))]
    return frozenset(int(year.value) for year in years)
