"""An OpenAI-compatible server that answers by script, over real HTTP.

It writes the chunks of HTTP itself, so that a stream can break off anywhere, carry any bytes, and
have its borders inside a character.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import socket
from threading import Event, Thread
from typing import Any

KEY = "sk-secret-4711"
MODEL = "scripted"


@dataclass(frozen=True)
class Reply:
    """What the server does with one request for a chat."""

    text: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    piece: int = 3  # characters of the text in one event
    cut: int | None = None  # bytes in one chunk of HTTP; None: one event a chunk
    pause: float = 0.0  # seconds before each event
    first_pause: float = 0.0  # seconds before the status line
    raw: bytes | None = None  # sent in place of the events
    breaks: bool = False  # close the connection in the middle of the stream
    finish: str | None = "stop"


Script = Callable[[dict[str, Any]], Reply]


class ScriptedModel:
    """The server: what it was asked, and what it answers."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/v1"
        self.requests: list[dict[str, Any]] = []  # bodies of requests for a chat
        self.keys: list[str] = []  # as sent with them
        self.models = [MODEL]
        self.listing_status = 200
        self.broken_off = Event()  # somebody hung up in the middle of an answer
        self.script: Script = lambda _: Reply(status=500)

    def says(self, text: str, **how: object) -> None:
        """Give every request this text; 「{53%}」 in it becomes the number of a passage.

        That is the first of the supplied passages that holds what stands in the braces.
        """
        self.script = lambda asked: replace(Reply(fill_in(text, asked)), **how)

    def does(self, **how: object) -> None:
        """Treat every request in this way."""
        self.script = lambda _: replace(Reply(), **how)


def prompt_of(asked: dict[str, Any]) -> str:
    """Give the last message of a request."""
    return str(asked["messages"][-1]["content"])


def fill_in(text: str, asked: dict[str, Any]) -> str:
    """Put the numbers of passages into a text."""
    return re.sub(r"\{([^{}]+)\}", lambda found: str(number_of(found[1], asked)), text)


def number_of(words: str, asked: dict[str, Any]) -> int:
    """Find the number of the first supplied passage that holds some words."""
    for line in prompt_of(asked).splitlines():
        found = re.match(r"\[(\d+)\]", line)
        if found and words in line:
            return int(found[1])
    raise AssertionError(f"no supplied passage holds {words!r}")


@contextmanager
def scripted_model() -> Iterator[ScriptedModel]:
    """Run the server on a free port."""
    server = _Server(("127.0.0.1", 0), _Handler)
    model = server.model = ScriptedModel(server.server_address[1])  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield model
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def nobody_there() -> str:
    """Give the address of a port on which nobody listens."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}/v1"


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Stay silent where a client hangs up."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def model(self) -> ScriptedModel:
        return self.server.model  # type: ignore[attr-defined,no-any-return]

    def do_GET(self) -> None:
        names = self.model.models
        listed = [{"id": name, "object": "model", "created": 1, "owned_by": "us"} for name in names]
        status = self.model.listing_status
        self._whole(status, {"object": "list", "data": listed}, {})

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.model.requests.append(asked)
        self.model.keys.append(self.headers.get("Authorization", ""))
        try:
            reply = self.model.script(asked)
        except AssertionError as error:  # a status of its own shows in the notice of the answer
            reply = Reply(status=418, text=str(error))
        time.sleep(reply.first_pause)
        key = self.headers.get("Authorization", "")
        if reply.status != 200:
            said = {"error": {"message": f"refused for {key}: {reply.text}", "type": "scripted"}}
            self._whole(reply.status, said, reply.headers)
        else:
            try:
                self._stream(reply)
            except OSError:
                self.model.broken_off.set()
                self.close_connection = True

    def _whole(self, status: int, body: object, headers: dict[str, str]) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _stream(self, reply: Reply) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        events = list(_events(reply)) if reply.raw is None else [reply.raw]
        if reply.cut:
            data = b"".join(events)
            events = [data[i : i + reply.cut] for i in range(0, len(data), reply.cut)]
        for number, event in enumerate(events):
            if reply.breaks and number > len(events) // 2:
                self.close_connection = True
                return
            time.sleep(reply.pause)
            self.wfile.write(f"{len(event):x}\r\n".encode() + event + b"\r\n")
        self.wfile.write(b"0\r\n\r\n")

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent."""


def _events(reply: Reply) -> Iterator[bytes]:
    for start in range(0, len(reply.text), reply.piece):
        yield _event({"content": reply.text[start : start + reply.piece]}, None)
    if reply.finish:
        yield _event({}, reply.finish)
    yield b"data: [DONE]\n\n"


def _event(delta: dict[str, str], finish: str | None) -> bytes:
    chunk = {
        "id": "c1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": MODEL,
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    }
    # Not escaped, so that a border between chunks can lie inside a character.
    return b"data: " + json.dumps(chunk, ensure_ascii=False).encode() + b"\n\n"
