"""Whether the service lives, is ready, and what it has counted."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse, Response

from ui.metrics import Metrics


def status_router(metrics: Metrics, is_ready: Callable[[], bool]) -> APIRouter:
    """Give the routes that operators and their tools read."""
    router = APIRouter()

    @router.get("/healthz", response_class=PlainTextResponse, summary="The process lives")
    async def health() -> str:
        return "ok"

    @router.get(
        "/readyz",
        response_class=PlainTextResponse,
        summary="Questions are answered at once",
        responses={503: {"description": "The index is still being opened"}},
    )
    async def ready() -> Response:
        if is_ready():
            return PlainTextResponse("ok")
        return PlainTextResponse("opening", status_code=503)

    @router.get("/metrics", response_class=PlainTextResponse, summary="Prometheus metrics")
    async def counted() -> Response:
        return Response(metrics.exposition(), media_type="text/plain; version=0.0.4; charset=utf-8")

    return router
