"""The book as a way in: its chapters, and of each the topics with their key figures."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict

from ingest.document import Book, Claim, Division, Section

_FIGURES_A_TOPIC = 2


class ChapterName(BaseModel):
    """A chapter as the contents list names it."""

    model_config = ConfigDict(frozen=True)

    number: int
    label: str  # "第 4 章"
    title: str
    subtitle: str
    part: str | None  # "第二部分 AI 赋能的数据与技术"
    pages: tuple[int, int] | None
    notes: tuple[int, ...]  # that its body calls, ascending


class KeyFigure(BaseModel):
    """A figure of the chapter with the sentence that states it."""

    model_config = ConfigDict(frozen=True)

    figure: str  # as printed: "61%"
    sentence: str  # exact text of the book
    notes: tuple[int, ...]
    passage_id: str
    start: int  # of the sentence, in code points within the passage
    end: int


class Topic(BaseModel):
    """One of a chapter's three topics: what to know and what to do about it."""

    model_config = ConfigDict(frozen=True)

    number: int
    label: str
    know: str
    act: str
    actions: tuple[str, ...]  # the bold openings of what to do
    figures: tuple[KeyFigure, ...]


class Chapter(ChapterName):
    """A chapter with its topics."""

    topics: tuple[Topic, ...]


def name_chapters(book: Book) -> tuple[ChapterName, ...]:
    """List the chapters of the book, in order."""
    parts = {d.label: f"{d.label} {d.title}" for d in book.divisions if d.kind == "part"}
    notes = _notes_by_division(book)
    return tuple(
        ChapterName(
            number=division.number or 0,
            label=division.label,
            title=division.title,
            subtitle=division.subtitle,
            part=parts.get(division.part or ""),
            pages=division.pages,
            notes=notes.get(division.key, ()),
        )
        for division in book.chapters
    )


def describe_chapter(book: Book, number: int) -> Chapter | None:
    """Describe one chapter; None where the book has none of this number."""
    division = next((d for d in book.chapters if d.number == number), None)
    if division is None:
        return None
    name = next(name for name in name_chapters(book) if name.number == number)
    return Chapter(**name.model_dump(), topics=tuple(_topics(book, division)))


def _notes_by_division(book: Book) -> dict[str, tuple[int, ...]]:
    called: dict[str, set[int]] = {}
    for passage in book.passages:
        called.setdefault(passage.section.division.key, set()).update(passage.notes)
    return {key: tuple(sorted(notes)) for key, notes in called.items()}


def _topics(book: Book, division: Division) -> Iterator[Topic]:
    sections = [s for s in book.sections if s.division.key == division.key and s.topic]
    for number in sorted({section.topic or 0 for section in sections}):
        halves = {section.kind: section for section in sections if section.topic == number}
        know, act = halves.get("know"), halves.get("act")
        yield Topic(
            number=number,
            label=next(iter(halves.values())).label,
            know=know.heading if know else "",
            act=act.heading if act else "",
            actions=_actions(book, act) if act else (),
            figures=_figures(book, know) if know else (),
        )


def _actions(book: Book, section: Section) -> tuple[str, ...]:
    leads = (passage.lead.rstrip("：:") for passage in book.passages_of(section))
    return tuple(lead for lead in leads if lead)


def _figures(book: Book, section: Section) -> tuple[KeyFigure, ...]:
    """Choose a topic's figures: first what the book itself sets in large type."""
    large = {pull_out.claim for pull_out in book.pull_outs}
    claims = [
        claim
        for claim in book.claims
        if claim.passage.section.key == section.key
        and claim.sentence.notes
        and not claim.sentence.damaged
        and any(figure.unit == "%" for figure in claim.figures)
    ]
    chosen = sorted(claims, key=lambda claim: claim.id not in large)[:_FIGURES_A_TOPIC]
    return tuple(map(_key_figure, sorted(chosen, key=lambda claim: claim.sentence.start)))


def _key_figure(claim: Claim) -> KeyFigure:
    passage, sentence = claim.passage, claim.sentence
    return KeyFigure(
        figure=next(figure.text for figure in claim.figures if figure.unit == "%"),
        sentence=sentence.text,
        notes=sentence.notes,
        passage_id=passage.id,
        start=sentence.start - passage.start,
        end=sentence.end - passage.start,
    )
