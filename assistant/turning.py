"""Turning: whether a statement denies what the book affirms, or says less where it says more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from assistant.binding import Binding
from assistant.grounds import BookCount, Meeting
from assistant.polarity import (
    DECLINE,
    Pole,
    agree,
    denials,
    find_negations,
    is_avoiding,
    is_contrast,
    is_doubt,
    is_set_off,
)
from assistant.statements import Statement

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SAME = 0.6  # cosine from which two words say one thing
_ALIKE = 0.1  # sentences that meet a clause nearly as well as the best one count as well
_DOUBT = frozenset({"怀疑", "反对"})
_CLOSING = 2  # characters after a negation that closes its clause
_HEAD = 3  # words after a negation that tell what is denied
_MOST = 0.5  # weight of them that a statement must have, to have denied what it leaves undenied
_THIN = 24.0  # weight of a clause that leans on the rest of its sentence: about three words
_BEFORE, _AFTER = 6, 9  # characters around a word with an opposite in which its object stands
_HALF = 50.0
_OBJECT = 2  # words that tell what is said to be more or less
_CLEAR = 0.3  # cosine from which an object is met at all
_CLEARER = 0.15  # by which the object must be met better beside the opposite word


def turned(meeting: Meeting, binding: Binding) -> str | None:
    """Say what a statement turns round, None where it turns nothing.

    Parameters
    ----------
    meeting : Meeting
    binding : Binding
        Where its figures stand; a clause that tells a complement is rightly turned.
    """
    bound = binding.counts
    aligned = _aligned(meeting, {clause: count.sentence for clause, count in bound.items()})
    return (
        _wrongly_denied(meeting, aligned, binding.complements)
        or _wrongly_affirmed(meeting, aligned)
        or _left_undenied(meeting, bound, binding.complements)
        or _opposite(meeting, aligned)
        or _nothing_less(meeting, aligned)
        or _wrong_share(meeting, aligned)
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
            chosen.append(list(dict.fromkeys([*bound.values(), *whole])))
        else:
            chosen.append(_best(statement.weights[held] @ meeting.by_sentence[held] / weight))
    return chosen


def _best(shares: NDArray[np.float32]) -> list[int]:
    """Give the places of the best shares, best first."""
    places = np.argsort(-shares, kind="stable")
    return [int(place) for place in places if shares[place] >= shares.max() - _ALIKE]


def _wrongly_denied(
    meeting: Meeting, aligned: list[list[int]], complements: frozenset[int]
) -> str | None:
    """Find a negation of the statement that the book does not make."""
    statement = meeting.statement
    for negation in statement.negations:
        clause = statement.clause_at(negation.start)
        places = aligned[clause]
        if clause in complements or is_avoiding(statement.text, negation):
            continue
        if any(0 <= figure.start - negation.end <= 1 for figure in statement.figures):
            told = False  # 「不是 87%」
        elif is_doubt(statement.text, negation):
            told = any(_doubted(place, meeting) for place in places)
        else:
            scope = np.flatnonzero(
                statement.within(negation.end, negation.scope_end) & (statement.weights > 0)
            )
            if statement.text[negation.end : negation.end + 1] in {"把", "将"}:
                scope = scope[-_HEAD:][::-1]  # what is denied stands after its object
            told = _denied_there(
                scope[:_HEAD],
                places,
                denials(statement.clause_text(clause)),
                meeting,
                set_off=is_set_off(statement.text, negation),
            )
        if not told:
            said = statement.text[negation.start : negation.scope_end].strip()
            return f"书中没有否定「{said}」"
    return None


def _doubted(place: int, meeting: Meeting) -> bool:
    """Whether a sentence of the book doubts, or denies what the statement speaks of."""
    there, start = meeting.grounds.statements[place], int(meeting.grounds.starts[place])
    for negation in there.negations:
        scope = np.flatnonzero(
            there.within(negation.end, negation.scope_end) & (there.weights > 0)
        )[:1]
        if is_doubt(there.text, negation):
            return True
        if (meeting.cosines[:, start + scope] >= _SAME).any():
            return True
    return bool(_DOUBT & denials(there.text))


def _denied_there(
    scope: NDArray[np.int64],
    places: list[int],
    excused: frozenset[str],
    meeting: Meeting,
    *,
    set_off: bool,
) -> bool:
    """Whether the book denies what a negation denies: its first words, where the book has them.

    A word that denies without a negation (「缺」, 「难以」) serves too, unless the statement has it
    as well: then its negation is one more.
    """
    grounds = meeting.grounds
    for token in scope:
        first = token == scope[0]
        affirmed = False
        for place in places:
            there = grounds.statements[place]
            for word in np.flatnonzero(meeting.cosines[token, grounds.tokens(place)] >= _SAME):
                said = there.clause_text(int(there.clause_of[word])) if first else there.text
                if there.denied[word] or denials(said) - excused:
                    return True
                if there.negations if not first else _denied_behind(there, int(word)):
                    return True
                affirmed = True
        if affirmed:
            return False
    if set_off:
        return True
    # 「管不了」: what is denied stands before, and may stand anywhere.
    places = places[:1] if len(scope) else list(range(len(grounds.statements)))
    return any(
        grounds.statements[place].negations or denials(grounds.statements[place].text) - excused
        for place in places
    )


def _denied_behind(statement: Statement, token: int) -> bool:
    """Whether a negation that denies nothing after it closes the clause of a word: 「…不符」."""
    start, end = statement.clauses[int(statement.clause_of[token])]
    return any(
        start <= n.start < end and n.scope_end - n.end <= _CLOSING for n in statement.negations
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
            )[:_HEAD]
            if not len(scope) or not len(telling):
                continue
            cosines = meeting.cosines[:, int(grounds.starts[place]) + scope] * telling
            said = cosines.max(axis=0) >= _SAME
            weights = there.weights[scope]
            if float(weights[said].sum()) < _MOST * float(weights.sum()):
                continue
            words = cosines.argmax(axis=0)[said]
            clauses = {int(statement.clause_of[word]) for word in words}
            if any(place not in aligned[clause] for clause in clauses):
                continue
            start = statement.clauses[max(0, min(clauses) - 1)][0]
            end = statement.clauses[min(max(clauses) + 1, len(statement.clauses) - 1)][1]
            if any(start <= n.start < end for n in statement.negations):
                continue
            if denials(statement.text[start:end]) - denials(there.text):
                continue
            if not _affirmed_too(there, words, place, meeting):
                return f"书中说的是「{there.text[negation.start : negation.scope_end].strip()}」"
    return None


def _left_undenied(
    meeting: Meeting, bound: Mapping[int, BookCount], complements: frozenset[int]
) -> str | None:
    """Find a figure that the book counts of those who do not, and the statement of those who do."""
    statement = meeting.statement
    for clause, stated in bound.items():
        if clause in complements:
            continue
        there = meeting.grounds.statements[stated.sentence]
        start, end = there.clauses[stated.count.clause]
        denied = [
            n
            for n in there.negations
            if start <= n.start < end and not is_contrast(there.text, n) and n.scope_end > n.end
        ]
        first = statement.clauses[max(0, clause - 1)][0]
        last = statement.clauses[min(clause + 1, len(statement.clauses) - 1)][1]
        said = statement.text[first:last]
        if denied and not find_negations(said) and not denials(said):
            return f"书中说的是「{there.text[denied[0].start : denied[0].scope_end].strip()}」"
    return None


def _affirmed_too(there: Statement, words: NDArray[np.int64], place: int, meeting: Meeting) -> bool:
    """Whether the book says the first of these words once more without denying it."""
    free = np.flatnonzero(~there.denied & (there.weights > 0))
    cosines = meeting.cosines[np.ix_(words, int(meeting.grounds.starts[place]) + free)]
    return bool(cosines.size and cosines[0].max() >= _SAME)


def _opposite(meeting: Meeting, aligned: list[list[int]]) -> str | None:
    """Find a word whose opposite stands in the book, beside the same object."""
    statement, grounds = meeting.statement, meeting.grounds
    figures = {figure.start for figure in statement.figures}
    for pole in statement.poles:
        if any(0 <= start - pole.end <= 1 for start in figures):
            continue  # 「超过 60%」 is checked with the figure
        places = aligned[statement.clause_at(pole.start)]
        if _both_sides(statement, pole.axis) and any(
            _both_sides(grounds.statements[place], pole.axis) for place in places
        ):
            continue  # statement and book set the two sides against each other
        against: tuple[float, str] | None = None
        agreeing = -1.0
        around = _around(statement, pole)
        for place in places:
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


def _nothing_less(meeting: Meeting, aligned: list[list[int]]) -> str | None:
    """Find a word of decline, harm or failure where the book has nothing of the kind."""
    statement = meeting.statement
    figures = {figure.start for figure in statement.figures}
    for pole in statement.poles:
        if pole.positive or pole.axis not in DECLINE or pole.end in figures:
            continue
        there = [
            meeting.grounds.statements[place] for place in aligned[statement.clause_at(pole.start)]
        ]
        if _denied(statement, pole) or any(one.negations or denials(one.text) for one in there):
            continue
        poles = [other for one in there for other in one.poles if other.axis in DECLINE]
        if poles and all(other.positive for other in poles):
            return f"书中没有说「{statement.text[pole.start : pole.end]}」"
    return None


def _both_sides(statement: Statement, axis: str) -> bool:
    return len({pole.positive for pole in statement.poles if pole.axis == axis}) > 1


def _affinity(
    around: NDArray[np.int64], there: Statement, pole: Pole, place: int, meeting: Meeting
) -> float:
    """Say how well the words beside a word meet those beside its counterpart in the book."""
    beside = int(meeting.grounds.starts[place]) + _around(there, pole)
    cosines = meeting.cosines[np.ix_(around, beside)]
    if not cosines.size:
        return 0.0
    return float(np.sort(cosines.max(axis=1))[-_OBJECT:].mean())


def _around(statement: Statement, pole: Pole) -> NDArray[np.int64]:
    """Give the tokens beside a word, within its clause: what it says more or less of."""
    start, end = statement.clauses[statement.clause_at(pole.start)]
    held = statement.within(max(start, pole.start - _BEFORE), min(end, pole.end + _AFTER))
    held &= ~statement.within(pole.start, pole.end) & (statement.weights > 0)
    return np.flatnonzero(held)


def _denied(statement: Statement, pole: Pole) -> bool:
    return any(n.start <= pole.start < n.scope_end for n in statement.negations)


def _wrong_share(meeting: Meeting, aligned: list[list[int]]) -> str | None:
    """Find 「多数」 where the book counts less than half, or 「少数」 where it counts more."""
    statement = meeting.statement
    for pole in statement.poles:
        if pole.axis != "share":
            continue
        shares = [
            figure.value
            for place in aligned[statement.clause_at(pole.start)]
            for count in meeting.grounds.statements[place].counts
            for figure in count.figures
            if figure.unit == "%" and not count.change
        ]
        held = any((share > _HALF) == pole.positive for share in shares)
        if shares and not held and not _says_share(meeting, aligned, pole):
            return f"书中的比例不是「{statement.text[pole.start : pole.end]}」"
    return None


def _says_share(meeting: Meeting, aligned: list[list[int]], pole: Pole) -> bool:
    places = aligned[meeting.statement.clause_at(pole.start)]
    return any(agree(pole, one) for p in places for one in meeting.grounds.statements[p].poles)
