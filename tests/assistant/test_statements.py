"""Each figure is bound to its own words, people and year."""

from __future__ import annotations

import pytest

from assistant.statements import Statement, sides_of, take_apart
from index.static import StaticEmbedder
from ingest.normalise import normalise


@pytest.fixture(scope="module")
def words() -> StaticEmbedder:
    return StaticEmbedder()


def said(statement: Statement, tokens: object) -> set[str]:
    return {statement.text[a:b] for a, b in statement.spans[tokens]}  # type: ignore[index]


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        pytest.param("28% 的受访 CEO 评估了", ["CEO"], id="after-the-share"),
        pytest.param("CEO 中有 28% 评估了", ["CEO"], id="before-the-share"),
        pytest.param("在员工当中，54% 担心", ["员工"], id="in-the-clause-before"),
        pytest.param("二十位高管中有十七位", ["高管"], id="within-the-figure"),
        pytest.param("74% 的 CEO 认同，高管里只有 29%", ["CEO", "高管"], id="one-each"),
        pytest.param("要影响业务 (62%) 的合作伙伴", [None], id="no-count-in-brackets"),
        pytest.param("收入高出 31%", [None], id="a-change-counts-nobody"),
    ],
)
def test_who_is_counted(text: str, groups: list[str | None], words: StaticEmbedder) -> None:
    assert [c.group for c in take_apart(normalise(text), words).counts] == groups


def test_the_items_of_a_list_keep_their_own_words(words: StaticEmbedder) -> None:
    text = normalise("影响最大的是销售 (57%)、营销 (55%) 和客户服务 (37%)")
    statement = take_apart(text, words)
    sales, research, service = (said(statement, c.tokens) for c in statement.counts)
    assert "销售" in sales
    assert "销售" not in research | service
    assert "营销" in research


def test_a_year_belongs_to_the_share_beside_it(words: StaticEmbedder) -> None:
    statement = take_apart(normalise("占比由 2018 年的 3% 升到 2025 年的近 9%"), words)
    assert [c.years for c in statement.counts] == [{2018}, {2025}]


def test_one_figure_said_twice_is_one(words: StaticEmbedder) -> None:
    (count,) = take_apart(normalise("近三分之二 (63%) 的受访高管"), words).counts
    assert [figure.text for figure in count.figures] == ["三分之二", "63%"]


def test_more_and_less_are_told_apart(words: StaticEmbedder) -> None:
    texts = ("收入高出 31%", "成本降低 75%", "占 31%")
    assert [take_apart(normalise(t), words).counts[0].change for t in texts] == [1, -1, 0]


def test_a_comparison_has_two_sides(words: StaticEmbedder) -> None:
    statement = take_apart(normalise("先行者的收入比其他组织高出 31%"), words)
    sides = sides_of(statement, statement.counts[0])
    assert sides is not None
    assert "收入" in said(statement, sides[0])
    assert "其他" in said(statement, sides[1])


def test_nothing_is_taken_apart_too(words: StaticEmbedder) -> None:
    statement = take_apart("", words)
    assert statement.counts == ()
    assert statement.clauses == ((0, 0),)
