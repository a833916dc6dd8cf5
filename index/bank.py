"""The question bank: for each place of the guide, questions that it answers, in other words.

Leaders ask 「砸了钱能听见响吗？」 where the book says 投资回报率: no word is shared. So each
place is expanded with questions that it answers (document expansion by query prediction, Nogueira
et al. 2019), written for this guide, and keyed by place, so that one bank serves the digest and the
full text alike. Beside them stand questions that the guide does not answer. All are matched with
what is asked; none is ever shown.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ingest.document import Book

BANK_FOLDER = Path(__file__).parent / "questions"
UNANSWERED = Path(__file__).parent / "unanswered.jsonl"
TITLES = Path(__file__).parent / "titles.json"  # of the divisions that the bank was written for


@dataclass(frozen=True, slots=True)
class BankQuestion:
    """One question of the bank, and the place that answers it."""

    place: str  # key of a passage, section or division: "ch04.t2.know.p3", "ch04.t2.act", "ch04"
    note: int | None  # carries the very sentence that answers; None where none does
    text: str


@dataclass(frozen=True, slots=True)
class Bank:
    """Questions that a book answers, and questions that sound alike but have no answer there."""

    questions: tuple[BankQuestion, ...] = ()
    unanswered: tuple[str, ...] = ()


NO_BANK = Bank()


def bank_for(book: Book, folder: Path = BANK_FOLDER) -> Bank:
    """Give the bank of a book: the questions whose place it has.

    A bank written for one guide says nothing about another. It is taken where most divisions bear
    the titles that it was written for; then a question is kept where the book has its place, and,
    at that place, its note.

    Returns
    -------
    Bank
        `NO_BANK` for another book.
    """
    titles = json.loads(TITLES.read_text(encoding="utf-8"))
    written_for = {d.key for d in book.divisions if d.title == titles.get(d.key)}
    if 2 * len(written_for) < len(titles):
        return NO_BANK
    passages = {passage.id: passage.notes for passage in book.passages}
    places = {section.key for section in book.sections} | {d.key for d in book.divisions}
    questions = tuple(
        question
        for question in _read(folder)
        if question.place.split(".")[0] in written_for
        and (
            question.place in places
            or (
                question.place in passages
                and (question.note is None or question.note in passages[question.place])
            )
        )
    )
    return Bank(questions, unanswered_questions())


@cache
def _read(folder: Path) -> tuple[BankQuestion, ...]:
    return tuple(_rows(folder))


def _rows(folder: Path) -> Iterator[BankQuestion]:
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            yield BankQuestion(row["at"], row["note"], row["question"])


@cache
def unanswered_questions(path: Path = UNANSWERED) -> tuple[str, ...]:
    """Give questions that the guide does not answer: near misses, other topics, injections.

    A question close to one of these, and not to the bank's, is likely to have no answer either.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    return tuple(json.loads(line)["question"] for line in lines)
