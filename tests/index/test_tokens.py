"""The project's own token encoding, registered as tiktoken's plug-ins are."""

from __future__ import annotations

import tiktoken
from hypothesis import given
from hypothesis import strategies as st

from index.tokens import count_tokens


def test_tiktoken_knows_the_encoding() -> None:
    assert "guide_zh" in tiktoken.list_encoding_names()


@given(st.text())
def test_any_text_survives_the_round_trip(text: str) -> None:
    encoding = tiktoken.get_encoding("guide_zh")
    assert encoding.decode(encoding.encode_ordinary(text)) == text


def test_frequent_words_are_one_token_and_rare_characters_cost_their_bytes() -> None:
    assert count_tokens("生成式") < 3
    assert count_tokens("") == 0
    assert count_tokens("龘") == 3
