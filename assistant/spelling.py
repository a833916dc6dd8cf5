"""Slips of a pinyin keyboard, put right: 「生层式」 is 「生成式」, 「客护」 is 「客户」.

A pinyin keyboard offers characters that sound alike, and whoever types in haste takes the wrong
one. A character is taken for a slip where no word that the language model's tokenizer knows holds
it as it stands, and one that sounds the same makes a word there that the book uses often. So the
book's own words are found again, and nothing else is touched.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache

from index.lexical import is_word
from ingest.document import Book
from ingest.normalise import normalise

_CHINESE = re.compile(r"[\u4e00-\u9fff]{2,}")
_LONGEST = 4  # characters of a word
_OFTEN = 5  # times that the book uses a word
_MORE_OFTEN = 10  # as often as what stands there, and once more
# What stands alone as a word is no slip, and makes none: 「比别家强」 is not 「比别加强」.
_ALONE = frozenset(
    "的了着过得地和与跟同及或而但就都也又还才已将把被让给向往从到在于对为以因所之其此这那哪"
    "我你您他她它谁们啥几多少数大小一二三四五六七八九十两不没无有是能会可要想去来说看"
    "上下里外前后中内时年月日个位家名人部章本点些次"
)


def mend(text: str, book: Book) -> str:
    """Put right the slips in a text.

    Parameters
    ----------
    text : str
        Simplified Chinese.
    book : Book
        Its words are those that are meant.

    Returns
    -------
    str
        As long as the text.
    """
    return _CHINESE.sub(lambda run: _mend(run[0], book), text)


def _mend(run: str, book: Book) -> str:
    for place, letter in enumerate(run):
        if letter in _ALONE or any(map(is_word, _windows(run, place, letter))):
            continue
        stands = max(_uses(pair, book) for pair in _windows(run, place, letter, longest=2))
        likely = [
            (_uses(word, book), other)
            for other in _alike(letter, book)
            for word in _windows(run, place, other)
            if is_word(word) and not _ALONE & set(word)
        ]
        often, meant = max(likely, default=(0, letter))
        if often >= max(_OFTEN, _MORE_OFTEN * (stands + 1)):
            run = f"{run[:place]}{meant}{run[place + 1 :]}"
    return run


def _windows(run: str, place: int, letter: str, *, longest: int = _LONGEST) -> Iterator[str]:
    """Give the stretches of two characters and more that hold a letter put at a place."""
    text = f"{run[:place]}{letter}{run[place + 1 :]}"
    for size in range(2, longest + 1):
        for start in range(max(0, place - size + 1), min(place, len(text) - size) + 1):
            yield text[start : start + size]


@lru_cache(maxsize=4096)
def _uses(text: str, book: Book) -> int:
    return _source(book).count(text)


@lru_cache(maxsize=4)
def _source(book: Book) -> str:
    return normalise(book.source)


def _alike(letter: str, book: Book) -> frozenset[str]:
    """Give the characters of a book that sound like one."""
    sounds = _sounds(book)
    return frozenset().union(*(sounds.get(sound, ()) for sound in _readings(letter))) - {letter}


@lru_cache(maxsize=4)
def _sounds(book: Book) -> Mapping[str, frozenset[str]]:
    """Give the characters of a book by their sound."""
    sounds: dict[str, set[str]] = {}
    for letter in set("".join(_CHINESE.findall(_source(book)))):
        for sound in _readings(letter):
            sounds.setdefault(sound, set()).add(letter)
    return {sound: frozenset(letters) for sound, letters in sounds.items()}


@cache
def _readings(letter: str) -> frozenset[str]:
    """Give the readings of a character without tones, 「zh」 as 「z」 as many southerners type."""
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")  # single characters do; saves 0.2 s
    from pypinyin import Style, pinyin

    (readings,) = pinyin(letter, heteronym=True, style=Style.NORMAL)
    return frozenset(re.sub("^([zcs])h", r"\1", reading) for reading in readings)
