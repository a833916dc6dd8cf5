"""Writing a bank over real HTTP: faults of the endpoint, interruption, nothing asked for twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.bank_writing import BankWriter
from assistant.errors import BankInterruptedError
from assistant.model import LanguageModel, open_model
from assistant.settings import Settings
from index.bank import bank_for, load_questions, written_bank
from index.errors import UnwritableDataError
from ingest.document import Book
from ingest.parse import parse_book
from tests.conftest import small_book
from tests.scripted_bank import questions_for, writes
from tests.scripted_model import KEY, Reply, ScriptedModel, scripted_model

NAME = "openai:scripted"
RETRY_SOON = {"Retry-After": "0.01"}


@pytest.fixture
def endpoint() -> Iterator[ScriptedModel]:
    with scripted_model() as running:
        running.script = writes()
        yield running


@pytest.fixture
def model(endpoint: ScriptedModel) -> LanguageModel:
    settings = Settings(_env_file=None, llm=NAME, llm_base_url=endpoint.url, llm_api_key=KEY)
    opened = open_model(settings)
    assert opened
    return opened


@pytest.fixture
def writer(small: Book, tmp_path: Path) -> BankWriter:
    return BankWriter(small, NAME, tmp_path)


def first_then(first: Reply, count: int) -> Callable[[dict[str, Any]], Reply]:
    """Treat the first requests so, and answer those that follow."""
    left = [first] * count

    def script(asked: dict[str, Any]) -> Reply:
        return left.pop() if left else Reply(questions_for(asked), piece=400)

    return script


def test_a_bank_is_written_for_every_place_and_found_for_its_book_alone(
    writer: BankWriter, model: LanguageModel, small: Book, digest: Book, tmp_path: Path
) -> None:
    steps: list[tuple[int, int]] = []
    total = writer.estimate().requests
    written = writer.write(model, progress=lambda *step: steps.append(step))
    bank = bank_for(small, tmp_path)
    assert (written.bare, written.failed) == (0, {})
    assert written.questions == len(bank.questions) > 100
    assert steps[-1] == (total, total)
    assert not bank.unanswered
    edited = parse_book(small_book(("街坊走进来", "邻居走进来")))
    assert not bank_for(edited, tmp_path).questions
    assert bank_for(digest, tmp_path) == bank_for(digest)


def test_a_second_run_asks_nothing(
    writer: BankWriter, model: LanguageModel, endpoint: ScriptedModel, small: Book, tmp_path: Path
) -> None:
    writer.write(model)
    before, asked = written_bank(small, tmp_path).read_bytes(), len(endpoint.requests)
    again = BankWriter(small, NAME, tmp_path)
    assert again.estimate().requests == 0
    again.write(model)
    assert len(endpoint.requests) == asked
    assert written_bank(small, tmp_path).read_bytes() == before


def test_a_changed_book_pays_for_what_changed(
    writer: BankWriter, model: LanguageModel, small: Book, tmp_path: Path
) -> None:
    writer.write(model)
    edited = parse_book(small_book(("街坊走进来", "邻居走进来")))
    assert BankWriter(edited, NAME, tmp_path).estimate().requests == 1
    assert BankWriter(edited, "openai:other", tmp_path).estimate().requests > 1


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(Reply(status=429, headers=RETRY_SOON), id="429"),
        pytest.param(Reply(status=500, headers=RETRY_SOON), id="500"),
        pytest.param(Reply(text="抱歉，我不能这样做。"), id="no-json"),
        pytest.param(Reply(text='{"at": 1, "style": "pla'), id="half-a-line"),
        pytest.param(Reply(text="字" * 300, breaks=True), id="half-a-stream"),
        pytest.param(Reply(text="字" * 30, finish="length"), id="cut-at-its-length"),
        pytest.param(Reply(raw=b"data: <html>\n\n"), id="garbage"),
    ],
)
def test_a_fault_that_passes_costs_one_more_request(
    writer: BankWriter, model: LanguageModel, endpoint: ScriptedModel, fault: Reply
) -> None:
    total = writer.estimate().requests
    endpoint.script = first_then(fault, 1)
    written = writer.write(model)
    assert (written.bare, written.failed) == (0, {})
    assert len(endpoint.requests) == total + 1


def test_a_request_that_stays_without_answer_is_left_to_the_next_run(
    writer: BankWriter, model: LanguageModel, endpoint: ScriptedModel
) -> None:
    def script(asked: dict[str, Any]) -> Reply:
        is_first = "小书店" not in str(asked) and "店面与街坊" in str(asked["messages"][-1])
        return Reply("不写。") if is_first else Reply(questions_for(asked), piece=400)

    endpoint.script = script
    written = writer.write(model)
    assert written.failed == {"模型写的不是所要的格式": 1}
    assert written.bare > 0
    assert writer.estimate().requests == 1
    endpoint.script = writes()
    assert not writer.write(model).failed


@pytest.mark.parametrize(
    ("fault", "said", "most"),
    [
        pytest.param(Reply(status=401), "拒绝了密钥", 5, id="key"),
        pytest.param(Reply("不写。"), "不是所要的格式", 14, id="never-usable"),
    ],
)
def test_an_endpoint_that_keeps_failing_ends_the_run_and_loses_nothing(
    writer: BankWriter,
    model: LanguageModel,
    endpoint: ScriptedModel,
    small: Book,
    tmp_path: Path,
    fault: Reply,
    said: str,
    most: int,
) -> None:
    total = writer.estimate().requests
    answered = [0]

    def script(asked: dict[str, Any]) -> Reply:
        answered[0] += 1
        return Reply(questions_for(asked), piece=400) if answered[0] <= 2 else fault

    endpoint.script = script
    with pytest.raises(BankInterruptedError, match=said) as raised:
        writer.write(model)
    assert KEY not in str(raised.value)
    assert raised.value.done <= 2  # the refusal may overtake an answer
    assert len(endpoint.requests) <= 2 + most
    assert not written_bank(small, tmp_path).exists()
    left, asked = writer.estimate().requests, len(endpoint.requests)
    assert total - 2 <= left < total
    endpoint.script = writes()
    assert writer.write(model).bare == 0
    assert len(endpoint.requests) - asked == left


def test_whoever_interrupts_waits_for_no_answer_and_pays_for_none_twice(
    writer: BankWriter, model: LanguageModel, endpoint: ScriptedModel
) -> None:
    total = writer.estimate().requests

    def script(asked: dict[str, Any]) -> Reply:
        quick = Reply(questions_for(asked), piece=400)
        return quick if len(endpoint.requests) <= 3 else replace(quick, piece=1, pause=60.0)

    def interrupt(done: int, total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    endpoint.script = script
    with pytest.raises(KeyboardInterrupt):
        writer.write(model, progress=interrupt)
    assert writer.estimate().requests == total - 3
    endpoint.script = writes()
    asked = len(endpoint.requests)
    assert not writer.write(model).failed
    assert len(endpoint.requests) - asked == total - 3


def test_a_folder_that_cannot_be_written_is_named(
    small: Book, model: LanguageModel, tmp_path: Path
) -> None:
    (tmp_path / "banks").write_text("a file", encoding="utf-8")
    with pytest.raises(UnwritableDataError, match="无法写入"):
        BankWriter(small, NAME, tmp_path).write(model)


def test_notes_and_styles_come_back_as_they_were_written(
    writer: BankWriter, model: LanguageModel, endpoint: ScriptedModel, small: Book, tmp_path: Path
) -> None:
    def script(asked: dict[str, Any]) -> Reply:
        text = questions_for(asked)
        return Reply(text.replace('"note": null', '"note": 4'), piece=400)

    endpoint.script = script
    writer.write(model)
    questions = load_questions(written_bank(small, tmp_path))
    noted = {question.place for question in questions if question.note == 4}
    assert noted == {p.id for p in small.passages if 4 in p.notes}
    assert {question.style for question in questions} > {"plain", "oblique", "english"}
