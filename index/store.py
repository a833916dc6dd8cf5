"""The stored index of one book: passages in Chroma, and beside them what else is matched.

Four lists of texts are matched with each question: the passages (vectors in Chroma), their
sentences, the questions of the bank that belong to the book, and questions that it does not answer.
Each has a lexical index too.

An index is a folder of its own, named by the book, the embedder and what was indexed. It is built
under another name and moved into place when whole: an interrupted run leaves the previous index as
it was, and a second run on an unchanged book finds the folder and does nothing.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.bank import bank_for, unanswered_questions
from index.embedding import Embedder
from index.errors import UnwritableDataError
from index.late import LateInteraction, WordMatch
from index.lexical import LexicalIndex
from index.static import StaticEmbedder
from index.tokens import count_tokens
from index.vectors import build_vectors, load_vectors
from ingest.document import Book, Passage, Sentence
from ingest.normalise import readable

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from langchain_chroma import Chroma
    from numpy.typing import NDArray

MAX_TOKENS = 400  # of one record: what small transformers read without cutting (512, theirs)
_FORMAT = "2"  # of what is stored; a change makes new indexes
# Candidates that Chroma keeps while it searches. Its default of 100 finds other passages from run
# to run, and so other answers; a book has fewer passages than this.
_SEARCHED = 2000
_BATCH = 128  # records embedded between two steps of the progress bar
_STALE_SECONDS = 3600  # after which an unfinished build has died
_BUILDING = ".building-"
_MANIFEST = "manifest.json"
_LATE = "late.npz"
_LISTS = ("passages", "sentences", "questions", "unanswered")
_EMBEDDED = ("sentences", "questions", "unanswered")  # those whose vectors are not in Chroma

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Record:
    """What is embedded and searched for one passage, or for one piece of a long passage."""

    id: str  # the passage's id; with "#2", "#3" for further pieces
    passage_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Match:
    """How well each text of one list matches a question."""

    lexical: NDArray[np.float32]  # BM25, shape (texts,)
    dense: NDArray[np.float32]  # cosine, shape (texts,)


@dataclass(frozen=True, slots=True)
class Matches:
    """The lists of an index, matched with one question."""

    passages: Match  # in the order of `GuideIndex.records`
    sentences: Match  # in the order of `GuideIndex.sentences`
    questions: Match  # in the order of `GuideIndex.questions`
    unanswered: Match  # in the order of `index.bank.unanswered_questions`
    words: WordMatch  # each word with each passage of the book, in order


class GuideIndex:
    """The index of one book, open for questions.

    Attributes
    ----------
    book : Book
    embedder : Embedder
    records : tuple of Record
        What stands in Chroma, in the order of the book.
    sentences : tuple of (Passage, Sentence)
        All sentences of the recorded passages, in the order of the book.
    questions : tuple of BankQuestion
        The questions of the bank whose place the book has.
    words : StaticEmbedder
        The shipped model, which cuts words and compares them whatever embedder is set.
    """

    def __init__(self, book: Book, embedder: Embedder, folder: Path) -> None:
        self.book = book
        self.embedder = embedder
        self.records = tuple(records_of(book))
        self.sentences = tuple(_sentences(book))
        self.questions = bank_for(book)
        self._positions = {record.id: i for i, record in enumerate(self.records)}
        self._lexical = {name: LexicalIndex.load(folder / name) for name in _LISTS}
        self._vectors = {name: load_vectors(folder / f"{name}.npy") for name in _EMBEDDED}
        self.words = _shipped(embedder)
        self._late = LateInteraction.load(folder / _LATE, self.words)
        self._chroma = _chroma(book, embedder, _client(folder))

    def match(self, question: str, *, k: int) -> Matches:
        """Match a question with everything that is indexed.

        Parameters
        ----------
        question : str
            As asked, or as understood.
        k : int
            How many passages to take from Chroma; the cosine of all others counts as 0.

        Returns
        -------
        Matches
        """
        vector = np.asarray(self.embedder.embed_query(question), np.float32)
        vector /= max(float(np.linalg.norm(vector)), 1e-12)
        lexical = {name: self._lexical[name].scores(question) for name in _LISTS}
        beside = {name: Match(lexical[name], self._vectors[name] @ vector) for name in _EMBEDDED}
        return Matches(
            passages=Match(lexical["passages"], self._nearest(vector, k)),
            sentences=beside["sentences"],
            questions=beside["questions"],
            unanswered=beside["unanswered"],
            words=self._late.meet(question),
        )

    def _nearest(self, vector: NDArray[np.float32], k: int) -> NDArray[np.float32]:
        scores = np.zeros(len(self.records), np.float32)
        if not vector.any():
            return scores  # a text without a known word is near to nothing
        found = self._chroma.similarity_search_by_vector_with_relevance_scores(
            vector.tolist(), k=min(k, len(self.records))
        )
        for document, distance in found:
            scores[self._positions[str(document.id)]] = 1.0 - distance
        return scores


def open_index(
    book: Book, embedder: Embedder, data_dir: Path, *, progress: Progress | None = None
) -> GuideIndex:
    """Open the index of a book, building it first where there is none yet.

    Parameters
    ----------
    book : Book
    embedder : Embedder
        A change of embedder makes an index of its own.
    data_dir : Path
        Everything is written below it.
    progress : callable, optional
        Called with records done and records in all while building.

    Returns
    -------
    GuideIndex

    Raises
    ------
    UnwritableDataError
        If the folder cannot be written.
    """
    folder = index_folder(book, embedder, data_dir)
    if not (folder / _MANIFEST).exists():
        try:
            _build(book, embedder, folder, progress)
        except OSError as error:
            raise UnwritableDataError(data_dir, reason=str(error)) from error
    return GuideIndex(book, embedder, folder)


def index_folder(book: Book, embedder: Embedder, data_dir: Path) -> Path:
    """Give the folder that holds, or will hold, the index of a book under an embedder."""
    content = sha256(_FORMAT.encode())
    for record in records_of(book):
        content.update(f"{record.id}\0{record.text}\0".encode())
    for question in bank_for(book):
        content.update(f"{question.place}\0{question.text}\0".encode())
    content.update("\0".join(unanswered_questions()).encode())
    content.update(_shipped(embedder).id.encode())
    return data_dir / "indexes" / f"{book.id}-{embedder.id}-{content.hexdigest()[:8]}"


def records_of(book: Book) -> Iterator[Record]:
    """Give what is indexed of a book: every passage, in order."""
    for passage in book.passages:
        for number, piece in enumerate(_pieces(passage), 1):
            suffix = f"#{number}" if number > 1 else ""
            yield Record(f"{passage.id}{suffix}", passage.id, f"{_place(passage)}{piece}")


def _sentences(book: Book) -> Iterator[tuple[Passage, Sentence]]:
    return ((passage, sentence) for passage in book.passages for sentence in passage.sentences)


def _groups(book: Book) -> Iterator[list[str]]:
    """Give each passage together with the questions that it answers."""
    asked: dict[str, list[str]] = {}
    for question in bank_for(book):
        asked.setdefault(question.place, []).append(question.text)
    for passage in book.passages:
        yield [f"{_place(passage)}{readable(passage.text)}", *asked.get(passage.id, ())]


def _shipped(embedder: Embedder) -> StaticEmbedder:
    """Give the shipped model, which cuts words and compares them whatever embedder is set."""
    return embedder if isinstance(embedder, StaticEmbedder) else _default_model()


@cache
def _default_model() -> StaticEmbedder:
    return StaticEmbedder()


def _place(passage: Passage) -> str:
    """Say where a passage stands and who speaks, in words that a question may use."""
    section = passage.section
    speaker = f"{passage.speaker.name}（{passage.speaker.title}）：" if passage.speaker else ""
    return f"{section.division.title} {section.label}。{speaker}"


def _pieces(passage: Passage) -> list[str]:
    """Cut a passage that is too long for one record, at sentence borders."""
    if len(passage.text.encode()) <= MAX_TOKENS or count_tokens(passage.text) <= MAX_TOKENS:
        return ["".join(readable(sentence.text) for sentence in passage.sentences)]
    pieces = [""]
    tokens = 0
    for sentence in passage.sentences:
        text = readable(sentence.text)
        size = count_tokens(text)
        if pieces[-1] and tokens + size > MAX_TOKENS:
            pieces.append("")
            tokens = 0
        pieces[-1] += text
        tokens += size
    return pieces


def _build(book: Book, embedder: Embedder, folder: Path, progress: Progress | None) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    _clear_stale(folder.parent)
    building = Path(tempfile.mkdtemp(prefix=_BUILDING, dir=folder.parent))
    try:
        records = list(records_of(book))
        texts = {
            "passages": [record.text for record in records],
            "sentences": [readable(sentence.text) for _, sentence in _sentences(book)],
            "questions": [question.text for question in bank_for(book)],
            "unanswered": list(unanswered_questions()),
        }
        for name in _LISTS:
            LexicalIndex.build(texts[name]).save(building / name)
        for name in _EMBEDDED:
            build_vectors(texts[name], embedder, building / f"{name}.npy")
        LateInteraction.build(list(_groups(book)), _shipped(embedder)).save(building / _LATE)
        _store(book, embedder, records, building, progress)
        manifest = {"book": book.id, "embedder": embedder.id, "records": len(records)}
        (building / _MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
        try:
            building.rename(folder)
        except OSError:
            if not (folder / _MANIFEST).exists():  # another process may have been quicker
                raise
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _store(
    book: Book,
    embedder: Embedder,
    records: Sequence[Record],
    folder: Path,
    progress: Progress | None,
) -> None:
    client = _client(folder)
    chroma = _chroma(book, embedder, client)
    for start in range(0, len(records), _BATCH):
        batch = records[start : start + _BATCH]
        chroma.add_texts(
            [record.text for record in batch],
            metadatas=[_metadata(book.passages_by_id[record.passage_id]) for record in batch],
            ids=[record.id for record in batch],
        )
        if progress:
            progress(start + len(batch), len(records))
    client.close()  # type: ignore[attr-defined]  # the files are moved next


def _metadata(passage: Passage) -> dict[str, str | int]:
    section = passage.section
    return {
        "passage": passage.id,
        "chapter": section.division.number or 0,  # Chroma stores no None
        "division": section.division.key,
        "section": section.key,
        "kind": passage.kind,
        "footnotes": ",".join(map(str, passage.notes)),
        "tokens": count_tokens(passage.text),
    }


def _client(folder: Path) -> ClientAPI:
    from chromadb import PersistentClient
    from chromadb.config import Settings

    return PersistentClient(folder / "chroma", settings=Settings(anonymized_telemetry=False))


def _chroma(book: Book, embedder: Embedder, client: ClientAPI) -> Chroma:
    from langchain_chroma import Chroma

    return Chroma(
        client=client,
        collection_name=f"guide-{book.id}-{embedder.id}",
        embedding_function=embedder,  # type: ignore[arg-type]  # a protocol of the same methods
        collection_configuration={"hnsw": {"space": "cosine", "ef_search": _SEARCHED}},
    )


def _clear_stale(parent: Path) -> None:
    """Remove what builds that died have left."""
    for folder in parent.glob(f"{_BUILDING}*"):
        if time.time() - folder.stat().st_mtime > _STALE_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)
