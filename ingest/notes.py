"""The list of notes: numbers, sources, and every Ibid. resolved to the work that it means.

The list is the ground truth for which chapter a note belongs to: its own headings say so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from ingest.blocks import Block
from ingest.contents import arabic
from ingest.document import Division, Footnote, Source
from ingest.errors import UnresolvedIbidError
from ingest.normalise import readable

_ITEM = re.compile(r"^[ \t]*[-*•]\s+(\d+)[.．]?\s+", re.MULTILINE)
_IBID = re.compile(r"\*?(?:ibid\b|同上)[^;；]*", re.IGNORECASE)
_BETWEEN_SOURCES = re.compile(r"\s*;\s+(?=(?:\*|“|\"|\d{4}\s|[A-Z]))")
_URL = re.compile(r"<?(https?://[^\s<>]+?)>?(?=[.;,]*(?:\s|$))")
_SAMPLE = re.compile(r"(?<=[.] )((?P<size>\d[\d,]*) (?:[A-Za-z/]+ )*[A-Za-z/]+s)[.](?= |$)")
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_MONTH_OF_YEAR = rf"(?:{_MONTHS})(?: \d{{1,2}},)?(?: \d{{4}})?"
_DATE = re.compile(rf"(?:Accessed )?{_MONTH_OF_YEAR}(?:\s?[/\-–]\s?{_MONTH_OF_YEAR})*")
_ITALIC = re.compile(r"\*([^*]+?)[.]?\*")
_QUOTED = re.compile(r"[“\"]([^”\"]+?)[.]?[”\"]")


def read_notes(
    blocks: Sequence[Block], divisions: Sequence[Division], *, path: Path
) -> tuple[Footnote, ...]:
    """Read the list of notes.

    Parameters
    ----------
    blocks : sequence of Block
        The blocks of the list: running heads, headings of divisions and bulleted notes.
    divisions : sequence of Division
        From the contents list; a heading of the list is matched with them.
    path : Path
        Named in errors.

    Returns
    -------
    tuple of Footnote
        In printed order.

    Raises
    ------
    UnresolvedIbidError
        If an Ibid. has no note right before it.
    """
    notes: list[Footnote] = []
    division = ""
    for block in blocks:
        starts = list(_ITEM.finditer(block.text))
        if not starts:
            division = _division(block, divisions) or division
            continue
        for start, stop in zip(starts, [*starts[1:], None], strict=True):
            text = block.text[start.end() : stop.start() if stop else len(block.text)]
            line = block.line + block.text.count("\n", 0, start.end())
            notes.append(_note(int(start[1]), text, division, notes, path=path, line=line))
    return tuple(notes)


def _division(block: Block, divisions: Sequence[Division]) -> str | None:
    """Match a heading of the list with the division that it names."""
    for division in divisions:
        label = division.label.replace(" ", "")
        if block.bare == label or (
            division.kind == "chapter" and arabic(block.bare).startswith(label)
        ):
            return division.key
    return None


def _note(
    number: int, raw: str, division: str, before: Sequence[Footnote], *, path: Path, line: int
) -> Footnote:
    if _IBID.fullmatch(raw.strip()):
        if not before or before[-1].number != number - 1:
            raise UnresolvedIbidError(number, path=path, line=line)
        origin = before[-1]
        return Footnote(
            number,
            origin.text,
            origin.sources,
            division,
            origin.url,
            ibid_of=origin.ibid_of or origin.number,
        )
    sources = tuple(_source(part) for part in _BETWEEN_SOURCES.split(raw.strip()))
    text = "; ".join(source.text for source in sources)
    url = next((source.url for source in sources if source.url), None)
    return Footnote(number, text, sources, division, url)


def _source(raw: str) -> Source:
    """Take one source apart into what a reader asks for: title, sample, date, address."""
    line = readable(raw)
    url = _URL.search(line)
    text = re.sub(r"<(https?://[^<>]+)>", r"\1", line).replace("*", "").strip()
    before_url = line[: url.start()] if url else line
    sample = _SAMPLE.search(before_url.replace("*", ""))
    date = _last(_DATE.findall(before_url))
    title = _QUOTED.search(line) or _ITALIC.search(line)
    return Source(
        text=text,
        title=title[1].strip() if title else before_url.split(". ")[0].strip(". "),
        sample=sample[1] if sample else None,
        sample_size=int(sample["size"].replace(",", "")) if sample else None,
        date=date,
        url=url[1] if url else None,
        unpublished="unpublished" in text.lower(),
        preliminary="preliminary" in text.lower(),
    )


def _last(items: Sequence[str]) -> str | None:
    return items[-1] if items else None
