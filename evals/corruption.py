"""Sentences made wrong on purpose, to measure what the verifier catches.

Each begins as a correct sentence: one of the book's own, read from the book at run time, or a
paraphrase written by hand (``paraphrases.jsonl``). Seeded code then makes one thing of it wrong. A
corruption counts only where it makes the sentence false; what might still be true is left out by
rule, and each rule stands at the function that makes the corruption.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from evals.errors import BadItemError, DuplicateIdError
from index.static import StaticEmbedder
from ingest.document import Book, Passage
from ingest.figures import Figure, find_figures
from ingest.normalise import compact, normalise, readable
from ingest.populations import find_groups

PARAPHRASES = Path(__file__).parent / "sentences" / "paraphrases.jsonl"

Split = Literal["tune", "test"]
Origin = Literal["book", "paraphrase"]
_SEED = "2023-12"
_SUPPLIED = 4  # passages beside the right one, the nearest of the book
_LETTERS = 12  # of the shortest sentence that says something by itself
_DUPLICATE = 0.75  # cosine from which another passage may say the same
_PER_KIND = 130  # sentences of the book, for each kind and split


class Paraphrase(BaseModel):
    """A correct restatement of the guide, in words of our own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    split: Split
    source: str  # id of the passage that carries it
    notes: tuple[int, ...]  # those that carry it; () where none does
    text: str  # one sentence


