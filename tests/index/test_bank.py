"""The question bank: every place exists, and nothing of it is a question of the test half."""

from __future__ import annotations

from index.bank import bank_for, unanswered_questions
from ingest.document import Book


def test_every_question_of_the_bank_has_its_place_in_the_digest(digest: Book) -> None:
    questions = bank_for(digest)
    # The preface's front pages stand in the full guide alone.
    assert len(questions) > 7_500
    assert len({question.text for question in questions}) == len(questions)


def test_every_note_is_asked_for(digest: Book) -> None:
    asked = {question.note for question in bank_for(digest)} - {None}
    assert asked == set(range(1, 136))


def test_every_list_of_actions_is_asked_for(digest: Book) -> None:
    places = {question.place for question in bank_for(digest)}
    assert {s.key for s in digest.sections if s.kind == "act"} <= places


def test_a_book_without_these_places_gets_no_questions(small: Book) -> None:
    keys = {passage.id for passage in small.passages} | {s.key for s in small.sections}
    keys |= {division.key for division in small.divisions}
    assert all(question.place in keys for question in bank_for(small))


def test_unanswered_questions_are_not_in_the_bank(digest: Book) -> None:
    assert not set(unanswered_questions()) & {question.text for question in bank_for(digest)}
