"""References to copy: a note's source or a page of the book, in GB/T 7714 and in plain words."""

from __future__ import annotations

import re
from datetime import date

from pydantic import BaseModel, ConfigDict

from ingest.document import Book, Division, Footnote, Source

_AUTHOR = "IBM 商业价值研究院"
_TITLE = "CEO 生成式 AI 行动指南"
_YEAR = "2023"
_NAMED_AUTHORS = 3  # GB/T 7714-2015, 8.1.2: the first three, then "et al."
_PRESS = re.compile(r"Times|Journal|Post|Review|Weekly|Reuters|Bloomberg|Forbes|Fortune|Guardian")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_SURVEY = re.compile(r"survey", re.IGNORECASE)


class Reference(BaseModel):
    """One source, ready to be copied."""

    model_config = ConfigDict(frozen=True)

    gbt7714: str
    plain: str


def cite_note(note: Footnote, *, accessed: date) -> Reference:
    """Give a note's sources as references.

    Parameters
    ----------
    note : Footnote
    accessed : date
        When the links were last seen: GB/T 7714 wants it with every link.
    """
    return Reference(
        gbt7714=" ".join(_gbt7714(source, accessed) for source in note.sources),
        plain="；".join(source.text.rstrip(".") for source in note.sources) + "。",
    )


def cite_place(division: Division, book: Book) -> Reference:
    """Give a place of the book as a reference, by chapter and printed pages."""
    edition = "（摘要版）" if "（摘要版）" in book.source[:40] else ""
    pages = "-".join(map(str, sorted(set(division.pages)))) if division.pages else ""
    printed = f": {pages}" if pages else ""
    where = f"{division.label}《{division.title}》"
    if division.title == division.label:
        where = f"《{division.label}》"
    on_pages = f"，第 {pages} 页" if pages else ""
    return Reference(
        gbt7714=f"{_AUTHOR}. {_TITLE}{edition}[R]. {_YEAR}{printed}.",
        plain=f"{_AUTHOR}：《{_TITLE}》{edition}，{_YEAR} 年，{where}{on_pages}。",
    )


def _gbt7714(source: Source, accessed: date) -> str:
    before, _, after = source.text.partition(source.title)
    authors = _authors(before)
    issuer = _issuer(source, after)
    kind = _kind(source, issuer)
    if not authors and kind.startswith(("R", "DS")):
        authors = issuer or "IBM Institute for Business Value"
    lead = f"{authors}. " if authors else ""
    visited = (source.date or "").startswith("Accessed")
    when = "" if visited else _when(source)
    issued = ", ".join(filter(None, (issuer if issuer != authors else "", when)))
    sample = f" {source.sample}." if source.sample else ""
    unpublished = " 未公开数据." if source.unpublished else ""
    preliminary = " 初步数据." if source.preliminary else ""
    last_seen = _when(source) if visited else accessed.isoformat()
    seen = f"[{last_seen}]. {source.url}" if source.url else ""
    return f"{lead}{source.title}[{kind}]. {issued}{seen}.{sample}{unpublished}{preliminary}"


def _authors(before: str) -> str:
    """Put 「Goldstein, Jill, Bill Lobig, and Cathy Fillare.」 as GB/T 7714 wants it."""
    names = before.strip(" .“”\"'")
    if "," not in names:
        return names
    first, *rest = re.split(r",\s+(?:and\s+)?|\s+and\s+", names)
    given, *others = rest
    people = [_person(f"{given} {first}"), *map(_person, others)]
    shown = ", ".join(people[:_NAMED_AUTHORS])
    return f"{shown}, et al" if len(people) > _NAMED_AUTHORS else shown


def _person(name: str) -> str:
    *given, family = name.split()
    initials = " ".join(part[0] for part in given)
    return f"{family.upper()} {initials}".strip()


def _issuer(source: Source, after: str) -> str:
    """Give who published it: what stands between the title and the date."""
    between = after.split(source.date)[0] if source.date else after
    between = re.sub(r"(?:Unpublished|Preliminary|Published and unpublished) data", "", between)
    if source.sample:
        between = between.replace(source.sample, "")
    between = between.split("http")[0]
    return re.sub(r"^[\s.”\"“,]+|[\s.”\"“,]+$", "", between)


def _kind(source: Source, issuer: str) -> str:
    """Give the code of the kind of document: GB/T 7714-2015, appendix B."""
    if source.sample or (_SURVEY.search(source.title) and not source.url):
        code = "DS"
    elif _PRESS.search(issuer):
        code = "J" if "Review" in issuer else "N"
    elif "Accessed" in (source.date or ""):
        code = "EB"
    else:
        code = "R"
    return f"{code}/OL" if source.url else code


def _when(source: Source) -> str:
    """Give the date in figures where it is one month or day; a span as printed."""
    printed = (source.date or "").removeprefix("Accessed ")
    day = re.fullmatch(r"(\w+) (?:(\d{1,2}), )?(\d{4})", printed)
    if not day or day[1] not in _MONTHS:
        return printed
    month = _MONTHS.index(day[1]) + 1
    return f"{day[3]}-{month:02}" + (f"-{int(day[2]):02}" if day[2] else "")
