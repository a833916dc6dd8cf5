"""Lay the blocks of the body out over divisions and sections.

The order of a chapter in this kind of guide is: an opening essay, which stands *before* the
「第 N 章」 title page, right after the previous chapter's last bullets; the title page with a
quote; an overview of the headings of the topics; then each topic, what to know and what to do.
A splitter that cuts at 「第 N 章」 gives every essay, and its notes, to the wrong chapter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ingest.blocks import Block, join, split_list
from ingest.contents import arabic
from ingest.document import ACT, KNOW, Division, PassageKind, Section, SectionKind, Speaker
from ingest.errors import MissingPartError
from ingest.figures import find_figures
from ingest.normalise import compact, letter_pairs
from ingest.sentences import split_sentences

_LABEL = re.compile(r"(\d+)\.\s*(\S.*)")
_LISTED = re.compile(r"第(?:\d+|[一二三四五六七八九十]+)章.+")
_OFFICE = re.compile(r"官|总裁|经理|董事|主席|合伙人|负责人|院长|CEO|President|Officer")
_NAMED = re.compile(r"(?:但|而)?([^，。；]*?)的?\s*([A-Z][\w.'’]+(?: [A-Z][\w.'’]+)+)")
_TYPE_ENDS = "。！？!?”’：:；;…）)"
_PULL_OUT_LENGTH = 90  # letters; the longest of the guide has 40
# Share of a pull-out's letter pairs that its claim must hold; less where both state one share.
_SAME_WORDING = 0.8
_SAME_FIGURE = 0.55


@dataclass(frozen=True, slots=True)
class Piece:
    """A block with its place in the book, not yet cut into sentences."""

    block: Block
    section: Section
    kind: PassageKind
    speaker: Speaker | None = None


@dataclass
class Layout:
    """What the walk over the blocks has collected."""

    pieces: list[Piece] = field(default_factory=list)
    pull_outs: list[tuple[Block, Division]] = field(default_factory=list)
    set_aside: list[str] = field(default_factory=list)
    divisions: dict[str, Division] = field(default_factory=dict)


def lay_out(
    front: Sequence[Block],
    body: Sequence[Block],
    method: Sequence[Block],
    divisions: Sequence[Division],
    *,
    source: str,
    path: Path,
) -> Layout:
    """Give every block of the book its section, or set it aside.

    Parameters
    ----------
    front, body, method : sequence of Block
        The blocks before the contents list, between it and the notes, and of the appendix.
    divisions : sequence of Division
        From the contents list.
    source : str
        The whole text, for blocks that are joined.
    path : Path
        Named in errors.

    Returns
    -------
    Layout
        Pieces in the order of the book, pull-outs, furniture, and the divisions with the
        subtitles of their title pages.

    Raises
    ------
    MissingPartError
        If a listed division, a topic or a heading does not stand in the body.
    """
    layout = Layout(divisions={division.key: division for division in divisions})
    body = _join_pull_outs(body, source)
    starts = _starts(body, divisions, path=path)
    preface = next((d for d in divisions if d.kind == "preface"), None)
    first = min(starts.values())
    if preface:
        section = Section(f"{preface.key}.front", preface, "front")
        _add_running(layout, [*front, *body[:first]], section)
    bounds = sorted(starts.items(), key=lambda item: item[1])
    for (key, start), (_, stop) in zip(bounds, [*bounds[1:], ("", len(body))], strict=True):
        division = layout.divisions[key]
        if division.kind == "chapter":
            _Chapter(division, body[start:stop], layout, path).read()
        else:
            _add_matter(layout, body[start:stop], division)
    if method:
        _add_matter(layout, method, layout.divisions["method"])
    return layout


def _starts(body: Sequence[Block], divisions: Sequence[Division], *, path: Path) -> dict[str, int]:
    """Find the first block of every division; of a chapter, that of its essay."""
    starts: dict[str, int] = {}
    previous: Division | None = None
    position = 0
    for division in divisions:
        if division.kind == "method":
            continue
        at = _find(body, division, position)
        if at is None:
            line = body[position].line if position < len(body) else None
            raise MissingPartError(
                f"「{division.label} {division.title}」的标题", path=path, line=line
            )
        if division.kind == "chapter":
            begin = starts[previous.key] if previous else position
            starts[division.key] = _essay_start(body, begin, at, previous)
            position = at + 1
        else:
            starts[division.key] = at
            position = at + 1
        previous = division
    return starts


def _find(body: Sequence[Block], division: Division, position: int) -> int | None:
    """Find the heading of a division from a position on: its label or title, alone in a block."""
    label, title = (re.sub(r"\s", "", text) for text in (division.label, division.title))
    wanted = {label} if division.kind == "chapter" else {label, title, label + title}
    return next((i for i in range(position, len(body)) if arabic(body[i].bare) in wanted), None)


def _essay_start(
    body: Sequence[Block], begin: int, title_page: int, previous: Division | None
) -> int:
    """Find where the essay before a title page begins.

    After a page that opens a part it is what follows the part's list of chapters; after a
    chapter it is the first block behind that chapter's last list of actions which is neither a
    speaker's quote nor a pull-out of that chapter.
    """
    if previous is None or previous.kind != "chapter":
        listed = [i for i in range(begin, title_page) if _LISTED.fullmatch(body[i].bare)]
        if not listed:
            return title_page
        last = listed[-1]
        page = next((i for i in range(last, title_page) if body[i].bare.isdigit()), last)
        return page + 1
    last_act = max((i for i in range(begin, title_page) if body[i].bare == ACT), default=begin)
    first_list = next((i for i in range(last_act, title_page) if body[i].is_list), None)
    if first_list is None:
        return title_page
    wording = _Wording(block for block in body[begin:first_list] if not block.is_list)
    position = first_list + 1
    while position < title_page:
        quote = _quotation(body, position)
        if quote:
            position += quote[0]
        elif body[position].is_list or wording.has(body[position]):
            position += 1
        else:
            break
    return position


class _Wording:
    """The sentences of a chapter, to tell a pull-out, which repeats one, from a paragraph."""

    def __init__(self, blocks: Iterator[Block] | Sequence[Block]) -> None:
        self._sentences = [
            (block.start, letter_pairs(text), _shares(text))
            for block in blocks
            for span in split_sentences(block.text)
            for text in (block.text[span.start : span.end],)
        ]

    def has(self, block: Block) -> bool:
        """Whether some other block says the same in nearly the same words."""
        pairs, shares = letter_pairs(block.text), _shares(block.text)
        return bool(pairs) and any(
            start != block.start
            and len(pairs & sentence)
            >= (_SAME_FIGURE if shares & stated else _SAME_WORDING) * len(pairs)
            for start, sentence, stated in self._sentences
        )


def _shares(text: str) -> frozenset[float]:
    return frozenset(figure.value for figure in find_figures(text) if figure.unit == "%")


def _quotation(blocks: Sequence[Block], position: int) -> tuple[int, Speaker] | None:
    """Read a speaker's quote: how many blocks it takes, and who speaks."""
    if position + 1 >= len(blocks) or not blocks[position].ends_quotation:
        return None
    named = blocks[position + 1]
    if not named.is_name:
        return None
    name, *title = (line.strip() for line in named.text.split("\n"))
    taken = 2
    if not title and position + 2 < len(blocks):
        following = blocks[position + 2]
        if _OFFICE.search(following.text) and "。" not in following.text:
            title = [line.strip() for line in following.text.split("\n")]
            taken = 3
    return taken, Speaker(name, "，".join(title))


