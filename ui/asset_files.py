"""The files that the browser loads from us: scripts, styles, icon, widget."""

from __future__ import annotations

import re
from functools import cache
from gzip import compress
from hashlib import sha256
from importlib.resources import files

from fastapi import APIRouter, Request
from fastapi.responses import Response

from ui.errors import NotHereError

_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}
# Sent as one: fewer requests before the widget can be used, and less to send.
_JOINED = {"frame.js": ("panel.js", "embed.js"), "frame.css": ("panel.css", "embed.css")}
_COMMENT = re.compile(r"^\s*//.*\n", re.MULTILINE)  # on a line of its own
_YEAR = "public, max-age=31536000, immutable"


@cache
def asset(name: str) -> str:
    """Give the text of an asset, or of those sent as one; comments of scripts stay here."""
    if name in _JOINED:
        return "".join(map(asset, _JOINED[name]))
    text = (files("ui") / "assets" / name).read_text("utf-8")
    return _COMMENT.sub("", text) if name.endswith(".js") else text


@cache
def version(name: str) -> str:
    """Give a short hash of an asset, so that a browser never keeps an old one."""
    return sha256(asset(name).encode()).hexdigest()[:10]


def asset_link(name: str) -> str:
    """Give the address of an asset below the application's root."""
    return f"assets/{name}?v={version(name)}"


def assets_router() -> APIRouter:
    """Give the routes of the files."""
    router = APIRouter(include_in_schema=False)

    @router.get("/assets/{name}")
    def served(name: str, request: Request) -> Response:
        kind = name.rpartition(".")[2]
        if kind not in _TYPES or "/" in name or ".." in name:
            raise NotHereError
        try:
            return text_file(request, asset(name), _TYPES[kind])
        except FileNotFoundError as error:
            raise NotHereError from error

    @router.get("/favicon.ico")
    def favicon(request: Request) -> Response:
        return text_file(request, asset("icon.svg"), _TYPES["svg"])

    @router.get("/manifest.json")
    def manifest(request: Request) -> Response:
        text = '{"name": "CEO 生成式 AI 行动指南", "short_name": "指南问答", "display": "browser"}'
        return text_file(request, text, "application/manifest+json")

    return router


def text_file(request: Request, text: str, media_type: str, *, keeps: str = _YEAR) -> Response:
    """Answer with a text that is the same for all, packed where the browser takes it so."""
    headers = {"Cache-Control": keeps, "Vary": "Accept-Encoding"}
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(text, media_type=media_type, headers=headers)
    packed = {**headers, "Content-Encoding": "gzip"}
    return Response(_packed(text), media_type=media_type, headers=packed)


@cache
def _packed(text: str) -> bytes:
    return compress(text.encode(), mtime=0)
