"""``guide ask --batch``: many questions from a file, their answers to a file or to the screen.

JSON Lines for programs; CSV and XLSX for people. All questions are read and checked before any is
asked, and a file of answers is written beside its place and moved there when whole.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from assistant.answer import Answer, Citation, Question
from ingest.errors import ReadError
from ingest.reading import read_text
from ui.errors import InputError

if TYPE_CHECKING:
    from assistant.pipeline import Assistant

_QUESTIONS = frozenset({"question", "questions", "问题", "提问"})
_IDS = frozenset({"id", "编号", "序号"})
_HEAD = ("编号", "问题", "已回答", "回答", "章节", "注释", "引文", "来源", "段落")
# What a spreadsheet takes for a formula (OWASP, CSV injection), full-width forms too.
_FORMULA = re.compile(r"^[=+\-@＝＋－＠\t\r]")


def read_questions(name: str) -> list[Question]:
    """Read the questions of a file, in order.

    Parameters
    ----------
    name : str
        A path, its kind told by the suffix: ``.csv``, ``.xlsx``, else JSON Lines; ``-`` is
        standard input.

    Raises
    ------
    InputError
        If the file or one of its rows cannot be used; names the row.
    """
    match Path(name).suffix.lower():
        case ".csv":
            return list(_of_table(_csv_rows(Path(name)), name))
        case ".xlsx":
            return list(_of_table(_xlsx_rows(Path(name)), name))
        case _:
            return list(_of_lines(name))


def check_output(path: Path, *, source: str) -> None:
    """Refuse a file of answers that could not be written, before anything is asked.

    Raises
    ------
    InputError
        If its kind is unknown, its folder is missing, or it is the file of questions.
    """
    if path.suffix.lower() not in _WRITERS:
        kinds = "、".join(_WRITERS)
        raise InputError(f"{path}：不支持的输出类型（unsupported type）。可以写 {kinds}。")
    if not path.absolute().parent.is_dir():
        raise InputError(f"{path}：没有这个文件夹（no such folder）。请先建立它。")
    if source != "-" and path.absolute() == Path(source).absolute():
        raise InputError(f"{path}：输出会覆盖提问的文件。请换一个文件名。")


def ask_all(
    questions: Sequence[Question], assistant: Assistant, *, show: Callable[[Answer], None]
) -> list[Answer]:
    """Ask the questions in order, with a progress bar on standard error."""
    from tqdm import tqdm

    answers = []
    for question in tqdm(questions, desc="提问", file=sys.stderr, disable=None):
        answers.append(assistant.invoke(question))
        show(answers[-1])
    return answers


def write_answers(answers: Sequence[Answer], path: Path) -> None:
    """Write one row an answer, in order; the kind is told by the suffix.

    Raises
    ------
    InputError
        If the file cannot be written; an earlier one is then still there.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(_WRITERS[path.suffix.lower()](answers))
        part.replace(path)
    except OSError as error:
        raise InputError(f"{path}：写不了这个文件（{error.strerror}）。") from error
    finally:
        part.unlink(missing_ok=True)


def question_of(row: dict[str, object], *, where: str) -> Question:
    """Check one question.

    Raises
    ------
    InputError
        If it is none; says where it stands and what is wrong.
    """
    try:
        return Question.model_validate(row)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise InputError(f"{where}：{field} 不正确：{first['msg']}。") from error


def _of_lines(name: str) -> Iterator[Question]:
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"{name}：读不了这个文件（{error.strerror}）。") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{name}：不是 UTF-8 文本。请另存为 UTF-8。") from error
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            where = f"{name}:{number}"
            try:
                row = json.loads(line)
            except json.JSONDecodeError as error:
                raise InputError(
                    f"{where}：不是 JSON（{error.msg}）。每行应是一个 JSON 对象。"
                ) from error
            if not isinstance(row, dict):
                raise InputError(f"{where}：应是一个 JSON 对象，含 question。")
            yield question_of(row, where=where)


def _csv_rows(path: Path) -> list[list[str]]:
    _check_is_file(path)
    try:
        text = read_text(path)
        return list(csv.reader(io.StringIO(text), strict=True))
    except ReadError as error:
        raise InputError(
            f"{path}：不是可识别的文本，或没有内容。请另存为 CSV（UTF-8）。"
        ) from error
    except csv.Error as error:
        raise InputError(f"{path}：不是正确的 CSV（{error}）。请检查引号是否成对。") from error


