"""An answer as server-sent events: the retrieval step, checked sentences, citations, done."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

from assistant.answer import Answer
from ui.errors import ServiceError


async def events_of(answers: AsyncIterator[Answer]) -> AsyncIterator[str]:
    """Give a growing answer as events.

    ``retrieval`` comes at once and again with the first sentence; ``sentence`` carries the text
    to append (all of it, where ``replaces`` is true); ``citation`` each new citation; ``done``
    the whole answer; ``error`` a sentence for the reader instead.
    """
    yield _event("retrieval", {"state": "started"})
    shown: Answer | None = None
    try:
        async for answer in answers:
            if shown is None:
                yield _event("retrieval", {"state": "done", "seconds": round(answer.seconds, 4)})
            for event in _growth(shown, answer):
                yield event
            shown = answer
    except ServiceError as error:
        yield _event("error", {"status": error.status, "detail": str(error)})
        return
    if shown is not None:
        yield _event("done", shown.model_dump(mode="json"))


def _growth(shown: Answer | None, answer: Answer) -> list[str]:
    before = shown.answer if shown else ""
    cited = shown.citations if shown else ()
    grows = answer.answer.startswith(before)
    text = answer.answer[len(before) :] if grows else answer.answer
    fresh = [citation for citation in answer.citations if citation not in cited]
    sentence = [_event("sentence", {"text": text, "replaces": not grows})] if text else []
    return sentence + [_event("citation", citation.model_dump(mode="json")) for citation in fresh]


def _event(name: str, data: dict[str, Any]) -> str:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
