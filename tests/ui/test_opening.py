"""An assistant whose index opens while the page is already served."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest

from assistant.answer import Question
from assistant.settings import Settings
from index.errors import UnwritableDataError
from ingest.errors import BookNotFoundError
from ui.opening import OpeningAssistant


def test_questions_wait_for_the_index(indexed: Path) -> None:
    assistant = OpeningAssistant(Settings(_env_file=None, data_dir=indexed))
    assert len(assistant.book.chapters) == 12
    assert not assistant.is_ready
    assistant.check()  # nothing went wrong so far
    assistant.start(failed=lambda: None)
    *_, answer = assistant.stream(Question(question="专有数据不足，多少 CEO 这样说？"))
    assert answer.answer
    assert assistant.is_ready


def test_a_missing_book_is_told_before_anything_is_served(tmp_path: Path) -> None:
    with pytest.raises(BookNotFoundError, match="找不到书的文件"):
        OpeningAssistant(Settings(_env_file=None, book=tmp_path / "none.txt", data_dir=tmp_path))


def test_an_index_that_cannot_be_opened_stops_the_service(tmp_path: Path) -> None:
    stopped = Event()
    (tmp_path / "file").touch()
    assistant = OpeningAssistant(Settings(_env_file=None, data_dir=tmp_path / "file"))
    assistant.start(failed=stopped.set)
    assert stopped.wait(60)
    assert not assistant.is_ready
    with pytest.raises(UnwritableDataError, match="无法写入索引"):
        assistant.check()
