"""Answers about the book itself, read from the parsed document: chapters, notes, studies, speakers.

Similarity cannot tell the third topic of chapter 5, or all that rests on one survey; the parsed
book can. Each function gives a `Selection`, or None where the question turns out to be another.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from assistant.evidence import Evidence, Selection, refuse, whole
from assistant.forms import AGAIN, ASKS, CITES, EXCEPT, OTHERS, WHICH_STUDY
from assistant.naming import names_topic, title_words
from assistant.refusal import refuse_unanswered
from assistant.retrieval import Retrieved
from assistant.selection import select_facts
from assistant.studies import find_study, notes_in_state
from assistant.understanding import Query
from ingest.document import Book, Division, Footnote, Passage
from ingest.normalise import normalise
from ingest.surveys import Study

_PAGES = re.compile(r"页|\bpages?\b", re.IGNORECASE)
_COUNT = re.compile(r"(?<![第哪上下这那])(?:几|多少)(?:个|条)?(章|部分)|how many (chapters|parts)")
_SUBTITLE = re.compile(r"副标?题|小标题|subtitle", re.IGNORECASE)
_WHICH_CHAPTER = re.compile(
    r"(?:哪|第?几)(?:一|个|些|几)?(?:章|部分)|(?:which|what) (?:chapter|part)|归在|翻到",
    re.IGNORECASE,
)
_ASKS_CHAPTER = re.compile(r"(?:哪|第?几)[一个些几]?章|(?:which|what) chapter", re.IGNORECASE)
_THE_CHAPTER = re.compile(r"章|chapter", re.IGNORECASE)
_TOPICS = re.compile(r"主题|话题|专题|板块|小节|topics?", re.IGNORECASE)
_KNOWS = re.compile(r"了解|知道|认[知识]|须知|明白|记牢|要点|know", re.IGNORECASE)
_ACTS = re.compile(r"行动|采取|[该要去]做|举措|动作|[三几]步|口号|actions?", re.IGNORECASE)
_HEADINGS = re.compile(
    r"[三几哪]个?(?:大)?(?:主题|话题|专题|板块|小节)|[三几哪](?:件|条|点|项)|(?:three|which) (?:topics|things|actions)",
    re.IGNORECASE,
)
_NOTES = re.compile(
    r"注释?(?:总数|的?数量|一共|共)|注释?.{0,8}(?:几号|编到|编号)|[几多]少?条?(?:脚?注|注释)|how many (?:foot)?notes",
    re.IGNORECASE,
)
_TITLE_VOTE = 1.5  # for a chapter whose title the question uses
_PART = re.compile(
    r"第\s*([一二三四])\s*部分|part (\d|one|two|three)|(最后|末尾)(?![^，。？]*[收结]尾)[^，。？]{0,4}部分",
    re.IGNORECASE,
)
_PARTS = re.compile(r"部分|\bparts\b", re.IGNORECASE)
_OFFICE = re.compile(
    r"职[务位]|头衔|哪家公司|什么公司|哪个公司|单位|担任|job title|which company|position"
)
_SIGNED = re.compile(r"署名|签名|序言.{0,6}(?:谁|哪)|sign", re.IGNORECASE)
_EACH = re.compile(r"两次|两处|几次|各|都|前后|分别|twice|both", re.IGNORECASE)
_BOTH = 2  # quotes of one person that are given when both are asked for
_EACH_TIME = re.compile(r"[每各几两三][次回处]|\beach time\b", re.IGNORECASE)
_BRIEF = 30  # characters of a question about the source of what was said before
_MOST_LISTED = 14  # claims of one study that an answer lists
_QUOTED = 0.7  # share of the best passage's score that the best quote needs, where nobody is named


def select_outline(found: Retrieved, book: Book) -> Selection | None:
    """Answer what the contents list and the headings say."""
    query = found.query
    text = query.own_text
    named = _named(query, book)
    counted = _COUNT.search(text)
    if _NOTES.search(text):
        return _notes(named, book)
    if counted:
        return _count(counted[1] or counted[2], book)
    part = _named_part(query, book)
    if part:
        return _part(part, found, book)
    if _PARTS.search(text) and not query.others and not _WHICH_CHAPTER.search(text):
        return _parts(book)
    if not named and _THE_CHAPTER.search(text) and not _WHICH_CHAPTER.search(text):
        named = [_best_division(found, book)]
    if _WHICH_CHAPTER.search(text) and _HEADINGS.search(text):
        return _topics(named[0] if named else _best_division(found, book), query, book)
    if not named or _WHICH_CHAPTER.search(text):
        return _covering(named[0] if named else _best_division(found, book), text, book)
    if _PAGES.search(text):
        return _pages(named, book)
    if _SUBTITLE.search(text):
        return _subtitle(named[0], book)
    return _topics(named[0], query, book)


def select_speakers(found: Retrieved, book: Book) -> Selection | None:
    """List the people quoted in the chapters that the question names."""
    query = found.query
    if _SIGNED.search(query.own_text):
        signed = [p for p in book.passages if p.kind == "signature"]
        return Selection("署名的有：", tuple(map(whole, signed)), listed=True) if signed else None
    quoted = {p.section.division.key for p in _quotes(book)}
    chapters = query.chapters or (_best_division(found, book, among=quoted).number,)
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
    text = query.own_text
    again = query.speakers and not query.points_back and not _OFFICE.search(text)
    elsewhere = found.before and (again or OTHERS.search(text))
    if found.before and found.before.speaker and query.points_back and not elsewhere:
        return Selection("", (whole(found.before),))
    if elsewhere:
        said = query.spoken_of
        others = [p for p in spoken if p != found.before]
        spoken = [p for p in others if p.section.division.number not in said] or others
    if query.speakers:
        spoken = [p for p in spoken if p.speaker and p.speaker.name in query.speakers]
    if len(query.speakers) > 1:
        return _of_each(query.speakers, spoken, found)
    if query.chapters:
        spoken = [p for p in spoken if p.section.division.number in query.chapters] or spoken
    best = max(spoken, key=lambda passage: found.scores[passage.id], default=None)
    if best is None or best.speaker is None:
        return None
    if not query.speakers and found.scores[best.id] < _QUOTED * found.hits[0].score:
        return None
    several = _several(spoken, found) if query.speakers else []
    if len(several) > 1:
        return Selection("", tuple(map(whole, several)))
    if query.wants_quantity and not any(s.figures for s in best.sentences):
        return None
    lead = ""
    if _OFFICE.search(query.own_text) or best.kind == "signature":
        lead = f"{best.speaker.name} 是 {best.speaker.title}。"
    return Selection(lead, (whole(best, found.scores[best.id]),))


def _several(spoken: Sequence[Passage], found: Retrieved) -> list[Passage]:
    """Give the quotes of one person that a question asks for, where it asks for more than one.

    Asked what they say each time, all; asked one thing and then another, those that fit best some
    clause of the question.
    """
    query = found.query
    each = bool(_EACH.search(query.own_text)) or len(query.chapters) > 1
    again = AGAIN.search(query.own_text) and len(ASKS.findall(query.own_text)) > 1
    if each and (len(spoken) <= _BOTH or _EACH_TIME.search(query.own_text)):
        return list(spoken)
    if not each and not again:
        return []
    ids = {passage.id for passage in spoken}
    ranked = [[hit for hit in hits if hit.passage.id in ids] for hits in found.clauses]
    best = {max(hits, key=lambda hit: hit.score).passage.id for hits in ranked if hits}
    return [passage for passage in spoken if passage.id in best]


def _of_each(names: Sequence[str], spoken: Sequence[Passage], found: Retrieved) -> Selection:
    """Give what fits best of what each of several people says."""
    best = [
        max(
            (p for p in spoken if p.speaker and p.speaker.name == name),
            key=lambda passage: found.scores[passage.id],
        )
        for name in names
    ]
    return Selection("", tuple(whole(passage, found.scores[passage.id]) for passage in best))


def select_source(found: Retrieved, book: Book) -> Selection | None:
    """Give the notes behind a statement, or of a number, with the statement that they carry."""
    query = found.query
    cited = query.leans_on if len(query.own_text) < _BRIEF else None
    numbers = [n for n in query.notes or cited or () if n in book.notes_by_number]
    notes = [book.notes_by_number[number] for number in numbers] or notes_in_state(query, book)
    if notes:
        return Selection(_origin(notes), tuple(_carried(notes, book)), notes=tuple(notes))
    if query.speakers:
        spoken = select_speaker(found, book)
        if spoken and spoken.evidence[0].notes:
            notes = [book.notes_by_number[number] for number in spoken.evidence[0].notes]
            return Selection(_origin(notes), spoken.evidence, notes=tuple(notes))
    named = (
        CITES.search(query.own_text)
        and not query.figures
        and not WHICH_STUDY.search(query.own_text)
    )
    study = find_study(query, book) if named else None
    if study and study.listed:
        return Selection("", (whole(study.listed),))
    if refuse_unanswered(found, book):
        return None
    evidence = select_facts(found).evidence
    notes = [book.notes_by_number[number] for number in evidence[0].notes]
    if not notes:
        return Selection("书中这一处没有标注来源：", evidence)
    return Selection(_origin(notes), evidence, notes=tuple(notes))


def select_reverse(study: Study, query: Query, book: Book) -> Selection:
    """List what the book takes from one study, in the order of the book."""
    stated = {claim.sentence for claim in book.claims}
    claims = [
        Evidence(passage, (sentence,))
        for passage in book.passages
        for sentence in passage.sentences
        if set(sentence.notes) & set(study.notes) and (sentence in stated or sentence.damaged)
    ]
    claims = _within(claims, query) or claims
    notes = "、".join(map(str, sorted({note for e in claims for note in e.notes})))
    name = f"《{study.name}》（{study.source.title}）" if study.name else study.source.title
    lead = f"引自 {name} 的内容见注 {notes}，书中写道："
    return Selection(lead, tuple(claims[:_MOST_LISTED]), listed=True)


def _within(claims: Sequence[Evidence], query: Query) -> list[Evidence]:
    """Keep the claims in the chapters and topics to which the question limits itself."""
    excluded = bool(EXCEPT.search(query.own_text))
    kept = [
        e
        for e in claims
        if not query.chapters
        or (e.passage.section.division.number in query.chapters) is not excluded
    ]
    folded = normalise(query.own_text)
    of_topic = [e for e in kept if names_topic(e.passage.section, folded)]
    return of_topic or kept


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
        if d.kind != "part"
        and (d.key in query.others or normalise(d.label) in text or normalise(d.title) in text)
    ]
    if named and not _WHICH_CHAPTER.search(query.own_text):
        return named
    return []


def _named_part(query: Query, book: Book) -> Division | None:
    found = _PART.search(query.own_text)
    if not found:
        return _titled_part(query.own_text, book)
    order = {"一": 1, "二": 2, "三": 3, "四": 4, "one": 1, "two": 2, "three": 3}
    word = (found[1] or found[2] or "三").lower()
    parts = [d for d in book.divisions if d.kind == "part"]
    number = order.get(word) or int(word)
    return parts[number - 1] if 0 < number <= len(parts) else None


def _titled_part(text: str, book: Book) -> Division | None:
    """Find the part that a question names by words of its title: 「运营那个部分」."""
    parts = [division for division in book.divisions if division.kind == "part"]
    words = dict(title_words(parts))
    named = [word for word in words if re.search(rf"{re.escape(word)}.{{0,3}}部分", text)]
    return next((part for part in parts if named and part.key == words[named[0]]), None)


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
    return Selection(
        f"全书分为{len(parts)}个部分：{'；'.join(lines)}。", tuple(map(whole, opening))
    )


def _count(what: str, book: Book) -> Selection:
    if what in {"部分", "parts"}:
        return _parts(book)
    number = len(book.chapters)
    parts = sum(division.kind == "part" for division in book.divisions)
    said = f"全书正文共 {number} 章，分为 {parts} 个部分。"
    stating = (
        p
        for p in book.passages
        if any(f.value == number and "章" in p.text for s in p.sentences for f in s.figures)
    )
    return Selection(said, tuple(map(whole, list(stating)[:1])))


def _pages(named: Sequence[Division], book: Book) -> Selection:
    lines = [
        f"{d.label}《{d.title}》在第 {d.pages[0]} 页至第 {d.pages[1]} 页。"
        for d in named
        if d.pages
    ]
    if not lines:
        return refuse("目录没有给出这一部分的页码。")
    return Selection("".join(lines), tuple(whole(_opening(d, book)) for d in named))


def _subtitle(division: Division, book: Book) -> Selection:
    subtitle = f"副标题是「{division.subtitle}」，" if division.subtitle else ""
    lead = f"{division.label}《{division.title}》{subtitle}开篇标题是："
    return Selection(lead, (whole(_opening(division, book)),))


def _topics(division: Division, query: Query, book: Book) -> Selection:
    """Give the headings of a chapter's topics: what to know, or what to do, or labels alone."""
    text = query.own_text
    kind = "act" if _ACTS.search(text) and not _KNOWS.search(text) else "know"
    sections = [s for s in book.sections if s.division.key == division.key and s.kind == kind]
    if not sections:
        texts = [p for p in book.passages if p.section.division.key == division.key]
        return Selection(f"{division.label}《{division.title}》：", tuple(map(whole, texts[:2])))
    labels = "、".join(section.label for section in sections)
    pages = f"（第 {division.pages[0]}–{division.pages[1]} 页）" if division.pages else ""
    lead = f"{division.label}《{division.title}》{pages}有 {len(sections)} 个主题：{labels}。"
    if _TOPICS.search(text) and kind == "know" and not _KNOWS.search(text):
        return Selection(lead, (whole(_opening(division, book)),))
    half = "需要了解的事项" if kind == "know" else "需要采取的行动"
    headings = [next(book.passages_of(section)) for section in sections]
    return Selection(f"{lead}{half}：", tuple(map(whole, headings)), listed=True)


