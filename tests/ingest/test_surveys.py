"""A reader who asks on how many surveys the book rests wants each one once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ingest.document import Book
from ingest.parse import parse_book
from ingest.surveys import Study, find_studies

Builder = Callable[..., str]


def study_of(book: Book, number: int) -> Study:
    (study,) = (study for study in find_studies(book) if number in study.notes)
    return study


def test_a_study_has_all_notes_that_cite_it(small: Book) -> None:
    assert [(study.source.title, study.notes) for study in find_studies(small)] == [
        ("Street shops: A count", (1,)),
        ("2023 Corner Press shop owner survey", (2, 3, 4)),
        ("The notebook", (5,)),
        ("How to remember", (6,)),
        ("2023 Corner Press slow book survey", (7,)),
        ("2023 Corner Press delivery survey", (8, 9, 10, 11)),
        ("Paper prices", (10, 11)),
        ("2023 Corner Press doorbell survey", (12,)),
    ]


@pytest.mark.parametrize(
    ("note", "notes"),
    [
        pytest.param("Corner Press delivery survey. 66 couriers. June 2023.", (8, 9, 10, 11, 12),
                     id="the-year-left-out"),
        pytest.param("2023 Corner Press delivery survey. 66 couriers. July 2023.",
                     (8, 9, 10, 11, 12), id="another-month-printed"),
        pytest.param("2023 Corner Press delivery survey. 67 couriers. June 2023.", (12,),
                     id="another-sample-is-another-survey"),
    ],
)  # fmt: skip
def test_two_notes_cite_one_study_by_title_and_sample(
    make_book: Builder, note: str, notes: tuple[int, ...]
) -> None:
    edit = ("2023 Corner Press doorbell survey. 2,000 readers. April-July 2023.", note)
    assert study_of(parse_book(make_book(edit)), 12).notes == notes


@pytest.mark.parametrize(
    ("row", "name"),
    [
        pytest.param("街上调查：120 名美国 CEO，2023 年 5 月/6 月。", "街上调查", id="fits"),
        pytest.param("街上调查，\n涵盖 120 名美国 CEO，2023 年 5 月 /6 月。", "街上调查",
                     id="over-two-lines"),
        pytest.param("街上调查：121 名美国 CEO，2023 年 5 月/6 月。", None, id="another-sample"),
        pytest.param("街上调查：120 名美国 CMO，2023 年 5 月/6 月。", None, id="another-group"),
        pytest.param("街上调查：120 名美国 CEO，2023 年 5 月。", None, id="another-month"),
    ],
)  # fmt: skip
def test_a_survey_has_the_name_that_the_method_section_gives(
    make_book: Builder, row: str, name: str | None
) -> None:
    book = parse_book(
        make_book(
            ("120 shop owners.", "120 US CEOs."),
            ("店主问卷：120 名店主，2023 年 5 月。", row),
        )
    )
    assert study_of(book, 3).name == name


def test_the_digest_rests_on_39_studies(digest: Book) -> None:
    studies = find_studies(digest)
    assert len(studies) == 39
    assert {note for study in studies for note in study.notes} == set(range(1, 136))
    listed = [study.listed.id for study in studies if study.listed]
    assert sorted(listed, key=lambda id_: int(id_.rpartition("b")[2])) == [
        f"method.body.b{number}" for number in range(1, 13)
    ]


@pytest.mark.book
def test_the_guide_rests_on_the_same_studies(digest: Book, guide_book: Book) -> None:
    ours, theirs = find_studies(digest), find_studies(guide_book)
    assert [(study.source, study.notes, study.name) for study in ours] == [
        (study.source, study.notes, study.name) for study in theirs
    ]


def test_a_survey_tells_whom_it_asked_when_and_where(digest: Book) -> None:
    pulse, ceos, staff = (study_of(digest, n) for n in (40, 7, 30))
    assert (pulse.sample, pulse.sample_size, pulse.fielded, pulse.region) == (
        "200 名美国 CEO", 200, "2023 年 4 月/5 月", "US",
    )  # fmt: skip
    assert (ceos.sample_size, ceos.region) == (3000, "global")  # told by the method section alone
    assert (staff.sample, staff.fielded, staff.region) == (
        "21,056 global employees", "December 2022/January 2023", "global",
    )  # fmt: skip


def test_a_work_has_no_sample_and_no_field_dates(digest: Book) -> None:
    report = study_of(digest, 115)
    assert (report.sample, report.sample_size, report.fielded, report.region) == (None,) * 4
