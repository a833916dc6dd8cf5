"""The library as a program outside uses it: each example of the documentation, and its imports."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[1]
_BLOCK = re.compile(r"```python\n(.*?)```\s*```text\n(.*?)```", re.DOTALL)
_PACKAGES = ("ingest", "index", "assistant", "ui", "evals")


def test_every_example_prints_what_it_says(
    indexed: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GUIDE_DATA_DIR", str(indexed))
    monkeypatch.delenv("GUIDE_BOOK", raising=False)
    text = (_ROOT / "docs" / "library.md").read_text(encoding="utf-8")
    blocks = _BLOCK.findall(text)
    assert len(blocks) == text.count("```python")
    names: dict[str, object] = {}
    for code, printed in blocks:
        exec(compile(code, "docs/library.md", "exec"), names)
        assert capsys.readouterr().out == printed


def test_all_that_is_offered_can_be_imported() -> None:
    import assistant

    for name in assistant.__all__:
        assert getattr(assistant, name).__name__ == name
    with pytest.raises(AttributeError, match="Assistent"):
        _ = assistant.Assistent


def test_importing_the_packages_loads_nothing_slow() -> None:
    code = (
        "import sys, ingest, index, assistant, ui, evals;"
        "slow = ('langchain_core', 'chromadb', 'pydantic', 'numpy');"
        "print([name for name in slow if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=_ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("package", _PACKAGES)
def test_every_package_ships_its_types(package: str) -> None:
    assert (_ROOT / package / "py.typed").is_file()
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "py.typed" in project["tool"]["setuptools"]["package-data"][package]
