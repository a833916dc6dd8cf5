"""Written answers: a language model writes, every sentence is verified before it counts.

A sentence that the book bears out enters the answer with our marks; one that it does not is set
aside with the reason. Whatever goes wrong with the model, the answer is the extractive one and says
so; so it is where fewer than half of the model's sentences survive.
"""

from __future__ import annotations

import re
import time
from collections.abc import Generator
from contextlib import closing

from assistant.answer import Answer, Question, Unsupported
from assistant.composing import VerifiedSentence, compose, compose_written
from assistant.errors import ModelFaultError
from assistant.evidence import Selection
from assistant.model import LanguageModel
from assistant.prompting import answering, condensing, read_condensed, supply
from assistant.refusal import refuse_unsaid
from assistant.retrieval import Retrieved
from assistant.sentences import SentenceCutter, WrittenSentence
from assistant.verifying import Verifier
from ingest.document import Book, Passage

_DRAFT_SECONDS = 0.1  # between two looks at an unfinished sentence
_TOO_LITTLE = "模型写的内容多数未能在书中证实"
_QUOTED_INSTEAD = "{reason}，以下改为摘录书中原句。"
# A model that finds no answer says so in words of its own, whatever it is told to say.
_DENIAL = re.compile(
    r"(?:书中|本书|书里|资料|段落|指南|原文|上述|以上)[^，。；]{0,16}"
    r"(?:没有|没|未|并未|无法|不能)[^，。；]{0,8}"
    r"(?:谈|提|给出|说明|涉及|回答|提供|包含|相关|找到)"
)


class Writer:
    """Writes answers with a language model.

    Parameters
    ----------
    model : LanguageModel
    verifier : Verifier
    max_tokens : int
        Of the passages that the model gets.
    """

    def __init__(self, model: LanguageModel, verifier: Verifier, *, max_tokens: int) -> None:
        self._model = model
        self._verifier = verifier
        self._max_tokens = max_tokens

    def condense(self, question: Question) -> Generator[Answer, None, str]:
        """Return a question as it would stand without its conversation.

        Yields
        ------
        Answer
            An empty one now and then, while the model thinks.

        Raises
        ------
        ModelFaultError
            If the model gives no whole answer.
        """
        text = ""
        yield _empty(question)
        with closing(self._model.stream(condensing(question))) as pieces:
            for piece in pieces:
                text += piece
                yield _empty(question)
        return read_condensed(text, question)

    def write(self, found: Retrieved, selection: Selection, book: Book) -> Generator[Answer]:
        """Give the answer as it grows, the sentence being written as `Answer.draft`.

        Parameters
        ----------
        found : Retrieved
        selection : Selection
            What an extractive answer would quote: given to the model first, and the answer
            itself where the model fails.
        book : Book
        """
        question = found.query.question
        yield _empty(question)
        supplied = supply(found, selection, max_tokens=self._max_tokens)
        judge = _Judge(self._verifier, tuple(one.passage for one in supplied))
        cutter, looked = SentenceCutter(), time.monotonic()
        answer = _empty(question)
        try:
            with closing(self._model.stream(answering(found.query.own_text, supplied))) as pieces:
                for piece in pieces:
                    whole = cutter.feed(piece)
                    for sentence in whole:
                        judge.hear(sentence)
                        answer = judge.answer(found, book)
                        yield answer
                    if whole or not piece or time.monotonic() - looked >= _DRAFT_SECONDS:
                        looked = time.monotonic()
                        yield answer.model_copy(update={"draft": cutter.rest})
        except ModelFaultError as fault:
            yield fall_back(found, selection, book, reason=str(fault), aside=judge.unsupported)
            return
        for sentence in cutter.close():
            judge.hear(sentence)
        yield self._conclude(judge, found, selection, book)

    def _conclude(
        self, judge: _Judge, found: Retrieved, selection: Selection, book: Book
    ) -> Answer:
        if judge.says_nothing and judge.denials:
            refused = compose(found.query, refuse_unsaid(found), book)
            return refused.model_copy(update={"mode": "llm"})
        judge.dismiss_denials()
        if judge.says_nothing:
            reason = "模型没有写出任何内容"
            return fall_back(found, selection, book, reason=reason)
        if len(judge.verified) < len(judge.unsupported) or not judge.verified:
            aside = judge.unsupported
            return fall_back(found, selection, book, reason=_TOO_LITTLE, aside=aside)
        return judge.answer(found, book)


def fall_back(
    found: Retrieved,
    selection: Selection,
    book: Book,
    *,
    reason: str,
    aside: list[Unsupported] | None = None,
) -> Answer:
    """Give the extractive answer, and say why it is one."""
    answer = compose(found.query, selection, book)
    notice = _QUOTED_INSTEAD.format(reason=reason)
    return answer.model_copy(update={"notice": notice, "unsupported": tuple(aside or ())})


class _Judge:
    """Hears the model's sentences one by one and sorts them."""

    def __init__(self, verifier: Verifier, supplied: tuple[Passage, ...]) -> None:
        self._verifier = verifier
        self._supplied = supplied
        self.verified: list[VerifiedSentence] = []
        self.unsupported: list[Unsupported] = []
        self.denials: list[WrittenSentence] = []
        self._opening: WrittenSentence | None = None  # of a line of which nothing is left so far

    @property
    def says_nothing(self) -> bool:
        """Whether the model has stated nothing of the book, right or wrong."""
        return not self.verified and not self.unsupported

    def hear(self, sentence: WrittenSentence) -> None:
        """Verify one sentence and keep it where it belongs; a mark alone states nothing."""
        if not sentence.unmarked:
            return
        if not sentence.cited and _DENIAL.search(sentence.text):
            self.denials.append(sentence)
            return
        verdict = self._verifier.verify(sentence.text, sentence.cited, self._supplied)
        if sentence.opens_line:
            self._opening = sentence
        if not verdict.supported:
            self._set_aside(sentence, verdict.reason or "书中没有这个说法")
            return
        # A line begins with the first sentence of it that is left.
        opens, listed = self._opening is not None, bool(self._opening and self._opening.listed)
        self._opening = None
        self.verified.append(
            VerifiedSentence(sentence.unmarked, verdict.evidence, opens_line=opens, listed=listed)
        )

    def dismiss_denials(self) -> None:
        """Set aside what the model said not to be in the book, beside what it found there."""
        if not self.says_nothing:
            for sentence in self.denials:
                self._set_aside(sentence, "没有段落能证明书中没有什么")

    def answer(self, found: Retrieved, book: Book) -> Answer:
        """Give the answer so far."""
        aside = tuple(self.unsupported)
        return compose_written(found.query, self.verified, book).model_copy(
            update={"unsupported": aside}
        )

    def _set_aside(self, sentence: WrittenSentence, reason: str) -> None:
        self.unsupported.append(Unsupported(sentence=sentence.text, reason=reason))


def _empty(question: Question) -> Answer:
    return Answer(id=question.id, question=question.question, answered=True, answer="", mode="llm")