def _xlsx_rows(path: Path) -> list[list[str]]:
    from openpyxl import load_workbook

    _check_is_file(path)
    try:
        book = load_workbook(path, read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = [
            ["" if value is None else str(value) for value in row]
            for row in sheet.iter_rows(values_only=True)
        ]
        book.close()
    except Exception as error:  # what a broken archive raises is of many kinds
        raise InputError(
            f"{path}：打不开（{type(error).__name__}），文件可能已损坏或加了密码。"
            "请用 Excel 另存为 .xlsx 后再试。"
        ) from error
    return rows


def _check_is_file(path: Path) -> None:
    if not path.is_file():
        raise InputError(f"{path}：读不了这个文件（没有这个文件，file not found）。")


def _of_table(rows: Sequence[Sequence[str]], name: str) -> Iterator[Question]:
    """Read the column of questions, told by its head or by being the only one."""
    filled = [(number, row) for number, row in enumerate(rows, 1) if any(map(str.strip, row))]
    if not filled:
        raise InputError(f"{name}：没有任何问题（empty table）。请在一列中每行写一个问题。")
    head = [cell.strip().lower() for cell in filled[0][1]]
    asked = next((i for i, cell in enumerate(head) if cell in _QUESTIONS), None)
    named = next((i for i, cell in enumerate(head) if cell in _IDS), None)
    if asked is not None:
        filled = filled[1:]
        if not filled:
            raise InputError(f"{name}：表头下面没有任何问题（empty table）。")
    elif max(len(_trimmed(row)) for _, row in filled) == 1:
        asked = 0
    else:
        raise InputError(
            f"{name} 第 {filled[0][0]} 行：不知道哪一列是问题（no question column）。"
            "请把那一列的表头写成「问题」或 question。"
        )
    for number, row in filled:
        cells = dict(enumerate(row))
        where = f"{name} 第 {number} 行"
        given = {"question": cells.get(asked, "").strip()}
        if named is not None and cells.get(named, "").strip():
            given["id"] = cells[named].strip()
        yield question_of(dict(given), where=where)


def _trimmed(row: Sequence[str]) -> Sequence[str]:
    """Give a row without the empty cells at its end."""
    filled = [i for i, cell in enumerate(row) if cell.strip()]
    return row[: filled[-1] + 1] if filled else ()


def _row(answer: Answer) -> tuple[str, ...]:
    return (
        "" if answer.id is None else str(answer.id),
        answer.question,
        "是" if answer.answered else "否",
        answer.answer,
        "、".join(dict.fromkeys(_place(citation) for citation in answer.citations)),
        "、".join(str(note.number) for note in answer.notes),
        "\n".join(citation.quote for citation in answer.citations),
        "\n".join(f"{note.number}. {note.text}" for note in answer.notes),
        "、".join(citation.passage_id for citation in answer.citations),
    )


def _place(citation: Citation) -> str:
    return f"第 {citation.chapter} 章" if citation.chapter else citation.chapter_title


def _as_csv(answers: Sequence[Answer]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(_HEAD)
    for answer in answers:
        writer.writerow([_FORMULA.sub(r"'\g<0>", cell) for cell in _row(answer)])
    return text.getvalue().encode("utf-8-sig")  # without the mark Excel reads GBK


def _as_xlsx(answers: Sequence[Answer]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Alignment, Font

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "回答"
    for number, row in enumerate([_HEAD, *map(_row, answers)], 1):
        for column, text in enumerate(row, 1):
            cell = sheet.cell(number, column, ILLEGAL_CHARACTERS_RE.sub("", text))
            cell.data_type = "s"  # text, whatever it begins with
            cell.quotePrefix = bool(_FORMULA.match(text))
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if number == 1:
                cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    for letter, width in zip("ABCDEFGHI", (8, 32, 8, 60, 14, 12, 60, 48, 20), strict=True):
        sheet.column_dimensions[letter].width = width
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def _as_lines(answers: Sequence[Answer]) -> bytes:
    return "".join(f"{answer.model_dump_json()}\n" for answer in answers).encode()


_WRITERS: dict[str, Callable[[Sequence[Answer]], bytes]] = {
    ".csv": _as_csv,
    ".xlsx": _as_xlsx,
    ".jsonl": _as_lines,
}