@dataclass(frozen=True, slots=True)
class Correct:
    """A sentence that is true by the book, and the passage that says so."""

    id: str
    origin: Origin
    split: Split
    text: str
    passage: Passage
    notes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One sentence for the verifier."""

    id: str
    kind: str  # key of `KINDS`
    origin: Origin
    split: Split
    text: str
    cited: tuple[int, ...]  # from 1, into `supplied`
    supplied: tuple[Passage, ...]

    @property
    def chapter(self) -> str:
        """Key of the division of the passage that it was made from."""
        return self.id.split(".", 1)[0]


KINDS = {
    "correct": "正确的句子",
    "correct-mark": "正确的句子，注号也对",
    "correct-uncited": "正确的句子，引错段落",
    "figure": "改动数字",
    "uncited": "所引段落没有",
    "population": "换了人群",
    "direction": "颠倒方向",
    "negation": "添上或去掉否定",
    "quote": "编造引文",
    "mark": "换了注号",
    "merged": "拼合两个论断",
}
CORRECT = ("correct", "correct-mark", "correct-uncited")


def read_paraphrases(path: Path = PARAPHRASES) -> tuple[Paraphrase, ...]:
    """Read the paraphrases.

    Raises
    ------
    DataSetError
        If a line is no paraphrase, or an id comes twice.
    """
    found: dict[str, Paraphrase] = {}
    lines: dict[str, int] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            row = Paraphrase.model_validate_json(line)
        except ValidationError as error:
            raise BadItemError(path, line=number, reason=error.errors()[0]["msg"]) from error
        if row.id in found:
            raise DuplicateIdError(row.id, path=path, lines=(lines[row.id], number))
        found[row.id], lines[row.id] = row, number
    return tuple(found.values())


def correct_sentences(book: Book, paraphrases: Sequence[Paraphrase]) -> Iterator[Correct]:
    """Give the sentences to start from: those of the book that say something, and paraphrases.

    A sentence of the book falls into the half that its passage's id falls into, by hash.
    """
    for passage in book.passages:
        split: Split = "tune" if sha256(passage.id.encode()).digest()[0] % 2 else "test"
        for number, sentence in enumerate(passage.sentences):
            text = readable(sentence.text).strip("“”\"'")
            if not sentence.damaged and len(compact(text)) >= _LETTERS and "“" not in text:
                key = f"{passage.id}.s{number}"
                yield Correct(key, "book", split, text, passage, sentence.notes)
    for row in paraphrases:
        one = book.passages_by_id.get(row.source)
        if one:
            yield Correct(
                f"{row.source}.{row.id}", "paraphrase", row.split, row.text, one, row.notes
            )


def cases(book: Book, paraphrases: Sequence[Paraphrase], embedder: StaticEmbedder) -> list[Case]:
    """Make all cases of a book: every kind from every paraphrase, and from a share of the book.

    Parameters
    ----------
    book : Book
    paraphrases : sequence of Paraphrase
        Those whose passage the book lacks are passed over.
    embedder : StaticEmbedder
        Finds the passages that are supplied beside the right one.

    Returns
    -------
    list of Case
        The same for the same book and paraphrases.
    """
    sentences = list(correct_sentences(book, paraphrases))
    shelf = _Shelf(book, sentences, embedder)
    made: list[Case] = []
    for kind, make in _MAKERS.items():
        taken = {("book", "tune"): 0, ("book", "test"): 0}
        for one in _shuffled(sentences, kind):
            place = (one.origin, one.split)
            if taken.get(place, 0) >= _PER_KIND:
                continue
            case = make(one, shelf, random.Random(f"{_SEED} {kind} {one.id}"))
            if case:
                made.append(case)
                if place in taken:
                    taken[place] += 1
    return made


class _Shelf:
    """What corruptions draw on: the nearest passages of each sentence, and the other sentences."""

    def __init__(self, book: Book, sentences: Sequence[Correct], embedder: StaticEmbedder) -> None:
        self.sentences = sentences
        self.letters = compact(book.source)
        self.notes = [note.number for note in book.footnotes]
        self.passages = book.passages
        vectors = embedder.embed([normalise(passage.text) for passage in self.passages])
        asked = embedder.embed([normalise(one.text) for one in sentences])
        self.shares = {
            one.id: [f for f in find_figures(one.text) if f.unit == "%"] for one in sentences
        }
        self.stated = {
            passage.id: find_figures(readable(passage.text)) for passage in self.passages
        }
        self.groups = {
            passage.id: frozenset(g.kind for g in find_groups(_setting(passage, book)))
            for passage in self.passages
        }
        self._cosines = dict(zip((one.id for one in sentences), asked @ vectors.T, strict=True))

    def nearest(self, one: Correct, *, elsewhere: bool = False) -> list[Passage]:
        """Give the passages nearest to a sentence, its own left out."""
        cosines = self._cosines[one.id]
        found = []
        for place in np.argsort(-cosines):
            passage = self.passages[int(place)]
            same = passage.section.division == one.passage.section.division
            if passage.id == one.passage.id or (elsewhere and same):
                continue
            if cosines[place] < _DUPLICATE:
                found.append(passage)
            if len(found) == _SUPPLIED:
                break
        return found


def _case(
    one: Correct, kind: str, text: str, shelf: _Shelf, *, beside: Sequence[Passage] = ()
) -> Case:
    """Make a case that cites its own passage, the first of those supplied."""
    others = [p for p in shelf.nearest(one) if p not in beside][: _SUPPLIED - len(beside)]
    supplied = (one.passage, *beside, *others)
    return Case(one.id, kind, one.origin, one.split, text, (1,), supplied)


def _correct(one: Correct, shelf: _Shelf, rng: random.Random) -> Case:
    return _case(one, "correct", one.text, shelf)


def _correct_mark(one: Correct, shelf: _Shelf, rng: random.Random) -> Case | None:
    if not one.notes:
        return None
    return _case(one, "correct-mark", f"{one.text}[注{one.notes[0]}]", shelf)


def _correct_uncited(one: Correct, shelf: _Shelf, rng: random.Random) -> Case:
    case = _case(one, "correct-uncited", one.text, shelf)
    return Case(case.id, case.kind, one.origin, one.split, one.text, (2,), case.supplied)


def _figure(one: Correct, shelf: _Shelf, rng: random.Random) -> Case | None:
    """Change one figure.

    Left out: small counts (「三个」), for which the book may well have another use; hedged figures
    whose change leaves them true (「超过八成」 of 92% as 「超过七成」); a figure that a supplied
    passage states.
    """
    figures = [
        f for f in find_figures(one.text) if f.unit in {"%", "倍", "美元", "年"} or f.value > 12
    ]
    for figure in rng.sample(figures, len(figures)):
        other = _other_figure(figure, one.text, rng)
        if other is None:
            continue
        text = one.text[: figure.start] + other + one.text[figure.end :]
        case = _case(one, "figure", text, shelf)
        changed = [f for f in find_figures(text) if f.start == figure.start]
        if changed and not any(
            _close(changed[0], stated)
            for passage in case.supplied
            for stated in shelf.stated[passage.id]
        ):
            return case
    return None


def _other_figure(figure: Figure, text: str, rng: random.Random) -> str | None:
    """Write another figure in the manner of one."""
    low = figure.direction in {"below", "at most"}
    if figure.is_year:
        return figure.text.replace(
            str(int(figure.value)), str(int(figure.value) + rng.choice([-3, -2, 3, 4, 5]))
        )
    if match := re.search(r"\d[\d,]*(?:\.\d+)?", figure.text):
        value = float(match[0].replace(",", ""))
        if figure.direction:
            step = -rng.randint(20, 35) if low else rng.randint(20, 35)
            if figure.direction == "about":
                step = rng.choice([-1, 1]) * rng.randint(15, 30)
        else:
            step = rng.choice([-1, 1]) * rng.choice([1, 2, 3, 5, 8, 10, 12, 20])
        if figure.unit != "%" or not 0 < value + step < 100:
            changed = value * (0.5 if low else rng.choice([1.5, 2, 3]))
        else:
            changed = value + step
        if figure.unit == "%" and changed > 100:
            changed = value / 2
        written = f"{changed:,.0f}" if changed == int(changed) else f"{changed:.1f}"
        return figure.text[: match.start()] + written + figure.text[match.end() :]
    if match := re.search(r"([二两三四五六七八九])(?=成)", figure.text):
        digit = "零一二三四五六七八九".index(match[1].replace("两", "二"))
        other = digit - rng.choice([2, 3]) if low else digit + rng.choice([2, 3])
        if not 1 < other < 10:
            other = digit + 2 if not figure.direction and digit < 8 else digit - 3
            if figure.direction == "above" or other < 2:
                return None
        return figure.text.replace(match[1], "零一二三四五六七八九"[other], 1)
    ratios = {
        "四分之三": "四分之一",
        "三分之二": "三分之一",
        "五分之四": "五分之三",
        "三分之一": "三分之二",
        "四分之一": "四分之三",
    }
    if figure.text in ratios and (
        figure.direction is None or ratios[figure.text] in {"四分之三", "三分之二"}
    ):
        return ratios[figure.text]
    if figure.text in {"一半", "半数"} and figure.direction is None:
        return rng.choice(["四分之三", "三成"])
    return None


def _close(said: Figure, stated: Figure) -> bool:
    """Whether a figure may pass for another, hedged or not, by a generous measure."""
    if said.unit != stated.unit:
        return said.value == stated.value
    if said.direction is None and stated.direction is None:
        return abs(said.value - stated.value) < 0.8
    return abs(said.value - stated.value) <= 12 * (1 if said.unit == "%" else stated.value / 100)


def _uncited(one: Correct, shelf: _Shelf, rng: random.Random) -> Case | None:
    """Cite and supply passages of other chapters alone: two of the nearest, two of any.

    Left out: passages that come so near that they may say the same, or that state its figure.
    """
    near = shelf.nearest(one, elsewhere=True)[:2]
    home = one.passage.section.division
    any_ = [p for p in shelf.passages if p.section.division != home and p.kind != "heading"]
    supplied = tuple(dict.fromkeys([*near, *rng.sample(any_, 2)]))
    said = [f for f in find_figures(one.text) if not f.is_year]
    if any(_close(f, stated) for f in said for p in supplied for stated in shelf.stated[p.id]):
        return None
    place = rng.randint(1, len(supplied))
    return Case(one.id, "uncited", one.origin, one.split, one.text, (place,), supplied)


_PEOPLE = {
    "CEO": "CEO",
    "CMO": "CMO",
    "高管": "高管",
    "员工": "员工",
    "消费者": "消费者",
    "投资者": "投资者",
    "IT高管": "IT 高管",
    "供应链高管": "供应链高管",
}


def _population(one: Correct, shelf: _Shelf, rng: random.Random) -> Case | None:
    """Put another group in place of one.

    Left out: groups of which a supplied passage, its heading or its notes speak; groups that a
    survey may be told of (an executive speaks for the organisation).
    """
    folded = one.text
    groups = [
        g
        for g in find_groups(folded.lower())
        if g.kind in _PEOPLE and not re.match(r"[团层会]", folded[g.end : g.end + 1])
    ]
    if not groups or len(folded) != len(folded.lower()):
        return None
    group = groups[0]
    case = _case(one, "population", one.text, shelf)
    spoken = frozenset[str]().union(*(shelf.groups[p.id] for p in case.supplied))
    others = sorted(set(_PEOPLE) - spoken - {group.kind})
    if group.kind != "高管":
        others = [kind for kind in others if kind != "高管"] or others
    if not others:
        return None
    text = folded[: group.start] + _PEOPLE[rng.choice(others)] + folded[group.end :]
    return Case(one.id, "population", one.origin, one.split, text, (1,), case.supplied)


def _setting(passage: Passage, book: Book) -> str:
    section = passage.section
    notes = " ".join(book.notes_by_number[n].text for n in passage.notes)
    return normalise(
        f"{passage.text} {section.division.title} {section.label} {section.heading} {notes}"
    )


_OPPOSITES = (
    ("增加", "减少"),
    ("提高", "降低"),
    ("提升", "降低"),
    ("增长", "下滑"),
    ("增强", "削弱"),
    ("改善", "恶化"),
    ("扩大", "缩小"),
    ("加快", "放慢"),
    ("加速", "放缓"),
    ("高于", "低于"),
    ("多于", "少于"),
    ("高出", "低"),
    ("多出", "少"),
    ("高过", "低于"),
    ("超过", "不到"),
    ("以上", "以下"),
    ("大多数", "少数"),
    ("多数", "少数"),
    ("更多", "更少"),
    ("更高", "更低"),
    ("更好", "更差"),
    ("更快", "更慢"),
    ("促进", "阻碍"),
    ("推动", "阻碍"),
    ("有助于", "不利于"),
    ("领先", "落后"),
    ("优先", "靠后"),
    ("过半", "不到一半"),
    ("降低", "提高"),
    ("减少", "增加"),
    ("不到", "超过"),
    ("不足一半", "超过一半"),
    ("低于", "高于"),
    ("少于", "多于"),
    ("阻碍", "促进"),
    ("简化", "复杂化"),
    ("成功", "失败"),
    ("集中", "分散"),
    ("之前", "之后"),
    ("信任", "怀疑"),
)


def _direction(one: Correct, shelf: _Shelf, rng: random.Random) -> Case | None:
    """Turn one word into its opposite.

    Left out: words that are negated or stand in a question, in a name or after 「最」.
    """
    places = [
        (match.start(), word, other)
        for word, other in _OPPOSITES
        for match in re.finditer(word, one.text)
        if not re.search(r"[不未没无非最绝]\w{0,2}$", one.text[: match.start()])
        and not (word in {"超过", "不到"} and not _before_figure(one.text, match.end()))
        and not (word == "多数" and one.text[match.start() - 1 : match.start()] == "大")
    ]
    if not places or re.search(r"[?？]", one.text):
        return None
    start, word, other = rng.choice(places)
    text = one.text[:start] + other + one.text[start + len(word) :]
    return _case(one, "direction", text, shelf)


def _before_figure(text: str, offset: int) -> bool:
    """Whether a figure follows: 「不到 60%」 has an opposite, 「做不到」 has another one."""
    return any(0 <= figure.start - offset <= 1 for figure in find_figures(text))


_ADDED = (
    (r"将会?(?=[使用重改推在帮提影直放颠增有成带])", "将不会"),
    (r"(?<![不])可以", "不可以"),
    (r"(?<![不])能够", "无法"),
    (r"(?<![不])必须", "不必"),
    (r"(?<![不])需要", "不需要"),
    (r"(?<![不])应该", "不应该"),
    (r"(?<![不相供适反])应(?=[从当由让把成优采])", "不应"),
    (r"已经", "尚未"),
    (r"(?<![不普])认为", "不认为"),
    (r"(?<![不])相信", "不相信"),
    (r"(?<![不])愿意", "不愿意"),
    (r"(?<![只但就还可于总凡不正或倒若算而便都才也或特])是(?![否不])", "不是"),
    (r"(?<![没只仅具拥所专现享含仍富])有(?=[助能望更])", "没有"),
)
_REMOVED = (
    (r"尚未|从未|还没有?", "已经"),
    (r"(?<!有)没有(?!哪)", "有"),
    (r"无法|不能", "能够"),
    (r"缺乏|缺少", "具备"),
    (r"不要|别(?=再|把|让|被)", "要"),
    (r"而不是|而非", "以及"),
    (r"不会", "会"),
    (r"不应", "应"),
)


def _negation(one: Correct, shelf: _Shelf, rng: random.Random) -> Case | None:
    """Deny what a sentence affirms, or affirm what it denies.

    Left out: questions, and 「有哪家…」, which asks to deny; a negation more in a sentence that
    denies something already, and one less where there are several, for the meaning may stay as it
    was.
    """
    denials = len(re.findall("[不没未无非别缺]", one.text))
    if re.search(r"[?？]", one.text) or denials > 1:
        return None
    places = [
        (match.start(), match.end(), other)
        for pattern, other in (_REMOVED if denials else _ADDED)
        for match in re.finditer(pattern, one.text)
    ]
    if not places:
        return None
    start, end, other = rng.choice(places)
    return _case(one, "negation", one.text[:start] + other + one.text[end:], shelf)


def _quote(one: Correct, shelf: _Shelf, rng: random.Random) -> Case | None:
    """Quote what is not verbatim: a paraphrase, or a sentence of the book with its end changed."""
    words = one.text.strip("。.!！")
    if one.origin == "book":
        other = rng.choice(shelf.sentences).text.strip("。.!！")
        words = words[:-5] + other[-5:]
    if any(mark in words for mark in '“”「」《"') or compact(words) in shelf.letters:
        return None
    lead = rng.choice(["书中写道：", "指南的原话是", "正如书中所说，"])
    return _case(one, "quote", f"{lead}“{words}”。", shelf)


def _mark(one: Correct, shelf: _Shelf, rng: random.Random) -> Case | None:
    """Call another note than the sentence's own."""
    carried = set(one.passage.notes)
    others = [number for number in shelf.notes if number not in carried]
    if not others or not one.notes:
        return None
    near = [n for n in others if min(abs(n - m) for m in one.notes) <= 2]
    number = rng.choice(near if near and rng.random() < 0.5 else others)
    return _case(one, "mark", f"{one.text.rstrip('。')}[注{number}]。", shelf)


