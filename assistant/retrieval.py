"""Step 2, retrieve: every passage and every sentence of the book, scored against the question.

A passage is found by the words of itself and of the questions of the bank that it answers, taken
together, and by meaning: its own, its best sentence's, those questions'. All scores are shares
(BM25 as a share of the reachable, cosine), so they add up and compare between questions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from assistant.coverage import Coverage
from assistant.english import is_english
from assistant.understanding import Query, in_words_of_book
from index.store import GuideIndex, Matches
from ingest.document import Passage

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NEAREST = 64  # passages taken from Chroma
_HITS = 40  # passages handed on
_BEST_QUESTIONS = 3  # of the bank, whose mean cosine steadies the best one
_AS_ASKED = 0.65  # share of an English question as it stands beside the same with Chinese terms
_NAMED_CHAPTER = 0.3  # added where the question names the chapter
_NAMED_TOPIC = 0.3  # and where it names the topic besides
_INTRODUCED = 0.6  # weight of the heading or the lines before a list of actions
_SAME_PLACE = 0.2  # added for the chapter, the topic and the section of the last answer each


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each part of the evidence counts; 0 leaves a part out."""

    place_lexical: float = 0.73  # a passage's words together with those of its questions
    passage_dense: float = 0.33
    sentence_dense: float = 0.37
    sentence_lexical: float = 0.08
    question_dense: float = 0.22
    questions_dense: float = 0.95  # mean of the best three questions


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage with its score; scores compare between questions."""

    passage: Passage
    score: float
    sentence_scores: tuple[float, ...]  # of its sentences, in order


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near a question is to what the book answers, and to what it does not; best of each."""

    words: float  # of one passage with its questions, a share
    unknown: frozenset[str]  # its n-grams that neither the book nor the bank holds anywhere
    unknown_share: float  # of all its n-grams
    question: float  # cosine with a question of the bank
    unanswered: float  # cosine with a question that the guide does not answer


@dataclass(frozen=True, slots=True)
class Retrieved:
    """What was found for a question."""

    query: Query
    hits: tuple[Hit, ...]  # the best passages, best first, ties in the order of the book
    scores: Mapping[str, float]  # of every passage by id
    before: Passage | None  # where the last answer came from, if the question leans on it
    has_bank: bool  # whether a question bank was matched
    has_unanswered: bool  # whether questions without an answer were matched too
    nearness: Nearness
    clauses: tuple[tuple[Hit, ...], ...]  # the same passages, scored for each clause alone
    places: Mapping[str, float]  # sections and divisions by key, as the bank's questions match them
    vector: NDArray[np.float32]  # of the question with what it leans on
    coverage: Coverage
    lists: Mapping[str, float]  # sections of actions by key: their questions and bullets together


class _Scores(NamedTuple):
    """How well everything matches what is asked."""

    passages: NDArray[np.float32]
    sentences: NDArray[np.float32]
    questions: NDArray[np.float32]  # of the bank
    words: NDArray[np.float32]  # of every place, alone


