"""Read a document into statements: its sentences, bullets and table cells, each with its place.

A table cell says nothing without its labels, so it is read together with the head of its row and of
its column. What stands above a bullet (a heading, a slide's title) goes along as its context.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.claim_check import states_figure
from ingest.errors import ReadError
from ingest.reading import read_text
from ingest.sentences import split_sentences
from ui.errors import InputError

if TYPE_CHECKING:
    from markdown_it.token import Token

_LINE_ENDS = "。！？!?；;：:"
_GOES_ON = "，,、（("
_WRAPPED = 0.8  # share of a paragraph's longest line from which a line may be a wrapped one
_OLE = b"\xd0\xcf\x11\xe0"  # how files of old Office, and those with a password, begin
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<!--.*?-->", re.DOTALL)
_SHORTEST_WRAPPED = 28  # characters; nobody wraps prose earlier


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that a document says."""

    text: str
    where: str  # "第 12 行", "第 3 页", "表 1 第 2 行"
    context: str = ""  # the heading or slide title above it


def read_statements(path: Path) -> list[Statement]:
    """Read the statements of a document that have a figure to check, in order.

    Parameters
    ----------
    path : Path
        Markdown, plain text, DOCX or PPTX, told by the suffix.

    Raises
    ------
    InputError
        If the file cannot be read, or is of another kind.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        kinds = "、".join(_READERS)
        raise InputError(f"{path}：不支持的文件类型（unsupported type）。可以检查 {kinds}。")
    if not path.is_file():
        raise InputError(f"{path}：没有这个文件（file not found）。")
    return [statement for statement in reader(path) if states_figure(statement.text)]


def _read_text(path: Path) -> str:
    try:
        return read_text(path)
    except ReadError as error:
        raise InputError(
            f"{path}：不是可识别的文本，或没有内容（not a text file）。请另存为 UTF-8 文本。"
        ) from error


def _of_text(path: Path) -> Iterator[Statement]:
    lines = _read_text(path).split("\n")
    start = 0
    for stop in range(len(lines) + 1):
        if stop == len(lines) or not lines[stop].strip():
            yield from _of_lines(lines[start:stop], first=start + 1, context="")
            start = stop + 1


def _of_markdown(path: Path) -> Iterator[Statement]:
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").enable("table").parse(_read_text(path))
    context, table = "", list[list[str]]()
    row_line = 0
    for before, token in zip([None, *tokens], tokens, strict=False):
        match token.type:
            case "code_block" | "html_block":  # four spaces before a paragraph are no code
                lines = _TAG.sub("", token.content).split("\n")
                yield from _of_lines(lines, first=_line(token), context=context)
            case "inline" if before and before.type == "heading_open":
                context = _plain(token)
                yield from _of_lines([context], first=_line(token), context="")
            case "inline" if before and before.type in {"th_open", "td_open"}:
                table[-1].append(_plain(token))
            case "inline":
                yield from _of_lines(_plain(token).split("\n"), first=_line(token), context=context)
            case "table_open":
                table = []
            case "tr_open":
                table.append([])
                row_line = _line(token)
            case "tr_close":
                where = f"第 {row_line} 行"
                if len(table) == 1:
                    yield from _of_head(table[0], where=where, context=context)
                else:
                    yield from _of_row(table[0], table[-1], where=where, context=context)


def _line(token: Token) -> int:
    return token.map[0] + 1 if token.map else 0


def _plain(token: Token) -> str:
    """Give the text of an inline token without its Markdown signs, line ends kept."""
    parts = []
    for child in token.children or ():
        if child.type in {"softbreak", "hardbreak"}:
            parts.append("\n")
        elif child.type in {"text", "code_inline"}:
            parts.append(child.content)
    return "".join(parts)


def _of_docx(path: Path) -> Iterator[Statement]:
    from docx import Document

    from ui.word_text import read_parts

    document = _opened(path, lambda: Document(str(path)))
    for part in read_parts(document):
        context, paragraphs, tables = "", 0, 0
        for block in part.blocks:
            if block.rows:
                tables += 1
                where = f"{part.name}表 {tables}"
                yield from _of_table(block.rows, where=where, context=context)
                continue
            paragraphs += 1
            where = part.name or f"第 {paragraphs} 段"
            yield from _of_paragraph(block.text, where=where, context=context)
            if block.is_heading:
                context = block.text


def _of_pptx(path: Path) -> Iterator[Statement]:
    from pptx import Presentation

    presentation = _opened(path, lambda: Presentation(str(path)))
    for number, slide in enumerate(presentation.slides, 1):
        where = f"第 {number} 页"
        title = slide.shapes.title.text_frame.text if slide.shapes.title is not None else ""
        for shape in _shapes(slide.shapes):
            if shape.has_text_frame:
                context = "" if shape.text_frame.text == title else title
                for paragraph in shape.text_frame.paragraphs:
                    text = "".join(run.text for run in paragraph.runs)
                    yield from _of_paragraph(text, where=where, context=context)
            elif getattr(shape, "has_table", False):
                rows = [[cell.text for cell in row.cells] for row in shape.table.rows]
                yield from _of_table(rows, where=f"{where}的表", context=title)
        if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
            for line in slide.notes_slide.notes_text_frame.text.splitlines():
                yield from _of_paragraph(line, where=f"{where}的备注", context=title)


def _shapes(shapes: Iterable[Any]) -> Iterator[Any]:
    """Give all shapes, those of groups too."""
    for shape in shapes:
        if hasattr(shape, "shapes"):
            yield from _shapes(shape.shapes)
        else:
            yield shape


def _opened(path: Path, read: Callable[[], Any]) -> Any:  # noqa: ANN401  (two untyped packages)
    try:
        return read()
    except Exception as error:  # what a broken archive raises is of many kinds
        with path.open("rb") as file:
            start = file.read(len(_OLE))
        why = (
            "文件是空的"
            if not start
            else "文件加了密码，或是旧的格式（.doc、.ppt）"
            if start == _OLE
            else f"文件已损坏，或并不是 {path.suffix}"
        )
        raise InputError(
            f"{path}：打不开（{type(error).__name__}）：{why}。"
            f"请用 Office 另存为 {path.suffix} 后再试。"
        ) from error


def _of_table(rows: Sequence[Sequence[str]], *, where: str, context: str) -> Iterator[Statement]:
    if len(rows) == 1:
        yield from _of_paragraph("，".join(rows[0]), where=where, context=context)
        return
    yield from _of_head(rows[0], where=f"{where} 第 1 行", context=context)
    for number, row in enumerate(rows[1:], 2):
        yield from _of_row(rows[0], row, where=f"{where} 第 {number} 行", context=context)


def _of_head(head: Sequence[str], *, where: str, context: str) -> Iterator[Statement]:
    """Read the cells of a head that say something by themselves: they are no labels."""
    for cell in dict.fromkeys(filter(states_figure, head)):
        yield from _of_paragraph(cell, where=where, context=context)


def _of_row(
    head: Sequence[str], row: Sequence[str], *, where: str, context: str
) -> Iterator[Statement]:
    """Read each cell with a figure together with the head of its column and what the row says."""
    titles = ["" if states_figure(cell) else cell.strip() for cell in head]
    labels, cells = [], []
    for column, (title, cell) in enumerate(zip_longest(titles, map(str.strip, row), fillvalue="")):
        titled = f"{title}：{cell}" if title else cell
        if states_figure(cell):
            cells.append(titled)
        elif cell:
            labels.append(cell if column else titled)  # 「障碍：数据隐私」
    if len(cells) > 1 and not labels:
        yield from (Statement(cell, where, context) for cell in cells)
    elif cells:
        yield Statement("，".join(dict.fromkeys([*labels, *cells])), where, context)


def _of_lines(lines: Sequence[str], *, first: int, context: str) -> Iterator[Statement]:
    """Read a paragraph of a text file: lines wrapped in mid-sentence are joined, others stand."""
    longest = max(map(len, lines), default=0)
    start, text = 0, ""
    for number, line in enumerate(lines):
        text = _joined(text, line.strip())
        wrapped = len(line) >= max(_SHORTEST_WRAPPED, _WRAPPED * longest)
        last = line.rstrip()[-1:]
        goes_on = (wrapped and last not in _LINE_ENDS) or last in _GOES_ON
        if last and goes_on and number < len(lines) - 1:
            continue
        yield from _of_paragraph(text, where=f"第 {first + start} 行", context=context)
        start, text = number + 1, ""


def _joined(text: str, line: str) -> str:
    """Join two lines, with a space only between two Latin words."""
    gap = " " if text[-1:].isascii() and line[:1].isascii() and text and line else ""
    return f"{text}{gap}{line}"


def _of_paragraph(text: str, *, where: str, context: str) -> Iterator[Statement]:
    for span in split_sentences(text):
        yield Statement(text[span.start : span.end].strip(), where, context)


_READERS: dict[str, Callable[[Path], Iterator[Statement]]] = {
    ".md": _of_markdown,
    ".markdown": _of_markdown,
    ".txt": _of_text,
    ".docx": _of_docx,
    ".pptx": _of_pptx,
}
