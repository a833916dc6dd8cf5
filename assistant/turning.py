"""Turning: whether a statement denies what the book affirms, or says less where it says more."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from assistant.grounds import Meeting
from assistant.polarity import Pole, agree, denies
from assistant.statements import Statement

_SAME = 0.6  # cosine from which two words say one thing
_ALIKE = 0.1  # sentences that meet a clause nearly as well as the best one count as well
_HEAD = 4  # words after a negation that tell what is denied


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
    chosen = []
    for clause in range(len(statement.clauses)):
        held = statement.clause_of == clause
        weights = statement.weights[held]
        if clause in bound:
            chosen.append([bound[clause]])
        elif weights.sum() > 0:
            shares = weights @ meeting.by_sentence[held] / weights.sum()
            chosen.append([int(i) for i in np.flatnonzero(shares >= shares.max() - _ALIKE)])
        else:
            chosen.append([])
    return chosen


def _wrongly_denied(meeting: Meeting, aligned: list[list[int]]) -> str | None:
    statement, grounds = meeting.statement, meeting.grounds
    for negation in statement.negations:
        sentences = aligned[statement.clause_at(negation.start)]
        if not sentences:
            continue
        scope = np.flatnonzero(
            statement.within(negation.end, negation.scope_end) & (statement.weights > 0)
        )[:_HEAD]
        said = statement.text[negation.start : negation.scope_end].strip()
        if not any(denies(grounds.statements[place].text) for place in sentences):
            return f"书中没有否定「{said}」"
        verdicts = [_denied_there(int(token), sentences, meeting) for token in scope[:1]]
        if verdicts and verdicts[0] is False:
            return f"书中没有否定「{said}」"
    return None


def _denied_there(token: int, sentences: list[int], meeting: Meeting) -> bool | None:
    """Whether the word of the book that a denied word restates is denied; None without one."""
    found: bool | None = None
    for place in sentences:
        cosines = meeting.cosines[token, meeting.grounds.tokens(place)]
        if not len(cosines) or float(cosines.max()) < _SAME:
            continue
        there = meeting.grounds.statements[place]
        for word in np.flatnonzero(cosines >= _SAME):
            if there.denied[word] or _hedged(there, int(word)):
                return True
        found = False
    return found


def _hedged(statement: Statement, token: int) -> bool:
    """Whether the clause of a word denies, or nearly does, in a way that no scope tells."""
    return denies(statement.clause_text(int(statement.clause_of[token])))


def _wrongly_affirmed(meeting: Meeting, aligned: list[list[int]]) -> str | None:
    statement = meeting.statement
    for clause, sentences in enumerate(aligned):
        start, end = statement.clauses[max(0, clause - 1)][0], statement.clauses[clause][1]
        if denies(statement.text[start:end]) or not sentences:
            continue
        own = np.flatnonzero((statement.clause_of == clause) & (statement.weights > 0))
        if not len(own):
            continue
        for place in sentences:
            there = meeting.grounds.statements[place]
            for negation in there.negations:
                scope = np.flatnonzero(
                    there.within(negation.end, negation.scope_end) & (there.weights > 0)
                )[:2]
                if not len(scope):
                    continue
                start = int(meeting.grounds.starts[place])
                cosines = meeting.cosines[np.ix_(own, start + scope)]
                if (cosines.max(axis=0) >= _SAME).all():
                    # Where the book also affirms the word elsewhere, nothing is turned.
                    free = np.flatnonzero(~there.denied & (there.weights > 0))
                    elsewhere = meeting.cosines[
                        np.ix_(own[cosines.max(axis=1) >= _SAME], start + free)
                    ]
                    if elsewhere.size and float(elsewhere.max()) >= 0.95:
                        continue
                    denied = there.text[negation.start : negation.scope_end]
                    return f"书中说的是「{denied}」"
    return None


def _opposite(meeting: Meeting, aligned: list[list[int]]) -> str | None:
    statement = meeting.statement
    for pole in statement.poles:
        clause = statement.clause_at(pole.start)
        sentences = aligned[clause]
        if _in_scope(statement, pole):
            continue
        there = [
            (meeting.grounds.statements[place], other)
            for place in sentences
            for other in meeting.grounds.statements[place].poles
        ]
        if any(agree(pole, other) for _, other in there):
            continue
        there = [(one, other) for one, other in there if other.axis == pole.axis]
        if not there or any(_in_scope(one, other) for one, other in there):
            continue
        word = there[0][0].text[there[0][1].start : there[0][1].end]
        return f"方向相反：书中说的是「{word}」"
    return None


def _in_scope(statement: Statement, pole: Pole) -> bool:
    return any(n.start <= pole.start < n.scope_end for n in statement.negations)
