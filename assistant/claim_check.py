"""Hold a statement with figures against the book: confirmed, different, or not in the book.

The sentences of the book that are near in meaning are found with the figures of the statement left
out, so that an altered figure leads to the same place as the right one. Each figure of the
statement then meets the figure of the book that counts the same thing (`assistant.assertions`), and
the two are compared in value, group, year and direction.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict

from assistant.answer import MAX_QUESTION, Citation, Note, Question
from assistant.assertions import Bound, BoundSentence, bind, clean, is_checkable, is_rough
from assistant.composing import cite, mark_of, note_of
from assistant.evidence import Evidence
from assistant.opposites import opposed
from assistant.understanding import understand
from ingest.figures import Figure, find_figures
from ingest.normalise import letter_pairs, readable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from assistant.pipeline import Assistant
    from ingest.document import Book, Passage, Sentence

Verdict = Literal["confirmed", "differs", "not_in_guide"]
Difference = Literal["value", "population", "year", "direction"]

_CONSIDERED = 12  # passages whose sentences are weighed
_SENTENCE = 0.6  # weight of a sentence's own score beside its passage's, as in selection
_NEAR_ENOUGH = 1.35  # score from which an equal figure confirms
_CERTAIN = 1.8  # score from which an unequal figure differs; fitted on the development statements
_TOLD = 0.1  # taken from that where the group is the same
_ELSEWHERE = 0.2  # added to that for each further difference
_MARGIN = 0.6  # below the best sentence, within which another may hold the figure
_SAME_GROUP, _OTHER_GROUP = 0.3, -0.3
_SAME_YEAR, _OTHER_YEAR = 0.3, -0.3
_SAME_VALUE = 0.25
_SAME_WORDS = 2.0  # where words are compared by their characters
_WHOLES = frozenset({"组织", "企业"})
_EXECUTIVES_AT_LARGE = frozenset({"高管", "首席级高管", "领导者", "企业领导者"})
_EXECUTIVES = _EXECUTIVES_AT_LARGE | {
    "IT高管", "供应链高管", "营销高管", "客户服务高管", "其他高管",
}  # fmt: skip
_ROUGHLY, _BEYOND = 5.0, 12.5  # percentage points that 「近三分之二」 and 「超过一半」 may miss by
_ROUNDED = 2.5  # that a tenth or a fraction, or 「约 60%」, may
_SHORT_STATEMENT = 8  # letters that a statement needs beyond its context to be searched alone
_HEDGES = re.compile("超过|不到|不足|将近|接近|大约|至少|最多|多达")  # tell no figure from others
_TAG = re.compile(  # what asks whether a claim holds, and is no part of it: 「我没说错吧」
    r"[，,]?\s*(?:书[里上中])?(?:这[个种]?(?:说法|话|数)?|我|您|你)?"
    r"(?:没有?[说记搞弄看写听]?错|属实|不假|靠谱|准确?|[是对]不[是对]|真的假的|有没有这个数"
    r"|(?:真?是)?(?:真的|这样|这么[说写讲]的|这个(?:比例|数|意思))|对|是)[吧吗么嘛]?[？?]?\s*$"
)
_ASKED = re.compile(
    r"(?:书[里上中])?(?:是不是|是否|有没有)(?:真的?)?[说讲写提]?到?[，,：:]?|[听据]说[，,：:]?"
)
_FEW_LETTERS = 2  # words beside a figure that say too little by themselves


class FigureFinding(BaseModel):
    """One figure of a statement, beside the book's."""

    model_config = ConfigDict(frozen=True)

    said: str  # as the statement prints it: "85%"
    book: str | None  # as the book prints it: "87%"; None where the book has none for it
    verdict: Verdict
    differs_in: tuple[Difference, ...] = ()


class Finding(BaseModel):
    """What the book says to one statement."""

    model_config = ConfigDict(frozen=True)

    statement: str
    verdict: Verdict
    message: str  # one sentence for the reader, with the mark of its citation
    figures: tuple[FigureFinding, ...]
    citation: Citation | None = None  # the sentence that it was held against
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A figure of the book that a figure of the statement may mean."""

    passage: Passage
    sentence: Sentence
    bound: Bound
    whole: BoundSentence
    score: float  # how near its sentence is to the statement


@dataclass(frozen=True, slots=True)
class _Pair:
    """A figure of the statement with the book's figure for the same thing."""

    said: Bound
    found: _Candidate
    differs_in: tuple[Difference, ...]


