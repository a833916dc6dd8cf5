"""The question bank: for each place of the guide, questions that it answers, in other words.

Leaders ask 「砸了钱能听见响吗？」 where the book says 投资回报率: no word is shared. So each
place is expanded with questions that it answers (document expansion by query prediction, Nogueira
et al. 2019), written for this guide, and keyed by place, so that one bank serves the digest and the
full text alike. Beside them stand questions that the guide does not answer. All are matched with
what is asked; none is ever shown.

For another book a language model writes such a bank (`assistant.bank_writing`), which is kept in
the data folder under the book's id, in the same format.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from index.errors import BrokenBankError
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
    style: str = "plain"  # or "colloquial", "oblique", "keywords", "english"


@dataclass(frozen=True, slots=True)
class Bank:
    """Questions that a book answers, and questions that sound alike but have no answer there."""

    questions: tuple[BankQuestion, ...] = ()
    unanswered: tuple[str, ...] = ()


NO_BANK = Bank()


def bank_for(book: Book, data_dir: Path | None = None) -> Bank:
    """Give the bank of a book: the questions whose place it has.

    The bank that comes with the project says nothing about another guide. It is taken where most
    divisions bear the titles that it was written for; else the one written for this very book, if
    there is one below `data_dir`. A question is kept where the book has its place, and, at that
    place, its note.

    Returns
    -------
    Bank
        `NO_BANK` where none was written.
    """
    written_for = _divisions_of_the_guide(book)
    if written_for:
        rows = (q for q in _read(BANK_FOLDER) if q.place.split(".")[0] in written_for)
        return Bank(tuple(_placed(rows, book)), unanswered_questions())
    path = written_bank(book, data_dir) if data_dir else None
    return Bank(tuple(_placed(_rows(path), book))) if path and path.exists() else NO_BANK


def has_bundled_bank(book: Book) -> bool:
    """Tell whether the bank that comes with the project was written for this book."""
    return bool(_divisions_of_the_guide(book))


def written_bank(book: Book, data_dir: Path) -> Path:
    """Give the file of the bank that was, or will be, written for a book."""
    return data_dir / "banks" / f"{book.id}.jsonl"


def dump_questions(questions: Iterable[BankQuestion], path: Path) -> None:
    """Write questions in the format of a bank, whole or not at all; the folder is made.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    rows = (
        {"at": q.place, "note": q.note, "style": q.style, "question": q.text} for q in questions
    )
    lines = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text(lines, encoding="utf-8")
    unfinished.replace(path)


def load_questions(path: Path) -> tuple[BankQuestion, ...]:
    """Read questions that `dump_questions` wrote."""
    return tuple(_rows(path))


def _divisions_of_the_guide(book: Book) -> set[str]:
    """Give the divisions that the project's bank was written for; none where most are others."""
    titles = json.loads(TITLES.read_text(encoding="utf-8"))
    written_for = {d.key for d in book.divisions if d.title == titles.get(d.key)}
    return written_for if 2 * len(written_for) >= len(titles) else set()


def _placed(questions: Iterable[BankQuestion], book: Book) -> Iterator[BankQuestion]:
    """Keep the questions whose place the book has, and, at that place, their note."""
    passages = {passage.id: passage.notes for passage in book.passages}
    places = {section.key for section in book.sections} | {d.key for d in book.divisions}
    for question in questions:
        notes = passages.get(question.place)
        if question.place in places or (
            notes is not None and (question.note is None or question.note in notes)
        ):
            yield question


@cache
def _read(folder: Path) -> tuple[BankQuestion, ...]:
    return tuple(row for path in sorted(folder.glob("*.jsonl")) for row in _rows(path))


def _rows(path: Path) -> Iterator[BankQuestion]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            row = json.loads(line)
            yield BankQuestion(row["at"], row["note"], row["question"], row["style"])
        except (ValueError, KeyError, TypeError) as error:
            raise BrokenBankError(path, line=number) from error


@cache
def unanswered_questions(path: Path = UNANSWERED) -> tuple[str, ...]:
    """Give questions that the guide does not answer: near misses, other topics, injections.

    A question close to one of these, and not to the bank's, is likely to have no answer either.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    return tuple(json.loads(line)["question"] for line in lines)
