"""A file in a wrongly guessed encoding would shift every offset and garble every quote."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.errors import BookNotFoundError, EmptyBookError, NotTextError
from ingest.reading import read_text

_ENCODINGS: dict[str, tuple[bytes, str]] = {
    "utf-8": (b"", "utf-8"),
    "utf-8-bom": (codecs.BOM_UTF8, "utf-8"),
    "utf-16-le": (b"", "utf-16-le"),
    "utf-16-be": (b"", "utf-16-be"),
    "utf-16-le-bom": (codecs.BOM_UTF16_LE, "utf-16-le"),
    "utf-16-be-bom": (codecs.BOM_UTF16_BE, "utf-16-be"),
    "gb18030": (b"", "gb18030"),
}
# The first level of GB 2312: the 3,755 characters that make up nearly all running text.
_COMMON = "".join(
    bytes([high, low]).decode("gb2312")
    for high in range(0xB0, 0xD8)
    for low in range(0xA1, 0xFF)
    if not (high == 0xD7 and low > 0xF9)
)
_WORDS = st.one_of(
    st.text(_COMMON, min_size=2, max_size=8),
    st.sampled_from(
        ["生成式 AI", " CEO ", "75%", "。³", "\n\n- ", "“书”", "——", "（例）", "2023 年"]
    ),
)
# Two bytes are two letters or one character: a text has to be a sentence for the encoding to show.
_PROSE = st.lists(_WORDS, min_size=8, max_size=30).map(lambda words: f"{'，'.join(words)}。\n")


@pytest.fixture(params=_ENCODINGS)
def encoding(request: pytest.FixtureRequest) -> tuple[bytes, str]:
    """Give a byte order mark and a codec."""
    return _ENCODINGS[request.param]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=_PROSE)
def test_chinese_prose_comes_back_equal(
    tmp_path: Path, encoding: tuple[bytes, str], text: str
) -> None:
    bom, codec = encoding
    path = tmp_path / "book.txt"
    path.write_bytes(bom + text.encode(codec))
    assert read_text(path) == text


def test_a_whole_book_comes_back_equal_in_every_encoding(
    tmp_path: Path, encoding: tuple[bytes, str], digest_text: str
) -> None:
    bom, codec = encoding
    path = tmp_path / "book.txt"
    path.write_bytes(bom + digest_text.encode(codec))
    assert read_text(path) == digest_text


@pytest.mark.parametrize(
    ("written", "text"),
    [
        pytest.param("甲。\r\n乙。\r\n", "甲。\n乙。\n", id="of-windows"),
        pytest.param("甲。\r乙。", "甲。\n乙。", id="of-an-old-mac"),
        pytest.param("甲。\r\n\r\n乙。\n", "甲。\n\n乙。\n", id="mixed"),
    ],
)
def test_line_ends_become_one_kind(tmp_path: Path, written: str, text: str) -> None:
    path = tmp_path / "book.txt"
    path.write_bytes(written.encode())
    assert read_text(path) == text


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="no-byte"),
        pytest.param(b" \n\t\r\n", id="white-space"),
        pytest.param(b"\0\0\0\0", id="zeros"),
        pytest.param(codecs.BOM_UTF8, id="a-byte-order-mark-alone"),
        pytest.param(codecs.BOM_UTF16_LE, id="a-utf-16-mark-alone"),
        pytest.param("\u3000\n".encode(), id="full-width-space"),
        pytest.param("  \n".encode("utf-16"), id="white-space-in-utf-16"),
    ],
)
def test_an_empty_file_is_called_empty(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "book.txt"
    path.write_bytes(data)
    with pytest.raises(EmptyBookError, match=r"book\.txt：文件是空的"):
        read_text(path)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)), id="a-picture"),
        pytest.param(b"PK\x03\x04\x14\0\x06\0" + bytes(range(256)) * 2, id="a-zip"),
        pytest.param(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n\0\x01\x02stream", id="a-pdf"),
        pytest.param("有一个\0字符".encode(), id="a-zero-in-the-text"),
        pytest.param(codecs.BOM_UTF8 + b"\xff\xfe\xfd", id="a-mark-that-lies"),
        pytest.param(("书店开门。" * 20).encode()[:-1], id="cut-off-within-a-character"),
        pytest.param("書店的目錄，第一章，選書與送貨。".encode("big5"), id="big5"),
        pytest.param(("Résumé of a café owner, " * 8).encode("latin-1"), id="english-in-latin-1"),
    ],
)
def test_what_is_no_text_is_refused(tmp_path: Path, data: bytes) -> None:
    """Better no book than a garbled one."""
    path = tmp_path / "book.txt"
    path.write_bytes(data)
    with pytest.raises(NotTextError, match=r"book\.txt：不是可识别的文本文件") as caught:
        read_text(path)
    assert caught.value.path == path


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BookNotFoundError, match=r"none\.txt：找不到书的文件") as caught:
        read_text(tmp_path / "none.txt")
    assert caught.value.path == tmp_path / "none.txt"
    assert isinstance(caught.value.__cause__, FileNotFoundError)


def test_a_folder_is_no_book(tmp_path: Path) -> None:
    with pytest.raises(BookNotFoundError, match="找不到书的文件"):
        read_text(tmp_path)
