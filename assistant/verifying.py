"""Hold a sentence that a model wrote against the passages that it was given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.evidence import Evidence
from index.store import GuideIndex
from ingest.document import Passage, Sentence
from ingest.figures import find_figures
from ingest.normalise import compact, normalise

_SUPPORT = 0.5  # share of a sentence's pairs of characters that the evidence must hold


@dataclass(frozen=True)
class Verdict:
    """Whether the book bears a sentence out."""

    supported: bool
    evidence: tuple[Evidence, ...]  # empty when unsupported
    reason: str | None  # in Chinese, why unsupported; None when supported
    reattributed: bool  # another supplied passage than the cited one supports it


class Verifier:
    """Verifies sentences against passages of one index."""

    def __init__(self, index: GuideIndex) -> None:
        self._index = index

    def verify(self, sentence: str, cited: Sequence[int], supplied: Sequence[Passage]) -> Verdict:
        """Verify one sentence.

        Parameters
        ----------
        sentence : str
            Without its citation numbers.
        cited : sequence of int
            Numbers of supplied passages, from 1.
        supplied : sequence of Passage
        """
        named = [supplied[number - 1] for number in cited if 0 < number <= len(supplied)]
        for passage in (*named, *(p for p in supplied if p not in named)):
            best = max(passage.sentences, key=lambda s: _support(sentence, s))
            if _agrees(sentence, best):
                return Verdict(
                    True, (Evidence(passage, (best,)),), None, reattributed=passage not in named
                )
        return Verdict(False, (), "所给的段落中没有这个说法", reattributed=False)


def _agrees(sentence: str, evidence: Sentence) -> bool:
    stated = {(f.value, f.unit) for f in find_figures(normalise(evidence.text))}
    figures = {(f.value, f.unit) for f in find_figures(normalise(sentence))}
    return figures <= stated and _support(sentence, evidence) >= _SUPPORT


def _support(sentence: str, evidence: Sentence) -> float:
    said, held = _pairs(sentence), _pairs(evidence.text)
    return len(said & held) / max(len(said), 1)


def _pairs(text: str) -> set[str]:
    letters = compact(text)
    return {letters[i : i + 2] for i in range(len(letters) - 1)}
