"""The MCP server as an agent uses it: the package's own client, over both transports."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from mcp import Client, StdioServerParameters

from assistant.answer import Answer
from assistant.claim_check import Finding
from ingest.books import DIGEST
from ingest.parse import read_book
from tests.ui.conftest import free_port, run_async
from ui.content import NoteView
from ui.figures import FigureFilter, FigureRow, FigureTable
from ui.outline import Chapter

_TOOLS = {"ask", "chapter", "note", "figures", "check_claim"}
_START_SECONDS = 60


def _environment(folder: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("GUIDE_")}
    root = str(Path(__file__).parents[2])
    return kept | {"GUIDE_DATA_DIR": str(folder), "PYTHONPATH": root, "NO_PROXY": "127.0.0.1"}


@pytest.fixture(scope="module")
def address(indexed: Path) -> Iterator[str]:
    """Serve over HTTP in a process of its own; gives the address."""
    port = free_port()
    command = [sys.executable, "-m", "ui.cli", "mcp", "--http", "--port", str(port)]
    with (indexed / "mcp.log").open("wb") as log:
        process = subprocess.Popen(command, env=_environment(indexed), stderr=log, stdout=log)
    try:
        _wait(port, process)
        yield f"http://127.0.0.1:{port}/mcp"
    finally:
        process.terminate()
        process.wait(20)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=2):
                return
        except urllib.error.HTTPError:
            return  # any answer will do
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.05)  # between two looks at another process
    pytest.fail("the MCP server did not come up", pytrace=False)


@pytest.fixture(scope="module", params=["stdio", "http"])
def server(request: pytest.FixtureRequest, indexed: Path) -> StdioServerParameters | str:
    """Give what the client connects to: a command to start, or the address of a running server."""
    if request.param == "http":
        return str(request.getfixturevalue("address"))
    return StdioServerParameters(
        command=sys.executable,
        args=["-m", "ui.cli", "mcp"],
        env=_environment(indexed),
        cwd=Path(__file__).parents[2],
    )


def test_every_tool_gives_the_records_of_the_project(server: StdioServerParameters | str) -> None:
    async def use() -> None:
        async with Client(server) as client:
            listed = (await client.list_tools()).tools
            assert {tool.name for tool in listed} == _TOOLS
            assert all(tool.output_schema and tool.description for tool in listed)

            asked = {"question": "有多少 CEO 觉得缺少专有数据是障碍？"}
            answer = Answer.model_validate(
                (await client.call_tool("ask", asked)).structured_content
            )
            assert (answer.citations[0].chapter, answer.citations[0].footnotes) == (4, (40,))
            assert answer.notes[0].number == 40

            history = [
                {"role": "user", "content": asked["question"]},
                {"role": "assistant", "content": answer.answer},
            ]
            source = await client.call_tool("ask", {"question": "来源呢？", "history": history})
            assert [n["number"] for n in source.structured_content["notes"]] == [40]

            chapter = await client.call_tool("chapter", {"number": 4})
            assert len(Chapter.model_validate(chapter.structured_content).topics) == 3

            note = await client.call_tool("note", {"number": 40})
            assert "200 US CEOs" in NoteView.model_validate(note.structured_content).text

            figures = (await client.call_tool("figures", {"chapter": 4})).structured_content
            rows = [FigureRow.model_validate(row) for row in figures["result"]]
            assert {row.chapter for row in rows} == {4}
            assert (53.0, (40,)) in {(row.value, row.notes) for row in rows}
            from_table = FigureTable(read_book(DIGEST)).select(FigureFilter(chapter=4))
            assert tuple(rows) == from_table  # the rows of the page and of /api/figures
            everything = (await client.call_tool("figures", {})).structured_content["result"]
            assert len(everything) > len(rows)

            claim = {"claim": "85% 的受访高管预计生成式 AI 会增强员工，而不是取代他们"}
            finding = Finding.model_validate(
                (await client.call_tool("check_claim", claim)).structured_content
            )
            assert finding.verdict == "differs"
            assert finding.figures[0].book == "87%"
            assert finding.notes[0].number == 27

    run_async(use())


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("chapter", {"number": 13}, "本书没有第 13 章"),
        ("figures", {"chapter": 13}, "本书没有第 13 章"),
        ("note", {"number": 136}, "本书没有注 136"),
        ("ask", {"question": " "}, "empty question"),
    ],
)
def test_what_the_book_does_not_hold_is_an_error_that_says_so(
    indexed: Path, tool: str, arguments: dict[str, object], said: str
) -> None:
    from assistant.pipeline import open_assistant
    from assistant.settings import Settings
    from ui.mcp_server import mcp_server

    server = mcp_server(open_assistant(Settings(_env_file=None, data_dir=indexed)))

    async def use() -> None:
        async with Client(server) as client:
            reply = await client.call_tool(tool, arguments)
            assert reply.is_error
            assert said in reply.content[0].text

    run_async(use())


def test_a_foreign_host_name_is_turned_away(address: str) -> None:
    """A name that only leads here (DNS rebinding) gets nothing."""
    request = urllib.request.Request(
        address,
        data=b"{}",
        headers={"Host": "evil.test", "Content-Type": "application/json"},
    )
    with pytest.raises(urllib.error.HTTPError) as raised:
        urllib.request.urlopen(request, timeout=10)
    assert raised.value.code == 421
    raised.value.close()


def test_it_serves_this_machine_only(indexed: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ui.cli", "mcp", "--http", "--host", "0.0.0.0"],
        env=_environment(indexed),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 2
    assert "loopback only" in done.stderr
