"""The login page: a plain form, no script."""

from __future__ import annotations

from html import escape
from string import Template
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from ui.asset_files import asset, asset_link
from ui.auth import COOKIE, SESSION_SECONDS, Access, Delay

_WRONG = "用户名或密码不对，请再试一次。"


def login_router(access: Access, delay: Delay) -> APIRouter:
    """Give the routes of logging in and out."""
    router = APIRouter(include_in_schema=False)

    @router.get("/login")
    def form() -> Response:
        return _form("")

    @router.post("/login")
    async def log_in(request: Request) -> Response:
        fields = dict(parse_qsl((await request.body()).decode(errors="replace")))
        client = request.client.host if request.client else ""
        async with delay.turn(client) as attempt:
            cookie = await access.log_in(fields.get("name", ""), fields.get("password", ""))
            attempt.succeeded = cookie is not None
        if cookie is None:
            return _form(_WRONG, status=401)
        reply = RedirectResponse("ui/", status_code=303)
        reply.set_cookie(
            COOKIE,
            cookie,
            max_age=SESSION_SECONDS,
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )
        return reply

    @router.get("/logout")
    def log_out() -> Response:
        reply = RedirectResponse("login", status_code=303)
        reply.delete_cookie(COOKIE)
        return reply

    return router


def _form(said: str, *, status: int = 200) -> Response:
    page = Template(asset("login.html")).substitute(
        panel_css=asset_link("panel.css"), login_css=asset_link("login.css"), said=escape(said)
    )
    return HTMLResponse(page, status_code=status, headers={"Cache-Control": "no-store"})
