"""Turning: whether a statement denies what the book affirms, or says less where it says more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from assistant.grounds import Meeting
from assistant.polarity import Pole, agree, denials
from assistant.statements import Statement

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SAME = 0.6  # cosine from which two words say one thing
_ALIKE = 0.1  # sentences that meet a clause nearly as well as the best one count as well
_THIN = 24.0  # weight of a clause that leans on the rest of its sentence: about three words
_NEAR = 14  # characters around a word with an opposite in which its object stands
_CLEAR = 0.3  # cosine from which an object is met at all
_CLEARER = 0.15  # by which the object must be met better beside the opposite word


def turned(meeting: Meeting, bound: Mapping[int, int]) -> str | None:
    """Say what a statement turns round, None where it turns nothing.

    Parameters
    ----------
    meeting : Meeting
    bound : mapping of int to int
        The clauses whose figures are bound, with the place of their sentence.
    """
    aligned = _aligned(meeting, bound)
    return (
        _wrongly_denied(meeting, aligned)
        or _wrongly_affirmed(meeting, aligned)
        or _opposite(meeting, aligned)
    )


def _aligned(meeting: Meeting, bound: Mapping[int, int]) -> list[list[int]]:
    """Give, for each clause, the places of the sentences that it restates."""
    statement = meeting.statement
    total = float(statement.weights.sum()) or 1.0
    whole = _best(statement.weights @ meeting.by_sentence / total)
    chosen = []
    for clause in range(len(statement.clauses)):
        held = statement.clause_of == clause
        weight = float(statement.weights[held].sum())
        if clause in bound:
            chosen.append([bound[clause]])
        elif weight < _THIN:
            chosen.append(sorted({*whole, *bound.values()}))
        else:
            chosen.append(_best(statement.weights[held] @ meeting.by_sentence[held] / weight))
    return chosen


def _best(shares: NDArray[np.float32]) -> list[int]:
    return [int(place) for place in np.flatnonzero(shares >= shares.max() - _ALIKE)]


def _wrongly_denied(meeting: Meeting, aligned: list[list[int]]) -> str | None:
    """Find a negation of the statement that the book does not make."""
    statement = meeting.statement
    excused = denials(statement.text)
    for negation in statement.negations:
        scope = np.flatnonzero(
            statement.within(negation.end, negation.scope_end) & (statement.weights > 0)
        )
        places = aligned[statement.clause_at(negation.start)]
        if not _denied_there(scope, places, excused, meeting):
            said = statement.text[negation.start : negation.scope_end].strip()
            return f"书中没有否定「{said}」"
    return None


def _denied_there(
    scope: NDArray[np.int64], places: list[int], excused: frozenset[str], meeting: Meeting
) -> bool:
    """Whether the book denies what a negation denies: its first word, where the book has it.

    A word that denies without a negation (「缺」, 「难以」) serves too, unless the statement has it
    as well: then its negation is one more.
    """
    grounds = meeting.grounds
    affirmed = False
    for place in places:
        there = grounds.statements[place]
        cosines = meeting.cosines[scope[:1], grounds.tokens(place)]
        for word in np.flatnonzero((cosines >= _SAME).any(axis=0)):
            clause = there.clause_text(int(there.clause_of[word]))
            if there.denied[word] or denials(clause) - excused:
                return True
            affirmed = True
    if affirmed:
        return False
    around = {p + step for p in places for step in (-1, 0, 1)} & set(range(len(grounds.statements)))
    return any(
        grounds.statements[place].negations or denials(grounds.statements[place].text) - excused
        for place in around
    )


def _wrongly_affirmed(meeting: Meeting, aligned: list[list[int]]) -> str | None:
    """Find a negation of the book that the statement leaves out."""
    statement, grounds = meeting.statement, meeting.grounds
    telling = (statement.weights > 0)[:, None]
    for place in sorted({place for places in aligned for place in places}):
        there = grounds.statements[place]
        for negation in there.negations:
            scope = np.flatnonzero(
                there.within(negation.end, negation.scope_end) & (there.weights > 0)
            )[:2]
            if not len(scope) or not len(telling):
                continue
            cosines = meeting.cosines[:, int(grounds.starts[place]) + scope] * telling
            words = cosines.argmax(axis=0)
            if float(cosines.max(axis=0).min()) < _SAME:
                continue
            clauses = {int(statement.clause_of[word]) for word in words}
            if any(place not in aligned[clause] for clause in clauses):
                continue
            start = statement.clauses[max(0, min(clauses) - 1)][0]
            end = statement.clauses[max(clauses)][1]
            if any(start <= n.start < end for n in statement.negations):
                continue
            if denials(statement.text[start:end]) - denials(there.text):
                continue
            if not _affirmed_too(there, words, place, meeting):
                return f"书中说的是「{there.text[negation.start : negation.scope_end].strip()}」"
    return None


def _affirmed_too(
    there: Statement, words: NDArray[np.int64], place: int, meeting: Meeting
) -> bool:
    """Whether the book says the same words once more without denying them."""
    free = np.flatnonzero(~there.denied & (there.weights > 0))
    cosines = meeting.cosines[np.ix_(words, int(meeting.grounds.starts[place]) + free)]
    return bool(cosines.size and (cosines.max(axis=1) >= _SAME).any())


def _opposite(meeting: Meeting, aligned: list[list[int]]) -> str | None:
    """Find a word whose opposite stands in the book, beside the same object."""
    statement, grounds = meeting.statement, meeting.grounds
    figures = {figure.start for figure in statement.figures}
    for pole in statement.poles:
        if any(0 <= start - pole.end <= 1 for start in figures):
            continue  # 「超过 60%」 is checked with the figure
        against: tuple[float, str] | None = None
        agreeing = -1.0
        around = _around(statement, pole)
        for place in aligned[statement.clause_at(pole.start)]:
            there = grounds.statements[place]
            for other in there.poles:
                same = agree(pole, other)
                if not same and other.axis != pole.axis:
                    continue
                affinity = _affinity(around, there, other, place, meeting)
                if same or _denied(statement, pole) != _denied(there, other):
                    agreeing = max(agreeing, affinity)
                elif against is None or affinity > against[0]:
                    against = affinity, there.text[other.start : other.end]
        if against and against[0] > max(agreeing + _CLEARER, _CLEAR):
            said = statement.text[pole.start : pole.end]
            return f"「{said}」与书中的「{against[1]}」方向相反"
    return None


def _affinity(
    around: NDArray[np.int64], there: Statement, pole: Pole, place: int, meeting: Meeting
) -> float:
    """Say how well the words beside a word meet those beside its counterpart in the book."""
    beside = int(meeting.grounds.starts[place]) + _around(there, pole)
    cosines = meeting.cosines[np.ix_(around, beside)]
    if not cosines.size:
        return 0.0
    weights = meeting.statement.weights[around]
    return float(weights @ cosines.max(axis=1) / weights.sum())


def _around(statement: Statement, pole: Pole) -> NDArray[np.int64]:
    """Give the tokens beside a word, within its clause: what it says more or less of."""
    start, end = statement.clauses[statement.clause_at(pole.start)]
    held = statement.within(max(start, pole.start - _NEAR), min(end, pole.end + _NEAR))
    held &= ~statement.within(pole.start, pole.end) & (statement.weights > 0)
    return np.flatnonzero(held)


def _denied(statement: Statement, pole: Pole) -> bool:
    return any(n.start <= pole.start < n.scope_end for n in statement.negations)
