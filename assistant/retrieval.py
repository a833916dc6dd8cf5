"""Step 2, retrieve: every passage and every sentence of the book, scored against the question.

A passage is found by its own words and vector, by its best sentence, and by the questions of the
bank that it answers. All scores are shares (BM25 as a share of the reachable, cosine), so they add
up and compare between questions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from assistant.understanding import Query
from index.bank import unanswered_questions
from index.store import GuideIndex, Match, Matches
from ingest.document import Passage

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NEAREST = 64  # passages taken from Chroma
_HITS = 40  # passages handed on
_SIDE_HITS = 3  # passages for one clause of a comparison
_BEST_QUESTIONS = 3  # of the bank, whose mean cosine steadies the best one
_NAMED_CHAPTER = 0.3  # added where the question names the chapter
_SAME_PLACE = 0.2  # added for the chapter, the topic and the section of the last answer each


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each part of the evidence counts; 0 leaves a part out."""

    passage_lexical: float = 0.14
    passage_dense: float = 0.48
    sentence_lexical: float = 0.11
    sentence_dense: float = 0.42
    question_lexical: float = 0.31
    question_dense: float = 0.35
    questions_dense: float = 0.51  # mean of the best three questions
    late: float = 0.61


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage with its score; scores compare between questions."""

    passage: Passage
    score: float
    sentence_scores: tuple[float, ...]  # of its sentences, in order


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near a question is to what the book answers, and to what it does not; best of each."""

    words: float  # covered by one passage, a share
    question: float  # cosine with a question of the bank
    question_lexical: float
    unanswered: float  # cosine with a question that the guide does not answer
    unanswered_lexical: float


@dataclass(frozen=True, slots=True)
class Retrieved:
    """What was found for a question."""

    query: Query
    hits: tuple[Hit, ...]  # the best passages, best first, ties in the order of the book
    scores: Mapping[str, float]  # of every passage by id
    before: Passage | None  # where the last answer came from, if the question leans on it
    word_weights: NDArray[np.float32]  # of the question's words, sum 1
    coverage: NDArray[np.float32]  # how well each hit covers each word, shape (hits, words)
    nearness: Nearness
    sides: tuple[tuple[Hit, ...], ...]  # of a comparison: the best passages for each clause
    places: Mapping[str, float]  # sections and divisions by key, as the bank's questions match them
    lists: Mapping[str, float]  # sections of actions by key: their questions and bullets together


