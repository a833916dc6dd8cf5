"""The embedder that ships with the project: a static Chinese model, read with numpy alone.

A text is the mean of its tokens' vectors, brought to unit length; nothing else happens at question
time, so torch is not needed and a thousand questions take a tenth of a second. The same folder
loads in ``SentenceTransformer(folder)`` with the same vectors, because the weights are stored under
the names (and in the int8 form) that its ``StaticEmbedding`` reads.

What is pinned here:

- A character that the vocabulary lacks becomes the unknown token, whose row is zero. It moves no
  vector: readers that drop unknown tokens and readers that keep them agree.
- A text without any known token (empty, punctuation only) is the zero vector, whose cosine with
  everything is zero. Every other vector has unit length.
- Normalising (NFKC, lower case) and cutting at punctuation are done by ``tokenizer.json`` itself,
  so that every reader shares them.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from langchain_core.embeddings import Embeddings

from index.errors import BrokenModelError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

MODEL_FOLDER: Final = Path(__file__).parent / "model"

_BATCH_TEXTS: Final = 1024  # bounds the memory that the gathered rows take


class StaticEmbedder(Embeddings):
    """Embed texts by the mean of their tokens' vectors.

    Parameters
    ----------
    folder : Path
        Holds ``tokenizer.json`` and ``model.safetensors``; the model in this package by default.

    Raises
    ------
    BrokenModelError
        If a file is missing or cannot be read, or the two do not belong together.

    Attributes
    ----------
    id : str
        Names the model: its kind, dimension and a hash of both files, the same on every machine.
    dimension : int
        Length of every vector.
    """

    def __init__(self, folder: Path = MODEL_FOLDER) -> None:
        from safetensors.numpy import load
        from tokenizers import Tokenizer

        try:
            tokenizer_bytes = (folder / "tokenizer.json").read_bytes()
            weight_bytes = (folder / "model.safetensors").read_bytes()
            self._tokenizer = Tokenizer.from_str(tokenizer_bytes.decode())
            tensors = load(weight_bytes)
            self._rows: NDArray[np.int8] = tensors["embeddings"]
            self._scales: NDArray[np.float32] = tensors["weights"]
        except Exception as error:  # tokenizers raises bare Exception
            raise BrokenModelError(folder, reason=str(error)) from error
        if not len(self._rows) == len(self._scales) == self._tokenizer.get_vocab_size():
            raise BrokenModelError(folder, reason="tokenizer.json 与 model.safetensors 行数不同")
        self.dimension: int = self._rows.shape[1]
        digest = hashlib.sha256(tokenizer_bytes + weight_bytes).hexdigest()[:12]
        self.id: str = f"static-{self.dimension}-{digest}"

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one vector a text, in the order of the texts."""
        vectors: list[list[float]] = self.embed(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of one question; questions and passages are embedded alike."""
        return self.embed_documents([text])[0]

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of many texts as one array.

        Parameters
        ----------
        texts : sequence of str
            May be empty. No text is cut, however long.

        Returns
        -------
        array of float32, shape (len(texts), dimension)
            Rows of unit length; a row of zeros where a text has no known token.
        """
        batches = [self._embed_batch(batch) for batch in _batches(texts, _BATCH_TEXTS)]
        return np.concatenate(batches) if batches else np.zeros((0, self.dimension), np.float32)

    def tokens(self, text: str) -> list[str]:
        """Cut a text into the words of the vocabulary, normalised; punctuation is left out."""
        tokens: list[str] = self._tokenizer.encode(text, add_special_tokens=False).tokens
        return tokens

    def token_vectors(self, text: str) -> NDArray[np.float32]:
        """Return the vectors of a text's tokens, for comparing two texts word by word.

        Returns
        -------
        array of float32, shape (len(tokens(text)), dimension)
            Not of unit length: a row's length is the token's weight in the mean (rare words weigh
            more). The row of an unknown token is zero.
        """
        return self.rows(self.token_ids(text))

    def token_ids(self, text: str) -> NDArray[np.int64]:
        """Return the places in the vocabulary of a text's tokens, in order."""
        ids = self._tokenizer.encode(text, add_special_tokens=False).ids
        return np.asarray(ids, dtype=np.int64)

    def token_spans(self, text: str) -> tuple[NDArray[np.int64], list[tuple[int, int]]]:
        """Return the places in the vocabulary of a text's tokens, and where each stands in it."""
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        return np.asarray(encoding.ids, dtype=np.int64), encoding.offsets

    def _embed_batch(self, texts: Sequence[str]) -> NDArray[np.float32]:
        encodings = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        lengths = np.array([len(encoding) for encoding in encodings])
        filled = np.flatnonzero(lengths)  # reduceat knows no empty segment
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        if len(filled):
            ids = np.concatenate([encodings[position].ids for position in filled])
            starts = np.concatenate(([0], np.cumsum(lengths[filled])[:-1]))
            vectors[filled] = _unit(np.add.reduceat(self.rows(ids), starts, axis=0))
        return vectors

    def rows(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the vectors of tokens by their place in the vocabulary, shape (len(ids), dim)."""
        rows: NDArray[np.float32] = self._rows[ids] * self._scales[ids, None]
        return rows


def _batches(texts: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """Yield runs of at most `size` texts, in order."""
    for start in range(0, len(texts), size):
        yield texts[start : start + size]


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scale rows to unit length; rows of zeros stay."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.where(lengths > 0, lengths, 1)).astype(np.float32, copy=False)
