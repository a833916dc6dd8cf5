"""Turning: whether a statement denies what the book affirms, or says less where it says more."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from assistant.binding import Binding
from assistant.grounds import BookCount, Meeting
from assistant.polarity import (
    DECLINE,
    Negation,
    Order,
    Pole,
    agree,
    denials,
    doubts,
    find_negations,
    find_orders,
    is_avoiding,
    is_bare,
    is_contrast,
    is_doubt,
    is_needless,
    is_set_off,
    is_urging,
    takes_back,
)
from assistant.statements import Statement, only_tells

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SAME = 0.6  # cosine from which two words say one thing
_ALIKE = 0.1  # sentences that meet a clause nearly as well as the best one count as well
_CLOSING = 2  # characters after a negation that closes its clause
_ADVERBS = frozenset(
    ["最终", "真正", "完全", "充分", "正式", "随便", "直接", "轻易", "全部", "一定", "足够", "单独"]
)
_HEAD = 3  # words after a negation of the book that tell what is denied
_MOST = 0.5  # weight of them that a statement must have, to have denied what it leaves undenied
_FAINTLY = 0.2
_SLIGHTLY, _PLAINLY = (
    0.08,
    0.5,
)  # by which clauses that deny nothing must meet a clause better than those that do
_RATHER, _FAIRLY = 0.1, 0.2  # the same the other way round, and the share that must be met
_THIN = 24.0  # weight of a clause that leans on the rest of its sentence: about three words
_ITEM = re.compile("、|并|以及")
_NOUNS = frozenset({"prospect"})  # axes whose words take no object
_BEFORE, _AFTER = 6, 9  # characters around a word with an opposite in which its object stands
_HALF = 50.0
_OBJECT = 2  # words that tell what is said to be more or less
_SAME_FIGURE = 0.5  # added beside the figure that the clause restates
_CLEARLY = 0.4  # by which two sides must be nearer crossed than straight
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
        or _in_a_denied_clause(meeting, binding.complements)
        or _other_order(meeting, aligned)
        or _opposite(meeting, aligned, binding)
        or _nothing_less(meeting, aligned, binding.complements)
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
        if (
            clause in complements
            or is_avoiding(statement.text, negation)
            or (is_contrast(statement.text, negation) and _told_of_few(statement, negation.end))
            or _denies_as_the_book(negation, places, meeting)
        ):
            continue
        excused = denials(_without(statement, negation, *statement.clauses[clause]))
        affirmed, denied = _met_undenied(meeting, clause, excused)
        if any(0 <= figure.start - negation.end <= 1 for figure in statement.figures):
            told: bool | None = False  # 「不是 87%」
        elif is_doubt(statement.text, negation):
            told = any(_doubted(place, meeting) for place in places)
        else:
            scope = np.flatnonzero(
                statement.within(negation.end, negation.scope_end) & (statement.weights > 0)
            )
            if statement.text[negation.end : negation.end + 1] in {"把", "将", "被", "让"}:
                pass  # what is denied stands after its object
            else:
                adverbs = [i for i in scope if statement.word(int(i)) not in _ADVERBS]
                scope = np.array(adverbs[:1], np.int64)
            told = _denied_whole(negation, places, meeting) or _denied_there(
                scope,
                places,
                excused,
                meeting,
                bare=is_bare(statement.text, negation),
                set_off=is_set_off(statement.text, negation),
                needless=is_needless(statement.text, negation),
            )
        if told is None:  # 「管不了」: what is denied stands before, and the book may say it so
            closing = negation.end == negation.scope_end
            likely = denied >= max(affirmed - _SLIGHTLY, _FAINTLY)
            told = (
                closing
                or likely
                or is_contrast(statement.text, negation)
                or is_urging(statement.text, negation)
            )
        aside = is_doubt(statement.text, negation) or is_set_off(statement.text, negation)
        plainly = affirmed - denied > _PLAINLY and not aside
        if not told or plainly:
            said = statement.text[negation.start : negation.scope_end].strip()
            return f"书中没有否定「{said}」"
    return None


def _told_of_few(statement: Statement, offset: int) -> bool:
    """Whether a clause goes on to say that few do what it tells: 「选 A 而非 B 的只是少数」."""
    end = statement.clauses[statement.clause_at(offset)][1]
    return any(
        pole.axis == "share" and not pole.positive and offset <= pole.start < end
        for pole in statement.poles
    )


def _denies_as_the_book(negation: Negation, places: list[int], meeting: Meeting) -> bool:
    """Whether the book says the opposite of what is denied: 「短暂」 for 「不会太长」."""
    statement = meeting.statement
    for pole in statement.poles:
        if not negation.end <= pole.start < min(negation.end + _BEFORE, negation.scope_end):
            continue
        own = _around(statement, pole)
        near = {True: -1.0, False: -1.0}  # by whether the book's word, denied or not, says the same
        for place, there in enumerate(meeting.grounds.statements):
            for other in there.poles:
                if other.axis == pole.axis:
                    same = (other.positive != _denied(there, other)) != pole.positive
                    affinity = _affinity(own, _around(there, other), place, meeting)
                    if place not in places and affinity < _SAME:
                        continue
                    near[same] = max(near[same], affinity)
        if near[True] >= max(_CLEAR, near[False]):
            return True
    return False


def _without(statement: Statement, negation: Negation, start: int, end: int) -> str:
    """Give a stretch of a text without one of its negations."""
    return f"{statement.text[start : negation.start]} {statement.text[negation.end : end]}"


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
    return doubts(there.text)


def _denied_whole(negation: Negation, places: list[int], meeting: Meeting) -> bool:
    """Whether the book denies most of what a negation denies, if not its first word."""
    statement = meeting.statement
    scope = np.flatnonzero(
        statement.within(negation.end, negation.scope_end) & (statement.weights > 0)
    )
    weights = statement.weights[scope]
    for place in places:
        there = meeting.grounds.statements[place]
        cosines = meeting.cosines[scope, meeting.grounds.tokens(place)]
        met = (cosines * there.denied).max(axis=1, initial=0) >= _SAME
        if len(scope) > 1 and float(weights[met].sum()) >= _MOST * float(weights.sum()):
            return True
    return False


def _denied_there(
    scope: NDArray[np.int64],
    places: list[int],
    excused: frozenset[int],
    meeting: Meeting,
    *,
    bare: bool,
    set_off: bool,
    needless: bool,
) -> bool | None:
    """Whether the book denies what a negation denies: its first word; None if it lacks that word.

    A word that denies without a negation (「缺」, 「难以」) serves too, unless the statement has it
    as well: then its negation is one more.
    """
    grounds = meeting.grounds
    affirmed = False
    for place in places:
        there = grounds.statements[place]
        cosines = meeting.cosines[scope, grounds.tokens(place)]
        for word in np.flatnonzero((cosines >= _SAME).any(axis=0)):
            clause = there.clause_text(int(there.clause_of[word]))
            if (
                there.denied[word]
                or denials(clause) - excused
                or _denied_behind(there, int(word))
                or _taken_back(place, meeting)
            ):
                return True
            affirmed = True
    if affirmed:
        return False
    if set_off:
        return True
    if needless:  # what nobody has to do is said in so many words, or of the whole clause
        return None
    held = grounds.statements if bare else (grounds.statements[places[0]],)
    return True if any(one.negations or denials(one.text) - excused for one in held) else None


def _taken_back(place: int, meeting: Meeting) -> bool:
    """Whether a sentence of the book, or the next of its passage, says that it is not so."""
    grounds = meeting.grounds
    following = place + 1
    return takes_back(grounds.statements[place].text) or (
        following < len(grounds.statements)
        and grounds.ground_of[following] == grounds.ground_of[place]
        and takes_back(grounds.statements[following].text)
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
            if denials(statement.text[start:end]) - denials(
                _without(there, negation, 0, len(there.text))
            ):
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
        ahead = [statement.clauses[other][0] for other in bound if other > clause + 1]
        said = statement.text[first : min(ahead, default=None)]
        if denied and not find_negations(said) and not denials(said):
            return f"书中说的是「{there.text[denied[0].start : denied[0].scope_end].strip()}」"
    return None


def _met_undenied(meeting: Meeting, clause: int, excused: frozenset[int]) -> tuple[float, float]:
    """Say how well clauses of the book meet a clause: those that deny nothing, and those that do.

    Words that deny without a negation do not count where the clause has them as well.
    """
    shares, there = meeting.by_clause[clause], meeting.grounds.statements
    denying = np.array(
        [
            bool(
                _negations_of(there[place], number)
                or denials(there[place].clause_text(number)) - excused
                or _taken_back(place, meeting)
            )
            for place, number in meeting.grounds.clauses
        ]
    )
    return float(shares[~denying].max(initial=0.0)), float(shares[denying].max(initial=0.0))


def _in_a_denied_clause(meeting: Meeting, complements: frozenset[int]) -> str | None:
    """Find a clause that affirms what only a clause of the book says that denies it."""
    statement = meeting.statement
    denied = np.array([_denies(one, number) for one, number in _clauses_of(meeting)])
    for clause, shares in enumerate(meeting.by_clause):
        start = statement.clauses[max(0, clause - 1)][0]
        end = statement.clauses[min(clause + 1, len(statement.clauses) - 1)][1]
        around = statement.text[start:end]
        if (
            clause in complements
            or only_tells(statement.clause_text(clause))
            or find_negations(around)
            or float(statement.weights[statement.clause_of == clause].sum()) < _THIN
        ):
            continue
        best = float(shares[denied].max(initial=0.0))
        if best < max(_FAIRLY, float(shares[~denied].max(initial=0.0)) + _RATHER):
            continue
        place, number = meeting.grounds.clauses[int(np.where(denied, shares, 0).argmax())]
        there = meeting.grounds.statements[place]
        if not denials(around) - _denials_beside(there):
            return f"书中说的是「{there.clause_text(number).strip()}」"
    return None


def _clauses_of(meeting: Meeting) -> list[tuple[Statement, int]]:
    return [
        (meeting.grounds.statements[place], number) for place, number in meeting.grounds.clauses
    ]


def _negations_of(statement: Statement, clause: int) -> list[Negation]:
    start, end = statement.clauses[clause]
    return [n for n in statement.negations if start <= n.start < end]


def _denials_beside(statement: Statement) -> frozenset[int]:
    """Give the kinds of words of a statement that deny beside its negations."""
    text = statement.text
    for n in statement.negations:
        text = text.replace(statement.text[n.start : n.end], " ")
    return denials(text)


def _denies(statement: Statement, clause: int) -> bool:
    """Whether a clause denies all that it says, and does not only set off its end."""
    start = statement.clauses[clause][0]
    return any(
        not is_avoiding(statement.text, n)
        and (n.start <= start + 1 or not is_contrast(statement.text, n))
        for n in _negations_of(statement, clause)
    )


def _affirmed_too(there: Statement, words: NDArray[np.int64], place: int, meeting: Meeting) -> bool:
    """Whether the book says the first of these words once more without denying it."""
    free = np.flatnonzero(~there.denied & (there.weights > 0))
    cosines = meeting.cosines[np.ix_(words, int(meeting.grounds.starts[place]) + free)]
    return bool(cosines.size and cosines[0].max() >= _SAME)


def _other_order(meeting: Meeting, aligned: list[list[int]]) -> str | None:
    """Find two things that the statement puts in another order than the book."""
    statement, grounds = meeting.statement, meeting.grounds
    for said in find_orders(statement.text):
        if _told_of_few(statement, said.second[0]):
            continue
        own = _sides(said, statement)
        for place in aligned[statement.clause_at(said.second[0])]:
            there = grounds.statements[place]
            for stated in find_orders(there.text):
                book = _sides(stated, there)
                straight, crossed = (
                    [_affinity(*pair, place, meeting) for pair in zip(own, sides, strict=True)]
                    for sides in (book, book[::-1])
                )
                if min(crossed) > _CLEAR and sum(crossed) > sum(straight) + _CLEARLY:
                    return f"书中的次序是「{there.text[stated.first[0] : stated.second[1]]}」"
    return None


def _sides(order: Order, statement: Statement) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give the tokens of what comes first and of what comes second.

    Where nothing stands before the verb, the clause before tells it.
    """
    telling = statement.weights > 0
    sides = []
    for start, end in (order.first, order.second):
        held = statement.within(start, end) & telling
        if not held.any():
            held = (statement.clause_of == statement.clause_at(start) - 1) & telling
        sides.append(np.flatnonzero(held))
    return sides[0], sides[1]


