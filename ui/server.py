"""The web service: one application with the chat page, the API and the widget.

A request passes, from the outside in: the log, the security headers, the gate, CORS, the routes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.middleware.cors import CORSMiddleware

from ui.api import api_router
from ui.asking import Answering, Desk
from ui.asset_files import assets_router
from ui.auth import Access, Delay, Sessions, stored_secret
from ui.errors import BadRequestError, ServiceError
from ui.feedback import FeedbackStore
from ui.figure_pages import figure_pages_router
from ui.figures import FigureTable
from ui.figures_api import figures_router
from ui.garbage import collection_put_off
from ui.gate import Gate
from ui.headers import SecurityHeaders
from ui.login import login_router
from ui.logs import RequestLog, set_up_log
from ui.metrics import Metrics
from ui.openai_api import openai_router
from ui.origins import Origins, origins_of
from ui.pages import PAGES, mount_pages
from ui.requests import asked_of, is_openai, refusal
from ui.status import status_router
from ui.widget import widget_line, widget_router

if TYPE_CHECKING:
    from uvicorn import Server

    from assistant.settings import Settings

_LAST_SECONDS = 5  # that a stream may go on once the service is told to stop
_ABOUT = "Answers from one footnoted book, citing chapter and note exactly."


def create_app(
    assistant: Answering,
    settings: Settings,
    *,
    with_pages: bool = True,
    is_ready: Callable[[], bool] = lambda: True,
) -> FastAPI:
    """Build the application.

    Parameters
    ----------
    assistant : Answering
    settings : Settings
    with_pages : bool
        False leaves gradio's pages out, and the seconds that its import takes.
    is_ready : callable
        Tells whether questions are answered at once.

    Raises
    ------
    OriginSettingError, UserSettingError
        If the settings name an origin, a user or a key that is none.
    """
    metrics = Metrics()
    desk = Desk(
        assistant,
        metrics,
        waiting_limit=settings.waiting_limit,
        logs_questions=settings.log_questions,
    )
    origins = origins_of(settings)
    access = Access(
        settings.users,
        settings.api_keys,
        sessions=Sessions(stored_secret(settings.data_dir)),
        origins=origins,
    )
    app = FastAPI(title="Guide assistant", description=_ABOUT, docs_url=None, redoc_url=None)
    _guard(app, settings, access, origins, metrics)
    app.add_exception_handler(ServiceError, _answer_error)
    app.add_exception_handler(RequestValidationError, _answer_unreadable)
    app.include_router(api_router(desk, FeedbackStore(settings.data_dir)))
    table = FigureTable(desk.book)
    app.include_router(figures_router(table))
    app.include_router(
        figure_pages_router(table, is_digest=settings.is_digest, has_login=access.has_login)
    )
    app.include_router(openai_router(desk))
    app.include_router(status_router(metrics, is_ready))
    app.include_router(login_router(access, Delay()))
    app.include_router(
        widget_router(access, is_digest=settings.is_digest, public_url=settings.public_url)
    )
    app.include_router(assets_router())

    @app.get("/", include_in_schema=False)
    def home() -> Response:
        return RedirectResponse("ui/")

    if with_pages:
        mount_pages(app, desk, settings)
    return app


def serve(settings: Settings) -> None:
    """Serve the book until interrupted; the index opens while the page is already there.

    Raises
    ------
    BookError
        If the book cannot be read, the index cannot be opened or a setting is wrong.
    """
    set_up_log(as_json=settings.log_json)
    with collection_put_off():
        from ui.opening import OpeningAssistant

        assistant = OpeningAssistant(settings)
        app = create_app(assistant, settings, is_ready=lambda: assistant.is_ready)
    server = server_of(app, settings)

    def stop() -> None:
        server.should_exit = True

    assistant.start(failed=stop)
    url = settings.public_url or f"http://{settings.host}:{settings.port}"
    print(f"网页：{url}")
    print(
        f"嵌入代码（须先在 GUIDE_ALLOWED_ORIGINS 中列出对方网站）：\n{widget_line(url)}", flush=True
    )
    if settings.api_keys and not settings.users:
        print(_OPEN_DOORS, flush=True)
    server.run()
    assistant.check()


def server_of(app: FastAPI, settings: Settings) -> Server:
    """Give the server of an application: one process, since gradio's queue lives in it."""
    from uvicorn import Config, Server

    return Server(
        Config(
            app,
            host=settings.host,
            port=settings.port,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=_LAST_SECONDS,
        )
    )


def _guard(
    app: FastAPI, settings: Settings, access: Access, origins: Origins, metrics: Metrics
) -> None:
    pages = tuple(PAGES)
    # The last one added is the outermost. Without CORSMiddleware gradio adds its own, which
    # echoes any origin on a host name other than localhost.
    app.add_middleware(
        CORSMiddleware,
        allow_origins=sorted(origins.listed),
        allow_methods=["GET", "POST"],
        allow_headers=["Content-Type", "Authorization"],
    )
    app.add_middleware(
        Gate,
        pages=pages,
        origins=origins,
        access=access,
        max_body_bytes=settings.max_body_bytes,
        asks_per_minute=settings.asks_per_minute,
    )
    app.add_middleware(SecurityHeaders, pages=pages, origins=origins)
    app.add_middleware(RequestLog, metrics=metrics)


async def _answer_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, ServiceError)
    return refusal(error, asked_of(request.scope).path)


async def _answer_unreadable(request: Request, error: Exception) -> Response:
    """Say in Chinese what is wrong with a request, without giving its text back."""
    assert isinstance(error, RequestValidationError)
    first: dict[str, Any] = error.errors()[0]
    place = ".".join(map(str, first["loc"][1:])) or "请求正文"
    said = _TOO_LONG if first["type"] == "string_too_long" else _UNREADABLE
    detail = f"{place}：{said}"
    if is_openai(path := asked_of(request.scope).path):
        return refusal(BadRequestError(detail), path)
    return JSONResponse({"detail": detail}, status_code=422)


_OPEN_DOORS = (
    "注意：接口密钥只管程序经 /api/ask 和 /v1/ 提问；网页和挂件仍对能访问本服务的人开放。"
    "要整个服务都须登录，请设置 GUIDE_USERS。"
)
_TOO_LONG = "太长了，请缩短后再试。"
_UNREADABLE = "缺少内容，或内容不合要求。"
