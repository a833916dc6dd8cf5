"""``guide figures``: the figures of the book as a table, JSON, CSV or a picture."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from unicodedata import east_asian_width

from ingest.parse import read_book
from ui.errors import InputError
from ui.figure_charts import choose_charts, draw
from ui.figure_words import FIGURE_WORDS
from ui.figures import FigureFilter, FigureRow, FigureTable, to_csv

_COLUMNS = (16, 16, 60, 12, 12)  # widths: figure, population, subject, time, chapter


def run(options: argparse.Namespace, book: Path) -> int:
    """Print or draw the figures that the options ask for.

    Raises
    ------
    BookError
        If the book cannot be read, an option is out of bounds, or the file cannot be written.
    """
    table = FigureTable(read_book(book))
    if options.chapter is not None and options.chapter < 0:
        raise InputError("--chapter：请给出章号，0 为各章之外。")
    if options.survey is not None and options.survey < 1:
        raise InputError("--survey：编号从 1 起。")
    wanted = FigureFilter(
        chapter=options.chapter,
        population=options.population,
        survey=options.survey,
        year=options.year,
        q=options.text,
    )
    rows = table.select(wanted)
    if options.csv:
        sys.stdout.write(to_csv(rows, FigureRow))
    elif options.json:
        print(table.report(rows).model_dump_json())
    elif options.plot:
        _plot(table, rows, options.plot)
    else:
        print("\n".join(_table(rows)))
    return 0


def _plot(table: FigureTable, rows: Sequence[FigureRow], path: Path) -> None:
    if path.suffix.lower() != ".svg":
        raise InputError(f"{path}：只能画成 SVG，请把文件名写成 .svg。")
    try:
        path.write_text(draw(choose_charts(table, rows)), encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path}：写不了这个文件（{error.strerror}）。") from error
    print(f"{path}：已画出 {len(rows)} 个数字中的百分比。")


def _table(rows: Sequence[FigureRow]) -> Iterator[str]:
    words = FIGURE_WORDS["zh"]
    heads = (words.value, words.population, words.subject, words.year, words.chapter, words.note)
    yield _line(heads)
    for row in rows:
        chapter = f"第 {row.chapter} 章" if row.chapter else row.place
        notes = "、".join(map(str, row.notes)) or "—"
        yield _line(
            (row.printed, row.population or "—", row.subject, row.when or "—", chapter, notes)
        )
    yield ""
    yield f"共 {len(rows)} 个数字。"


def _line(cells: Sequence[str]) -> str:
    widths = (*_COLUMNS, 0)
    return "".join(_padded(cell, width) for cell, width in zip(cells, widths, strict=True))


def _padded(text: str, width: int) -> str:
    """Fill a text up to a width in columns, or cut it; 0 leaves it as it is."""
    if not width:
        return text
    kept, used = "", 0
    for character in text:
        columns = 2 if east_asian_width(character) in "WF" else 1
        if used + columns > width - 2:
            kept, used = f"{kept}…", used + 2
            break
        kept, used = kept + character, used + columns
    return kept + " " * (width - used)
