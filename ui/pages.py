"""gradio's pages, mounted beside our own routes; the import of gradio, and what it must not do."""

from __future__ import annotations

import inspect
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from fastapi import FastAPI

from ui.asking import Desk
from ui.words import WORDS, Words

if TYPE_CHECKING:
    from assistant.settings import Settings

PAGES: dict[str, Words] = {"/ui": WORDS["zh"], "/en": WORDS["en"]}


def mount_pages(app: FastAPI, desk: Desk, settings: Settings) -> None:
    """Mount the chat page in each of its languages."""
    # Read at import: without it gradio looks up hosts outside.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    with _no_stubs():
        import gradio

        from ui.page import build_page
        from ui.theme import head_of, theme

        for path, words in PAGES.items():
            page = build_page(
                desk,
                words,
                is_digest=settings.is_digest,
                has_login=bool(settings.users),
                mode="llm" if settings.llm else "extractive",
            )
            # The desk makes questions wait or turns them away: gradio would say so in English.
            page.queue(default_concurrency_limit=None, api_open=False)
            gradio.mount_gradio_app(
                app,
                page,
                path,
                app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
                footer_links=[],
                run_history=False,
                pwa=False,
                mcp_server=False,
                ssr_mode=False,
                enable_monitoring=False,
                show_error=False,
                max_file_size="1kb",
                theme=theme(),
                head=head_of(words),
            )


@contextmanager
def _no_stubs() -> Iterator[None]:
    """Keep gradio from writing type stubs into its own installation.

    At import gradio parses the source of each of its components to write a stub for editors: half
    of the time that its import takes, and a write outside the data folder. It leaves out a class
    whose file cannot be told; so for its classes it is not told.
    """
    told = inspect.getfile

    def getfile(thing: Any) -> str:  # noqa: ANN401
        if isinstance(thing, type) and thing.__module__.startswith("gradio."):
            raise OSError("the stub of this class is not wanted")
        return told(thing)

    with patch.object(inspect, "getfile", getfile):
        yield
