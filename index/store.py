"""The stored index of one book: passages in Chroma, and beside them what else is matched.

Matched with each question are, by meaning, the passages (vectors in Chroma), their sentences, the
questions of the bank that belong to the book and those that it does not answer; and, by their
words, the sentences, and every place of the book together with the questions that it answers.

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
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.bank import Bank, bank_for
from index.embedding import Embedder
from index.errors import UnwritableDataError
from index.lexical import LexicalIndex, ngrams
from index.static import StaticEmbedder
from index.tokens import count_tokens
from index.vectors import build_vectors, cosines, load_vectors
from ingest.document import Book, Passage, Sentence
from ingest.normalise import readable

if TYPE_CHECKING:
    from chromadb import Collection
    from chromadb.api import ClientAPI
    from numpy.typing import NDArray

MAX_TOKENS = 400  # of one record: what small transformers read without cutting (512, theirs)
_FORMAT = "3"  # of what is stored; a change makes new indexes
# Candidates that Chroma keeps while it searches. Its default of 100 finds other passages from run
# to run, and so other answers; a book has fewer passages than this.
_SEARCHED = 2000
_BATCH = 128  # records embedded between two steps of the progress bar
_STALE_SECONDS = 3600  # after which an unfinished build has died
_BUILDING = ".building-"
_MANIFEST = "manifest.json"
_EMBEDDED = ("sentences", "questions", "unanswered")  # those whose vectors are not in Chroma

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Record:
    """What is embedded and searched for one passage, or for one piece of a long passage."""

    id: str  # the passage's id; with "#2", "#3" for further pieces
    passage_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Matches:
    """How well everything that is indexed matches one question."""

    vector: NDArray[np.float32]  # of the question, of length 1; 0 without a known word
    places: NDArray[np.float32]  # BM25, in the order of `GuideIndex.places`
    unknown: frozenset[str]  # n-grams of the question that no place holds
    unknown_share: float  # of all its n-grams
    passages: NDArray[np.float32]  # cosine, in the order of `GuideIndex.records`
    sentences: NDArray[np.float32]  # cosine, in the order of `GuideIndex.sentences`
    sentence_words: NDArray[np.float32]  # BM25, in the same order
    questions: NDArray[np.float32]  # cosine, in the order of `GuideIndex.bank.questions`
    unanswered: NDArray[np.float32]  # cosine, in the order of `GuideIndex.bank.unanswered`


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
    places : tuple of str
        Keys of what is found by its words: every passage, list of actions and division.
    bank : Bank
        The questions of the bank whose place the book has, and those that it does not answer.
    vectors : mapping of str to array of float32, shape (texts, dimensions)
        Of the "sentences", and of the bank's "questions" and "unanswered" ones; each of length 1.
    words : StaticEmbedder
        The shipped model, which cuts words and compares them whatever embedder is set.
    """

    def __init__(self, book: Book, bank: Bank, embedder: Embedder, folder: Path) -> None:
        self.book = book
        self.embedder = embedder
        self.bank = bank
        self.records = tuple(records_of(book))
        self.sentences = tuple(_sentences(book))
        self.places = tuple(_places(book))
        self._positions = {record.id: i for i, record in enumerate(self.records)}
        self._by_words = LexicalIndex.load(folder / "places", ngrams)
        self._sentence_words = LexicalIndex.load(folder / "sentences")
        self.vectors = {name: load_vectors(folder / f"{name}.npy") for name in _EMBEDDED}
        self.words = embedder if isinstance(embedder, StaticEmbedder) else StaticEmbedder()
        self._collection = _collection(book, embedder, _client(folder))

    def match(self, questions: Sequence[str], *, k: int) -> list[Matches]:
        """Match questions with everything that is indexed; many cost little more than one.

        Parameters
        ----------
        questions : sequence of str
            As asked, or as understood; parts of one too.
        k : int
            How many passages to take from Chroma; the cosine of all others counts as 0.

        Returns
        -------
        list of Matches
            One for each question, in order.
        """
        if not questions:
            return []
        vectors = np.array([self.embedder.embed_query(text) for text in questions], np.float32)
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        near = {name: cosines(vectors, self.vectors[name]) for name in _EMBEDDED}
        nearest = self._nearest(vectors, k)
        unknown = [self._by_words.unknown(text) for text in questions]
        return [
            Matches(
                vector=vectors[i],
                places=self._by_words.scores(text),
                unknown=unknown[i][0],
                unknown_share=unknown[i][1],
                passages=nearest[i],
                sentences=near["sentences"][i],
                sentence_words=self._sentence_words.scores(text),
                questions=near["questions"][i],
                unanswered=near["unanswered"][i],
            )
            for i, text in enumerate(questions)
        ]

    def _nearest(self, vectors: NDArray[np.float32], k: int) -> NDArray[np.float32]:
        """Give the cosines of the nearest records, 0 for all others: (questions, records)."""
        scores = np.zeros((len(vectors), len(self.records)), np.float32)
        found = self._collection.query(
            query_embeddings=list(vectors),
            n_results=min(k, len(self.records)),
            include=["distances"],
        )
        for row, ids, distances in zip(scores, found["ids"], found["distances"] or (), strict=True):
            row[[self._positions[i] for i in ids]] = 1 - np.array(distances, np.float32)
        return scores * vectors.any(axis=1, keepdims=True)  # without a known word: near to nothing


