"""Turn a file into text, whatever Chinese encoding it was saved in.

A wrong guess would shift every offset and garble every quote, so each encoding is tried
strictly, and its result has to look like Chinese prose.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from pathlib import Path

from ingest.errors import BookNotFoundError, EmptyBookError, NotTextError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WITHOUT_BOM = ("utf-8", "utf-16-le", "utf-16-be", "gb18030")
_BREAKS = re.compile("[\n。]")  # Latin-1 read in pairs can pass for Chinese, but holds neither
_ALLOWED_CONTROLS = frozenset("\n\t\f\u200b\ufeff")
_MIN_SHARE_OF_PROSE = 0.9  # letters of the usual planes, digits, punctuation, white space


def read_text(path: Path) -> str:
    r"""Read a book as text, with line ends as ``\n``.

    Parameters
    ----------
    path : Path
        A plain-text file in UTF-8, UTF-16 (with or without byte order mark) or GB18030.

    Returns
    -------
    str
        The text; offsets elsewhere in the project count its code points.

    Raises
    ------
    BookNotFoundError
        If the path is no readable file.
    EmptyBookError
        If it holds nothing but white space.
    NotTextError
        If no encoding gives text.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BookNotFoundError(path) from error
    if not data.strip(b"\0 \t\r\n\f"):
        raise EmptyBookError(path)
    text = _decode(data)
    if text is None:
        raise NotTextError(path)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise EmptyBookError(path)
    return text


def _decode(data: bytes) -> str | None:
    marked = [encoding for bom, encoding in _BOMS if data.startswith(bom)]
    for encoding in marked or _WITHOUT_BOM:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _is_prose(text) and (marked or "utf-16" not in encoding or _BREAKS.search(text)):
            return text
    return None


def _is_prose(text: str) -> bool:
    """Tell whether nearly all characters are such as a Chinese or English book uses."""
    usual = 0
    for character in text:
        category = unicodedata.category(character)
        if category == "Cc" and character not in _ALLOWED_CONTROLS and character != "\r":
            return False
        code = ord(character)
        usual += code < 0x0250 or 0x2000 <= code < 0x2700 or 0x3000 <= code < 0x30A0
        usual += 0x4E00 <= code < 0xA000 or 0xFF00 <= code < 0xFFF0
    return usual >= _MIN_SHARE_OF_PROSE * len(text)
