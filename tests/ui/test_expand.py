"""`guide ingest --expand` from end to end: a book of the reader's own, a scripted endpoint."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest.books import DIGEST
from tests.conftest import small_book
from tests.scripted_bank import writes
from tests.scripted_model import KEY, Reply, ScriptedModel
from ui import cli

# Shares no word with the bullet that answers it: 「出门前打个电话。」.
OBLIQUE = "客人不在家的话该怎么办才好？"
ANSWER = "出门前打个电话。"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "shop.txt"
    path.write_text(small_book(), encoding="utf-8")
    for name in ("GUIDE_LLM", "GUIDE_LLM_BASE_URL", "GUIDE_LLM_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GUIDE_BOOK", str(path))
    monkeypatch.setenv("GUIDE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    return path


@pytest.fixture
def endpoint(model: ScriptedModel, monkeypatch: pytest.MonkeyPatch) -> ScriptedModel:
    model.script = writes(出门前打个电话=["顾客不在家咋办？", "怎么免得白跑？", "人家没空怎么办？"])
    monkeypatch.setenv("GUIDE_LLM", "openai:scripted")
    monkeypatch.setenv("GUIDE_LLM_BASE_URL", model.url)
    monkeypatch.setenv("GUIDE_LLM_API_KEY", KEY)
    return model


def asked(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> str:
    """Ask the oblique question without a model, and give the answer."""
    with monkeypatch.context() as without:
        without.delenv("GUIDE_LLM", raising=False)
        assert cli.main(["ask", OBLIQUE]) == 0
    return capsys.readouterr().out


def test_an_oblique_question_is_answered_once_the_bank_is_written(
    shop: Path,
    endpoint: ScriptedModel,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert ANSWER not in asked(capsys, monkeypatch)
    requests = len(endpoint.requests)
    assert cli.main(["ingest", "--expand", "--json"]) == 0
    printed = capsys.readouterr()
    report = json.loads(printed.out)
    assert report["bank_questions"] > 100
    assert "tokens" in printed.err.splitlines()[0]
    assert f"写下 {report['bank_questions']} 个问题" in printed.err
    assert len(endpoint.requests) > requests
    assert KEY not in printed.err
    assert ANSWER in asked(capsys, monkeypatch)
    requests = len(endpoint.requests)
    assert cli.main(["ingest", "--expand"]) == 0
    assert len(endpoint.requests) == requests
    assert "还要 0 次请求" in capsys.readouterr().err


def test_the_estimate_sends_nothing_and_needs_no_model(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["ingest", "--expand", "--estimate"]) == 0
    assert "次请求" in capsys.readouterr().err
    assert not (shop.parent / "data").exists()


def test_without_a_model_it_says_what_to_set(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["ingest", "--expand"]) == 1
    said = capsys.readouterr().err
    assert "GUIDE_LLM=openai:MODEL" in said
    assert "GUIDE_LLM_BASE_URL" in said


def test_the_guide_has_a_bank_already(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["ingest", "--book", str(DIGEST), "--expand"]) == 2
    assert "随附的问题库" in capsys.readouterr().err


def test_an_estimate_of_nothing_is_a_wrong_use(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["ingest", "--estimate"]) == 2
    assert "--expand" in capsys.readouterr().err


def test_an_endpoint_that_refuses_is_told_with_what_to_do(
    shop: Path, endpoint: ScriptedModel, capsys: pytest.CaptureFixture[str]
) -> None:
    endpoint.script = lambda _: Reply(status=401)
    assert cli.main(["ingest", "--expand"]) == 1
    said = capsys.readouterr().err
    assert "拒绝了密钥" in said
    assert "guide doctor" in said
    assert KEY not in said


def test_a_bank_with_a_gap_is_used_and_told_by_the_status(
    shop: Path, endpoint: ScriptedModel, capsys: pytest.CaptureFixture[str]
) -> None:
    write = endpoint.script
    endpoint.script = lambda body: (
        Reply("不写。") if "打烊之前" in str(body["messages"]) else write(body)
    )
    assert cli.main(["ingest", "--expand"]) == 1
    assert "1 次请求没有得到可用的回答" in capsys.readouterr().err


def test_whoever_interrupts_is_told_that_nothing_is_lost(
    shop: Path,
    endpoint: ScriptedModel,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tqdm.tqdm.update", interrupted)
    assert cli.main(["ingest", "--expand"]) == 130
    assert "已停下" in capsys.readouterr().err


def test_a_broken_line_of_a_bank_is_named(
    shop: Path, endpoint: ScriptedModel, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["ingest", "--expand"]) == 0
    [path] = (shop.parent / "data" / "banks").glob("*.jsonl")
    path.write_text(path.read_text(encoding="utf-8") + '{"at": ', encoding="utf-8")
    capsys.readouterr()
    assert cli.main(["ingest"]) == 1
    assert f"{path}:" in capsys.readouterr().err
