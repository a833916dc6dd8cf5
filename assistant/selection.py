"""Step 3, select: which sentences answer the question.

Questions about the book itself (chapters, notes, surveys, speakers) are answered from the parsed
document in `assistant.structure`; this module chooses evidence for all others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.evidence import Evidence, Selection, whole
from assistant.forms import BOTH, FORMS
from assistant.retrieval import Hit, Retrieved
from assistant.understanding import Query
from ingest.document import Book, Passage, Sentence
from ingest.figures import Figure
from ingest.populations import find_populations

_CONSIDERED = 8  # passages whose sentences are weighed
_SENTENCE = 0.6  # weight of a sentence's own score beside its passage's
_QUANTITY = 0.25  # a question for a number, and the sentence states one
_POPULATION = 0.2  # the group asked about is the one counted
_YEAR = 0.2
_FIGURE = 0.3  # the sentence states a figure of the question
_HEADING = -0.2  # says less than the text below it
_DAMAGED = -0.5
_LONGEST_RUN = 260  # characters of one quote
_WHOLE_PARAGRAPH = 220  # characters up to which a paragraph without notes is quoted whole
_SIDES = 2  # of a comparison
_ALSO = 0.9  # share of the best score that a second side of a comparison needs
_ALSO_BOTH = 0.7  # the same, where the question asks for two things
_LIST_WEIGHTS = (1.9, -1.9, 6.9, -6.0, 0.2, -1.5)  # see wants_list


@dataclass(frozen=True, slots=True)
class Candidate:
    """One sentence, weighed."""

    hit: Hit
    position: int  # of the sentence in its passage
    score: float

    @property
    def sentence(self) -> Sentence:
        """The sentence itself."""
        return self.hit.passage.sentences[self.position]


def select_facts(found: Retrieved) -> Selection:
    """Choose the sentence that answers, with the neighbours that belong to it."""
    return Selection("", (run_around(weigh(found)[0]),))


def select_comparison(found: Retrieved, book: Book) -> Selection:
    """Choose the sides of a comparison.

    A figure that the question says two places share chooses those places; two chapters that it
    names choose the best passage of each; else the best passage is joined by the one that answers
    some clause of the question better than the first does.
    """
    query = found.query
    shared = _places_with(query.figures, query.chapters, found, book)
    if len(shared) > 1:
        return Selection("", tuple(shared[:2]))
    candidates = weigh(found)
    first = candidates[0]
    if len(query.chapters) > 1:
        sides = [_of_chapter(number, found) for number in query.chapters]
        best = [weigh(found, hits)[0] for hits in sides if hits] or [first]
        return Selection("", tuple(map(run_around, best[:_SIDES])))
    chosen = [first]
    also = _ALSO_BOTH if BOTH.search(query.own_text) else _ALSO
    clause_bests = (weigh(found, hits)[0] for hits in found.sides)
    for candidate in sorted(clause_bests, key=lambda candidate: -candidate.score):
        quoted = {(c.hit.passage.id, c.sentence.notes) for c in chosen}
        new = (candidate.hit.passage.id, candidate.sentence.notes) not in quoted
        if new and len(chosen) < _SIDES and candidate.score >= also * first.score:
            chosen.append(candidate)
    return Selection("", tuple(map(run_around, chosen)))


def _places_with(
    figures: Sequence[Figure], chapters: Sequence[int], found: Retrieved, book: Book
) -> list[Evidence]:
    """Give the claims that state a figure of the question, best passages first."""
    claims = [
        claim
        for claim in book.claims
        if _states(claim.sentence, figures)
        and (not chapters or claim.passage.section.division.number in chapters)
    ]
    claims.sort(key=lambda claim: -found.scores[claim.passage.id])
    return [Evidence(claim.passage, (claim.sentence,)) for claim in claims]


def _states(sentence: Sentence, figures: Sequence[Figure]) -> bool:
    return any(_same(asked, said) for asked in figures for said in sentence.figures)


def _of_chapter(number: int, found: Retrieved) -> list[Hit]:
    return [hit for hit in found.hits if hit.passage.section.division.number == number][
        :_CONSIDERED
    ]


def select_check(found: Retrieved) -> Selection:
    """Choose the sentence that a claim is to be held against, and say how the two compare."""
    best = weigh(found)[0]
    evidence = run_around(best)
    return Selection(_verdict(found.query, evidence), (evidence,))


def wants_list(found: Retrieved) -> bool:
    """Tell whether a whole list of actions answers, by the question's form and by what it meets.

    A logistic model of five features, fitted on the tuning questions (`evals.tuning`): the form of
    asking what to do, or for a number; the scores of the best list and of the best passage; and
    whether that passage is itself an action.
    """
    query = found.query
    if not found.lists:
        return False
    best_list, best = max(found.lists.values()), found.hits[0]
    asks = FORMS["action"].search(query.own_text) is not None
    acts = best.passage.section.kind == "act"
    features = (asks, query.wants_quantity, best_list, best.score, acts, 1.0)
    return sum(w * f for w, f in zip(_LIST_WEIGHTS, features, strict=True)) > 0


def select_actions(found: Retrieved, book: Book) -> Selection:
    """Give the list of actions that answers 'what should we do', all bullets of it."""
    section = max(found.lists, key=lambda key: found.lists[key])
    here = found.before.section if found.before else None
    if here and here.topic and found.query.points_back:
        section = (
            f"{here.division.key}.t{here.topic}.act"  # 「那该怎么办」: the topic just spoken of
        )
    bullets = [p for p in book.passages if p.section.key == section and p.kind == "bullet"]
    heading = bullets[0].section.heading.rstrip("。.")
    return Selection(f"{heading}：", tuple(map(whole, bullets)), listed=True)


def weigh(found: Retrieved, hits: Sequence[Hit] | None = None) -> list[Candidate]:
    """Weigh the sentences of the best passages, or of those given, best first."""
    candidates = [
        Candidate(hit, i, hit.score + _SENTENCE * hit.sentence_scores[i] + bonus)
        for hit in (hits or found.hits[:_CONSIDERED])
        for i, bonus in enumerate(_bonuses(found.query, hit.passage))
    ]
    return sorted(candidates, key=lambda candidate: -candidate.score)


def _bonuses(query: Query, passage: Passage) -> Iterator[float]:
    """Give each sentence of a passage what its figures, groups and years add to its score."""
    for sentence in passage.sentences:
        bonus = _HEADING if passage.kind == "heading" and not sentence.notes else 0.0
        bonus += _DAMAGED if sentence.damaged else 0.0
        amounts = [figure for figure in sentence.figures if _is_amount(figure)]
        if query.wants_quantity:
            bonus += _QUANTITY if amounts else 0.0
        groups = set(find_populations(sentence.text))
        bonus += _POPULATION * len(groups & set(query.populations)) / max(len(query.populations), 1)
        years = {int(figure.value) for figure in sentence.figures if figure.is_year}
        bonus += _YEAR * bool(years & set(query.years))
        bonus += _FIGURE * any(
            _same(asked, stated) for asked in query.figures for stated in amounts
        )
        yield bonus


def run_around(candidate: Candidate) -> Evidence:
    """Take a sentence with the neighbours without which it does not say what was asked.

    A bullet or a quote is one thought and is taken whole. In a paragraph the neighbours that the
    same note carries belong to a sentence; around a sentence without a note, those without one.
    """
    passage = candidate.hit.passage
    if passage.kind != "paragraph":
        return whole(passage, candidate.score)
    if not passage.notes and len(passage.text) <= _WHOLE_PARAGRAPH:
        return whole(passage, candidate.score)
    sentences = passage.sentences
    notes = candidate.sentence.notes
    first = last = candidate.position

    def fits(start: int, stop: int) -> bool:
        if start < 0 or stop >= len(sentences):
            return False
        return sentences[stop].end - sentences[start].start <= _LONGEST_RUN

    while fits(first, last + 1) and sentences[last + 1].notes == notes:
        last += 1
    while fits(first - 1, last) and sentences[first - 1].notes == notes:
        first -= 1
    return Evidence(passage, sentences[first : last + 1], candidate.score)


def _is_amount(figure: Figure) -> bool:
    return figure.unit in {"%", "倍", "美元"}


def _same(asked: Figure, stated: Figure) -> bool:
    return asked.unit == stated.unit and abs(asked.value - stated.value) < 0.01


def _verdict(query: Query, evidence: Evidence) -> str:
    """Say whether the book states the figures of the question."""
    asked = [figure for figure in query.figures if _is_amount(figure)]
    stated = [f for s in evidence.sentences for f in s.figures if _is_amount(f)]
    if not asked or not stated:
        return "书中的说法是："
    if all(any(_same(a, s) for s in stated) for a in asked):
        return "书中确有这个数字，原文是："
    return "与书中的数字不符，书中写的是："
