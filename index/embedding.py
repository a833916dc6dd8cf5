"""The embedder by name: the shipped model, any sentence-transformers model, or an endpoint.

Everything but the shipped model is imported only when it is asked for. Each embedder has a stable
`id`, which names the collection of vectors: vectors of two embedders never share a collection.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, runtime_checkable

from langchain_core.embeddings import Embeddings

from index.errors import MissingPackageError, UnknownEmbedderError
from index.static import StaticEmbedder

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

DEFAULT: Final = "default"
_OPENAI: Final = "openai:"


@runtime_checkable
class Embedder(Protocol):
    """A langchain `Embeddings` that also says which vectors it makes."""

    id: str  # the same id, the same vectors; fit to stand in a collection's name

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one vector a passage."""

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of a question."""


def embedder(
    name: str = DEFAULT, *, base_url: str | None = None, key: str | None = None
) -> Embedder:
    """Make the embedder that a name asks for.

    Parameters
    ----------
    name : str
        ``default`` for the shipped model; ``openai:NAME`` for the model NAME of an
        OpenAI-compatible endpoint; anything else is a sentence-transformers name or folder.
    base_url, key : str, optional
        Address and key of the endpoint. None takes what the client finds in the environment.

    Returns
    -------
    Embedder
        Loaded and ready, except that an endpoint is first asked when the first text is embedded.

    Raises
    ------
    EmbedderError
        If the model cannot be had; the message names the offline default.
    """
    if name == DEFAULT:
        return StaticEmbedder()
    if name.startswith(_OPENAI):
        return EndpointEmbedder(name.removeprefix(_OPENAI), base_url=base_url, key=key)
    return TransformerEmbedder(name)


class TransformerEmbedder(Embeddings):
    """A sentence-transformers model, with its own prompts for questions and for passages.

    Parameters
    ----------
    name : str
        Folder, or name on a model hub.

    Raises
    ------
    MissingPackageError
        If sentence-transformers is not installed.
    UnknownEmbedderError
        If there is no such model, or it cannot be loaded.
    """

    def __init__(self, name: str) -> None:
        self._model = _load(name)
        self.id: str = _slug(Path(name).name, fingerprint=_fingerprint(name))

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one unit vector a passage, embedded with the model's passage prompt."""
        vectors: list[list[float]] = self._model.encode_document(
            texts, normalize_embeddings=True, show_progress_bar=False
        ).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """Return the unit vector of a question, embedded with the model's query prompt."""
        vector: list[float] = self._model.encode_query(
            text, normalize_embeddings=True, show_progress_bar=False
        ).tolist()
        return vector


class EndpointEmbedder(Embeddings):
    """A model behind an OpenAI-compatible endpoint.

    Parameters
    ----------
    name : str
        The model, as the endpoint calls it.
    base_url, key : str, optional
        Address and key. None takes what the client finds in the environment.

    Raises
    ------
    MissingPackageError
        If langchain-openai is not installed.
    UnknownEmbedderError
        If the client refuses its settings (no key, for one), or the endpoint does not answer.
    """

    def __init__(self, name: str, *, base_url: str | None = None, key: str | None = None) -> None:
        self._name = f"{_OPENAI}{name}"
        self._client = _client(name, base_url=base_url, key=key)
        self.id: str = _slug(name, fingerprint=f"{base_url or ''}\n{name}")

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one vector a passage."""
        try:
            vectors: list[list[float]] = self._client.embed_documents(texts)
        except Exception as error:
            raise UnknownEmbedderError(self._name, reason=str(error)) from error
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of a question."""
        return self.embed_documents([text])[0]


def _load(name: str) -> SentenceTransformer:
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise MissingPackageError(name, package="sentence-transformers") from error
    try:
        return SentenceTransformer(name)
    except Exception as error:  # hub, file and configuration errors share no base
        raise UnknownEmbedderError(name, reason=_first_line(error)) from error


def _client(name: str, *, base_url: str | None, key: str | None) -> Any:  # noqa: ANN401
    try:
        from langchain_openai import OpenAIEmbeddings
    except ImportError as error:
        raise MissingPackageError(f"{_OPENAI}{name}", package="langchain-openai") from error
    # Only OpenAI's own server takes token ids in place of text.
    settings: dict[str, Any] = {"model": name, "check_embedding_ctx_length": False}
    given = {"base_url": base_url, "api_key": key}
    settings |= {option: value for option, value in given.items() if value is not None}
    try:
        return OpenAIEmbeddings(**settings)
    except Exception as error:
        raise UnknownEmbedderError(f"{_OPENAI}{name}", reason=_first_line(error)) from error


def _fingerprint(name: str) -> str:
    """Name a folder's content by the size of its files and the text of its settings."""
    folder = Path(name)
    if not folder.is_dir():
        return name
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = [str(folder.resolve())]
    for path in files:
        small = path.suffix == ".json" and path.stat().st_size < 100_000
        content = path.read_text(encoding="utf-8") if small else str(path.stat().st_size)
        lines.append(f"{path.relative_to(folder)} {content}")
    return "\n".join(lines)


def _slug(name: str, *, fingerprint: str) -> str:
    """Make an id that is fit for a collection's name: ASCII letters, digits, hyphens."""
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:32].strip("-")
    digest = hashlib.sha256(fingerprint.encode()).hexdigest()[:12]
    return f"{plain}-{digest}" if plain else digest


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