def _join_pull_outs(body: Sequence[Block], source: str) -> list[Block]:
    """Join a pull-out that large type has cut into three blocks: text, figure, text."""
    joined: list[Block] = []
    position = 0
    while position < len(body):
        block = body[position]
        following = body[position + 1] if position + 1 < len(body) else None
        if block.is_figure and following and following.text.startswith("的"):
            parts = [block, following]
            if joined and _is_open(joined[-1]):
                parts.insert(0, joined.pop())
            joined.append(join(tuple(parts), source))
            position += 2
        else:
            joined.append(block)
            position += 1
    return joined


def _is_open(block: Block) -> bool:
    """Whether a block breaks off in mid-sentence, as no heading or name of an office does."""
    return (
        block.text[-1] not in _TYPE_ENDS and len(block.bare) > 8 and not _OFFICE.search(block.text)
    )


def _add_running(layout: Layout, blocks: Sequence[Block], section: Section) -> None:
    """Take running text and signatures; page furniture has no sentence and is set aside."""
    position = 0
    while position < len(blocks):
        block = blocks[position]
        quote = _quotation(blocks, position)
        if quote:
            layout.pieces.append(Piece(block, section, "quote", quote[1]))
            position += quote[0]
            continue
        if block.is_list:
            layout.pieces += [Piece(item, section, "bullet") for item in split_list(block)]
        elif block.is_name and _OFFICE.search(block.text):
            name, *title = (line.strip() for line in block.text.split("\n"))
            speaker = Speaker(name, "，".join(title))
            layout.pieces.append(Piece(block, section, "signature", speaker))
        elif re.search(r"[。？！：]", block.text) and not block.is_english:
            layout.pieces.append(Piece(block, section, "paragraph"))
        else:
            layout.set_aside.append(block.line_text)
        position += 1


