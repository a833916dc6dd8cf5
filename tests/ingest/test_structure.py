"""Every block has one place: an essay in the wrong chapter takes its notes with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.document import Book
from ingest.errors import MissingPartError
from ingest.normalise import letter_pairs
from ingest.parse import parse_book

Builder = Callable[..., str]
_TOPICS = [f"ch0{chapter}.t{topic}.{half}"
           for chapter in (1, 2) for topic in (1, 2, 3) for half in ("know", "act")]  # fmt: skip


def texts(book: Book, section: str) -> list[str]:
    return [passage.text for passage in book.passages if passage.section.key == section]


def test_sections_follow_each_other_as_in_the_book(small: Book) -> None:
    assert [section.key for section in small.sections] == [
        "preface.body", "intro.body", "part1.body",
        "ch01.essay", "ch01.opening", *_TOPICS[:6],
        "ch02.essay", "ch02.opening", *_TOPICS[6:],
        "closing.body", "method.body",
    ]  # fmt: skip


def test_an_essay_belongs_to_the_chapter_whose_title_page_follows(small: Book) -> None:
    assert texts(small, "ch01.essay")[0] == "好书自己会走路"
    assert texts(small, "ch02.essay")[0] == "慢一点送到，不等于送得不好"
    assert {passage.section.key for passage in small.passages if 8 in passage.notes} == {
        "ch02.essay"
    }


@pytest.mark.parametrize(
    "between",
    [
        pytest.param("", id="nothing-between"),
        pytest.param("“雨停了。”\n\nZhou Wen\n山下书店 首席执行官", id="a-quote"),
        pytest.param("“雨停了。”\n\nZhou Wen\n\n山下书店 首席执行官", id="its-office-apart"),
        pytest.param("老顾客说过的话若是都写在本子上，74% 的退货就不会发生。", id="a-pull-out"),
        pytest.param(
            "老顾客说过的话若是都写在本子上\n\n74%\n\n的退货就不会发生\n\n"
            "“雨停了。”\n\nZhou Wen\n山下书店 首席执行官",
            id="both",
        ),
    ],
)
def test_what_closes_a_chapter_stays_out_of_the_next_essay(
    make_book: Builder, between: str
) -> None:
    essay = f"{between}\n\n慢一点送到，不等于送得不好\n\n送货是第二张脸。⁸".lstrip()
    book = parse_book(make_book(essay_2=essay))
    assert texts(book, "ch02.essay") == ["慢一点送到，不等于送得不好", "送货是第二张脸。⁸"]
    speakers = [p.speaker.name for p in book.passages if p.id == "ch01.t3.act.q1" and p.speaker]
    assert speakers == (["Zhou Wen"] if "Zhou" in between else [])


def test_an_essay_may_hold_a_list(make_book: Builder) -> None:
    essay = "慢一点送到，不等于送得不好\n\n送货是第二张脸。⁸\n\n- 先包书。\n- 再打伞。"
    book = parse_book(make_book(essay_2=essay))
    assert len(texts(book, "ch02.essay")) == 4


def test_a_chapter_needs_no_essay(make_book: Builder) -> None:
    book = parse_book(make_book(("修路的季节，", "修路的季节。⁸"), essay_2=""))
    assert "ch02.essay" not in {section.key for section in book.sections}


def test_titles_are_read_over_line_breaks(small: Book) -> None:
    part = next(division for division in small.divisions if division.key == "part1")
    assert part.title == "店面与街坊"
    assert texts(small, "part1.body") == ["街坊走进来，往往只为躲雨。"]
    assert [chapter.subtitle for chapter in small.chapters] == ["让书找到读者", "把书送到家"]


def test_topics_have_labels_and_headings(small: Book) -> None:
    topics = [
        (section.key, section.label, section.heading)
        for section in small.sections
        if section.topic == 2
    ]
    assert topics == [
        ("ch01.t2.know", "记性", "记性靠的是本子。"),
        ("ch01.t2.act", "记性", "把顾客的话写下来。"),
        ("ch02.t2.know", "包装", "纸比塑料贵。"),
        ("ch02.t2.act", "包装", "用旧报纸。"),
    ]


def test_the_overview_is_no_evidence(small: Book) -> None:
    """It repeats the headings, sometimes with slips that the body does not have."""
    assert "眼光可以练出来" in small.source
    assert not any(passage.text == "眼光可以练出来" for passage in small.passages)
    assert sum("眼光可以练出来" in passage.text for passage in small.passages) == 1


def test_speakers_are_named_with_their_office(small: Book) -> None:
    spoken = [
        (passage.id, passage.speaker.name, passage.speaker.title)
        for passage in small.passages
        if passage.speaker
    ]
    assert spoken == [
        ("ch01.opening.q1", "Mei Lin", "一页书店 首席执行官"),
        ("ch01.t1.act.q1", "Zhou Wen", "山下书店 首席执行官"),
        ("ch01.t2.know.q1", "Ann Lee", "山下书店的店主"),
        ("ch02.opening.q1", "Mei Lin", "一页书店 首席执行官"),
    ]


def test_an_office_on_two_lines_is_joined(make_book: Builder) -> None:
    book = parse_book(
        make_book(("Zhou Wen\n\n山下书店 首席执行官", "Zhou Wen\n\n店主，董事\n山下书店"))
    )
    speaker = book.passages_by_id["ch01.t1.act.q1"].speaker
    assert speaker
    assert speaker.title == "店主，董事，山下书店"


def test_a_quotation_without_a_speaker_is_a_paragraph(make_book: Builder) -> None:
    edit = ("山下书店的店主 Ann Lee 常跟学徒说：", "街上的人常说：")
    book = parse_book(make_book(edit))
    assert book.passages_by_id["ch01.t2.know.p4"].speaker is None


def test_a_pull_out_cut_by_large_type_is_one(small: Book) -> None:
    (pull_out,) = small.pull_outs
    assert pull_out.text == "老顾客说过的话若是都写在本子上\n\n74%\n\n的退货就不会发生"
    assert pull_out.division.key == "ch01"


@pytest.mark.parametrize(
    ("pull_out", "count"),
    [
        pytest.param("老顾客说过的话若是都写在本子上，74% 的退货就不会发生。", 1, id="whole"),
        pytest.param("老顾客说过的话若是\n都写在本子上，\n74% 的退货不会发生", 1, id="over-lines"),
        pytest.param("若是都写在本子上，**74%** 的退货就不会发生。", 1, id="shortened-and-bold"),
        pytest.param("74%\n\n的退货就不会发生，老顾客的话都写在本子上。", 1, id="figure-first"),
        pytest.param("的退货就不会发生。", 1, id="its-figure-lost"),
        pytest.param("窗台上的猫不读书，也不卖书。", 0, id="a-paragraph-of-its-own"),
    ],
)
def test_a_pull_out_repeats_a_sentence_of_its_chapter(
    make_book: Builder, pull_out: str, count: int
) -> None:
    book = parse_book(make_book(pull_out=pull_out))
    assert len(book.pull_outs) == count
    taken = [passage for passage in book.passages if passage.section.key == "ch01.t1.act"]
    assert len(taken) == 5 + (1 - count)


def test_furniture_is_set_aside(small: Book) -> None:
    assert small.set_aside == (
        "小书店 AI 手册",
        "选书",
        "A photograph of an old wooden shop with many small windows and a red door.",
    )


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("选书", id="a-running-head"),
        pytest.param("第 1 章", id="a-label"),
        pytest.param("1. 眼光", id="a-navigation-line"),
        pytest.param("A picture of the street and of its seven shops.", id="a-caption"),
    ],
)
def test_furniture_is_no_passage(make_book: Builder, line: str) -> None:
    book = parse_book(make_book(running_head=line))
    assert line in book.set_aside
    assert not any(line == passage.text for passage in book.passages)


def test_the_front_page_is_kept_where_it_speaks(make_book: Builder) -> None:
    front = "小书店 AI 手册\n\n本书写给街坊。\n\nMei Lin\n一页书店 首席执行官"
    book = parse_book(make_book(front=front))
    assert texts(book, "preface.front") == ["本书写给街坊。", "Mei Lin\n一页书店 首席执行官"]
    assert [p.kind for p in book.passages_of(book.sections[0])] == ["paragraph", "signature"]


def test_an_appendix_ends_at_the_imprint(small: Book, make_book: Builder) -> None:
    assert texts(small, "method.body")[-1] == "店主问卷：120 名店主，2023 年 5 月。"
    bare = parse_book(make_book(method=""))
    assert "method" not in {division.key for division in bare.divisions}


@pytest.mark.parametrize(
    ("edit", "what"),
    [
        pytest.param(("序言\n\n开书店", "开书店"), "「序言 序言」的标题", id="a-preface"),
        pytest.param(
            ("先想清楚 再动手\n\n", ""), "「引言 先想清楚再动手」的标题", id="an-introduction"
        ),
        pytest.param(("第 2 章\n\n送货 +", "送货 +"), "「第 2 章 送货」的标题", id="a-title-page"),
        pytest.param(("打烊之前\n\n关灯", "关灯"), "「结束语 打烊之前」的标题", id="a-closing"),
        pytest.param(
            ("需要采取的行动\n\n给冷门书留一格。\n\n- 一格就够。", "- 一格就够。"),
            "第 1 章的「需要采取的行动」（应有 3 处，找到 2 处）",
            id="half-a-topic",
        ),
        pytest.param(
            ("记性靠的是本子。\n\n店里", "需要了解的事项\n\n需要了解的事项\n\n店里"),
            "第 1 章的主题 4 的标题",
            id="one-topic-too-many",
        ),
    ],
)
def test_what_the_contents_list_announces_must_stand_in_the_body(
    make_book: Builder, edit: tuple[str, str], what: str
) -> None:
    with pytest.raises(MissingPartError, match=r"book\.txt:\d+：正文中缺少") as caught:
        parse_book(make_book(edit), path=Path("shelf/book.txt"))
    assert caught.value.what == what


def test_a_chapter_without_labels_of_its_topics_is_refused(make_book: Builder) -> None:
    with pytest.raises(MissingPartError, match=r"缺少第 2 章的主题列表"):
        parse_book(make_book(overview_2=""))


def test_chapters_may_be_numbered_in_chinese(make_book: Builder) -> None:
    """The contents list takes 「第一章」, so the body and the notes must take it as well."""
    text = make_book().replace("第 1 章", "第一章").replace("第 2 章", "第二章")
    book = parse_book(text)
    assert [chapter.number for chapter in book.chapters] == [1, 2]


def test_letter_pairs_ignore_everything_but_letters() -> None:
    assert letter_pairs("**书 店**，A。³") == {"书店", "店a"}
    assert letter_pairs("书") == frozenset()
