"""When the guide does not say: unknown places, unmet conditions, too little evidence.

A question may name a year, a country, a group or a company of which the book says nothing, though
it says much about the rest of the question. Such conditions are checked one by one and weighed
together with how near the question is to what the book answers. The weights are those of a logistic
model fitted on questions with and without an answer (`evals.tuning`); see the report for what it
gets right.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path

from assistant.evidence import Selection, refuse
from assistant.fitted import Decision, fitted
from assistant.retrieval import Retrieved
from assistant.selection import run_around, weigh
from assistant.understanding import Query
from assistant.wording import wording
from assistant.words import company_names, is_english_term
from index.lexical import stems
from ingest.document import Book, Passage
from ingest.figures import Figure
from ingest.normalise import normalise

_PLACES = Path(__file__).parent / "places.txt"
_NAMES = Path(__file__).parent / "names.txt"
_GROUPS = Path(__file__).parent / "groups.txt"
_COUNTED = frozenset(
    [
        "CEO",
        "CMO",
        "CFO",
        "CIO",
        "CTO",
        "CDO",
        "CSCO",
        "COO",
        "CHRO",
        "CISO",
        "员工",
        "消费者",
        "投资者",
        "供应链高管",
        "IT高管",
    ]
)
_MONEY = re.compile(
    r"多少钱|多少(?:万|亿|美元|美金|刀)|(?:赔|花|损失|成本)[^，。？]{0,6}多少|价格|价钱|收费|费用|薪|工资|罚款?(?:多少|几)|多贵|how much (?:does|do|is|are)|price"
)
_TIME = re.compile(r"多久|多长时间|几(?:个月|周|天|小时|秒|分钟)|how long")
_DETAIL = re.compile(
    r"代码|脚本|模板|范本|合同|公式|配方|写一|翻译|股价|哪家好|推荐一?[款家个]|code\b|template|prompt"
)
_CONDITIONS = ("year", "place", "name", "group", "detail", "instruction")
_DECISIVE = ("year", "place")  # conditions that settle it: hardly ever met by an answer
_LIKELY = 3  # best passages, one of which should meet the conditions
_RIVAL = 5  # rank, from 0, of the passage that the best one should lead clearly

_UNNAMED = "书中没有提到问题里的这个名称。"
_UNSAID = "本书没有谈到这个问题。"


def refuse_unknown_place(found: Retrieved, book: Book) -> Selection | None:
    """Refuse where a question names a chapter, note or speaker that the book does not have."""
    query = found.query
    chapters = {division.number for division in book.chapters}
    for number in query.chapters:
        if number not in chapters:
            return refuse(f"本书没有第 {number} 章，正文共 {len(chapters)} 章。", _nearest(found))
    for number in query.notes:
        if number not in book.notes_by_number:
            return refuse(f"本书没有注 {number}，注释共 {len(book.footnotes)} 条。")
    # Whoever asks what someone says wants no one else.
    of_someone = query.intent in {"speaker", "outline"} and not query.speakers
    if of_someone and _unknown_name(normalise(query.own_text), found.nearness.unknown, book):
        return refuse(_UNNAMED, _nearest(found))
    return None


def refuse_unanswered(found: Retrieved, book: Book) -> Selection | None:
    """Refuse where an answer in the book is improbable, with the reason where one is plain."""
    features = evidence_features(found, book)
    if found.before and not any(features[name] for name in _CONDITIONS):
        return None  # it follows up on an answer
    # A wrong year in a claim is to be put right; in a question it asks for what is not there.
    unmet = found.query.intent != "check" and any(features[name] for name in _DECISIVE)
    if not unmet and decision_for(found).holds(features):
        return None
    reasons = {
        "year": "书中没有给出这一年的情况。",
        "place": "书中没有单独给出这个国家或地区的情况。",
        "group": "书中没有给出这个群体的数据。",
        "name": _UNNAMED,
    }
    plain = next((text for name, text in reasons.items() if features[name]), _UNSAID)
    return refuse(plain, _nearest(found))


def decision_for(found: Retrieved) -> Decision:
    """Give the decision that is fitted for what was matched.

    Which wording has no answer, and what is near to it, is known of the guide alone.
    """
    if not found.has_bank:
        return fitted().answers_without_bank
    return fitted().answers if found.has_unanswered else fitted().answers_with_written_bank


def refuse_unsaid(found: Retrieved) -> Selection:
    """Refuse where a language model finds no answer in the passages that it was given."""
    return refuse(_UNSAID, _nearest(found))


def evidence_features(found: Retrieved, book: Book) -> dict[str, float]:
    """Give what tells a question with an answer in the book from one without, by name."""
    query = found.query
    best = weigh(found)[0]
    stated = [f for s in run_around(best).sentences for f in s.figures]
    likely = [best.hit.passage, *(hit.passage for hit in found.hits[:_LIKELY]), found.before]
    text = " ".join(_said(passage.id, book) for passage in likely if passage)
    near = found.nearness
    own = normalise(query.own_text)
    units = _units(own, stated)
    worded = wording(query.texts[-1]) if found.has_unanswered else 0.0
    if query.intent == "source":  # 「出自哪份报告」 is the wording of near misses too
        worded = max(worded, 0.0)
    return {
        "score": found.hits[0].score,
        "lead": found.hits[0].score - found.hits[: _RIVAL + 1][-1].score,
        "words": near.words,
        "unknown": near.unknown_share,
        "question": near.question,
        "unanswered": max(near.unanswered - near.question, 0.0),
        "wording": worded,
        "wording of the near": worded * found.hits[0].score,
        "year": float(any(str(year) not in text for year in query.years)),
        "place": float(
            not query.speakers
            and _names_other(_listed(_PLACES), own, f"{text} {_office(found.hits[0].passage)}")
        ),
        "name": float(_unknown_name(own, near.unknown, book)),
        "group": float(
            not query.speakers  # 「拜耳的 CEO」 is no group
            and (_other_group(query, text) or _names_other(_listed(_GROUPS), own, text))
        ),
        "amount": float(any(asked and not given for asked, given in units)),
        "amount stated": float(any(asked and given for asked, given in units)),
        "detail": float(bool(_DETAIL.search(own))),
        "instruction": float(query.orders),
        "one": 1.0,
    }


def _units(own: str, stated: Sequence[Figure]) -> tuple[tuple[bool, bool], ...]:
    """Say of money and of time whether it is asked for, and whether it is stated."""
    units = {figure.unit for figure in stated}
    money = any(unit.endswith("元") for unit in units)
    time = bool(units & {"年", "月", "天", "小时"})
    return (bool(_MONEY.search(own)), money), (bool(_TIME.search(own)), time)


@lru_cache(maxsize=4096)
def _said(passage_id: str, book: Book) -> str:
    """Give what the book says at a passage, the sources of its notes included."""
    passage = book.passages_by_id[passage_id]
    notes = " ".join(book.notes_by_number[number].text for number in passage.notes)
    return normalise(f"{passage.text} {notes}")


def _office(passage: Passage) -> str:
    """Give the title of who speaks at a passage, with the names of the company."""
    title = passage.speaker.title if passage.speaker else ""
    return normalise(" ".join((title, *company_names(title))))


def _names_other(listed: Sequence[str], own: str, text: str) -> bool:
    """Whether a question names one of those listed of which the text says nothing."""
    words, said = set(re.findall(r"[a-z]+", own)), set(re.findall(r"[a-z]+", text))
    american = "us" in said or "美国" in text
    for name in listed:
        if name.isascii() and name.isalpha():
            if name in words and name not in said:
                return True
        elif name in own and name not in text and not (name == "美国" and american):
            return True
    return False


def _unknown_name(own: str, unknown: frozenset[str], book: Book) -> bool:
    """Whether a question holds a name of which the book says nothing.

    In Latin letters, a name is a word that neither the book nor the bank nor the glossary knows.
    """
    if any(name in own for name in _names_unsaid(book)):
        return True
    if len(re.findall(r"[\u4e00-\u9fff]", own)) < 4:
        return False
    known = _latin_words(book)
    return any(
        word not in known and not is_english_term(word) and unknown & set(stems(word))
        for word in re.findall(r"[a-z]{2,}", own)
    )


def _other_group(query: Query, text: str) -> bool:
    """Whether a number is asked for a group that the passage does not count."""
    asked = [group for group in query.populations if group in _COUNTED]
    return bool(
        query.wants_quantity and asked and not any(normalise(group) in text for group in asked)
    )


@cache
def _listed(path: Path) -> tuple[str, ...]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return tuple(word for line in lines if not line.startswith("#") for word in line.split())


@cache
def _names_unsaid(book: Book) -> tuple[str, ...]:
    """Give the listed names of which a book says nothing."""
    said = normalise(book.source)
    return tuple(name for name in _listed(_NAMES) if name not in said)


@cache
def _latin_words(book: Book) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z]{2,}", normalise(book.source)))


def _nearest(found: Retrieved) -> tuple[str, ...]:
    """Name the divisions of the best passages, two at most."""
    keys = dict.fromkeys(hit.passage.section.division.key for hit in found.hits[:5])
    return tuple(keys)[:2]