def _opposite(meeting: Meeting, aligned: list[list[int]], binding: Binding) -> str | None:
    """Find a word whose opposite stands in the book, beside the same object."""
    statement, grounds = meeting.statement, meeting.grounds
    figures = {figure.start for figure in statement.figures}
    for pole in statement.poles:
        if any(0 <= start - pole.end <= 1 for start in figures):
            continue  # 「超过 60%」 is checked with the figure
        clause = statement.clause_at(pole.start)
        if clause in binding.complements:
            continue
        places = aligned[clause]
        # Where statement and book set the two sides against each other, each is near both.
        both = _both_sides(statement, pole.axis) and any(
            _both_sides(grounds.statements[place], pole.axis) for place in places
        )
        clearer = _CLEARER * 2 if both else _CLEARER
        for words_of in (_around,) if pole.axis in _NOUNS else (_around, _object):
            agreeing, against, other = _nearest(
                pole, places, words_of, binding.counts.get(clause), meeting
            )
            if against > max(agreeing + clearer, _CLEAR):
                said = statement.text[pole.start : pole.end]
                return f"「{said}」与书中的「{other}」方向相反"
    return None


def _nearest(
    pole: Pole,
    places: list[int],
    words_of: Callable[[Statement, Pole], NDArray[np.int64]],
    stated: BookCount | None,
    meeting: Meeting,
) -> tuple[float, float, str]:
    """Say how near a word comes to one that agrees with it, and to its opposite; and give that."""
    statement = meeting.statement
    own = words_of(statement, pole)
    agreeing, against, opposite = -1.0, -1.0, ""
    for place in places:
        there = meeting.grounds.statements[place]
        for other in there.poles:
            same = agree(pole, other)
            if not same and other.axis != pole.axis:
                continue
            affinity = _affinity(own, words_of(there, other), place, meeting)
            if stated and there.clause_at(other.start) == stated.count.clause:
                affinity += _SAME_FIGURE
            if same or _denied(statement, pole) != _denied(there, other):
                agreeing = max(agreeing, affinity)
            elif affinity > against:
                against, opposite = affinity, there.text[other.start : other.end]
    return agreeing, against, opposite


