"""The contents list is what the body is held against."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.blocks import split_blocks
from ingest.contents import read_contents
from ingest.document import Division
from ingest.errors import NoChaptersError

_PATH = Path("shelf/book.txt")


def read(text: str) -> tuple[Division, ...]:
    return read_contents(split_blocks(text), path=_PATH)[1]


def test_every_row_is_a_division_with_its_pages(make_book: Callable[..., str]) -> None:
    rows = [
        (row.key, row.kind, row.label, row.title, row.number, row.part, row.pages)
        for row in read(make_book())
    ]
    part = "第一部分"
    assert rows == [
        ("preface", "preface", "序言", "序言", None, None, (1, 2)),
        ("intro", "introduction", "引言", "先想清楚再动手", None, None, (3, 4)),
        ("part1", "part", part, "店面与街坊", None, None, (5, 6)),
        ("ch01", "chapter", "第 1 章", "选书", 1, part, (7, 16)),
        ("ch02", "chapter", "第 2 章", "送货", 2, part, (17, 26)),
        ("closing", "closing", "结束语", "打烊之前", None, None, (27, 27)),
    ]


@pytest.mark.parametrize(
    ("row", "number", "title", "pages"),
    [
        pytest.param("第 1 章\t选书\t7", 1, "选书", (7, 7), id="on-one-line"),
        pytest.param("第 1 章\n选书\t7", 1, "选书", (7, 7), id="the-title-on-the-next-line"),
        pytest.param("第1章\t选书\t7", 1, "选书", (7, 7), id="without-spaces"),
        pytest.param("第 1 章\t\t选书\t\t7", 1, "选书", (7, 7), id="with-empty-columns"),
        pytest.param("第 1 章\t选书", 1, "选书", None, id="without-a-page"),
        pytest.param("第十二章\t选书\t7", 12, "选书", (7, 7), id="in-chinese-digits"),
        pytest.param("第 12 章\t选书\t7", 12, "选书", (7, 7), id="of-two-digits"),
        pytest.param("第 1 章\t选书\t7\n8", 1, "选书", (7, 7), id="a-stray-page-number-below"),
    ],
)
def test_a_chapter_is_read_from_its_row(
    row: str, number: int, title: str, pages: tuple[int, int] | None
) -> None:
    (chapter,) = read(f"目录\n\n{row}")
    label = f"第 {number} 章"
    assert chapter == Division(f"ch{number:02d}", "chapter", label, title, number, pages=pages)


def test_the_list_may_follow_its_heading_at_once() -> None:
    blocks = split_blocks("目 录\n第 1 章\t选书\t7\n\n选书")
    stop, (chapter,) = read_contents(blocks, path=_PATH)
    assert (stop, chapter.title) == (1, "选书")


def test_two_divisions_may_share_a_page() -> None:
    first, second = read("目录\n\n第 1 章\t选书\t7\n第 2 章\t送货\t7")
    assert (first.pages, second.pages) == ((7, 7), (7, 7))


def test_a_chapter_stands_in_the_part_before_it() -> None:
    rows = read("目录\n\n第一部分\n店\t1\n第 1 章\t选书\t2\n第二部分\n街\t3\n第 2 章\t送货\t4")
    assert [row.part for row in rows if row.kind == "chapter"] == ["第一部分", "第二部分"]
    assert [row.key for row in rows if row.kind == "part"] == ["part1", "part2"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("选书\n\n第 1 章", id="no-list"),
        pytest.param("目录", id="a-heading-alone"),
        pytest.param("目录\n\n序言\t\t1\n结束语\n打烊\t2", id="no-chapter-in-the-list"),
        pytest.param("目录\n\n12", id="a-page-number-alone"),
        pytest.param("", id="nothing"),
    ],
)
def test_a_book_without_chapters_is_refused(text: str) -> None:
    with pytest.raises(NoChaptersError, match=r"shelf/book\.txt：没有找到任何章节") as caught:
        read(text)
    assert caught.value.path == _PATH
