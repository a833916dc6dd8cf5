"""Charts of the figures as SVG: bars by chapter or by group, then and now, one group and another.

Which charts there are is chosen by the data. They are drawn by hand, since each bar leads to its
passage, follows the page's colours there and carries its own in a file, and needs no font but the
reader's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from ingest.comparisons import ComparisonKind
from ui.figure_words import FIGURE_WORDS, FigureWords
from ui.figures import ComparisonView, FigureRow, FigureTable

ChartKind = Literal["time", "groups", "turn", "shares"]

_WIDTH = 440
_MARGIN = 16
_KEY = 116  # width of the words before a bar
_VALUE = 92  # width of the figure after it
_LINE, _BAR, _GAP = 20, 24, 12  # heights
_TITLE = 40
_LABEL_EMS = 28.5  # what fits on a line, in widths of a Chinese character
_KEY_EMS = 8.2
_LABEL_LINES = 3
_PIECE = re.compile(r"[!-~]{1,20}|.", re.DOTALL)  # a line breaks in no Latin word
_FONT = (
    "-apple-system, 'Segoe UI', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"
)
_PAPER, _INK, _SOFT, _TRACK = "#ffffff", "#17181c", "#5b5d63", "#eeece6"
_FILLS = ("#a3301f", "#8b8f97")  # what is to be seen first, and what it is held against


@dataclass(frozen=True, slots=True)
class Bar:
    """One figure in a chart."""

    row: FigureRow
    key: str  # what tells it from the others of its group: a year, a population
    first: bool = True  # drawn in the colour of what is to be seen first


@dataclass(frozen=True, slots=True)
class Group:
    """Bars under one heading."""

    label: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """One picture."""

    kind: ChartKind
    title: str
    groups: tuple[Group, ...]

    @property
    def rows(self) -> tuple[FigureRow, ...]:
        """The figures that it shows."""
        return tuple(bar.row for group in self.groups for bar in group.bars)


def choose_charts(
    table: FigureTable, rows: Sequence[FigureRow], words: FigureWords = FIGURE_WORDS["zh"]
) -> tuple[Chart, ...]:
    """Choose the charts that figures call for.

    What the book compares comes first, each kind in a chart of its own. The other shares follow:
    a chart a chapter, or, where all are of one chapter, a chart a population.

    Parameters
    ----------
    table : FigureTable
        That the rows are from.
    rows : sequence of FigureRow
    words : FigureWords
    """
    by_id = {row.id: row for row in rows}
    views = table.comparisons_of(rows)
    charts = []
    kinds: tuple[ComparisonKind, ...] = ("time", "groups", "turn")
    for kind in kinds:
        groups = tuple(
            _compared(view, [by_id[i] for i in view.figures], words.unnamed)
            for view in views
            if view.kind == kind
        )
        if groups:
            charts.append(Chart(kind, words.chart_titles[kind], groups))
    compared = {figure for view in views for figure in view.figures}
    plain = [r for r in rows if r.kind == "share" and not r.rounds and r.id not in compared]
    return (*charts, *_share_charts(plain, words.unnamed))


def draw(charts: Sequence[Chart], *, linked: bool = False) -> str:
    """Draw charts, one above the other, as a whole SVG document.

    Parameters
    ----------
    charts : sequence of Chart
    linked : bool
        Whether each bar links to its passage ("#src-…"), for the page.
    """
    parts: list[str] = []
    y = 0.0
    for chart in charts:
        for part, height in _chart(chart, y, linked=linked):
            parts.append(part)
            y += height
    height = y + _GAP
    name = escape("；".join(chart.title for chart in charts))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height:.0f}" '
        f'width="{_WIDTH}" height="{height:.0f}" role="group" aria-label="{name}" '
        f'font-family="{_FONT}" font-size="14">'
        f'<rect class="sheet" width="{_WIDTH}" height="{height:.0f}" fill="{_PAPER}"/>'
        f"{''.join(parts)}</svg>"
    )


def _compared(view: ComparisonView, rows: Sequence[FigureRow], unnamed: str) -> Group:
    if view.kind == "turn":
        keys = [""] * len(rows)
    elif view.kind == "time":
        keys = [row.when or "目前" for row in rows]
    else:
        keys = [row.population or unnamed for row in rows]
    first = rows[-1] if view.kind == "time" else rows[0]
    bars = tuple(Bar(row, key, row is first) for row, key in zip(rows, keys, strict=True))
    return Group(view.subject, bars)


def _share_charts(rows: Sequence[FigureRow], unnamed: str) -> Iterator[Chart]:
    by_chapter: dict[str, list[FigureRow]] = {}
    by_population: dict[str, list[FigureRow]] = {}
    for row in rows:
        by_chapter.setdefault(row.place, []).append(row)
        by_population.setdefault(row.population or unnamed, []).append(row)
    one_chapter = len(by_chapter) == 1
    for title, members in (by_population if one_chapter else by_chapter).items():
        members.sort(key=lambda row: -row.value)
        yield Chart(
            "shares",
            title,
            tuple(
                Group(row.subject, (Bar(row, row.when if one_chapter else row.population or ""),))
                for row in members
            ),
        )


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where the bars of a chart begin and how long they are."""

    top: float  # the value at the right end
    has_keys: bool

    @property
    def left(self) -> int:
        return _MARGIN + (_KEY if self.has_keys else 0)

    @property
    def width(self) -> int:
        return _WIDTH - _MARGIN - _VALUE - self.left


