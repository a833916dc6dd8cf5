"""What the gate reads of a raw request, and how it answers one itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response
from starlette.types import Message, Receive, Scope

from ui.errors import ServiceError, TooLargeError
from ui.words import Language


@dataclass(frozen=True, slots=True)
class Asked:
    """The parts of a request that decide whether it may pass."""

    method: str
    path: str  # below the root path of a proxy
    scheme: str
    host: str
    client: str
    headers: Headers

    @property
    def origin(self) -> str | None:
        """The site that sends it, as its browser says."""
        return self.headers.get("origin")

    @property
    def referring_origin(self) -> str:
        """The site of the page that leads here or frames it, as its browser says; else empty."""
        parts = urlsplit(self.headers.get("referer", ""))
        return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""

    @property
    def changes(self) -> bool:
        """Whether it asks for more than reading."""
        return self.method not in ("GET", "HEAD", "OPTIONS")


def asked_of(scope: Scope) -> Asked:
    """Read a request."""
    headers = Headers(scope=scope)
    root = scope.get("root_path", "")
    return Asked(
        method=scope["method"],
        path=scope["path"].removeprefix(root) or "/",
        scheme=scope["scheme"],
        host=headers.get("host", ""),
        client=scope["client"][0] if scope.get("client") else "",
        headers=headers,
    )


async def read_body(receive: Receive, *, limit: int) -> Receive:
    """Read a body whole, and give it out again.

    Raises
    ------
    TooLargeError
        If it is longer than the limit; what is beyond is not read.
    """
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > limit:
            raise TooLargeError
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return again


def is_openai(path: str) -> bool:
    """Tell whether a path belongs to the OpenAI API, whose errors have a form of their own."""
    return path.startswith("/v1/")


def refusal(error: ServiceError, path: str, language: Language = "zh") -> Response:
    """Give an error as the answer to a request, in the language of the page that sends it."""
    headers = {"Retry-After": str(error.retry_after)} if error.retry_after else None
    body = error_body(error) if is_openai(path) else {"detail": error.in_language(language)}
    return JSONResponse(body, status_code=error.status, headers=headers)


def error_body(error: ServiceError) -> dict[str, Any]:
    """Give an error as the OpenAI API puts it."""
    kind, code = _OPENAI.get(error.status, ("invalid_request_error", None))
    return {"error": {"message": str(error), "type": kind, "param": None, "code": code}}


_OPENAI: dict[int, tuple[str, str | None]] = {
    401: ("authentication_error", "invalid_api_key"),
    403: ("permission_error", None),
    404: ("invalid_request_error", "model_not_found"),
    429: ("rate_limit_error", "rate_limit_exceeded"),
    503: ("server_error", "overloaded"),
}
