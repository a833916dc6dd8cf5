"""Step 3, select: which sentences answer the question.

Questions about the book itself (chapters, notes, surveys, speakers) are answered from the parsed
document in `assistant.structure`; this module chooses evidence for all others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.claim_check import compared
from assistant.conversation import is_said
from assistant.evidence import Evidence, Selection, whole
from assistant.fitted import fitted
from assistant.forms import AGAIN, ALL, ASKS, BOTH, FORMS, QUANTITY, SAME
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
_SAID = -0.5  # the last answer said it
_LONGEST_RUN = 260  # characters of one quote
_WHOLE_PARAGRAPH = 220  # characters up to which a paragraph without notes is quoted whole
_SIDES = 4  # of a comparison
_SHARING = 2  # places that say the same
_RIVALS = 5  # runs of sentences that may be asked for besides the best


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
    """Choose what answers: the best sentence with those that belong to it, and a second such run.

    The second is given where the question asks about two things that stand apart.
    """
    return Selection("", _best_runs(found))


def _best_runs(found: Retrieved) -> tuple[Evidence, ...]:
    candidates = weigh(found)
    second = second_run(found, candidates)
    first = run_around(candidates[0])
    return (first, second) if second else (first,)


def select_comparison(found: Retrieved, book: Book) -> Selection:
    """Choose the sides of a comparison.

    A figure that the question says two places share chooses those places; two chapters that it
    names choose the best passage of each; else it is answered as any other question.
    """
    query = found.query
    if SAME.search(query.own_text):
        shared = _places_with(query.figures, query.chapters, found, book)
        if len(shared) > 1:
            return Selection("", tuple(shared[:_SHARING]))
    if len(query.chapters) > 1:
        sides = [_of_chapter(number, found) for number in query.chapters]
        best = [weigh(found, hits)[0] for hits in sides if hits]
        if best:
            return Selection("", tuple(map(run_around, best[:_SIDES])))
    return select_facts(found)


def second_run(found: Retrieved, candidates: Sequence[Candidate]) -> Evidence | None:
    """Find the second run of sentences that a question asks for besides the best one, if it does.

    Parameters
    ----------
    candidates : sequence of Candidate
        Best first.
    """
    model = fitted().second
    likely = [(model.logit(features), run) for run, features in second_features(found, candidates)]
    chance, run = max(likely, key=lambda pair: pair[0], default=(model.threshold - 1, None))
    return run if chance >= model.threshold else None


def second_features(
    found: Retrieved, candidates: Sequence[Candidate]
) -> list[tuple[Evidence, dict[str, float]]]:
    """Give, for each run of sentences that might be asked for too, what tells whether it is.

    A second run scores nearly as well, answers some clause of the question better than the first
    does, and is asked for by a question in a form that wants two things.
    """
    query, first = found.query, candidates[0]
    ranks = {hit.passage.id: rank for rank, hit in enumerate(found.hits)}
    taken = [run_around(first)]
    rivals: list[Candidate] = []
    for candidate in candidates[1:]:
        run = run_around(candidate)
        if len(rivals) == _RIVALS:
            break
        if not any(_overlap(run, other) for other in taken):
            taken.append(run)
            rivals.append(candidate)
    text = query.own_text
    here = first.hit.passage.section.division.number
    tops = [max(hits, key=lambda hit: hit.score).passage.id for hits in found.clauses]
    amounts = len(QUANTITY.findall(text))
    stated = sum(_is_amount(f) for sentence in taken[0].sentences for f in sentence.figures)
    missing = max(min(amounts, 3) - stated, 0)
    rows = []
    for rival, run in zip(rivals, taken[1:], strict=True):
        gains = [
            _for_clause(hits[ranks[rival.hit.passage.id]], rival.position)
            - _for_clause(hits[ranks[first.hit.passage.id]], first.position)
            for hits in found.clauses
        ]
        joint = found.coverage.joint(found.vector, taken[0], run)
        there = rival.hit.passage.section.division.number
        features = {
            "share": rival.score / max(first.score, 1e-6),
            "behind": first.score - rival.score,
            "gain": max(gains, default=0.0),
            "loss": -min(gains, default=0.0),
            "covered": joint.first,
            "near": joint.second,
            "covers more": joint.gain,
            "tops": float(rival.hit.passage.id in tops),
            "both top": float({rival.hit.passage.id, first.hit.passage.id} <= set(tops)),
            "compare": float(bool(FORMS["compare"].search(text))),
            "both": float(bool(BOTH.search(text))),
            "asks": float(min(len(ASKS.findall(text)), 3)),
            "amounts asked": float(min(amounts, 3)),
            "amounts missing": float(missing),
            "adds amounts": float(missing and _states_amount(run)),
            "again": float(bool(AGAIN.search(text))),
            "questions": float(min(len(re.findall(r"[？?]", text)), 2)),
            "clauses": float(min(len(query.clauses), 4)),
            "chapters": float(here != there and {here, there} <= set(query.chapters)),
            "elsewhere": float(here != there),
            "beside": float(rival.hit.passage.id == first.hit.passage.id),
            "figures": float(query.wants_quantity and _states_amount(run)),
            "one": 1.0,
        }
        rows.append((run, features))
    return rows


def _for_clause(hit: Hit, position: int) -> float:
    return hit.score + _SENTENCE * hit.sentence_scores[position]


def _overlap(one: Evidence, other: Evidence) -> bool:
    return one.passage.id == other.passage.id and bool(set(one.sentences) & set(other.sentences))


def _states_amount(run: Evidence) -> bool:
    return any(_is_amount(figure) for sentence in run.sentences for figure in sentence.figures)


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
    """Give the best passages of a chapter, by the question and by the clauses that name it."""
    named = [
        {hit.passage.id: hit for hit in hits}
        for hits, chapters in zip(found.clauses, found.query.clause_chapters, strict=True)
        if chapters == (number,)
    ]
    here = [hit for hit in found.hits if hit.passage.section.division.number == number]
    both = [_joined([hit, *(hits[hit.passage.id] for hits in named)]) for hit in here]
    return sorted(both, key=lambda hit: -hit.score)[:_CONSIDERED]


def _joined(hits: Sequence[Hit]) -> Hit:
    """Add up the scores of one passage for a question and for clauses of it."""
    sentences = zip(*(hit.sentence_scores for hit in hits), strict=True)
    return Hit(hits[0].passage, sum(hit.score for hit in hits), tuple(map(sum, sentences)))


def select_check(found: Retrieved) -> Selection:
    """Choose the sentence that a claim is to be held against, and say how the two compare."""
    runs = _best_runs(found)
    return Selection(_verdict(found.query, runs[0]), runs)


def wants_list(found: Retrieved) -> bool:
    """Tell whether a whole list of actions answers, by the question's form and by what it meets."""
    if not found.lists:
        return False
    return _topic_spoken_of(found) is not None or fitted().lists.holds(list_features(found))


