"""Slips of a pinyin keyboard."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.spelling import mend
from ingest.books import DIGEST
from ingest.document import Book
from ingest.normalise import simplified
from ingest.parse import read_book


@pytest.fixture(scope="module")
def book() -> Book:
    return read_book(DIGEST)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        pytest.param("生层式 AI 花了多少钱", "生成式 AI 花了多少钱", id="last-but-one"),
        pytest.param("搞平太的公司", "搞平台的公司", id="in-a-run"),
        pytest.param("供应连要怎么改", "供应链要怎么改", id="three-letters"),
        pytest.param("应用线代化和网洛安全", "应用现代化和网络安全", id="two"),
        pytest.param("老板担心砸了钱听不见响", "老板担心砸了钱听不见响", id="everyday-words"),
        pytest.param("公式和权利都不是公司和权力", "公式和权利都不是公司和权力", id="words-alike"),
        pytest.param("比别家强多少，哪部分强", "比别家强多少，哪部分强", id="words-of-one-letter"),
        pytest.param("Which CEO? 40%", "Which CEO? 40%", id="no-chinese"),
        pytest.param("", "", id="empty"),
    ],
)
def test_only_slips_are_put_right(book: Book, typed: str, meant: str) -> None:
    assert mend(typed, book) == meant


def test_the_book_itself_is_hardly_touched(book: Book) -> None:
    texts = [simplified(passage.text) for passage in book.passages]
    assert sum(mend(text, book) != text for text in texts) <= len(texts) // 100


@given(typed=st.text(alphabet="生层成式客护户网洛络安全ai 1，", max_size=12))
def test_letters_are_only_exchanged(book: Book, typed: str) -> None:
    meant = mend(typed, book)
    assert len(meant) == len(typed)
    assert mend(meant, book) == meant
