"""The systems that one run compares: ours, ours without a part, and what others would build.

Every system gets the same questions over the same book with the same embedder, gives the same kind
of answer, and is judged by the same rules.

- Without the question bank the index is built without it, and the refusal that was fitted without
  it decides.
- Of the words and the vectors each is left out by setting its weights to 0. The scores that remain
  are smaller, so that the refusal, which was fitted for both together, would refuse nearly
  everything. They are therefore scaled: for the whole and for each ablation the score is found that
  divides best, on the tuning questions, those with an answer from those without, and the ablation
  is scaled so that the two meet. What refusal reads beside the scores stays as it is.
- Without structure, a question about the book itself is answered from its sentences as any other.
- Without reranking, the sentence that answers comes from the best passage, whatever the sentences
  of the next ones say.
- The two baselines have no language model either: they quote what they retrieve. They know chapters
  and footnotes as a plain splitter does, from what is printed in and before the chunk.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, cast
from uuid import uuid4

import numpy as np

from assistant.answer import Answer, Citation, Question
from assistant.composing import compose
from assistant.evidence import Selection
from assistant.pipeline import Assistant, open_on, select, select_from_sentences
from assistant.refusal import refuse_unanswered, refuse_unknown_place
from assistant.retrieval import Retrieved, Retriever, Weights
from assistant.settings import Settings
from assistant.understanding import Query, understand
from evals.dataset import Item
from evals.metrics import RANKS_KEPT
from evals.support import mark_of
from index.bank import NO_BANK
from index.embedding import Embedder
from index.lexical import LexicalIndex
from index.store import GuideIndex, open_index
from ingest.document import Book
from ingest.marks import find_marks
from ingest.normalise import readable
from ingest.parse import read_book

if TYPE_CHECKING:
    from langchain_chroma import Chroma

# As the langchain tutorial "Build a Retrieval Augmented Generation (RAG) App" sets them; a
# langchain retriever takes 4 where nothing is said.
CHUNK_CHARACTERS = 1_000
CHUNK_OVERLAP = 200
CHUNKS_QUOTED = 4

_STRUCTURE = frozenset({"outline", "source", "reverse", "speaker", "speakers"})
_CHAPTER = re.compile(r"^第\s*(\d+)\s*章", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, and the ranking that it was chosen from."""

    answer: Answer
    ranking: tuple[str, ...]  # ids of passages, best first, `RANKS_KEPT` at most


