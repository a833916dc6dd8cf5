"""Corrupted sentences are wrong, correct ones are right, and the book's words stay in the book."""

from __future__ import annotations

from collections import Counter
from difflib import SequenceMatcher
from pathlib import Path

import pytest

from evals.corruption import (
    CORRECT,
    KINDS,
    PARAPHRASES,
    Case,
    Paraphrase,
    cases,
    correct_sentences,
    read_paraphrases,
)
from evals.errors import BadItemError, DuplicateIdError
from index.static import StaticEmbedder
from ingest.document import Book
from ingest.figures import find_figures
from ingest.normalise import compact, readable
from ingest.parse import read_book

_COPIED = 16  # letters in a row that would be the book's words
_LINE = '{"id":"p","split":"tune","source":"ch01.t1.know.p1","notes":[],"text":"一句话"}'


@pytest.fixture(scope="module")
def paraphrases() -> tuple[Paraphrase, ...]:
    return read_paraphrases()


@pytest.fixture(scope="module")
def book() -> Book:
    return read_book(Path(__file__).parents[2] / "ingest" / "books" / "digest.txt")


@pytest.fixture(scope="module")
def made(book: Book, paraphrases: tuple[Paraphrase, ...]) -> list[Case]:
    return cases(book, paraphrases, StaticEmbedder())


def test_at_least_three_hundred_paraphrases_enough_of_them_held_back(
    paraphrases: tuple[Paraphrase, ...],
) -> None:
    halves = Counter(row.split for row in paraphrases)
    assert len(paraphrases) >= 300
    assert min(halves["tune"], halves["test"]) >= 150


def test_paraphrases_come_from_every_chapter(
    paraphrases: tuple[Paraphrase, ...], book: Book
) -> None:
    found = {row.source.split(".")[0] for row in paraphrases}
    assert {chapter.key for chapter in book.chapters} <= found


def test_a_paraphrase_names_a_passage_and_notes_of_it(
    paraphrases: tuple[Paraphrase, ...], book: Book
) -> None:
    for row in paraphrases:
        assert row.source in book.passages_by_id, row.id
        assert set(row.notes) <= set(book.passages_by_id[row.source].notes), row.id


@pytest.mark.book
def test_no_paraphrase_copies_the_book(
    paraphrases: tuple[Paraphrase, ...], guide_book: Book
) -> None:
    for row in paraphrases:
        source, text = compact(guide_book.passages_by_id[row.source].text), compact(row.text)
        run = SequenceMatcher(None, source, text, autojunk=False).find_longest_match()
        assert run.size < _COPIED or text[run.b : run.b + run.size].isascii(), row.id


@pytest.mark.parametrize(
    ("text", "error", "match"),
    [
        pytest.param("{}", BadItemError, "paraphrases.jsonl:1", id="nothing-in-it"),
        pytest.param("oops", BadItemError, "paraphrases.jsonl:1", id="no-json"),
        pytest.param(f"{_LINE}\n{_LINE}", DuplicateIdError, "p", id="an-id-twice"),
    ],
)
def test_a_broken_file_is_told(
    text: str, error: type[Exception], match: str, tmp_path: Path
) -> None:
    path = tmp_path / PARAPHRASES.name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(error, match=match):
        read_paraphrases(path)


def test_the_same_cases_are_made_again(
    book: Book, paraphrases: tuple[Paraphrase, ...], made: list[Case]
) -> None:
    assert cases(book, paraphrases, StaticEmbedder()) == made


def test_every_kind_is_made_of_both_origins_in_both_halves(made: list[Case]) -> None:
    found = {(case.kind, case.origin, case.split) for case in made}
    assert found == {
        (kind, origin, split)
        for kind in KINDS
        for origin in ("book", "paraphrase")
        for split in ("tune", "test")
    }


def test_enough_is_corrupted_over_the_whole_book(made: list[Case], book: Book) -> None:
    wrong = [case for case in made if case.kind not in CORRECT]
    assert len(wrong) >= 1_500
    assert {chapter.key for chapter in book.chapters} <= {case.chapter for case in wrong}


def test_a_case_cites_what_is_supplied(made: list[Case]) -> None:
    for case in made:
        assert case.cited
        assert all(1 <= number <= len(case.supplied) for number in case.cited)
        assert len({passage.id for passage in case.supplied}) == len(case.supplied)


def test_only_uncited_sentences_lack_their_passage(made: list[Case]) -> None:
    for case in made:
        own = any(case.id.startswith(f"{passage.id}.") for passage in case.supplied)
        assert own == (case.kind != "uncited"), case.id


def test_a_changed_figure_stands_in_no_supplied_passage(
    made: list[Case], book: Book, paraphrases: tuple[Paraphrase, ...]
) -> None:
    before = {one.id: one.text for one in correct_sentences(book, paraphrases)}
    for case in made:
        if case.kind != "figure":
            continue
        kept = Counter((f.value, f.unit) for f in find_figures(before[case.id]))
        changed = Counter((f.value, f.unit) for f in find_figures(case.text)) - kept
        assert changed, case.text
        stated = {(f.value, f.unit) for p in case.supplied for f in find_figures(readable(p.text))}
        assert any(figure not in stated for figure in changed), case.text


def test_a_made_up_quote_is_not_in_the_book(made: list[Case], book: Book) -> None:
    letters = compact(book.source)
    for case in made:
        if case.kind == "quote":
            quote = case.text.split("“")[1].split("”")[0]
            assert compact(quote) not in letters


def test_corrupted_sentences_differ_from_the_correct_ones(made: list[Case]) -> None:
    correct = {case.id: case.text for case in made if case.kind == "correct"}
    for case in made:
        if case.kind not in {*CORRECT, "uncited"} and case.id in correct:
            assert case.text != correct[case.id]
