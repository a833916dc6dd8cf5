"""Prove the data sets against the book: ``python -m evals.check_golden [FILE…]``.

Every question of every data set is held against the book that ``GUIDE_BOOK`` names and against the
bundled digest: its sources stand there, its facts are stated there, its chapters and footnotes are
theirs. The golden set must have its splits balanced, and no question of a test half may be nearly
the same as any other question, of a data set or of the bank, or the figure would measure memory.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.settings import Settings
from evals.dataset import GOLDEN, Item, passages_at, read_items
from evals.facts import states
from index.bank import BANK_FOLDER, UNANSWERED
from ingest.books import DIGEST
from ingest.document import Book, Passage
from ingest.normalise import letter_trigrams, readable
from ingest.parse import read_book

NEAR = 0.6  # trigram Jaccard above which two questions are nearly the same
LEAST_OF_A_KIND = 20
# Written for the full text alone: the digest words some of their facts otherwise.
GUIDE_ONLY = frozenset({"figures.jsonl", "oblique.jsonl"})
_UNEVEN = 2  # questions by which the halves of a kind may differ
# Answered from notes, contents list and speakers, beside the passages themselves.
_ABOUT_THE_BOOK = frozenset({"source", "reverse", "outline", "speaker", "followup"})


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and where it comes from."""

    where: str  # "golden.jsonl figure-02"
    text: str  # with what was said just before, where it follows up
    is_test: bool = False


def main(arguments: Sequence[str] | None = None) -> int:
    """Check and print what is wrong; returns 1 where something is."""
    parser = argparse.ArgumentParser(prog="python -m evals.check_golden", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="data sets")
    paths = parser.parse_args(arguments).files or data_sets()
    settings = Settings()
    full = None if settings.is_digest else read_book(settings.book)
    found = list(check(paths, full=full, digest=read_book(DIGEST)))
    for problem in found:
        print(problem)
    print(f"{len(paths)} 个题集，{len(found)} 处问题", file=sys.stderr)
    return 1 if found else 0


def data_sets() -> list[Path]:
    """Give the data sets that come with the project, by name."""
    return sorted(GOLDEN.parent.glob("*.jsonl"))


def check(paths: Sequence[Path], *, full: Book | None, digest: Book | None) -> Iterator[str]:
    """Check data sets against the book, and against each other.

    Parameters
    ----------
    paths : sequence of Path
    full : Book or None
        Must answer every question; None where it is not at hand.
    digest : Book or None
        May lack the place of a question, but what it has must be right; spared what `GUIDE_ONLY`
        names.

    Yields
    ------
    str
        What is wrong, in Chinese, with the file and the id.

    Raises
    ------
    DataSetError
        If a file cannot be read as a data set.
    """
    sets = {path: read_items(path) for path in paths}
    asked = [(path.name, item) for path, items in sets.items() for item in items]
    seen: dict[str, str] = {}
    for name, item in asked:
        if other := seen.get(item.id):
            yield f"{name} {item.id}：id 与 {other} 重复"
        seen[item.id] = name
    for name, item in asked:
        found = list(faults(item, full)) if full else []
        if digest and name not in GUIDE_ONLY and not is_absent(item, digest):
            found += (f"{fault}（摘要版）" for fault in faults(item, digest) if fault not in found)
        yield from (f"{name} {item.id}：{fault}" for fault in found)
    for path, items in sets.items():
        if path.name == GOLDEN.name:
            yield from (f"{path.name}：{fault}" for fault in uneven(items))
    yield from near_duplicates([*(_asked(name, item) for name, item in asked), *bank_questions()])


def faults(item: Item, book: Book) -> Iterator[str]:
    """Say what is wrong with one question against one book.

    A question without sources is held against the passages that its footnotes carry, and one
    without footnotes too against those of its chapters that state a fact of it.
    """
    if not item.answerable:
        if item.sources:
            yield "不可回答的题不应有 sources"
        return
    if item.kind == "check" and item.verdict is None:
        yield "核对题没有 verdict"
    for place in item.sources:
        if not passages_at(place, book):
            yield f"书中没有 {place}"
    passages = _passages(item, book)
    text = "\n".join(_told(item, passages, book))
    yield from (f"出处没有写明 {' / '.join(fact)}" for fact in item.facts if not states(text, fact))
    chapters = {p.section.division.number for p in passages} - {None}
    if chapters != set(item.chapters):
        yield f"章应为 {sorted(map(str, chapters))}，题中是 {list(item.chapters)}"
    carried = {note for passage in passages for note in passage.notes}
    if strangers := set(item.footnotes) - carried:
        yield f"出处不带注 {sorted(strangers)}"
    if item.kind not in _ABOUT_THE_BOOK:
        yield from _footnote_faults(item, passages)


