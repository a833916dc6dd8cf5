"""The contents list: which divisions the book has, in which order, on which printed pages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.blocks import Block
from ingest.document import Division, DivisionKind
from ingest.errors import NoChaptersError
from ingest.figures import read_number

_CHAPTER = re.compile(r"第\s*(\d+|[一二三四五六七八九十]+)\s*章")
_PART = re.compile(r"第\s*([一二三四五六七八九十]+)\s*部分")
_KINDS: dict[str, tuple[str, DivisionKind]] = {
    "序言": ("preface", "preface"),
    "前言": ("preface", "preface"),
    "引言": ("intro", "introduction"),
    "结束语": ("closing", "closing"),
}
METHOD = Division(key="method", kind="method", label="研究方法", title="研究方法")


@dataclass(frozen=True, slots=True)
class _Row:
    label: str
    title: str
    page: int | None


def arabic(bare: str) -> str:
    """Write the number of a chapter that opens a heading in Arabic digits: 「第1章」."""
    found = _CHAPTER.match(bare)
    return f"第{int(read_number(found[1]) or 0)}章{bare[found.end() :]}" if found else bare


def read_contents(blocks: Sequence[Block], *, path: Path) -> tuple[int, tuple[Division, ...]]:
    """Read the contents list.

    Parameters
    ----------
    blocks : sequence of Block
        The whole book.
    path : Path
        Named in errors.

    Returns
    -------
    tuple of (int, tuple of Division)
        The index of the first block after the list, and the divisions in order. A chapter ends
        on the page before the next division; the last listed one is given its first page alone.

    Raises
    ------
    NoChaptersError
        If there is no list, or no chapter in it.
    """
    start = next((i for i, block in enumerate(blocks) if block.bare.startswith("目录")), None)
    if start is None:
        raise NoChaptersError(path)
    lines = blocks[start].text.split("\n")[1:]
    stop = start + 1
    if not lines and stop < len(blocks):
        lines = blocks[stop].text.split("\n")
        stop += 1
    divisions = _with_pages(_divisions(_rows(lines)))
    if not any(division.kind == "chapter" for division in divisions):
        raise NoChaptersError(path)
    return stop, divisions


def _rows(lines: Sequence[str]) -> list[_Row]:
    """Join a label with the title that stands on the next line."""
    rows: list[_Row] = []
    waiting = ""
    for line in lines:
        fields = [field.strip() for field in line.split("\t") if field.strip()]
        if not fields:
            continue
        page = int(fields.pop()) if fields[-1].isdigit() else None
        if not fields:
            continue  # a page number that stands alone names no division
        if page is None and len(fields) == 1:
            waiting = fields[0]
            continue
        label, title = (waiting, fields[0]) if len(fields) == 1 else (fields[0], fields[1])
        rows.append(_Row(label or title, title, page))
        waiting = ""
    return rows


def _divisions(rows: Sequence[_Row]) -> list[Division]:
    divisions: list[Division] = []
    part = None
    parts = 0
    for row in rows:
        pages = None if row.page is None else (row.page, row.page)
        chapter = _CHAPTER.fullmatch(row.label)
        if chapter:
            number = int(read_number(chapter[1]) or 0)
            key, label = f"ch{number:02d}", f"第 {number} 章"
            divisions.append(
                Division(key, "chapter", label, row.title, number, part=part, pages=pages)
            )
        elif _PART.fullmatch(row.label):
            parts += 1
            part = row.label
            divisions.append(Division(f"part{parts}", "part", part, row.title, pages=pages))
        elif row.label in _KINDS:
            key, kind = _KINDS[row.label]
            divisions.append(Division(key, kind, row.label, row.title, pages=pages))
    return divisions


def _with_pages(divisions: Sequence[Division]) -> tuple[Division, ...]:
    """Let each division end on the page before the next one."""
    ranged = []
    for division, following in zip(divisions, (*divisions[1:], None), strict=False):
        if division.pages and following and following.pages:
            first = division.pages[0]
            division = replace(division, pages=(first, max(first, following.pages[0] - 1)))
        ranged.append(division)
    return tuple(ranged)
