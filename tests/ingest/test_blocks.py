"""Blocks carry the exact offsets on which every quote rests."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.blocks import Block, join, split_blocks, split_list

_PAGE = st.text("书店A1-*•。 \t\u3000\u00a0\n", max_size=80)


def block(text: str) -> Block:
    (only,) = split_blocks(text)
    return only


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        pytest.param("甲", [("甲", 1)], id="one-line"),
        pytest.param("甲\n乙", [("甲\n乙", 1)], id="two-lines-are-one-block"),
        pytest.param("甲\n\n乙", [("甲", 1), ("乙", 3)], id="a-blank-line-parts"),
        pytest.param("甲\n \t\u3000\n乙", [("甲", 1), ("乙", 3)], id="white-space-alone-parts"),
        pytest.param("\n\n\n甲\n\n\n", [("甲", 4)], id="outer-blank-lines"),
        pytest.param("  甲\n  乙  ", [("甲\n  乙", 1)], id="outer-white-space-is-left-out"),
        pytest.param("", [], id="nothing"),
        pytest.param("\n \n", [], id="blank-lines-alone"),
    ],
)
def test_blank_lines_part_blocks(text: str, blocks: list[tuple[str, int]]) -> None:
    assert [(found.text, found.line) for found in split_blocks(text)] == blocks


@given(_PAGE)
def test_blocks_are_exact_slices_in_order(text: str) -> None:
    blocks = split_blocks(text)
    edges = [edge for found in blocks for edge in (found.start, found.end)]
    assert edges == sorted(edges)
    for found in blocks:
        assert text[found.start : found.end] == found.text == found.text.strip() != ""
        assert found.line == text.count("\n", 0, found.start) + 1
    assert "".join(found.bare for found in blocks) == "".join(text.split())


@given(
    st.lists(st.text("书店。A ", min_size=1).filter(str.strip), min_size=1, max_size=5), st.data()
)
def test_items_of_a_list_are_exact_slices(items: list[str], data: st.DataObject) -> None:
    sign = data.draw(st.sampled_from("-*•"))
    source = "前言。\n\n" + "\n".join(f"{sign} {item}" for item in items)
    listed = split_blocks(source)[-1]
    parts = split_list(listed)
    assert listed.is_list
    assert [part.text for part in parts] == [item.strip() for item in items]
    assert [part.line for part in parts] == list(range(3, 3 + len(items)))
    assert all(source[part.start : part.end] == part.text for part in parts)


def test_an_item_keeps_its_second_line() -> None:
    source = "- 甲，\n乙。\n- 丙。"
    assert [part.text for part in split_list(block(source))] == ["甲，\n乙。", "丙。"]


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        pytest.param("- 甲", True, id="dash"),
        pytest.param("* 甲", True, id="star"),
        pytest.param("• 甲", True, id="dot"),
        pytest.param("**甲** 乙", False, id="bold-is-no-bullet"),
        pytest.param("-5% 的店", False, id="a-minus-is-no-bullet"),
        pytest.param("甲\n- 乙", False, id="a-paragraph-first"),
    ],
)
def test_a_list_opens_with_a_bullet(text: str, listed: bool) -> None:
    assert block(text).is_list is listed


@pytest.mark.parametrize(
    ("text", "named"),
    [
        pytest.param("Mei Lin", True, id="two-words"),
        pytest.param("Mei Lin\n店主", True, id="an-office-below"),
        pytest.param("Fernando González", True, id="an-accent"),
        pytest.param("Vincenzo De Lisi", True, id="a-particle"),
        pytest.param("Ludwig van Beethoven", True, id="a-particle-in-lower-case"),
        pytest.param("Scott O' Neil", True, id="an-apostrophe-and-a-space"),
        pytest.param("Okuyama Hiroshi", True, id="family-name-first"),
        pytest.param("Slack 首席执行官", False, id="a-company-and-an-office"),
        pytest.param("CEO", False, id="one-word"),
        pytest.param("店主 Mei Lin", False, id="characters-before-it"),
        pytest.param("Mei Lin says that books are fine.", False, id="a-sentence"),
        pytest.param("梅琳", False, id="a-chinese-name"),
    ],
)
def test_a_name_stands_alone_on_its_line(text: str, named: bool) -> None:
    assert block(text).is_name is named


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        pytest.param("74%", True, id="alone"),
        pytest.param("7.5 %", True, id="decimal-and-space"),
        pytest.param("74", False, id="a-page-number"),
        pytest.param("74% 的店", False, id="with-words"),
    ],
)
def test_a_figure_stands_alone(text: str, figure: bool) -> None:
    assert block(text).is_figure is figure


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        pytest.param("“甲。”", True, id="plain"),
        pytest.param("“**甲。**”", True, id="bold-within"),
        pytest.param("**“甲。”**", True, id="bold-around"),
        pytest.param("“甲”。", False, id="a-quoted-word"),
    ],
)
def test_a_quotation_is_closed_at_the_end(text: str, closed: bool) -> None:
    assert block(text).ends_quotation is closed


def test_a_caption_is_a_long_run_of_english() -> None:
    assert block("A photograph of a shop with a red door and many windows.").is_english
    assert not block("A photograph").is_english
    assert not block("生成式 AI is a set of words in two languages, long enough").is_english


def test_a_block_reads_as_one_line_and_compares_without_space() -> None:
    found = block("**店面 与\n街坊**。³")
    assert found.line_text == "店面 与街坊。"
    assert found.bare == "**店面与街坊**。³"


def test_joined_blocks_are_one_slice() -> None:
    source = "甲\n\n 74%\n\n的店"
    joined = join(split_blocks(source), source)
    assert joined == Block(source, 0, len(source), 1)
