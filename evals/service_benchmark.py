"""How fast ``guide serve`` is: ``make bench``.

- from the start of the process, with the index built, to a first reply, a page on which a question
  can be asked, and an open index;
- the widget, from the click until it can be typed in;
- warm, one question after the other: first byte, first sentence, whole answer;
- many readers who ask a different question each at the same moment.

Each start is a fresh process on loopback, asked by clients on the same machine. What a browser
shows is left out where there is no Chromium. Nothing is waited for without a limit.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass
from itertools import cycle, islice
from pathlib import Path
from socket import socket
from typing import TYPE_CHECKING

import numpy as np

from assistant.settings import Settings
from evals.dataset import GOLDEN, read_items
from evals.errors import EvaluationError
from evals.speed_benchmark import run_guide

if TYPE_CHECKING:
    from httpx import Client
    from playwright.sync_api import Browser, Page

_STARTS = 3
_WARM = 40  # questions asked one after the other
_ASKERS = 50  # at the same moment
_ROUNDS = 3  # of askers
_OPENINGS = 5  # of the widget
_LIMIT = 60.0  # seconds that anything may take
_CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
_FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")
_CLICK = """(limit) => new Promise((resolve, reject) => {
    const clicked = performance.now();
    setTimeout(() => reject(new Error("the widget does not open")), limit);
    addEventListener("guide:refused", () => reject(new Error("the widget is refused")));
    addEventListener("guide:ready", () => resolve((performance.now() - clicked) / 1000));
    GuideWidget.open();
})"""


@dataclass(frozen=True, slots=True)
class Start:
    """One start of the service: seconds from the start of its process."""

    replies: float  # the first reply
    page: float | None  # a question can be asked; None where there is no browser
    index: float  # the index is open
    widget: float | None  # from the click until it can be typed in, median; None as above


@dataclass(frozen=True, slots=True)
class Alone:
    """What one reader waits for an answer, median seconds over all questions."""

    questions: int
    first_byte: float  # of the stream
    first_sentence: float
    whole: float  # the answer as JSON


@dataclass(frozen=True, slots=True)
class Together:
    """What readers wait who ask at the same moment, in seconds over all rounds."""

    askers: int
    rounds: int
    errors: int  # replies that are no answer
    p50: float
    p95: float


@dataclass(frozen=True, slots=True)
class ServiceSpeed:
    """All that one run measured."""

    machine: str
    load: float  # of the machine in the minute before
    book: str
    starts: tuple[Start, ...]
    alone: Alone
    together: Together


class ServiceDownError(EvaluationError):
    """The service that is to be measured does not come up, or ends."""

    def __init__(self, log: str) -> None:
        said = log.strip()[-400:] or "没有输出"
        super().__init__(
            f"guide serve 没有起来，或中途结束了（service down）：{said}。"
            "请先单独运行 guide serve，看它能否成功。"
        )
        self.log = log


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m evals.service_benchmark", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON")
    as_json = parser.parse_args(arguments).json
    speed = measure(Settings())
    print(json.dumps(asdict(speed), ensure_ascii=False, indent=2) if as_json else table(speed))


def measure(
    settings: Settings,
    *,
    starts: int = _STARTS,
    warm: int = _WARM,
    askers: int = _ASKERS,
    in_browser: bool = shutil.which(_CHROMIUM) is not None,
) -> ServiceSpeed:
    """Measure the service on one book.

    Parameters
    ----------
    settings : Settings
        Name the book and the embedder; the index is built in a folder of its own, and not counted.
    starts, warm, askers : int
        How often the service is started, how many questions are asked one after the other and at
        the same moment; from 1.
    in_browser : bool
        Whether to measure page and widget as well, in Chromium.

    Raises
    ------
    FailedCommandError, ServiceDownError
        If the index cannot be built, or the service does not come up.
    """
    questions = [item.question for item in islice(cycle(read_items(GOLDEN)), _ROUNDS * askers)]
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="guide-service-") as name:
        own = settings.model_copy(update={"data_dir": Path(name)})
        run_guide(["ingest"], own)
        with _browser() if in_browser else nullcontext() as browser:
            begun = tuple(_start(own, browser) for _ in range(starts))
        # Without the browser: Playwright keeps a loop running, in which no other can be run.
        with _service(own) as (url, _, _):
            return ServiceSpeed(
                machine=f"{platform.machine()}, {os.cpu_count()} cores, "
                f"Python {platform.python_version()}",
                load=load,
                book=settings.book.name,
                starts=begun,
                alone=_one_by_one(url, questions[:warm]),
                together=_together(url, questions, askers),
            )


def table(speed: ServiceSpeed) -> str:
    """Lay the figures out for reading."""
    starts, alone, together = speed.starts, speed.alone, speed.together
    rows = [
        ("start to first reply", [start.replies for start in starts]),
        ("start to usable page", [start.page for start in starts if start.page]),
        ("start to open index", [start.index for start in starts]),
        ("widget, click to usable", [start.widget for start in starts if start.widget]),
    ]
    lines = [f"{speed.book}; {speed.machine}; load {speed.load:.1f}"]
    lines += [f"{f'{len(starts)} starts':<34}{'median':>10}{'best':>10}"]
    lines += [
        f"{name:<34}{np.median(seconds):>8.2f} s{min(seconds):>8.2f} s"
        for name, seconds in rows
        if seconds
    ]
    for name, seconds in (
        ("warm, first byte, p50", alone.first_byte),
        ("warm, first sentence, p50", alone.first_sentence),
        ("warm, whole answer, p50", alone.whole),
    ):
        lines.append(f"{name:<34}{1000 * seconds:>7.0f} ms")
    lines.append(f"{f'{together.askers} at once, p50':<34}{together.p50:>8.2f} s")
    lines.append(f"{f'{together.askers} at once, p95':<34}{together.p95:>8.2f} s")
    lines.append(f"{f'{together.askers} at once, errors':<34}{together.errors:>8}")
    return "\n".join(lines)


@contextmanager
def _service(settings: Settings) -> Iterator[tuple[str, float, float]]:
    """Run the service; gives its address, when it was started, and seconds until its first reply.

    Its output goes to a file: a pipe that nobody empties would stop it once it is full.
    """
    import httpx

    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    named = {
        "GUIDE_BOOK": str(settings.book),
        "GUIDE_DATA_DIR": str(settings.data_dir),
        "GUIDE_EMBEDDER": settings.embedder,
        "GUIDE_HOST": "127.0.0.1",
        "GUIDE_PORT": str(port),
        "GUIDE_ASKS_PER_MINUTE": "100000",
    }
    with tempfile.TemporaryFile() as log:
        started = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "ui.cli", "serve"],
            env={**os.environ, **named},
            stdout=log,
            stderr=log,
        )
        try:
            with httpx.Client(timeout=1, trust_env=False) as client:  # made once: it takes a while
                while not _answers(client, f"{url}/healthz"):
                    if process.poll() is not None or time.perf_counter() - started > _LIMIT:
                        log.seek(0)
                        raise ServiceDownError(log.read().decode(errors="replace"))
                    time.sleep(0.02)  # between two looks at another process
            yield url, started, time.perf_counter() - started
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _answers(client: Client, url: str) -> bool:
    import httpx

    try:
        return client.get(url).status_code == 200
    except httpx.TransportError:
        return False


@contextmanager
def _browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_CHROMIUM, args=_FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def _start(settings: Settings, browser: Browser | None) -> Start:
    """Start the service, and time what follows the first reply without a pause."""
    import httpx

    with _service(settings) as (url, started, replies):
        page = _usable(url, browser) - started if browser else None
        with httpx.Client(trust_env=False) as client:
            while not _answers(client, f"{url}/readyz"):
                if time.perf_counter() - started > _LIMIT:
                    raise ServiceDownError("the index does not open")
                time.sleep(0.02)  # between two looks at another process
        index = time.perf_counter() - started
        return Start(replies, page, index, _widget(url, browser) if browser else None)


def _usable(url: str, browser: Browser) -> float:
    """Open the chat page; gives the moment at which a question can be asked."""
    page = _page(browser)
    page.goto(f"{url}/ui/")
    page.locator("#chat .example").first.wait_for()
    usable = time.perf_counter()
    page.close()
    return usable


def _widget(url: str, browser: Browser) -> float:
    page = _page(browser)
    seconds = []
    for _ in range(_OPENINGS):
        page.goto(f"{url}/widget-demo")
        page.wait_for_function("() => Boolean(window.GuideWidget)")
        seconds.append(page.evaluate(_CLICK, 1000 * _LIMIT))
    page.close()
    return float(np.median(seconds))


def _page(browser: Browser) -> Page:
    page = browser.new_page(locale="zh-CN")
    page.set_default_timeout(1000 * _LIMIT)
    return page


def _one_by_one(url: str, questions: Sequence[str]) -> Alone:
    """Ask one question after the other: once as a stream, once for the whole answer."""
    import httpx

    first, sentence, whole = [], [], []
    with httpx.Client(base_url=url, trust_env=False, timeout=_LIMIT) as client:
        client.post("/api/ask", json={"question": questions[0]})
        for question in questions:
            asked = {"question": question}
            began, seen = time.perf_counter(), []
            headers = {"Accept": "text/event-stream"}
            with client.stream("POST", "/api/ask", json=asked, headers=headers) as reply:
                for piece in reply.iter_text():
                    seen.append((time.perf_counter() - began, "event: sentence" in piece))
            first.append(seen[0][0])
            sentence.append(next(seconds for seconds, spoken in seen if spoken))
            began = time.perf_counter()
            client.post("/api/ask", json=asked).raise_for_status()
            whole.append(time.perf_counter() - began)
    return Alone(
        questions=len(questions),
        first_byte=float(np.median(first)),
        first_sentence=float(np.median(sentence)),
        whole=float(np.median(whole)),
    )


def _together(url: str, questions: Sequence[str], askers: int) -> Together:
    rounds = [questions[begin : begin + askers] for begin in range(0, len(questions), askers)]
    replies = [reply for asked in rounds for reply in asyncio.run(_all_at_once(url, asked))]
    p50, p95 = np.quantile([seconds for seconds, _ in replies], [0.5, 0.95])
    return Together(
        askers=askers,
        rounds=len(rounds),
        errors=sum(not answered for _, answered in replies),
        p50=float(p50),
        p95=float(p95),
    )


async def _all_at_once(url: str, questions: Sequence[str]) -> list[tuple[float, bool]]:
    """Ask every question at the same moment; gives seconds and whether it was answered."""
    import httpx

    limits = httpx.Limits(max_connections=len(questions))
    async with httpx.AsyncClient(
        base_url=url, trust_env=False, timeout=_LIMIT, limits=limits
    ) as client:

        async def one(question: str) -> tuple[float, bool]:
            began = time.perf_counter()
            try:
                reply = await client.post("/api/ask", json={"question": question})
            except httpx.HTTPError:
                return time.perf_counter() - began, False
            return time.perf_counter() - began, reply.status_code == 200

        return list(await asyncio.gather(*map(one, questions)))


if __name__ == "__main__":
    main()
