"""What makes passwords' hashes and keys, as an operator runs it."""

from __future__ import annotations

import io
import os
import pty
import subprocess
import sys

import pytest

from ui.auth import hash_api_key, matches
from ui.cli import main


def test_a_piped_password_becomes_an_entry_of_the_users(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("长安 Pass:1 \n"))
    assert main(["hash", "anna"]) == 0
    name, _, hashed = capsys.readouterr().out.strip().partition(":")
    assert name == "anna"
    assert matches("长安 Pass:1 ", hashed)  # white space may belong to it


def test_a_typed_password_is_asked_twice_and_never_shown() -> None:
    """A real terminal: what is typed must not be echoed."""
    shown, status = _at_a_terminal("geheim-1\ngeheim-1\n")
    assert status == 0
    assert "geheim" not in shown
    assert matches("geheim-1", shown.split("anna:")[1].strip())


def test_passwords_that_differ_make_no_hash() -> None:
    shown, status = _at_a_terminal("geheim-1\ngeheim-2\n")
    assert status == 2
    assert "不一致" in shown
    assert "scrypt" not in shown


@pytest.mark.parametrize("name", ["a b", "a:b", "a,b", "a;b", ""])
def test_a_name_that_cannot_be_listed_is_refused(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["hash", name]) == 2
    assert "不可用" in capsys.readouterr().err


def test_an_empty_password_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n"))
    assert main(["hash", "anna"]) == 2
    assert "没有读到密码" in capsys.readouterr().err


def test_a_key_is_printed_with_its_hash(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["key"]) == 0
    key, hashed = (line.rpartition("：")[2] for line in capsys.readouterr().out.splitlines())
    assert hash_api_key(key) == hashed


def _at_a_terminal(typed: str) -> tuple[str, int]:
    """Run ``guide hash anna`` on a terminal; give all that the terminal showed, and the status."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "ui.cli", "hash", "anna"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
    )
    os.close(theirs)
    shown = b""
    lines = typed.splitlines(keepends=True)
    while True:
        try:
            read = os.read(ours, 4096)
        except OSError:  # how Linux tells that the other end is closed
            break
        shown += read
        while lines and shown.decode(errors="ignore").count("：") > 2 - len(lines):
            os.write(ours, lines.pop(0).encode())
    os.close(ours)
    return shown.decode(), process.wait(30)
