"""Reviewed word lists: English terms in Chinese, everyday words in the book's, companies."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from index.lexical import stems
from ingest.normalise import normalise

_FOLDER = Path(__file__).parent
_LONGEST_TERM = 3  # words of an English term


def in_chinese(text: str) -> tuple[str, ...]:
    """Give the Chinese terms for the English terms of a text, in order, each once.

    Longer terms win over the shorter ones within them; words without an entry give nothing.
    """
    words = stems(text)
    glossary = _glossary()
    found: list[str] = []
    position = 0
    while position < len(words):
        for size in range(_LONGEST_TERM, 0, -1):
            terms = glossary.get(" ".join(words[position : position + size]))
            if terms and position + size <= len(words):
                found += terms
                position += size
                break
        else:
            position += 1
    return tuple(dict.fromkeys(found))


def company_names(title: str) -> tuple[str, ...]:
    """Give the names, its own and others, of the listed companies that a person's title holds."""
    folded = normalise(title)
    named = (row for row in _companies() if row[0] in folded)
    return tuple(name for company, names in named for name in (company, *names))


@cache
def _companies() -> tuple[tuple[str, tuple[str, ...]], ...]:
    lines = (_FOLDER / "companies.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return tuple((company, tuple(map(normalise, names.split("、")))) for company, names in rows)


def is_english_term(word: str) -> bool:
    """Whether the glossary knows an English word, alone or within a term."""
    return any(stem in _glossary_words() for stem in stems(word)) or not stems(word)


def in_book_words(text: str) -> tuple[str, ...]:
    """Give the book's words for the everyday words, slips and abbreviations of a text."""
    thesaurus, pattern = _thesaurus()
    found = [term for match in pattern.finditer(normalise(text)) for term in thesaurus[match[0]]]
    return tuple(dict.fromkeys(found))


@cache
def _glossary() -> Mapping[str, tuple[str, ...]]:
    return {" ".join(stems(term)): meant for term, meant in _rows("glossary.tsv")}


@cache
def _glossary_words() -> frozenset[str]:
    return frozenset(word for term in _glossary() for word in term.split())


@cache
def _thesaurus() -> tuple[Mapping[str, tuple[str, ...]], re.Pattern[str]]:
    rows = {normalise(term): meant for term, meant in _rows("thesaurus.tsv")}
    longest_first = sorted(rows, key=len, reverse=True)
    bounded = (
        rf"(?<![a-z]){re.escape(term)}(?![a-z])" if term.isascii() else re.escape(term)
        for term in longest_first
    )
    return rows, re.compile("|".join(bounded))


def _rows(name: str) -> list[tuple[str, tuple[str, ...]]]:
    lines = (_FOLDER / name).read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line.strip() and not line.startswith("#"))
    return [(term, tuple(meant.split("、"))) for term, meant in rows]
