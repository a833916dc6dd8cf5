"""Which chapters, topics and other divisions a question names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.naming import (
    chapters_named,
    other_divisions_named,
    title_words,
    topics_named,
)
from ingest.books import DIGEST
from ingest.document import Book
from ingest.parse import read_book


@pytest.fixture(scope="module")
def book() -> Book:
    return read_book(DIGEST)


@pytest.mark.parametrize(
    ("text", "chapters"),
    [
        ("第三章说了什么", (3,)),
        ("体验那章讲什么", (3,)),
        ("讲体验的那章和讲开放创新的那章", (3, 5)),
        ("人才、体验、开放创新三章各找一个数", (1, 3, 5)),
        ("在供应链和网络安全两处的观点", (9, 11)),
        ("第 4 章和营销那章", (4, 10)),
        ("客服那章", (2,)),
        ("营销和供应链，哪边的人更多", (10, 9)),
        ("compare the cybersecurity chapter and the marketing chapter", (11, 10)),
        ("哪一章讲数据", ()),
        ("供应链一处的观点", ()),
        ("这篇文章讲营销吗", ()),
        ("客户那章", ()),  # two titles have the word
    ],
)
def test_chapters_are_named_by_number_or_words_of_their_titles(
    book: Book, text: str, chapters: tuple[int, ...]
) -> None:
    assert chapters_named(text, (), book) == chapters


@pytest.mark.parametrize(
    ("text", "chapters", "topics"),
    [
        ("体验那章“客户”一节要做的几件事", (3,), ("ch03.t2",)),
        ("内容那块呢", (10,), ("ch10.t2",)),
        ("内容那块呢", (3,), ()),
        ("数据和治理两个主题", (4,), ("ch04.t2", "ch04.t3")),
        ("第 4 章的数据准不准", (4,), ()),
        ("平台那章最后一节建议怎么做", (4,), ("ch04.t3",)),
        ("第 5 章第二个主题", (5,), ("ch05.t2",)),
        ("高度个性化靠什么", (10,), ("ch10.t3",)),
    ],
)
def test_topics_are_named_by_their_labels(
    book: Book, text: str, chapters: tuple[int, ...], topics: tuple[str, ...]
) -> None:
    assert topics_named(text, chapters, book) == topics


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("引言里讲了什么", ("intro",)),
        ("全书最后劝老板做什么", ("closing",)),
        ("what does the conclusion say", ("closing",)),
        ("研究方法那页写了几项调查", ("method",)),
        ("最后一章讲什么", ()),
    ],
)
def test_front_and_back_matter_is_named(book: Book, text: str, keys: tuple[str, ...]) -> None:
    assert other_divisions_named(text, book) == keys


def test_words_that_two_titles_share_name_neither(book: Book) -> None:
    words = dict(title_words(book.chapters))
    assert words["体验"] == "ch03"
    assert "客户" not in words


@given(st.text(alphabet="章两处和、那的第三3营销供应链体验客户说", max_size=30))
def test_no_chapter_is_named_twice(book: Book, text: str) -> None:
    named = chapters_named(text, (), book)
    assert len(set(named)) == len(named)