def _nothing_less(
    meeting: Meeting, aligned: list[list[int]], complements: frozenset[int]
) -> str | None:
    """Find a word of decline, harm or failure where the book has nothing of the kind."""
    statement = meeting.statement
    figures = {figure.start for figure in statement.figures}
    for pole in statement.poles:
        if pole.positive or pole.axis not in DECLINE or pole.end in figures:
            continue
        if statement.clause_at(pole.start) in complements:
            continue
        there = [
            meeting.grounds.statements[place] for place in aligned[statement.clause_at(pole.start)]
        ]
        if _denied(statement, pole) or any(one.negations or denials(one.text) for one in there):
            continue
        if pole.axis == "level" and any(find_orders(one.text) for one in there):
            continue  # 「B 不及 A」 says no less than 「A 领先于 B」
        poles = [other for one in there for other in one.poles if other.axis in DECLINE]
        if poles and all(other.positive for other in poles):
            return f"书中没有说「{statement.text[pole.start : pole.end]}」"
    return None


def _both_sides(statement: Statement, axis: str) -> bool:
    return len({pole.positive for pole in statement.poles if pole.axis == axis}) > 1


def _affinity(
    own: NDArray[np.int64], words: NDArray[np.int64], place: int, meeting: Meeting
) -> float:
    """Say how well the words beside a word meet those beside its counterpart in the book."""
    cosines = meeting.cosines[np.ix_(own, int(meeting.grounds.starts[place]) + words)]
    if not cosines.size:
        return 0.0
    return float(np.sort(cosines.max(axis=1))[-_OBJECT:].mean())