class _Owned:
    """Scores of what passages own (sentences, questions), gathered by their owners.

    Parameters
    ----------
    owners : sequence of int
        The place of each score's owner; -1 for a score that no passage owns.
    size : int
        How many owners there are.
    """

    def __init__(self, owners: Sequence[int], size: int) -> None:
        places = np.array(owners, int)
        order = np.argsort(places, kind="stable")
        order = order[places[order] >= 0]
        counts = np.bincount(places[order], minlength=size)
        starts = np.cumsum(counts) - counts
        rank = np.arange(len(order)) - starts[places[order]]
        # One row an owner; what is missing points at the zero that `_rows` appends.
        self._places = np.full((size, max(counts.max(initial=0), _BEST_QUESTIONS)), -1)
        self._places[places[order], rank] = order
        self._counts = np.maximum(counts, 1)

    def best(self, scores: NDArray[np.float32]) -> NDArray[np.float32]:
        """Give each owner the best of its scores, 0 where it owns nothing or none above 0."""
        return np.asarray(self._rows(scores).max(axis=1), np.float32)

    def mean_of_best(self, scores: NDArray[np.float32]) -> NDArray[np.float32]:
        """Give each owner the mean of its best three scores, missing and negative ones as 0."""
        rows = np.partition(self._rows(scores), -_BEST_QUESTIONS, axis=1)[:, -_BEST_QUESTIONS:]
        return np.asarray(np.maximum(rows, 0).mean(axis=1), np.float32)

    def mean(self, scores: NDArray[np.float32]) -> NDArray[np.float32]:
        """Give each owner the mean of its scores, 0 where it owns nothing."""
        return np.asarray(self._rows(scores).sum(axis=1) / self._counts, np.float32)

    def _rows(self, scores: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.append(scores, np.float32(0))[self._places]


class _LargerPlaces:
    """Scores sections and divisions: lists of actions, and whatever the bank asks of as a whole."""

    def __init__(self, index: GuideIndex, order: Mapping[str, int]) -> None:
        passages = index.book.passages
        listed = {p.section.key for p in passages if p.section.kind == "act" and p.kind != "quote"}
        asked = {question.place for question in index.bank.questions} - order.keys()
        self._keys = sorted(listed | asked)
        self._lists = [i for i, key in enumerate(self._keys) if key in listed]
        self._asked = [i for i, key in enumerate(self._keys) if key in asked]
        found_by_words = {key: i for i, key in enumerate(index.places)}
        self._words = np.array([found_by_words.get(key, -1) for key in self._keys], int)
        places = {key: i for i, key in enumerate(self._keys)}
        size = len(places)
        owners = [places.get(p.section.key, -1) if p.kind != "quote" else -1 for p in passages]
        leads = [-1 if p.kind == "bullet" else i for p, i in zip(passages, owners, strict=True)]
        self._members = _Owned(owners, size)
        self._leads = _Owned(leads, size)
        self._questions = _Owned([places.get(q.place, -1) for q in index.bank.questions], size)

    def score(
        self, passages: NDArray[np.float32], own: _Scores
    ) -> tuple[dict[str, float], dict[str, float]]:
        """Score the lists, and the places that the bank asks of.

        A place counts by its questions and its own words; a list by what introduces it and by its
        members besides, `passages` being the scores of all passages.
        """
        found = self._questions.best(own.questions)
        found += np.append(own.words, np.float32(0))[self._words]
        lists = found + self._questions.mean_of_best(own.questions)
        lists += _INTRODUCED * self._leads.best(passages)
        lists += (self._members.mean_of_best(passages) + self._members.mean(passages)) / 2
        return (
            {self._keys[i]: float(lists[i]) for i in self._lists},
            {self._keys[i]: float(found[i]) for i in self._asked},
        )


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
        size = len(order)
        self._records = _Owned([order[r.passage_id] for r in index.records], size)
        sentences = [order[p.id] for p, _ in index.sentences]
        self._sentences = _Owned(sentences, size)
        self._first_sentence = np.searchsorted(sentences, np.arange(size + 1))
        self._questions = _Owned([order.get(q.place, -1) for q in index.bank.questions], size)
        self._larger = _LargerPlaces(index, order)
        self._unanswered = {text: i for i, text in enumerate(index.bank.unanswered)}
        self._noted = _noted(index)
        self._coverage = Coverage(index)
        self._chapters = np.array([p.section.division.number or 0 for p in self._passages])
        self._divisions = np.array([p.section.division.key for p in self._passages])
        self._topics = np.array([p.section.topic_key or "" for p in self._passages])

    def retrieve(self, query: Query, *, left_out: str | None = None) -> Retrieved:
        """Score the book against a question and give the best passages.

        `left_out` is not matched among the unanswered questions: for fitting on those themselves.
        """
        wordings = [self._wordings(text) for text in (*query.texts, *query.clauses)]
        last = (query.before,) if query.before else ()
        texts = (*(text for each in wordings for text, _ in each), *last)
        matched = iter(self._index.match(texts, k=_NEAREST))
        found = [[(next(matched), share) for _, share in each] for each in wordings]
        before = self._before(query, next(matched)) if last else None
        asked, clauses = found[: len(query.texts)], found[len(query.texts) :]
        shares = (query.own_share, 1 - query.own_share)[: len(asked)]  # one text counts whole
        own = self._score(
            [(m, share * s) for each, share in zip(asked, shares, strict=True) for m, s in each]
        )
        scores = self._context(query, before) + own.passages
        order = np.argsort(-scores, kind="stable")[:_HITS]
        first, _ = asked[-1][0]
        lists, places = self._larger.score(scores, own)
        return Retrieved(
            query=query,
            hits=tuple(self._hit(int(i), float(scores[i]), own.sentences) for i in order),
            before=before,
            scores=dict(zip(self._ids, scores.tolist(), strict=True)),
            vector=first.vector,
            coverage=self._coverage,
            has_bank=bool(self._index.bank.questions),
            has_unanswered=bool(self._index.bank.unanswered),
            nearness=self._nearness(first, self._unanswered.get(left_out or "")),
            clauses=tuple(
                tuple(self._hit(int(i), float(part.passages[i]), part.sentences) for i in order)
                for part in map(self._score, clauses)
            ),
            lists=lists,
            places=places,
        )

    def _wordings(self, text: str) -> tuple[tuple[str, float], ...]:
        """Give what is matched for a text, each with its share.

        The guide's bank asks in everyday words and in English, so with it a text is matched as it
        stands, and English with its terms in Chinese besides. A bank that a model wrote is thinner:
        a text is matched both ways. Without one, it is matched in the book's words.
        """
        if self._index.bank.unanswered and not is_english(text):
            return ((text, 1.0),)
        worded = in_words_of_book(text)
        if worded == text or not self._index.bank.questions:
            return ((worded, 1.0),)
        return ((text, _AS_ASKED), (worded, 1 - _AS_ASKED))

    def _score(self, matched: Sequence[tuple[Matches, float]]) -> _Scores:
        """Score everything for one text or more, each with its share."""
        scored = [self._score_one(matches) for matches, _ in matched]
        shares = [share for _, share in matched]
        return _Scores(*(_mix(arrays, shares) for arrays in zip(*scored, strict=True)))

    def _score_one(self, matches: Matches) -> _Scores:
        weights = self._weights
        by_question = weights.question_dense * matches.questions
        by_sentence = weights.sentence_dense * matches.sentences
        by_sentence += weights.sentence_lexical * matches.sentence_words
        passages = weights.place_lexical * matches.places[: len(self._passages)]
        passages += weights.passage_dense * self._records.best(matches.passages)
        passages += self._sentences.best(by_sentence)
        passages += self._questions.best(by_question)
        passages += weights.questions_dense * self._questions.mean_of_best(matches.questions)
        noted = np.zeros_like(by_sentence)
        asking, asked = self._noted
        np.maximum.at(noted, asked, by_question[asking])
        words = weights.place_lexical * matches.places
        return _Scores(passages, by_sentence + noted, by_question, words)

    def _before(self, query: Query, matches: Matches) -> Passage | None:
        """Find the passage that the last answer of the conversation quoted."""
        scores = self._sentences.best(matches.sentence_words + matches.sentences)
        noted = [bool(set(query.leans_on or ()) & set(p.notes)) for p in self._passages]
        scores += np.array(noted, np.float32) + np.isin(self._chapters, query.spoken_of)
        return self._passages[int(scores.argmax())] if scores.any() else None

    def _context(self, query: Query, before: Passage | None) -> NDArray[np.float32]:
        """Favour the chapters that the question names and the place of the conversation."""
        bonus = _NAMED_CHAPTER * np.isin(self._chapters, query.chapters).astype(np.float32)
        if query.others:
            bonus += _NAMED_CHAPTER * np.isin(self._divisions, query.others)
        if query.topics:
            bonus += _NAMED_TOPIC * np.isin(self._topics, query.topics)
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

    def _nearness(self, matches: Matches, left_out: int | None) -> Nearness:
        unanswered = matches.unanswered
        if left_out is not None:
            unanswered = np.delete(unanswered, left_out)
        return Nearness(
            words=float(matches.places[: len(self._passages)].max()),
            unknown=matches.unknown,
            unknown_share=matches.unknown_share,
            question=float(matches.questions.max(initial=0.0)),
            unanswered=float(unanswered.max(initial=0.0)),
        )

    def _hit(self, i: int, score: float, sentence_scores: NDArray[np.float32]) -> Hit:
        first, last = self._first_sentence[i], self._first_sentence[i + 1]
        return Hit(
            passage=self._passages[i],
            score=score,
            sentence_scores=tuple(map(float, sentence_scores[first:last])),
        )


def _mix(scores: Sequence[NDArray[np.float32]], shares: Sequence[float]) -> NDArray[np.float32]:
    return np.asarray(
        sum(share * score for share, score in zip(shares, scores, strict=True)), np.float32
    )


def _noted(index: GuideIndex) -> tuple[NDArray[np.int_], NDArray[np.int_]]:
    """Pair the questions that name a note with the sentences that it carries, as two arrays."""
    carried: dict[tuple[str, int], list[int]] = {}
    for i, (passage, sentence) in enumerate(index.sentences):
        for note in sentence.notes:
            carried.setdefault((passage.id, note), []).append(i)
    pairs = [
        (i, sentence)
        for i, question in enumerate(index.bank.questions)
        if question.note is not None
        for sentence in carried.get((question.place, question.note), ())
    ]
    asking, asked = np.array(pairs, int).reshape(-1, 2).T
    return asking, asked
