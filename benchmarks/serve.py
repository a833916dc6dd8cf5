"""Measure the web service: start, first byte, fifty askers at once, the widget's opening.

Run ``python benchmarks/serve.py`` from the repository's root; ``--json`` prints one object. It
starts ``guide serve`` on the book of the settings, on loopback, and asks it the golden questions.
The browser's figures are left out where there is no Chromium.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import socket
from statistics import median, quantiles

import httpx

_ROOT = Path(__file__).parents[1]
_SERVE = "from assistant.settings import Settings\nfrom ui.server import serve\nserve(Settings())"
_INDEX = (
    "from assistant.settings import Settings\n"
    "from assistant.pipeline import open_assistant\nopen_assistant(Settings())"
)
_ASKERS = 50
_WARM = 40  # questions one after the other
_CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
_FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")


def main() -> None:
    """Measure, and print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    as_json = parser.parse_args().json
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(Path(folder))
    if as_json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name:<34}{value:>9}")


def measure(folder: Path) -> dict[str, float]:
    """Start the service on a built index and measure it; seconds, but for the count of errors."""
    environment = os.environ | {
        "GUIDE_DATA_DIR": os.environ.get("GUIDE_DATA_DIR", str(folder)),
        "GUIDE_ASKS_PER_MINUTE": "100000",
        "PYTHONPATH": str(_ROOT),
    }
    subprocess.run([sys.executable, "-c", _INDEX], env=environment, check=True, cwd=_ROOT)
    questions = _questions()
    with _service(environment, folder) as (url, started):
        figures = {"start_to_health_s": round(time.perf_counter() - started, 2)}
        if shutil.which(_CHROMIUM):
            figures |= _in_browser(url, started)
        figures["start_to_ready_s"] = _until_ready(url, started)
        figures |= _one_by_one(url, questions)
        figures |= asyncio.run(_all_at_once(url, questions))
    return figures


@contextmanager
def _service(environment: dict[str, str], folder: Path) -> Iterator[tuple[str, float]]:
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    started = time.perf_counter()
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", _SERVE],
            env=environment | {"GUIDE_PORT": str(port)},
            stdout=log,
            stderr=log,
            cwd=_ROOT,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        while True:
            if process.poll() is not None or time.perf_counter() - started > 120:
                raise SystemExit((folder / "log").read_text())
            try:
                httpx.get(f"{url}/healthz", timeout=1, trust_env=False)
                break
            except httpx.TransportError:
                time.sleep(0.02)  # between two looks at another process
        yield url, started
    finally:
        process.terminate()
        process.wait(20)


def _until_ready(url: str, started: float) -> float:
    while httpx.get(f"{url}/readyz", trust_env=False).status_code != 200:
        time.sleep(0.02)  # between two looks at another process
    return round(time.perf_counter() - started, 2)


def _in_browser(url: str, started: float) -> dict[str, float]:
    """Time the page from the start of the service, then the widget from the click."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        began = time.perf_counter()
        browser = playwright.chromium.launch(executable_path=_CHROMIUM, args=_FLAGS)
        launching = time.perf_counter() - began
        page = browser.new_page(locale="zh-CN")
        page.goto(f"{url}/ui/")
        page.locator("#chat .example").first.wait_for()
        usable = time.perf_counter() - started - launching
        opening = []
        for _ in range(5):
            page.goto(f"{url}/widget-demo")
            page.wait_for_function("() => Boolean(window.GuideWidget)")
            opening.append(
                page.evaluate(
                    """() => new Promise((resolve, reject) => {
                        const clicked = performance.now();
                        addEventListener("guide:refused", () => reject(new Error("refused")));
                        addEventListener("guide:ready", () => resolve(performance.now() - clicked));
                        GuideWidget.open();
                    })"""
                )
            )
        browser.close()
    return {
        "start_to_usable_page_s": round(usable, 2),
        "widget_click_to_usable_p50_s": round(median(opening) / 1000, 3),
    }


def _one_by_one(url: str, questions: list[str]) -> dict[str, float]:
    """Ask one question after the other, warm: first byte of the stream, whole JSON answer."""
    first, sentence, whole = [], [], []
    with httpx.Client(base_url=url, trust_env=False, timeout=30) as client:
        client.post("/api/ask", json={"question": questions[0]})
        for question in questions[:_WARM]:
            began = time.perf_counter()
            headers = {"Accept": "text/event-stream"}
            with client.stream(
                "POST", "/api/ask", json={"question": question}, headers=headers
            ) as reply:
                pieces = reply.iter_text()
                seen = next(pieces)
                first.append(time.perf_counter() - began)
                while "event: sentence" not in seen:
                    seen = next(pieces)
                sentence.append(time.perf_counter() - began)
                for _ in pieces:
                    pass
            began = time.perf_counter()
            client.post("/api/ask", json={"question": question}).raise_for_status()
            whole.append(time.perf_counter() - began)
    return {
        "first_byte_p50_s": round(median(first), 4),
        "first_sentence_p50_s": round(median(sentence), 4),
        "json_answer_p50_s": round(median(whole), 4),
    }


async def _all_at_once(url: str, questions: list[str]) -> dict[str, float]:
    """Let fifty readers ask a different question each at the same moment."""
    limits = httpx.Limits(max_connections=_ASKERS)
    async with httpx.AsyncClient(
        base_url=url, trust_env=False, timeout=60, limits=limits
    ) as client:

        async def one(question: str) -> tuple[float, bool]:
            began = time.perf_counter()
            reply = await client.post("/api/ask", json={"question": question})
            return time.perf_counter() - began, reply.status_code == 200

        asked = [questions[number % len(questions)] for number in range(_ASKERS)]
        done = await asyncio.gather(*map(one, asked))
    seconds = [taken for taken, _ in done]
    return {
        "askers_at_once": _ASKERS,
        "askers_errors": sum(not right for _, right in done),
        "askers_p50_s": round(median(seconds), 3),
        "askers_p95_s": round(quantiles(seconds, n=20)[-1], 3),
    }


def _questions() -> list[str]:
    lines = (_ROOT / "evals" / "golden.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["question"] for line in lines[: 2 * _ASKERS]]


if __name__ == "__main__":
    main()
