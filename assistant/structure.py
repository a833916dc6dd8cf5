"""Answers about the book itself, read from the parsed document: chapters, notes, studies, speakers.

Similarity cannot tell the third topic of chapter 5, or all that rests on one survey; the parsed
book can. Each function gives a `Selection`, or None where the question turns out to be another.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import log

from assistant.evidence import Evidence, Selection, refuse, whole
from assistant.refusal import refuse_thin_evidence
from assistant.retrieval import Retrieved
from assistant.selection import select_facts
from assistant.understanding import Query, in_words_of_book
from assistant.words import in_chinese
from index.lexical import terms
from ingest.document import Book, Division, Footnote, Passage
from ingest.normalise import normalise
from ingest.surveys import Study, find_studies

_PAGES = re.compile(r"页|\bpages?\b", re.IGNORECASE)
_COUNT = re.compile(r"(?<![第哪上下这那])(?:几|多少)(?:个|条)?(章|部分|注释|注|脚注)|how many (chapters|parts|notes|footnotes)")
_SUBTITLE = re.compile(r"副标?题|小标题|subtitle", re.IGNORECASE)
_WHICH_CHAPTER = re.compile(
    r"(?:哪|第?几)(?:一|个|些|几)?(?:章|部分)|(?:which|what) (?:chapter|part)|归在|翻到", re.IGNORECASE
)
_TOPICS = re.compile(r"主题|话题|专题|板块|小节|topics?", re.IGNORECASE)
_ACTS = re.compile(r"行动|采取|该做|要做|actions?", re.IGNORECASE)
_PART = re.compile(r"第\s*([一二三四])\s*部分|part (\d|one|two|three)", re.IGNORECASE)
_PARTS = re.compile(r"部分|\bparts\b", re.IGNORECASE)
_OFFICE = re.compile(r"职[务位]|头衔|哪家公司|什么公司|哪个公司|单位|担任|job title|which company|position")
_MOST_LISTED = 14  # claims of one study that an answer lists
_STUDY_NAME = re.compile(
    r"[^，。？！]{0,24}(?:调查|研究|报告|问卷|调研|访谈|评论|日报|时报)|（[^）]*）|《[^》]*》"
    r"|[^,.?]{0,60}(?:survey|study|report|review|journal|times)",
    re.IGNORECASE,
)
_SURVEY = re.compile(r"调查|研究|问卷|调研|survey|study", re.IGNORECASE)
_STUDY = 6.0  # summed weight of the words by which a study is recognised
_QUOTED = 0.7  # share of the best passage's score that the best quote needs, where nobody is named


def select_outline(found: Retrieved, book: Book) -> Selection | None:
    """Answer what the contents list and the headings say."""
    query = found.query
    counted = _COUNT.search(query.own_text)
    if counted:
        return _count(counted[1] or counted[2], book)
    part = _named_part(query, book)
    if part:
        return _part(part, found, book)
    named = _named(query, book)
    if not named and _PARTS.search(query.own_text) and not _WHICH_CHAPTER.search(query.own_text):
        return _parts(book)
    if not named:
        return _covering(found, book)
    if _PAGES.search(query.own_text):
        return _pages(named, book)
    if _SUBTITLE.search(query.own_text):
        return _subtitle(named[0], book)
    return _topics(named[0], query, book)


def select_speakers(found: Retrieved, book: Book) -> Selection | None:
    """List the people quoted in the chapters that the question names."""
    chapters = found.query.chapters
    quotes = [p for p in _quotes(book) if p.section.division.number in chapters]
    if not quotes:
        return None
    names = "、".join(dict.fromkeys(p.speaker.name for p in quotes if p.speaker))
    label = quotes[0].section.division.label
    return Selection(f"{label}引用了 {names} 的话：", tuple(map(whole, quotes)))


def select_speaker(found: Retrieved, book: Book) -> Selection | None:
    """Give what a named person says, or who says what the question describes."""
    query = found.query
    spoken = [p for p in book.passages if p.speaker]
    if query.speakers:
        spoken = [p for p in spoken if p.speaker and p.speaker.name in query.speakers]
    if query.chapters:
        spoken = [p for p in spoken if p.section.division.number in query.chapters] or spoken
    best = max(spoken, key=lambda passage: found.scores[passage.id], default=None)
    if best is None or best.speaker is None:
        return None
    if not query.speakers and found.scores[best.id] < _QUOTED * found.hits[0].score:
        return None
    lead = ""
    if _OFFICE.search(query.own_text) or best.kind == "signature":
        lead = f"{best.speaker.name} 是 {best.speaker.title}。"
    return Selection(lead, (whole(best, found.scores[best.id]),))


def select_source(found: Retrieved, book: Book) -> Selection | None:
    """Give the notes behind a statement, or of a number, with the statement that they carry."""
    query = found.query
    numbers = query.notes or (query.leans_on if len(query.own_text) < 30 else None) or ()
    if numbers:
        notes = [book.notes_by_number[number] for number in numbers]
        return Selection(_origin(notes), tuple(_carried(notes, book)), notes=tuple(notes))
    study = find_study(query, book) if _SURVEY.search(query.own_text) else None
    if study and study.listed and not query.figures:
        return Selection("", (whole(study.listed),))
    if refuse_thin_evidence(found):
        return None
    evidence = select_facts(found).evidence
    notes = [book.notes_by_number[number] for number in evidence[0].notes]
    if not notes:
        return Selection("书中这一处没有标注来源：", evidence)
    return Selection(_origin(notes), evidence, notes=tuple(notes))


def select_reverse(found: Retrieved, book: Book) -> Selection | None:
    """List what the book takes from one study, in the order of the book."""
    query = found.query
    study = find_study(query, book)
    if study is None:
        return None
    claims = [
        Evidence(claim.passage, (claim.sentence,))
        for claim in book.claims
        if set(claim.sentence.notes) & set(study.notes)
    ]
    claims = [e for e in claims if _asked(e.passage, query, claims)] or claims
    notes = "、".join(str(number) for number in study.notes)
    name = f"《{study.name}》（{study.source.title}）" if study.name else study.source.title
    lead = f"引自 {name} 的内容见注 {notes}，书中写道："
    return Selection(lead, tuple(claims[:_MOST_LISTED]), listed=True)


def find_study(query: Query, book: Book) -> Study | None:
    """Find the study that a question names, by its title, its sample, its date or its authors.

    What names a study stands before the word for it (「… 的那份调查」) or in brackets; where there
    is no such word the whole question is searched.

    Returns
    -------
    Study or None
        None where no study holds enough of the name.
    """
    studies, words, weights = _studies(book)
    named = " ".join(found[0] for found in _STUDY_NAME.finditer(query.own_text))
    asked = set(terms(in_words_of_book(named) if named else query.texts[-1])) & set(weights)
    scored = [(sum(weights[w] for w in asked & words[i]), -i) for i in range(len(studies))]
    (best, index), (second, _) = sorted(scored, reverse=True)[:2]
    clear = best >= _STUDY or (best >= _STUDY / 2 and best >= 2 * second)
    return studies[-index] if clear else None


@lru_cache(maxsize=4)
def _studies(book: Book) -> tuple[tuple[Study, ...], list[frozenset[str]], dict[str, float]]:
    """Give a book's studies, the words by which each is named, and the weight of each word."""
    studies = find_studies(book)
    words = []
    for study in studies:
        text = f"{study.source.text} {study.name or ''} {study.listed.text if study.listed else ''}"
        words.append(frozenset(terms(f"{text} {' '.join(in_chinese(study.source.text))}")))
    holders = Counter(word for named in words for word in named)
    weights = {
        word: log(1 + len(studies) / count)
        for word, count in holders.items()
        if count <= len(studies) / 3
    }
    return studies, words, weights


