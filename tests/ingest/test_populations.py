"""A share of CEOs is no share of consumers: the group decides whether a claim answers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.populations import (
    find_groups,
    find_populations,
    is_addressed,
    is_implied,
    same_group,
)


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        pytest.param("60% 的 CEO 这样看", ("CEO",), id="an-office"),
        pytest.param("受访 CEO 与受访CEO", ("CEO",), id="surveyed-or-not-is-one-group"),
        pytest.param("受访高管", ("高管",), id="executives"),
        pytest.param("受访首席级高管", ("首席级高管",), id="c-suite"),
        pytest.param("IT 高管和 IT高管", ("IT高管",), id="spaces-do-not-matter"),
        pytest.param("供应链高管", ("供应链高管",), id="the-narrower-group-wins"),
        pytest.param("受访 CIO/CTO", ("CIO/CTO",), id="two-offices-of-one-survey"),
        pytest.param("CSCO／COO", ("CSCO/COO",), id="a-full-width-slash"),
        pytest.param("受访者", ("受访者",), id="respondents"),
        pytest.param("初级员工多于员工", ("初级员工", "员工"), id="juniors-are-no-staff-at-large"),
        pytest.param("企业领导者与领导者", ("企业领导者", "领导者"), id="leaders"),
        pytest.param("客户、消费者、客户", ("客户", "消费者"), id="in-order-and-each-once"),
        pytest.param("员工体验好的组织", ("组织",), id="an-experience-is-no-group"),
        pytest.param("其他高管", ("其他高管",), id="the-other-executives"),
        pytest.param("首席执行官", (), id="a-title-is-no-group"),
        pytest.param("书架", (), id="no-group"),
        pytest.param("", (), id="nothing"),
    ],
)
def test_groups_are_named_in_the_words_of_the_book(text: str, groups: tuple[str, ...]) -> None:
    assert find_populations(text) == groups


@given(st.lists(st.sampled_from(["受访", "高管", "CEO", "／", "/", " ", "客户", "者", "书"])))
def test_groups_are_distinct_and_bare(words: list[str]) -> None:
    groups = find_populations("".join(words))
    assert len(groups) == len(set(groups))
    assert not any(" " in group or "／" in group for group in groups)
    assert all(group == "受访者" or not group.startswith("受访") for group in groups)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        pytest.param("老板与首席执行官", ["CEO", "CEO"], id="names-of-one-office"),
        pytest.param("营销主管", ["CMO"], id="an-office-in-words"),
        pytest.param("it高管", ["IT高管"], id="no-executives-at-large"),
        pytest.param("供应链高管", ["供应链高管"], id="the-narrower-group"),
        pytest.param("初级员工和员工", ["初级员工", "员工"], id="juniors"),
        pytest.param("企业高管", ["高管"], id="executives-of-companies"),
        pytest.param("领导力", [], id="leadership-is-nobody"),
    ],
)
def test_groups_are_found_under_any_name(text: str, kinds: list[str]) -> None:
    assert [group.kind for group in find_groups(text)] == kinds


def test_which_groups_stand_for_others() -> None:
    assert same_group("CEO", "CEO")
    assert same_group("高管", "组织")
    assert not same_group("CEO", "高管")
    assert not same_group("消费者", "员工")


def test_the_guide_addresses_leaders_and_implies_staff() -> None:
    assert is_addressed("CEO")
    assert not is_addressed("消费者")
    assert is_implied("员工", "让团队参与")
    assert not is_implied("投资者", "让团队参与")
