"""Words that turn a statement round: negations, and words that have an opposite.

A restatement may use other words, but what it denies the book must deny, and where it says more the
book must not say less. Only the two poles of a pair contradict each other: a word that stands on
neither side says nothing here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# 「不仅」, 「不断」, 「不同」, 「无论」, 「未来」 … deny nothing.
_NEGATION = re.compile(
    r"(?<![离绕少避免好])不(?:是|再|会|能|可|应|该|要|必|用|想|愿|肯|敢|需|得|宜|曾|太|大|够|具备|存在|打算|认为|认同)?"
    r"(?<!不仅)(?!仅|只|但|断|同|论|管|妨|过|少|久|已|止|单|光|禁|得不|满足于|限|公|平|等|确定|当|利|良|足|到|安|便|光|必说|透明)"
    r"|没有?(?!收|几)|尚未|从未|未(?!来|必|雨)能?曾?|无(?!论|缝|头|形|疑|穷|数|人机|需多|与伦)(?:法|须|需|意|力|从)?"
    r"|别(?!的|人|家|出|处|是|具)|勿|莫|并非|绝非|非(?!常|结构|营|人工|技术|财|洲|凡)|而非|拒绝|否认|缺乏|缺少|欠缺|匮乏|杜绝|毫无"
)
# Words that deny without a negation: enough to carry one, too little to demand one.
_DENYING = re.compile(
    r"不足|不到|不满|不够|难以|难|困难|很少|极少|罕|避免|防止|防范|免得|以免|以防|停止|放弃|退出|推迟|暂缓|阻碍|障碍|妨碍|威胁"
    r"|风险|反对|禁止|丧失|失去|失败|遥不可及|空白|缺|差|弱|错过|忽视|忽略|漏|落后|怀疑|警惕|小心|取代|替代|除外|之外|代价|独自|单靠|孤|过时"
    r"|问题|挑战|分散|碎片|担心|仅|只有|唯|才|不|没|未|无|非|别|勿|莫|拒|反倒|却|甩|打破|拆|消除|摆脱|抛|停|光靠|光|解放|与其|之前|以前|前(?!沿|瞻|景|提|所|五|三)|替换|绝"
)
_EITHER = re.compile(r"(.{1,2})不\1")  # 「好不好」 asks, and denies nothing
_ENDS_SCOPE = re.compile(r"[,;。!?:]|而是|但|却|反而|而要|才是|不如")


@dataclass(frozen=True, slots=True)
class Negation:
    """A word that denies, and the stretch that it denies; offsets in the normalised text."""

    start: int
    end: int
    scope_end: int


@dataclass(frozen=True, slots=True)
class Pole:
    """A word on one side of a pair of opposites."""

    axis: str
    positive: bool
    start: int
    end: int


_UP = r"增加|增长|增至|增到|增强|增多|提高|提升|上升|升至|升到|上涨|扩大|加大|加强|加深|强化|壮大|拉高|推高|走高|调高|更高|翻番|改善|改进|优化|涨|增(?!强型)"
_DOWN = r"减少|减至|减弱|减(?!缓)|降低|下降|降至|降到|降(?!级)|下跌|缩小|缩减|削减|削弱|弱化|压缩|萎缩|恶化|损害|拉低|走低|调低|更低|裁减|跌"
_AXES: dict[str, tuple[str, str]] = {
    "amount": (_UP, _DOWN),
    "level": (
        r"高于|多于|大于|优于|超过|超出|高出|高过|多过|多出|胜过|强于|领先于|更高|更多(?!地)|更大|更强|更好|比[^,。;]{1,24}(?:高|多|大|强|好)",
        r"低于|少于|小于|逊于|不及|不如|低出|少过|落后于|更低|更少|更小|更弱|更差|比[^,。;]{1,24}(?:低|少|小|弱|差)",
    ),
    "speed": (
        r"加快|加速|快速|迅速|尽快|赶紧|更快|提速|提前|尽早",
        r"放慢|减缓|减速|放缓|延缓|缓慢|迟缓|更慢|拖慢|拖延|推迟|延后|暂缓",
    ),
    "share": (
        r"大多数|绝大多数|多数|大部分|大多|几乎所有|普遍|多半|大半",
        r"少数|极少数|小部分|少部分|很少有?|鲜有|个别|几乎没有|寥寥",
    ),
    "help": (
        r"促进|推动|带动|帮助|有助于|助力|支持|鼓励|激励|便于|利于|赋能",
        r"阻碍|妨碍|阻止|抑制|遏制|打击|限制|挫伤|拖累|不利于",
    ),
    "optimism": (r"乐观", r"悲观"),
    "risk": (r"机遇|机会|优势|好处|益处|收益", r"风险|威胁|劣势|坏处|弊端|损失|代价"),
    "strength": (r"擅长|优秀|卓越|强大|成熟|充足|充分|丰富", r"薄弱|平庸|不成熟|不足|匮乏|贫乏"),
    "openness": (r"开放|公开|透明", r"封闭|保密|不透明"),
    "gathering": (r"集中|聚焦|整合|统一", r"分散|分割|割裂"),
    "replacing": (r"增强|辅助|协助", r"取代|替代|顶替|代替"),
    "importance": (
        r"重要|至关重要|关键|必不可少|核心|首要|第一要务|优先",
        r"次要|无关紧要|可有可无|边缘|末位",
    ),
    "difficulty": (r"容易|轻松|简单|简便", r"困难|艰难|棘手|不易|复杂"),
    "trust": (r"信任|信赖|放心", r"不信任|怀疑|猜疑"),
    "agreement": (r"认同|同意|赞成|赞同", r"反对|不认同|不同意|否认"),
    "hiring": (r"雇佣|招聘|增聘|聘用|招募|新增员工", r"裁员|裁减|解雇|减少人手|缩减人手"),
    "success": (r"成功|胜出", r"失败|落败"),
    "time": (r"之前|以前|前", r"之后|以后|后"),
    "inside": (r"内部", r"外部"),
    "sameness": (r"一致|相同|同样", r"不一致|不同|相反"),
    "centre": (r"主动|积极|率先", r"被动|消极|观望"),
    "extent": (r"短期|短暂", r"长期|持久"),
}
# Axes whose words serve for each other: where one agrees, the other is no contradiction.
_RELATED = {"amount": "more", "level": "more", "hiring": "more", "help": "more", "strength": "more"}
_POLES = {axis: re.compile(f"(?P<up>{up})|(?P<down>{down})") for axis, (up, down) in _AXES.items()}


def agree(one: Pole, other: Pole) -> bool:
    """Whether two words stand on the same side of one pair, or of two that serve for each other."""
    same = _RELATED.get(one.axis, one.axis) == _RELATED.get(other.axis, other.axis)
    return same and one.positive == other.positive


def find_negations(text: str) -> tuple[Negation, ...]:
    """Find what a normalised text denies, in order."""
    found = []
    asked = {match.end(1) for match in _EITHER.finditer(text)}
    for match in _NEGATION.finditer(text):
        if match.start() in asked:
            continue
        end = _ENDS_SCOPE.search(text, match.end())
        found.append(Negation(match.start(), match.end(), end.start() if end else len(text)))
    return tuple(found)


def denies(text: str) -> bool:
    """Whether a normalised text holds any word that could carry a negation."""
    return bool(_DENYING.search(text))


def find_poles(text: str) -> tuple[Pole, ...]:
    """Find the words of a normalised text that have an opposite, by axis."""
    return tuple(
        Pole(axis, match["up"] is not None, match.start(), match.end())
        for axis, words in _POLES.items()
        for match in words.finditer(text)
    )
