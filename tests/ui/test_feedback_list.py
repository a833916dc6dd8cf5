"""The list of what readers said, as an operator reads it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ui.cli import main
from ui.feedback import Feedback, FeedbackStore


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FeedbackStore:
    monkeypatch.setenv("GUIDE_DATA_DIR", str(tmp_path))
    kept = FeedbackStore(tmp_path)
    kept.add(Feedback(answer_id="a1", session_id="s", rating="helpful"))
    kept.add(
        Feedback(
            answer_id="a2",
            session_id="s",
            rating="wrong_citation",
            comment="注号应为\n44 \x1b[31m\x9b2J\u202e",
        )
    )
    return kept


def test_a_line_each_and_the_counts(
    store: FeedbackStore, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["feedback"]) == 0
    newest, older, counts = capsys.readouterr().out.splitlines()
    assert "引用不符  a2" in newest
    assert "注号应为 44" in newest
    assert "有帮助　  a1" in older
    assert counts == "共 2 条：有帮助 1，没帮助 0，引用不符 1"


@pytest.mark.usefixtures("store")
def test_a_comment_cannot_drive_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    main(["feedback"])
    assert not any(sign in capsys.readouterr().out for sign in "\x1b\x9b\u202e")


@pytest.mark.parametrize(
    ("arguments", "ids"),
    [
        pytest.param([], ["a2", "a1"], id="all-newest-first"),
        pytest.param(["--rating", "wrong_citation"], ["a2"], id="one-rating"),
        pytest.param(["--since", "2020-01-01"], ["a2", "a1"], id="since-long-ago"),
        pytest.param(["--since", "2999-01-01"], [], id="since-tomorrow"),
    ],
)
def test_json_lines_of_what_is_chosen(
    store: FeedbackStore,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    ids: list[str],
) -> None:
    assert main(["feedback", "--json", *arguments]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["answer_id"] for row in rows] == ids


def test_no_feedback_yet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GUIDE_DATA_DIR", str(tmp_path))
    assert main(["feedback"]) == 0
    assert capsys.readouterr().out == "没有反馈。\n"
    assert main(["feedback", "--json"]) == 0
    assert capsys.readouterr().out == ""