def _asked(passage: Passage, query: Query, claims: Sequence[Evidence]) -> bool:
    """Whether a claim stands in the chapters and topics to which the question limits itself."""
    section = passage.section
    if query.chapters and section.division.number not in query.chapters:
        return False
    labels = {e.passage.section.label for e in claims if e.passage.section.label} if query.chapters else set()
    named = {label for label in labels if re.search(rf"{re.escape(label)}.{{0,8}}(?:节|主题|话题|部分|时)", query.own_text)}
    return not named or section.label in named


def _origin(notes: Sequence[Footnote]) -> str:
    """Say where notes come from, one line each."""
    return "\n".join(
        f"注 {note.number}"
        + (f"（原文作 Ibid.，即注 {note.ibid_of} 的来源）" if note.ibid_of else "")
        + f"：{note.text}"
        for note in notes
    )


def _carried(notes: Iterable[Footnote], book: Book) -> Iterable[Evidence]:
    """Give the statements that notes carry: the sentences that end with their marks."""
    for note in notes:
        for passage in book.passages:
            marked = tuple(s for s in passage.sentences if note.number in s.marks)
            if marked:
                yield Evidence(passage, marked[-1:])


def _quotes(book: Book) -> list[Passage]:
    return [passage for passage in book.passages if passage.kind == "quote"]


def _named(query: Query, book: Book) -> list[Division]:
    """Find the divisions that a question names, by number, label or title."""
    if query.chapters:
        return [d for d in book.chapters if d.number in query.chapters]
    text = normalise(query.own_text)
    named = [
        d
        for d in book.divisions
        if d.kind != "part" and (normalise(d.label) in text or normalise(d.title) in text)
    ]
    if named and not _WHICH_CHAPTER.search(query.own_text):
        return named
    return []


def _named_part(query: Query, book: Book) -> Division | None:
    found = _PART.search(query.own_text)
    if not found:
        return None
    order = {"一": 1, "二": 2, "三": 3, "四": 4, "one": 1, "two": 2, "three": 3}
    word = (found[1] or found[2]).lower()
    parts = [d for d in book.divisions if d.kind == "part"]
    number = order.get(word) or int(word)
    return parts[number - 1] if number <= len(parts) else None


