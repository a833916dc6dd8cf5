"""A small tiktoken encoding for Chinese prose, so that counting tokens needs no download.

tiktoken's own encodings fetch their files at first use. This one is a byte-pair encoding of 4,096
tokens, trained on the bundled digest by `tiktoken._educational.bpe_train`, and registered as
tiktoken's plug-ins are. It counts somewhat more tokens than the encodings of large models do, so a
text that fits a budget by it fits theirs.
"""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

_PATTERN = (
    r"[^\r\n\p{L}\p{N}]?[\p{Han}]{1,8}|[^\r\n\p{L}\p{N}]?[A-Za-z]+|\p{N}{1,3}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+|[\p{L}]"
)


def guide_zh() -> dict[str, Any]:
    """Give the arguments of `tiktoken.Encoding`; tiktoken calls this by name."""
    lines = Path(__file__).with_suffix(".tiktoken").read_bytes().splitlines()
    ranks = {base64.b64decode(token): int(rank) for token, rank in (line.split() for line in lines)}
    return {
        "name": "guide_zh",
        "pat_str": _PATTERN,
        "mergeable_ranks": ranks,
        "special_tokens": {},
    }


ENCODING_CONSTRUCTORS = {"guide_zh": guide_zh}
