"""Counting tokens, for the sizes of passages and the budgets of prompts, without a download."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tiktoken import Encoding


def count_tokens(text: str) -> int:
    """Count the tokens of a text by the project's own encoding (see `tiktoken_ext.guide_zh`)."""
    return len(_encoding().encode_ordinary(text))


@cache
def _encoding() -> Encoding:
    from tiktoken import get_encoding

    return get_encoding("guide_zh")
