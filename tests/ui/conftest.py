"""Fixtures of the interface: a served application, a real browser, pages that must stay quiet."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import socket
from threading import Thread
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from ingest.books import DIGEST
from ingest.document import Book
from ingest.parse import read_book
from tests.scripted_model import KEY, MODEL, ScriptedModel, scripted_model
from tests.ui.scripted import ScriptedAssistant

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Locator, Page

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
# Each window would load two pages of Chromium's own for its address bar, which take as much of the
# machine as the page under test. The rest is what Playwright leaves out: the last list counts.
_LEFT_OUT = (
    "WebUIOmniboxPopup,WebUIOmniboxAimPopup,"
    "AimEnabled,AvoidCorsURLLoaderRestartOnRedirect,AvoidUnnecessaryBeforeUnloadCheckSync,"
    "DestroyProfileOnBrowserClose,HttpsFirstBalancedModeAutoEnable,HttpsUpgrades,LensOverlay,"
    "MediaRouter,NetworkTimeServiceQuerying,OptimizationHints,PaintHolding,PreconnectToSearch,"
    "ThirdPartyStoragePartitioning"
)
# Names of test sites lead here, and no other name leads anywhere: nothing can leave loopback.
_FLAGS = (
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
    f"--disable-features={_LEFT_OUT}",
    "--host-resolver-rules=MAP *.test 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
_START_SECONDS = 90
_WAIT_MS = 15_000  # at most, for a page to get where a test expects it


@pytest.fixture(scope="session")
def book() -> Book:
    """Give the digest, parsed."""
    return read_book(DIGEST)


@pytest.fixture
def scripted(book: Book, tmp_path: Path) -> ScriptedAssistant:
    """Give the scripted assistant, for an application within the test."""
    return ScriptedAssistant(book, tmp_path)


@dataclass(frozen=True)
class Service:
    """A service that runs in a process of its own."""

    port: int
    data_dir: Path
    log: Path

    @property
    def url(self) -> str:
        """Where it is reached."""
        return f"http://127.0.0.1:{self.port}"


T = TypeVar("T")

SCRIPTED = ("-m", "tests.ui.scripted")


@contextmanager
def served(folder: Path, command: Sequence[str] = SCRIPTED, **settings: str) -> Iterator[Service]:
    """Run a service on a free port, with settings as in the environment but in lower case."""
    port, log = free_port(), folder / "log"
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GUIDE_")}
    environment |= {"GUIDE_DATA_DIR": str(folder), "GUIDE_PORT": str(port)}
    environment |= {f"GUIDE_{name.upper()}": value for name, value in settings.items()}
    environment |= {"PYTHONPATH": str(Path(__file__).parents[2])}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, *command], env=environment, stdout=out, stderr=out
        )
    try:
        wait_until_up(f"http://127.0.0.1:{port}/healthz", process, log)
        yield Service(port, folder, log)
    finally:
        process.terminate()
        process.wait(20)


def run_async(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine on a thread of its own: Playwright keeps a loop running on the main one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def free_port() -> int:
    """Find a port that is free."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_up(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Poll until the address answers; fail with the log where the process ends before."""
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.05)  # between two looks at another process
    pytest.fail(f"the service did not come up:\n{log.read_text()}", pytrace=False)