class Retriever:
    """Scores the passages of one index.

    Parameters
    ----------
    index : GuideIndex
    weights : Weights
        Chosen by measurement on the tuning half of the golden set.
    """

    def __init__(self, index: GuideIndex, weights: Weights | None = None) -> None:
        self._index = index
        self._weights = weights or Weights()
        self._passages = index.book.passages
        order = {passage.id: i for i, passage in enumerate(self._passages)}
        self._ids = list(order)
        self._record_passage = np.array([order[r.passage_id] for r in index.records])
        self._sentence_passage = np.array([order[p.id] for p, _ in index.sentences])
        self._first_sentence = np.searchsorted(
            self._sentence_passage, np.arange(len(self._passages) + 1)
        )
        self._question_passage = np.array([order.get(q.place, -1) for q in index.questions], int)
        lists: dict[str, list[int]] = {}
        for i, passage in enumerate(self._passages):
            if passage.section.kind == "act" and passage.kind != "quote":
                lists.setdefault(passage.section.key, []).append(i)
        self._lists = {key: np.array(members) for key, members in lists.items()}
        self._unanswered = {text: i for i, text in enumerate(unanswered_questions())}
        self._noted = _noted(index)
        self._chapters = np.array([p.section.division.number or 0 for p in self._passages])
        self._place_questions = _places(index, order)

    def retrieve(self, query: Query, *, left_out: str | None = None) -> Retrieved:
        """Score the book against a question and give the best passages.

        `left_out` is not matched among the unanswered questions: for fitting on those themselves.
        """
        found = [self._index.match(text, k=_NEAREST) for text in query.texts]
        scored = [self._score(matches) for matches in found]
        shares = (query.own_share, 1 - query.own_share)[: len(found)]  # one text counts whole
        before = self._before(query)
        scores = self._context(query, before) + _mix(
            [passages for passages, _, _ in scored], shares
        )
        sentence_scores = _mix([sentences for _, sentences, _ in scored], shares)
        by_question = _mix([questions for _, _, questions in scored], shares)
        questions_dense = _mix([matches.questions.dense for matches in found], shares)
        order = np.argsort(-scores, kind="stable")[:_HITS]
        words = found[0].words
        return Retrieved(
            query=query,
            hits=tuple(self._hit(int(i), float(scores[i]), sentence_scores) for i in order),
            before=before,
            scores=dict(zip(self._ids, scores.tolist(), strict=True)),
            word_weights=words.weights,
            coverage=words.cosines[:, order].T,
            nearness=_nearness(found[-1], self._unanswered.get(left_out or "")),
            sides=tuple(self._side(clause, scores, sentence_scores) for clause in query.sides),
            lists={
                key: self._list_score(key, members, scores, by_question, questions_dense)
                for key, members in self._lists.items()
            },
            places={
                key: float(by_question[questions].max())
                for key, questions in self._place_questions.items()
            },
        )

    def _list_score(
        self,
        key: str,
        members: NDArray[np.int_],
        scores: NDArray[np.float32],
        by_question: NDArray[np.float32],
        questions_dense: NDArray[np.float32],
    ) -> float:
        """Score a list of actions by its questions, its best members, and all of them."""
        best = np.sort(scores[members])[::-1]
        score = (best[:_BEST_QUESTIONS].mean() + best.mean()) / 2
        asked = self._place_questions.get(key)
        if asked is not None:
            nearest = np.sort(questions_dense[asked])[::-1][:_BEST_QUESTIONS]
            score += by_question[asked].max() + self._weights.questions_dense * nearest.mean()
        return float(score)

    def _side(
        self, clause: str, whole: NDArray[np.float32], whole_sentences: NDArray[np.float32]
    ) -> tuple[Hit, ...]:
        """Give the best passages for one clause, which count half beside the whole question."""
        passages, sentences, _ = self._score(self._index.match(clause, k=_NEAREST))
        scores = (passages + whole) / 2
        order = np.argsort(-scores, kind="stable")[:_SIDE_HITS]
        both = ((sentences + whole_sentences) / 2).astype(np.float32)
        return tuple(self._hit(int(i), float(scores[i]), both) for i in order)

    def _score(self, matches: Matches) -> tuple[NDArray[np.float32], ...]:
        """Give the scores of all passages, sentences and bank questions for one text."""
        weights = self._weights
        by_question = _sum(matches.questions, weights.question_lexical, weights.question_dense)
        by_sentence = _sum(matches.sentences, weights.sentence_lexical, weights.sentence_dense)
        by_passage = _sum(matches.passages, weights.passage_lexical, weights.passage_dense)
        passages = self._best(self._record_passage, by_passage)
        passages += self._best(self._sentence_passage, by_sentence)
        passages += self._best(self._question_passage, by_question)
        passages += weights.questions_dense * self._mean_of_best(matches.questions.dense)
        passages += weights.late * matches.words.scores
        noted = np.zeros_like(by_sentence)
        asking, asked = self._noted
        np.maximum.at(noted, asked, by_question[asking])
        return passages, by_sentence + noted, by_question

    def _best(self, owners: NDArray[np.int_], scores: NDArray[np.float32]) -> NDArray[np.float32]:
        """Give each passage the best score of what it owns, 0 where it owns nothing."""
        best = np.zeros(len(self._passages), np.float32)
        owned = owners >= 0
        np.maximum.at(best, owners[owned], scores[owned])
        return best

    def _mean_of_best(self, cosines: NDArray[np.float32]) -> NDArray[np.float32]:
        """Give each passage the mean cosine of its best three questions, missing ones as 0."""
        order = np.lexsort((-cosines, self._question_passage))
        owners = self._question_passage[order]
        starts = np.searchsorted(owners, owners, side="left")
        best = order[(np.arange(len(order)) - starts < _BEST_QUESTIONS) & (owners >= 0)]
        sums = np.zeros(len(self._passages), np.float32)
        np.add.at(sums, self._question_passage[best], np.maximum(cosines[best], 0))
        return np.asarray(sums / _BEST_QUESTIONS, np.float32)

    def _before(self, query: Query) -> Passage | None:
        """Find the passage that the last answer of the conversation quoted."""
        if not query.before:
            return None
        matches = self._index.match(query.before, k=_NEAREST)
        scores = self._best(
            self._sentence_passage, matches.sentences.lexical + matches.sentences.dense
        )
        noted = [bool(set(query.leans_on or ()) & set(p.notes)) for p in self._passages]
        scores += np.array(noted, np.float32)
        return self._passages[int(scores.argmax())] if scores.any() else None

    def _context(self, query: Query, before: Passage | None) -> NDArray[np.float32]:
        """Favour the chapters that the question names and the place of the conversation."""
        bonus = _NAMED_CHAPTER * np.isin(self._chapters, query.chapters).astype(np.float32)
        if before and not query.chapters:
            here = before.section
            near = [
                (p.section.division == here.division)
                + (p.section.division == here.division and p.section.topic == here.topic)
                + (p.section == here)
                for p in self._passages
            ]
            bonus += _SAME_PLACE * (1 - query.own_share) * np.array(near, np.float32)
        return bonus.astype(np.float32)

    def _hit(self, i: int, score: float, sentence_scores: NDArray[np.float32]) -> Hit:
        first, last = self._first_sentence[i], self._first_sentence[i + 1]
        return Hit(
            passage=self._passages[i],
            score=score,
            sentence_scores=tuple(map(float, sentence_scores[first:last])),
        )