def _add_matter(layout: Layout, blocks: Sequence[Block], division: Division) -> None:
    """Take a division without topics: its text up to where it lists the chapters of a part."""
    heading = re.sub(r"\s", "", division.title)
    listed = next((i for i, b in enumerate(blocks) if _LISTED.fullmatch(b.bare)), len(blocks))
    label = re.sub(r"\s", "", division.label)
    texts = [b for b in blocks[:listed] if b.bare not in {heading, label, label + heading}]
    section = Section(f"{division.key}.body", division, "body", heading=division.title)
    _add_running(layout, texts, section)


class _Chapter:
    """Reads one chapter: essay, title page, overview, topics."""

    def __init__(
        self, division: Division, blocks: Sequence[Block], layout: Layout, path: Path
    ) -> None:
        self._blocks = blocks
        self._layout = layout
        self._path = path
        label = re.sub(r"\s", "", division.label)
        self._title_page = next(i for i, b in enumerate(blocks) if arabic(b.bare) == label)
        self._division = replace(division, subtitle=self._subtitle())
        layout.divisions[division.key] = self._division
        self._wording = _Wording(block for block in blocks if not block.is_list)

    def read(self) -> None:
        """Add the chapter's pieces to the layout."""
        self._read_essay()
        labels, position = self._read_overview()
        self._read_topics(labels, position)

    def _subtitle(self) -> str:
        """Give the line under the chapter's name on its title page."""
        following = self._blocks[self._title_page + 1 : self._title_page + 3]
        if len(following) == 2 and not following[1].ends_quotation:
            return re.sub(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])", "", following[1].line_text)
        return ""

    def _read_essay(self) -> None:
        essay = self._blocks[: self._title_page]
        if not essay:
            return
        headline = re.sub(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])", "", essay[0].line_text)
        section = self._section("essay", heading=headline)
        self._layout.pieces.append(Piece(essay[0], section, "heading"))
        _add_running(self._layout, essay[1:], section)

    def _read_overview(self) -> tuple[list[str], int]:
        """Read the title page and the overview: the topics' labels, and where the topics begin."""
        opening = self._section("opening")
        labels: list[str] = []
        seen = {KNOW: 0, ACT: 0}
        position = self._title_page + 1
        while position < len(self._blocks):
            block = self._blocks[position]
            label = _LABEL.fullmatch(block.text)
            quote = _quotation(self._blocks, position)
            if label:
                labels.append(label[2])
            elif block.bare in seen:
                if seen[block.bare] == len(labels):
                    break  # every topic has been announced: this one opens the first topic
                seen[block.bare] += 1
                position += 1  # the heading is outline, not evidence
            elif quote:
                self._layout.pieces.append(Piece(block, opening, "quote", quote[1]))
                position += quote[0]
                continue
            elif labels:
                self._add_short(block)
            position += 1
        if not labels:
            raise MissingPartError(
                f"{self._division.label}的主题列表（如「1. 人才」）",
                path=self._path,
                line=self._blocks[self._title_page].line,
            )
        return labels, position

    def _read_topics(self, labels: Sequence[str], position: int) -> None:
        topics = {KNOW: 0, ACT: 0}
        section: Section | None = None
        while position < len(self._blocks):
            block = self._blocks[position]
            quote = _quotation(self._blocks, position)
            taken = 1
            if block.bare in topics:
                topics[block.bare] += 1
                section = self._open(block, position, topics[block.bare], labels)
                taken = 2
            elif quote and section:
                self._layout.pieces.append(Piece(block, section, "quote", quote[1]))
                taken = quote[0]
            elif self._is_furniture(block, labels) or section is None:
                self._layout.set_aside.append(block.line_text)
            elif block.is_list:
                items = split_list(block)
                self._layout.pieces += [Piece(item, section, "bullet") for item in items]
            elif self._is_pull_out(block):
                self._layout.pull_outs.append((block, self._division))
            else:
                speaker = self._quoted_in_text(block)
                kind: PassageKind = "quote" if speaker else "paragraph"
                self._layout.pieces.append(Piece(block, section, kind, speaker))
            position += taken
        for half, count in topics.items():
            if count != len(labels):
                raise MissingPartError(
                    f"{self._division.label}的「{half}」（应有 {len(labels)} 处，找到 {count} 处）",
                    path=self._path,
                    line=self._blocks[self._title_page].line,
                )

    def _open(self, marker: Block, position: int, topic: int, labels: Sequence[str]) -> Section:
        """Open one half of a topic at its marker; the next block is its heading."""
        kind: SectionKind = "know" if marker.bare == KNOW else "act"
        if position + 1 >= len(self._blocks) or topic > len(labels):
            raise MissingPartError(
                f"{self._division.label}的主题 {topic} 的标题", path=self._path, line=marker.line
            )
        heading = self._blocks[position + 1]
        section = self._section(
            kind, topic=topic, label=labels[topic - 1], heading=heading.line_text
        )
        self._layout.pieces.append(Piece(heading, section, "heading"))
        return section

    def _section(
        self, kind: SectionKind, *, topic: int | None = None, label: str = "", heading: str = ""
    ) -> Section:
        place = f"t{topic}.{kind}" if topic else kind
        return Section(f"{self._division.key}.{place}", self._division, kind, topic, label, heading)

    def _is_furniture(self, block: Block, labels: Sequence[str]) -> bool:
        """Whether it is a running head, a navigation line or the caption of a picture."""
        label = _LABEL.fullmatch(block.text)
        heads = {compact(self._division.title), compact(self._division.label)}
        return (
            (label is not None and label[2] in labels)
            or compact(block.text) in heads
            or block.is_english
        )

    def _is_pull_out(self, block: Block) -> bool:
        return (
            "”" not in block.text[-2:]
            and len(block.bare) <= _PULL_OUT_LENGTH
            and len(split_sentences(block.text)) == 1
            and not split_sentences(block.text)[0].marks
            and self._wording.has(block)
        )

    def _add_short(self, block: Block) -> None:
        if self._is_pull_out(block):
            self._layout.pull_outs.append((block, self._division))
        else:
            self._layout.set_aside.append(block.line_text)

    def _quoted_in_text(self, block: Block) -> Speaker | None:
        """Name the speaker of a quotation that the paragraph before it introduces."""
        span = split_sentences(block.text)[-1]
        if not block.text.startswith("“") or not block.text[: span.end].endswith("”"):
            return None
        before = split_sentences(self._layout.pieces[-1].block.line_text)[-1]
        said = _NAMED.search(self._layout.pieces[-1].block.line_text, before.start)
        return Speaker(said[2], said[1].strip()) if said else None
