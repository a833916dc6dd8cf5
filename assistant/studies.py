"""Which study a question means: by its title, its authors, its sample, its date, its state."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from functools import lru_cache
from math import log

from assistant.forms import ABOUT_STUDY, CITES, EXCEPT, OTHERS
from assistant.understanding import Query, in_words_of_book
from assistant.words import in_chinese
from index.lexical import terms
from ingest.document import Book, Footnote
from ingest.figures import read_number
from ingest.surveys import MONTHS, Study, find_studies

_NAME = re.compile(
    r"[^，。？！]{0,24}(?:调查|研究|报告|问卷|调研|访谈|评论|日报|时报)|（[^）]*）|《[^》]*》"
    r"|[^,.?]{0,60}(?:survey|study|report|review|journal|times)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[\d.,]+|[年月名位]")
_ELSEWHERE = 0.5  # weight of a word that stands outside the name
_NAMED = 5.0  # summed weight of the words by which a study is recognised
_COMMON = 1 / 3  # share of the studies beyond which a word that they hold tells nothing
_MONTH = re.compile(r"(\d{1,2}|[一二三四五六七八九十]{1,2})\s*月")
_SAME = re.compile(
    r"(?:同一?|[这那该])[一个份项次篇]*(?:调查|研究|报告|调研|文章)"
    r"|(?:same|that|this) (?:survey|study|report)",
    re.IGNORECASE,
)
_WHICH_NOTES = re.compile(
    r"(?:哪|几|多少|所有|全部|都).{0,8}注|注.{0,24}(?:哪|几|多少|所有|全部)"
    r"|(?:which|what|how many|all).{0,12}notes",
    re.IGNORECASE,
)
_STATES = {
    "preliminary": re.compile(r"初步|preliminary", re.IGNORECASE),
    "unpublished": re.compile(r"未公开|未发表|没(?:有)?(?:公开|发表)|unpublished", re.IGNORECASE),
}


def study_asked_of(query: Query, book: Book) -> Study | None:
    """Find the study of which a question asks what rests on it; None where it asks nothing such."""
    text = query.own_text
    if query.speakers:
        return None
    if query.intent != "reverse" and (
        query.notes
        or query.wants_quantity  # 「…报告的高管有多少」
        or any(figure.unit == "%" for figure in query.figures)  # whose source is asked
        or not CITES.search(text)
        or ABOUT_STUDY.search(text)
    ):
        return None
    return _study_spoken_of(query, book) or find_study(query, book)


def _study_spoken_of(query: Query, book: Book) -> Study | None:
    """Find the study that the last answer cited, where a question means it (「同一份调查」).

    Asked what else rests on it, the notes already cited are left out.
    """
    cited = set(query.leans_on or ())
    if not _SAME.search(query.own_text):
        return None
    spoken_of = next((study for study in _known(book)[0] if cited & set(study.notes)), None)
    if spoken_of and OTHERS.search(query.own_text):
        rest = tuple(number for number in spoken_of.notes if number not in cited)
        return replace(spoken_of, notes=rest or spoken_of.notes)
    return spoken_of


def find_study(query: Query, book: Book) -> Study | None:
    """Find the study that a question names.

    What names a study stands mostly before the word for it (「… 的那份调查」) or in brackets; words
    elsewhere count half. Chapters that the question names must cite the study, and a year in its
    name tells two studies of one kind apart.

    Returns
    -------
    Study or None
        None where no study holds enough of the name.
    """
    studies, held, weights = _known(book)
    chapters = _chapters_meant(query, book)
    named = " ".join(found[0] for found in _NAME.finditer(query.own_text))
    marks = _marks(query)
    anywhere = _words(in_words_of_book(query.texts[-1])) | marks
    inside = _words(in_words_of_book(named)) | marks if named else anywhere
    fitting = [
        i for i, study in enumerate(studies) if not chapters or _cited_in(study, chapters, book)
    ]
    years = {f"y={year}" for year in re.findall(r"(?:19|20)\d\d", named)}
    dated = [i for i in fitting if years & held[i]]

    def told_by(words: frozenset[str]) -> float:
        shared = words & anywhere
        return sum(weights.get(w, 0.0) * (1 if w in inside else _ELSEWHERE) for w in shared)

    scored = sorted(((told_by(held[i]), -i) for i in dated or fitting), reverse=True)
    (best, index), (second, _) = [*scored, (0.0, 1), (0.0, 1)][:2]
    told = (named or marks or query.intent == "reverse") and len(held[-index] & anywhere) > 1
    clear = best >= _NAMED or (best >= _NAMED / 2 and best >= 2 * second and told)
    return studies[-index] if clear else None


def notes_in_state(query: Query, book: Book) -> list[Footnote]:
    """Give the notes whose data are preliminary or unpublished, where a question asks for them."""
    asked = [state for state, form in _STATES.items() if form.search(query.own_text)]
    if not asked or query.figures or not _WHICH_NOTES.search(query.own_text):
        return []
    keys = {d.key for d in book.chapters if d.number in query.chapters}
    return [
        note
        for note in book.footnotes
        if (not keys or note.division in keys)
        and any(getattr(source, state) for source in note.sources for state in asked)
    ]


def _chapters_meant(query: Query, book: Book) -> set[str]:
    """Give the keys of the chapters to which a question limits itself; none where it does not."""
    if EXCEPT.search(query.own_text):
        return set()
    return {division.key for division in book.chapters if division.number in query.chapters}


def _cited_in(study: Study, chapters: Collection[str], book: Book) -> bool:
    return any(book.notes_by_number[number].division in chapters for number in study.notes)


def _marks(query: Query) -> set[str]:
    """Give what a question says of a study besides words, in the form of `_traits`."""
    text = query.own_text
    months = (read_number(month) for month in _MONTH.findall(text))
    lower = text.lower()
    return {
        *(f"n={figure.value:g}" for figure in query.figures),
        *(f"y={year}" for year in query.years),
        *(f"m={month:g}" for month in months if month),
        *(f"m={number}" for name, number in MONTHS.items() if name in lower),
        *(state for state, form in _STATES.items() if form.search(text)),
    }


def _words(text: str) -> frozenset[str]:
    """Cut a text into terms, without the numbers and units that `_traits` reads."""
    return frozenset(term for term in terms(text) if not _NUMBER.fullmatch(term))


def _traits(study: Study) -> set[str]:
    """Give what tells a study besides words: size of its sample, year, months, its state."""
    source = study.source
    date = (source.date or "").lower()
    return {
        f"n={study.sample_size}",
        *(f"y={year}" for year in re.findall(r"\d{4}", date)),
        *(f"m={number}" for name, number in MONTHS.items() if name in date),
        *(["preliminary"] if source.preliminary else []),
        *(["unpublished"] if source.unpublished else []),
    }


@lru_cache(maxsize=4)
def _known(book: Book) -> tuple[tuple[Study, ...], list[frozenset[str]], dict[str, float]]:
    """Give a book's studies, the words and traits that tell each, and the weight of each word."""
    studies = find_studies(book)
    held = []
    for study in studies:
        text = f"{study.source.text} {study.name or ''} {study.listed.text if study.listed else ''}"
        words = _words(f"{text} {' '.join(in_chinese(study.source.text))}")
        held.append(words | _traits(study))
    holders = Counter(word for words in held for word in words)
    weights = {
        word: log(1 + len(studies) / count)
        for word, count in holders.items()
        if count <= max(len(studies) * _COMMON, 1)
    }
    return studies, held, weights
