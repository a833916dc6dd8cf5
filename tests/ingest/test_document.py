"""The parsed book as everything else reads it."""

from __future__ import annotations

import dataclasses

import pytest

from ingest.document import Book, Division, Passage, Section, Sentence

_CHAPTER = Division("ch04", "chapter", "第 4 章", "选书", 4)


@pytest.mark.parametrize(
    ("section", "name"),
    [
        pytest.param(Section("ch04.essay", _CHAPTER, "essay"), "开篇短文", id="essay"),
        pytest.param(Section("ch04.opening", _CHAPTER, "opening"), "章首引语", id="opening"),
        pytest.param(Section("preface.front", _CHAPTER, "front"), "扉页", id="front"),
        pytest.param(Section("intro.body", _CHAPTER, "body"), "正文", id="body"),
        pytest.param(
            Section("ch04.t2.know", _CHAPTER, "know", 2, "记性"),
            "2. 记性：需要了解的事项",
            id="what-to-know",
        ),
        pytest.param(
            Section("ch04.t2.act", _CHAPTER, "act", 2, "记性"),
            "2. 记性：需要采取的行动",
            id="what-to-do",
        ),
    ],
)
def test_a_section_is_named_as_a_citation_prints_it(section: Section, name: str) -> None:
    assert section.name == name


def test_a_chapter_is_cited_by_title_and_other_divisions_by_label() -> None:
    assert _CHAPTER.name == "选书"
    assert Division("intro", "introduction", "引言", "先想清楚").name == "引言"


def test_notes_of_a_passage_ascend_and_come_once() -> None:
    sentences = tuple(
        Sentence("甲。", 0, 2, (), notes, damaged=False, figures=())
        for notes in ((12, 3), (3,), ())
    )
    section = Section("ch04.essay", _CHAPTER, "essay")
    assert Passage("ch04.essay.p1", section, "paragraph", "甲。", 0, 2, sentences).notes == (3, 12)


def test_look_ups_agree_with_the_sequences(small: Book) -> None:
    assert tuple(small.passages_by_id.values()) == small.passages
    assert tuple(small.notes_by_number.values()) == small.footnotes
    listed = [passage for section in small.sections for passage in small.passages_of(section)]
    assert tuple(listed) == small.passages


def test_chapters_are_the_numbered_divisions(small: Book) -> None:
    assert [chapter.key for chapter in small.chapters] == ["ch01", "ch02"]


def test_the_id_follows_the_text_alone(small: Book) -> None:
    same = dataclasses.replace(small, passages=())
    other = dataclasses.replace(small, source=small.source + "\n")
    assert small.id == same.id != other.id
    assert len(small.id) == 12


def test_records_cannot_be_changed(small: Book) -> None:
    for record in (small, small.passages[0], small.claims[0], small.footnotes[0]):
        with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign"):
            setattr(record, dataclasses.fields(record)[0].name, None)
