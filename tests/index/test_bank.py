"""The question bank: every place exists, and nothing of it is a question of the test half."""

from __future__ import annotations

from dataclasses import replace

from index.bank import NO_BANK, bank_for
from ingest.document import Book


def test_every_question_of_the_bank_has_its_place_in_the_digest(digest: Book) -> None:
    questions = bank_for(digest).questions
    # The preface's front pages stand in the full guide alone.
    assert len(questions) > 12_500
    assert len({question.text for question in questions}) == len(questions)


def test_every_note_is_asked_for(digest: Book) -> None:
    asked = {question.note for question in bank_for(digest).questions} - {None}
    assert asked == set(range(1, 136))


def test_every_list_of_actions_is_asked_for(digest: Book) -> None:
    places = {question.place for question in bank_for(digest).questions}
    assert {s.key for s in digest.sections if s.kind == "act"} <= places


def test_another_book_gets_no_questions_though_it_has_a_preface_too(small: Book) -> None:
    assert bank_for(small) == NO_BANK


def test_unanswered_questions_are_not_in_the_bank(digest: Book) -> None:
    bank = bank_for(digest)
    assert not set(bank.unanswered) & {question.text for question in bank.questions}


def test_a_book_of_the_same_shape_under_other_titles_gets_no_questions(digest: Book) -> None:
    divisions = tuple(replace(division, title="别的书") for division in digest.divisions)
    other = replace(digest, divisions=divisions)
    assert bank_for(other) == NO_BANK
