"""Step 1, understand: what kind of question it is, and what it names.

Nothing here looks for an answer in the book. A question names chapters, notes, people, figures,
years and groups; how it is put tells what kind of answer is wanted. Kinds are told by the form of
the question (「对吗」, 「哪一章」, 「怎么做」), never by its topic.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.answer import Question, Turn
from assistant.english import is_english
from assistant.forms import ASKS, FORMS, INSTRUCTS, LEANS_BACK, QUANTITY, SAME, TURNS_AWAY, Intent
from assistant.naming import (
    CHAPTER,
    NUMBER,
    chapters_named,
    numbers,
    other_divisions_named,
    topics_named,
)
from assistant.spelling import mend
from assistant.words import company_names, in_book_words, in_chinese
from ingest.document import Book
from ingest.figures import Figure, find_figures, read_number
from ingest.normalise import normalise, simplified
from ingest.populations import find_populations

_PARTS = re.compile(
    r"(?<=[。！!？?；;：:，,>\]】\n])|(?<=[a-z”\"]\.) |(?=请问|告诉我|言归正传|现在回答)"
)
_OF_CHAPTER = re.compile(r"章|\bchapter\b", re.IGNORECASE)
# Words that ask the guide, and say nothing of what.
_FRAME = re.compile(
    r",? ?\b(?:according to|as per) (?:the|this) (?:guide|book|report)\b"
    r"|\b(?:what|how) (?:does|do|did) (?:the|this) (?:guide|book|report|authors) (?:say|write|think|tell us)\b ?(?:about|on|of)?"
    r"|\b(?:does|do) (?:the|this) (?:guide|book|report) (?:say|mention|discuss|cover|recommend)\b(?: that)?"
    r"|\bin (?:the|this) (?:guide|book|report)\b"
    r"|(?:然后|接着|请|麻烦|顺便)*(?:告诉我|回答我?)[：:，,]",
    re.IGNORECASE,
)
_NOTE = re.compile(
    rf"(?:注释?|脚注|尾注|footnote|note)\s*(?:第\s*)?(?:no\.?\s*)?{NUMBER}(?!\s*[%章个位条])"
    rf"|第\s*{NUMBER}\s*(?:号|条|个)\s*(?:注|脚注|尾注|注释)",
    re.IGNORECASE,
)
_CITED = re.compile(r"(?:注|[〔\[【])\s*(\d{1,3}(?:\s*[、,，]\s*\d{1,3})*)")
_CAPITALISED = re.compile(r"\b[A-Z][\w'-]*")
_LATIN_WORD = re.compile(r"[a-zà-ÿ']+")
_COMPANY = re.compile(r"[A-Z][A-Za-zà-ÿ]{3,}")
_ORDINAL = re.compile(rf"第\s*{NUMBER}\s*(?:条|点|项|个|步|件)")
_HEADINGS = re.compile(r"了解|知道|认知|须知|主题|话题|专题|标题|页")
_PERSON = re.compile(r"[他她](?![人们])|\b(?:he|she|his|her|him)\b", re.IGNORECASE)
_SAID = 6  # letters of the shortest clause that tells a problem, less one
_HALF = 0.5
_TELLING = 8  # letters with which a question says enough by itself
_EMPTY = re.compile(
    r"[这那它他她们]|哪[些里儿个几]?|什么|怎么办?|怎样|如何|该|呢|吗|吧|的|了|是|有|谁|说|讲|还|别|具体|展开|详细|依据|来源|出处|多少|几成|为什么|应?该|我们?|你|"
    r"做|列出来|都|能不能|一下|看|个|人|\b(?:and|so|what|about|it|that|this|we|should|do|the|who|how|why|is|are|to|of|in|for|they|them)\b",
    re.IGNORECASE,
)
_TIME = re.compile(r"\d{4}\s*年?[底末初]?|今年|明年|目前|现在|将来|未来|会|到|往后|以后")
_SAYS_LITTLE = 0.25  # own share below which a question only points back
JOINED = frozenset({"fact", "compare", "check", "speaker"})  # intents that may need two places
_NAME_ALONE = 8  # letters of the longest clause that may say no more than a chapter's name
_CLAUSE = 4  # letters of the shortest clause that is searched by itself
_SHORT = 9  # letters; a question this short leans on what went before


@dataclass(frozen=True, slots=True)
class Query:
    """A question, understood."""

    question: Question
    own_text: str  # the question alone, Simplified
    texts: tuple[str, ...]  # what is looked for; a second text adds what was asked before, where
    # the question leans on it
    own_share: float  # how much the first text counts beside the second, a share
    before: str  # the last answer, where the question leans on it; else ""
    intent: Intent
    chapters: tuple[int, ...]  # asked for by number, or by title (「供应链那章」)
    notes: tuple[int, ...]  # asked for by number
    speakers: tuple[str, ...]  # names of people in the book that the question names
    figures: tuple[Figure, ...]  # that the question states, years left out
    years: tuple[int, ...]
    populations: tuple[str, ...]
    wants_quantity: bool
    clauses: tuple[str, ...]  # of a question that may need two places, each searched by itself too
    clause_chapters: tuple[tuple[int, ...], ...]  # that each clause names, and says more of
    topics: tuple[str, ...]  # that it names in those chapters or those spoken of: "ch04.t2"
    others: tuple[str, ...]  # divisions besides chapters and parts that it names: "closing"
    orders: bool  # whether it gave the assistant orders, beside what it asks or instead
    spoken_of: tuple[int, ...]  # chapters of the last answer, where the question leans on it
    leans_on: tuple[int, ...] | None  # None: stands alone; else the notes cited just before

    @property
    def points_back(self) -> bool:
        """Whether it says so little by itself that it only points to what was said before."""
        return self.own_share < _SAYS_LITTLE


def understand(question: Question, book: Book) -> Query:
    """Take a question apart.

    Parameters
    ----------
    question : Question
    book : Book
        Gives the names of its speakers and chapters, and the words that slips are put right to.

    Returns
    -------
    Query
    """
    given = mend(simplified(question.question).strip(), book)
    own = _question_within(given)
    leans = _leans(own, question.history)
    line = _line_meant(own, question.history) if leans else None
    asked = line or _FRAME.sub("", TURNS_AWAY.sub("", own)).strip("，,。. ") or own
    before = _last(question.history, "user") if leans and not line else ""
    answered = _last(question.history, "assistant") if leans else ""
    found = find_figures(normalise(own))
    notes = numbers(_NOTE, own)
    speakers = _speakers(own, book) or (
        _last_speakers(own, question.history, book) if leans else ()
    )
    chapters = chapters_named(own, question.history, book)
    spoken_of = numbers(CHAPTER, answered)
    topics = topics_named(own, chapters or spoken_of, book)
    # What says nothing of its own kind asks as before: 「第三部分呢？」
    intent = _intent(
        f"{before} {own}" if _is_bare(own) else own,
        notes=bool(notes),
        speakers=bool(speakers),
        figures=any(not f.is_year for f in found),
        shares=any(f.unit == "%" for f in found),
        chapters=len(chapters),
        topics=bool(topics),
    )
    clauses = _clauses(own) if intent in JOINED else ()
    return Query(
        question=question,
        own_text=own,
        texts=(asked, f"{before} {asked}") if before else (asked,),
        own_share=_own_share(asked) if before else 1.0,
        before="" if line else answered,
        intent=intent,
        chapters=chapters,
        notes=notes,
        speakers=speakers,
        figures=tuple(figure for figure in found if not figure.is_year),
        years=tuple(int(figure.value) for figure in found if figure.is_year),
        populations=find_populations(own),
        wants_quantity=bool(QUANTITY.search(own)),
        clauses=clauses,
        clause_chapters=tuple(_told_of(clause, book) for clause in clauses),
        topics=topics,
        others=other_divisions_named(own, book),
        orders=bool(INSTRUCTS.search(given)),
        spoken_of=spoken_of,
        leans_on=_cited(answered) if leans else None,
    )


def _question_within(text: str) -> str:
    """Leave out the orders to the assistant that stand before or after a question; else all stays.

    What stands between two orders is taken for one of them.
    """
    parts = [part for part in _PARTS.split(text) if part]
    orders = [i for i, part in enumerate(parts) if INSTRUCTS.search(part)]
    if not orders:
        return text
    beside = ("".join(parts[orders[-1] + 1 :]), "".join(parts[: orders[0]]))
    asking = (part.strip() for part in beside if ASKS.search(part) or re.search("[？?]", part))
    return next(asking, text)


def _is_bare(text: str) -> bool:
    """Whether a short question has no form of its own."""
    short = len(re.findall(r"\w", text)) <= _SHORT
    return short and not any(form.search(text) for form in FORMS.values())


def _intent(
    text: str,
    *,
    notes: bool,
    speakers: bool,
    figures: bool,
    shares: bool,
    chapters: int,
    topics: bool,
) -> Intent:
    """Tell the kind of a question from its form; the more particular form wins."""
    has = {intent: bool(form.search(text)) for intent, form in FORMS.items()}
    wanted: tuple[tuple[Intent, bool], ...] = (
        ("speakers", has["speakers"]),
        ("reverse", has["reverse"] and not notes and not shares),
        ("source", notes or has["source"] or (has["reverse"] and shares)),
        ("speaker", speakers or has["speaker"]),
        ("compare", chapters > 1 and has["compare"]),
        ("action", has["action"] and (topics or (chapters > 0 and _tells_a_problem(text)))),
        ("outline", has["outline"]),
        ("compare", figures and bool(SAME.search(text))),
        ("check", figures and has["check"]),
        ("compare", has["compare"]),
        ("action", has["action"] and not QUANTITY.search(text)),
        ("check", has["check"]),
        ("compare", chapters > 1),
    )
    return next((intent for intent, fits in wanted if fits), "fact")


def _tells_a_problem(text: str) -> bool:
    """Whether a question that names a chapter also says what it is to help with.

    「客户信不过我们，第 7 章建议做哪几件事」 asks for the actions of one topic, 「第 7 章建议做哪几
    件事」 for those of the chapter.
    """
    clauses = (c for c in re.split(r"[，,。；;？?！!]", text) if not _OF_CHAPTER.search(c))
    return not _HEADINGS.search(text) and any(len(re.findall(r"\w", c)) > _SAID for c in clauses)


def _own_share(text: str) -> float:
    """Say how much a question that leans on another says by itself, by its letters that tell."""
    return min(_HALF, _telling(text) / (2 * _TELLING))


def _telling(text: str) -> int:
    """Count the letters of a text that say what it is about."""
    return len(re.findall(r"\w", _EMPTY.sub("", text)))


def _clauses(text: str) -> tuple[str, ...]:
    """Cut a question at punctuation and at the words that join two sides; one clause is none."""
    parts = re.split(r"[，,。；;？?！!、]|和|跟|与|还是|\bvs\b|\band\b|\bor\b", text)
    long = [part for part in parts if len(re.findall(r"\w", part)) >= _CLAUSE]
    return tuple(long) if len(long) > 1 else ()


def _told_of(clause: str, book: Book) -> tuple[int, ...]:
    """Find the chapters of which a clause tells something besides their names."""
    says_more = len(re.findall(r"\w", clause)) > _NAME_ALONE
    return chapters_named(clause, (), book) if says_more else ()


def _speakers(text: str, book: Book) -> tuple[str, ...]:
    """Find the people of the book whom a question names, by full name, surname or company."""
    folded = normalise(text)
    # In an English sentence a name is capitalised: 「burns less power」 names nobody.
    cased = is_english(text) and not text.islower()
    names = _CAPITALISED.findall(text) if cased else [text]
    words = {word for name in names for word in _LATIN_WORD.findall(normalise(name))}
    return tuple(
        name
        for name, phrases, parts in _people(book)
        if parts & words or any(phrase in folded for phrase in phrases)
    )


def _last_speakers(text: str, history: Sequence[Turn], book: Book) -> tuple[str, ...]:
    """Find the person whom 「她」 means: the one named last."""
    if not _PERSON.search(text):
        return ()
    named = (_speakers(simplified(turn.content), book) for turn in reversed(history))
    return next((names[:1] for names in named if names), ())


@lru_cache(maxsize=4)
def _people(book: Book) -> tuple[tuple[str, tuple[str, ...], frozenset[str]], ...]:
    """Give the people of a book: name, phrases that name them, and words that name them alone.

    The phrases are the name in full and the Chinese names of their companies, the words their first
    and last name and the companies in the title of their first quote.
    """
    people = {}
    for passage in book.passages:
        speaker = passage.speaker
        if speaker and speaker.name not in people:
            parts = _LATIN_WORD.findall(normalise(speaker.name))
            companies = (company.lower() for company in _COMPANY.findall(speaker.title))
            alone = {parts[0], parts[-1], *companies} - {"officer"}
            phrases = (normalise(speaker.name), *company_names(speaker.title))
            people[speaker.name] = (speaker.name, phrases, frozenset(alone))
    return tuple(people.values())


def _leans(text: str, history: Sequence[Turn]) -> bool:
    """Tell whether a question cannot be understood without what went before."""
    if not history or TURNS_AWAY.search(text):
        return False
    short = len(re.findall(r"\w", text)) <= _SHORT
    return short or bool(LEANS_BACK.search(text)) or _telling(_TIME.sub("", text)) <= _TELLING / 2


def in_words_of_book(text: str) -> str:
    """Add the book's words to a text: Chinese for English terms, plain words for slang and slips."""
    added = [word for word in (*in_chinese(text), *in_book_words(text)) if word not in text]
    return f"{text} {' '.join(added)}" if added else text


def _line_meant(text: str, history: Sequence[Turn]) -> str | None:
    """Give the line of the last answer that a question means by 「第二条」."""
    found = _ORDINAL.search(text)
    number = read_number(found[1]) if found else None
    if number is None:
        return None
    lines = re.findall(
        r"^\s*(?:\d+[.、．)）]|[-•*])\s*(.+)$", _last(history, "assistant"), re.MULTILINE
    )
    if not lines:
        lines = re.findall(
            r"(?:\d+[.、．)）]|[①②③④⑤]|第[一二三四五][，、是：])\s*([^；;。\n]+)",
            _last(history, "assistant"),
        )
    return lines[int(number) - 1] if 0 < number <= len(lines) else None


def _last(history: Sequence[Turn], role: str) -> str:
    return next((simplified(t.content) for t in reversed(history) if t.role == role), "")


def _cited(text: str) -> tuple[int, ...]:
    """Read the notes that an answer of the assistant has cited."""
    return tuple(int(n) for match in _CITED.finditer(text) for n in re.findall(r"\d+", match[1]))
