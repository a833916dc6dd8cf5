"""The gate: lets through what the page, the API and the widget need, and answers the rest itself.

It is plain ASGI, because Starlette's ``BaseHTTPMiddleware`` holds back streams.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.auth import Access
from ui.errors import (
    ForbiddenError,
    MediaTypeError,
    NotHereError,
    ServiceError,
    TooLargeError,
    TooOftenError,
    UnauthorisedError,
    WrongHostError,
)
from ui.limits import RateLimit
from ui.origins import Origins
from ui.requests import Asked, asked_of, read_body, refusal
from ui.words import Language

# All that gradio 6.31's own page calls. The rest (upload, call by name, file, openapi, …) is shut:
# `api_visibility="private"` only hides a function, it does not close it.
_GRADIO = re.compile(
    r"/(?:|config|theme\.css|assets/[\w./-]+|static/[\w./-]+"
    r"|gradio_api/(?:queue/join|queue/data|run/predict|heartbeat/\w+|startup-events|cancel|reset))"
)
_ASKS = re.compile(r"/api/ask|/v1/chat/completions|/\w+/gradio_api/queue/join")
_PROGRAMS = ("/api/", "/v1/")
_SAYS = re.compile(r"/api/feedback")
_PUBLIC = re.compile(r"/widget\.js|/healthz|/readyz|/favicon\.ico|/manifest\.json")


class Gate:
    """Stands before the application.

    Parameters
    ----------
    app : ASGIApp
    pages : sequence of str
        Where gradio is mounted: "/ui".
    origins : Origins
    access : Access
    max_body_bytes : int
    asks_per_minute : int
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        pages: Sequence[str],
        origins: Origins,
        access: Access,
        max_body_bytes: int,
        asks_per_minute: int,
    ) -> None:
        self._app = app
        self._pages = pages
        self._origins = origins
        self._access = access
        self._max_body_bytes = max_body_bytes
        self._asks = RateLimit(asks_per_minute)
        self._says = RateLimit(asks_per_minute)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it."""
        if scope["type"] == "websocket":
            return
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        asked = asked_of(scope)
        try:
            self._check_host(asked)
            self._check_route(asked)
            self._check_origin(asked)
            self._check_length(asked)
            self._access.check(asked)
            self._check_rate(asked)
            if asked.changes:
                receive = await read_body(receive, limit=self._max_body_bytes)
        except ServiceError as error:
            await self._refuse(error, asked, scope, receive, send)
            return
        await self._app(scope, receive, send)

    async def _refuse(
        self, error: ServiceError, asked: Asked, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Answer with the error, or lead a person to the login."""
        if asked.changes and not isinstance(error, TooLargeError):
            # A connection closed over an unread body could lose the answer on its way.
            with suppress(TooLargeError):
                await read_body(receive, limit=self._max_body_bytes)
        lost = isinstance(error, UnauthorisedError) and _is_page(asked)
        reply = (
            RedirectResponse(_login(asked), 303)
            if lost
            else refusal(error, asked.path, _language(asked))
        )
        await reply(scope, receive, send)

    def _check_host(self, asked: Asked) -> None:
        if not self._origins.knows_host(asked.host):
            raise WrongHostError

    def _check_route(self, asked: Asked) -> None:
        for page in self._pages:
            if asked.path.startswith(f"{page}/"):
                rest = asked.path.removeprefix(page)
                if not _GRADIO.fullmatch(rest) or ".." in rest:
                    raise NotHereError

    def _check_origin(self, asked: Asked) -> None:
        origin = asked.origin
        if origin is None or _PUBLIC.fullmatch(asked.path):
            return
        own = self._origins.is_own(origin, scheme=asked.scheme, host=asked.host)
        if not own and not (asked.path.startswith(_PROGRAMS) and origin in self._origins.listed):
            raise ForbiddenError

    def _check_length(self, asked: Asked) -> None:
        length = asked.headers.get("content-length", "")
        if length.isdecimal() and int(length) > self._max_body_bytes:
            raise TooLargeError
        is_json = asked.headers.get("content-type", "").split(";")[0] == "application/json"
        if asked.method == "POST" and asked.path.startswith(_PROGRAMS) and not is_json:
            raise MediaTypeError

    def _check_rate(self, asked: Asked) -> None:
        for route, limit in ((_ASKS, self._asks), (_SAYS, self._says)):
            if asked.method == "POST" and route.fullmatch(asked.path):
                wait = limit.take(asked.client)
                if wait is not None:
                    raise TooOftenError(retry_after=wait)


def _is_page(asked: Asked) -> bool:
    """Tell whether a person opens a page, who can log in."""
    return asked.method == "GET" and "text/html" in asked.headers.get("accept", "")


def _language(asked: Asked) -> Language:
    return "en" if asked.path.startswith("/en/") else "zh"


def _login(asked: Asked) -> str:
    """Give the way to the login from a page, below whatever path a proxy puts before it."""
    return "../" * (asked.path.count("/") - 1) + "login"
