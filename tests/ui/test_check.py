"""``guide check`` as a team runs it on its slides."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ui.test_mcp_server import _environment
from ui.check import Report

_RIGHT = "- 45% 的 CEO 把数据隐私看作障碍\n"
_WRONG = "- 85% 的高管预计生成式 AI 会增强员工，而不是取代他们\n"
_ELSEWHERE = "- 新能源汽车渗透率首次突破 50%\n"


def _check(indexed: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ui.cli", "check", *arguments],
        env=_environment(indexed) | {"PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_it_fails_where_a_figure_differs(indexed: Path, tmp_path: Path) -> None:
    page = tmp_path / "slides.md"
    page.write_text(f"# 要点\n\n{_RIGHT}{_WRONG}{_ELSEWHERE}", encoding="utf-8")
    done = _check(indexed, str(page), "--json")
    report = Report.model_validate(json.loads(done.stdout))
    assert done.returncode == 1
    assert (report.confirmed, report.differs, report.not_in_guide) == (1, 1, 1)
    differing = report.statements[1]
    assert differing.where == "第 4 行"
    assert differing.finding.figures[0].book == "87%"
    shown = _check(indexed, str(page)).stdout
    assert "【不符】" in shown
    assert "87%。[第3章·注27]" in shown
    assert "一致 1，不符 1，书中没有 1" in shown


def test_it_passes_where_none_differs(indexed: Path, tmp_path: Path) -> None:
    page = tmp_path / "slides.md"
    page.write_text(_RIGHT + _ELSEWHERE, encoding="utf-8")
    assert _check(indexed, str(page)).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["no.md"], "file not found"), (["{page}", "--book", "no.txt"], "找不到书的文件")],
)
def test_bad_input_is_status_2(
    indexed: Path, tmp_path: Path, arguments: list[str], said: str
) -> None:
    page = tmp_path / "slides.md"
    page.write_text(_RIGHT, encoding="utf-8")
    done = _check(indexed, *(argument.format(page=page) for argument in arguments))
    assert done.returncode == 2
    assert said in done.stderr
    assert not done.stdout
