"""English words as pieces of their own: what a Chinese corpus has too few of.

A tokenizer made from Chinese manuals cuts "marketing" into letters, and a mean of letters says
nothing. So English words take the places of the pieces that are least missed: product names, and
rare Chinese words that neither the bank nor the digest uses. A word starts from the Chinese words
that CC-CEDICT explains with it; the question bank, asked in English too, teaches the rest.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from index.training.thesaurus import FUNCTION_WORDS, stem
from ingest.normalise import normalise

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

    Rows = NDArray[np.float32]

SIZE: Final = 8_000  # English words
_WORD = re.compile(r"[a-z]{2,}")
_CHINESE = re.compile(r"[\u4e00-\u9fff]{2,}")
_LATIN = re.compile(r"(?=.*[a-z])[a-z0-9]{4,}")
_ASKED: Final = 25  # what a question of the bank counts for beside a gloss of the dictionary
_GLOSSES: Final = 6  # the first ones of an entry
_LATER: Final = 0.3  # how much less each further gloss tells
_MEANINGS: Final = 40  # Chinese words that an English word starts from, at most
_FUNCTION_LENGTH: Final = 0.15  # of the median length of a row


def choose_english(
    glosses: Iterable[str], asked: Iterable[str], *, size: int = SIZE
) -> Mapping[str, int]:
    """Choose English words by how often a dictionary and the bank use them.

    Parameters
    ----------
    glosses, asked : iterable of str
        English texts; a word counts once a text.
    size : int
        How many words, at most.

    Returns
    -------
    dict of str to int
        Counts, the most frequent first.
    """
    counts: Counter[str] = Counter()
    for texts, weight in ((glosses, 1), (asked, _ASKED)):
        for text in texts:
            for word in set(_WORD.findall(normalise(text))):
                counts[word] += weight
    ranked = sorted(counts, key=lambda word: (-counts[word], word))
    return {word: counts[word] for word in ranked[:size]}


def widen(
    tokenizer: Tokenizer,
    rows: Rows,
    words: Mapping[str, int],
    glosses: Mapping[str, Sequence[tuple[str, ...]]],
    *,
    kept: Collection[str],
    used: str,
) -> tuple[Tokenizer, Rows]:
    """Put English words in the place of the pieces that are least missed.

    Parameters
    ----------
    tokenizer : Tokenizer
        A Unigram model.
    rows : array of float32, shape (vocabulary, dimension)
    words : mapping of str to int
        What `choose_english` gives.
    glosses : mapping
        What `read_glosses` gives.
    kept : collection of str
        Pieces that stay whatever their weight.
    used : str
        Text whose words stay.

    Returns
    -------
    tokenizer, rows
        No more pieces than before, as long as there are enough that may go.
    """
    from tokenizers import Tokenizer

    state = json.loads(tokenizer.to_str())
    pieces = [(piece, score) for piece, score in state["model"]["vocab"]]
    scores = dict(pieces)
    fresh = [word for word in words if word not in scores]
    gone = set(_least_missed(scores, words, kept=kept, used=used)[: len(fresh)])
    stay = [i for i, (piece, _) in enumerate(pieces) if piece not in gone]
    places = {pieces[i][0]: i for i in stay}
    started = _start(fresh, rows, places, glosses)
    added = [(word, _score(words[word])) for word in fresh]
    state["model"]["vocab"] = [*(pieces[i] for i in stay), *added]
    return Tokenizer.from_str(json.dumps(state)), np.concatenate([rows[stay], started])


def _least_missed(
    scores: Mapping[str, float], words: Collection[str], *, kept: Collection[str], used: str
) -> list[str]:
    latin = [p for p in scores if _LATIN.fullmatch(p) and p not in words]
    rare = [p for p in scores if _CHINESE.fullmatch(p) and p not in kept and p not in used]
    return latin + sorted(rare, key=lambda piece: (scores[piece], piece))


def _score(count: int) -> float:
    """Give the log probability of a word: above that of its letters whatever its count."""
    return max(-13.0, -7.5 - 0.6 * math.log(8000 / (count + 1)))


def _start(
    words: Sequence[str],
    rows: Rows,
    places: Mapping[str, int],
    glosses: Mapping[str, Sequence[tuple[str, ...]]],
) -> Rows:
    """Give each word the direction of what it translates, longer the fewer words it explains."""
    explained: dict[str, dict[int, float]] = defaultdict(dict)
    for word, entries in glosses.items():
        if (place := places.get(word)) is None:
            continue
        for number, entry in enumerate(entries[:_GLOSSES]):
            weight = 1 / len(set(entry)) / (1 + _LATER * number)
            for one in set(entry):
                explained[one][place] = max(explained[one].get(place, 0.0), weight)
    lengths = np.linalg.norm(rows, axis=1)
    units = rows / np.maximum(lengths, 1e-9)[:, None]
    median = float(np.median(lengths[list(places.values())]))
    started = np.zeros((len(words), rows.shape[1]), np.float32)
    for number, word in enumerate(words):
        meant = explained.get(stem(word), {})
        best = sorted(meant, key=lambda place: (-meant[place], place))[:_MEANINGS]
        direction = sum((meant[p] ** 2 * units[p] for p in best), np.zeros(rows.shape[1]))
        if not direction.any():
            direction = np.random.default_rng(number).normal(size=rows.shape[1])
        told = min(1.2, 0.35 + 0.12 * math.log(30_000 / (len(meant) + 5)))
        length = median * (_FUNCTION_LENGTH if word in FUNCTION_WORDS else told)
        started[number] = direction / np.linalg.norm(direction) * length
    return started
