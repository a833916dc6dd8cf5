"""Statistics: every figure of every claim as one row, with who was counted, of what, when, by whom.

One implementation for the figures page, the command line, the API and whatever checks a figure.
Rows are read from the wording by rules (`ingest.frames`); nothing is listed by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from ingest.document import Book, Claim, Section
from ingest.figures import Figure, hedge_before
from ingest.frames import Frame, after_asked, last_group, read_frame, read_time, tidy
from ingest.normalise import readable
from ingest.populations import GROUP, bare_group
from ingest.surveys import Study, find_studies

Kind = Literal["share", "change", "multiple", "amount", "span", "count"]

_KINDS: dict[str, Kind] = {
    "倍": "multiple", "美元": "amount", "欧元": "amount", "人民币": "amount", "元": "amount",
    "年": "span", "月": "span", "季度": "span", "周": "span", "天": "span", "小时": "span",
    "分钟": "span",
}  # fmt: skip
_CHANGE = re.compile(
    r"(?:高出|增加|增长|提高|提升|降低|减少|下降|上升|缩短|节省|多出|比[^，。；]{1,14}高)了?\s*(?:多达|约|近)?\s*$"
)
_ROUNDING = 8  # percentage points between 「三分之二」 and the exact figure in brackets
_OPEN, _CLOSE = "(（", ")）"
_BREAK = re.compile(r"[，；：。、]|——")
_LEAD = re.compile(r"：|——(?=\S{8})")  # after what only leads up to a statement
_BETWEEN = re.compile(r"\s*[)）]?\s*(?:[、,，]\s*(?:以及|和|及)?|以及|和|与|及)\s*")
_LISTING = re.compile(
    r".*(?:对|改善|提升|采用|使用|方面|是|为|扫清|清除|包括|影响|在|：|，)", re.DOTALL
)
_DOES = re.compile(r"\s*(?:采用|使用|实施|部署|利用|建立|开展)")  # an item with a verb of its own
_DOING = re.compile(r"(?:采用|使用)$")
_LEAD_YEAR = re.compile(r"^[^，。；]{0,6}?(?:到|在|至)\s*((?:19|20)\d\d)\s*年[底末]?(?:之?前)?，")
_OTHERS = re.compile(r"其他\s*(?:企业|组织|高管)")
_PAIR = re.compile(r"\s*(?:对|和)\s*")  # 「13% 对 6%」, 「分别为 9% 和 4.8%」
_COMPARED = re.compile(r"(?:要|可|会|也|实现)*(?:比|与|是)\s*其他")
_OWN = re.compile(rf"的\s*({GROUP})(?=\s*(?:表示|，|实现|中|在))")
_MORE = re.compile(r"\s*(?:以上|多|余)")
_SHORT = 7  # characters below which a subject is too bare to stand alone
_TURN = re.compile(r"^[\s，；]*(?:但|而|可|却|不过|然而)")


@dataclass(frozen=True, slots=True)
class Statistic:
    """One figure of the book and what it is said of."""

    id: str  # of its claim, and its place there: "ch04.t2.know.p3.s1.f1"
    claim: Claim
    figure: Figure
    kind: Kind
    printed: str  # with the word that makes it a bound: "超过五分之四", "近 9%"
    population: str | None  # who or what was counted: "CEO", "生成式 AI 支出"
    subject: str  # what the figure says of them, in the book's words
    year: int | None  # that it is said of; None where the sentence names none
    when: str  # as printed: "2025 年", "未来三年内", "目前"; may be ""
    studies: tuple[Study, ...]  # behind the notes of the sentence
    follows: str | None  # id of the row whose subject it takes over: the same thing counted again
    rounds: str | None  # id of the exact figure that it rounds: 「近三分之二 (63%)」
    turns: bool  # whether its clause sets it against the one before: 「但只有 29%…」

    @property
    def section(self) -> Section:
        """Where the book states it."""
        return self.claim.passage.section

    @property
    def notes(self) -> tuple[int, ...]:
        """The notes that carry it."""
        return self.claim.sentence.notes


def find_statistics(book: Book) -> tuple[Statistic, ...]:
    """Give every figure of every claim of a book once, in the order of the text."""
    studies = find_studies(book)
    rows: list[Statistic] = []
    for claim in book.claims:
        behind = tuple(s for s in studies if set(s.notes) & set(claim.sentence.notes))
        before = rows[-1] if rows and _are_neighbours(rows[-1].claim, claim) else None
        rows += _rows(claim, behind, before)
    return tuple(rows)


def kind_of(claim: Claim, figure: Figure) -> Kind:
    """Tell what sort of quantity a figure is."""
    if figure.unit != "%":
        return _KINDS.get(figure.unit, "count")
    text, start = claim.sentence.text, figure.start - claim.sentence.start
    before = text[max(0, start - 24) : start]
    return "change" if _CHANGE.search(before.replace("\n", "")) else "share"


@dataclass(frozen=True, slots=True)
class _Place:
    """A figure with the words of its sentence that belong to it: offsets within the sentence."""

    figure: Figure
    start: int  # of the figure, rounding included
    end: int
    begin: int  # of its words
    stop: int
    rounding: Figure | None


def _rows(
    claim: Claim, studies: tuple[Study, ...], before: Statistic | None
) -> Iterator[Statistic]:
    """Give the rows of one claim; `before` is the row of the sentence before it, if any."""
    text, offset = claim.sentence.text, claim.sentence.start
    places = _places(claim)
    frames = dict(zip(places, _frames(text, places), strict=True))
    made: list[Statistic] = []
    for number, figure in enumerate(claim.figures, 1):
        kind = kind_of(claim, figure)
        place = next((p for p in places if figure in (p.figure, p.rounding)), None)
        frame = frames[place] if place else None
        if place is None:  # a span of time or a count: its clause says all
            place = _clause_place(text, figure, offset)
        is_rounding = place.rounding is figure
        former = next((row for row in reversed(made) if not row.rounds and row.kind == kind), None)
        if not made and before and before.kind == kind:
            former = before
        inherited = None
        if kind == "share" and frame and not frame.subject and not is_rounding:
            inherited = former
        frame = _filled(frame, kind, claim, place, inherited or before, inherits=bool(inherited))
        made.append(
            Statistic(
                id=f"{claim.id}.f{number}",
                claim=claim,
                figure=figure,
                kind=kind,
                printed=_printed(text, figure, offset),
                population=frame.population,
                subject=frame.subject,
                year=frame.year,
                when=frame.when,
                studies=studies,
                follows=inherited.id if inherited else None,
                rounds=(
                    f"{claim.id}.f{claim.figures.index(place.figure) + 1}" if is_rounding else None
                ),
                turns=bool(_TURN.match(text[place.begin : place.start])),
            )
        )
    yield from made


def _filled(
    frame: Frame | None,
    kind: Kind,
    claim: Claim,
    place: _Place,
    former: Statistic | None,
    *,
    inherits: bool,
) -> Frame:
    """Fill in what the words of a figure leave to the words around them."""
    text = claim.sentence.text
    if frame is None:
        frame = read_frame("", readable(text[place.begin : place.stop]))
    subject, population = frame.subject, frame.population
    if inherits and former is not None:
        subject, population = former.subject, population or former.population
    elif kind != "share":
        population = _compared_group(text, place, claim, former)
    if kind != "share" or len(subject) < _SHORT:
        subject = _clause(text, place)
    year, when = frame.year, frame.when
    lead = _LEAD_YEAR.match(readable(text))
    if year is None and lead:
        year, when = int(lead[1]), f"{lead[1]} 年"
    return Frame(
        subject=subject or readable(text),
        population=population or _population(claim, former),
        year=year,
        when=when,
    )


def _printed(text: str, figure: Figure, offset: int) -> str:
    """Give a figure with the words that make it a bound or a guess."""
    hedge = hedge_before(text.replace("\n", " "), figure.start - offset)
    more = _MORE.match(text, figure.end - offset)
    gap = " " if hedge and figure.text[:1].isdigit() else ""
    return f"{hedge}{gap}{figure.text}{more[0].strip() if more else ''}"


def _compared_group(text: str, place: _Place, claim: Claim, before: Statistic | None) -> str | None:
    """Give the group that stands above others: the last one named before 「比其他…」."""
    words = text[place.begin : place.start]
    compared = _COMPARED.search(words)
    if compared is None:
        return last_group(words) or _population(claim, before)
    own = (_OWN.findall(words[: compared.start()]) or [None])[-1]
    own = bare_group(own) if own else last_group(words[: compared.start()])
    return own or (before.population if before else None)


def _clause_place(text: str, figure: Figure, offset: int) -> _Place:
    start, end = figure.start - offset, figure.end - offset
    begin = max((m.end() for m in _BREAK.finditer(text, 0, start)), default=0)
    stop = next((m.start() for m in _BREAK.finditer(text, end)), len(text))
    return _Place(figure, start, end, begin, stop, None)


def _places(claim: Claim) -> list[_Place]:
    """Share the words of a sentence out among its figures."""
    text, offset = claim.sentence.text, claim.sentence.start
    pairs: list[tuple[Figure, Figure | None]] = []
    figures = [f for f in claim.figures if kind_of(claim, f) not in ("span", "count")]
    while figures:
        first = figures.pop(0)
        if figures and _rounds(text, first, figures[0], offset):
            pairs.append((figures.pop(0), first))
        else:
            pairs.append((first, None))
    places: list[_Place] = []
    begin = 0
    for number, (figure, rounding) in enumerate(pairs):
        start = figure.start - offset
        end = figure.end - offset
        stop = len(text)
        if number + 1 < len(pairs):
            following = pairs[number + 1]
            stop = _boundary(text, end, (following[1] or following[0]).start - offset)
        places.append(_Place(figure, start, end, begin, stop, rounding))
        begin = stop
    return places


def _rounds(text: str, first: Figure, second: Figure, offset: int) -> bool:
    """Tell whether the second figure, in brackets, says the first one exactly."""
    between = text[first.end - offset : second.start - offset].rstrip()
    return (
        first.unit == second.unit == "%"
        and not first.text.endswith(("%", "％"))
        and between.endswith((*_OPEN,))
        and not re.search("[；。]", between)
        and abs(first.value - second.value) <= _ROUNDING
    )


def _boundary(text: str, end: int, start: int) -> int:
    """Find where the words of one figure end and those of the next begin."""
    between = text[end:start]
    closed = re.match(r"\s*[)）]?", between)
    assert closed is not None
    if closed.end() and re.match("[，；。、]", between[closed.end() :]):
        return end + closed.end()
    hard = max(between.rfind("；"), between.rfind("。"))
    soft = max(between.rfind("，"), between.rfind("、") if closed[0].strip() else -1)
    return end + (hard if hard >= 0 else soft if soft >= 0 else closed.end())


def _frames(text: str, places: Sequence[_Place]) -> list[Frame]:
    """Read the frame of each place; those of a list share the words around it."""
    frames: list[Frame] = []
    index = 0
    while index < len(places):
        last = index
        while last + 1 < len(places) and _in_one_list(text, places[last], places[last + 1]):
            last += 1
        if index + 1 < len(places) and _PAIR.fullmatch(
            text, places[index].end, places[index + 1].start
        ):
            last = index + 1
            frames += _pair_frames(text, places[index], places[last])
        elif last > index:
            frames += _list_frames(text, places[index : last + 1])
        else:
            frames.append(_single_frame(text, places[index]))
        index = last + 1
    return frames


def _in_one_list(text: str, one: _Place, two: _Place) -> bool:
    between = text[one.end : two.start].strip()
    return (
        between[:1] in _CLOSE
        and bool(between)
        and between[-1] in _OPEN
        and not re.search("[，；。]", between)
    )


def _single_frame(text: str, place: _Place) -> Frame:
    start, stop = place.start, place.stop
    before, after = text[place.begin : start], text[place.end : stop]
    if before.rstrip().endswith((*_OPEN,)):
        # In brackets behind what it is the figure of.
        before = before.rstrip().rstrip("".join(_OPEN))
        after = after.lstrip().lstrip("".join(_CLOSE))
    if place.rounding is not None:
        at = before.rfind(place.rounding.text)
        before, after = before[:at], before[at + len(place.rounding.text) :] + after
    hedge = hedge_before(before, len(before))
    if hedge:
        before = before[: before.rindex(hedge)]
    return read_frame(readable(before), readable(after))


def _list_frames(text: str, places: Sequence[_Place]) -> Iterator[Frame]:
    """Read 「对销售 (57%)、研发 (55%) 和客服 (37%) 产生影响」: each item in the shared words."""
    words = readable(text[places[0].begin : places[0].start].rstrip(" (（\n"))
    group, begin = after_asked(words)
    end = text[places[-1].end : places[-1].stop].lstrip(" )）\n")
    listing = _LISTING.match(begin)
    shared, first = (listing[0], begin[listing.end() :]) if listing else ("", begin)
    items = [first]
    for one, two in pairwise(places):
        items.append(_BETWEEN.sub("", text[one.end : two.start], count=1).rstrip(" (（\n"))
    rest = _BREAK.split(end)[0]
    year, when = read_time(words, readable(end))
    for item in items:
        own = _DOING.sub("", shared) if _DOES.match(item) else shared
        yield Frame(
            subject=tidy(readable(f"{own}{item}{rest}")) or readable(item),
            population=group or last_group(begin),
            year=year,
            when=when,
        )


def _pair_frames(text: str, one: _Place, two: _Place) -> Iterator[Frame]:
    """Read 「是其他组织的两倍，13% 对 6%」: the group itself, then the others."""
    words = readable(text[: one.start])
    compared = _OTHERS.search(words)
    yield Frame(
        tidy(words.rstrip("（(分别为, ，")),
        last_group(words[: compared.start()] if compared else words),
        None,
        "",
    )
    yield Frame("", compared[0].replace(" ", "") if compared else None, None, "")


def _clause(text: str, place: _Place) -> str:
    """Give the words of a figure with the figure in them."""
    leads = [m.end() for m in _LEAD.finditer(text, place.begin, place.start)]
    clause = text[leads[-1] if leads else place.begin : place.stop]
    bare = text[place.begin : place.start].strip(" ，的") == ""  # starts with the figure itself
    return tidy(readable(text if bare and place.begin else clause))


def _population(claim: Claim, before: Statistic | None) -> str | None:
    if claim.populations:
        return claim.populations[0]
    return before.population if before else None


def _are_neighbours(one: Claim, two: Claim) -> bool:
    """Tell whether two claims stand next to each other in one passage."""
    sentences = [sentence.start for sentence in one.passage.sentences]
    return one.passage.id == two.passage.id and (
        sentences.index(two.sentence.start) - sentences.index(one.sentence.start) == 1
    )
