"""Reading data sets, and finding in the book what they name."""

import json
from pathlib import Path

import pytest

from evals.dataset import GOLDEN, Item, choose, passages_at, read_items, relevant_passages
from evals.errors import (
    BadItemError,
    DataSetNotFoundError,
    DuplicateIdError,
    NoQuestionsError,
)
from ingest.document import Book
from tests.evals.conftest import make_item

GOOD = {"id": "1", "question": "多少退货？", "facts": [["74%"]]}


def write(path: Path, *rows: object) -> Path:
    lines = (row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_reader_needs_to_write_no_more_than_question_and_fact(tmp_path: Path) -> None:
    [item] = read_items(write(tmp_path / "own.jsonl", GOOD, ""))
    assert (item.kind, item.split, item.answerable, item.facts) == (
        "question",
        None,
        True,
        (("74%",),),
    )
    assert item.asked.question == "多少退货？"


def test_the_golden_set_is_read() -> None:
    assert len(read_items(GOLDEN)) >= 360


@pytest.mark.parametrize(
    ("row", "said"),
    [
        pytest.param("{", "不是 JSON", id="no-json"),
        pytest.param([1], "整行", id="no-object"),
        pytest.param({"id": "1", "facts": [["74%"]]}, "question", id="no-question"),
        pytest.param({**GOOD, "question": "  "}, "question", id="blank-question"),
        pytest.param({**GOOD, "question": "长" * 501}, "question", id="longer-than-can-be-asked"),
        pytest.param({**GOOD, "fact": []}, "fact", id="unknown-field"),
        pytest.param({**GOOD, "split": "dev"}, "split", id="unknown-split"),
        pytest.param({**GOOD, "facts": [[" "]]}, "facts.0.0", id="empty-wording"),
        pytest.param({**GOOD, "facts": [[]]}, "facts.0", id="fact-without-wording"),
        pytest.param({"id": "1", "question": "问"}, "无从评判", id="nothing-to-judge-by"),
        pytest.param({**GOOD, "verdict": "right"}, "verdict", id="unknown-verdict"),
        pytest.param({**GOOD, "answerable": False}, "不可回答", id="a-fact-of-no-answer"),
    ],
)
def test_a_bad_line_is_named_with_file_and_number(tmp_path: Path, row: object, said: str) -> None:
    path = write(tmp_path / "own.jsonl", {**GOOD, "id": "0"}, "", row)
    with pytest.raises(BadItemError, match=said) as caught:
        read_items(path)
    assert str(caught.value).startswith(f"{path}:3：")


def test_two_questions_may_not_share_an_id(tmp_path: Path) -> None:
    path = write(tmp_path / "own.jsonl", GOOD, {**GOOD, "id": "2"}, GOOD)
    with pytest.raises(DuplicateIdError, match=r"own\.jsonl:3：id「1」已用在第 1 行"):
        read_items(path)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataSetNotFoundError, match=r"none\.jsonl"):
        read_items(tmp_path / "none.jsonl")
    binary = tmp_path / "binary.jsonl"
    binary.write_bytes(b"\xff\xfe\x00\x80")
    with pytest.raises(DataSetNotFoundError, match="UTF-8"):
        read_items(binary)
    with pytest.raises(NoQuestionsError, match=r"empty\.jsonl"):
        read_items(write(tmp_path / "empty.jsonl", ""))


class TestChoosing:
    ITEMS = (
        make_item("a", kind="figure", split="tune"),
        make_item("b", kind="figure", split="test"),
        make_item("c", kind="check"),
    )

    @pytest.mark.parametrize(
        ("split", "kinds", "expected"),
        [
            (None, (), "abc"),
            ("tune", (), "ac"),
            ("test", (), "bc"),
            ("test", ("figure",), "b"),
        ],
    )
    def test_a_question_without_a_half_belongs_to_both(
        self, split: str | None, kinds: tuple[str, ...], expected: str
    ) -> None:
        chosen = choose(self.ITEMS, split=split, kinds=kinds, path=Path("x"))  # type: ignore[arg-type]
        assert "".join(item.id for item in chosen) == expected

    def test_an_unknown_kind_is_named_with_those_that_there_are(self) -> None:
        with pytest.raises(NoQuestionsError, match="没有题型 figures，有 check、figure"):
            choose(self.ITEMS, split=None, kinds=["figures"], path=Path("x"))

    def test_nothing_left_is_an_error(self) -> None:
        with pytest.raises(NoQuestionsError, match="split=test"):
            choose(self.ITEMS[:1], split="test", kinds=[], path=Path("x"))


class TestPlaces:
    def test_a_place_is_a_passage_a_section_or_a_division(self, small: Book) -> None:
        assert [p.id for p in passages_at("ch02.t1.know.p1", small)] == ["ch02.t1.know.p1"]
        assert [p.id for p in passages_at("ch02.t1.know", small)] == [
            "ch02.t1.know.h1",
            "ch02.t1.know.p1",
        ]
        assert {p.section.division.key for p in passages_at("ch02", small)} == {"ch02"}
        assert passages_at("ch03", small) == ()

    @pytest.mark.parametrize(
        ("fields", "expected"),
        [
            pytest.param({"sources": ("ch01.t2.know.p2",)}, ["ch01.t2.know.p2"], id="passage"),
            pytest.param(
                {"sources": ("ch01.t2.know",)}, ["ch01.t2.know.p1"], id="what-states-it-there"
            ),
            pytest.param({"footnotes": (4,)}, ["ch01.t2.know.p1"], id="found-by-its-note"),
            pytest.param({"footnotes": (5,)}, [], id="the-note-carries-another-fact"),
            pytest.param({}, [], id="nothing-tells"),
        ],
    )
    def test_what_a_retriever_should_find(
        self, small: Book, fields: dict[str, object], expected: list[str]
    ) -> None:
        item: Item = make_item(**fields)
        assert list(relevant_passages(item, small)) == expected