def _merged(one: Correct, shelf: _Shelf, rng: random.Random) -> Case | None:
    """Put the figure of another sentence, near in the book, into this one; both are supplied.

    Left out: figures that this sentence's passage also states, or one that passes for it.
    """
    shares = [f for f in find_figures(one.text) if f.unit == "%"]
    if len(shares) != 1 or shares[0].direction:
        return None
    home = one.passage.section.division
    donors = [
        (other, figure)
        for other in shelf.sentences
        if other.passage.section.division == home and other.id != one.id
        for figure in shelf.shares[other.id]
        if figure.direction is None
    ]
    for other, figure in rng.sample(donors, len(donors)):
        own = shelf.stated[one.passage.id]
        if other.passage.id != one.passage.id and any(_close(figure, f) for f in own):
            continue
        if _close(figure, shares[0]):
            continue
        text = one.text[: shares[0].start] + figure.text + one.text[shares[0].end :]
        beside = [other.passage] if other.passage.id != one.passage.id else []
        case = _case(one, "merged", text, shelf, beside=beside)
        cited = tuple(range(1, 2 + len(beside)))
        return Case(case.id, case.kind, one.origin, one.split, text, cited, case.supplied)
    return None


_MAKERS: dict[str, Callable[[Correct, _Shelf, random.Random], Case | None]] = {
    "correct": _correct,
    "correct-mark": _correct_mark,
    "correct-uncited": _correct_uncited,
    "figure": _figure,
    "uncited": _uncited,
    "population": _population,
    "direction": _direction,
    "negation": _negation,
    "quote": _quote,
    "mark": _mark,
    "merged": _merged,
}


def _shuffled(sentences: Sequence[Correct], kind: str) -> list[Correct]:
    shuffled = list(sentences)
    random.Random(f"{_SEED} {kind}").shuffle(shuffled)
    return shuffled