def open_index(
    book: Book,
    embedder: Embedder,
    data_dir: Path,
    *,
    bank: Bank | None = None,
    progress: Progress | None = None,
) -> GuideIndex:
    """Open the index of a book, building it first where there is none yet.

    Parameters
    ----------
    book : Book
    embedder : Embedder
        A change of embedder makes an index of its own.
    data_dir : Path
        Everything is written below it.
    bank : Bank, optional
        Another than the one that comes with the project or was written for the book.
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
    bank = bank_for(book, data_dir) if bank is None else bank
    folder = index_folder(book, bank, embedder, data_dir)
    if not (folder / _MANIFEST).exists():
        try:
            _build(book, bank, embedder, folder, progress)
        except OSError as error:
            raise UnwritableDataError(data_dir, reason=str(error)) from error
    return GuideIndex(book, bank, embedder, folder)


def index_folder(book: Book, bank: Bank, embedder: Embedder, data_dir: Path) -> Path:
    """Give the folder that holds, or will hold, the index of a book and bank under an embedder."""
    content = sha256(_FORMAT.encode())
    for record in records_of(book):
        content.update(f"{record.id}\0{record.text}\0".encode())
    for question in bank.questions:
        content.update(f"{question.place}\0{question.text}\0".encode())
    content.update("\0".join(bank.unanswered).encode())
    return data_dir / "indexes" / f"{book.id}-{embedder.id}-{content.hexdigest()[:8]}"


def records_of(book: Book) -> Iterator[Record]:
    """Give what is indexed of a book: every passage, in order."""
    for passage in book.passages:
        for number, piece in enumerate(_pieces(passage), 1):
            suffix = f"#{number}" if number > 1 else ""
            yield Record(f"{passage.id}{suffix}", passage.id, f"{_place(passage)}{piece}")


def _sentences(book: Book) -> Iterator[tuple[Passage, Sentence]]:
    return ((passage, sentence) for passage in book.passages for sentence in passage.sentences)


def _places(book: Book) -> Iterator[str]:
    """Give the keys of what is found by its words: passages, lists of actions, divisions."""
    yield from (passage.id for passage in book.passages)
    yield from (section.key for section in book.sections if section.kind == "act")
    yield from (division.key for division in book.divisions)


def _place_texts(book: Book, bank: Bank) -> list[str]:
    """Give what each place says and is asked, a text a line; a list has its members' lines too."""
    lines: dict[str, list[str]] = {key: [] for key in _places(book)}
    for passage in book.passages:
        lines[passage.id].append(f"{_place(passage)}{readable(passage.text)}")
    for division in book.divisions:
        lines[division.key].append(division.title)
    for question in bank.questions:
        if question.place in lines:
            lines[question.place].append(question.text)
    for passage in book.passages:
        if passage.section.kind == "act":
            lines[passage.section.key] += lines[passage.id]
    return ["\n".join(texts) for texts in lines.values()]


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


def _build(
    book: Book, bank: Bank, embedder: Embedder, folder: Path, progress: Progress | None
) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    _clear_stale(folder.parent)
    building = Path(tempfile.mkdtemp(prefix=_BUILDING, dir=folder.parent))
    try:
        records = list(records_of(book))
        texts = {
            "sentences": [readable(sentence.text) for _, sentence in _sentences(book)],
            "questions": [question.text for question in bank.questions],
            "unanswered": list(bank.unanswered),
        }
        LexicalIndex.build(_place_texts(book, bank), ngrams).save(building / "places")
        LexicalIndex.build(texts["sentences"]).save(building / "sentences")
        for name in _EMBEDDED:
            build_vectors(texts[name], embedder, building / f"{name}.npy")
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
    collection = _collection(book, embedder, client)
    for start in range(0, len(records), _BATCH):
        batch = records[start : start + _BATCH]
        texts = [record.text for record in batch]
        collection.upsert(
            ids=[record.id for record in batch],
            documents=texts,
            embeddings=np.array(embedder.embed_documents(texts), np.float32),
            metadatas=[_metadata(book.passages_by_id[record.passage_id]) for record in batch],
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


def _collection(book: Book, embedder: Embedder, client: ClientAPI) -> Collection:
    return client.get_or_create_collection(
        f"guide-{book.id}-{embedder.id}",
        configuration={"hnsw": {"space": "cosine", "ef_search": _SEARCHED}},
        embedding_function=None,  # vectors come from the embedder
    )


def _clear_stale(parent: Path) -> None:
    """Remove what builds that died have left."""
    for folder in parent.glob(f"{_BUILDING}*"):
        if time.time() - folder.stat().st_mtime > _STALE_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)
