"""Which chapters and topics of the book a question names: by number, by title, by place.

A title may be cut short (「体验那章」), several may share one 「章」 (「营销、供应链两章」), and a
topic is named by its label (「人才那一节」) within the chapter named or spoken of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from assistant.answer import Turn
from assistant.words import in_book_words, in_chinese
from ingest.document import Book, Division, Section
from ingest.figures import read_number
from ingest.normalise import normalise

NUMBER = r"(\d{1,3}|[一二三四五六七八九十百]+)"
CHAPTER = re.compile(
    rf"第\s*{NUMBER}\s*章|(?<!\d)(\d{{1,2}})\s*章(?!节)|\bchapter\s+(\d{{1,3}}|[a-z]+)\b",
    re.IGNORECASE,
)
_ENGLISH = "one two three four five six seven eight nine ten eleven twelve thirteen"
_WORDS = {word: number for number, word in enumerate(_ENGLISH.split(), 1)}
_FORWARD = re.compile(r"下一章|(?:后面|往后|紧接着|紧跟)[^，。？]{0,8}章|next chapter")
_BACK = re.compile(r"上一章|(?:前面|往前)[^，。？]{0,8}章|previous chapter")
_LONGEST = 4  # letters of an everyday word for a title
_LEAST = 2  # letters of a part of a title that names its chapter
# 「章」 that a title may stand before, and the places that two titles or more may.
_PLACES = re.compile(r"(?<!第)(?<![文哪])章|(?P<several>[两二三四几][处边块头]|哪[边头])")
_BETWEEN = re.compile(
    r"(?:[那这一两二三四几篇个各在讲说谈里头的、，,和与跟同及“”‘’「」《》 ]"
    r"|以及|还有|关于|[有相]关|方面)$"
)
_ENGLISH_PLACES = re.compile(
    r"(?:the |and |between |both )?(?P<before>[a-z][a-z ,&/-]{2,60}?) chapters?\b"
    r"|\bchapters? (?:on|about|for|covering) (?P<after>[a-z ,&/-]{3,60})",
    re.IGNORECASE,
)
_SHORT_LABEL = 2  # letters of a label that needs a word more: 「数据」
_TOPIC_NUMBER = re.compile(
    r"(?:第|最)([一二三123后])一?[个条]?(?:主题|话题|专题|小节|节|块|板块)(?!章)"
)
_OTHERS = {
    "preface": re.compile(r"扉页|\bpreface\b|\bforeword\b", re.IGNORECASE),
    "introduction": re.compile(r"\bintroduction\b|(?:全书|本书|整本书)开[篇头]", re.IGNORECASE),
    "closing": re.compile(
        r"结语|(?:书|指南|报告)的?(?:末尾?|最后|结尾|收尾|合上)|[收结]尾(?:部分|那)|\b(?:conclusion|closing)\b",
        re.IGNORECASE,
    ),
    "method": re.compile(r"\bmethodology\b|\bresearch method", re.IGNORECASE),
}
_SECTION = r"[^，。？！；章]{0,6}(?:节|主题|话题|专题|部分|板块|那块|这块|那边|一块)"


def numbers(pattern: re.Pattern[str], text: str) -> tuple[int, ...]:
    """Read the numbers that a pattern captures, in Arabic, Chinese or English, each once."""
    found = []
    for match in pattern.finditer(text):
        word = next(group for group in match.groups() if group)
        number = read_number(word) or _WORDS.get(word.lower())
        if number:
            found.append(int(number))
    return tuple(dict.fromkeys(found))


def chapters_named(text: str, history: Sequence[Turn], book: Book) -> tuple[int, ...]:
    """Find the chapters that a question is about: by place, number or title."""
    after = _next(text, history, book)
    return after or tuple(dict.fromkeys((*numbers(CHAPTER, text), *_titled(text, book))))


def topics_named(text: str, chapters: Sequence[int], book: Book) -> tuple[str, ...]:
    """Find the topics of some chapters that a question names: keys like "ch04.t2"."""
    folded = normalise(text)
    return tuple(
        section.topic_key
        for section in book.sections
        if section.topic_key
        and section.kind == "know"
        and section.division.number in chapters
        and names_topic(section, folded)
    )


def names_topic(section: Section, folded: str) -> bool:
    """Tell whether a normalised question names the topic of a section by label or by number."""
    if section.topic is None:
        return False
    number = _TOPIC_NUMBER.search(folded)
    if number and read_number(number[1].replace("后", "3")) == section.topic:
        return True
    label = normalise(section.label)
    if len(label) > _SHORT_LABEL and label in folded:
        return True
    here = re.escape(label)
    return bool(re.search(rf"{here}{_SECTION}|(?:讲|谈|关于|有关){here}", folded))


def other_divisions_named(text: str, book: Book) -> tuple[str, ...]:
    """Find the divisions besides chapters and parts that a question names: their keys."""
    return tuple(
        division.key
        for division in book.divisions
        if division.kind in _OTHERS
        and (division.label in text or _OTHERS[division.kind].search(text))
    )


def _next(text: str, history: Sequence[Turn], book: Book) -> tuple[int, ...]:
    """Find the chapter that 「下一章」 or 「上一章」 means, from the one spoken of last."""
    step = 1 if _FORWARD.search(text) else -1 if _BACK.search(text) else 0
    if not step:
        return ()
    folded = normalise(text)
    anywhere = [n for word, n in _title_words(book) if len(word) > _LEAST and word in folded]
    spoken = anywhere or numbers(CHAPTER, " ".join(turn.content for turn in history))
    return (spoken[-1] + step,) if spoken else ()


def _titled(text: str, book: Book) -> tuple[int, ...]:
    """Find the chapters named by a part of their titles before 「章」 or 「两处」."""
    folded = normalise(text)
    found: list[int] = []
    for place in _PLACES.finditer(folded):
        named = list(_named_before(folded[: place.start()], book))[::-1]
        if not place["several"] or len(set(named)) > 1:
            found += named
    for place in _ENGLISH_PLACES.finditer(text):
        words = " ".join(in_chinese(place["before"] or place["after"]))
        found += [n for word, n in _title_words(book) if word in words]
    return tuple(dict.fromkeys(found))


def _named_before(text: str, book: Book) -> Iterator[int]:
    """Read titles backwards from the end of a text, as long as there is nothing else."""
    while text:
        word, number = next(((w, n) for w, n in _title_words(book) if text.endswith(w)), ("", None))
        if number is not None:
            yield number
            text = text[: -len(word)]
            continue
        between = _BETWEEN.search(text)
        if between:
            text = text[: between.start()]
            continue
        size, number = _nickname(text, book)
        if number is None:
            return
        yield number
        text = text[:-size]


def _nickname(text: str, book: Book) -> tuple[int, int | None]:
    """Read an everyday word for a title (「客服」) that ends a text: its length, its chapter."""
    for size in range(_LONGEST, _LEAST - 1, -1):
        meant = set(in_book_words(text[-size:])) - set(in_book_words(text[1 - size :]))
        for word, number in _title_words(book):
            if any(word in term for term in meant):
                return size, number
    return 0, None


@lru_cache(maxsize=4)
def _title_words(book: Book) -> tuple[tuple[str, int], ...]:
    """Give the words of the chapter titles with the numbers of their chapters."""
    numbers = {chapter.key: chapter.number or 0 for chapter in book.chapters}
    return tuple((word, numbers[key]) for word, key in title_words(book.chapters))


def title_words(divisions: Sequence[Division]) -> list[tuple[str, str]]:
    """Give the stretches of titles that only one division has, and its key, longest first."""
    held: dict[str, set[str]] = {}
    for division in divisions:
        for part in re.split(r"[、和与]", normalise(division.title)):
            for start in range(len(part)):
                for stop in range(start + _LEAST, len(part) + 1):
                    held.setdefault(part[start:stop].strip(), set()).add(division.key)
    words = [(w, keys.pop()) for w, keys in held.items() if len(keys) == 1 and len(w) >= _LEAST]
    return sorted(words, key=lambda pair: -len(pair[0]))
