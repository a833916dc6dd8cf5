"""The groups that the book's surveys count: a share of CEOs is no share of consumers."""

from __future__ import annotations

import re

_OFFICES = "CEO|CMO|CIO|CTO|CDO|CSCO|COO|CFO|CHRO|CISO|CxO"
GROUP = (
    rf"受访\s?(?:{_OFFICES})(?:[/／](?:{_OFFICES}))*|受访(?:首席级高管|IT\s?高管|高管|组织|领导者|者)"
    rf"|(?:首席级|IT|供应链|营销|客户服务|其他)\s?高管|(?:{_OFFICES})(?:[/／](?:{_OFFICES}))*"
    r"|企业领导者|领导者|初级员工|员工|消费者|客户|高管|组织|企业|项目|合作伙伴|投资者"
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
    return "受访者" if bare == "者" else bare
