"""Tables, JSON and the HTML page of a run."""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from evals.charts import Bar, Line, bars, lines
from evals.errors import ReportError, RunFileError
from evals.metrics import Comparison, Outcome, measure
from evals.page import page
from evals.report import (
    KindRun,
    Made,
    Run,
    SystemRun,
    changes,
    read_run,
    tables,
    write_run,
    write_text,
)
from ingest.document import Book
from tests.evals.conftest import make_answer, make_citation, make_item

MADE = Made(
    date="2023-09-01T00:00:00+00:00",
    commit="abc",
    machine="x",
    python="3.11",
    dataset="own.jsonl",
    dataset_sha256="0" * 64,
    book="book.txt",
    book_id="b",
    embedder="default",
    split="all",
    kinds=(),
)


def system(name: str, outcomes: list[Outcome]) -> SystemRun:
    kinds = dict.fromkeys(outcome.item.kind for outcome in outcomes)
    of_kind = {kind: [o for o in outcomes if o.item.kind == kind] for kind in kinds}
    return SystemRun(
        name=name,
        label=f"系统{name}",
        measures=measure(outcomes),
        kinds=tuple(
            KindRun(kind=kind, questions=len(some), measures=measure(some))
            for kind, some in of_kind.items()
        ),
        outcomes=tuple(outcomes),
    )


@pytest.fixture
def run(outcome_of: Callable[..., Outcome]) -> Run:
    """Give two systems and three questions; the first gets two right, the second none."""
    cited = make_citation("74% 的退货就不会发生。", footnotes=[4])
    items = [
        make_item("right", kind="figure", footnotes=(4,), sources=("ch01.t2.know.p1",)),
        make_item("wrong", kind="figure", question="<b>多少？</b>", footnotes=(5,)),
        make_item("none", kind="off-topic", answerable=False),
    ]
    good = [
        outcome_of(items[0], make_answer("74%", cited)),
        outcome_of(items[1], make_answer("<script>", cited)),
        outcome_of(items[2], make_answer("没有。", answered=False)),
    ]
    bad = [outcome_of(item, make_answer("不知道。")) for item in items]
    return Run(made=MADE, systems=(system("好", good), system("坏", bad)))


def test_a_run_is_read_as_it_was_written(run: Run, tmp_path: Path) -> None:
    write_run(run, tmp_path / "run.json")
    assert read_run(tmp_path / "run.json") == run


def test_what_is_no_run_is_named(tmp_path: Path) -> None:
    with pytest.raises(RunFileError, match=r"none\.json"):
        read_run(tmp_path / "none.json")
    other = tmp_path / "other.json"
    other.write_text("{}", encoding="utf-8")
    with pytest.raises(RunFileError, match=r"other\.json：不是可以比较的评测结果"):
        read_run(other)
    other.write_bytes(b"\xff")
    with pytest.raises(RunFileError, match="UTF-8"):
        read_run(other)


def test_a_report_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match=r"none/report\.html"):
        write_text("", tmp_path / "none" / "report.html")


def test_the_table_gives_each_kind_and_system_in_columns(run: Run) -> None:
    by_kind, by_measure, _ = tables(run).split("\n\n")
    rows = [re.split(r"\s{2,}", line) for line in by_kind.splitlines()]
    assert rows[0] == ["全对", "题数", "系统好", "系统坏", "95% 区间（系统好）"]
    assert rows[1][:4] == ["数字", "2", "50.0%", "0.0%"]
    assert rows[2][:4] == ["题外", "1", "100.0%", "0.0%"]
    assert rows[3][:4] == ["全部", "3", "66.7%", "0.0%"]
    assert "注引用召回率" in by_measure


def test_every_other_system_is_held_against_the_first(run: Run) -> None:
    """The second gets none of the two right that the first does: p = 2 · 1/4."""
    head, row = tables(run).split("\n\n")[2].splitlines()
    assert head.startswith("与系统好逐题比较")
    cells = re.split(r"\s{2,}", row)
    assert [*cells[:2], *cells[3:]] == ["系统坏", "-66.7", "0", "2", "0.500"]
    alone = run.model_copy(update={"systems": run.systems[:1]})
    assert len(tables(alone).split("\n\n")) == 2


def test_columns_line_up_though_chinese_is_twice_as_wide(run: Run) -> None:
    lines_ = tables(run).split("\n\n")[0].splitlines()
    ends = {
        sum(2 if "\u2e80" <= c <= "\uffef" else 1 for c in line[: line.index(cell) + len(cell)])
        for line, cell in zip(lines_, ["系统好", "50.0%", "100.0%", "66.7%"], strict=True)
    }
    assert len(ends) == 1


def test_what_got_better_and_worse_is_listed(run: Run) -> None:
    comparison = Comparison(
        questions=3, better=("right",), worse=("wrong",), difference=0.125, low=-0.1, high=0.3, p=1
    )
    text = changes(comparison, run.systems[0].outcomes)
    assert "全对 +12.5 个百分点" in text
    assert "  + right  问什么？" in text
    assert "  - wrong  <b>多少？</b>" in text


class _Reader(HTMLParser):
    """Checks that tags close, and collects what is loaded and the text."""

    VOID = frozenset({"meta", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loaded: list[str] = []
        self.seen: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.loaded += [f"{tag} {name}" for name, _ in attrs if name in {"src", "href"}]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader


class TestPage:
    def test_it_is_whole_and_loads_nothing(self, run: Run, small: Book) -> None:
        reader = read(page(run, small))
        assert reader.loaded == []
        assert "script" not in reader.seen
        assert reader.seen.count("svg") == 4

    def test_one_system_alone_has_one_plot(self, run: Run, small: Book) -> None:
        alone = run.model_copy(update={"systems": run.systems[:1]})
        assert read(page(alone, small)).seen.count("svg") == 1

    def test_failed_questions_alone_are_shown_with_both_sides(self, run: Run, small: Book) -> None:
        reader = read(page(run, small))
        assert reader.seen.count("details") == 1
        assert "没有答对的题（1 / 3）" in reader.text
        assert "<b>多少？</b>" in reader.text
        assert "注不对：引了 4" in reader.text
        assert "章：（无）；注：5" in reader.text

    def test_the_passage_that_was_expected_is_printed(self, run: Run, small: Book) -> None:
        missed = run.systems[1].model_copy(update={"outcomes": run.systems[1].outcomes[:1]})
        reader = read(page(Run(made=MADE, systems=(missed,)), small))
        assert "老顾客说过的话若是都写在本子上" in reader.text

    def test_a_comparison_is_told(self, run: Run, small: Book) -> None:
        comparison = Comparison(
            questions=3, better=("right",), worse=(), difference=1 / 3, low=0, high=1, p=1
        )
        text = read(page(run, small, comparison)).text
        assert "全对 +33.3 个百分点" in text
        assert "变差 0 题：无" in text


class TestCharts:
    def test_a_bar_is_as_long_as_its_value(self) -> None:
        drawn = ElementTree.fromstring(
            bars("题", [Bar("<甲>", 0.5, 0.25, 0.75, "50%"), Bar("乙", 1.0, 1.0, 1.0, "100%")])
        )
        half, whole = (float(rect.attrib["width"]) for rect in drawn.iter("rect"))
        assert whole == 2 * half
        assert drawn.attrib["aria-label"] == "题"

    def test_a_line_has_a_point_for_every_place(self) -> None:
        drawn = ElementTree.fromstring(lines("题", ["1", "5"], [Line("甲", (0.0, 1.0))]))
        low, high = (float(dot.attrib["cy"]) for dot in drawn.iter("circle"))
        assert low > high  # the y axis of SVG points down