def _chart(chart: Chart, y: float, *, linked: bool) -> Iterator[tuple[str, float]]:
    """Give the parts of one chart from `y` down, each with its height."""
    top = max(100.0, *(row.value for row in chart.rows))
    scale = _Scale(top, has_keys=any(bar.key for group in chart.groups for bar in group.bars))
    yield (
        f'<text class="title" x="{_MARGIN}" y="{y + 26:.0f}" font-size="16" font-weight="600" '
        f'fill="{_INK}">{escape(chart.title)}</text>',
        _TITLE,
    )
    y += _TITLE
    for group in chart.groups:
        for part, height in _group(group, y, scale, turns=chart.kind == "turn", linked=linked):
            yield part, height
            y += height
        yield "", _GAP
        y += _GAP


def _group(
    group: Group, y: float, scale: _Scale, *, turns: bool, linked: bool
) -> Iterator[tuple[str, float]]:
    """Draw a heading and its bars; in a contrast each bar has its own heading."""
    for place, bar in enumerate(group.bars):
        parts, height = [], 0.0
        if turns or not place:
            label = bar.row.subject if turns else group.label
            for line in _wrapped(label, _LABEL_EMS, _LABEL_LINES):
                parts.append(
                    f'<text class="label" x="{_MARGIN}" y="{y + height + 15:.0f}" '
                    f'fill="{_INK}">{escape(line)}</text>'
                )
                height += _LINE
        parts.append(_bar(bar, y + height, scale))
        height += _BAR
        yield _linked("".join(parts), bar.row) if linked else "".join(parts), height
        y += height


def _bar(bar: Bar, y: float, scale: _Scale) -> str:
    row, x = bar.row, scale.left
    width = max(row.value / scale.top * scale.width, 1)
    fill = _FILLS[0 if bar.first else 1]
    (key,) = _wrapped(bar.key, _KEY_EMS, 1) or [""]
    printed = escape(row.printed)
    return (
        f"<title>{printed}：{escape(row.subject)}</title>"
        f'<text class="key" x="{_MARGIN}" y="{y + 15:.0f}" font-size="13" fill="{_SOFT}">'
        f"{escape(key)}</text>"
        f'<rect class="track" x="{x}" y="{y + 3:.0f}" width="{scale.width}" '
        f'height="{_BAR - 8}" rx="2" fill="{_TRACK}"/>'
        f'<rect class="{"bar" if bar.first else "other"}" x="{x}" y="{y + 3:.0f}" '
        f'width="{width:.1f}" height="{_BAR - 8}" rx="2" fill="{fill}"/>'
        f'<text class="value" x="{x + scale.width + 8}" y="{y + 15:.0f}" font-size="13" '
        f'font-weight="600" fill="{_INK}">{printed}</text>'
    )


def _linked(drawn: str, row: FigureRow) -> str:
    name = escape(f"{row.printed}：{row.subject}")
    return f'<a href="#src-{row.passage_id}:{row.start}-{row.end}" aria-label="{name}">{drawn}</a>'


def _wrapped(text: str, ems: float, lines: int) -> list[str]:
    """Break a text into lines of a width; what does not fit ends in an ellipsis."""
    broken, line, width = [], "", 0.0
    for piece in _PIECE.findall(text):
        advance = len(piece) * (0.56 if piece.isascii() else 1.0)
        if width + advance > ems:
            broken.append(line)
            line, width = "", 0.0
        line, width = line + piece, width + advance
    broken.append(line)
    if len(broken) > lines:
        broken = [*broken[: lines - 1], f"{broken[lines - 1][:-1]}…"]
    return [part for part in map(str.strip, broken) if part]
