"""Whether a sentence that a language model wrote says what the passages that it cites say.

Nothing here asks a model. A sentence and the passages are taken apart (`assistant.statements`) and
held against each other: marks, quotations, names and years must stand in the passages; each figure
must be stated there of the same thing, the same people and the same year (`assistant.binding`);
what is denied or more must be denied or more there (`assistant.turning`); and the words must be met
by words of the passages, better than by any other passage of the book. One check that fails makes
the sentence unsupported, with the reason in Chinese.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np

from assistant.binding import bind
from assistant.evidence import Evidence
from assistant.grounds import Ground, Grounds, Meeting, ground
from assistant.statements import Statement, take_apart
from assistant.turning import turned
from assistant.words import in_chinese
from index.store import GuideIndex
from ingest.document import Passage, Sentence
from ingest.marks import find_marks, without_marks
from ingest.normalise import compact, normalise
from ingest.populations import is_addressed, is_implied, same_group

# By logistic regression, rounded, on the tune half of `evals/sentences/paraphrases.jsonl`: each
# sentence with its own passage, and with a near and any passage of another chapter. The weight of
# nearer passages elsewhere was lowered from 20 when the shipped vectors were trained anew.
_COVERED, _NEAR, _ELSEWHERE, _BIAS = 4.0, 5.0, -18.0, -2.7
_SETTING = 0.8  # a word that only the heading or the speaker meets
_CLAUSE_COVERED = 0.06  # share of a clause's words that its passages must meet
_CLAUSE = 42.0  # weight of a clause that must be met by itself: about four words
_LATIN = re.compile(r"[a-z][a-z0-9&.'-]*[a-z0-9]")
_COMMON = 3  # divisions of the book in which a common name stands: AI, CEO, IBM
_QUOTED = re.compile(r"[“「『\"]([^”」』\"]{2,})[”」』\"]")
_TITLE = re.compile(r"《([^》]+)》")
_SHORT_QUOTE = 8  # letters of a quoted term, which may stand anywhere in the book
_MARK = re.compile(
    r"[\[【(（]?\s*\^?(?:脚注|尾注|注释?)\s*(\d{1,3}(?:\s*[、,，和]\s*(?:注\s*)?\d{1,3})*)\s*[\]】)）]?"
    r"|\[\^(\d{1,3})\]"
)


@dataclass(frozen=True)
class Verdict:
    """What the verifier found of one sentence."""

    supported: bool
    evidence: tuple[Evidence, ...]  # what carries it, in the order of the book; () if unsupported
    reason: str | None  # in Chinese, why it is unsupported; None when it is supported
    reattributed: bool  # it rests on a supplied passage that it did not cite


@dataclass(frozen=True)
class _Finding:
    reason: str | None
    sentences: frozenset[int] = frozenset()  # places in the grounds
    turned: bool = False  # the passages speak of this, and say otherwise


class Verifier:
    """Holds sentences against the passages of one book.

    Parameters
    ----------
    index : GuideIndex
        Its book is what sentences are held against; its shipped model compares the words.
    """

    def __init__(self, index: GuideIndex) -> None:
        from threadpoolctl import ThreadpoolController

        self._threads = ThreadpoolController()
        self._book = index.book
        self._words = index.words
        self._grounds: dict[str, Ground] = {}
        self._places = {passage.id: i for i, passage in enumerate(index.book.passages)}
        sentences = [(p.id, normalise(s.text)) for p in index.book.passages for s in p.sentences]
        self._owners = np.array([self._places[owner] for owner, _ in sentences])
        self._vectors = self._words.embed(
            [*(text for _, text in sentences), *(normalise(p.text) for p in index.book.passages)]
        )
        self._common = _common_names(index.book.passages)
        self._compact = compact(index.book.source)

    def verify(self, sentence: str, cited: Sequence[int], supplied: Sequence[Passage]) -> Verdict:
        """Say whether supplied passages support a sentence.

        The passages that it cites are tried first, together; then each other one, best first; then
        those cited with the best of the others.

        Parameters
        ----------
        sentence : str
            Without its citation numbers. Footnote marks in it (注40) are checked and not needed.
        cited : sequence of int
            1-based numbers of `supplied`; numbers that it lacks are passed over.
        supplied : sequence of Passage
            What the model was given, passages of this index's book.

        Returns
        -------
        Verdict
        """
        # The products here are small: sharing them out among cores costs more than it saves.
        with self._threads.limit(limits=1, user_api="blas"):
            return self._verify(sentence, cited, supplied)

    def _verify(self, sentence: str, cited: Sequence[int], supplied: Sequence[Passage]) -> Verdict:
        text, marks = _without_marks(sentence)
        statement = take_apart(normalise(text), self._words)
        if not statement.weights.any():
            return Verdict(False, (), "句子没有可以核对的内容", False)
        nearness = self._nearness(statement)
        own = [supplied[n - 1] for n in dict.fromkeys(cited) if 0 < n <= len(supplied)]
        first: str | None = None
        contradicting = -1.0
        for passages in self._trials(own, supplied, nearness):
            near = max(float(nearness[self._places[p.id]]) for p in passages)
            if near <= contradicting:
                continue  # what a nearer passage contradicts, a farther one does not carry
            grounds = Grounds([self._ground(passage) for passage in passages])
            finding = self._assess(text, statement, grounds, nearness)
            if finding.reason is None:
                finding = _with_marks(finding, marks, grounds)
            if finding.reason is None:
                return Verdict(
                    True,
                    tuple(_evidence(finding.sentences, grounds)),
                    None,
                    not {p.id for p in passages} <= {p.id for p in own},
                )
            first = first or finding.reason
            if finding.turned:
                contradicting = max(contradicting, near)
        return Verdict(False, (), first or "没有可供核对的段落", False)

    def _trials(
        self, own: Sequence[Passage], supplied: Sequence[Passage], nearness: np.ndarray
    ) -> Iterator[list[Passage]]:
        """Give the sets of passages to try, in order."""
        if own:
            yield list(own)
        known = {passage.id for passage in own}
        others = list({p.id: p for p in supplied if p.id not in known}.values())
        others.sort(key=lambda p: -nearness[self._places[p.id]])
        for passage in others:
            yield [passage]
        if own and others:
            yield [*own, others[0]]

    def _assess(
        self, text: str, statement: Statement, grounds: Grounds, nearness: np.ndarray
    ) -> _Finding:
        """Run every check of a sentence against some passages; the first that fails decides."""
        said = "".join(one.said for one in grounds.grounds)
        for reason in (
            self._invented_quote(text, said),
            self._unknown_name(statement, said),
            _unknown_year(statement, said),
        ):
            if reason:
                return _Finding(reason)
        meeting = Meeting(statement, grounds)
        bound = bind(meeting)
        if bound.reason:
            return _Finding(bound.reason)
        sentences, reason = self._support(meeting, nearness)
        if reason:
            return _Finding(reason)
        carrying = sentences | {count.sentence for count in bound.counts.values()}
        if reason := _other_people(meeting, carrying):
            return _Finding(reason)
        if reason := turned(meeting, bound):
            return _Finding(reason, turned=True)
        return _Finding(None, frozenset(carrying))

    def _ground(self, passage: Passage) -> Ground:
        if passage.id not in self._grounds:
            self._grounds[passage.id] = ground(passage, self._book, self._words)
        return self._grounds[passage.id]

    def _nearness(self, statement: Statement) -> np.ndarray:
        """Give the cosine of a statement to each passage, or to its nearest sentence."""
        cosines = self._vectors @ self._words.embed([statement.text])[0]
        split = len(self._owners)
        best = np.array(cosines[split:])
        np.maximum.at(best, self._owners, cosines[:split])
        return best

    def _support(self, meeting: Meeting, nearness: np.ndarray) -> tuple[set[int], str | None]:
        """Hold the words of a statement against its grounds, and against the rest of the book."""
        weights = meeting.statement.weights
        by_setting = meeting.by_setting[:, meeting.grounds.ground_of]
        covered = np.maximum(meeting.by_sentence, _SETTING * by_setting)
        shares = weights @ covered / weights.sum()
        whole = float(weights @ covered.max(axis=1) / weights.sum())
        own = float(max(nearness[self._places[g.passage.id]] for g in meeting.grounds.grounds))
        score = _COVERED * whole + _NEAR * own + _ELSEWHERE * (float(nearness.max()) - own) + _BIAS
        sentences = {int(shares.argmax())}
        if score < 0:
            return set(), "所引段落没有说到这些内容"
        for clause in range(len(meeting.statement.clauses)):
            held = meeting.statement.clause_of == clause
            weight = float(weights[held].sum())
            if weight < _CLAUSE:
                continue
            of_clause = weights[held] @ covered[held] / weight
            if float(of_clause.max()) < _CLAUSE_COVERED:
                said = meeting.statement.clause_text(clause).strip(",;。 ")
                return set(), f"所引段落没有说到「{said}」"
            sentences.add(int(of_clause.argmax()))
        return sentences, None

    def _invented_quote(self, text: str, said: str) -> str | None:
        for quote in _QUOTED.findall(text):
            letters = compact(quote)
            if letters in said or (len(letters) <= _SHORT_QUOTE and letters in self._compact):
                continue
            return f"引号中的「{quote}」不是书中原文"
        for title in _TITLE.findall(text):
            if compact(title) not in said and compact(title) not in self._compact:
                return f"所引段落没有提到《{title}》"
        return None

    def _unknown_name(self, statement: Statement, said: str) -> str | None:
        for name in _LATIN.findall(statement.text):
            if name in self._common or compact(name) in said:
                continue
            if not any(compact(term) in said for term in in_chinese(name)):
                return f"所引段落没有提到「{name}」"
        return None


def _unknown_year(statement: Statement, said: str) -> str | None:
    for year in sorted(statement.years):
        if str(year) not in said:
            return f"所引段落没有提到 {year} 年"
    return None


def _other_people(meeting: Meeting, carrying: set[int]) -> str | None:
    """Find a group of the statement that its passages do not speak of.

    Whom the guide addresses need not be named, unless another group is named instead.
    """
    grounds = meeting.grounds
    said = {group.kind for group in meeting.statement.groups}
    known = frozenset[str]().union(*(one.groups for one in grounds.grounds))
    text = " ".join(one.text for one in grounds.grounds)
    there = {group.kind for place in carrying for group in grounds.statements[place].groups}
    for kind in sorted(said):
        if any(same_group(kind, other) for other in known) or is_implied(kind, text):
            continue
        if not is_addressed(kind) or there - said:
            return f"所引段落没有说到「{kind}」这个人群"
    return None


def _common_names(passages: Sequence[Passage]) -> frozenset[str]:
    """Find the Latin words that stand all over a book."""
    places: dict[str, set[str]] = {}
    for passage in passages:
        for name in _LATIN.findall(normalise(passage.text)):
            places.setdefault(name, set()).add(passage.section.division.key)
    return frozenset(name for name, keys in places.items() if len(keys) >= _COMMON)


def _without_marks(sentence: str) -> tuple[str, frozenset[int]]:
    """Take the footnote marks out of a sentence; gives the text and the notes that they call."""
    called = {mark.number for mark in find_marks(sentence)}
    for match in _MARK.finditer(sentence):
        called |= {int(number) for number in re.findall(r"\d+", match[0])}
    return _MARK.sub("", without_marks(sentence)), frozenset(called)


def _with_marks(finding: _Finding, marks: frozenset[int], grounds: Grounds) -> _Finding:
    """Check that the sentences which carry a statement carry its marks too."""
    carried = {n for place in finding.sentences for n in grounds.sentences[place][1].notes}
    wrong = sorted(marks - carried)
    return replace(finding, reason=f"注 {wrong[0]} 不是这句话的注") if wrong else finding


def _evidence(places: frozenset[int], grounds: Grounds) -> Iterator[Evidence]:
    """Join neighbouring sentences of one passage into runs."""
    numbered = enumerate(sorted(places))
    for _, run in groupby(
        numbered, key=lambda pair: (pair[1] - pair[0], grounds.ground_of[pair[1]])
    ):
        held: list[tuple[Passage, Sentence]] = [grounds.sentences[place] for _, place in run]
        yield Evidence(held[0][0], tuple(sentence for _, sentence in held))
