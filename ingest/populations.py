"""The groups that the book's surveys count: a share of CEOs is no share of consumers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

_OFFICES = "CEO|CMO|CIO|CTO|CDO|CSCO|COO|CFO|CHRO|CISO|CxO"
GROUP = (
    rf"受访\s?(?:{_OFFICES})(?:[/／](?:{_OFFICES}))*|受访(?:首席级高管|IT\s?高管|高管|组织|领导者|者)"
    rf"|(?:首席级|IT|供应链|营销|客户服务|其他)\s?高管|(?:{_OFFICES})(?:[/／](?:{_OFFICES}))*"
    r"|企业领导(?:者|人(?!员))?(?!力)|领导者|初级员工|员工(?!体验)|消费者|客户(?!体验)|高管|组织|企业|项目|合作伙伴|投资者"
)
_POPULATION = re.compile(GROUP)


def find_populations(text: str) -> tuple[str, ...]:
    """Find the groups that a sentence names, in order, each once.

    「受访」 and spaces are taken off, so that 「受访 CEO」 and 「CEO」 are one group.
    Spelt-out offices (首席执行官) are left to the caller: a title of a person is no group.
    """
    return tuple(dict.fromkeys(bare_group(match[0]) for match in _POPULATION.finditer(text)))


def bare_group(name: str) -> str:
    """Fold the name of a group: 「受访 CEO」 is 「CEO」, 「受访者」 stays."""
    bare = name.removeprefix("受访").replace(" ", "").replace("／", "/")
    bare = "企业领导者" if bare.startswith("企业领导") else bare
    return "受访者" if bare == "者" else bare


@dataclass(frozen=True, slots=True)
class Group:
    """A group that a text names, under any of its names."""

    kind: str  # the group itself: "CEO", "高管", "员工"
    start: int  # offset in the text, in code points
    end: int


# The narrower name first: 「供应链高管」 are no executives at large. Several kinds share a
# survey (「CIO/CTO」 are 「IT 高管」), so they are one.
_GROUPS = {
    "CEO": r"ceo|首席执行官|行政总裁|一把手|掌门人?|老板|老总",
    "CMO": r"cmo|首席营销官|(?:市场)?营销(?:高管|主管|负责人|总监|领导者|一把手|官)|市场总监",
    "IT高管": r"(?:it|技术|信息技术|科技)(?:高管|主管|负责人|领导者|领导)|cio|cto|首席信息官|首席技术官",
    "CDO": r"cdo|首席数据官|数据(?:高管|主管|负责人)",
    "供应链高管": r"供应链(?:高管|主管|负责人|领导者|管理者)|csco|coo|首席供应链官|首席运营官",
    "客服人员": r"客服(?:人员|代表|坐席|团队)|人工客服|坐席",
    "董事会": r"董事会|董事",
    "投资者": r"投资者|投资人|股东",
    "合作伙伴": r"合作伙伴|伙伴|供应商|合作方",
    "消费者": r"消费者|客户|顾客|用户|买家",
    "高管": r"(?:首席级|其他|其它|企业|高级)?(?:高管|领导者|领导人|领导(?!力))|高级管理(?:人员|者)|管理(?:层|者)|经理人|主管|决策者",
    "初级员工": r"(?:初级|基层|入门级?|一线)(?:员工|人员|职员|岗位|职位|雇员)(?:工作岗位)?|初级工",
    "员工": r"员工|雇员|职员|职工|劳动者|上班族|打工者",
    "受访者": r"受访者|被访者|受访的?人|受访对象",
    "组织": r"(?:受访)?(?:组织|企业|公司|机构)",
}
# Groups that a share may be told of in place of another. An executive who is asked speaks for the
# organisation, and every group of a survey is 「受访者」.
_IMPLIED = {
    "员工": re.compile("团队|人员|人才|工作者|劳动力|人手|人力|岗位|职位|人类|每个人|同事"),
    "高管": re.compile("领导|高层|管理|首席"),
    "消费者": re.compile("市场|受众|购物|服务对象|买"),
    "合作伙伴": re.compile("生态|供应|合作|第三方"),
    "董事会": re.compile("董事"),
    "客服人员": re.compile("客服|客户服务"),
}
_ADDRESSED = frozenset({"CEO", "高管", "组织", "受访者"})
_STANDS_FOR = {
    frozenset({"高管", "组织"}),
    frozenset({"高管", "受访者"}),
    frozenset({"CEO", "受访者"}),
    frozenset({"CMO", "受访者"}),
    frozenset({"IT高管", "受访者"}),
    frozenset({"组织", "受访者"}),
    frozenset({"员工", "受访者"}),
    frozenset({"消费者", "受访者"}),
}


def find_groups(text: str) -> tuple[Group, ...]:
    """Find the groups of people and organisations that a normalised text names, in order."""
    return tuple(
        Group(str(match.lastgroup), match.start(), match.end())
        for match in _groups().finditer(text)
    )


def is_addressed(kind: str) -> bool:
    """Whether the guide speaks to a group, or of it, even where it does not name it."""
    return kind in _ADDRESSED


def is_implied(kind: str, text: str) -> bool:
    """Whether a text speaks of a group without its name: of 「人才」, where staff is meant."""
    return kind in _IMPLIED and bool(_IMPLIED[kind].search(text))


def same_group(one: str, other: str) -> bool:
    """Whether what is counted of one group may be told of another."""
    return one == other or frozenset({one, other}) in _STANDS_FOR


@cache
def _groups() -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<{kind}>{names})" for kind, names in _GROUPS.items()))
