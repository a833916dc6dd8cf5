"""From text to book: exact slices, notes on the right sentences, and no silent disagreement."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.document import Book, Passage, Sentence
from ingest.errors import (
    BookError,
    MisplacedFootnoteError,
    UncalledFootnoteError,
    UndefinedFootnoteError,
)
from ingest.marks import find_marks
from ingest.parse import parse_book, read_book
from tests.conftest import small_book

Builder = Callable[..., str]


def carried(passage: Passage) -> list[tuple[int, ...]]:
    return [sentence.notes for sentence in passage.sentences]


def passage_of(book: Book, words: str) -> Passage:
    (only,) = (passage for passage in book.passages if words in passage.text)
    return only


def sentence_of(book: Book, words: str) -> Sentence:
    (only,) = (s for s in passage_of(book, words).sentences if words in s.text)
    return only


def test_a_book_is_read_from_its_file(tmp_path: Path, make_book: Builder, small: Book) -> None:
    path = tmp_path / "book.txt"
    path.write_text(make_book(), encoding="gb18030")
    assert read_book(path).source == small.source


def test_everything_that_is_quoted_is_an_exact_slice(small: Book) -> None:
    for passage in small.passages:
        assert small.source[passage.start : passage.end] == passage.text
        for sentence in passage.sentences:
            assert small.source[sentence.start : sentence.end] == sentence.text
            assert passage.start <= sentence.start < sentence.end <= passage.end
            for figure in sentence.figures:
                assert small.source[figure.start : figure.end] == figure.text
                assert sentence.start <= figure.start < figure.end <= sentence.end
    for pull_out in small.pull_outs:
        assert small.source[pull_out.start : pull_out.end] == pull_out.text


def test_passages_follow_each_other_without_overlap(small: Book) -> None:
    edges = [edge for passage in small.passages for edge in (passage.start, passage.end)]
    assert edges == sorted(edges)


def test_every_mark_stands_once_in_the_chapter_of_its_note(small: Book) -> None:
    called = [
        (mark, passage.section.division.key)
        for passage in small.passages
        for mark in (mark.number for mark in find_marks(passage.text))
    ]
    assert called == [(note.number, note.division) for note in small.footnotes]


def test_an_id_names_the_place(small: Book) -> None:
    first = next(passage for passage in small.passages if passage.kind == "bullet")
    assert first.id == "ch01.t1.act.b1"
    assert first.lead == "先拍照，再动手。"
    assert [p.id for p in small.passages_of(first.section)] == [
        "ch01.t1.act.h1",
        "ch01.t1.act.p1",
        "ch01.t1.act.b1",
        "ch01.t1.act.b2",
        "ch01.t1.act.q1",
    ]
    assert len(small.passages_by_id) == len(small.passages)


def test_a_glued_mark_belongs_to_the_sentence_before_it(small: Book) -> None:
    assert carried(passage_of(small, "每天读两小时书")) == [(3,), (), ()]


def test_a_mark_after_a_closing_quotation_mark_covers_the_quotation(small: Book) -> None:
    quote = passage_of(small, "本子丢了可以再买")
    assert carried(quote) == [(6,), (6,)]
    assert [sentence.text for sentence in quote.sentences] == [
        "“本子丢了可以再买。",
        "话忘了，就再也找不回来。”",
    ]


def test_one_mark_at_the_end_of_a_list_covers_its_items(small: Book) -> None:
    items = [p for p in small.passages if p.section.key == "ch01.t3.know" and p.kind == "bullet"]
    assert [item.notes for item in items] == [(7,), (7,), (7,)]
    assert [item.sentences[0].marks for item in items] == [(), (), (7,)]


def test_it_covers_nothing_outside_the_list(small: Book) -> None:
    assert passage_of(small, "问到冷门书的去处").notes == ()
    assert passage_of(small, "一格就够").notes == ()


def test_items_after_the_mark_are_not_covered(make_book: Builder) -> None:
    book = parse_book(make_book(("收进抽屉。", "收进抽屉。⁷"), ("卖给学校。⁷", "卖给学校。")))
    items = [p for p in book.passages if p.section.key == "ch01.t3.know" and p.kind == "bullet"]
    assert [item.notes for item in items] == [(7,), (7,), ()]


def test_a_finding_without_a_mark_takes_the_next_one_of_its_paragraph(small: Book) -> None:
    assert carried(passage_of(small, "准时比快更要紧")) == [(12,), (12,)]


def test_a_remark_without_a_mark_takes_none(small: Book) -> None:
    assert carried(passage_of(small, "选书靠眼光")) == [(), (2,)]


def test_a_finding_takes_no_mark_from_before_it(make_book: Builder) -> None:
    book = parse_book(make_book(("其余的人只看封面。", "其余的 40% 只看封面。")))
    assert carried(passage_of(book, "每天读两小时书")) == [(3,), (), ()]


def test_a_damaged_sentence_is_no_claim(small: Book) -> None:
    assert sentence_of(small, "半的店主坦白").damaged
    assert not any("半的店主坦白" in claim.sentence.text for claim in small.claims)
    assert not any(5 in claim.sentence.notes for claim in small.claims)
    assert sum(sentence.damaged for p in small.passages for sentence in p.sentences) == 1


def test_claims_state_a_figure_or_rest_on_a_note(small: Book) -> None:
    claims = {claim.id: claim for claim in small.claims}
    assert list(claims) == [
        "intro.body.p1.s2",
        "ch01.essay.p1.s2",
        "ch01.t1.know.p1.s1",
        "ch01.t2.know.p1.s2",
        "ch01.t2.know.q1.s1",
        "ch01.t2.know.q1.s2",
        "ch01.t3.know.b1.s1",
        "ch01.t3.know.b2.s1",
        "ch01.t3.know.b3.s1",
        "ch02.essay.p1.s2",
        "ch02.t1.know.p1.s1",
        "ch02.t2.know.p1.s1",
        "ch02.t2.know.p1.s2",
        "ch02.t3.know.p1.s1",
        "ch02.t3.know.p1.s2",
    ]
    assert claims["ch01.t1.know.p1.s1"].populations == ("领导者",)
    assert [figure.text for figure in claims["ch02.essay.p1.s2"].figures] == ["三分之二", "66%"]


def test_a_claim_keeps_years_apart_from_figures(make_book: Builder) -> None:
    book = parse_book(make_book(("修路的季节，", "到 2025 年，")))
    claim = next(claim for claim in book.claims if claim.id == "ch02.t1.know.p1.s1")
    assert claim.years == (2025,)
    assert [figure.value for figure in claim.figures] == [25]


def test_a_pull_out_is_linked_to_the_claim_that_it_repeats(small: Book) -> None:
    (pull_out,) = small.pull_outs
    claim = next(claim for claim in small.claims if claim.id == pull_out.claim)
    assert claim.sentence.notes == (4,)
    assert not pull_out.damaged


def test_a_pull_out_that_lost_its_figure_is_damaged(make_book: Builder) -> None:
    (pull_out,) = parse_book(make_book(pull_out="的退货就不会发生")).pull_outs
    assert pull_out.damaged


def test_a_pull_out_of_no_claim_is_linked_to_none(make_book: Builder) -> None:
    (pull_out,) = parse_book(make_book(pull_out="其余的人只看封面。")).pull_outs
    assert pull_out.claim is None


def test_units_and_powers_are_no_marks(make_book: Builder) -> None:
    edit = ("灰要常擦。", "每 10 m² 擦一次，灰少 10⁹ 粒。")
    assert passage_of(parse_book(make_book(edit)), "10 m²").notes == ()


def test_a_mark_without_its_note_is_refused(make_book: Builder) -> None:
    text = make_book(("灰要常擦。", "灰要常擦。⁹⁹"))
    line = text[: text.index("⁹⁹")].count("\n") + 1
    with pytest.raises(UndefinedFootnoteError, match=rf"b\.txt:{line}：正文标有注 99，") as caught:
        parse_book(text, path=Path("b.txt"))
    assert (caught.value.number, caught.value.line) == (99, line)


def test_marks_without_any_notes_are_refused(make_book: Builder) -> None:
    with pytest.raises(UndefinedFootnoteError, match=r"正文标有注 1，注释表中没有这一条"):
        parse_book(make_book(notes=""))


@pytest.mark.parametrize(
    ("edit", "numbers"),
    [
        pytest.param(("30% 的店留在门口。", "三成的店留在门口。⁷"), (7,), id="called-twice"),
        pytest.param(("卖给学校。⁷", "卖给学校。"), (7,), id="not-called"),
        pytest.param(("- 9 Ibid.", "- 9 Ibid.\n- 9 *A.*"), (9,), id="listed-twice"),
        pytest.param(("- 12 2023", "- 12 *A.*\n- 13 *B.*\n- 14 2023"), (13, 14), id="two-of-them"),
    ],
)
def test_a_note_that_is_not_called_once_is_refused(
    make_book: Builder, edit: tuple[str, str], numbers: tuple[int, ...]
) -> None:
    text = make_book(edit)
    listed = "、".join(map(str, numbers))
    with pytest.raises(UncalledFootnoteError, match=rf"book\.txt：注 {listed} 在正文中") as caught:
        parse_book(text)
    assert caught.value.numbers == numbers


def test_a_mark_in_another_chapter_than_its_note_is_refused(make_book: Builder) -> None:
    text = make_book(("第 2 章 送货\n\n- 8", "- 8"), ("- 9 Ibid.", "\n第 2 章 送货\n\n- 9 Ibid."))
    line = text[: text.index("⁸")].count("\n") + 1
    with pytest.raises(MisplacedFootnoteError, match=rf":{line}：注 8 的标记出现在") as caught:
        parse_book(text)
    assert (caught.value.found, caught.value.listed) != ("", "")


def test_a_misplaced_mark_is_reported_in_the_words_of_the_book(make_book: Builder) -> None:
    text = make_book(("第 2 章 送货\n\n- 8", "- 8"), ("- 9 Ibid.", "\n第 2 章 送货\n\n- 9 Ibid."))
    with pytest.raises(MisplacedFootnoteError, match="出现在第 2 章，注释表却把它列在第 1 章"):
        parse_book(text)


def test_a_mark_outside_every_passage_is_refused(make_book: Builder) -> None:
    """The overview is no evidence, so a note called there would be lost."""
    edits = (("卖给学校。⁷", "卖给学校。"), ("眼光可以练出来\n", "眼光可以练出来⁷\n"))
    with pytest.raises(MisplacedFootnoteError, match="未归入任何段落的文字"):
        parse_book(make_book(*edits))


def parse_or_refuse(text: str) -> Book | BookError:
    try:
        return parse_book(text)
    except BookError as error:
        return error


@given(st.data())
def test_a_damaged_book_is_refused_or_read_but_never_crashes(data: st.DataObject) -> None:
    """Whatever lines are lost, doubled or swapped: a book, or an error that says what to do."""
    lines = small_book().split("\n")
    for _ in range(data.draw(st.integers(1, 4))):
        at, other = (data.draw(st.integers(0, len(lines) - 1)) for _ in range(2))
        damage = data.draw(st.sampled_from(["lose", "double", "swap", "cut", "break"]))
        if damage == "lose":
            del lines[at]
        elif damage == "double":
            lines.insert(at, lines[at])
        elif damage == "swap":
            lines[at], lines[other] = lines[other], lines[at]
        elif damage == "cut":
            lines[at] = lines[at][: data.draw(st.integers(0, len(lines[at])))]
        else:
            lines.insert(at, "")
    outcome = parse_or_refuse("\n".join(lines))
    if isinstance(outcome, BookError):
        assert str(outcome).startswith("book.txt")
    else:
        slices = [outcome.source[passage.start : passage.end] for passage in outcome.passages]
        assert slices == [passage.text for passage in outcome.passages]


@pytest.mark.parametrize("share", range(5, 100, 5))
def test_a_book_that_breaks_off_is_refused(make_book: Builder, share: int) -> None:
    """A file that was not copied to its end has no notes, and must not pass for a book."""
    text = make_book(legal="", method="")
    with pytest.raises(BookError, match=r"book\.txt"):
        parse_book(text[: len(text) * share // 100])
