"""The command line as a user runs it: in a process of its own, with no way out of the machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

_OFFLINE = """
import socket, sys
real = socket.socket.connect
def connect(self, address):
    if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1"):
        raise SystemExit(f"outside connection to {address}")
    return real(self, address)
socket.socket.connect = connect
def resolve(host, *rest, **more):
    if host not in ("127.0.0.1", "localhost", "::1", None):
        raise SystemExit(f"outside name {host}")
    return real_resolve(host, *rest, **more)
real_resolve, socket.getaddrinfo = socket.getaddrinfo, resolve
from ui.cli import main
status = main(sys.argv[1:])
heavy = [name for name in ("torch", "gradio", "transformers", "sklearn") if name in sys.modules]
if heavy:
    raise SystemExit(f"needless imports: {heavy}")
raise SystemExit(status)
"""


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cli")


def _guide(data_dir: Path, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("GUIDE_")}
    return subprocess.run(
        [sys.executable, "-c", _OFFLINE, *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        env=kept | {"GUIDE_DATA_DIR": str(data_dir), "PYTHONIOENCODING": "utf-8"},
        cwd=Path(__file__).parents[2],
        check=False,
        timeout=120,
    )


def test_ask_prints_the_contract_offline_and_imports_nothing_heavy(data_dir: Path) -> None:
    done = _guide(data_dir, "ask", "--json", "有多少 CEO 觉得缺少专有数据是障碍？")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert list(answer) == [
        "id", "question", "answered", "answer", "citations", "notes", "mode", "seconds",
        "unsupported", "notice",
    ]  # fmt: skip
    citation = answer["citations"][0]
    assert list(citation) == [
        "chapter", "chapter_title", "section", "pages", "footnotes", "quote", "passage_id",
    ]  # fmt: skip
    assert (citation["chapter"], citation["footnotes"], citation["pages"]) == (4, [40], [41, 50])
    assert answer["notes"][0]["number"] == 40
    assert answer["mode"] == "extractive"


def test_a_batch_keeps_ids_and_order(data_dir: Path) -> None:
    rows = [{"id": f"q{n}", "question": f"第 {n} 章有哪几个主题？"} for n in (3, 1, 2)]
    stdin = "\n".join(json.dumps(row) for row in rows)
    done = _guide(data_dir, "ask", "--json", "--batch", "-", stdin=stdin)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == ["q3", "q1", "q2"]
    assert [answer["citations"][0]["chapter"] for answer in answers] == [3, 1, 2]


def test_doctor_says_what_to_set(data_dir: Path) -> None:
    done = _guide(data_dir, "doctor")
    assert done.returncode == 0, done.stderr
    assert "GUIDE_LLM=openai:MODEL" in done.stdout


def test_a_table_of_questions_becomes_a_table_of_answers(data_dir: Path, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    asked, answered = tmp_path / "q.csv", tmp_path / "a.xlsx"
    asked.write_text("问题\n注 115 的来源？\n第 4 章有哪几个主题？\n", encoding="utf-8")
    done = _guide(data_dir, "ask", "--batch", str(asked), "--output", str(answered))
    assert done.returncode == 0, done.stderr
    rows = [row[1] for row in load_workbook(answered).active.iter_rows(values_only=True)]
    assert rows == ["问题", "注 115 的来源？", "第 4 章有哪几个主题？"]


def test_check_imports_nothing_heavy(data_dir: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("45% 的 CEO 把数据隐私看作障碍。", encoding="utf-8")
    done = _guide(data_dir, "check", str(page), "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["confirmed"] == 1


def test_ingest_reports_what_it_found(data_dir: Path) -> None:
    report = json.loads(_guide(data_dir, "ingest", "--json").stdout)
    assert (report["chapters"], report["topics"]) == (12, 36)
    assert report["marks_found"] == report["marks_expected"] == report["notes_resolved"] == 135


@pytest.mark.parametrize(
    ("arguments", "stdin", "said"),
    [
        pytest.param(["ask"], "", "请给出一个问题", id="nothing-asked"),
        pytest.param(["ask", "--json", "--batch", "no-such.jsonl"], "", "读不了", id="no-file"),
        pytest.param(
            ["ask", "--json", "--batch", "-"], '{"question": "a"}\n{', "-:2：不是 JSON", id="json"
        ),
        pytest.param(["ask", "--json", "--batch", "-"], '{"id": 1}', "question", id="no-question"),
        pytest.param(["ask", "--batch", "q.csv"], "", "--output", id="batch-to-nowhere"),
        pytest.param(["ask", "问", "--output", "a.csv"], "", "--batch", id="output-of-one"),
        pytest.param(["check", "slides.pdf"], "", "unsupported type", id="check-kind"),
        pytest.param(["ask", "--json", "  "], "", "empty question", id="blank"),
        pytest.param(["ask", "字" * 501], "", "500", id="too-long"),
        pytest.param(["ask", "--book", "no-such.txt", "问"], "", "找不到书的文件", id="no-book"),
    ],
)
def test_bad_input_is_named_and_answers_nothing(
    data_dir: Path, arguments: list[str], stdin: str, said: str
) -> None:
    done = _guide(data_dir, *arguments, stdin=stdin)
    assert done.returncode in {1, 2}
    assert said in done.stderr
    assert not done.stdout
    assert "Traceback" not in done.stderr


def test_config_prints_every_setting(data_dir: Path) -> None:
    from assistant.settings import Settings

    printed = _guide(data_dir, "config").stdout
    assert all(f"GUIDE_{name.upper()}=" in printed for name in Settings.model_fields)
    assert str(data_dir) in printed


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["figures"], id="more-than-a-pipe-holds"),
        pytest.param(["config"], id="written-at-the-end"),
        pytest.param(["--help"], id="help"),
    ],
)
def test_whoever_stops_reading_ends_it_without_a_word(arguments: list[str]) -> None:
    buffered = {k: v for k, v in os.environ.items() if k != "PYTHONUNBUFFERED"}
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "ui.cli", *arguments],
            stdout=writing,
            stderr=subprocess.PIPE,
            text=True,
            env=buffered,
            cwd=Path(__file__).parents[2],
            check=False,
            timeout=120,
        )
    finally:
        os.close(writing)
    assert done.stderr == ""
    assert done.returncode == 141