def _nearness(matches: Matches, left_out: int | None) -> Nearness:
    def best(scores: NDArray[np.float32], leave: int | None = None) -> float:
        kept = scores if leave is None else np.delete(scores, leave)
        return float(kept.max()) if len(kept) else 0.0

    return Nearness(
        words=best(matches.words.scores),
        question=best(matches.questions.dense),
        question_lexical=best(matches.questions.lexical),
        unanswered=best(matches.unanswered.dense, left_out),
        unanswered_lexical=best(matches.unanswered.lexical, left_out),
    )


def _mix(scores: Sequence[NDArray[np.float32]], shares: Sequence[float]) -> NDArray[np.float32]:
    return np.asarray(
        sum(share * score for share, score in zip(shares, scores, strict=True)), np.float32
    )


def _sum(match: Match, lexical: float, dense: float) -> NDArray[np.float32]:
    return np.asarray(lexical * match.lexical + dense * match.dense, np.float32)


def _noted(index: GuideIndex) -> tuple[NDArray[np.int_], NDArray[np.int_]]:
    """Pair the questions that name a note with the sentences that it carries, as two arrays."""
    carried: dict[tuple[str, int], list[int]] = {}
    for i, (passage, sentence) in enumerate(index.sentences):
        for note in sentence.notes:
            carried.setdefault((passage.id, note), []).append(i)
    pairs = [
        (i, sentence)
        for i, question in enumerate(index.questions)
        if question.note is not None
        for sentence in carried.get((question.place, question.note), ())
    ]
    asking, asked = np.array(pairs, int).reshape(-1, 2).T
    return asking, asked


def _places(index: GuideIndex, passages: Mapping[str, int]) -> dict[str, NDArray[np.int_]]:
    """Collect the questions about whole sections and divisions."""
    places: dict[str, list[int]] = {}
    for i, question in enumerate(index.questions):
        if question.place not in passages:
            places.setdefault(question.place, []).append(i)
    return {key: np.array(questions) for key, questions in places.items()}
