"""The documentation site: every command that a page shows is run, over the bundled digest.

A block ``sh`` holds commands, one a line, each run where it says ``guide``; where a block ``text``
follows, that is what they print. A block with a title is a file that the page's commands use. A
block ``{.sh .no-run}`` holds commands that do not end by themselves: their options are parsed.
"""

from __future__ import annotations

import importlib.util
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from assistant.settings import Settings
from ui import cli

_ROOT = Path(__file__).parents[1]
_DOCS = _ROOT / "docs"
_PAGES = sorted(_DOCS.glob("*.md"))
_BLOCK = re.compile(r"^```(\S*)([^\n]*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_SHELLS = ("", "bash", "console", "shell")
_NOT_RUN = ("", " {.sh .no-run}")
_TITLE = re.compile(r' title="([^"]+)"')
_WRITES = frozenset({"--output", "--plot", "--html"})
_PRINTED = re.compile(r"\s*^```text\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def data_dir(indexed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a data folder of their own, with the index of the digest in it."""
    folder = tmp_path_factory.mktemp("docs")
    shutil.copytree(indexed / "indexes", folder / "indexes")
    return folder


@pytest.mark.parametrize("page", _PAGES, ids=lambda page: page.stem)
def test_every_command_runs(
    page: Path,
    data_dir: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"GUIDE_{name.upper()}", raising=False)
    monkeypatch.setenv("GUIDE_DATA_DIR", str(data_dir))
    monkeypatch.chdir(tmp_path)
    text = page.read_text(encoding="utf-8")
    for name, content in _files(text):
        (tmp_path / name).write_text(content, encoding="utf-8")
    for commands, printed in _runs(text):
        for command in commands:
            assert cli.main(command) == 0, command
            for option in _WRITES.intersection(command):
                assert (tmp_path / command[command.index(option) + 1]).stat().st_size
        out = capsys.readouterr().out
        if printed is not None:
            assert out == printed


@pytest.mark.parametrize("page", _PAGES, ids=lambda page: page.stem)
def test_the_options_of_every_other_command_exist(page: Path) -> None:
    """A service does not end by itself, and a password is asked for at a terminal."""
    for language, info, body in _BLOCK.findall(page.read_text(encoding="utf-8")):
        if (language, info) == _NOT_RUN:
            for command in _commands(body):
                cli._parser().parse_args(command)


def test_pages_show_commands() -> None:
    shown = [
        command[0]
        for page in _PAGES
        for commands, _ in _runs(page.read_text(encoding="utf-8"))
        for command in commands
    ]
    assert {"ask", "ingest", "figures", "check", "eval", "config", "doctor"} <= {*shown}


def test_blocks_of_commands_are_of_a_known_kind() -> None:
    for page in _PAGES:
        text = page.read_text(encoding="utf-8")
        for language, info, body in _BLOCK.findall(text):
            # Any other form, and the site shows the block as running text.
            assert info == "" or (language, info) == _NOT_RUN or _TITLE.fullmatch(info), page
            if language == "sh" or (language, info) == _NOT_RUN:
                assert all(line.startswith("guide ") for line in body.splitlines()), page
            elif language in _SHELLS and re.search(r"^(\$ )?guide ", body, re.MULTILINE):
                pytest.fail(f"{page}: a command in a block {language!r} is not run")


def test_the_navigation_lists_every_page() -> None:
    text = (_ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    nav = yaml.safe_load(text[text.index("\nnav:") : text.index("\nvalidation:")])["nav"]
    assert sorted(_named(nav)) == [page.name for page in _PAGES]


def test_every_operation_and_setting_is_described() -> None:
    hooks = _hooks()
    api = hooks.described_api()
    page = hooks.operations(api)
    for path, methods in api["paths"].items():
        for method in methods:
            assert f"## {method.upper()} {path}\n" in page
    named = set(re.findall(r"\]\(#([^)]+)\)", page))
    assert named <= {line[4:].lower() for line in page.splitlines() if line.startswith("### ")}
    table = hooks.settings_table()
    for name in Settings.model_fields:
        assert f"`GUIDE_{name.upper()}`" in table


@pytest.mark.parametrize(
    "element",
    [
        '<script src="https://cdn.example/x.js"></script>',
        '<img alt="" src=//cdn.example/x.png>',
        '<link rel="stylesheet" href="https://fonts.example/css">',
    ],
)
def test_a_site_that_loads_from_elsewhere_is_refused(element: str, tmp_path: Path) -> None:
    hooks = _hooks()
    page = tmp_path / "index.html"
    page.write_text('<a href="https://example.com">out</a><img src="x.png">', encoding="utf-8")
    hooks.on_post_build({"site_dir": str(tmp_path)})
    page.write_text(element, encoding="utf-8")
    with pytest.raises(hooks.PluginError, match="another host"):
        hooks.on_post_build({"site_dir": str(tmp_path)})


def _files(text: str) -> Iterator[tuple[str, str]]:
    for _, info, body in _BLOCK.findall(text):
        if title := _TITLE.fullmatch(info):
            yield title[1], body


def _runs(text: str) -> Iterator[tuple[list[list[str]], str | None]]:
    """Give the commands of each block, and what they print where the page says it."""
    for block in _BLOCK.finditer(text):
        if block[1] == "sh":
            printed = _PRINTED.match(text, block.end())
            yield _commands(block[3]), printed[1] if printed else None


def _commands(body: str) -> list[list[str]]:
    return [shlex.split(line, comments=True)[1:] for line in body.splitlines()]


def _named(nav: Any) -> Iterator[str]:  # noqa: ANN401 (as yaml gives it)
    if isinstance(nav, str):
        yield nav
    else:
        for part in nav.values() if isinstance(nav, dict) else nav:
            yield from _named(part)


def _hooks() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_hooks", _DOCS / "hooks.py")
    assert spec is not None
    assert spec.loader is not None
    hooks = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(hooks)
    return hooks
