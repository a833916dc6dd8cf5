"""The studies behind the notes: each work or survey once, with every note that rests on it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ingest.document import Book, Passage, Source
from ingest.normalise import readable

MONTHS = {
    name: number
    for number, name in enumerate(
        [
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
        ],
        1,
    )
}
_GROUPS = {"ceo": "CEO", "cio": "CIO", "cmo": "CMO", "csco": "CSCO", "cxo": "高级管理人员"}
_LISTED = re.compile(
    r"(?P<name>[^，：:]+)[，：:]\s*(?:涵盖\s*)?(?P<size>\d[\d,]*)\s*名(?P<group>[^，]*)，(?P<date>.*月)"
)

Region = Literal["US", "global"]


@dataclass(frozen=True, slots=True)
class Study:
    """A work or survey that the notes cite."""

    source: Source
    listed: Passage | None  # where the book's method section describes the survey
    notes: tuple[int, ...]  # that cite it, ascending, each Ibid. included

    @property
    def name(self) -> str | None:
        """Its name in the book's own language, where the method section gives it."""
        return re.split(r"[，：:]", readable(self.listed.text))[0].strip() if self.listed else None

    @property
    def sample(self) -> str | None:
        """Whom it asked, as the method section says, else as the note does; None for a work."""
        listed = self._listed
        return f"{listed['size']} 名{listed['group'].strip()}" if listed else self.source.sample

    @property
    def sample_size(self) -> int | None:
        """How many it asked; None where the book does not say."""
        listed = self._listed
        return int(listed["size"].replace(",", "")) if listed else self.source.sample_size

    @property
    def fielded(self) -> str | None:
        """When it asked, as printed; None for a work, whose date is that of its publication."""
        if self._listed:
            return self._listed["date"]
        return self.source.date if self.source.sample_size else None

    @property
    def region(self) -> Region | None:
        """Where it asked, as far as the book says."""
        sample = (self.sample or "").lower()
        if "全球" in sample or "global" in sample:
            return "global"
        return "US" if "美国" in sample or re.search(r"\bus\b", sample) else None

    @property
    def _listed(self) -> re.Match[str] | None:
        return _LISTED.match(readable(self.listed.text)) if self.listed else None


def find_studies(book: Book) -> tuple[Study, ...]:
    """Give the studies behind a book's notes, in the order in which they are first cited.

    Two notes cite one study when their sources have the same title and sample: years and months
    may be printed differently.
    """
    cited: dict[tuple[str, str | None], tuple[Source, list[int]]] = {}
    for note in book.footnotes:
        for source in note.sources:
            key = (_bare(source.title), source.sample)
            cited.setdefault(key, (source, []))[1].append(note.number)
    listings = list(_listings(book))
    return tuple(
        Study(source, next((p for p, fits in listings if fits(source)), None), tuple(notes))
        for source, notes in cited.values()
    )


def _bare(title: str) -> str:
    """Fold a title: the year in front of a survey's name is printed now and then only."""
    return re.sub(r"^(?:\d{4}|the)\s+|[^a-z0-9]", "", title.lower())


def _listings(book: Book) -> Iterator[tuple[Passage, _Listing]]:
    """Read the surveys that the method section lists."""
    for passage in book.passages:
        if passage.section.division.kind != "method" or passage.kind != "bullet":
            continue
        listed = _LISTED.match(readable(passage.text))
        if listed:
            months = frozenset(map(int, re.findall(r"(\d+)\s*(?=月)", listed["date"])))
            size = int(listed["size"].replace(",", ""))
            yield passage, _Listing(listed["name"], size, listed["group"], months)


@dataclass(frozen=True, slots=True)
class _Listing:
    """A survey as the method section lists it; called, tells whether a source is that survey."""

    name: str
    size: int
    group: str
    months: frozenset[int]

    def __call__(self, source: Source) -> bool:
        if source.sample_size is None:
            # A study of its own name is cited without its sample: "The 2023 CEO Study".
            study = re.search(r"(\d{4}) (\w+) Study", source.title)
            return bool(study and study[1] in self.name and f"{study[2]} 研究" in self.name)
        words = re.findall(r"[a-z]+", (source.date or "").lower())
        months = {MONTHS[word] for word in words if word in MONTHS}
        groups = [zh for en, zh in _GROUPS.items() if en in (source.sample or "").lower()]
        return (
            source.sample_size == self.size
            and months == self.months
            and any(group in self.group for group in groups)
        )
