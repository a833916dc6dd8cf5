"""``guide check``: hold the figures of a document against the guide."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from assistant.claim_check import ClaimChecker, Finding, Verdict
from ingest.errors import BookError
from ui.documents import read_statements
from ui.errors import InputError

if TYPE_CHECKING:
    from assistant.pipeline import Assistant

_LABELS: dict[Verdict, str] = {"confirmed": "一致", "differs": "不符", "not_in_guide": "书中没有"}
_DIFFERS = 1  # exit status


class Checked(BaseModel):
    """One statement of a document with what the guide says to it."""

    model_config = ConfigDict(frozen=True)

    where: str  # "第 12 行", "第 3 页"
    finding: Finding


class Report(BaseModel):
    """All statements of a document that have figures, in its order."""

    model_config = ConfigDict(frozen=True)

    file: str
    confirmed: int
    differs: int
    not_in_guide: int
    statements: tuple[Checked, ...]


def run(options: argparse.Namespace, *, opened: Callable[[], Assistant]) -> int:
    """Check a document and print the report; 0 where nothing differs, 1 where something does.

    Raises
    ------
    InputError
        If the document or the book cannot be used.
    """
    statements = read_statements(options.file)  # a bad file is told before the index opens
    try:
        checker = ClaimChecker(opened())
    except BookError as error:  # status 1 is kept for statements that differ
        raise InputError(str(error)) from error
    checked = tuple(
        Checked(
            where=statement.where,
            finding=checker.check(statement.text, context=statement.context),
        )
        for statement in statements
    )
    count = Counter(row.finding.verdict for row in checked)
    report = Report(
        file=str(options.file),
        confirmed=count["confirmed"],
        differs=count["differs"],
        not_in_guide=count["not_in_guide"],
        statements=checked,
    )
    print(report.model_dump_json() if options.json else _readable(report))
    return _DIFFERS if report.differs else 0


def _readable(report: Report) -> str:
    if not report.statements:
        return f"{report.file}：没有可核对的数字。"
    lines = []
    for row in report.statements:
        finding = row.finding
        lines.append(f"{row.where} 【{_LABELS[finding.verdict]}】{finding.statement}")
        if finding.citation:
            lines.append(f"    {finding.message}")
    lines += [
        "",
        f"共 {len(report.statements)} 句：一致 {report.confirmed}，不符 {report.differs}，"
        f"书中没有 {report.not_in_guide}。",
    ]
    return "\n".join(lines)
