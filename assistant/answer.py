"""What goes in and comes out: the public contract, kept stable."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

Mode = Literal["extractive", "llm"]  # quotes the book, or written by a model and verified

MAX_QUESTION = 500  # characters; longer text is no question


class Turn(BaseModel):
    """One earlier message of the conversation."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    role: Literal["user", "assistant", "system"]
    content: str


class Question(BaseModel):
    """What the reader asked, and what was said before."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str | int | None = None
    question: str = Field(max_length=MAX_QUESTION)
    history: tuple[Turn, ...] = ()

    @field_validator("question")
    @classmethod
    def _not_blank(cls, text: str) -> str:
        if not text.strip():
            raise ValueError("问题是空的（empty question）")
        return text

    @field_validator("history", mode="before")
    @classmethod
    def _none_is_empty(cls, history: object) -> object:
        return () if history is None else history


class Citation(BaseModel):
    """A place of the book that the answer rests on."""

    model_config = ConfigDict(frozen=True)

    chapter: int | None  # 1-12; None for the other parts
    chapter_title: str
    section: str
    pages: tuple[int, int] | None  # first and last printed page; None where the book lists none
    footnotes: tuple[int, ...]
    quote: str  # exact text of the book
    passage_id: str


class Note(BaseModel):
    """The source behind a footnote."""

    model_config = ConfigDict(frozen=True)

    number: int
    text: str  # in full, Ibid. resolved
    url: str | None


class Unsupported(BaseModel):
    """A sentence that a model wrote and that the book does not bear out; no part of the answer."""

    model_config = ConfigDict(frozen=True)

    sentence: str
    reason: str


class Answer(BaseModel):
    """The answer to one question."""

    model_config = ConfigDict(frozen=True)

    id: str | int | None = None
    question: str
    answered: bool  # False: the guide does not say
    answer: str
    citations: tuple[Citation, ...] = ()  # best first; only what the answer rests on
    notes: tuple[Note, ...] = ()  # those that the citations call, ascending
    mode: Mode = "extractive"
    seconds: float = 0.0
    unsupported: tuple[Unsupported, ...] = ()  # what a model wrote and no passage bears out
    notice: str | None = None  # why the answer is another kind than the one that is set
    # What a model is writing and nobody has checked yet: shown as such while an answer grows, empty
    # in a whole one, and never in JSON.
    draft: str = Field("", exclude=True)