class ClaimChecker:
    """Checks statements against one indexed book.

    Parameters
    ----------
    assistant : Assistant
        Gives the book, the retriever and the embedder.
    """

    def __init__(self, assistant: Assistant) -> None:
        self._book = assistant.book
        self._retriever = assistant.retriever
        self._embedder = assistant.embedder

    def check(self, statement: str, *, context: str = "") -> Finding:
        """Hold one statement against the book.

        Parameters
        ----------
        statement : str
            One sentence, bullet or table cell with its labels.
        context : str
            What stands above it, such as a slide's title; searched too where the statement is
            short.

        Returns
        -------
        Finding
            Not in the guide also where the statement has no figure.
        """
        told = bind(statement)
        pairs = self._pairs(told, context) if told.bounds else []
        return _finding(statement, told, pairs, self._book)

    def _pairs(self, told: BoundSentence, context: str) -> list[_Pair]:
        candidates = self._candidates(told, context)
        if not candidates:
            return []
        best = max(candidate.score for candidate in candidates)
        scores = self._fit(told.bounds, candidates) + np.array(
            [candidate.score - best for candidate in candidates], np.float32
        )
        pairs = [
            _Pair(
                told.bounds[i],
                candidates[j],
                tuple(_differences(told, told.bounds[i], candidates[j])),
            )
            for i, j in _one_to_one(scores)
        ]
        borne_out = {pair.found.sentence.start for pair in pairs if not pair.differs_in}
        borne_out |= {
            candidate.sentence.start for candidate in candidates if _has_all(told, candidate)
        }
        return [
            pair
            for pair in pairs
            if pair.found.score >= _needed(pair, pair.found.sentence.start in borne_out)
        ]

    def _candidates(self, told: BoundSentence, context: str) -> list[_Candidate]:
        """Give the figures of the sentences that are nearest in meaning."""
        masked = told.masked
        if context and len(masked) < _SHORT_STATEMENT + len(context):
            masked = f"{clean(context)} {masked}"
        if not masked.strip():
            return []
        query = understand(Question(question=masked[:MAX_QUESTION]), self._book)
        weighed = [
            (hit.score + _SENTENCE * score, hit.passage, sentence)
            for hit in self._retriever.retrieve(query).hits[:_CONSIDERED]
            for sentence, score in zip(hit.passage.sentences, hit.sentence_scores, strict=True)
            if not sentence.damaged
            and any(map(is_checkable, find_figures(readable(sentence.text))))
        ]
        best = max((score for score, _, _ in weighed), default=0.0)
        return [
            _Candidate(passage, sentence, bound, whole, score)
            for score, passage, sentence in weighed
            if score >= best - _MARGIN
            for whole in (bind(sentence.text),)
            for bound in whole.bounds
        ]

    def _fit(self, told: Sequence[Bound], candidates: Sequence[_Candidate]) -> NDArray[np.float32]:
        """Score how well each figure told fits each of the book's, shape (told, candidates)."""
        ours = self._vectors([_words(bound) for bound in told])
        theirs = self._vectors([_words(candidate.bound) for candidate in candidates])
        fit = ours @ theirs.T
        for i, bound in enumerate(told):
            for j, candidate in enumerate(candidates):
                fit[i, j] += _marks(bound, candidate)
        return fit

    def _vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = np.asarray(self._embedder.embed_documents(list(texts)), np.float32)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(lengths, 1e-12), np.float32)