def _part(part: Division, found: Retrieved, book: Book) -> Selection:
    chapters = [d for d in book.chapters if d.part == part.label]
    listed = "、".join(f"{d.label}《{d.title}》" for d in chapters)
    pages = f"（第 {part.pages[0]} 页起）" if part.pages else ""
    texts = [p for p in book.passages if p.section.division.key == part.key]
    best = max(texts, key=lambda passage: found.scores[passage.id])
    return Selection(f"{part.label}《{part.title}》{pages}包括{listed}。", (whole(best),))


def _parts(book: Book) -> Selection:
    parts = [d for d in book.divisions if d.kind == "part"]
    lines = []
    for part in parts:
        numbers = [d.number for d in book.chapters if d.part == part.label]
        lines.append(f"{part.label}《{part.title}》（第 {numbers[0]}–{numbers[-1]} 章）")
    opening = [next(p for p in book.passages if p.section.division.key == d.key) for d in parts]
    return Selection(f"全书分为{len(parts)}个部分：{'；'.join(lines)}。", tuple(map(whole, opening)))


def _count(what: str, book: Book) -> Selection:
    notes = what in {"注", "注释", "脚注", "notes", "footnotes"}
    parts = what in {"部分", "parts"}
    if parts:
        return _parts(book)
    number = len(book.footnotes) if notes else len(book.chapters)
    said = f"全书共有 {number} 条注释。" if notes else f"全书正文共 {number} 章，分为三个部分。"
    said = said.replace("三个部分", f"{sum(d.kind == 'part' for d in book.divisions)} 个部分")
    stating = (
        p
        for p in book.passages
        if not notes and any(f.value == number and "章" in p.text for s in p.sentences for f in s.figures)
    )
    return Selection(said, tuple(map(whole, list(stating)[:1])))


def _pages(named: Sequence[Division], book: Book) -> Selection:
    lines = [
        f"{d.label}《{d.title}》在第 {d.pages[0]} 页至第 {d.pages[1]} 页。" for d in named if d.pages
    ]
    if not lines:
        return refuse("目录没有给出这一部分的页码。")
    return Selection("".join(lines), tuple(whole(_opening(d, book)) for d in named))


def _subtitle(division: Division, book: Book) -> Selection:
    subtitle = f"副标题是「{division.subtitle}」，" if division.subtitle else ""
    lead = f"{division.label}《{division.title}》{subtitle}开篇标题是："
    return Selection(lead, (whole(_opening(division, book)),))


def _topics(division: Division, query: Query, book: Book) -> Selection:
    """Give the headings of a chapter's topics: what to know, or what to do."""
    kind = "act" if _ACTS.search(query.own_text) and not re.search("了解|know", query.own_text) else "know"
    sections = [s for s in book.sections if s.division.key == division.key and s.kind == kind]
    if not sections:
        texts = [p for p in book.passages if p.section.division.key == division.key]
        return Selection(f"{division.label}《{division.title}》：", tuple(map(whole, texts[:2])))
    labels = "、".join(section.label for section in sections)
    pages = f"（第 {division.pages[0]}–{division.pages[1]} 页）" if division.pages else ""
    half = "需要了解的事项" if kind == "know" else "需要采取的行动"
    lead = f"{division.label}《{division.title}》{pages}有三个主题：{labels}。{half}："
    lead = lead.replace("三个主题", f"{len(sections)} 个主题")
    headings = [next(book.passages_of(section)) for section in sections]
    return Selection(lead, tuple(map(whole, headings)), listed=True)


def _covering(found: Retrieved, book: Book) -> Selection:
    """Name the chapter that covers what the question describes."""
    votes: Counter[str] = Counter()
    for rank, hit in enumerate(found.hits[:10]):
        votes[hit.passage.section.division.key] += hit.score / (rank + 1)  # type: ignore[assignment]
    for key, score in found.places.items():
        votes[key.split(".")[0]] += score  # type: ignore[assignment]
    text = normalise(found.query.own_text)
    for division in book.divisions:
        if normalise(division.title) in text:
            votes[division.key] += 2
    best = next(d for d in book.divisions if d.key == votes.most_common(1)[0][0])
    pages = f"（第 {best.pages[0]}–{best.pages[1]} 页）" if best.pages else ""
    subtitle = f"，副标题「{best.subtitle}」" if best.subtitle else ""
    lead = f"见{best.label}《{best.title}》{pages}{subtitle}。"
    return Selection(lead, (whole(_opening(best, book)),))


def _opening(division: Division, book: Book) -> Passage:
    """Give the first passage of a division: of a chapter, the headline of its essay."""
    first = (p for p in book.passages if p.section.division.key == division.key)
    return next(passage for passage in first if passage.kind != "signature")
