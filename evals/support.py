"""Whether each sentence of an answer is carried by what it cites, as ALCE defines it.

ALCE (Gao et al., EMNLP 2023, "Enabling Large Language Models to Generate Text with Citations") asks
a language model whether the cited passages entail the sentence. A book that is quoted needs no
model: a sentence is supported when its cited passages hold it word for word, spacing, punctuation
and width aside. That is stricter than entailment: a sentence in other words counts as unsupported.

Where this differs from ALCE, and why:

- A citation is a mark as the reader sees it, ``[第4章·注40]``; its text is all that the answer
  quotes under that mark. Two bullets of one chapter so share a mark without harming each other.
- A mark covers the text before it on its line, back to the mark before. (ALCE gives a mark behind a
  full stop to the sentence that follows.)
- A line that ends in a colon announces what follows and is no sentence of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from assistant.answer import Answer, Citation
from ingest.document import Book
from ingest.normalise import compact
from ingest.sentences import split_sentences

_MARK = re.compile(r"\[([^\[\]\n·]+)(?:·注([\d、,，\s]+))?\]")
_LIST_SIGN = re.compile(r"^\s*(?:\d{1,2}[.、)）]|[-•*])\s*")
_COLON = ("：", ":")


class Support(BaseModel):
    """How the sentences of one answer, and its marks, fare."""

    model_config = ConfigDict(frozen=True)

    sentences: int = 0
    sentences_supported: int = 0
    citations: int = 0  # marks, each counted once for every sentence that it covers
    citations_needed: int = 0  # that support their sentence alone, or without which it falls


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of an answer with the marks that cover it."""

    text: str
    marks: tuple[str, ...]  # as printed, without white space


def support(answer: Answer, book: Book) -> Support:
    """Count the sentences of an answer that its marks support, and the marks that are needed.

    Parameters
    ----------
    answer : Answer
        A refusal has no sentence to support.
    book : Book
        Gives the names of the speakers of the passages that are quoted.

    Returns
    -------
    Support
        ALCE's citation recall is ``sentences_supported / sentences``, its citation precision
        ``citations_needed / citations``, each over all answers of a data set.
    """
    if not answer.answered:
        return Support()
    cited = _cited(answer.citations, book)
    rows = [
        (compact(statement.text), [cited.get(mark, "") for mark in statement.marks])
        for statement in statements_of(answer.answer)
    ]
    held = [(text, behind) for text, behind in rows if text in "".join(behind)]
    return Support(
        sentences=len(rows),
        sentences_supported=len(held),
        citations=sum(len(behind) for _, behind in rows),
        citations_needed=sum(_needed(text, behind) for text, behind in held),
    )


def statements_of(text: str) -> Iterator[Statement]:
    """Cut the text of an answer into sentences, each with the marks that cover it."""
    for line in text.splitlines():
        if line.strip() and not line.rstrip().endswith(_COLON):
            yield from _statements_of_line(_LIST_SIGN.sub("", line))


def mark_of(citation: Citation) -> str:
    """Give the mark by which an answer points to a citation, as it prints it."""
    if citation.chapter is None:
        place = "".join(citation.chapter_title.split())
    else:
        place = f"第{citation.chapter}章"
    notes = "、".join(map(str, citation.footnotes))
    return f"[{place}·注{notes}]" if notes else f"[{place}]"


def _statements_of_line(line: str) -> Iterator[Statement]:
    start = 0
    while found := _MARK.search(line, start):
        covered = line[start : found.start()]
        marks = [found]
        while following := _MARK.match(line, marks[-1].end()):
            marks.append(following)
        yield from _sentences(covered, tuple("".join(mark[0].split()) for mark in marks))
        start = marks[-1].end()
    yield from _sentences(line[start:], ())


def _sentences(text: str, marks: tuple[str, ...]) -> Iterator[Statement]:
    for span in split_sentences(text):
        if compact(text[span.start : span.end]):
            yield Statement(text[span.start : span.end], marks)


def _cited(citations: Sequence[Citation], book: Book) -> dict[str, str]:
    """Give what stands behind each mark: quotes with their speakers, letters and digits only."""
    texts: dict[str, str] = {}
    for citation in citations:
        passage = book.passages_by_id.get(citation.passage_id)
        speaker = passage.speaker if passage else None
        said_by = f"{speaker.name}（{speaker.title}）：" if speaker else ""
        mark = mark_of(citation)
        texts[mark] = texts.get(mark, "") + compact(f"{said_by}{citation.quote}")
    return texts


def _needed(text: str, behind: Sequence[str]) -> int:
    """Count the marks of a supported sentence that ALCE calls precise, from what stands behind."""
    return sum(
        text in alone or text not in "".join([*behind[:place], *behind[place + 1 :]])
        for place, alone in enumerate(behind)
    )