def compared(claim: str, evidence: Evidence) -> frozenset[Difference] | None:
    """Hold the figures of a claim against sentences of the book that are known to be meant.

    Figures are paired by the pairs of characters that their words share, and by unit, group, year.

    Parameters
    ----------
    claim : str
        As asked; a question about it too.
    evidence : Evidence

    Returns
    -------
    frozenset of {"value", "population", "year", "direction"} or None
        In what they differ; empty where the book bears the claim out. None where the claim has a
        figure for which there is none to compare, and nothing differs.
    """
    told = bind(_ASKED.sub("", _TAG.sub("", claim)))
    candidates = [
        _Candidate(evidence.passage, sentence, bound, whole, evidence.score)
        for sentence in evidence.sentences
        for whole in (bind(sentence.text),)
        for bound in whole.bounds
    ]
    if not told.bounds or not candidates:
        return None
    fit = [[_share(t, c.bound) + _marks(t, c) for c in candidates] for t in told.bounds]
    pairs = list(_one_to_one(np.array(fit, np.float32)))
    differences = frozenset(
        kind for i, j in pairs for kind in _differences(told, told.bounds[i], candidates[j])
    )
    return differences if differences or len(pairs) == len(told.bounds) else None


def states_figure(text: str) -> bool:
    """Tell whether a text states a figure that can be checked."""
    return bool(bind(text).bounds)


def _words(bound: Bound) -> str:
    """Give the words that tell a figure from its neighbours."""
    own = _HEDGES.sub("", bind(bound.own).masked)
    return own if len(re.findall(r"\w", own)) >= _FEW_LETTERS else bind(bound.around).masked


def _share(told: Bound, stated: Bound) -> float:
    """Give the share of the pairs of characters of a figure's words that another's words have."""
    ours, theirs = (letter_pairs(_words(bound)) for bound in (told, stated))
    return _SAME_WORDS * len(ours & theirs) / max(len(ours), 1)


def _marks(told: Bound, candidate: _Candidate) -> float:
    """Score what a figure and another have in common beside their words: unit, group, year."""
    bound = candidate.bound
    if _kind(told.figure) != _kind(bound.figure):
        return -10.0
    score = _SAME_VALUE if _agree(told.figure, bound) else 0.0
    if told.groups and bound.groups:
        score += _SAME_GROUP if _meet(told.groups, bound.groups) else _OTHER_GROUP
    if told.years and (bound.years or bound.is_now):
        score += _SAME_YEAR if set(told.years) & set(bound.years) else _OTHER_YEAR
    elif told.is_now and (bound.years or bound.is_now):
        score += _SAME_YEAR if bound.is_now or not bound.years else _OTHER_YEAR
    return score


def _one_to_one(scores: NDArray[np.float32]) -> Iterator[tuple[int, int]]:
    """Assign each row a column of its own, so that the sum is greatest; rows may stay without."""
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(-scores)
    return ((int(i), int(j)) for i, j in zip(rows, columns, strict=True) if scores[i, j] > -_MARGIN)


def _differences(told: BoundSentence, said: Bound, candidate: _Candidate) -> Iterator[Difference]:
    bound, whole = candidate.bound, candidate.whole
    if not _agree(said.figure, bound):
        yield "value"
    if said.groups and bound.groups and not _meet(said.groups, bound.groups):
        yield "population"
    if said.years and whole.years:
        allowed = set(bound.years or whole.years)
        if not set(said.years) <= allowed:
            yield "year"
    elif said.is_now and bound.years and not bound.is_now and _tells_today(whole):
        yield "year"
    spans = {(span.unit, span.value) for span in whole.spans}
    units = {unit for unit, _ in spans}
    if any(s.unit in units and (s.unit, s.value) not in spans for s in told.spans):
        yield "year"
    if opposed(said.around, bound.around):
        yield "direction"


def _tells_today(sentence: BoundSentence) -> bool:
    """Whether another figure of a sentence is today's: 「预计到 2025 年…，而目前…」."""
    return any(bound.is_now for bound in sentence.bounds)


def _needed(pair: _Pair, is_borne_out: bool) -> float:
    """Give the score that a sentence needs to be what a statement means.

    An equal figure speaks for it, this one or another of the statement, and so does the same group.
    Where the figure is another, and the group or the direction too, the statement is rather about
    something else.
    """
    if "value" not in pair.differs_in or is_borne_out:
        return _NEAR_ENOUGH
    is_group_told = bool(pair.said.groups and pair.found.bound.groups)
    same_group = is_group_told and "population" not in pair.differs_in
    return _CERTAIN - _TOLD * same_group + _ELSEWHERE * (len(pair.differs_in) - 1)