@dataclass(frozen=True, slots=True)
class System:
    """One way to answer questions from the book."""

    name: str
    label: str  # in Chinese
    ask: Callable[[Question], Reply]


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of the book cut by length, with what a plain splitter knows of it."""

    start: int  # offset in code points
    text: str
    chapter: int | None  # the last 「第 N 章」 that opens a line before its end
    footnotes: tuple[int, ...]  # the superscripts in it, ascending
    passages: tuple[str, ...]  # ids of the passages of which it holds more than half, in order


# Name and label of every system, ours first.
SYSTEMS: dict[str, str] = {
    "guide": "本项目",
    "no-bank": "去掉问题库",
    "dense": "只用向量",
    "lexical": "只用词面",
    "no-structure": "不查结构",
    "no-reranking": "不重排",
    "stock": "LangChain 教程链",
    "bm25": "纯 BM25",
}


class Workbench:
    """Opens systems over one book, sharing what they have in common.

    Parameters
    ----------
    settings : Settings
        Name the book, the embedder and the folder for indexes.
    tuning : sequence of Item
        By which the ablations get their refusal threshold: the tuning half of the data set.
    """

    def __init__(self, settings: Settings, tuning: Sequence[Item] = ()) -> None:
        self._settings = settings
        self._tuning = tuning

    def open(self, name: str) -> System:
        """Open a system by its name in `SYSTEMS`."""
        match name:
            case "guide":
                return _ours(name, self._guide)
            case "no-bank":
                return _ours(name, Assistant(self._without_bank))
            case "no-structure":
                return System(name, SYSTEMS[name], self._without_structure)
            case "no-reranking":
                return System(name, SYSTEMS[name], self._without_reranking)
            case "stock":
                return self._of_chunks(name, self._nearest_chunks())
            case "bm25":
                return self._of_chunks(name, self._matching_chunks())
            case _:
                weights = self._calibrated(ablated(name))
                return _ours(name, Assistant(self._index, weights), weights)

    @cached_property
    def book(self) -> Book:
        """The book that every system answers from."""
        return read_book(self._settings.book)

    @cached_property
    def _guide(self) -> Assistant:
        """Ours as it is set, with its language model if there is one."""
        return open_on(self.book, self._settings)

    @property
    def _index(self) -> GuideIndex:
        return self._guide.index

    @cached_property
    def _without_bank(self) -> GuideIndex:
        model = self._guide.embedder
        return open_index(self.book, model, self._settings.data_dir, bank=NO_BANK)

    @cached_property
    def _retriever(self) -> Retriever:
        return Retriever(self._index)

    @cached_property
    def _chunks(self) -> tuple[Chunk, ...]:
        return tuple(cut(self.book))

    def _without_structure(self, question: Question) -> Reply:
        query = understand(question, self.book)
        if query.intent in _STRUCTURE:
            query = replace(query, intent="fact")
        found = self._retriever.retrieve(query)
        selection = _refused(found, self.book) or select_from_sentences(found, self.book)
        return Reply(compose(query, selection, self.book), _ranking(found))

    def _without_reranking(self, question: Question) -> Reply:
        query = understand(question, self.book)
        found = self._retriever.retrieve(query)
        selection = select(found, self.book)
        if query.intent not in _STRUCTURE and not _refused(found, self.book):
            selection = select_from_sentences(replace(found, hits=found.hits[:1]), self.book)
        return Reply(compose(query, selection, self.book), _ranking(found))

    def _calibrated(self, weights: Weights) -> Weights:
        """Scale weights so that the refusal threshold means the same as for the whole."""
        if not self._tuning:
            return weights
        answerable = [item.answerable for item in self._tuning]
        own = best_threshold(self._top_scores(weights), answerable)
        return scaled(weights, self._whole_threshold / own) if own > 0 else weights

    @cached_property
    def _whole_threshold(self) -> float:
        answerable = [item.answerable for item in self._tuning]
        return best_threshold(self._top_scores(Weights()), answerable)

    def _top_scores(self, weights: Weights) -> list[float]:
        retrieve = Retriever(self._matched_once, weights).retrieve
        found = (retrieve(understand(item.asked, self.book)) for item in self._tuning)
        return [one.hits[0].score if one.hits else 0.0 for one in found]

    @cached_property
    def _matched_once(self) -> GuideIndex:
        """The index as the calibrations see it, which differ in weights alone."""
        return cast("GuideIndex", _MatchedOnce(self._index))

    def _of_chunks(self, name: str, find: Callable[[str], list[Chunk]]) -> System:
        def ask(question: Question) -> Reply:
            chunks = find(question.question)
            held = dict.fromkeys(passage for chunk in chunks for passage in chunk.passages)
            answer = quote_chunks(question, chunks[:CHUNKS_QUOTED])
            return Reply(answer, tuple(held)[:RANKS_KEPT])

        return System(name, SYSTEMS[name], ask)

    def _nearest_chunks(self) -> Callable[[str], list[Chunk]]:
        """Find chunks by Chroma, as the tutorial does."""
        store = _chroma(self._chunks, self._guide.embedder)
        by_start = {chunk.start: chunk for chunk in self._chunks}

        def find(question: str) -> list[Chunk]:
            found = store.similarity_search(question, k=min(RANKS_KEPT, len(by_start)))
            return [by_start[document.metadata["start"]] for document in found]

        return find

    def _matching_chunks(self) -> Callable[[str], list[Chunk]]:
        """Find chunks by BM25; a chunk without any term of the question is not found."""
        lexical = LexicalIndex.build([chunk.text for chunk in self._chunks])

        def find(question: str) -> list[Chunk]:
            scores = lexical.scores(question)
            best = np.argsort(-scores, kind="stable")[:RANKS_KEPT]
            return [self._chunks[i] for i in best if scores[i] > 0]

        return find


class _MatchedOnce:
    """An index that matches each text once, however often it is asked to."""

    def __init__(self, index: GuideIndex) -> None:
        self._index = index
        self.match = lru_cache(maxsize=None)(index.match)

    def __getattr__(self, name: str) -> object:
        return getattr(self._index, name)


class _Remembering(Retriever):
    """A retriever that keeps what it found last, from which the answer was made."""

    last: Retrieved

    def retrieve(self, query: Query, *, left_out: str | None = None) -> Retrieved:
        self.last = super().retrieve(query, left_out=left_out)
        return self.last


def _ours(name: str, assistant: Assistant, weights: Weights | None = None) -> System:
    retriever = _Remembering(assistant.index, weights)
    assistant.retriever = retriever

    def ask(question: Question) -> Reply:
        answer = assistant.invoke(question)
        return Reply(answer, _ranking(retriever.last))

    return System(name, SYSTEMS[name], ask)


def _ranking(found: Retrieved) -> tuple[str, ...]:
    return tuple(hit.passage.id for hit in found.hits[:RANKS_KEPT])


def _refused(found: Retrieved, book: Book) -> Selection | None:
    return refuse_unknown_place(found, book) or refuse_unanswered(found, book)


def ablated(name: str) -> Weights:
    """Give the weights of a system that leaves a part out.

    Raises
    ------
    KeyError
        If there is no such ablation.
    """
    stays: dict[str, Callable[[str], bool]] = {
        "dense": lambda part: part.endswith("_dense"),
        "lexical": lambda part: part.endswith("_lexical"),
    }
    keep = stays[name]
    return replace(Weights(), **{f.name: 0.0 for f in fields(Weights) if not keep(f.name)})


def scaled(weights: Weights, factor: float) -> Weights:
    """Give weights that score every passage `factor` times as high."""
    return replace(weights, **{f.name: factor * getattr(weights, f.name) for f in fields(weights)})


def best_threshold(scores: Sequence[float], answerable: Sequence[bool]) -> float:
    """Give the threshold that decides best what to answer.

    Parameters
    ----------
    scores : sequence of float, shape (questions,)
        Of the best passage of each question; a question is answered where it reaches the threshold.
    answerable : sequence of bool, same shape

    Returns
    -------
    float
        The lowest of the scores that decides the most questions rightly.

    Raises
    ------
    ValueError
        If there is no question.
    """
    if not scores:
        raise ValueError("a threshold needs at least one question")
    values, is_answerable = np.asarray(scores), np.asarray(answerable, bool)
    candidates = np.unique(values)
    rightly = [np.sum((values >= candidate) == is_answerable) for candidate in candidates]
    return float(candidates[int(np.argmax(rightly))])


def cut(book: Book) -> Iterable[Chunk]:
    """Cut a book as the tutorial does, and tell chapters and footnotes from what is printed."""
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(
        chunk_size=CHUNK_CHARACTERS, chunk_overlap=CHUNK_OVERLAP, add_start_index=True
    )
    heads = [(found.start(), int(found[1])) for found in _CHAPTER.finditer(book.source)]
    for document in splitter.create_documents([book.source]):
        start, text = int(document.metadata["start_index"]), document.page_content
        before = bisect_right(heads, (start + len(text), 0))
        yield Chunk(
            start=start,
            text=text,
            chapter=heads[before - 1][1] if before else None,
            footnotes=tuple(sorted({mark.number for mark in find_marks(text)})),
            passages=tuple(
                passage.id
                for passage in book.passages
                if 2 * (min(passage.end, start + len(text)) - max(passage.start, start))
                > passage.end - passage.start
            ),
        )


def quote_chunks(question: Question, chunks: Sequence[Chunk]) -> Answer:
    """Answer by quoting chunks, each on a line with its mark; without a chunk, refuse."""
    citations = tuple(
        Citation(
            chapter=chunk.chapter,
            chapter_title="正文",
            section="",
            pages=None,
            footnotes=chunk.footnotes,
            quote=chunk.text,
            passage_id=f"chunk-{chunk.start}",
        )
        for chunk in chunks
    )
    lines = [f"{readable(citation.quote)}{mark_of(citation)}" for citation in citations]
    return Answer(
        id=question.id,
        question=question.question,
        answered=bool(chunks),
        answer="\n".join(lines) or "没有找到。",
        citations=citations,
    )


def _chroma(chunks: Sequence[Chunk], model: Embedder) -> Chroma:
    from chromadb import EphemeralClient
    from chromadb.config import Settings as ChromaSettings
    from langchain_chroma import Chroma

    store = Chroma(
        client=EphemeralClient(ChromaSettings(anonymized_telemetry=False)),
        collection_name=f"chunks-{uuid4().hex}",  # all clients in memory share one store
        embedding_function=model,  # type: ignore[arg-type]  # a protocol of the same methods
        collection_configuration={"hnsw": {"space": "cosine"}},
    )
    store.add_texts(
        [chunk.text for chunk in chunks],
        metadatas=[{"start": chunk.start} for chunk in chunks],
        ids=[str(chunk.start) for chunk in chunks],
    )
    return store
