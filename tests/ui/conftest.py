"""Fixtures of the interface: a served application, a real browser, pages that must stay quiet."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from socket import socket
from typing import Any

import pytest

from assistant.pipeline import Assistant, open_assistant
from assistant.settings import Settings
from ingest.document import Book

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-sync",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-default-apps",
]
# Every name of a test site leads here, and no other name anywhere: nothing can leave loopback.
_NAMES = (
    "--host-resolver-rules="
    "MAP *.test 127.0.0.1, MAP localhost 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
)
_START_SECONDS = 90


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of all tests of the interface: the digest is indexed once."""
    return tmp_path_factory.mktemp("ui-data")


@pytest.fixture(scope="session")
def assistant(data_dir: Path) -> Assistant:
    """The assistant on the digest."""
    return open_assistant(Settings(_env_file=None, data_dir=data_dir))


@pytest.fixture(scope="session")
def book(assistant: Assistant) -> Book:
    """The digest, parsed."""
    return assistant.book


@dataclass(frozen=True)
class Service:
    """A service that runs in a process of its own."""

    port: int
    data_dir: Path
    log: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def served(data_dir: Path, log: Path, **settings: str) -> Iterator[Service]:
    """Run the service on a free port; the settings are those of the environment, in lower case."""
    port = free_port()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GUIDE_")}
    environment |= {f"GUIDE_{name.upper()}": value for name, value in settings.items()}
    environment |= {"GUIDE_DATA_DIR": str(data_dir), "GUIDE_PORT": str(port)}
    command = [
        sys.executable,
        "-c",
        "from assistant.settings import Settings\nfrom ui.server import serve\nserve(Settings())",
    ]
    with log.open("wb") as out:
        process = subprocess.Popen(command, env=environment, stdout=out, stderr=out)
    try:
        wait_until_up(f"http://127.0.0.1:{port}/healthz", process, log)
        yield Service(port, data_dir, log)
    finally:
        process.terminate()
        process.wait(20)


def free_port() -> int:
    """Find a port that is free."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_up(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Poll until the address answers; fail with the log where the process ends before."""
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.1)  # between two polls of another process
    pytest.fail(f"the service did not come up:\n{log.read_text()}", pytrace=False)


@pytest.fixture(scope="session")
def service(
    assistant: Assistant, data_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    """The service on the digest, with a foreign site on its list."""
    log = tmp_path_factory.mktemp("service") / "log"
    with served(
        data_dir,
        log,
        asks_per_minute="600",
        allowed_origins=f"http://portal.test:{HOST_PORT}",
    ) as running:
        yield running


HOST_PORT = free_port()  # of the foreign site that may embed the widget


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Debian's Chromium, headless."""
    sync_api = pytest.importorskip("playwright.sync_api")
    if not shutil.which(CHROMIUM):
        if os.environ.get("CI") == "true":
            pytest.fail(f"no Chromium at {CHROMIUM}", pytrace=False)
        pytest.skip(f"no Chromium at {CHROMIUM}")
    with sync_api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=[*_FLAGS, _NAMES])
        yield running
        running.close()


@dataclass
class Quiet:
    """What a page did that it must not do."""

    outside: list[str] = field(default_factory=list)  # requests that would leave loopback
    errors: list[str] = field(default_factory=list)  # of the console and of scripts
    expected: list[str] = field(default_factory=list)  # parts of errors that a test provokes

    def unexpected(self) -> list[str]:
        return [e for e in self.errors if not any(part in e for part in self.expected)]


NewPage = Callable[..., Any]


@pytest.fixture
def new_page(browser: Any) -> Iterator[NewPage]:
    """A maker of pages; at the end none may have sent a request outside or logged an error."""
    contexts: list[Any] = []
    watched: list[Quiet] = []

    def make(**options: Any) -> Any:
        context = browser.new_context(
            **{"locale": "zh-CN", "viewport": {"width": 1280, "height": 820}, **options}
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        quiet = Quiet()
        watched.append(quiet)
        context.route("**/*", lambda route: _stay_inside(route, quiet))
        page = context.new_page()
        page.on("pageerror", lambda error: quiet.errors.append(str(error)))
        page.on("console", lambda m: quiet.errors.append(m.text) if m.type == "error" else None)
        page.quiet = quiet
        return page

    yield make
    for context in contexts:
        context.close()
    assert [url for quiet in watched for url in quiet.outside] == []
    assert [error for quiet in watched for error in quiet.unexpected()] == []


def _stay_inside(route: Any, quiet: Quiet) -> None:
    host = route.request.url.split("/")[2].split(":")[0] if "//" in route.request.url else ""
    if host in ("", "127.0.0.1", "localhost") or host.endswith(".test"):
        route.continue_()
    else:
        quiet.outside.append(route.request.url)
        route.abort()


@pytest.fixture
def page(new_page: NewPage, service: Service) -> Any:
    """The chat page, opened."""
    return open_chat(new_page(), service)


def open_chat(page: Any, service: Service, path: str = "/ui/") -> Any:
    """Open the chat page and wait until a question can be asked."""
    page.goto(service.url + path)
    page.locator("#question textarea").wait_for()
    page.locator("#chat .example, #chat .answer").first.wait_for()
    return page


def ask(page: Any, question: str) -> Any:
    """Ask on the chat page and give the whole answer."""
    before = page.locator("#chat .acts").count()
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").press("Enter")
    page.locator("#chat .acts").nth(before).wait_for()
    return page.locator("#chat .answer").last
