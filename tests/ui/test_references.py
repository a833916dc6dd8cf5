"""References in GB/T 7714 and in plain words."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.document import Book
from ui.references import cite_note, cite_place

_TODAY = date(2026, 3, 1)
_IBV = "IBM Institute for Business Value"


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        pytest.param(
            4,
            "GOLDSTEIN J, LOBIG B, FILLARE C, et al. Augmented work for an automated, AI-driven "
            f"world: Boost performance with human-machine partnerships[R/OL]. {_IBV}, "
            "2023-08[2026-03-01]. https://ibm.co/augmented-workforce.",
            id="more-than-three-authors",
        ),
        pytest.param(
            37,
            "YOFFIE D B, GAWER A, CUSUMANO M A. A Study of More Than 250 Platforms Reveals Why "
            "Most Fail[J/OL]. Harvard Business Review, 2019-05-29[2026-03-01]. https://hbr.org/"
            "2019/05/a-study-of-more-than-250-platforms-reveals-why-most-fail.",
            id="journal",
        ),
        pytest.param(
            83,
            "CUTTER C. The $900,000 AI job is here[N/OL]. The Wall Street Journal, "
            "2023-08-14[2026-03-01]. https://www.wsj.com/articles/"
            "artificial-intelligence-jobs-pay-netflix-walmart-230fc3cb.",
            id="newspaper",
        ),
        pytest.param(
            43,
            f"{_IBV}. 2023 {_IBV} generative AI CEO pulse survey[DS]. April/May 2023. 200 US CEOs.",
            id="survey-without-link",
        ),
        pytest.param(
            126,
            f"{_IBV}. 2023 {_IBV} operationalizing sustainability survey[DS]. 2023-08. "
            "500 global CxOs. 初步数据.",
            id="preliminary",
        ),
        pytest.param(
            35,
            f"{_IBV}. The Virtual Enterprise: The Cognitive Enterprise in a virtual world[R/OL]. "
            "2022-01[2026-03-01]. https://ibm.co/virtual-enterprise. 未公开数据.",
            id="unpublished",
        ),
        pytest.param(
            105,
            "How to revive collaboration at work[EB/OL]. Masters of Scale: Cultivate the "
            "Entrepreneurial Mindset[2023-10-13]. "
            "https://mastersofscale.com/how-to-revive-collaboration-at-work/.",
            id="web-page-with-the-day-of-its-visit",
        ),
    ],
)
def test_a_note_as_gbt7714(book: Book, number: int, expected: str) -> None:
    assert cite_note(book.notes_by_number[number], accessed=_TODAY).gbt7714 == expected


def test_a_note_with_two_sources_gives_both(book: Book) -> None:
    reference = cite_note(book.notes_by_number[46], accessed=_TODAY)
    assert reference.gbt7714.count("[R/OL]") == 1
    assert reference.gbt7714.count("[DS]") == 1
    assert reference.plain.count("；") == 1


def test_a_place_of_the_book(book: Book) -> None:
    reference = cite_place(book.chapters[3], book)
    assert (
        reference.gbt7714 == "IBM 商业价值研究院. CEO 生成式 AI 行动指南（摘要版）[R]. 2023: 41-50."
    )
    assert reference.plain.endswith("第 4 章《平台、数据和治理》，第 41-50 页。")


def test_a_place_without_pages_has_none(book: Book) -> None:
    division = next(d for d in book.divisions if d.pages is None)
    assert cite_place(division, book).gbt7714.endswith("[R]. 2023.")
