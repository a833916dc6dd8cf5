"""Data sets: questions with what a right answer holds, one JSON object a line.

The fields are those of `Item`. Only ``id`` and ``question`` must be there, and something to judge
an answer by; a reader's own questions on their own book need no more than
``{"id": "1", "question": "…", "facts": [["63%"]], "chapters": [2]}``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from assistant.answer import Question, Turn
from evals.errors import BadItemError, DataSetNotFoundError, DuplicateIdError, NoQuestionsError
from evals.facts import states
from evals.verdict import Verdict
from ingest.document import Book, Passage, Sentence

GOLDEN = Path(__file__).parent / "golden.jsonl"

Split = Literal["tune", "test"]
Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Alternatives = Annotated[tuple[Word, ...], Field(min_length=1)]


class Item(BaseModel):
    """One question and what a right answer to it holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Word
    question: str
    kind: Word = "question"
    split: Split | None = None  # None: belongs to either half
    history: tuple[Turn, ...] = ()
    answerable: bool = True  # False: the book does not say
    chapters: tuple[int, ...] = ()  # to be cited; () where the answer stands in no chapter
    footnotes: tuple[int, ...] = ()  # to be cited, these and no others
    facts: tuple[Alternatives, ...] = ()  # each with the wordings that are accepted
    sources: tuple[str, ...] = ()  # keys of passages, sections or divisions that answer it
    verdict: Verdict | None = None  # of a claim to be checked: whether the book bears it out
    why: str = ""  # of an unanswerable question: what the book lacks

    @model_validator(mode="after")
    def _can_be_judged(self) -> Item:
        expected = (self.chapters, self.footnotes, self.facts, self.verdict)
        if not self.answerable and any(expected):
            raise ValueError("不可回答的题不应有 chapters、footnotes、facts 或 verdict")
        if self.answerable and not any(expected):
            raise ValueError("可回答的题要有 facts、chapters、footnotes 或 verdict，否则无从评判")
        return self

    @property
    def asked(self) -> Question:
        """The question as it is put to an assistant."""
        return Question(id=self.id, question=self.question, history=self.history)


def read_items(path: Path) -> tuple[Item, ...]:
    """Read a data set and check it.

    Parameters
    ----------
    path : Path
        UTF-8, one JSON object a line; blank lines are passed over.

    Returns
    -------
    tuple of Item
        In the order of the file, at least one.

    Raises
    ------
    DataSetError
        If the file cannot be read, a line cannot be used, two ids are the same, or no line is left.
        The message names the file and the line.
    """
    lines: dict[str, int] = {}
    items = []
    for number, item in _rows(path):
        if item.id in lines:
            raise DuplicateIdError(item.id, path=path, lines=(lines[item.id], number))
        lines[item.id] = number
        items.append(item)
    if not items:
        raise NoQuestionsError(path, wanted="文件中没有题目")
    return tuple(items)


def choose(
    items: Sequence[Item], *, split: Split | None, kinds: Sequence[str], path: Path
) -> tuple[Item, ...]:
    """Take the questions of one half and of some kinds.

    Parameters
    ----------
    items : sequence of Item
    split : {"tune", "test"} or None
        None takes both. A question without a split belongs to either.
    kinds : sequence of str
        Empty takes all.
    path : Path
        Where they came from, for the error.

    Raises
    ------
    NoQuestionsError
        If a kind is not there, or nothing is left.
    """
    known = {item.kind for item in items}
    for kind in kinds:
        if kind not in known:
            raise NoQuestionsError(path, wanted=f"没有题型 {kind}，有 {'、'.join(sorted(known))}")
    chosen = tuple(
        item
        for item in items
        if (split is None or item.split in {None, split}) and (not kinds or item.kind in kinds)
    )
    if not chosen:
        raise NoQuestionsError(path, wanted=f"split={split} kinds={','.join(kinds) or '全部'}")
    return chosen


def passages_at(place: str, book: Book) -> tuple[Passage, ...]:
    """Give the passages at a place: a passage, or all of a section or a division, in order."""
    if place in book.passages_by_id:
        return (book.passages_by_id[place],)
    return tuple(
        passage
        for passage in book.passages
        if place in {passage.section.key, passage.section.division.key}
    )


def relevant_passages(item: Item, book: Book) -> tuple[str, ...]:
    """Give the ids of the passages that a retriever should find for a question.

    They are the passages that its sources name. Where a source names a section or a division, those
    of its passages count that state a fact; where there is no source at all, those with a sentence
    that states a fact and is carried by a footnote of the item. Empty where nothing tells.
    """
    if item.sources:
        found = [passage for place in item.sources for passage in _stating(place, item, book)]
    else:
        found = [
            passage
            for passage in book.passages
            if any(
                set(s.notes) & set(item.footnotes) and _states(s, item) for s in passage.sentences
            )
        ]
    return tuple(dict.fromkeys(passage.id for passage in found))


def _stating(place: str, item: Item, book: Book) -> Iterator[Passage]:
    for passage in passages_at(place, book):
        if passage.id == place or any(_states(s, item) for s in passage.sentences):
            yield passage


def _states(sentence: Sentence, item: Item) -> bool:
    return any(states(sentence.text, fact) for fact in item.facts)


def _rows(path: Path) -> Iterator[tuple[int, Item]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise DataSetNotFoundError(path, reason=str(error.strerror)) from error
    except UnicodeDecodeError as error:
        raise DataSetNotFoundError(path, reason="不是 UTF-8 文本") from error
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, _item(line, path, number)


def _item(line: str, path: Path, number: int) -> Item:
    try:
        row = json.loads(line)
        item = Item.model_validate(row)
        item.asked  # noqa: B018  (checks the question as the assistant will)
    except json.JSONDecodeError as error:
        raise BadItemError(path, line=number, reason=f"不是 JSON：{error.msg}") from error
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"])) or "整行"
        raise BadItemError(path, line=number, reason=f"{field}：{first['msg']}") from error
    return item
