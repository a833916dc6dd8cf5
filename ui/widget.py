"""The widget: its loader, the light page in its frame, a page that shows it, the line to paste."""

from __future__ import annotations

from html import escape
from string import Template

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from ui.asset_files import asset, asset_link, text_file
from ui.auth import Access
from ui.requests import asked_of

_SOON = "public, max-age=300"  # hosts name the loader without a version


def widget_line(url: str) -> str:
    """Give the line that puts the widget into a page."""
    return f'<script src="{url.rstrip("/")}/widget.js" data-title="问指南" async></script>'


def widget_router(access: Access, *, is_digest: bool, public_url: str | None) -> APIRouter:
    """Give the routes of the widget."""
    router = APIRouter(include_in_schema=False)

    @router.get("/widget.js")
    def loader(request: Request) -> Response:
        kind = "text/javascript; charset=utf-8"
        return text_file(request, asset("widget.js"), kind, keeps=_SOON)

    @router.get("/embed")
    def embed(request: Request) -> Response:
        page = Template(asset("embed.html")).substitute(
            css=asset_link("frame.css"),
            js=asset_link("frame.js"),
            edition="（摘要版）" if is_digest else "",
            widget_pass=escape(access.widget_pass(asked_of(request.scope))),
        )
        return text_file(request, page, "text/html; charset=utf-8", keeps="no-store")

    @router.get("/widget-demo")
    def demo(request: Request) -> Response:
        line = escape(widget_line(public_url or str(request.base_url)))
        page = Template(asset("demo.html")).substitute(demo_css=asset_link("demo.css"), line=line)
        return HTMLResponse(page)

    return router
