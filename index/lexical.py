"""The lexical index: BM25 over terms, or over character n-grams.

Terms are Chinese words and pairs of characters. Words come from the tokenizer of the shipped model,
which cuts Chinese without a dictionary at question time; pairs of neighbouring characters stand
beside them, so that a word cut differently in question and passage still meets (Nie et al., 2000,
found the two together the best of both).

N-grams suit a text together with many questions about it, one a line: each line counts an n-gram
once, so that its frequency tells how many of the questions use it.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.static import MODEL_FOLDER
from ingest.normalise import normalise

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

_CHINESE = re.compile(r"[\u4e00-\u9fff]+")
_LATIN = re.compile(r"[a-z0-9]+(?:[.,][0-9]+)*")
_LONGEST = 3  # characters of an n-gram
_SIZE = "size.json"
_K1, _B = 1.2, 0.75  # Robertson and Zaragoza 2009

Cut = Callable[[str], list[str]]


def terms(text: str) -> list[str]:
    """Cut a text into the terms by which it is found.

    Parameters
    ----------
    text : str
        A passage or question, as printed; it is normalised here.

    Returns
    -------
    list of str
        Chinese words, pairs of neighbouring Chinese characters, stems of English words, numbers;
        with repetitions. A pair that is also a word counts twice, once as each. English function
        words are left out.
    """
    folded = normalise(text)
    runs = _CHINESE.findall(folded)
    words: list[str] = _tokenizer().encode(" ".join(runs), add_special_tokens=False).tokens
    pairs = [f"{run[i]}{run[i + 1]}" for run in runs for i in range(len(run) - 1)]
    return words + pairs + stems(folded)


def ngrams(text: str) -> list[str]:
    """Cut a text into the character n-grams of its lines.

    Parameters
    ----------
    text : str
        One text a line, as printed; it is normalised here.

    Returns
    -------
    list of str
        Of each line, once each and in order: runs of one to three Chinese characters, "^" and "$"
        standing for where Chinese begins and ends; stems of English words; numbers.
    """
    return [gram for line in text.splitlines() for gram in dict.fromkeys(_line_ngrams(line))]


def _line_ngrams(line: str) -> Iterator[str]:
    folded = normalise(line)
    yield from stems(folded)
    for run in _CHINESE.findall(folded):
        bounded = f"^{run}$"
        for size in range(1, _LONGEST + 1):
            yield from (bounded[i : i + size] for i in range(len(bounded) - size + 1))


def stems(text: str) -> list[str]:
    """Give the stems of the English words of a text, and its numbers, function words left out."""
    words = (word.replace(",", "") for word in _LATIN.findall(text.lower()))
    latin = [word for word in words if word not in _function_words()]
    return list(_stemmer().stemWords(latin))


def is_word(text: str) -> bool:
    """Whether the shipped tokenizer knows a text as one word."""
    return _tokenizer().token_to_id(text) is not None


@cache
def _tokenizer() -> Tokenizer:
    from tokenizers import Tokenizer

    return Tokenizer.from_file(str(MODEL_FOLDER / "tokenizer.json"))


@cache
def _stemmer() -> Any:  # noqa: ANN401  (PyStemmer has no types)
    from Stemmer import Stemmer

    return Stemmer("english")


@cache
def _function_words() -> frozenset[str]:
    from bm25s.stopwords import STOPWORDS_EN_PLUS

    return frozenset(STOPWORDS_EN_PLUS)


class LexicalIndex:
    """Scores a fixed list of texts against a question; `cut` gives the terms of either."""

    def __init__(self, scorer: Any, size: int, cut: Cut = terms) -> None:  # noqa: ANN401  (bm25s has no types)
        self._scorer = scorer
        self._size = size
        self._cut = cut

    @classmethod
    def build(cls, texts: Sequence[str], cut: Cut = terms) -> LexicalIndex:
        """Index texts; their order is that of the scores."""
        from bm25s import BM25

        scorer = BM25(k1=_K1, b=_B, method="lucene")
        # bm25s cannot index nothing: an empty list is one text that holds no term of any question.
        scorer.index([cut(text) for text in texts] or [["\0"]], show_progress=False)
        return cls(scorer, len(texts), cut)

    @classmethod
    def load(cls, folder: Path, cut: Cut = terms) -> LexicalIndex:
        """Read an index that `save` wrote, of texts that were cut alike."""
        from bm25s import BM25

        size = json.loads((folder / _SIZE).read_text(encoding="utf-8"))
        return cls(BM25.load(folder), size, cut)

    def save(self, folder: Path) -> None:
        """Write the index into a folder, which is made."""
        self._scorer.save(folder, show_progress=False)
        (folder / _SIZE).write_text(json.dumps(self._size), encoding="utf-8")

    def scores(self, question: str) -> NDArray[np.float32]:
        """Score every text against a question, by BM25 as a share of what could be reached.

        Returns
        -------
        array of float32, shape (number of texts,)
            0 where a text shares no term with the question; about 1 where a text of average length
            holds every term once. A term that no text holds lowers all scores alike: they compare
            between questions and between lists.
        """
        asked = self._cut(question)
        known = [term for term in asked if term in self._scorer.vocab_dict]
        if not known or not self._size:
            return np.zeros(self._size, np.float32)
        reachable = sum(self._idf(term) for term in asked) / (1 + _K1)
        scores = np.asarray(self._scorer.get_scores(known), np.float32)
        return scores[: self._size] / np.float32(reachable)

    def unknown(self, question: str) -> tuple[frozenset[str], float]:
        """Give a question's terms that no text holds, and their share of all its terms."""
        asked = set(self._cut(question))
        missing = frozenset(term for term in asked if term not in self._scorer.vocab_dict)
        return missing, len(missing) / max(len(asked), 1)

    def _idf(self, term: str) -> float:
        """Give the inverse document frequency of a term as Lucene computes it."""
        place = self._scorer.vocab_dict.get(term)
        starts = self._scorer.scores["indptr"]
        holders = 0 if place is None else int(starts[place + 1] - starts[place])
        return math.log(1 + (self._size - holders + 0.5) / (holders + 0.5))
