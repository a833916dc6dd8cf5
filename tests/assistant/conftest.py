"""One assistant on the bundled digest, and one on the full guide, for all tests here."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.pipeline import Assistant, open_assistant
from assistant.settings import Settings
from ingest.books import DIGEST
from ingest.document import Book


@pytest.fixture(scope="session")
def data_dir(indexed: Path) -> Path:
    return indexed


@pytest.fixture(scope="session")
def assistant(data_dir: Path) -> Assistant:
    return open_assistant(Settings(book=DIGEST, data_dir=data_dir, _env_file=None))


@pytest.fixture(scope="session")
def guide_assistant(guide_book: Book, data_dir: Path) -> Assistant:
    from index.embedding import embedder
    from index.store import open_index

    return Assistant(open_index(guide_book, embedder(), data_dir))
