"""The stored index: built once, whole or not at all, and the same when opened again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import index.store
from index.bank import NO_BANK, bank_for, unanswered_questions
from index.embedding import embedder
from index.errors import UnwritableDataError
from index.store import index_folder, open_index, records_of
from ingest.document import Book
from ingest.parse import parse_book


def test_a_second_run_on_the_same_book_builds_nothing(small: Book, tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    open_index(
        small, embedder(), tmp_path, progress=lambda done, total: steps.append((done, total))
    )
    built = len(steps)
    again = open_index(small, embedder(), tmp_path, progress=lambda *step: steps.append(step))
    assert built > 0
    assert len(steps) == built
    assert steps[-1][0] == steps[-1][1] == len(again.records)


def test_an_interrupted_build_leaves_no_index_and_the_next_run_makes_one(
    small: Book, tmp_path: Path
) -> None:
    def interrupt(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        open_index(small, embedder(), tmp_path, progress=interrupt)
    assert not index_folder(small, bank_for(small), embedder(), tmp_path).exists()
    assert list((tmp_path / "indexes").iterdir()) == []
    assert open_index(small, embedder(), tmp_path).records


def test_another_book_gets_an_index_of_its_own(small: Book, tmp_path: Path) -> None:
    other = parse_book(small.source + "\n")
    folders = {index_folder(book, NO_BANK, embedder(), tmp_path) for book in (small, other)}
    assert len(folders) == 2


def test_matches_follow_the_lists_and_find_the_words(small: Book, tmp_path: Path) -> None:
    opened = open_index(small, embedder(), tmp_path)
    record = max(opened.records, key=lambda record: len(record.text))
    (matches,) = opened.match([record.text], k=5)
    assert matches.passages.shape == (len(opened.records),)
    assert matches.places.shape == (len(opened.places),)
    assert matches.sentences.shape == matches.sentence_words.shape == (len(opened.sentences),)
    passages = matches.places[: len(small.passages)]
    assert opened.places[int(passages.argmax())] == record.passage_id
    assert opened.records[int(matches.passages.argmax())].id == record.id
    assert np.count_nonzero(matches.passages) <= 5
    assert not matches.unknown
    assert matches.unknown_share == 0


def test_chroma_finds_the_very_nearest(digest: Book, indexed: Path) -> None:
    """An approximate search answers one question differently from run to run."""
    opened = open_index(digest, embedder(), indexed)
    texts = [record.text for record in opened.records]
    vectors = np.array(opened.embedder.embed_documents(texts))
    for question in unanswered_questions()[:300]:
        cosines = vectors @ np.array(opened.embedder.embed_query(question))
        nearest = np.sort(cosines)[::-1][:64]
        found = np.sort(opened.match([question], k=64)[0].passages)[::-1][:64]
        assert np.allclose(found, nearest, atol=1e-5)


def test_a_question_of_unknown_words_matches_nothing(small: Book, tmp_path: Path) -> None:
    (matches,) = open_index(small, embedder(), tmp_path).match(["？？"], k=5)
    assert not matches.places.any()
    assert not matches.passages.any()


def test_a_long_passage_is_cut_at_sentence_borders(
    small: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = len(list(records_of(small)))
    monkeypatch.setattr(index.store, "MAX_TOKENS", 20)
    records = list(records_of(small))
    assert len(records) > whole
    assert len({record.id for record in records}) == len(records)
    assert {record.passage_id for record in records} == {passage.id for passage in small.passages}


def test_a_folder_that_cannot_be_written_is_named(small: Book, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    with pytest.raises(UnwritableDataError, match="无法写入索引"):
        open_index(small, embedder(), blocked)
