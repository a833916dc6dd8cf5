"""The checker: that it finds what is wrong, and that nothing is wrong with our data sets."""

import json
from collections import Counter
from pathlib import Path

import pytest

from evals.check_golden import (
    Asked,
    bank_questions,
    check,
    data_sets,
    faults,
    is_absent,
    main,
    near_duplicates,
    uneven,
)
from evals.dataset import GOLDEN, Item
from ingest.books import DIGEST
from ingest.document import Book
from tests.evals.conftest import make_item

RETURNS: dict[str, object] = {
    "chapters": (1,),
    "footnotes": (4,),
    "sources": ("ch01.t2.know.p1",),
}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        pytest.param(RETURNS, [], id="nothing"),
        pytest.param({**RETURNS, "kind": "check"}, ["核对题没有 verdict"], id="claim-unjudged"),
        pytest.param({**RETURNS, "kind": "check", "verdict": "corrected"}, [], id="claim-judged"),
        pytest.param({**RETURNS, "facts": (("75%", "74%"),)}, [], id="one-wording-is-enough"),
        pytest.param(
            {**RETURNS, "facts": (("74%",), ("75%",))}, ["出处没有写明 75%"], id="fact-elsewhere"
        ),
        pytest.param(
            {**RETURNS, "chapters": (2,)}, ["章应为 ['1']，题中是 [2]"], id="another-chapter"
        ),
        pytest.param({**RETURNS, "chapters": ()}, ["章应为 ['1']，题中是 []"], id="no-chapter"),
        pytest.param(
            {**RETURNS, "footnotes": (4, 9)},
            ["出处不带注 [9]", "注 9 所在的句子没有题中的事实"],
            id="a-note-of-another-place",
        ),
        pytest.param(
            {
                "chapters": (2,),
                "footnotes": (10, 11),
                "facts": (("15%",),),
                "sources": ("ch02.t2.know.p1",),
            },
            ["注 10 所在的句子没有题中的事实"],
            id="a-note-of-the-sentence-before",
        ),
        pytest.param(
            {**RETURNS, "sources": ("ch01.t2.know.p1", "ch01.t9")},
            ["书中没有 ch01.t9"],
            id="no-place",
        ),
        pytest.param({"chapters": (1,), "footnotes": (4,)}, [], id="found-by-its-note"),
        pytest.param({"chapters": (2,), "facts": (("打个电话",),)}, [], id="found-by-its-chapter"),
        pytest.param(
            {"answerable": False, "sources": ("ch01",)},
            ["不可回答的题不应有 sources"],
            id="unanswerable-but-from-somewhere",
        ),
    ],
)
def test_one_question_is_held_against_the_book(
    small: Book, fields: dict[str, object], said: list[str]
) -> None:
    assert list(faults(make_item(**fields), small)) == said


@pytest.mark.parametrize(
    ("kind", "fact"),
    [
        pytest.param("source", "120 shop owners", id="text-of-its-note"),
        pytest.param("outline", "7–16", id="pages"),
        pytest.param("outline", "12 条注释", id="how-many-notes"),
        pytest.param("reverse", "注 5", id="a-note-of-the-chapter"),
    ],
)
def test_questions_about_the_book_are_answered_from_more_than_passages(
    small: Book, kind: str, fact: str
) -> None:
    fields = {**RETURNS, "footnotes": (), "facts": ((fact,),)}
    if kind == "source":
        fields |= {"footnotes": (3,), "sources": ("ch01.t1.know.p1",)}
    assert list(faults(make_item(kind=kind, **fields), small)) == []
    assert f"出处没有写明 {fact}" in list(faults(make_item(kind="figure", **fields), small))


def test_who_speaks_is_part_of_a_quote(small: Book) -> None:
    fields = {"chapters": (1,), "facts": (("Zhou Wen",),), "sources": ("ch01.t1.act.q1",)}
    assert list(faults(make_item(kind="english", **fields), small)) == []


def test_a_question_is_absent_where_none_of_its_places_is(small: Book) -> None:
    assert is_absent(make_item(sources=("ch05.essay", "ch06")), small)
    assert not is_absent(make_item(sources=("ch05.essay", "ch01")), small)
    assert not is_absent(make_item(), small)


def test_kinds_must_be_many_enough_and_even() -> None:
    def items(kind: str, tune: int, test: int, none: int = 0) -> list[Item]:
        splits = ["tune"] * tune + ["test"] * test + [None] * none
        return [make_item(f"{kind}{n}", kind=kind, split=split) for n, split in enumerate(splits)]

    given = [
        *items("good", 11, 10),
        *items("few", 9, 9),
        *items("odd", 20, 10),
        *items("no", 10, 10, 1),
    ]
    assert list(uneven(given)) == [
        "few 只有 18 题，至少要 20",
        "odd 两半不均：tune 20，test 10",
        "no 有 1 题没有 split",
    ]


