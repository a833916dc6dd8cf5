"""Judge one answer: right means right in everything at once.

An answer is right when it answers what can be answered, states every fact asked for, cites exactly
the chapters and footnotes that carry them, quotes the book word for word, is short enough to read,
and does not call a claim true that the book denies, or the other way round. A question that the
book does not answer is right when it is refused without any citation.
Each of these is judged by itself too, so that a report can say what was missed.
"""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict

from assistant.answer import Answer
from evals.dataset import Item
from evals.facts import states
from evals.verdict import Verdict, stated_verdict

# The bounds of a readable answer, in characters of its text without the notes.
LONGEST_SINGLE = 700
LONGEST_LIST = 2_600
LIST_KINDS = frozenset({"action", "reverse", "outline"})
LIST_FACTS = 3  # a question that asks for so many facts asks for a list, of whatever kind it is

# Where the question is after a note itself, a note that the answer lists counts as cited.
NOTE_KINDS = frozenset({"source"})


_FALSE_VERDICTS: dict[Verdict, str] = {
    "confirmed": "说成属实，其实不对",
    "corrected": "说成不对，其实属实",
}


class Judgement(BaseModel):
    """What one answer got right and what not.

    `facts_found` and the cited and expected sets are counted for every question; where nothing is
    expected, its check holds.
    """

    model_config = ConfigDict(frozen=True)

    answered: bool
    answer_expected: bool
    facts_found: int
    facts_missing: tuple[tuple[str, ...], ...]
    cited_chapters: tuple[int, ...]  # ascending, each once; front and back matter left out
    cited_footnotes: tuple[int, ...]  # ascending, each once
    quotes: int
    quotes_exact: int
    characters: int
    longest: int  # characters that the question allows
    chapters_right: bool
    footnotes_right: bool
    verdict: Verdict | None = None  # that the answer states; None where it states none
    verdict_expected: Verdict | None = None  # None where no claim was to be checked

    @property
    def verdict_right(self) -> bool | None:
        """Whether it says of a claim what the book says; None where there was no claim."""
        return None if self.verdict_expected is None else self.verdict == self.verdict_expected

    @property
    def refusal_right(self) -> bool:
        """Whether it is answered if the book answers it, and refused without citation if not."""
        return self.answered if self.answer_expected else not (self.answered or self.quotes)

    @property
    def right(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong, in Chinese; a refusal is one fault, whatever follows from it."""
        if not self.refusal_right:
            if self.answer_expected:
                return ("书中有，却没有回答",)
            return ("书中没有，却作了回答",) if self.answered else ("拒答却附了引文",)
        return tuple(self._faults_of_content()) if self.answer_expected else ()

    def _faults_of_content(self) -> Iterator[str]:
        if self.facts_missing:
            yield f"缺少事实：{'；'.join(' / '.join(fact) for fact in self.facts_missing)}"
        if not self.chapters_right:
            yield f"章不对：引了 {_listed(self.cited_chapters)}"
        if not self.footnotes_right:
            yield f"注不对：引了 {_listed(self.cited_footnotes)}"
        if self.quotes_exact < self.quotes:
            yield f"{self.quotes - self.quotes_exact} 处引文与书不符"
        if self.verdict and self.verdict_right is False:
            yield _FALSE_VERDICTS[self.verdict]
        if self.characters > self.longest:
            yield f"太长：{self.characters} 字，上限 {self.longest} 字"


def judge(item: Item, answer: Answer, source: str) -> Judgement:
    """Judge an answer to a question.

    Parameters
    ----------
    item : Item
        The question and what is expected.
    answer : Answer
    source : str
        The book, as its quotes must stand in it.

    Returns
    -------
    Judgement
    """
    text = "\n".join([answer.answer, *(f"{n.text} {n.url or ''}" for n in answer.notes)])
    missing = tuple(fact for fact in item.facts if not states(text, fact))
    chapters = {c.chapter for c in answer.citations if c.chapter is not None}
    footnotes = {number for citation in answer.citations for number in citation.footnotes}
    if item.kind in NOTE_KINDS:
        footnotes |= {note.number for note in answer.notes}
    quotes = [citation.quote for citation in answer.citations]
    return Judgement(
        answered=answer.answered,
        answer_expected=item.answerable,
        facts_found=len(item.facts) - len(missing),
        facts_missing=missing,
        cited_chapters=tuple(sorted(chapters)),
        cited_footnotes=tuple(sorted(footnotes)),
        quotes=len(quotes),
        quotes_exact=sum(is_exact(quote, source) for quote in quotes),
        characters=len(answer.answer),
        longest=longest(item),
        chapters_right=not item.chapters or chapters == set(item.chapters),
        footnotes_right=footnotes == set(item.footnotes),
        verdict=stated_verdict(answer.answer) if answer.answered and item.verdict else None,
        verdict_expected=item.verdict,
    )


def is_exact(quote: str, source: str) -> bool:
    """Tell whether a quote stands in the book character for character; an empty one does not."""
    return bool(quote) and quote in source


def longest(item: Item) -> int:
    """Give how many characters an answer may have: more where a list is asked for."""
    listed = item.kind in LIST_KINDS or len(item.facts) >= LIST_FACTS
    return LONGEST_LIST if listed else LONGEST_SINGLE


def _listed(numbers: tuple[int, ...]) -> str:
    return "、".join(map(str, numbers)) or "（无）"
