"""The systems compared: what each leaves out, and how the baselines see the book."""

from dataclasses import asdict
from itertools import pairwise
from pathlib import Path

import pytest

from assistant.answer import Question
from assistant.pipeline import open_assistant
from assistant.retrieval import Weights
from assistant.settings import Settings
from assistant.understanding import understand
from evals.metrics import RANKS_KEPT
from evals.run import SYSTEM_NAMES
from evals.support import support
from evals.systems import (
    CHUNK_CHARACTERS,
    CHUNK_OVERLAP,
    SYSTEMS,
    Chunk,
    Workbench,
    ablated,
    best_threshold,
    cut,
    quote_chunks,
    scaled,
)
from ingest.books import DIGEST
from ingest.document import Book

PARTS = {name for name, weight in asdict(Weights()).items() if weight}


def test_the_command_line_names_every_system() -> None:
    assert tuple(SYSTEMS) == SYSTEM_NAMES


@pytest.mark.parametrize("name", ["dense", "lexical"])
def test_an_ablation_leaves_some_parts_as_they_are_and_the_others_out(name: str) -> None:
    whole, left = asdict(Weights()), asdict(ablated(name))
    kept = {part for part, weight in left.items() if weight}
    assert kept < PARTS
    assert all(left[part] == whole[part] for part in kept)
    assert kept


@pytest.mark.parametrize(
    ("name", "stays", "goes"),
    [
        ("dense", "sentence_dense", "place_lexical"),
        ("lexical", "place_lexical", "question_dense"),
    ],
)
def test_each_ablation_leaves_out_what_its_name_says(name: str, stays: str, goes: str) -> None:
    weights = asdict(ablated(name))
    assert weights[stays] > 0
    assert weights[goes] == 0


def test_an_unknown_ablation_is_no_system() -> None:
    with pytest.raises(KeyError):
        ablated("no-such-part")


def test_scaling_keeps_the_parts_in_proportion() -> None:
    whole, twice = asdict(Weights()), asdict(scaled(Weights(), 2))
    assert twice == {part: 2 * weight for part, weight in whole.items()}


@pytest.mark.parametrize(
    ("scores", "answerable", "expected"),
    [
        pytest.param([0.9, 0.8, 0.3], [True, True, False], 0.8, id="clean"),
        pytest.param([0.9, 0.5, 0.6, 0.4], [True, True, False, True], 0.4, id="answer-all"),
        pytest.param([0.9, 0.5, 0.6, 0.55], [True, True, False, False], 0.9, id="refuse-one-more"),
    ],
)
def test_the_threshold_decides_most_questions_rightly(
    scores: list[float], answerable: list[bool], expected: float
) -> None:
    assert best_threshold(scores, answerable) == expected


def test_a_threshold_needs_questions() -> None:
    with pytest.raises(ValueError, match="at least one"):
        best_threshold([], [])


class TestChunks:
    @pytest.fixture
    def chunks(self, digest: Book) -> list[Chunk]:
        return list(cut(digest))

    def test_they_are_exact_and_no_longer_than_the_tutorial_says(
        self, digest: Book, chunks: list[Chunk]
    ) -> None:
        assert max(len(chunk.text) for chunk in chunks) <= CHUNK_CHARACTERS
        for chunk in chunks:
            assert digest.source.startswith(chunk.text, chunk.start)
        for one, following in pairwise(chunks):
            assert one.start + len(one.text) - CHUNK_OVERLAP <= following.start

    def test_a_plain_splitter_gives_opening_essays_to_the_chapter_before(
        self, digest: Book, chunks: list[Chunk]
    ) -> None:
        """An essay stands before the page that says 「第 N 章」: a trap it cannot but fall into."""

        def told(kind: str) -> list[bool]:
            return [
                chunk.chapter == digest.passages_by_id[key].section.division.number
                for chunk in chunks
                for key in chunk.passages
                if digest.passages_by_id[key].section.kind == kind
            ]

        assert sum(told("essay")) / len(told("essay")) < 0.9
        assert sum(told("know")) / len(told("know")) > 0.9

    def test_footnotes_are_the_superscripts_that_are_printed(self, chunks: list[Chunk]) -> None:
        assert set().union(*(chunk.footnotes for chunk in chunks)) == set(range(1, 136))


PRIVATE_DATA = Question(question="缺少专有数据的问题有多普遍？")


@pytest.fixture(scope="module")
def workbench(indexed: Path) -> Workbench:
    return Workbench(Settings(book=DIGEST, data_dir=indexed))


def test_ours_answers_and_ranks_as_the_assistant_does(workbench: Workbench, indexed: Path) -> None:
    assistant = open_assistant(Settings(book=DIGEST, data_dir=indexed))
    reply = workbench.open("guide").ask(PRIVATE_DATA)
    found = assistant.retriever.retrieve(understand(PRIVATE_DATA, assistant.book))
    assert reply.answer.answer == assistant.invoke(PRIVATE_DATA).answer
    assert reply.ranking == tuple(hit.passage.id for hit in found.hits[:RANKS_KEPT])


@pytest.mark.parametrize("name", [name for name in SYSTEMS if name != "guide"])
def test_every_other_system_ranks_passages_too(workbench: Workbench, name: str) -> None:
    ranking = workbench.open(name).ask(PRIVATE_DATA).ranking
    assert 0 < len(set(ranking)) == len(ranking) <= RANKS_KEPT
    assert set(ranking) <= workbench.book.passages_by_id.keys()


def test_an_answer_of_chunks_quotes_them_with_chapter_and_notes(small: Book) -> None:
    chunk = Chunk(start=10, text="一格\n就够。⁷", chapter=1, footnotes=(7,), passages=())
    given = quote_chunks(Question(id="q", question="问"), [chunk])
    assert (given.id, given.answered, given.answer) == ("q", True, "一格就够。[第1章·注7]")
    assert given.citations[0].quote == chunk.text
    assert support(given, small).sentences_supported == 1


def test_without_a_chunk_there_is_no_answer() -> None:
    given = quote_chunks(Question(question="问"), [])
    assert (given.answered, given.citations) == (False, ())
