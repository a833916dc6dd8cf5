"""The digest that the project carries: in itself, and held against the guide that it digests."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from ingest.document import Book
from ingest.marks import find_marks, without_marks

# The list of notes of the guide: first and last note of each division.
_NOTES = {
    "intro": (1, 4),
    "ch01": (5, 9),
    "ch02": (10, 17),
    "ch03": (18, 32),
    "ch04": (33, 44),
    "ch05": (45, 54),
    "ch06": (55, 66),
    "ch07": (67, 80),
    "ch08": (81, 87),
    "ch09": (88, 101),
    "ch10": (102, 111),
    "ch11": (112, 123),
    "ch12": (124, 135),
}
_COMMON_RUN = 16  # Chinese characters that digest and guide may not share in a row


def divisions_of_marks(book: Book) -> list[tuple[int, str]]:
    return [
        (mark.number, passage.section.division.key)
        for passage in book.passages
        for mark in find_marks(passage.text)
    ]


def figures_of_marks(book: Book) -> dict[int, Counter[tuple[str, float, str | None]]]:
    """Give what the sentences before each mark state: unit, value and direction."""
    stated: dict[int, Counter[tuple[str, float, str | None]]] = {}
    for passage in book.passages:
        for sentence in passage.sentences:
            for number in sentence.marks:
                stated.setdefault(number, Counter()).update(
                    (figure.unit, round(figure.value, 6), figure.direction)
                    for figure in sentence.figures
                )
    return stated


def runs(text: str) -> set[str]:
    """Give all runs of Chinese characters, with marks, figures and punctuation taken out."""
    characters = re.sub(r"[^\u4e00-\u9fff]", "", without_marks(text))
    return {characters[i : i + _COMMON_RUN] for i in range(len(characters) - _COMMON_RUN + 1)}


def test_it_has_all_chapters_and_topics(digest: Book) -> None:
    assert [chapter.number for chapter in digest.chapters] == list(range(1, 13))
    topics = Counter(
        (section.division.key, section.kind) for section in digest.sections if section.topic
    )
    assert topics == {
        (chapter.key, half): 3 for chapter in digest.chapters for half in ("know", "act")
    }
    assert all(section.label and section.heading for section in digest.sections if section.topic)
    assert all(chapter.subtitle and chapter.pages for chapter in digest.chapters)


def test_every_chapter_opens_with_an_essay(digest: Book) -> None:
    essays = {section.division.key for section in digest.sections if section.kind == "essay"}
    assert essays == {chapter.key for chapter in digest.chapters}


def test_all_marks_stand_in_the_chapter_of_their_note(digest: Book) -> None:
    expected = [
        (number, key) for key, (first, last) in _NOTES.items() for number in range(first, last + 1)
    ]
    assert len(expected) == 135
    assert divisions_of_marks(digest) == expected
    assert [(note.number, note.division) for note in digest.footnotes] == expected


def test_no_ibid_is_left(digest: Book) -> None:
    for note in digest.footnotes:
        assert not re.search("ibid|同上", note.text, re.IGNORECASE), note.number
        assert len(note.text) > 30, note.number
        assert all(source.title and source.date for source in note.sources), note.number


def test_everything_that_is_quoted_is_an_exact_slice(digest: Book) -> None:
    for passage in digest.passages:
        assert digest.source[passage.start : passage.end] == passage.text
        for sentence in passage.sentences:
            assert digest.source[sentence.start : sentence.end] == sentence.text


def test_nothing_of_it_is_damaged(digest: Book) -> None:
    assert not [s.text for p in digest.passages for s in p.sentences if s.damaged]
    assert digest.pull_outs == ()
    assert len(digest.set_aside) == 1


def test_every_note_carries_a_claim(digest: Book) -> None:
    carried = {note for claim in digest.claims for note in claim.sentence.notes}
    assert carried == set(range(1, 136))


def test_a_speaker_is_only_reported(digest: Book) -> None:
    """The digest gives the gist of a statement, and says so; it puts no words in a mouth."""
    spoken = [passage for passage in digest.passages if passage.kind == "quote"]
    assert len(spoken) == 32
    assert all(passage.speaker for passage in spoken)
    assert not [passage.id for passage in spoken if "大意" not in passage.text]


@pytest.mark.book
def test_divisions_agree_with_the_guide(digest: Book, guide_book: Book) -> None:
    assert digest.divisions == guide_book.divisions


@pytest.mark.book
def test_sections_and_topics_agree_with_the_guide(digest: Book, guide_book: Book) -> None:
    ours, theirs = (
        [(section.key, section.kind, section.topic, section.label) for section in book.sections]
        for book in (digest, guide_book)
    )
    assert ours == theirs


@pytest.mark.book
def test_notes_agree_with_the_guide(digest: Book, guide_book: Book) -> None:
    assert digest.footnotes == guide_book.footnotes


@pytest.mark.book
def test_marks_agree_with_the_guide(digest: Book, guide_book: Book) -> None:
    assert divisions_of_marks(digest) == divisions_of_marks(guide_book)


@pytest.mark.book
def test_every_mark_carries_the_figures_of_the_guide(digest: Book, guide_book: Book) -> None:
    ours, theirs = figures_of_marks(digest), figures_of_marks(guide_book)
    different = {number for number in range(1, 136) if ours[number] != theirs[number]}
    assert not different


@pytest.mark.book
def test_passages_agree_with_the_guide(digest: Book, guide_book: Book) -> None:
    """So that a citation of one book can be looked up in the other."""
    only_digest = digest.passages_by_id.keys() - guide_book.passages_by_id.keys()
    only_guide = guide_book.passages_by_id.keys() - digest.passages_by_id.keys()
    assert only_digest == set()
    assert {passage_id.rpartition(".")[0] for passage_id in only_guide} == {"preface.front"}


@pytest.mark.book
def test_kinds_speakers_and_notes_of_passages_agree(digest: Book, guide_book: Book) -> None:
    for passage in digest.passages:
        other = guide_book.passages_by_id[passage.id]
        assert passage.kind == other.kind, passage.id
        assert passage.notes == other.notes, passage.id
        assert (passage.speaker and passage.speaker.name) == (
            other.speaker and other.speaker.name
        ), passage.id


@pytest.mark.book
def test_the_words_are_our_own(digest: Book, guide_book: Book) -> None:
    """Titles, names and notes are facts; the sentences are the guide's own."""
    titles = {section.heading for section in guide_book.sections}
    titles |= {name for d in guide_book.divisions for name in (d.title, d.subtitle)}
    allowed = set().union(*(runs(title) for title in titles))
    theirs = set().union(
        *(runs(passage.text) for passage in guide_book.passages if passage.kind != "signature")
    )
    shared = {
        run: passage.id
        for passage in digest.passages
        for run in (runs(passage.text) & theirs) - allowed
    }
    assert shared == {}
