"""Facts on the real guide that a plain splitter gets wrong; run where GUIDE_BOOK names it."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from ingest.document import Book, Claim, Footnote, Passage, Sentence
from ingest.marks import find_marks
from tests.conftest import find_guide

_LAST_NOTE = {
    "intro": 4,
    "ch01": 9,
    "ch02": 17,
    "ch03": 32,
    "ch04": 44,
    "ch05": 54,
    "ch06": 66,
    "ch07": 80,
    "ch08": 87,
    "ch09": 101,
    "ch10": 111,
    "ch11": 123,
    "ch12": 135,
}
_MIN_COVERED = 0.99  # of the letters between contents list and notes; 99.01% as measured


def holder(book: Book, number: int) -> tuple[Passage, Sentence]:
    """Find the last sentence that a mark stands behind."""
    return [
        (passage, sentence)
        for passage in book.passages
        for sentence in passage.sentences
        if number in sentence.marks
    ][-1]


def claim_of(book: Book, claim_id: str | None) -> Claim:
    return next(claim for claim in book.claims if claim.id == claim_id)


class TestFindGuide:
    """Where the tests below run, and where they may be skipped."""

    def test_without_a_guide_the_tests_are_skipped(self) -> None:
        with pytest.raises(pytest.skip.Exception, match="GUIDE_BOOK is not set"):
            find_guide({})

    @pytest.mark.parametrize(
        "environment",
        [
            pytest.param({"CI": "true"}, id="the-build-machine-must-have-it"),
            pytest.param({"CI": "true", "GUIDE_BOOK": "/none"}, id="a-wrong-path-there"),
            pytest.param({"GUIDE_BOOK": "/none"}, id="a-wrong-path-anywhere"),
        ],
    )
    def test_a_missing_guide_fails(self, environment: dict[str, str]) -> None:
        with pytest.raises(pytest.fail.Exception, match="GUIDE_BOOK names no file"):
            find_guide(environment)

    def test_the_guide_that_is_named_is_taken(self, tmp_path: Path) -> None:
        path = tmp_path / "guide.txt"
        path.touch()
        assert find_guide({"GUIDE_BOOK": str(path)}) == path


@pytest.mark.book
class TestMarks:
    def test_each_of_the_135_stands_in_the_chapter_of_its_note(self, guide_book: Book) -> None:
        expected, first = [], 1
        for key, last in _LAST_NOTE.items():
            expected += [(number, key) for number in range(first, last + 1)]
            first = last + 1
        called = [
            (mark.number, passage.section.division.key)
            for passage in guide_book.passages
            for mark in find_marks(passage.text)
        ]
        assert called == expected
        assert [(note.number, note.division) for note in guide_book.footnotes] == expected

    def test_no_superscript_is_overlooked(self, guide_book: Book) -> None:
        body = guide_book.source[: guide_book.source.index("注释与来源")]
        assert len(re.findall("[⁰¹²³⁴⁵⁶⁷⁸⁹]+", body)) == 135

    @pytest.mark.parametrize("number", [18, 33, 34, 45, 55, 88, 89, 102, 103])
    def test_marks_of_an_opening_essay_are_not_given_to_the_chapter_before(
        self, guide_book: Book, number: int
    ) -> None:
        passage, _ = holder(guide_book, number)
        assert passage.section.kind == "essay"

    @pytest.mark.parametrize(
        ("number", "figure"),
        [
            pytest.param(2, "90%", id="2"),
            pytest.param(3, "74%", id="3"),
            pytest.param(4, "五分之四", id="4"),
            pytest.param(5, "60%", id="5"),
        ],
    )
    def test_a_glued_mark_belongs_to_the_sentence_before_it(
        self, guide_book: Book, number: int, figure: str
    ) -> None:
        passage, sentence = holder(guide_book, number)
        assert figure in [found.text for found in sentence.figures]
        assert sentence.text.endswith("。")
        assert passage.sentences[0].marks == () or passage.sentences[0] == sentence

    def test_the_mark_after_a_closing_quotation_mark_covers_the_quotation(
        self, guide_book: Book
    ) -> None:
        passage, sentence = holder(guide_book, 105)
        assert passage.kind == "quote"
        assert passage.speaker
        assert passage.speaker.name == "Mark Read"
        assert "WPP" in passage.speaker.title
        assert sentence.text.endswith("”")
        assert {sentence.notes for sentence in passage.sentences} == {(105,)}

    def test_one_mark_covers_the_three_items_of_its_list(self, guide_book: Book) -> None:
        covered = [passage for passage in guide_book.passages if 23 in passage.notes]
        assert [passage.kind for passage in covered] == ["bullet"] * 3
        assert {passage.section.division.key for passage in covered} == {"ch03"}
        assert [[f.value for f in p.sentences[0].figures if f.unit == "%"] for p in covered] == [
            [27, 75],
            [42, 84],
            [33, 81],
        ]

    def test_every_note_but_the_damaged_one_carries_a_claim(self, guide_book: Book) -> None:
        carried = {note for claim in guide_book.claims for note in claim.sentence.notes}
        assert set(range(1, 136)) - carried == {25}


@pytest.mark.book
class TestNotes:
    def note(self, book: Book, number: int) -> Footnote:
        return book.notes_by_number[number]

    def test_no_ibid_is_left(self, guide_book: Book) -> None:
        assert not [note.number for note in guide_book.footnotes if "ibid" in note.text.lower()]

    @pytest.mark.parametrize(
        ("origin", "numbers"),
        [
            (12, range(13, 18)),
            (18, range(19, 24)),
            (26, (27, 28)),
            (30, (31,)),
            (48, (49,)),
            (50, (51, 52)),
            (58, (59,)),
            (62, (63, 64)),
            (68, (69, 70)),
            (86, (87,)),
            (88, (89, 90)),
            (97, range(98, 102)),
            (102, (103,)),
            (106, range(107, 112)),
            (118, (119,)),
            (130, (131, 132)),
            (133, (134,)),
        ],
    )
    def test_a_chain_of_ibid_leads_to_its_source(
        self, guide_book: Book, origin: int, numbers: range | tuple[int, ...]
    ) -> None:
        source = self.note(guide_book, origin)
        assert source.ibid_of is None
        for number in numbers:
            note = self.note(guide_book, number)
            assert (note.ibid_of, note.sources, note.url) == (origin, source.sources, source.url)

    def test_there_is_no_other_chain(self, guide_book: Book) -> None:
        assert sum(note.ibid_of is not None for note in guide_book.footnotes) == 38

    @pytest.mark.parametrize(
        ("number", "sizes"), [(46, [None, 315]), (81, [369, 200]), (120, [200, 300])]
    )
    def test_a_note_with_two_sources(
        self, guide_book: Book, number: int, sizes: list[int | None]
    ) -> None:
        assert [source.sample_size for source in self.note(guide_book, number).sources] == sizes

    def test_no_other_note_has_two(self, guide_book: Book) -> None:
        joined = [note.number for note in guide_book.footnotes if len(note.sources) != 1]
        assert joined == [46, 81, 120]

    def test_data_that_nobody_can_look_up_is_told(self, guide_book: Book) -> None:
        unpublished = [n.number for n in guide_book.footnotes if n.sources[0].unpublished]
        preliminary = [n.number for n in guide_book.footnotes if n.sources[0].preliminary]
        assert unpublished == [35, 56, 68, 69, 70, 74]
        assert preliminary == [126, 128, 130, 131, 132, 135]

    @pytest.mark.parametrize(
        ("number", "sample", "date"),
        [
            (2, "200 US CEOs", "April/May 2023"),
            (6, "369 global CxOs", "April/May 2023"),
            (12, "108 customer service executives", "July 2023"),
            (30, "21,056 global employees", "December 2022/January 2023"),
            (55, "216 US CIO/CTOs", "July/August 2023"),
            (65, "2,000 global CxOs", "April-July 2023"),
            (91, "200 US CSCO/COOs", "September/October 2023"),
            (102, "110 US CMOs", "September/October 2023"),
            (126, "500 global CxOs", "August 2023"),
        ],
    )
    def test_a_survey_has_sample_and_date(
        self, guide_book: Book, number: int, sample: str, date: str
    ) -> None:
        (source,) = self.note(guide_book, number).sources
        assert (source.sample, source.date) == (sample, date)
        assert source.sample_size == int(sample.split()[0].replace(",", ""))

    def test_works_have_addresses_and_surveys_have_samples(self, guide_book: Book) -> None:
        sources = [source for note in guide_book.footnotes for source in note.sources]
        assert not [s.text for s in sources if (s.url is None) == (s.sample is None)]
        assert all(s.url is None or re.fullmatch(r"https://[\w./\-]+", s.url) for s in sources)


@pytest.mark.book
class TestPullOuts:
    def test_all_fifteen_are_linked_to_a_claim_of_their_chapter(self, guide_book: Book) -> None:
        assert len(guide_book.pull_outs) == 15
        for pull_out in guide_book.pull_outs:
            claim = claim_of(guide_book, pull_out.claim)
            assert claim.passage.section.division.key == pull_out.division.key
            assert claim.sentence.notes

    @pytest.mark.parametrize(
        ("figure", "chapter", "note"),
        [
            ("60%", "ch01", 5),
            ("87%", "ch03", 27),
            ("53%", "ch04", 40),
            ("74%", "ch05", 48),
            ("79%", "ch06", 57),
            ("89%", "ch06", 60),
            ("80%", "ch07", 70),
            ("79%", "ch07", 68),
            ("72%", "ch08", 85),
            ("96%", "ch11", 114),
            ("84%", "ch11", 121),
        ],
    )
    def test_a_pull_out_inherits_the_note_of_its_claim(
        self, guide_book: Book, figure: str, chapter: str, note: int
    ) -> None:
        (pull_out,) = (
            pull_out
            for pull_out in guide_book.pull_outs
            if pull_out.division.key == chapter and figure in pull_out.text
        )
        claim = claim_of(guide_book, pull_out.claim)
        assert claim.sentence.notes == (note,)
        assert figure in [found.text for found in claim.figures]

    def test_the_one_that_lost_its_figure_is_set_apart(self, guide_book: Book) -> None:
        (damaged,) = (pull_out for pull_out in guide_book.pull_outs if pull_out.damaged)
        assert damaged.division.key == "ch03"
        assert claim_of(guide_book, damaged.claim).sentence.notes == (19,)

    def test_none_is_a_passage_as_well(self, guide_book: Book) -> None:
        starts = {passage.start for passage in guide_book.passages}
        assert not starts & {pull_out.start for pull_out in guide_book.pull_outs}


@pytest.mark.book
class TestStructure:
    def test_the_damaged_sentence_is_no_claim(self, guide_book: Book) -> None:
        damaged = [(p, s) for p in guide_book.passages for s in p.sentences if s.damaged]
        assert [(p.section.key, s.marks) for p, s in damaged] == [("ch03.t2.know", (25,))]
        assert not [claim.id for claim in guide_book.claims if claim.sentence.damaged]

    def test_caption_and_running_heads_are_set_aside(self, guide_book: Book) -> None:
        captions = [text for text in guide_book.set_aside if text.startswith("An aerial")]
        assert len(captions) == 1
        assert {"营销", "1. 转型", "2. 内容", "3. 高度个性化"} <= set(guide_book.set_aside)
        assert not [p.id for p in guide_book.passages if re.match("An aerial|营销$", p.text)]

    def test_every_essay_stands_in_its_chapter(self, guide_book: Book) -> None:
        essays = [section for section in guide_book.sections if section.kind == "essay"]
        assert [essay.division.number for essay in essays] == list(range(1, 13))
        for essay in essays:
            last = [p.end for p in guide_book.passages_of(essay)][-1]
            page = guide_book.source.index(f"\n{essay.division.label}\n", last)
            assert not guide_book.source[last:page].strip()

    def test_titles_parts_and_pages_of_chapters(self, guide_book: Book) -> None:
        rows = [(c.number, c.title, c.part, c.pages and c.pages[0]) for c in guide_book.chapters]
        assert rows == [
            (1, "人才与技能", "第一部分", 9),
            (2, "客户服务", "第一部分", 19),
            (3, "客户和员工体验", "第一部分", 29),
            (4, "平台、数据和治理", "第二部分", 41),
            (5, "开放创新和生态系统", "第二部分", 51),
            (6, "应用现代化", "第二部分", 61),
            (7, "负责任 AI 与伦理", "第二部分", 71),
            (8, "技术支出", "第二部分", 81),
            (9, "供应链", "第三部分", 93),
            (10, "营销", "第三部分", 103),
            (11, "网络安全", "第三部分", 113),
            (12, "可持续发展", "第三部分", 123),
        ]

    def test_every_chapter_has_three_topics_of_two_halves(self, guide_book: Book) -> None:
        halves = Counter(s.division.key for s in guide_book.sections if s.topic)
        assert halves == {chapter.key: 6 for chapter in guide_book.chapters}

    def test_everybody_who_speaks_is_named(self, guide_book: Book) -> None:
        spoken = [p for p in guide_book.passages if p.kind in ("quote", "signature")]
        assert Counter(p.kind for p in spoken) == {"quote": 32, "signature": 6}
        assert all(p.speaker and p.speaker.name and p.speaker.title for p in spoken)
        assert len({p.speaker.name for p in spoken if p.speaker}) == 26
        assert all(p.speaker is None for p in guide_book.passages if p not in spoken)

    def test_every_quotation_mark_that_opens_a_passage_opens_a_quote(
        self, guide_book: Book
    ) -> None:
        opened = [p for p in guide_book.passages if p.text.startswith("“")]
        assert {passage.kind for passage in opened} == {"quote"}


@pytest.mark.book
class TestText:
    def test_everything_that_is_quoted_is_an_exact_slice(self, guide_book: Book) -> None:
        for passage in guide_book.passages:
            assert guide_book.source[passage.start : passage.end] == passage.text
            for sentence in passage.sentences:
                assert guide_book.source[sentence.start : sentence.end] == sentence.text
                for figure in sentence.figures:
                    assert guide_book.source[figure.start : figure.end] == figure.text
        for pull_out in guide_book.pull_outs:
            assert guide_book.source[pull_out.start : pull_out.end] == pull_out.text

    def test_passages_follow_each_other_without_overlap(self, guide_book: Book) -> None:
        edges = [edge for passage in guide_book.passages for edge in (passage.start, passage.end)]
        assert edges == sorted(edges)

    def test_no_sentence_runs_over_a_full_stop(self, guide_book: Book) -> None:
        """A stop within a sentence stands in brackets, or before its closing signs."""
        for passage in guide_book.passages:
            for sentence in passage.sentences:
                bare = re.sub(r"（[^（）]*）|\([^()]*\)", "", sentence.text)
                assert "。" not in bare.rstrip("。”’*）)"), sentence.text

    def test_nearly_every_letter_of_the_body_has_its_place(self, guide_book: Book) -> None:
        """What is in no passage is outline: titles, labels, page numbers, names, headings."""
        source = guide_book.source
        begin, end = source.index("序言\n\n"), source.index("注释与来源")
        parts = [(part.start, part.end) for part in guide_book.passages]
        parts += [(part.start, part.end) for part in guide_book.pull_outs]
        held = {place for start, end in parts for place in range(start, end)}
        known = re.sub(r"\W", "", "".join(outline(guide_book)))
        letters = lost = position = 0
        for line in source.split("\n"):
            places = [position + i for i, c in enumerate(line) if c.isalnum()]
            position += len(line) + 1
            if not begin <= position <= end:
                continue
            letters += len(places)
            if re.sub(r"\W", "", line) not in known:
                lost += sum(place not in held for place in places)
        assert letters > 40_000
        assert lost <= (1 - _MIN_COVERED) * letters


def outline(book: Book) -> list[str]:
    """Give what the book prints to find one's way: set-aside text, titles, headings, names."""
    lines = list(book.set_aside)
    for division in book.divisions:
        lines += [division.label, division.title, division.subtitle, f"{division.title}生成式AI"]
        lines += [str(page) for page in division.pages or ()]
    for section in book.sections:
        lines += [section.name, f"{section.topic}{section.label}", section.heading]
    for passage in book.passages:
        if passage.speaker:
            lines += [passage.speaker.name, passage.speaker.title]
    return lines
