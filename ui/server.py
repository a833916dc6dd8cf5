"""The web service: one application with the chat page, the API and the widget."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.middleware.cors import CORSMiddleware

from ui.api import api_router
from ui.asking import Desk
from ui.asset_files import assets_router
from ui.errors import ServiceError
from ui.feedback import FeedbackStore
from ui.metrics import Metrics
from ui.status import status_router
from ui.words import WORDS, Words

if TYPE_CHECKING:
    from assistant.pipeline import Assistant
    from assistant.settings import Settings

PAGES: dict[str, Words] = {"/ui": WORDS["zh"], "/en": WORDS["en"]}


def create_app(assistant: Assistant, settings: Settings) -> FastAPI:
    """Build the application."""
    metrics = Metrics()
    desk = Desk(assistant, metrics, waiting_limit=settings.waiting_limit)
    app = FastAPI(title="Guide assistant", docs_url=None, redoc_url=None)
    app.add_exception_handler(ServiceError, _answer_error)
    # Without it gradio's own CORS echoes any origin on a host name other than localhost.
    app.add_middleware(
        CORSMiddleware,
        allow_origins=list(settings.allowed_origins),
        allow_methods=["GET", "POST"],
        allow_headers=["Content-Type", "Authorization"],
    )
    app.include_router(api_router(desk, FeedbackStore(settings.data_dir)))
    app.include_router(assets_router())
    app.include_router(status_router(metrics))

    @app.get("/", include_in_schema=False)
    def home() -> Response:
        return RedirectResponse("ui/")

    for path, words in PAGES.items():
        app = _mount_page(app, path, desk, words, settings)
    return app


def serve(settings: Settings) -> None:
    """Open the book and serve it until interrupted."""
    import uvicorn

    from assistant.pipeline import open_assistant

    app = create_app(open_assistant(settings), settings)
    uvicorn.run(app, host=settings.host, port=settings.port, log_level="warning")


def _mount_page(
    app: FastAPI, path: str, desk: Desk, words: Words, settings: Settings
) -> FastAPI:
    # Read at import: without it gradio looks up hosts outside.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    import gradio

    from ui.page import build_page
    from ui.theme import head_of, theme

    page = build_page(
        desk, words, is_digest=settings.is_digest, has_login=bool(settings.users)
    )
    page.queue(default_concurrency_limit=16, max_size=settings.waiting_limit, api_open=False)
    return gradio.mount_gradio_app(
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
        show_error=True,
        max_file_size="1kb",
        theme=theme(),
        head=head_of(words),
    )


async def _answer_error(_request: Request, error: Exception) -> Response:
    assert isinstance(error, ServiceError)
    headers = {"Retry-After": str(error.retry_after)} if error.retry_after else None
    return JSONResponse({"detail": str(error)}, status_code=error.status, headers=headers)