def is_absent(item: Item, book: Book) -> bool:
    """Tell whether a book has none of the places that answer a question."""
    return bool(item.sources) and not any(passages_at(place, book) for place in item.sources)


def uneven(items: Sequence[Item]) -> Iterator[str]:
    """Say which kinds are too few, or fall unevenly on the two halves."""
    halves = Counter((item.kind, item.split) for item in items)
    for kind in dict.fromkeys(item.kind for item in items):
        tune, test, none = (halves[kind, split] for split in ("tune", "test", None))
        if none:
            yield f"{kind} 有 {none} 题没有 split"
        if tune + test < LEAST_OF_A_KIND:
            yield f"{kind} 只有 {tune + test} 题，至少要 {LEAST_OF_A_KIND}"
        if abs(tune - test) > _UNEVEN:
            yield f"{kind} 两半不均：tune {tune}，test {test}"


def near_duplicates(questions: Sequence[Asked], *, above: float = NEAR) -> Iterator[str]:
    """Find what is nearly the same as a test question, by the Jaccard index of character trigrams.

    Letters and digits alone count, after normalising; a question of fewer than three is one gram.

    References
    ----------
    Broder, "On the resemblance and containment of documents", 1997.
    """
    grams = [letter_trigrams(question.text) for question in questions]
    holders: dict[str, list[int]] = defaultdict(list)
    for i, held in enumerate(grams):
        for gram in held:
            holders[gram].append(i)
    for i, question in enumerate(questions):
        if not question.is_test:
            continue
        shared = Counter(j for gram in grams[i] for j in holders[gram] if j != i)
        for j, count in sorted(shared.items()):
            share = count / (len(grams[i]) + len(grams[j]) - count)
            if share > above and not (questions[j].is_test and j < i):  # a pair of tests once
                yield f"{question.where} 与 {questions[j].where} 近乎相同（{share:.2f}）"


def bank_questions() -> Iterator[Asked]:
    """Give the questions of the bank, those without an answer too, and where they stand."""
    for path in (*sorted(BANK_FOLDER.glob("*.jsonl")), UNANSWERED):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            yield Asked(f"{path.name}:{number}", json.loads(line)["question"])


def _asked(name: str, item: Item) -> Asked:
    before = [turn.content for turn in item.history if turn.role == "user"][-1:]
    return Asked(f"{name} {item.id}", "\n".join([*before, item.question]), item.split == "test")


def _passages(item: Item, book: Book) -> list[Passage]:
    if item.sources:
        return [passage for place in item.sources for passage in passages_at(place, book)]
    if item.footnotes:
        return [passage for passage in book.passages if set(passage.notes) & set(item.footnotes)]
    return [
        passage
        for passage in book.passages
        if passage.section.division.number in item.chapters
        and any(states(readable(passage.text), fact) for fact in item.facts)
    ]


def _told(item: Item, passages: Sequence[Passage], book: Book) -> Iterator[str]:
    """Give what the book says at the sources of a question, in print and as it reads."""
    for passage in passages:
        yield readable(passage.text)
        if passage.speaker:
            yield f"{passage.speaker.name}，{passage.speaker.title}"
    if item.kind not in _ABOUT_THE_BOOK:
        return
    yield f"全书共有 {len(book.chapters)} 章，{len(book.footnotes)} 条注释"
    for section in dict.fromkeys(passage.section for passage in passages):
        division = section.division
        yield f"{division.label} {division.title} {division.subtitle} {division.part or ''}"
        yield f"{section.label} {section.heading}"
        yield "–".join(map(str, division.pages or ()))
        yield from (f"注 {n.number}" for n in book.footnotes if n.division == division.key)
    for number in item.footnotes:
        if note := book.notes_by_number.get(number):
            yield f"注 {number}：{note.text} {note.url or ''}"


def _footnote_faults(item: Item, passages: Sequence[Passage]) -> Iterator[str]:
    """Hold the footnotes against those of the sentences that state a fact."""
    for note in item.footnotes:
        carried = [s.text for p in passages for s in p.sentences if note in s.notes]
        if not any(states("\n".join(carried), fact) for fact in item.facts):
            yield f"注 {note} 所在的句子没有题中的事实"


if __name__ == "__main__":
    sys.exit(main())
