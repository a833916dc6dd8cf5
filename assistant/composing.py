"""Step 4, compose: put the selection into words, with its marks, citations and notes."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.answer import Answer, Citation, Note
from assistant.english import in_english, is_english
from assistant.evidence import Evidence, Selection
from assistant.understanding import Query
from ingest.document import Book, Division, Footnote
from ingest.normalise import readable

DAMAGED = "（原书此处缺字，照录）"  # said before a sentence that lost its beginning


@dataclass(frozen=True, slots=True)
class VerifiedSentence:
    """A sentence that a model wrote, and what in the book bears it out."""

    text: str  # as shown, without any mark
    evidence: tuple[Evidence, ...]  # at least one
    opens_line: bool = False
    listed: bool = False  # an item of a numbered list


def compose(query: Query, selection: Selection, book: Book) -> Answer:
    """Put a selection into words."""
    return [*grow(query, selection, book)][-1]


def grow(query: Query, selection: Selection, book: Book) -> Generator[Answer]:
    """Give the answer as it grows, one piece of evidence more each time; the last is whole.

    What is our own in it is in English where the question is; the quotes stay the book's.
    """
    if is_english(query.question.question):
        selection = replace(selection, lead=in_english(_opening(selection, book)), near=())
    if selection.refused:
        yield Answer(
            id=query.question.id,
            question=query.question.question,
            answered=False,
            answer=_opening(selection, book),
        )
        return
    pieces = [_line(evidence) for evidence in selection.evidence]
    for count in range(1, len(pieces) + 1) if pieces else (0,):
        text = _text(selection, pieces[:count])
        yield _answer(query, text, selection.evidence[:count], book, spelt_out=selection.notes)


def compose_written(query: Query, sentences: Sequence[VerifiedSentence], book: Book) -> Answer:
    """Put what a model wrote into an answer, with our marks after each sentence of it.

    There is one citation a mark, in the order of the marks, so that a passage on which two
    sentences rest is cited twice.
    """
    evidence = [one for sentence in sentences for one in sentence.evidence]
    answer = _answer(query, "".join(_lines(sentences)), evidence, book)
    return answer.model_copy(update={"mode": "llm"})


def _lines(sentences: Sequence[VerifiedSentence]) -> Iterator[str]:
    item = 0
    for position, sentence in enumerate(sentences):
        item = item + 1 if sentence.listed else item if not sentence.opens_line else 0
        yield "\n" if sentence.opens_line and position else ""
        yield f"{item}. " if sentence.listed else ""
        yield sentence.text
        yield from (mark_of(e.passage.section.division, e.notes) for e in sentence.evidence)


def _answer(
    query: Query,
    text: str,
    evidence: Iterable[Evidence],
    book: Book,
    *,
    spelt_out: Sequence[Footnote] = (),
) -> Answer:
    citations = tuple(map(cite, evidence))
    called = {number for citation in citations for number in citation.footnotes}
    called |= {note.number for note in spelt_out}
    return Answer(
        id=query.question.id,
        question=query.question.question,
        answered=True,
        answer=text,
        citations=citations,
        notes=tuple(note_of(book.notes_by_number[number]) for number in sorted(called)),
    )


def mark_of(division: Division, notes: tuple[int, ...]) -> str:
    """Give the inline mark of a citation: [第4章·注40], [引言·注1], [第4章]."""
    place = division.label.replace(" ", "")
    return f"[{place}·注{'、'.join(map(str, notes))}]" if notes else f"[{place}]"


def _text(selection: Selection, pieces: list[str]) -> str:
    if selection.listed:
        pieces = [f"{number}. {piece}" for number, piece in enumerate(pieces, 1)]
    return "\n".join([selection.lead, *pieces] if selection.lead else pieces)


def _line(evidence: Evidence) -> str:
    """Give the evidence as it is read in an answer: clean text, then its mark."""
    text = "".join(
        (DAMAGED if sentence.damaged else "") + readable(sentence.text)
        for sentence in evidence.sentences
    )
    speaker = evidence.passage.speaker
    if speaker and evidence.passage.kind == "quote":
        text = f"{speaker.name}（{speaker.title}）：{text}"
    return f"{text}{mark_of(evidence.passage.section.division, evidence.notes)}"


def cite(evidence: Evidence) -> Citation:
    """Cite the place of a piece of evidence."""
    section = evidence.passage.section
    return Citation(
        chapter=section.division.number,
        chapter_title=section.division.name,
        section=section.name,
        pages=section.division.pages,
        footnotes=evidence.notes,
        quote=evidence.quote,
        passage_id=evidence.passage.id,
    )


def note_of(note: Footnote) -> Note:
    """Give a footnote as an answer shows it."""
    return Note(number=note.number, text=note.text, url=note.url)


def _opening(selection: Selection, book: Book) -> str:
    """Give what we say ourselves: before the quotes, or in their place."""
    if not selection.near:
        return selection.lead
    names = {d.key: f"{d.label}《{d.title}》" for d in book.divisions}
    near = "、".join(names[key] for key in selection.near)
    return f"{selection.lead}相近的内容见{near}。"