def _around(statement: Statement, pole: Pole) -> NDArray[np.int64]:
    """Give the tokens beside a word, within its clause: what it says more or less of."""
    start, end = statement.clauses[statement.clause_at(pole.start)]
    held = statement.within(max(start, pole.start - _BEFORE), min(end, pole.end + _AFTER))
    held &= ~statement.within(pole.start, pole.end) & (statement.weights > 0)
    return np.flatnonzero(held)


def _object(statement: Statement, pole: Pole) -> NDArray[np.int64]:
    """Give the tokens of the object of a word alone.

    They follow it, up to the next such word or item of a list; where nothing follows, they stand
    before it: 「提高效率、降低成本」, 「创新能力随之削弱」.
    """
    start, end = statement.clauses[statement.clause_at(pole.start)]
    others = [
        p
        for p in statement.poles
        if p.axis in DECLINE and start <= p.start < end and not p.start < pole.end <= p.end
    ]
    item = _ITEM.search(statement.text, pole.end, end)
    last = min([p.start for p in others if p.start >= pole.end] + [item.start() if item else end])
    telling = statement.weights > 0
    held = statement.within(pole.end, last) & telling
    if not held.any() and last == end:
        first = max([p.end for p in others if p.end <= pole.start], default=start)
        held = statement.within(first, pole.start) & telling
    return np.flatnonzero(held)


def _denied(statement: Statement, pole: Pole) -> bool:
    if pole.axis == "share":  # 「大多不愿」 is 「很少愿意」
        clause = statement.clause_at(pole.start)
        if only_tells(statement.clause_text(clause)):
            clause = min(clause + 1, len(statement.clauses) - 1)
        return any(
            n.start >= pole.end or n.end == pole.start for n in _negations_of(statement, clause)
        )
    return any(n.end <= pole.start < n.scope_end for n in statement.negations)


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
        clause = statement.clause_at(pole.start)
        places = aligned[clause]
        denied = any(meeting.grounds.statements[place].negations for place in places)
        contrasted = any(
            is_contrast(statement.text, n) and n.end <= pole.start
            for n in _negations_of(statement, clause)
        )
        # 「多数还不具备」 of 38% who do
        if contrasted or (not denied and _denied(statement, pole)):
            others = [100 - share for share in shares]
            shares = [*shares, *others] if pole.positive else others
        held = any((share > _HALF) == pole.positive for share in shares)
        if shares and not held and not _says_share(meeting, aligned, pole):
            return f"书中的比例不是「{statement.text[pole.start : pole.end]}」"
    return None


def _says_share(meeting: Meeting, aligned: list[list[int]], pole: Pole) -> bool:
    places = aligned[meeting.statement.clause_at(pole.start)]
    return any(agree(pole, one) for p in places for one in meeting.grounds.statements[p].poles)
