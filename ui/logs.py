"""The log: one line a request and one an answer, without the question unless asked for."""

from __future__ import annotations

import logging
import time
from typing import Any

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.metrics import Metrics
from ui.requests import asked_of

_QUIET = ("/healthz", "/readyz", "/metrics", "/favicon.ico", "/manifest.json")
_FILES = ("/assets/", "/ui/assets/", "/ui/static/", "/en/assets/", "/en/static/")

log: Any = structlog.get_logger("guide")


def set_up_log(*, as_json: bool) -> None:
    """Choose how log lines look."""
    last: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=False,
    )


class RequestLog:
    """Writes and counts every request.

    Parameters
    ----------
    app : ASGIApp
    metrics : Metrics
    """

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and write down what became of it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked, began, status = asked_of(scope), time.perf_counter(), 500

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            self._metrics.request(_route(scope, asked.path), status)
            if asked.path not in _QUIET and not asked.path.startswith(_FILES):
                log.info(
                    "request",
                    method=asked.method,
                    path=asked.path,
                    status=status,
                    seconds=round(time.perf_counter() - began, 4),
                    client=asked.client,
                )


def _route(scope: Scope, path: str) -> str:
    """Name the route, so that a counter never grows with what visitors make up."""
    route = scope.get("route")
    known = getattr(route, "path", None)
    if known:
        return str(known)
    return "/" + path.split("/")[1] if path.startswith(("/ui/", "/en/")) else "other"
