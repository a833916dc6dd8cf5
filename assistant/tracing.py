"""What each step of the pipeline made of a question, for whoever asks why the answer is what it is.

The steps are those of `assistant.pipeline`, run one by one on typed values, without a language
model: understand → retrieve → select → compose → check.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from assistant.answer import Answer, Question
from assistant.checking import check
from assistant.composing import compose
from assistant.evidence import Selection
from assistant.pipeline import Assistant, select
from assistant.refusal import decision_for, evidence_features
from assistant.retrieval import Retrieved
from assistant.understanding import Query, understand
from ingest.document import Book

_SHOWN = 5  # passages
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Step:
    """One step, as a reader sees it."""

    name: str
    milliseconds: float
    lines: tuple[str, ...]


def trace(assistant: Assistant, question: Question) -> Iterator[Step]:
    """Answer a question step by step.

    Raises
    ------
    BrokenCitationError
        If a citation does not hold, as when asked without a trace.
    """
    book = assistant.book
    query, took = _timed(lambda: understand(question, book))
    yield Step("理解 understand", took, tuple(_understood(query)))
    found, took = _timed(lambda: assistant.retriever.retrieve(query))
    yield Step("检索 retrieve", took, tuple(_retrieved(found, book)))
    selection, took = _timed(lambda: select(found, book))
    yield Step("取舍 select", took, tuple(_selected(selection)))
    answer, took = _timed(lambda: compose(query, selection, book))
    yield Step("成文 compose", took, tuple(answer.answer.splitlines()))
    checked, took = _timed(lambda: check(answer, book))
    yield Step("核对 check", took, (_checked(checked),))


def _timed(run: Callable[[], Value]) -> tuple[Value, float]:
    started = time.perf_counter()
    value = run()
    return value, 1000 * (time.perf_counter() - started)


def _understood(query: Query) -> Iterator[str]:
    yield f"问法（intent）：{query.intent}"
    yield f"检索用语：{' / '.join(query.texts)}"
    named = {
        "章": query.chapters,
        "注": query.notes,
        "人物": query.speakers,
        "数字": tuple(figure.text for figure in query.figures),
        "年份": query.years,
        "人群": query.populations,
        "分句": query.clauses,
    }
    yield from (f"{name}：{'、'.join(map(str, items))}" for name, items in named.items() if items)
    if query.leans_on is not None:
        yield f"承接上文，本句自身占 {query.own_share:.0%}"


def _retrieved(found: Retrieved, book: Book) -> Iterator[str]:
    for hit in found.hits[:_SHOWN]:
        yield f"{hit.score:.3f}  {hit.passage.id}  {hit.passage.section.name}"
    decision = decision_for(found)
    logit = decision.logit(evidence_features(found, book))
    yield f"书中有答案的对数几率 {logit:.2f}，低于 {decision.threshold:.2f} 时不作回答"


def _selected(selection: Selection) -> Iterator[str]:
    if selection.refused:
        yield f"不作回答：{selection.lead}"
    for evidence in selection.evidence:
        notes = "、".join(map(str, evidence.notes)) or "无"
        yield f"{evidence.passage.id}  {len(evidence.sentences)} 句  注：{notes}"


def _checked(answer: Answer) -> str:
    return f"{len(answer.citations)} 处引用、{len(answer.notes)} 条注释与原书逐字相符"
