"""Batches as tables: questions in, answers out, nothing lost and nothing run by a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from assistant.answer import Answer, Citation, Note
from assistant.pipeline import Assistant, open_assistant
from assistant.settings import Settings
from ui.batch import ask_all, check_output, read_questions, write_answers
from ui.errors import InputError

MakeTable = Callable[[list[list[object]]], str]


def _sheet(path: Path, rows: list[list[object]]) -> str:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return str(path)


def _csv(path: Path, rows: list[list[object]], encoding: str = "utf-8-sig") -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return str(path)


@pytest.fixture(params=["csv", "xlsx"])
def table(request: pytest.FixtureRequest, tmp_path: Path) -> MakeTable:
    """Give a maker of tables of each kind."""
    path = tmp_path / f"questions.{request.param}"
    make = _csv if request.param == "csv" else _sheet
    return lambda rows: make(path, rows)


def test_the_column_is_told_by_its_head(table: MakeTable) -> None:
    name = table(
        [["序号", "问题", "备注"], [7, "第 4 章讲什么？", "急"], ["", "", ""], ["b", "注 40", ""]]
    )
    assert [(q.id, q.question) for q in read_questions(name)] == [
        ("7", "第 4 章讲什么？"),
        ("b", "注 40"),
    ]


def test_the_only_column_needs_no_head(table: MakeTable) -> None:
    assert [q.question for q in read_questions(table([["第 4 章讲什么？"], ["注 40"]]))] == [
        "第 4 章讲什么？",
        "注 40",
    ]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        pytest.param([["甲", "乙"], ["一", "二"]], "第 1 行：不知道哪一列", id="no-column"),
        pytest.param([["问题"], ["注 40"], ["长" * 501]], "第 3 行", id="too-long"),
        pytest.param([["id", "问题"], ["1", "注 40"], ["2", " "]], "第 3 行", id="blank"),
        pytest.param([["问题"]], "empty table", id="only-a-head"),
    ],
)
def test_a_bad_table_is_told_with_its_row(
    table: MakeTable, rows: list[list[object]], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        read_questions(table(rows))


def test_a_table_saved_by_an_old_spreadsheet_is_read(tmp_path: Path) -> None:
    name = _csv(tmp_path / "q.csv", [["问题"], ["第 4 章讲什么？"]], encoding="gb18030")
    assert [q.question for q in read_questions(name)] == ["第 4 章讲什么？"]


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("q.csv", '问题\n"没有收尾'.encode(), "不是正确的 CSV"),
        ("q.csv", b"", "没有内容"),
        ("q.xlsx", b"no archive", "打不开"),
        ("q.csv", None, "file not found"),
    ],
)
def test_a_file_that_is_no_table_is_named(
    tmp_path: Path, name: str, data: bytes | None, said: str
) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(InputError, match=said):
        read_questions(str(tmp_path / name))


@pytest.fixture
def answers() -> list[Answer]:
    """Give an answer that a spreadsheet would take for a formula, and a refusal."""
    citation = Citation(
        chapter=4, chapter_title="平台", section="数据", pages=(41, 50),
        footnotes=(40,), quote="@甲", passage_id="ch04.t2.know.p3",
    )  # fmt: skip
    return [
        Answer(
            id="=1+1", question="-2+3", answered=True, answer='=HYPERLINK("http://evil.test")\x07',
            citations=(citation,), notes=(Note(number=40, text="+Survey", url=None),),
        ),
        Answer(question="天气？", answered=False, answer="本书没有谈到。"),
    ]  # fmt: skip


def test_a_csv_holds_each_answer_and_no_formula(answers: list[Answer], tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    write_answers(answers, path)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    head, first, second = csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""))
    row = dict(zip(head, first, strict=True))
    assert (row["编号"], row["问题"], row["引文"]) == ("'=1+1", "'-2+3", "'@甲")
    assert row["回答"].startswith("'=HYPERLINK")
    assert (row["章节"], row["注释"], row["来源"]) == ("第 4 章", "40", "40. +Survey")
    assert dict(zip(head, second, strict=True))["已回答"] == "否"


def test_a_workbook_holds_text_only(answers: list[Answer], tmp_path: Path) -> None:
    path = tmp_path / "answers.xlsx"
    write_answers(answers, path)
    sheet = load_workbook(path).active
    assert sheet.max_row == 3
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"inlineStr", "s", "n"}
    assert sheet["A2"].value == "=1+1"
    assert sheet["A2"].data_type != "f"
    assert sheet["D2"].value == '=HYPERLINK("http://evil.test")'


def test_answers_come_in_order_and_equal_those_asked_singly(indexed: Path, tmp_path: Path) -> None:
    assistant: Assistant = open_assistant(Settings(_env_file=None, data_dir=indexed))
    name = _csv(
        tmp_path / "q.csv", [["问题"], ["注 115 的来源？"], ["明天天气怎样？"], ["注 40 的来源？"]]
    )
    shown: list[Answer] = []
    answers = ask_all(read_questions(name), assistant, show=shown.append)
    assert shown == answers
    single = [assistant.invoke(question) for question in read_questions(name)]
    assert [a.answer for a in answers] == [a.answer for a in single]
    write_answers(answers, tmp_path / "a.jsonl")
    lines = (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["question"] for line in lines] == [a.question for a in answers]


def test_a_file_that_cannot_be_written_leaves_the_old_one(
    answers: list[Answer], tmp_path: Path
) -> None:
    path = tmp_path / "answers.csv"
    path.mkdir()
    with pytest.raises(InputError, match="写不了"):
        write_answers(answers, path)
    assert path.is_dir()
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("output", "said"),
    [("a.ods", "unsupported type"), ("no/a.csv", "no such folder"), ("q.csv", "覆盖")],
)
def test_an_output_that_cannot_be_is_refused_before_asking(
    tmp_path: Path, output: str, said: str
) -> None:
    with pytest.raises(InputError, match=said):
        check_output(tmp_path / output, source=str(tmp_path / "q.csv"))
