"""A note is what a reader checks: its source in full, never "Ibid."."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.blocks import split_blocks
from ingest.document import Book, Division, Footnote, Source
from ingest.errors import UnresolvedIbidError
from ingest.notes import read_notes

_PATH = Path("shelf/book.txt")
_DIVISIONS = (
    Division("intro", "introduction", "引言", "先想清楚再动手"),
    Division("part1", "part", "第一部分", "店面"),
    Division("ch01", "chapter", "第 1 章", "选书", 1),
    Division("ch10", "chapter", "第 10 章", "送货", 10),
)


def read(text: str) -> tuple[Footnote, ...]:
    return read_notes(split_blocks(text), _DIVISIONS, path=_PATH)


def source(text: str) -> Source:
    (note,) = read(f"- 1 {text}")
    (only,) = note.sources
    return only


@pytest.mark.parametrize(
    ("text", "title"),
    [
        pytest.param(
            "Lin, Mei. *Street shops: A count.* Press.", "Street shops: A count", id="work"
        ),
        pytest.param("Lin. *Street shops*. Press.", "Street shops", id="the-stop-outside"),
        pytest.param('Lin. "The notebook." *Weekly*.', "The notebook", id="an-article-in-a-paper"),
        pytest.param("“How to remember.” Radio.", "How to remember", id="curly-quotation-marks"),
        pytest.param("2023 shop survey. 120 owners. May 2023.", "2023 shop survey", id="a-survey"),
    ],
)
def test_a_source_has_a_title(text: str, title: str) -> None:
    assert source(text).title == title


@pytest.mark.parametrize(
    ("text", "sample", "size"),
    [
        pytest.param("Survey. 200 US CEOs. May 2023.", "200 US CEOs", 200, id="offices"),
        pytest.param(
            "Survey. 216 US CIO/CTOs. May 2023.", "216 US CIO/CTOs", 216, id="two-offices"
        ),
        pytest.param(
            "Survey. 21,056 global staffs. May.", "21,056 global staffs", 21056, id="many"
        ),
        pytest.param("Survey. Preliminary data. 5 shops.", "5 shops", 5, id="at-the-end"),
        pytest.param("2023 shop owners survey. May 2023.", None, None, id="a-year-is-no-sample"),
        pytest.param("*Counting 250 shops.* Press.", None, None, id="a-title-is-no-sample"),
        pytest.param("*Shops.* Press. May 2023.", None, None, id="none"),
    ],
)
def test_a_survey_has_a_sample(text: str, sample: str | None, size: int | None) -> None:
    found = source(text)
    assert (found.sample, found.sample_size) == (sample, size)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        pytest.param("Survey. May 2023.", "May 2023", id="a-month"),
        pytest.param("Survey. May/June 2023.", "May/June 2023", id="two-months"),
        pytest.param("Survey. April-July 2023.", "April-July 2023", id="a-span"),
        pytest.param("Survey. April–July 2023.", "April–July 2023", id="a-span-with-a-dash"),
        pytest.param(
            "Survey. December 2022/January 2023.", "December 2022/January 2023", id="over-a-year"
        ),
        pytest.param("*A.* May 29, 2019. Press.", "May 29, 2019", id="a-day"),
        pytest.param("*A.* Accessed May 9, 2023.", "Accessed May 9, 2023", id="of-access"),
        pytest.param("*From July on.* Press. May 2023.", "May 2023", id="the-last-one-counts"),
        pytest.param("*A.* Press. <https://example.org/May>", None, id="not-from-the-address"),
        pytest.param("*A.* Press.", None, id="none"),
    ],
)
def test_a_source_has_a_date(text: str, date: str | None) -> None:
    assert source(text).date == date


@pytest.mark.parametrize(
    ("text", "url"),
    [
        pytest.param("*A.* <https://example.org/a>", "https://example.org/a", id="in-brackets"),
        pytest.param("*A.* https://example.org/a", "https://example.org/a", id="bare"),
        pytest.param("*A.* https://example.org/a.", "https://example.org/a", id="before-a-stop"),
        pytest.param("*A.* https://a.org/b-c_d.pdf", "https://a.org/b-c_d.pdf", id="a-file"),
        pytest.param("*A.* <https://a.org/b/>", "https://a.org/b/", id="a-folder"),
        pytest.param(
            "*A.* https://example.org/a. Accessed May 2023.",
            "https://example.org/a",
            id="a-stop-and-more-text",
        ),
        pytest.param(
            "*A.* <https://example.org/a>. Accessed May 2023.",
            "https://example.org/a",
            id="in-brackets-and-more-text",
        ),
        pytest.param("*A.* Press.", None, id="none"),
    ],
)
def test_a_source_has_the_address_that_is_printed(text: str, url: str | None) -> None:
    found = source(text)
    assert found.url == url
    assert "<" not in found.text


@pytest.mark.parametrize(
    ("text", "unpublished", "preliminary"),
    [
        pytest.param("*A.* Unpublished data.", True, False, id="unpublished"),
        pytest.param("*A.* Published and unpublished data.", True, False, id="partly-published"),
        pytest.param("*A.* Preliminary data.", False, True, id="preliminary"),
        pytest.param("*A.* Published.", False, False, id="published"),
    ],
)
def test_data_that_nobody_can_look_up_is_told(
    text: str, unpublished: bool, preliminary: bool
) -> None:
    found = source(text)
    assert (found.unpublished, found.preliminary) == (unpublished, preliminary)


def test_a_source_reads_as_one_clean_line() -> None:
    assert source("*A\nstory*.  \\$5 a book. <https://a.org>").text == (
        "A story.  $5 a book. https://a.org"
    )


@pytest.mark.parametrize(
    ("text", "sources"),
    [
        pytest.param("*A.* May 2022; *B.* May 2023.", 2, id="two-works"),
        pytest.param("*A.* <https://a.org>; 2023 survey. 5 shops.", 2, id="a-work-and-a-survey"),
        pytest.param("2022 survey. May.; 2023 survey. May.", 2, id="a-stop-before-the-semicolon"),
        pytest.param('"A." *Weekly*; "B." *Daily*', 2, id="two-articles"),
        pytest.param("*A; b and c.* Press.", 1, id="a-semicolon-within-a-title"),
    ],
)
def test_a_semicolon_joins_sources(text: str, sources: int) -> None:
    (note,) = read(f"- 1 {text}")
    assert len(note.sources) == sources
    assert note.text == "; ".join(part.text for part in note.sources)


def test_a_note_has_the_first_address_of_its_sources() -> None:
    (note,) = read("- 1 2023 survey. 5 shops.; *A.* <https://a.org>")
    assert note.url == "https://a.org"


def test_an_ibid_takes_the_source_of_the_note_before_it() -> None:
    first, second, third, own, after = read(
        "- 1 *A.* <https://a.org>; *B.* May 2023.\n- 2 Ibid.\n- 3 ibid\n- 4 *C.*\n- 5 Ibid."
    )
    assert second.text == third.text == first.text
    assert second.sources == third.sources == first.sources
    assert second.url == third.url == "https://a.org"
    assert [note.ibid_of for note in (first, second, third, own, after)] == [None, 1, 1, None, 4]


@pytest.mark.parametrize(
    "ibid",
    [
        pytest.param("Ibid.", id="with-a-stop"),
        pytest.param("Ibid", id="bare"),
        pytest.param("IBID.", id="in-capitals"),
        pytest.param("*Ibid.*", id="in-italics"),
        pytest.param("同上", id="in-chinese"),
        pytest.param("同上。", id="in-chinese-with-a-stop"),
        pytest.param("Ibid., p. 4.", id="with-a-page"),
    ],
)
def test_no_ibid_is_left(ibid: str) -> None:
    _, second = read(f"- 1 *A.*\n- 2 {ibid}")
    assert second.ibid_of == 1
    assert second.text.startswith("A.")


def test_an_ibid_reaches_over_a_blank_line_and_a_running_head() -> None:
    notes = read("- 1 *A.*\n\n注释与来源\n\n第 1 章 选书\n\n- 2 Ibid.")
    assert (notes[1].text, notes[1].division) == ("A.", "ch01")


@pytest.mark.parametrize(
    ("text", "number", "line"),
    [
        pytest.param("引言\n\n- 1 Ibid.", 1, 3, id="first-of-all"),
        pytest.param("- 1 *A.*\n- 3 Ibid.", 3, 2, id="after-a-gap"),
    ],
)
def test_an_ibid_without_a_source_is_refused(text: str, number: int, line: int) -> None:
    with pytest.raises(UnresolvedIbidError, match=rf"book\.txt:{line}：注 {number} 写作 “Ibid"):
        read(text)


def test_headings_give_the_division() -> None:
    notes = read(
        "引言\n\n先想清楚再动手\n\n- 1 *A.*\n\n第一部分\n\n店面\n\n第 1 章 选书\n\n"
        "- 2 *B.*\n\n- 3 *C.*\n\n第 10 章 送货\n\n- 4 *D.*"
    )
    assert [(note.number, note.division) for note in notes] == [
        (1, "intro"),
        (2, "ch01"),
        (3, "ch01"),
        (4, "ch10"),
    ]


def test_a_heading_may_word_the_title_otherwise() -> None:
    """The real list of notes calls chapter 10 by a longer title than the contents list."""
    (note,) = read("第 10 章 送货上门\n\n- 4 *D.*")
    assert note.division == "ch10"


def test_numbers_may_carry_a_stop() -> None:
    assert [note.number for note in read("- 1. *A.*\n* 2 *B.*\n• 3 *C.*")] == [1, 2, 3]


def test_a_note_may_take_two_lines() -> None:
    first, second = read("- 1 *A long\ntitle.* Press.\n- 2 *B.*")
    assert (first.text, second.text) == ("A long title. Press.", "B.")


def test_the_notes_of_the_small_book(small: Book) -> None:
    assert [note.number for note in small.footnotes] == list(range(1, 13))
    assert {note.number: note.ibid_of for note in small.footnotes if note.ibid_of} == {
        3: 2,
        4: 2,
        9: 8,
        11: 10,
    }
    assert [note.number for note in small.footnotes if len(note.sources) == 2] == [10, 11]
    assert {note.number: note.sources[0].sample_size for note in small.footnotes} == {
        1: None, 2: 120, 3: 120, 4: 120, 5: None, 6: None,
        7: 1050, 8: 66, 9: 66, 10: None, 11: None, 12: 2000,
    }  # fmt: skip
