"""The tokenizer: a Unigram model over words, which cuts Chinese like a dictionary does.

Its pieces are words as jieba counts them in the corpus, words of everyday language that the corpus
does not hold (from CC-CEDICT and jieba's own list), and every single character. The most probable
cut of a text (Viterbi) is then close to jieba's, without jieba at run time.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from multiprocessing import get_context
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tokenizers import Tokenizer

UNKNOWN: Final = "[UNK]"  # id 0; its row stays zero

_UNKNOWN_SCORE: Final = -30.0  # below every piece: an unknown character never swallows a known one
_CHINESE = re.compile(r"[\u3400-\u9fff]+")
_LONGEST_CHINESE: Final = 6
_LONGEST_LATIN: Final = 20
_SEEN: Final = 5  # times in the corpus, for a word to be a piece
_NUMBER_SEEN: Final = 50
_GENERAL: Final = 0.05  # of jieba's own counts, which stem from some 60 million words
_LATIN_WEIGHT: Final = 0.5  # the corpus is full of product and function names
_SHARDS: Final = 64  # of the texts, so that processes end together


def count_words(texts: Iterable[str], *, processes: int = 1) -> Counter[str]:
    """Count the words and single characters of texts, as jieba cuts them, normalised."""
    unique = sorted(set(texts))
    shards = [unique[start::_SHARDS] for start in range(_SHARDS)]
    counts: Counter[str] = Counter()
    if processes == 1:
        counts.update(_count(unique))
        return counts
    with get_context("spawn").Pool(processes) as pool:
        for part in pool.imap_unordered(_count, shards):
            counts.update(part)
    return counts


def general_counts() -> dict[str, int]:
    """Give jieba's own word counts, which stem from newspapers and novels."""
    import jieba

    jieba.setLogLevel("ERROR")
    jieba.initialize()
    return {word: count for word, count in jieba.dt.FREQ.items() if count}


def choose_pieces(
    counts: Mapping[str, int],
    *,
    size: int,
    everyday: Collection[str] = (),
    general: Mapping[str, int] | None = None,
    sure: Collection[str] = (),
) -> dict[str, float]:
    """Choose the pieces of the tokenizer, each with its weight.

    Parameters
    ----------
    counts : mapping of str to int
        Words and characters of the corpus.
    size : int
        How many pieces at most; characters come first, then the weightiest words.
    everyday : collection of str
        Words of a dictionary: taken when the general list knows them, too.
    general : mapping of str to int, optional
        Counts of everyday language.
    sure : collection of str
        Words that are taken whatever their counts.

    Returns
    -------
    dict of str to float
        Characters by code point, then words, the weightiest first. Weights are pseudo-counts.
    """
    general = general or {}
    characters = sorted(_characters(counts) | set("abcdefghijklmnopqrstuvwxyz0123456789"))
    weights = {word: count for word in counts if (count := _corpus_weight(word, counts[word]))}
    for word in everyday:
        if 2 <= len(word) <= 4 and _CHINESE.fullmatch(word) and general.get(word, 0) >= 3:
            weights[word] = _mixed(word, counts, general)
    ranked = sorted(weights.keys() - set(sure), key=lambda word: (-weights[word], word))
    words = sorted(sure) + ranked
    chosen = characters + words[: max(size - len(characters), 0)]
    return {piece: max(_mixed(piece, counts, general), 0.5) for piece in chosen}


def tokenizer_of(weights: Mapping[str, float]) -> Tokenizer:
    """Make the tokenizer of some pieces; the unknown piece is added in front of them.

    Text is folded to NFKC and lower case. What is neither letter nor digit separates and is left
    out, and Chinese is cut apart from what stands beside it. Nothing is truncated or padded.
    """
    from tokenizers import Regex, Tokenizer
    from tokenizers.models import Unigram
    from tokenizers.normalizers import NFKC, Lowercase
    from tokenizers.normalizers import Sequence as Normalizers
    from tokenizers.pre_tokenizers import Sequence as Cuts
    from tokenizers.pre_tokenizers import Split

    total = sum(weights.values())
    scored = [(piece, math.log(weight / total)) for piece, weight in weights.items()]
    tokenizer = Tokenizer(Unigram([(UNKNOWN, _UNKNOWN_SCORE), *scored], unk_id=0))
    tokenizer.normalizer = Normalizers([NFKC(), Lowercase()])
    tokenizer.pre_tokenizer = Cuts(
        [
            Split(Regex(r"[^\p{L}\p{N}]+"), "removed"),
            Split(Regex(r"\p{Han}+"), "isolated"),
        ]
    )
    return tokenizer


def pieces_of(tokenizer: Tokenizer) -> list[str]:
    """List the pieces of a tokenizer by id."""
    vocabulary = tokenizer.get_vocab()
    return sorted(vocabulary, key=lambda piece: vocabulary[piece])


def encode(tokenizer: Tokenizer, texts: Sequence[str]) -> list[list[int]]:
    """Give the token ids of each text."""
    return [each.ids for each in tokenizer.encode_batch_fast(texts, add_special_tokens=False)]


def _count(texts: Iterable[str]) -> Counter[str]:
    import jieba

    jieba.setLogLevel("ERROR")
    cut = partial(jieba.cut, HMM=False)
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(cut(unicodedata.normalize("NFKC", text).lower()))
    return counts


def _characters(counts: Mapping[str, int]) -> set[str]:
    """Take the letters seen twice, within words too: what cuts a word that is no piece."""
    seen: Counter[str] = Counter()
    for word, count in counts.items():
        for character in set(word):
            seen[character] += count
    return {character for character, count in seen.items() if count > 1 and character.isalnum()}


def _corpus_weight(word: str, count: int) -> float:
    """Weigh a word by its count; 0 where it is no piece."""
    if len(word) < 2:
        return 0
    if _CHINESE.fullmatch(word):
        return count if len(word) <= _LONGEST_CHINESE and count >= _SEEN else 0
    if not (word.isascii() and word.isalnum()):
        return 0
    if word.isdigit():
        return count * _LATIN_WEIGHT if count >= _NUMBER_SEEN else 0
    return count * _LATIN_WEIGHT if len(word) <= _LONGEST_LATIN and count >= _SEEN else 0


def _mixed(word: str, counts: Mapping[str, int], general: Mapping[str, int]) -> float:
    return counts.get(word, 0) + _GENERAL * general.get(word, 0)
