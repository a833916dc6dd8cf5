"""Marks of an answer's text, joined with their citations."""

from __future__ import annotations

from assistant.answer import Citation
from ingest.document import Book
from ui.chips import Chip, is_borne_out, mark_of, split_text

_QUOTES = (
    ("ch04.t3.act.b1", "建立一支懂治理的执行团队。"),
    ("ch04.t3.act.b2", "着眼整个系统，不要只见一隅。"),
)


def citation(passage_id: str = "ch04.t3.know.p2", **parts: object) -> Citation:
    """Give a citation of chapter 4."""
    usual: dict[str, object] = {
        "chapter": 4,
        "chapter_title": "平台、数据和治理",
        "section": "3. 治理：需要了解的事项",
        "pages": (41, 50),
        "footnotes": (43,),
        "quote": "把数据隐私列为障碍的受访 CEO 占 45%。",
        "passage_id": passage_id,
    }
    return Citation.model_validate(usual | parts)


def test_marks_name_chapter_and_notes() -> None:
    assert mark_of(citation()) == "[第4章·注43]"
    assert mark_of(citation(footnotes=(39, 40))) == "[第4章·注39、40]"
    assert mark_of(citation(footnotes=())) == "[第4章]"
    assert mark_of(citation(chapter=None, chapter_title="引言", footnotes=(1,))) == "[引言·注1]"


def test_a_chip_points_at_the_quote_in_code_points(book: Book) -> None:
    cited = citation()
    before, chip, after = split_text("占 45%。[第4章·注43]完", [cited], book)
    assert (before, after) == ("占 45%。", "完")
    assert isinstance(chip, Chip)
    text = book.passages_by_id[chip.passage_id].text
    assert text[chip.start : chip.end] == cited.quote


def test_equal_marks_take_their_citations_in_order(book: Book) -> None:
    cited = [citation(place, footnotes=(), quote=quote) for place, quote in _QUOTES]
    parts = split_text("甲[第4章]乙[第4章]丙[第4章]", cited, book)
    ids = [part.passage_id for part in parts if isinstance(part, Chip)]
    assert ids == ["ch04.t3.act.b1", "ch04.t3.act.b2", "ch04.t3.act.b2"]


def test_a_mark_that_nothing_bears_out_stays_text(book: Book) -> None:
    wrong = citation(quote="书中没有这句话。")
    unknown = citation("ch99.p1")
    for cited in ([], [wrong], [unknown]):
        assert "".join(map(str, split_text("占[第4章·注43]", cited, book))) == "占[第4章·注43]"
    assert not is_borne_out(wrong, book)
    assert not is_borne_out(citation(quote=""), book)


def test_other_brackets_are_no_marks(book: Book) -> None:
    text = "[x](y) [] [第4章·注44]"
    assert "".join(map(str, split_text(text, [citation()], book))) == text
