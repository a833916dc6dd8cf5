"""When one figure may be told as another: 77% as 「近八成」, never as 「八成」.

The rule, for a figure that the book states as exact:

- without a hedge it must be the same figure; a fraction may stand for the nearest whole percent
  (三分之二 for 67%);
- 「超过」, 「不到」 and their like must hold, and by less than a step of ten (of the half: 25), for
  「超过一半」 of 92% is true and misleading; from a percentage in digits by five at most;
- 「近」, 「约」 may lie three points below to five above what the book says.

Where the book itself hedges, the figure and the side of its hedge must be the same: 「超过 60%」 is
not 「60%」.
"""

from __future__ import annotations

from dataclasses import replace

from ingest.figures import Direction, Figure

_EXACT = 0.05
_FRACTION = 0.7  # 2/3 is 66.7, 1/3 is 33.3
_STEP, _HALF_STEP, _DIGIT_STEP = 10.0, 25.0, 5.0
_ABOVE, _BELOW = 5.0, 3.0  # points that 「近」 and 「约」 may lie above and below the truth
_TURNED: dict[Direction | None, Direction] = {
    "above": "below",
    "below": "above",
    "at least": "at most",
    "at most": "at least",
}
_COUNTED = frozenset("个位名人家种项大次条")


def restates(said: Figure, stated: Figure) -> bool:
    """Whether a figure of an answer is right where the book states another, or the same."""
    if said.is_year or stated.is_year or _unit(said) != _unit(stated):
        return said.is_year and stated.is_year and said.value == stated.value
    gap = said.value - stated.value
    if stated.direction:
        return abs(gap) <= _slack(said, stated) and _side(said) in _sides(stated)
    scale = 1.0 if said.unit == "%" else max(abs(stated.value), 1.0) / 100
    match said.direction:
        case None:
            return abs(gap) <= _slack(said, stated)
        case "above":
            return -_step(said) * scale <= gap < 0
        case "below":
            return 0 < gap <= _step(said) * scale
        case "at least":
            return -_step(said) * scale <= gap <= 0
        case "at most":
            return 0 <= gap <= _step(said) * scale
        case _:
            return -_BELOW * scale <= gap <= _ABOVE * scale


def is_counted(figure: Figure) -> bool:
    """Whether a figure counts things, rather than measuring a share, an amount or a time."""
    return figure.unit in _COUNTED


def complement(stated: Figure) -> Figure:
    """Give the share of those who do not, where the book states the share of those who do."""
    return replace(
        stated, value=100 - stated.value, direction=_TURNED.get(stated.direction, stated.direction)
    )


def _unit(figure: Figure) -> str:
    return "个" if is_counted(figure) else figure.unit


def _slack(said: Figure, stated: Figure) -> float:
    fraction = any("分之" in one.text or "/" in one.text for one in (said, stated))
    return _FRACTION if said.unit == "%" and fraction else _EXACT


def _step(said: Figure) -> float:
    if said.value == 50:
        return _HALF_STEP
    return _DIGIT_STEP if said.unit == "%" and said.text[:1].isdigit() else _STEP


def _side(figure: Figure) -> str | None:
    return {"at least": "above", "at most": "below"}.get(str(figure.direction), figure.direction)


def _sides(stated: Figure) -> set[str | None]:
    side = _side(stated)
    return {side, "below"} if side == "about" else {side}