PORTAL_PORT = free_port()  # of the foreign site


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Serve by script, with a foreign site on the list, reached under a name as well."""
    with served(
        tmp_path_factory.mktemp("service"),
        asks_per_minute="2000",
        allowed_origins=f"http://portal.test:{PORTAL_PORT}",
        host="0.0.0.0",
    ) as running:
        yield running


@pytest.fixture(scope="session")
def model() -> Iterator[ScriptedModel]:
    """Serve a language model by script."""
    with scripted_model() as running:
        yield running


@pytest.fixture(scope="session")
def writing(model: ScriptedModel, indexed: Path) -> Iterator[Service]:
    """Serve the real assistant, whose answers the scripted model writes."""
    with served(
        indexed,
        ("-m", "ui.cli", "serve"),
        asks_per_minute="2000",
        allowed_origins=f"http://portal.test:{PORTAL_PORT}",
        host="0.0.0.0",
        llm=f"openai:{MODEL}",
        llm_base_url=model.url,
        llm_api_key=KEY,
    ) as running:
        wait_until_ready(running)
        yield running


def wait_until_ready(service: Service) -> None:
    """Poll until questions are answered at once."""
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{service.url}/readyz", timeout=2):
                return
        except urllib.error.HTTPError:
            time.sleep(0.05)  # between two looks at another process
    pytest.fail(f"the service did not get ready:\n{service.log.read_text()}", pytrace=False)


@pytest.fixture(scope="session")
def portal() -> Iterator[dict[str, tuple[str, str]]]:
    """Serve a foreign site: path to content security policy and page, filled by the tests."""
    pages: dict[str, tuple[str, str]] = {}

    class Foreign(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            policy, text = pages.get(self.path, ("", "<!doctype html><title>empty</title>"))
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            if policy:
                self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, format: str, *args: object) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", PORTAL_PORT), Foreign)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield pages
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Debian's Chromium, headless."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=_WAIT_MS)
    if not shutil.which(CHROMIUM):
        if os.environ.get("CI") == "true":
            pytest.fail(f"no Chromium at {CHROMIUM}", pytrace=False)
        pytest.skip(f"no Chromium at {CHROMIUM}")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=_FLAGS)
        yield running
        running.close()


@dataclass
class Watch:
    """What the pages of a test did that they must not do."""

    outside: list[str] = field(default_factory=list)  # requests that would leave loopback
    errors: list[str] = field(default_factory=list)  # of the console and of scripts
    provoked: list[str] = field(default_factory=list)  # parts of the errors that the test provokes

    def surprises(self) -> list[str]:
        """Give the errors that the test does not provoke."""
        return [e for e in self.errors if not any(part in e for part in self.provoked)]


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Watch the pages: at the end none may have sent a request outside or logged an error."""
    watching = Watch()
    yield watching
    assert watching.outside == []
    assert watching.surprises() == []


NewPage = Callable[..., "Page"]


@pytest.fixture
def new_page(browser: Browser, watch: Watch) -> Iterator[NewPage]:
    """Give a maker of watched pages, each in a context of its own."""
    contexts: list[BrowserContext] = []

    def make(**options: object) -> Page:
        usual = {"locale": "zh-CN", "viewport": {"width": 1280, "height": 820}}
        context = browser.new_context(**{**usual, **options})  # type: ignore[arg-type]
        context.set_default_timeout(_WAIT_MS)
        contexts.append(context)
        context.on("request", lambda request: _note_outside(request.url, watch))
        page = context.new_page()
        page.on("pageerror", lambda error: watch.errors.append(str(error)))
        page.on("console", lambda m: watch.errors.append(m.text) if m.type == "error" else None)
        return page

    yield make
    for context in contexts:
        context.close()


def _note_outside(url: str, watch: Watch) -> None:
    host = url.split("/")[2].split(":")[0]
    if host not in ("127.0.0.1", "localhost") and not host.endswith(".test"):
        watch.outside.append(url)


@pytest.fixture
def page(new_page: NewPage, service: Service) -> Page:
    """Open the chat page."""
    return open_chat(new_page(), service.url)


def open_chat(page: Page, url: str, path: str = "/ui/") -> Page:
    """Open the chat page and wait until a question can be asked."""
    page.goto(url + path)
    page.locator("#chat .example, #chat .answer").first.wait_for()
    page.locator("#panel").wait_for(state="attached")
    return page


def ask(page: Page, question: str) -> Locator:
    """Ask on the chat page and give the whole answer."""
    before = page.locator("#chat .acts").count()
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").press("Enter")
    page.locator("#chat .acts").nth(before).wait_for()
    return page.locator("#chat .answer").last


def ask_and_reload(page: Page, question: str) -> None:
    """Ask on the chat page and load it anew, once gradio has closed the stream of the answer.

    A stream that is still open when the page goes away is an error in gradio's own client.
    """
    ended: list[str] = []
    for event in ("requestfinished", "requestfailed"):  # the client breaks off a stream at its end
        page.on(event, lambda request: ended.append(request.url))
    ask(page, question)
    deadline = time.monotonic() + 15
    while not any("/queue/data" in url for url in ended):
        assert time.monotonic() < deadline, "the stream of the answer stays open"
        page.wait_for_timeout(20)  # lets the events in
    page.reload()
