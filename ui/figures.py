"""The figures and surveys of the book as rows, for the page, the API and ``guide figures``."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from io import StringIO
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from ingest.comparisons import Comparison, ComparisonKind, find_comparisons
from ingest.document import Book
from ingest.figures import Direction
from ingest.normalise import compact, readable
from ingest.statistics import Kind, Statistic, find_statistics
from ingest.surveys import Region, Study, find_studies
from ui.cells import as_text
from ui.errors import NotHereError

_LONGEST_TEXT = 100  # characters of a text that is searched for


class FigureRow(BaseModel):
    """One figure of the book and what it is said of."""

    model_config = ConfigDict(frozen=True)

    id: str
    printed: str  # "超过五分之四"
    value: float  # shares in percent, amounts multiplied out
    unit: str  # "%", "美元", "倍"
    direction: Direction | None  # None: stated as exact
    kind: Kind
    population: str | None  # who or what was counted
    subject: str
    year: int | None  # that it is said of
    when: str  # as printed: "2025 年", "未来三年内", "目前"
    chapter: int | None  # None outside the chapters
    place: str  # "第 4 章 平台、数据和治理"
    section: str
    notes: tuple[int, ...]
    surveys: tuple[int, ...]  # numbers of the surveys and works behind the notes
    sources: tuple[str, ...]  # their titles
    passage_id: str
    sentence: str  # exact text of the book
    start: int  # of the sentence, in code points within the passage
    end: int
    rounds: str | None  # id of the exact figure that this one rounds


class ComparisonView(BaseModel):
    """Figures that the book sets side by side."""

    model_config = ConfigDict(frozen=True)

    kind: ComparisonKind
    subject: str
    figures: tuple[str, ...]  # ids; over time the earliest first


class Figures(BaseModel):
    """The figures that a filter lets through, and what the book compares among them."""

    model_config = ConfigDict(frozen=True)

    count: int
    total: int  # of the whole book
    figures: tuple[FigureRow, ...]
    comparisons: tuple[ComparisonView, ...]


class SurveyRow(BaseModel):
    """A survey or work behind the guide, with what rests on it."""

    model_config = ConfigDict(frozen=True)

    number: int  # from 1, in the order in which the notes cite them
    name: str  # in the book's language where its method section gives one, else the title
    title: str
    sample: str | None
    sample_size: int | None
    region: Region | None
    fielded: str | None
    date: str | None  # as the note prints it
    url: str | None
    notes: tuple[int, ...]
    figures: tuple[str, ...]  # ids
    chapters: tuple[int, ...]  # 0: outside the chapters


class FigureFilter(BaseModel):
    """Which figures are wanted; what is left out narrows nothing."""

    model_config = ConfigDict(frozen=True)

    chapter: Annotated[int | None, Field(ge=0, description="0: outside the chapters")] = None
    population: Annotated[str | None, Field(examples=["CEO"])] = None
    survey: Annotated[int | None, Field(ge=1, description="number as /api/surveys gives it")] = None
    year: Annotated[int | None, Field(description="that the figure is said of")] = None
    kind: Kind | None = None
    q: Annotated[
        str | None,
        StringConstraints(max_length=_LONGEST_TEXT),
        Field(description="words of the sentence, its group or its source"),
    ] = None


@dataclass(frozen=True)
class FigureTable:
    """The figures and surveys of one book."""

    book: Book

    @cached_property
    def rows(self) -> tuple[FigureRow, ...]:
        """Every figure, in the order of the text."""
        numbers = {study: number for number, study in enumerate(self._studies, 1)}
        return tuple(_row(statistic, numbers) for statistic in self._statistics)

    @cached_property
    def comparisons(self) -> tuple[ComparisonView, ...]:
        """What the book compares, in the order of the text."""
        return tuple(map(_compared, find_comparisons(self._statistics)))

    @cached_property
    def surveys(self) -> tuple[SurveyRow, ...]:
        """Every survey and work behind the notes."""
        chapters = {n: _chapter_of(self.book, n) for n in self.book.notes_by_number}
        return tuple(
            _survey(number, study, self.rows, chapters)
            for number, study in enumerate(self._studies, 1)
        )

    def select(self, wanted: FigureFilter) -> tuple[FigureRow, ...]:
        """Give the figures that a filter lets through, in the order of the text.

        Raises
        ------
        NotHereError
            If the book has no such chapter or survey.
        """
        chapters = len(self.book.chapters)
        if wanted.chapter and wanted.chapter > chapters:
            raise NotHereError(f"本书没有第 {wanted.chapter} 章，正文共 {chapters} 章。")
        if wanted.survey and wanted.survey > len(self.surveys):
            raise NotHereError(
                f"本书没有编号 {wanted.survey} 的调查，调查与文献共 {len(self.surveys)} 项。"
            )
        return tuple(row for row in self.rows if _fits(row, wanted))

    def comparisons_of(self, rows: Iterable[FigureRow]) -> tuple[ComparisonView, ...]:
        """Give the comparisons all of whose figures are among the rows."""
        ids = {row.id for row in rows}
        return tuple(c for c in self.comparisons if ids.issuperset(c.figures))

    def report(self, rows: tuple[FigureRow, ...]) -> Figures:
        """Give rows as the API and the command line report them."""
        compared = self.comparisons_of(rows)
        return Figures(count=len(rows), total=len(self.rows), figures=rows, comparisons=compared)

    @cached_property
    def _statistics(self) -> tuple[Statistic, ...]:
        return find_statistics(self.book)

    @cached_property
    def _studies(self) -> tuple[Study, ...]:
        return find_studies(self.book)


def to_csv(rows: Sequence[BaseModel], model: type[BaseModel]) -> str:
    """Write rows as CSV (RFC 4180), several values in one cell joined by a semicolon.

    A cell that a spreadsheet would take for a formula is preceded by an apostrophe.
    """
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(model.model_fields)
    for row in rows:
        writer.writerow(map(_cell, row.model_dump().values()))
    return out.getvalue()


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, (list, tuple)):
        value = "; ".join(map(str, value))
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return as_text(value) if isinstance(value, str) else value


def _row(statistic: Statistic, numbers: dict[Study, int]) -> FigureRow:
    passage, sentence = statistic.claim.passage, statistic.claim.sentence
    division, figure = passage.section.division, statistic.figure
    return FigureRow(
        id=statistic.id,
        printed=statistic.printed,
        value=figure.value,
        unit=figure.unit,
        direction=figure.direction,
        kind=statistic.kind,
        population=statistic.population,
        subject=statistic.subject,
        year=statistic.year,
        when=statistic.when,
        chapter=division.number,
        place=f"{division.label} {division.title}" if division.number else division.label,
        section=passage.section.name,
        notes=statistic.notes,
        surveys=tuple(numbers[study] for study in statistic.studies),
        sources=tuple(study.name or study.source.title for study in statistic.studies),
        passage_id=passage.id,
        sentence=sentence.text,
        start=sentence.start - passage.start,
        end=sentence.end - passage.start,
        rounds=statistic.rounds,
    )


def _compared(comparison: Comparison) -> ComparisonView:
    return ComparisonView(
        kind=comparison.kind,
        subject=comparison.subject,
        figures=tuple(statistic.id for statistic in comparison.statistics),
    )


def _survey(
    number: int, study: Study, rows: Iterable[FigureRow], chapters: dict[int, int]
) -> SurveyRow:
    source = study.source
    return SurveyRow(
        number=number,
        name=study.name or source.title,
        title=source.title,
        sample=study.sample,
        sample_size=study.sample_size,
        region=study.region,
        fielded=study.fielded,
        date=source.date,
        url=source.url,
        notes=study.notes,
        figures=tuple(row.id for row in rows if number in row.surveys),
        chapters=tuple(sorted({chapters[note] for note in study.notes})),
    )


def _chapter_of(book: Book, note: int) -> int:
    key = book.notes_by_number[note].division
    return next(d.number or 0 for d in book.divisions if d.key == key)


def _fits(row: FigureRow, wanted: FigureFilter) -> bool:
    return (
        (wanted.chapter is None or (row.chapter or 0) == wanted.chapter)
        and (not wanted.population or row.population == wanted.population)
        and (wanted.survey is None or wanted.survey in row.surveys)
        and (wanted.year is None or row.year == wanted.year)
        and (wanted.kind is None or row.kind == wanted.kind)
        and (not wanted.q or _holds(row, wanted.q))
    )


def _holds(row: FigureRow, text: str) -> bool:
    """Tell whether each word of a text stands in a row, whatever its width, case and spaces."""
    held = compact("\n".join((row.sentence, row.population or "", row.place, *row.sources)))
    return all(compact(word) in held for word in readable(text).split())
