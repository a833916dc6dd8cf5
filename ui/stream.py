"""An answer as server-sent events: the retrieval step, checked sentences, citations, done."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing
from typing import Any

from assistant.answer import Answer
from ui.errors import ServiceError


async def events_of(answers: AsyncGenerator[Answer]) -> AsyncIterator[str]:
    """Give a growing answer as events.

    ``retrieval`` comes at once and again with the first sentence; ``sentence`` carries the text
    to append (all of it, where ``replaces`` is true, and citations anew); ``citation`` each new
    citation; ``done`` the whole answer; ``error`` a sentence for the reader instead. Where a
    language model writes, ``draft`` carries the sentence that it is writing, not verified yet;
    ``unsupported`` a sentence that was not borne out; ``notice`` why the book is quoted instead.
    """
    yield _event("retrieval", {"state": "started"})
    shown: Answer | None = None
    try:
        async with aclosing(answers):
            async for answer in answers:
                if shown is None:
                    seconds = round(answer.seconds, 4)
                    yield _event("retrieval", {"state": "done", "seconds": seconds})
                for event in _growth(shown, answer):
                    yield event
                shown = answer
    except ServiceError as error:
        yield _event("error", {"status": error.status, "detail": str(error)})
        return
    if shown is not None:
        yield _event("done", shown.model_dump(mode="json"))


def _growth(shown: Answer | None, answer: Answer) -> Iterator[str]:
    before = shown or answer.model_copy(
        update={"answer": "", "citations": (), "unsupported": (), "notice": None, "draft": ""}
    )
    grows = answer.answer.startswith(before.answer)
    text = answer.answer[len(before.answer) :] if grows else answer.answer
    if text:
        yield _event("sentence", {"text": text, "replaces": not grows})
    for citation in answer.citations[len(before.citations) if grows else 0 :]:
        yield _event("citation", citation.model_dump(mode="json"))
    for sentence in answer.unsupported[len(before.unsupported) :]:
        yield _event("unsupported", sentence.model_dump(mode="json"))
    if answer.notice and answer.notice != before.notice:
        yield _event("notice", {"text": answer.notice})
    if answer.draft != before.draft:
        yield _event("draft", {"text": answer.draft})


def _event(name: str, data: dict[str, Any]) -> str:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