def _notes(named: Sequence[Division], book: Book) -> Selection:
    """Count the notes of the book, or of one chapter."""
    if not named:
        return Selection(f"全书共有 {len(book.footnotes)} 条注释。", ())
    division = named[0]
    numbers = [note.number for note in book.footnotes if note.division == division.key]
    if not numbers:
        return refuse(f"{division.label}《{division.title}》没有注释。")
    lead = f"{division.label}《{division.title}》的注释是第 {numbers[0]} 至 {numbers[-1]} 条，共 {len(numbers)} 条。"
    return Selection(lead, (whole(_opening(division, book)),))


def _best_division(
    found: Retrieved, book: Book, *, among: Collection[str] | None = None
) -> Division:
    """Find the division that covers what the question describes, of those of the given keys."""
    votes: dict[str, float] = {}
    for rank, hit in enumerate(found.hits[:10]):
        key = hit.passage.section.division.key
        votes[key] = votes.get(key, 0.0) + hit.score / (rank + 1)
    for key, score in found.places.items():
        place = key.split(".")[0]
        votes[place] = votes.get(place, 0.0) + score
    asked = normalise(found.query.own_text)
    for unit in book.divisions:
        parts = re.split(r"[、和与]", normalise(unit.title))
        if unit.kind == "chapter" and any(part in asked for part in parts):
            votes[unit.key] = votes.get(unit.key, 0.0) + _TITLE_VOTE
    best = max(among or votes, key=lambda key: votes.get(key, 0.0))
    return next(division for division in book.divisions if division.key == best)


def _covering(division: Division, text: str, book: Book) -> Selection:
    """Name the chapter, and the part where it is asked for."""
    pages = f"（第 {division.pages[0]}–{division.pages[1]} 页）" if division.pages else ""
    part = f"，属于{division.part}" if division.part else ""
    subtitle = f"，副标题「{division.subtitle}」" if division.subtitle else ""
    lead = f"见{division.label}《{division.title}》{pages}{part}{subtitle}。"
    if division.part and _PARTS.search(text) and not _ASKS_CHAPTER.search(text):
        parts = next(d for d in book.divisions if d.label == division.part)
        return Selection(lead, (whole(_opening(parts, book)),))
    return Selection(lead, (whole(_opening(division, book)),))


def _opening(division: Division, book: Book) -> Passage:
    """Give the first passage of a division: of a chapter, the headline of its essay."""
    first = (p for p in book.passages if p.section.division.key == division.key)
    return next(passage for passage in first if passage.kind != "signature")
