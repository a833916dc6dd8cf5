"""Plots as inline SVG, drawn by hand so that a report needs neither a library nor a network.

Colours come from the page (``var(--series-1)`` …), text scales with it, and every mark has a title
for those who hover or listen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_LABEL = 132  # width of the labels
_PLOT = 480  # width of the plot itself
_VALUE = 92  # width of the printed values
_ROW = 26
_TOP = 8
_AXIS = 24
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
_HEIGHT = 260  # of a line plot
_LEGEND = 20  # a line of the legend


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: a value with its interval, and how it is printed."""

    label: str
    value: float  # in the unit of the axis
    low: float
    high: float
    printed: str
    strong: bool = False  # the one that the plot is about


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a line plot: a value at each of the places."""

    label: str
    values: tuple[float, ...]


def bars(title: str, rows: Sequence[Bar], *, top: float = 1.0, percent: bool = True) -> str:
    """Draw horizontal bars with their intervals.

    Parameters
    ----------
    title : str
        What is shown, for those who do not see it.
    rows : sequence of Bar
        From top to bottom.
    top : float
        The value at the right edge, above 0.
    percent : bool
        Print an axis of shares.
    """
    height = _TOP + _ROW * len(rows) + (_AXIS if percent else _TOP)
    parts = [_axis(height) if percent else ""]
    for number, row in enumerate(rows):
        parts.append(_bar(row, y=_TOP + _ROW * number, scale=_PLOT / top))
    return _svg(title, _LABEL + _PLOT + _VALUE, height, parts)


def lines(title: str, places: Sequence[str], drawn: Sequence[Line]) -> str:
    """Draw lines of shares over a few places, with a legend below.

    Parameters
    ----------
    title : str
        What is shown, for those who do not see it.
    places : sequence of str
        Printed below the plot, at least two.
    drawn : sequence of Line
        Each with one value a place, from 0 to 1.
    """
    step = _PLOT / (len(places) - 1)
    parts = [_grid()]
    for number, label in enumerate(places):
        x = _LABEL + step * number
        parts.append(
            f'<text x="{x:.0f}" y="{_TOP + _HEIGHT + 18}" text-anchor="middle">'
            f"{escape(label)}</text>"
        )
    for series, line in enumerate(drawn):
        parts.append(_line(line, series, places, step))
    height = _TOP + _HEIGHT + _AXIS + _LEGEND * len(drawn) + _TOP
    return _svg(title, _LABEL + _PLOT + _VALUE, height, parts)


def _bar(row: Bar, *, y: float, scale: float) -> str:
    middle = y + _ROW / 2
    width = max(row.value * scale, 1)
    low, high = _LABEL + row.low * scale, _LABEL + min(row.high * scale, _PLOT)
    return (
        f"<g><title>{escape(row.label)}：{escape(row.printed)}</title>"
        f'<text x="{_LABEL - 8}" y="{middle + 4}" text-anchor="end">{escape(row.label)}</text>'
        f'<rect class="{"strong" if row.strong else "bar"}" x="{_LABEL}" y="{y + 4}" '
        f'width="{width:.1f}" height="{_ROW - 8}" rx="2"/>'
        f'<path class="whisker" d="M{low:.1f} {middle}H{high:.1f}'
        f'M{low:.1f} {middle - 4}v8M{high:.1f} {middle - 4}v8"/>'
        f'<text x="{_LABEL + _PLOT + 8}" y="{middle + 4}">{escape(row.printed)}</text></g>'
    )


def _axis(height: float) -> str:
    marks = []
    for tick in _TICKS:
        x = _LABEL + _PLOT * tick
        marks.append(
            f'<path class="grid" d="M{x} {_TOP}V{height - _AXIS}"/>'
            f'<text x="{x}" y="{height - 8}" text-anchor="middle">{tick:.0%}</text>'
        )
    return "".join(marks)


def _grid() -> str:
    marks = []
    for tick in _TICKS:
        y = _TOP + _HEIGHT * (1 - tick)
        marks.append(
            f'<path class="grid" d="M{_LABEL} {y}H{_LABEL + _PLOT}"/>'
            f'<text x="{_LABEL - 8}" y="{y + 4}" text-anchor="end">{tick:.0%}</text>'
        )
    return "".join(marks)


def _line(line: Line, series: int, places: Sequence[str], step: float) -> str:
    colour = f"var(--series-{series % 8 + 1})"
    points = [
        (_LABEL + step * number, _TOP + _HEIGHT * (1 - value))
        for number, value in enumerate(line.values)
    ]
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    dots = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}">'
        f"<title>{escape(line.label)} {escape(place)}：{value:.1%}</title></circle>"
        for (x, y), place, value in zip(points, places, line.values, strict=True)
    )
    legend = _TOP + _HEIGHT + _AXIS + _LEGEND * (series + 1)
    return (
        f'<path fill="none" stroke="{colour}" stroke-width="2" d="{path}"/>{dots}'
        f'<rect x="{_LABEL}" y="{legend - 10}" width="12" height="12" fill="{colour}"/>'
        f'<text x="{_LABEL + 20}" y="{legend}">{escape(line.label)}</text>'
    )


def _svg(title: str, width: float, height: float, parts: Sequence[str]) -> str:
    return (
        f'<svg viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-label="{escape(title)}">'
        f"{''.join(parts)}</svg>"
    )
