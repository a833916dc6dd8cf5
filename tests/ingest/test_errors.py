"""Every error says what, where and what to do; every one of them is raised by something."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest import errors
from ingest.parse import parse_book, read_book

Builder = Callable[..., str]
_PATH = Path("shelf/book.txt")
# What each error is raised by (a damage of the small book), what it says, and the text of the
# line that it points at.
_RAISED: dict[type[errors.BookError], tuple[tuple[str, str], str, str | None]] = {
    errors.NoChaptersError: (("目录\n", "目次\n"), "没有找到任何章节（no chapters found）", None),
    errors.MissingPartError: (
        ("打烊之前\n\n关灯", "关灯"),
        "正文中缺少「结束语 打烊之前」的标题（missing part）",
        "送货 + 生成式 AI",
    ),
    errors.UndefinedFootnoteError: (
        ("- 12 2023", "- 13 2023"),
        "正文标有注 12，注释表中没有这一条（undefined footnote）",
        "准时比快更要紧。¹²",
    ),
    errors.UncalledFootnoteError: (
        ("多了 15%。¹¹", "多了 15%。"),
        "注 11 在正文中没有对应的标记，或标记次数不是一次（uncalled footnote）",
        None,
    ),
    errors.MisplacedFootnoteError: (
        ("第 2 章 送货\n\n- 8", "- 8"),
        "的标记出现在",
        "的顾客愿意多等一天。⁸",
    ),
    errors.UnresolvedIbidError: (
        ("- 10 *Paper prices.*", "- 99 *Paper prices.*"),
        "注 11 写作 “Ibid.”，但前面没有可指的来源（unresolved ibid）",
        "- 11 Ibid.",
    ),
}
_FILES: dict[type[errors.BookError], tuple[bytes | None, str]] = {
    errors.BookNotFoundError: (None, "找不到书的文件（file not found）"),
    errors.EmptyBookError: (b" \n", "文件是空的（empty file）"),
    errors.NotTextError: (b"\x89PNG\0\0\1", "不是可识别的文本文件（binary or unknown encoding）"),
}


@pytest.mark.parametrize("kind", _RAISED, ids=lambda kind: kind.__name__)
def test_a_damaged_book_is_told_what_and_where(
    make_book: Builder, kind: type[errors.BookError]
) -> None:
    edit, says, at = _RAISED[kind]
    text = make_book(edit)
    with pytest.raises(kind, match=re.escape(says)) as caught:
        parse_book(text, path=_PATH)
    place = next((n for n, line in enumerate(text.split("\n"), 1) if at and at in line), None)
    assert str(caught.value).startswith(f"{_PATH}:{place}：" if place else f"{_PATH}：")
    assert (place is None) == (at is None)
    assert getattr(caught.value, "line", None) == place


@pytest.mark.parametrize("kind", _FILES, ids=lambda kind: kind.__name__)
def test_a_bad_file_is_told_by_its_path(tmp_path: Path, kind: type[errors.BookError]) -> None:
    data, says = _FILES[kind]
    path = tmp_path / "book.txt"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(kind, match=re.escape(f"{path}：{says}")):
        read_book(path)


def leaves(kind: type[Exception]) -> set[type[Exception]]:
    below = [cls for cls in kind.__subclasses__() if cls.__module__ == errors.__name__]
    return set().union(*map(leaves, below)) if below else {kind}


def test_every_error_is_raised_by_some_test() -> None:
    assert leaves(errors.BookError) == {*_RAISED, *_FILES}


def test_the_tree_in_the_docstring_is_the_tree_of_the_classes() -> None:
    drawn = set(re.findall(r"\w+Error", (errors.__doc__ or "").split("The other packages")[0]))
    defined = {name for name in vars(errors) if name.endswith("Error")}
    assert drawn == defined


def test_every_error_says_what_to_do(make_book: Builder) -> None:
    for edit, _, _ in _RAISED.values():
        with pytest.raises(errors.BookError, match=r"。(请|书中应有)"):
            parse_book(make_book(edit))
