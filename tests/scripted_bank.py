"""A scripted writer of question banks: answers each request with questions for its places."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from tests.scripted_model import Reply, prompt_of

_PLACE = re.compile(r"^\[(\d+)\]（(.*?)；写 (\d+) 题）(.*?)$", re.MULTILINE)
STYLES = ("plain", "colloquial", "oblique", "keywords", "english")


def questions_for(asked: dict[str, Any], **said: list[str]) -> str:
    """Write the questions that a request asks for, one JSON object a line.

    Parameters
    ----------
    asked : dict
        The body of the request.
    **said : list of str
        Questions for the places whose text begins with the name, before made-up ones.
    """
    lines = []
    for number, where, count, text in _PLACE.findall(prompt_of(asked)):
        own = next((given for words, given in said.items() if text.startswith(words)), [])
        made = [_made_up(f"{where}{text}{i}") for i in range(int(count))]
        for i, question in enumerate((own + made)[: int(count)]):
            row = {"at": int(number), "style": STYLES[i % 5], "note": None, "question": question}
            lines.append(json.dumps(row, ensure_ascii=False))
    return "\n".join(lines)


def writes(**said: list[str]) -> Callable[[dict[str, Any]], Reply]:
    """Give a script that answers every request so."""
    return lambda asked: Reply(questions_for(asked, **said), piece=400)


def _made_up(seed: str) -> str:
    """Give twelve characters that no other seed gives."""
    digest = sha256(seed.encode()).digest()
    return "".join(chr(0x4E00 + 64 * byte + i) for i, byte in enumerate(digest[:12])) + "？"
