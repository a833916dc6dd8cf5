"""The API, asked everything that its own description allows, and much that it does not."""

from __future__ import annotations

from pathlib import Path

import schemathesis
from hypothesis import HealthCheck, given, settings

from assistant.settings import Settings
from ingest.document import Book
from tests.ui.scripted import ScriptedAssistant
from ui.server import create_app

_OPERATIONS = 14  # described: asking, reading six kinds, feedback, OpenAI's three, health, metrics


def test_no_request_makes_the_api_fail(book: Book, tmp_path: Path) -> None:
    # Not through schemathesis' pytest plugin, which pytest 9 breaks.
    app = create_app(
        ScriptedAssistant(book, tmp_path),
        Settings(_env_file=None, data_dir=tmp_path, host="0.0.0.0", asks_per_minute=100_000),
        with_pages=False,
    )
    schema = schemathesis.openapi.from_asgi("/openapi.json", app)
    operations = [result.ok() for result in schema.get_all_operations()]
    assert len(operations) == _OPERATIONS
    statuses: set[int] = set()
    for operation in operations:

        @settings(max_examples=25, suppress_health_check=[*HealthCheck])
        @given(case=operation.as_strategy())
        def answers(case: schemathesis.Case) -> None:
            status = case.call().status_code
            assert status < 500
            statuses.add(status)

        answers()
    assert 200 in statuses
    assert 204 in statuses


def test_every_record_is_described_under_its_own_name(book: Book, tmp_path: Path) -> None:
    app = create_app(
        ScriptedAssistant(book, tmp_path),
        Settings(_env_file=None, data_dir=tmp_path),
        with_pages=False,
    )
    names = app.openapi()["components"]["schemas"]
    assert {"Answer", "Problem", "OpenAIProblem"} <= set(names)
    assert [name for name in names if "__" in name] == []  # two classes of one name
