"""What a run found: as JSON, and as tables on the terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from evals.errors import ReportError, RunFileError
from evals.metrics import Comparison, Measure, Outcome, compare

# Kinds of the data sets that come with the project; others are printed by their own name.
KINDS: dict[str, str] = {
    "figure": "数字",
    "paraphrase": "换一种说法",
    "oblique": "拐弯抹角",
    "colloquial": "口语与错字",
    "action": "该怎么做",
    "speaker": "谁说了什么",
    "outline": "章节结构",
    "compare": "比较",
    "source": "出处",
    "reverse": "反查",
    "check": "核对",
    "english": "英文",
    "followup": "追问",
    "unanswerable-near": "书中没有",
    "off-topic": "题外",
    "injection": "注入",
    "small-talk": "寒暄",
}
_GAP = "  "
_NOTHING = "–"


class Made(BaseModel):
    """How a run came about."""

    model_config = ConfigDict(frozen=True)

    date: str  # ISO 8601, UTC
    commit: str | None  # of the project; None outside a checkout
    machine: str
    python: str
    dataset: str
    dataset_sha256: str
    book: str
    book_id: str
    embedder: str
    split: str
    kinds: tuple[str, ...]  # asked for; () for all


class KindRun(BaseModel):
    """The measures of the questions of one kind."""

    model_config = ConfigDict(frozen=True)

    kind: str
    questions: int
    measures: tuple[Measure, ...]


class SystemRun(BaseModel):
    """What one system did with the questions."""

    model_config = ConfigDict(frozen=True)

    name: str
    label: str
    measures: tuple[Measure, ...]
    kinds: tuple[KindRun, ...]  # in the order of the data set
    outcomes: tuple[Outcome, ...]

    @property
    def right(self) -> float:
        """The share of questions that were answered rightly in everything."""
        return sum(o.judgement.right for o in self.outcomes) / len(self.outcomes)


class Run(BaseModel):
    """One evaluation: the same questions put to one or more systems."""

    model_config = ConfigDict(frozen=True)

    made: Made
    systems: tuple[SystemRun, ...]  # at least one; the first is the one that is judged


def write_run(run: Run, path: Path) -> None:
    """Write a run as JSON.

    Raises
    ------
    ReportError
        If the file cannot be written.
    """
    write_text(run.model_dump_json(indent=1), path)


def read_run(path: Path) -> Run:
    """Read a run that `write_run` wrote.

    Raises
    ------
    RunFileError
        If the file cannot be read or holds something else.
    """
    try:
        return Run.model_validate_json(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RunFileError(path, reason=str(error.strerror)) from error
    except UnicodeDecodeError as error:
        raise RunFileError(path, reason="不是 UTF-8 文本") from error
    except ValidationError as error:
        raise RunFileError(path, reason=error.errors()[0]["msg"]) from error


def write_text(text: str, path: Path) -> None:
    """Write a report.

    Raises
    ------
    ReportError
        If the file cannot be written.
    """
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ReportError(path, reason=str(error.strerror)) from error


def tables(run: Run) -> str:
    """Lay a run out for the terminal: right answers by kind, all measures, and who differs."""
    parts = [_by_kind(run), _by_measure(run), "\n".join(aligned(differences(run)))]
    return "\n\n".join(parts if len(run.systems) > 1 else parts[:2])


def differences(run: Run) -> list[list[str]]:
    """Hold every other system against the first, question by question, in rows with a head."""
    first, *others = run.systems
    rows = [[f"与{first.label}逐题比较", "全对之差", "95% 区间", "多对", "多错", "McNemar p"]]
    for other in others:
        found = compare(first.outcomes, other.outcomes)
        assert found is not None  # both were asked the same
        rows.append(
            [
                other.label,
                f"{100 * found.difference:+.1f}",
                f"{100 * found.low:+.1f} 至 {100 * found.high:+.1f}",
                str(len(found.better)),
                str(len(found.worse)),
                f"{found.p:.3f}" if found.p >= 0.001 else "<0.001",
            ]
        )
    return rows


def changes(comparison: Comparison, outcomes: Sequence[Outcome]) -> str:
    """Say what got better and what got worse since an earlier run."""
    questions = {outcome.item.id: outcome.item.question for outcome in outcomes}
    lines = [
        f"与上次相比（{comparison.questions} 题）：全对 {100 * comparison.difference:+.1f} 个百分点"
        f"（95% 区间 {100 * comparison.low:+.1f} 至 {100 * comparison.high:+.1f}；"
        f"McNemar p = {comparison.p:.3f}）",
        f"变好 {len(comparison.better)} 题",
        *(f"  + {key}  {questions.get(key, '')}" for key in comparison.better),
        f"变差 {len(comparison.worse)} 题",
        *(f"  - {key}  {questions.get(key, '')}" for key in comparison.worse),
    ]
    return "\n".join(lines)


def shown(measure: Measure, value: float | None) -> str:
    """Print a value in the unit of its measure: 84.2%, 12.3 ms, 167."""
    if value is None:
        return _NOTHING
    match measure.unit:
        case "share":
            return f"{100 * value:.1f}%"
        case "seconds":
            return f"{1000 * value:.1f} ms"
        case _:
            return f"{value:.0f}"


def interval(measure: Measure) -> str:
    """Print the interval of a measure: 80.1%–88.0%."""
    if measure.low is None:
        return _NOTHING
    return f"{shown(measure, measure.low)}–{shown(measure, measure.high)}"


def named(measures: Sequence[Measure], name: str) -> Measure:
    """Find a measure by its name."""
    return next(measure for measure in measures if measure.name == name)


def kind_label(kind: str) -> str:
    """Give the Chinese name of a kind of question."""
    return KINDS.get(kind, kind)


def _by_kind(run: Run) -> str:
    first = run.systems[0]
    rows = [
        ["全对", "题数", *(system.label for system in run.systems), f"95% 区间（{first.label}）"]
    ]
    for place, kind in enumerate(first.kinds):
        cells = [named(system.kinds[place].measures, "right") for system in run.systems]
        rows.append([kind_label(kind.kind), str(kind.questions), *_values(cells)])
    cells = [named(system.measures, "right") for system in run.systems]
    rows.append(["全部", str(len(first.outcomes)), *_values(cells)])
    return "\n".join(aligned(rows))


def _by_measure(run: Run) -> str:
    first = run.systems[0]
    rows = [["指标", *(system.label for system in run.systems), f"95% 区间（{first.label}）"]]
    for place, measure in enumerate(first.measures):
        cells = [system.measures[place] for system in run.systems]
        rows.append([measure.label, *_values(cells)])
    return "\n".join(aligned(rows))


def _values(cells: Sequence[Measure]) -> list[str]:
    return [*(shown(cell, cell.value) for cell in cells), interval(cells[0])]


def aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Set rows in columns, the first to the left, the others to the right."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        pads: list[Callable[[str, int], str]] = [_left, *[_right] * (len(row) - 1)]
        cells = (pad(cell, width) for pad, cell, width in zip(pads, row, widths, strict=True))
        yield _GAP.join(cells).rstrip()


def _left(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _right(text: str, width: int) -> str:
    return " " * (width - _width(text)) + text


def _width(text: str) -> int:
    """Count terminal columns: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