class TestNearDuplicates:
    """「甲乙丙丁」 has two trigrams, 甲乙丙 and 乙丙丁; 「甲乙丙丁戊」 one more."""

    def test_two_of_three_trigrams_are_too_near(self) -> None:
        found = near_duplicates([Asked("a", "甲乙丙丁", True), Asked("b", "甲 乙丙，丁戊？")])
        assert list(found) == ["a 与 b 近乎相同（0.67）"]

    def test_two_of_four_are_not(self) -> None:
        assert not list(near_duplicates([Asked("a", "甲乙丙丁", True), Asked("b", "甲乙丙丁戊己")]))

    def test_questions_for_tuning_may_be_alike(self) -> None:
        assert not list(near_duplicates([Asked("a", "甲乙丙丁"), Asked("b", "甲乙丙丁")]))

    def test_a_pair_of_test_questions_is_told_once(self) -> None:
        found = near_duplicates([Asked("a", "甲乙丙丁", True), Asked("b", "甲乙丙丁", True)])
        assert list(found) == ["a 与 b 近乎相同（1.00）"]

    def test_the_shortest_questions_are_compared_too(self) -> None:
        found = near_duplicates([Asked("a", "你好", True), Asked("b", "你好！")])
        assert list(found) == ["a 与 b 近乎相同（1.00）"]


def write(path: Path, *rows: dict[str, object]) -> Path:
    path.write_text(
        "\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8"
    )
    return path


@pytest.fixture
def short_bank(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put one question in the place of the bank, whose thousands take a second each time."""
    asked = [Asked("bank.jsonl:1", "问！")]
    monkeypatch.setattr("evals.check_golden.bank_questions", lambda: iter(asked))


@pytest.mark.usefixtures("short_bank")
def test_data_sets_are_checked_together(tmp_path: Path, small: Book) -> None:
    row = {"id": "1", "question": "问", "kind": "figure", "facts": [["75%"]], "chapters": [1]}
    good = {**row, "id": "2", "facts": [["74%"]]}
    one = write(tmp_path / "one.jsonl", {**row, "split": "test"})
    two = write(tmp_path / "two.jsonl", {**row, "question": "另一问"}, good)
    said = list(check([one, two], full=small, digest=None))
    assert said == [
        "two.jsonl 1：id 与 one.jsonl 重复",
        "one.jsonl 1：出处没有写明 75%",
        "one.jsonl 1：章应为 []，题中是 [1]",
        "two.jsonl 1：出处没有写明 75%",
        "two.jsonl 1：章应为 []，题中是 [1]",
        "one.jsonl 1 与 two.jsonl 2 近乎相同（1.00）",
        "one.jsonl 1 与 bank.jsonl:1 近乎相同（1.00）",
    ]


@pytest.mark.usefixtures("short_bank")
def test_a_follow_up_is_compared_with_what_was_said_before(tmp_path: Path, small: Book) -> None:
    def row(item_id: str, before: str) -> dict[str, object]:
        history = [{"role": "user", "content": before}, {"role": "assistant", "content": "答"}]
        return {
            "id": item_id,
            "question": "那语音呢？",
            "split": "test",
            "history": history,
            "facts": [["74%"]],
            "footnotes": [4],
            "chapters": [1],
        }

    other = write(tmp_path / "a.jsonl", row("1", "文字机器人多吗？"), row("2", "视频会议谁在用？"))
    assert not list(check([other], full=small, digest=None))
    same = write(tmp_path / "b.jsonl", row("1", "文字机器人多吗？"), row("2", "文字机器人多吗？"))
    assert len(list(check([same], full=small, digest=None))) == 1


@pytest.mark.usefixtures("short_bank")
def test_the_exit_status_tells_whether_something_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GUIDE_BOOK", str(DIGEST))
    bad = write(tmp_path / "bad.jsonl", {"id": "1", "question": "问", "facts": [["没有"]]})
    assert main([str(bad)]) == 1
    assert "bad.jsonl 1：出处没有写明 没有" in capsys.readouterr().out
    good = write(tmp_path / "good.jsonl", {"id": "1", "question": "问", "answerable": False})
    assert main([str(good)]) == 0


def test_the_bank_is_read_with_the_questions_that_have_no_answer() -> None:
    files = Counter(asked.where.split(":")[0] for asked in bank_questions())
    assert sum(files.values()) > 3000
    assert files["unanswered.jsonl"] > 0


@pytest.mark.usefixtures("short_bank")
def test_the_digest_may_lack_a_place_but_not_state_something_else(
    tmp_path: Path, small: Book, digest: Book
) -> None:
    fields = {"question": "问", "facts": [["74%"]], "footnotes": [4], "chapters": [1]}
    there = write(tmp_path / "a.jsonl", {**fields, "id": "1", "sources": ["ch01.t2.know.p1"]})
    said = list(check([there], full=small, digest=digest))
    assert said
    assert all(one.endswith("（摘要版）") for one in said)
    absent = write(tmp_path / "b.jsonl", {**fields, "id": "1", "sources": ["ch03.t1.know.p1"]})
    assert list(check([absent], full=None, digest=small)) == []
    assert list(check([absent], full=small, digest=None)) != []


class TestOurDataSets:
    def test_they_are_right_on_the_digest(self, digest: Book) -> None:
        assert GOLDEN in data_sets()
        assert list(check(data_sets(), full=None, digest=digest)) == []

    @pytest.mark.book
    def test_they_are_right_on_the_full_guide(self, guide_book: Book) -> None:
        assert list(check(data_sets(), full=guide_book, digest=None)) == []
