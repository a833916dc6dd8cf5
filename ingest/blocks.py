"""Blocks: runs of lines between blank lines, the smallest units of the page layout."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.normalise import readable

_BULLET = re.compile(r"^[ \t]*[-*•]\s+", re.MULTILINE)
_NAME = re.compile(r"[A-Z][\w.'’\-]*(?: [A-Z'’(][\w.'’\-]*| [a-z]{2,3}(?= [A-Z])){1,4}")


@dataclass(frozen=True, slots=True)
class Block:
    """Consecutive lines that are not blank."""

    text: str  # exact source, outer white space left out
    start: int  # offset in code points
    end: int
    line: int  # of its first line, from 1

    @property
    def bare(self) -> str:
        """The text without any white space, by which headings are recognised."""
        return re.sub(r"\s+", "", self.text)

    @property
    def line_text(self) -> str:
        """The text on one clean line."""
        return readable(self.text)

    @property
    def is_list(self) -> bool:
        """Whether it is a bulleted list."""
        return bool(_BULLET.match(self.text))

    @property
    def is_name(self) -> bool:
        """Whether its first line is a personal name in Latin letters."""
        return bool(_NAME.fullmatch(self.text.split("\n")[0].strip()))

    @property
    def ends_quotation(self) -> bool:
        """Whether it closes a quotation."""
        return self.text.rstrip("* ").endswith("”")

    @property
    def is_english(self) -> bool:
        """Whether it is a run of English words, such as the caption of a picture."""
        return len(self.text) > 40 and not re.search(r"[\u4e00-\u9fff]", self.text)

    @property
    def is_figure(self) -> bool:
        """Whether it is a percentage alone, as a pull-out prints it."""
        return bool(re.fullmatch(r"\d+(?:\.\d+)?%", self.bare))


def split_blocks(text: str) -> tuple[Block, ...]:
    """Cut a text into blocks, in order; lines of white space alone separate them."""
    blocks: list[Block] = []
    lines: list[str] = []
    first = begin = position = 0
    for number, line in enumerate([*text.split("\n"), ""], 1):
        if line.strip():
            if not lines:
                first, begin = number, position
            lines.append(line)
        elif lines:
            blocks.append(_block("\n".join(lines), begin, first))
            lines = []
        position += len(line) + 1
    return tuple(blocks)


def split_list(block: Block) -> tuple[Block, ...]:
    """Cut a bulleted list into its items, each without its bullet sign."""
    starts = [match.start() for match in _BULLET.finditer(block.text)]
    items = []
    for start, stop in zip(starts, [*starts[1:], len(block.text)], strict=True):
        sign = _BULLET.match(block.text, start)
        begin = sign.end() if sign else start
        line = block.line + block.text.count("\n", 0, start)
        items.append(_block(block.text[begin:stop], block.start + begin, line))
    return tuple(items)


def join(blocks: tuple[Block, ...], source: str) -> Block:
    """Make one block of several that follow each other."""
    start, end = blocks[0].start, blocks[-1].end
    return Block(source[start:end], start, end, blocks[0].line)


def _block(text: str, start: int, line: int) -> Block:
    lead = len(text) - len(text.lstrip())
    stripped = text.strip()
    return Block(stripped, start + lead, start + lead + len(stripped), line)
