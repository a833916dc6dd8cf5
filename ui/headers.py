"""The headers that every answer carries: what a browser may load, and who may frame it."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.origins import Origins
from ui.requests import asked_of

# gradio's page writes styles into elements and compiles its templates, hence the two "unsafe".
_GRADIO = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'self'"
)
_PLAIN = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors "
)
_NOTHING = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_PLAIN_PAGES = ("/login", "/widget-demo", "/figures", "/surveys")


class SecurityHeaders:
    """Adds the headers to what the application answers.

    Parameters
    ----------
    app : ASGIApp
    pages : sequence of str
        Where gradio is mounted: "/ui".
    origins : Origins
        Who may frame the widget's page.
    """

    def __init__(self, app: ASGIApp, *, pages: Sequence[str], origins: Origins) -> None:
        self._app = app
        self._pages = pages
        self._framers = " ".join(["'self'", *sorted(origins.listed)])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and add the headers to its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = asked_of(scope)

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_ALWAYS)
                headers["Content-Security-Policy"] = self._policy(asked.path)
                public = asked.path in ("/widget.js", "/embed")
                sharing = "cross-origin" if public else "same-origin"
                headers["Cross-Origin-Resource-Policy"] = sharing
                headers.add_vary_header("Origin")
                if not public:
                    headers["X-Frame-Options"] = "SAMEORIGIN"
                if asked.path.startswith(("/api/", "/v1/")):
                    headers.setdefault("Cache-Control", "no-store")
                if asked.scheme == "https":
                    headers["Strict-Transport-Security"] = "max-age=31536000"
            await send(message)

        await self._app(scope, receive, with_headers)

    def _policy(self, path: str) -> str:
        if any(path == page or path.startswith(f"{page}/") for page in self._pages):
            return _GRADIO
        if path == "/embed":
            return _PLAIN + self._framers
        if path in _PLAIN_PAGES:
            return _PLAIN + "'self'"
        return _NOTHING
