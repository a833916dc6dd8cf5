"""From the text of a guide to a `Book`, checked against its own contents list and notes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from ingest.blocks import Block, split_blocks
from ingest.contents import METHOD, read_contents
from ingest.document import Book, Claim, Division, Footnote, Passage, PullOut, Sentence
from ingest.errors import MisplacedFootnoteError, UncalledFootnoteError, UndefinedFootnoteError
from ingest.figures import Figure, find_figures
from ingest.marks import Mark, find_marks
from ingest.normalise import letter_pairs, readable
from ingest.notes import read_notes
from ingest.populations import find_populations
from ingest.reading import read_text
from ingest.sentences import is_damaged, split_sentences
from ingest.structure import Piece, lay_out

_NOTES = "注释与来源"
_AFTER_NOTES = frozenset({"合作者", "研究方法", "作者", "致谢"})
_LEGAL = re.compile(r"©|copyright\b", re.IGNORECASE)
_REPORTED = re.compile(
    r"(?:受访|高管|CEO|CMO|CIO)[^，。；]{0,12}?(?:表示|认为|预计|希望|告诉|感到|感受|担心|认同)"
)
_LINKED = 0.55  # share of a pull-out's letter pairs that the claim it repeats must hold
_LEAD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)


def read_book(path: Path) -> Book:
    """Read and parse the guide at `path`; raises what `read_text` and `parse_book` raise."""
    return parse_book(read_text(path), path=path)


def parse_book(source: str, *, path: Path = Path("book.txt")) -> Book:
    """Parse the text of a guide.

    Parameters
    ----------
    source : str
        The whole text. All offsets of the result count its code points.
    path : Path
        Named in errors.

    Returns
    -------
    Book
        With every mark in the division that the list of notes gives it.

    Raises
    ------
    StructureError
        If chapters, topics or notes are missing, or body and notes disagree.
    """
    blocks = split_blocks(source)
    begin, listed = read_contents(blocks, path=path)
    notes_at = _find(blocks, {_NOTES}, begin)
    after_at = _find(blocks, _AFTER_NOTES, notes_at)
    method_at = _find(blocks, {METHOD.label}, notes_at)
    method = _until_legal(blocks[method_at + 1 :])
    divisions = (*listed, METHOD) if method else listed
    contents_at = next(i for i, block in enumerate(blocks) if block.bare.startswith("目录"))
    layout = lay_out(
        blocks[:contents_at], blocks[begin:notes_at], method, divisions, source=source, path=path
    )
    footnotes = read_notes(blocks[notes_at:after_at], divisions, path=path)
    passages = _passages(layout.pieces)
    _check(source, passages, footnotes, blocks[begin:notes_at], divisions, path=path)
    claims = _claims(passages)
    return Book(
        source=source,
        divisions=tuple(layout.divisions.values()),
        sections=tuple({passage.section.key: passage.section for passage in passages}.values()),
        passages=passages,
        claims=claims,
        pull_outs=tuple(_pull_out(block, key, claims) for block, key in layout.pull_outs),
        footnotes=footnotes,
        set_aside=tuple(layout.set_aside),
    )


def _find(blocks: Sequence[Block], names: Iterable[str], position: int) -> int:
    wanted = frozenset(names)
    found = (i for i in range(position, len(blocks)) if blocks[i].bare in wanted)
    return next(found, len(blocks))


def _until_legal(blocks: Sequence[Block]) -> Sequence[Block]:
    stop = next((i for i, block in enumerate(blocks) if _LEGAL.search(block.text)), len(blocks))
    return blocks[:stop]


def _passages(pieces: Sequence[Piece]) -> tuple[Passage, ...]:
    """Cut the pieces into sentences and give each a number within its section."""
    letters = {"heading": "h", "paragraph": "p", "bullet": "b", "quote": "q", "signature": "n"}
    counts: Counter[str] = Counter()
    passages = []
    for piece in pieces:
        place = f"{piece.section.key}.{letters[piece.kind]}"
        counts[place] += 1
        lead = _LEAD.match(piece.block.text) if piece.kind == "bullet" else None
        passages.append(
            Passage(
                id=f"{place}{counts[place]}",
                section=piece.section,
                kind=piece.kind,
                text=piece.block.text,
                start=piece.block.start,
                end=piece.block.end,
                sentences=_sentences(piece.block),
                speaker=piece.speaker,
                lead=readable(lead[1]) if lead else "",
            )
        )
    return tuple(_spread_over_lists(passages))


def _sentences(block: Block) -> tuple[Sentence, ...]:
    """Cut a block into sentences, each with the notes that carry it.

    A mark stands at the end of what it covers. A sentence that reports a finding and has no mark
    of its own is covered by the next mark of its paragraph: notes 46, 81 and 120 of the guide
    name one source for each of two such sentences.
    """
    sentences: list[Sentence] = []
    following: tuple[int, ...] = ()
    for span in reversed(split_sentences(block.text, offset=block.start)):
        text = block.text[span.start - block.start : span.end - block.start]
        marks = tuple(mark.number for mark in span.marks)
        following = marks or following
        figures = tuple(
            replace(figure, start=figure.start + span.start, end=figure.end + span.start)
            for figure in find_figures(text)
        )
        reported = _has_shares(figures) or bool(_REPORTED.search(text))
        sentences.append(
            Sentence(
                text=text,
                start=span.start,
                end=span.end,
                marks=marks,
                notes=marks or (following if reported else ()),
                damaged=is_damaged(text),
                figures=figures,
            )
        )
    return tuple(reversed(sentences))


def _has_shares(figures: Iterable[Figure]) -> bool:
    return any(figure.unit in {"%", "倍", "美元"} for figure in figures)


def _spread_over_lists(passages: Sequence[Passage]) -> Iterable[Passage]:
    """Let the mark at the end of a list of findings cover all items of the list."""
    following: tuple[int, ...] = ()
    spread = []
    for index in range(len(passages) - 1, -1, -1):
        passage = passages[index]
        if passage.kind != "bullet":
            following = ()
        else:
            marks = passage.sentences[-1].marks
            following = marks or following
            if following and not marks:
                carried = tuple(
                    sentence if sentence.notes else replace(sentence, notes=following)
                    for sentence in passage.sentences
                )
                passage = replace(passage, sentences=carried)
        spread.append(passage)
    return reversed(spread)


def _claims(passages: Sequence[Passage]) -> tuple[Claim, ...]:
    """Take every whole sentence that states a figure or rests on a note."""
    return tuple(
        Claim(
            id=f"{passage.id}.s{number}",
            passage=passage,
            sentence=sentence,
            figures=tuple(figure for figure in sentence.figures if not figure.is_year),
            years=tuple(int(figure.value) for figure in sentence.figures if figure.is_year),
            populations=find_populations(sentence.text),
        )
        for passage in passages
        for number, sentence in enumerate(passage.sentences, 1)
        if not sentence.damaged and (sentence.notes or _has_shares(sentence.figures))
    )


def _pull_out(block: Block, division: Division, claims: Sequence[Claim]) -> PullOut:
    """Link a pull-out with the claim of its chapter whose wording is nearest."""
    pairs = letter_pairs(block.text)
    shared, best = max(
        (
            (len(pairs & letter_pairs(claim.sentence.text)), claim)
            for claim in claims
            if claim.passage.section.division.key == division.key
        ),
        key=lambda item: item[0],
        default=(0, None),
    )
    return PullOut(
        text=block.text,
        start=block.start,
        end=block.end,
        division=division,
        claim=best.id if best and shared >= _LINKED * len(pairs) else None,
        damaged=is_damaged(block.text),
    )


def _check(
    source: str,
    passages: Sequence[Passage],
    footnotes: Sequence[Footnote],
    body: Sequence[Block],
    divisions: Sequence[Division],
    *,
    path: Path,
) -> None:
    """Hold the marks of the body against the list of notes."""
    listed = {note.number: note.division for note in footnotes}
    labels = {division.key: division.label for division in divisions}
    calls: Counter[int] = Counter()
    for block in body:
        for mark in find_marks(block.text, offset=block.start):
            calls[mark.number] += 1
            if mark.number not in listed:
                raise UndefinedFootnoteError(mark.number, path=path, line=_line(source, mark))
            _check_place(mark, passages, listed[mark.number], labels, source, path=path)
    wrong = [number for number in listed if calls[number] != 1]
    doubled = [
        number for number, times in Counter(n.number for n in footnotes).items() if times > 1
    ]
    if wrong or doubled:
        raise UncalledFootnoteError(sorted({*wrong, *doubled}), path=path)


def _check_place(
    mark: Mark,
    passages: Sequence[Passage],
    listed: str,
    labels: Mapping[str, str],
    source: str,
    *,
    path: Path,
) -> None:
    holder = next((p for p in passages if p.start <= mark.start < p.end), None)
    found = holder.section.division.key if holder else "（未归入任何段落的文字）"
    if found != listed:
        raise MisplacedFootnoteError(
            mark.number,
            path=path,
            line=_line(source, mark),
            found=labels.get(found, found),
            listed=labels.get(listed, "（没有标题的一段）"),
        )


def _line(source: str, mark: Mark) -> int:
    return source.count("\n", 0, mark.start) + 1
