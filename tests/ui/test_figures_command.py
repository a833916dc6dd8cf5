"""``guide figures``: the rows of the API on the command line."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree

import pytest

from ingest.document import Book
from ui.cli import main
from ui.figures import FigureFilter, FigureTable


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("GUIDE_BOOK", raising=False)
    monkeypatch.setenv("GUIDE_DATA_DIR", str(tmp_path))


def test_json_and_csv_are_the_rows_of_the_api(
    capsys: pytest.CaptureFixture[str], book: Book
) -> None:
    table = FigureTable(book)
    rows = table.select(FigureFilter(chapter=4))
    assert main(["figures", "--chapter", "4", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == table.report(rows).model_dump(mode="json")
    assert main(["figures", "--chapter", "4", "--csv"]) == 0
    written = csv.DictReader(StringIO(capsys.readouterr().out))
    assert [row["id"] for row in written] == [row.id for row in rows]


def test_a_table_has_a_line_a_figure(capsys: pytest.CaptureFixture[str], book: Book) -> None:
    assert main(["figures", "--chapter", "1", "--population", "CEO"]) == 0
    head, line, blank, count = capsys.readouterr().out.splitlines()
    assert head.split()[:3] == ["数字", "人群", "内容"]
    assert line.split()[:2] == ["74%", "CEO"]
    assert line.endswith("第 1 章     7")
    assert (blank, count) == ("", "共 1 个数字。")


def test_a_plot_is_a_picture(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "four.svg"
    assert main(["figures", "--chapter", "4", "--plot", str(path)]) == 0
    assert ElementTree.fromstring(path.read_text("utf-8")).tag.endswith("svg")
    assert str(path) in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        pytest.param(["--chapter", "13"], 1, "本书没有第 13 章", id="no-chapter"),
        pytest.param(["--chapter", "-1"], 2, "--chapter", id="below-zero"),
        pytest.param(["--survey", "0"], 2, "--survey", id="no-survey"),
        pytest.param(["--plot", "figures.pdf"], 2, ".svg", id="no-svg"),
        pytest.param(["--plot", "no/such/folder/a.svg"], 2, "写不了", id="no-folder"),
        pytest.param(["--book", "no-such.txt"], 1, "找不到书的文件", id="no-book"),
    ],
)
def test_bad_input_is_named(
    capsys: pytest.CaptureFixture[str], arguments: list[str], status: int, said: str
) -> None:
    assert main(["figures", *arguments]) == status
    printed = capsys.readouterr()
    assert said in printed.err
    assert not printed.out