def _has_all(told: BoundSentence, candidate: _Candidate) -> bool:
    """Tell whether a sentence of the book has all figures of a statement, be they swapped."""
    return len(told.bounds) > 1 and all(
        any(_agree(bound.figure, stated) for stated in candidate.whole.bounds)
        for bound in told.bounds
    )


def _kind(figure: Figure) -> str:
    return "人" if figure.unit in {"位", "名", "人"} else figure.unit


def _agree(said: Figure, bound: Bound) -> bool:
    return any(_same(said, stated) for stated in bound.said)


def _same(said: Figure, stated: Figure) -> bool:
    """Tell whether the book's figure bears out what is said."""
    if {said.direction, stated.direction} == {"above", "below"}:
        return False
    gap = stated.value - said.value
    if abs(gap) < 0.01:
        return said.direction not in {"above", "below"} or stated.direction == said.direction
    match said.direction:
        case "above" | "at least":
            return is_rough(said) and 0 < gap <= _BEYOND
        case "below" | "at most":
            return is_rough(said) and -_BEYOND <= gap < 0
        case "about":
            return said.unit == "%" and abs(gap) <= (_ROUGHLY if is_rough(said) else _ROUNDED)
        case _:
            return said.unit == "%" and is_rough(said) and abs(gap) <= _ROUNDED


def _meet(said: Sequence[str], stated: Sequence[str]) -> bool:
    return any(_one_group(one, other) for one in said for other in stated)


def _one_group(said: str, stated: str) -> bool:
    """Tell whether two names may mean one group: one of them is the general word, or they agree."""
    both = {said, stated}
    if said == stated or "受访者" in both or both <= _WHOLES:
        return True
    return both <= _EXECUTIVES and bool(both & _EXECUTIVES_AT_LARGE)


def _finding(statement: str, told: BoundSentence, pairs: Sequence[_Pair], book: Book) -> Finding:
    by_figure = {pair.said.figure.start: pair for pair in pairs}
    figures = tuple(
        _figure_finding(bound, by_figure.get(bound.figure.start)) for bound in told.bounds
    )
    if not pairs:
        return Finding(
            statement=statement,
            verdict="not_in_guide",
            message="书中没有这个说法。" if told.bounds else "这句话没有可核对的数字。",
            figures=figures,
        )
    differing = [pair for pair in pairs if pair.differs_in]
    shown = (differing or pairs)[0].found
    evidence = Evidence(shown.passage, (shown.sentence,), shown.score)
    mark = mark_of(shown.passage.section.division, evidence.notes)
    return Finding(
        statement=statement,
        verdict="differs" if differing else "confirmed",
        message=f"{_message(differing) if differing else '与书中一致。'}{mark}",
        figures=figures,
        citation=cite(evidence),
        notes=tuple(note_of(book.notes_by_number[number]) for number in evidence.notes),
    )


_KINDS: dict[Difference, str] = {
    "value": "数字",
    "population": "统计对象",
    "year": "年份或期限",
    "direction": "方向",
}


def _message(differing: Sequence[_Pair]) -> str:
    parts = []
    for pair in differing:
        what = "、".join(_KINDS[kind] for kind in pair.differs_in)
        parts.append(f"「{pair.said.figure.text}」的{what}与书中不符，书中为{_as_stated(pair)}")
    return "；".join(parts) + "。"


def _as_stated(pair: _Pair) -> str:
    bound = pair.found.bound
    years = "、".join(f"{year} 年" for year in bound.years)
    return "，".join(
        filter(None, (bound.groups[0] if len(bound.groups) == 1 else "", years, bound.figure.text))
    )


def _figure_finding(bound: Bound, pair: _Pair | None) -> FigureFinding:
    if pair is None:
        return FigureFinding(said=bound.figure.text, book=None, verdict="not_in_guide")
    return FigureFinding(
        said=bound.figure.text,
        book=pair.found.bound.figure.text,
        verdict="differs" if pair.differs_in else "confirmed",
        differs_in=pair.differs_in,
    )
