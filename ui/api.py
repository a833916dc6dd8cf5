"""The API for programs: questions, chapters, notes, passages, feedback."""

from __future__ import annotations

import uuid
from contextlib import aclosing
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from assistant.answer import Answer, Question
from ui.asking import Desk
from ui.content import NoteView, PassageView, view_note, view_passage
from ui.errors import NotHereError
from ui.feedback import Feedback, FeedbackStore
from ui.outline import Chapter, ChapterName, describe_chapter, name_chapters
from ui.stream import events_of

_EXAMPLE = {
    "question": "多少受访 CEO 把数据的沿袭和来源看作障碍？",
    "history": [{"role": "user", "content": "第 4 章讲什么？"}],
}
_SSE = {
    "text/event-stream": {
        "schema": {"type": "string"},
        "example": 'event: sentence\ndata: {"text": "…[第4章·注43]", "replaces": false}\n\n',
    }
}


class Problem(BaseModel):
    """Why a request was not answered, in a sentence for the reader."""

    detail: str


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Describe the errors that a route answers with."""
    return {status: {"model": Problem} for status in statuses}


def api_router(desk: Desk, feedback: FeedbackStore) -> APIRouter:
    """Give the routes below ``/api``."""
    router = APIRouter(prefix="/api")
    book = desk.book

    @router.post(
        "/ask",
        response_model=Answer,
        summary="Ask a question",
        description="Answers as JSON, or as server-sent events with `Accept: text/event-stream`: "
        "`retrieval`, `sentence`, `citation`, `draft`, `unsupported`, `notice`, `done`, `error`.",
        responses={200: {"content": _SSE}, **problems(400, 401, 403, 413, 415, 422, 429, 503)},
        openapi_extra={
            "requestBody": {"content": {"application/json": {"example": _EXAMPLE}}},
        },
    )
    async def ask(question: Question, request: Request) -> Response:
        if question.id is None:
            question = question.model_copy(update={"id": uuid.uuid4().hex})
        answers = desk.ask(question)
        if "text/event-stream" in request.headers.get("accept", ""):
            return StreamingResponse(
                events_of(answers),
                media_type="text/event-stream",
                headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
            )
        whole: Answer | None = None
        async with aclosing(answers):
            async for answer in answers:
                whole = answer
        assert whole is not None, "an answer never ends before it begins"
        return Response(whole.model_dump_json(), media_type="application/json")

    @router.get("/chapters", summary="List the chapters")
    def chapters() -> tuple[ChapterName, ...]:
        return name_chapters(book)

    @router.get(
        "/chapters/{number}",
        summary="A chapter: topics, actions, key figures",
        responses=problems(404, 422),
    )
    def chapter(number: Annotated[int, Path(examples=[4])]) -> Chapter:
        found = describe_chapter(book, number)
        if found is None:
            raise NotHereError(f"本书没有第 {number} 章，正文共 {len(book.chapters)} 章。")
        return found

    @router.get(
        "/notes/{number}", summary="A note with its source in full", responses=problems(404, 422)
    )
    def note(number: Annotated[int, Path(examples=[40])]) -> NoteView:
        found = book.notes_by_number.get(number)
        if found is None:
            raise NotHereError(f"本书没有注 {number}，注释共 {len(book.footnotes)} 条。")
        return view_note(book, found, today=date.today())

    @router.get(
        "/passages/{passage_id}",
        summary="A passage with its place, notes and reference",
        responses=problems(404, 422),
    )
    def passage(passage_id: Annotated[str, Path(examples=["ch04.t3.know.p2"])]) -> PassageView:
        found = book.passages_by_id.get(passage_id)
        if found is None:
            raise NotHereError("本书没有这一段，也可能书已更换。")
        return view_passage(book, found, today=date.today())

    @router.post(
        "/feedback",
        status_code=204,
        summary="Say what an answer was worth",
        responses=problems(400, 401, 403, 413, 415, 422, 429),
        openapi_extra={
            "requestBody": {
                "content": {
                    "application/json": {
                        "example": {
                            "answer_id": "5f0c",
                            "session_id": "a1",
                            "rating": "wrong_citation",
                            "comment": "注号应为 43",
                        }
                    }
                }
            }
        },
    )
    def give_feedback(said: Feedback) -> Response:
        feedback.add(said)
        return Response(status_code=204)

    return router
