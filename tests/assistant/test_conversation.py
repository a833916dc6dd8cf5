"""What the conversation has said."""

from __future__ import annotations

from assistant.conversation import is_said
from ingest.document import Book, Sentence


def _with_figure(book: Book) -> tuple[Sentence, int]:
    """Give a sentence that states two figures, and its note."""
    for passage in book.passages:
        for sentence in passage.sentences:
            if sentence.notes and len({figure.value for figure in sentence.figures}) > 1:
                return sentence, sentence.notes[0]
    raise AssertionError


def test_a_sentence_given_before_is_said(digest: Book) -> None:
    sentence, note = _with_figure(digest)
    assert is_said(sentence, sentence.text, frozenset({note}))
    assert is_said(sentence, f"书中写道：{sentence.text}", frozenset())


def test_a_sentence_with_a_figure_more_is_not_said(digest: Book) -> None:
    sentence, note = _with_figure(digest)
    half = sentence.text.replace(sentence.figures[-1].text, "一些")
    assert not is_said(sentence, half, frozenset({note}))


def test_other_sentences_are_not_said(digest: Book) -> None:
    sentence, note = _with_figure(digest)
    assert not is_said(sentence, "", frozenset())
    assert not is_said(sentence, "今天天气不错。", frozenset({note}))