def _topic_spoken_of(found: Retrieved) -> str | None:
    """Give the actions of the topic named or just spoken of, where 「那该怎么办」 asks for them."""
    if found.query.topics and found.query.intent == "action":
        return _best_list(found)
    here = found.before.section if found.before else None
    if here and here.topic and found.query.points_back and found.query.intent == "action":
        return f"{here.topic_key}.act"
    return None


def list_features(found: Retrieved) -> dict[str, float]:
    """Give what tells a question for a list of actions from one for a single passage, by name."""
    query, best = found.query, found.hits[0]
    first, second = sorted((*found.lists.values(), 0.0), reverse=True)[:2]
    return {
        "asks what to do": float(bool(FORMS["action"].search(query.own_text))),
        "asks for all": float(bool(ALL.search(query.own_text))),
        "asks a number": float(query.wants_quantity),
        "states a figure": float(bool(query.figures)),
        "best list": first,
        "lead of the list": first - second,
        "best passage": best.score,
        "passage is an action": float(best.passage.section.kind == "act"),
        "passage is of the list": float(best.passage.section.key == _best_list(found)),
        "passage is a quote": float(best.passage.kind == "quote"),
        "one": 1.0,
    }


def _best_list(found: Retrieved) -> str:
    """Give the list of actions that fits best, of the topics or chapters named if any are."""
    named = found.query.topics or [f"ch{number:02}." for number in found.query.chapters]
    of_named = [key for key in found.lists if any(map(key.startswith, named))]
    return max(of_named or found.lists, key=lambda key: found.lists[key])


def select_actions(found: Retrieved, book: Book) -> Selection:
    """Give the list of actions that answers 'what should we do', all bullets of it."""
    section = _topic_spoken_of(found) or _best_list(found)
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
        bonus += _SAID if is_said(sentence, query.before, frozenset(query.leans_on or ())) else 0.0
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
    """Say whether the book bears out what the question claims."""
    differences = compared(query.own_text, evidence)
    if differences is None:
        return "书中的说法是："
    if not differences:
        return "书中确有这个数字，原文是："
    what = "数字" if "value" in differences else "说法"
    return f"与书中的{what}不符，书中写的是："
