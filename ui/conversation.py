"""A conversation as the browser keeps it over a reload, read back with suspicion.

What comes from a browser may have been changed there. Only its shape is believed: the text is
escaped when shown, and a citation is shown as one only where the book bears it out.
"""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from assistant.answer import MAX_QUESTION, Answer, Turn

MAX_EXCHANGES = 30  # older ones leave the conversation


class Exchange(BaseModel):
    """One question with its answer."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    question: str = Field(max_length=MAX_QUESTION)
    answer: Answer


Conversation = tuple[Exchange, ...]

_stored = TypeAdapter(Conversation)


def read_conversation(stored: object) -> Conversation:
    """Read what the browser kept; anything that is no conversation counts as none."""
    try:
        return _stored.validate_python(stored or ())[-MAX_EXCHANGES:]
    except ValidationError:
        return ()


def store_conversation(exchanges: Sequence[Exchange]) -> list[dict[str, object]]:
    """Give a conversation as the browser keeps it."""
    return [exchange.model_dump(mode="json") for exchange in exchanges[-MAX_EXCHANGES:]]


def turns_of(exchanges: Sequence[Exchange]) -> tuple[Turn, ...]:
    """Give a conversation as the history of the next question."""
    return tuple(
        turn
        for exchange in exchanges
        for turn in (
            Turn(role="user", content=exchange.question),
            Turn(role="assistant", content=exchange.answer.answer),
        )
    )
