"""The guide for agents: a server of the Model Context Protocol with five tools.

Over standard input and output an agent starts it itself (``guide mcp``); over HTTP it serves this
machine (``guide mcp --http``). Each tool gives the same records as the API and the command line.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Annotated

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.answer import Answer, Question, Turn
from assistant.claim_check import ClaimChecker, Finding
from ui.content import NoteView, view_note
from ui.outline import Chapter, describe_chapter

if TYPE_CHECKING:
    from assistant.pipeline import Assistant
    from ingest.document import Book

_ABOUT = (
    "回答只依据《CEO 生成式 AI 行动指南》这一本书，并注明章节与注释；书中没有的会直说。"
    "转述时请保留 [第4章·注40] 这样的标记。"
)
_READS = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)


class FigureRow(BaseModel):
    """One figure of the book with the claim that states it."""

    model_config = ConfigDict(frozen=True)

    figure: str  # as printed: "61%"
    value: float
    unit: str
    populations: tuple[str, ...]
    years: tuple[int, ...]
    chapter: int | None
    notes: tuple[int, ...]
    sentence: str  # exact text of the book
    passage_id: str


def mcp_server(assistant: Assistant) -> MCPServer:
    """Build the server on an open assistant.

    Returns
    -------
    MCPServer
        Not yet running; its ``run`` takes the transport.
    """
    server = MCPServer("guide", title="CEO 生成式 AI 行动指南", instructions=_ABOUT)
    book = assistant.book
    checker = ClaimChecker(assistant)

    @server.tool(
        title="提问",
        description="依据本书回答一个问题，附引文、章节和注释；书中没有时 answered 为 false。",
        annotations=_READS,
    )
    def ask(
        question: Annotated[str, Field(description="问题，中文或英文，不超过 500 字")],
        history: Annotated[list[Turn] | None, Field(description="此前的对话，最早的在前")] = None,
    ) -> Answer:
        try:
            asked = Question(question=question, history=tuple(history or ()))
        except ValidationError as error:
            raise ToolError(f"question 不合要求：{error.errors()[0]['msg']}") from error
        return assistant.invoke(asked)

    @server.tool(
        title="章节",
        description="给出一章的主题、需要了解的事项、需要采取的行动和主要数据。",
        annotations=_READS,
    )
    def chapter(number: Annotated[int, Field(description="章号，从 1 起")]) -> Chapter:
        found = describe_chapter(book, number)
        if found is None:
            raise ToolError(_no_chapter(number, book))
        return found

    @server.tool(
        title="注释", description="给出一条注释的完整来源、链接和引用格式。", annotations=_READS
    )
    def note(number: Annotated[int, Field(description="注号，从 1 起")]) -> NoteView:
        found = book.notes_by_number.get(number)
        if found is None:
            raise ToolError(f"本书没有注 {number}，注释共 {len(book.footnotes)} 条。")
        return view_note(book, found, today=date.today())

    @server.tool(
        title="数据",
        description="列出书中的数据：数值、统计对象、年份、章节、注释和原文。",
        annotations=_READS,
    )
    def figures(
        chapter: Annotated[int | None, Field(description="只要这一章的；不填为全书")] = None,
    ) -> list[FigureRow]:
        if chapter is not None and describe_chapter(book, chapter) is None:
            raise ToolError(_no_chapter(chapter, book))
        return list(_figures(book, chapter))

    @server.tool(
        title="核对说法",
        description="核对一句带数字的话：confirmed、differs（附书中的数字）或 not_in_guide。",
        annotations=_READS,
    )
    def check_claim(
        claim: Annotated[str, Field(description="带数字的一句话，如「85% 的高管…」")],
    ) -> Finding:
        return checker.check(claim)

    return server


def _figures(book: Book, chapter: int | None) -> Iterator[FigureRow]:
    for claim in book.claims:
        number = claim.passage.section.division.number
        for figure in claim.figures if chapter in (None, number) else ():
            yield FigureRow(
                figure=figure.text,
                value=figure.value,
                unit=figure.unit,
                populations=claim.populations,
                years=claim.years,
                chapter=number,
                notes=claim.sentence.notes,
                sentence=claim.sentence.text,
                passage_id=claim.passage.id,
            )


def _no_chapter(number: int, book: Book) -> str:
    return f"本书没有第 {number} 章，正文共 {len(book.chapters)} 章。"
