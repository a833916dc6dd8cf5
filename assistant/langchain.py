"""The assistant in a langchain program: a retriever of passages, and a tool for agents.

The assistant itself is a langchain Runnable from a question to an answer.
"""

from __future__ import annotations

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.tools import BaseTool, StructuredTool
from pydantic import BaseModel, ConfigDict, Field

from assistant.answer import MAX_QUESTION, Answer, Question
from assistant.pipeline import Assistant
from assistant.retrieval import Hit
from assistant.understanding import understand

_TOOL = "ceo_guide"
_ABOUT = (
    "依据《CEO 生成式 AI 行动指南》回答问题，附章节与注释的标记，如 [第4章·注40]；"
    "书中没有的会直说。转述时保留标记。"
)


class GuideRetriever(BaseRetriever):
    """Finds the passages of the guide that are nearest to a question.

    Parameters
    ----------
    assistant : Assistant
    k : int
        How many passages to give at most, from 1.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    assistant: Assistant
    k: int = Field(4, ge=1)

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        """Give the passages, best first, exact text of the book."""
        asked = understand(Question(question=query), self.assistant.book)
        return [_document(hit) for hit in self.assistant.retriever.retrieve(asked).hits[: self.k]]


class Asked(BaseModel):
    """What the tool takes."""

    question: str = Field(max_length=MAX_QUESTION, description="问题，中文或英文")


def guide_tool(assistant: Assistant) -> BaseTool:
    """Make a tool of the assistant, for an agent to call.

    Returns
    -------
    BaseTool
        Its content is the text of the answer with its marks, its artifact the whole `Answer`.
    """

    def ask(question: str) -> tuple[str, Answer]:
        answer = assistant.invoke(question)
        return answer.answer, answer

    return StructuredTool.from_function(
        ask,
        name=_TOOL,
        description=_ABOUT,
        args_schema=Asked,
        response_format="content_and_artifact",
    )


def _document(hit: Hit) -> Document:
    section = hit.passage.section
    return Document(
        id=hit.passage.id,
        page_content=hit.passage.text,
        metadata={
            "chapter": section.division.number,
            "chapter_title": section.division.name,
            "section": section.name,
            "pages": section.division.pages,
            "notes": hit.passage.notes,
            "score": hit.score,
        },
    )
