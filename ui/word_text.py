"""The text of a Word document, all of it: paragraphs, tables, text boxes, notes, headers, footers.

``python-docx`` gives the paragraphs and tables of the body alone, and of a paragraph not what was
inserted while changes were tracked; so the elements are walked here. What was deleted is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docx.document import Document

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_PARAGRAPH, _TABLE, _BOX = f"{_WORD}p", f"{_WORD}tbl", f"{_WORD}txbxContent"
_TEXT = {f"{_WORD}t": "", f"{_WORD}tab": " ", f"{_WORD}br": "\n", f"{_WORD}cr": "\n"}
_GONE = {_FALLBACK, f"{_WORD}del", f"{_WORD}moveFrom"}  # said elsewhere once more, or no longer
_NOTES = {"footnotes": "脚注", "endnotes": "尾注"}


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a table."""

    text: str = ""
    is_heading: bool = False
    rows: tuple[tuple[str, ...], ...] = ()  # of a table


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a document."""

    name: str  # "" for the body, "页眉", "脚注"
    blocks: tuple[Block, ...]


def read_parts(document: Document) -> Iterator[Part]:
    """Give the body of a document, then its notes, headers and footers."""
    headings = {
        style.style_id
        for style in document.styles
        if (style.name or "").startswith(("Heading", "Title"))
    }
    yield Part("", tuple(_blocks(document.element.body, headings)))
    for name, element in _margins(document):
        blocks = tuple(_blocks(element, headings))
        if blocks:
            yield Part(name, blocks)


def _margins(document: Document) -> Iterator[tuple[str, Any]]:
    from docx.oxml import parse_xml

    for relation in document.part.rels.values():
        name = _NOTES.get(relation.reltype.rpartition("/")[2])
        if name:
            yield name, parse_xml(relation.target_part.blob)
    for section in document.sections:
        for kind in ("header", "first_page_header", "even_page_header"):
            for name, margin in (
                ("页眉", getattr(section, kind)),
                ("页脚", getattr(section, kind.replace("header", "footer"))),
            ):
                if not margin.is_linked_to_previous:
                    yield name, margin._element


def _blocks(element: Any, headings: set[str]) -> Iterator[Block]:  # noqa: ANN401  (lxml)
    """Give the blocks below an element in order; one inside another follows it."""
    for child in element:
        if child.tag in _GONE:
            continue
        if child.tag == _PARAGRAPH:
            text = _text(child)
            if text.strip():
                style = child.find(f"{_WORD}pPr/{_WORD}pStyle")
                named = None if style is None else style.get(f"{_WORD}val")
                yield Block(text, is_heading=named in headings)
            for box in child.iter(_BOX):
                if _is_of(box, child, _PARAGRAPH):
                    yield from _blocks(box, headings)
        elif child.tag == _TABLE:
            cells = [
                [cell for cell in row.iter(f"{_WORD}tc") if _is_of(cell, row, f"{_WORD}tr")]
                for row in child.iter(f"{_WORD}tr")
                if _is_of(row, child, _TABLE)
            ]
            yield Block(rows=tuple(tuple(_cells(row)) for row in cells))
            for cell in (cell for row in cells for cell in row):
                for inner in cell.iter(_TABLE):
                    if _is_of(inner, cell, f"{_WORD}tc"):
                        yield from _blocks([inner], headings)
        else:
            yield from _blocks(child, headings)


def _cells(row: list[Any]) -> Iterator[str]:
    """Give the texts of a row, that of a cell over several columns once in each."""
    for cell in row:
        text = "\n".join(
            _text(paragraph)
            for paragraph in cell.iter(_PARAGRAPH)
            if _is_of(paragraph, cell, f"{_WORD}tc")
        )
        span = cell.find(f"{_WORD}tcPr/{_WORD}gridSpan")
        yield from [text] * (1 if span is None else int(span.get(f"{_WORD}val", 1)))


def _text(paragraph: Any) -> str:  # noqa: ANN401
    """Give what a paragraph says, its text boxes left out."""
    return "".join(
        _TEXT[piece.tag] or piece.text or ""
        for piece in paragraph.iter(*_TEXT)
        if _is_of(piece, paragraph, _PARAGRAPH)
    )


def _is_of(inner: Any, outer: Any, kind: str) -> bool:  # noqa: ANN401
    """Tell whether an element belongs to another and to none of that kind in between."""
    for parent in inner.iterancestors():
        if parent is outer:
            return True
        if parent.tag == kind or parent.tag in _GONE:
            return False
    return False
