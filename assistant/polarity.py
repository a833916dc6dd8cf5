"""Words that turn a statement round: negations, and words that have an opposite.

A restatement may use other words, but what it denies the book must deny, and where it says more the
book must not say less. Only the two poles of a pair contradict each other: a word that stands on
neither side says nothing here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# What begins like a negation and denies nothing: 「不仅」, 「无论」, 「特别」; and what denies twice
# and so affirms: 「离不开」.
_WITHOUT = (
    r"(?:没有|缺了|缺少|离开|少了)[^,。;]{1,16},?[^,。;]{0,14}?[\u4e00-\u9fff]不"
    r"(?:起来?|动|了|成|到|住|行|下去)(?=[,。;])"
)
_NO_DENIAL = (
    rf"{_WITHOUT}|不[^,。;]{{1,6}}不(?:行|可|成)|不然|(?:不[能可容应得要]|别)(?:放松|松懈|马虎|含糊|掉以轻心|缺|丢|牺牲)|没有?把握|没[底数]|不至于[^,。;]{0, 6}[不没无]|[过说]不(?:过去|去)|不会少(?=[,。;])|"
    "无一不|无不|莫不|没有[^,。;]{0,10}不|没有[^,。;]{0,14}(?:置身事外|幸免|免于|例外|独善其身|躲|逃)|缺一不可|必不可少|不[可能]少|不可缺|不可或缺|非[^,。;]{1,14}不可"
    "|(?:别|不要|不可|不能|不会|切勿|勿)再?(?:漏|忘|忽视|忽略|错过|放过|小看|低估|停)"
    "|不再(?:仅仅|仅|只|单|局限|限于)|不一样|不一致|不一|不相上下|不分|不迟|不变|不掉队|不落下风|不落后|不逊|不亚于"
    "|(?:没有|缺[了少乏]|少了|离开)[^。;]{1,44}?(?:(?:就|便)[^,。;]{0,2}(?:没有?|无|不|难)|谈不上|无法|难以|找不到)|不[^,。;]{1,12},?(?:[^,。;]{1,8}?)?就(?:不|没|无|难)|并非易事|不是易事|不简单|没那么"
    "|(?:不能|不应|不应该|不该|不要|不会|别|而不|切勿)(?:再)?(?:只|光|仅|单)|不为过|不奇怪|不意外|不出意料|不例外|没问题|不在话下|不言而喻"
    "|(?:无法|不能|不可|难以)(?:回避|避免|幸免)|不能丢|没有[^,。;]{0,14}比[^,。;]{1,16}[更还]|缺[^,。;]{0,6}不(?:行|可|成)|宁[可愿肯][^。;]{1,20}?[也都]不|不是说(?P<at>.{1,3})就(?P=at)|不是(?:一锤子|一次性|一劳永逸|一蹴而就|一朝一夕)|(?:代替|取代|替代)不了|[不无]可(?:替代|取代)|并非不|不是不|不无|[说拿吃摸]不准|[要用花]不了(?=\\d|[一二三四五六七八九十两几])|没过[几多]|有无|犹豫不决|迟疑不决|(?<![来赶])不及(?![格时早])"
    "|不清|不懈|不时|不日|不料|不惜|不在乎|不介意|不计较|不愧"
    "|(?:不(?:下|满|及|出|低于|少于|高于|多于|超过)|[未没](?:到|满|及|足|过|超过|达到?))(?=[近约]?[\\d一二三四五六七八九十百两半])"
    "|未知|密不可分|不可分|更不用说|独一无二|无限|还?没有?[^,。;]{1,14}[之以]前|不外乎|不明朗|不明确|不稳定|不错|不失|不乏|不凡|前所未|层出不穷|无阻|不断|"
    "不仅|不只|不如|不但|不断|不同|不论|不管|不妨|不过|不少|不久|不止|不单|不光|不禁|不得不|不限|不公|不平|不等(?!于)|不确定|不当"
    "|不利|不良|不足|(?<![拿做看找达得听想遇办])不到|不安|不便|不必说|不透明|不道德|离不开|绕不开|少不了|免不了|免不得|避不开|不停|不容忽视|不容缓|不容小觑|不容错过|前所未有|从未有过|没收|没几|未来|未必|未雨"
    "|无论|无缝|无头|无形|无疑|无穷|无数|无人机|无需多|无与伦|无障碍|非常|非结构|非营|非人|非技术|非财|非洲|非凡|除非|非(?=等|要|得)"
    "|差别|区别|级别|分别|个别|特别|识别|辨别|类别|性别|判别|告别|别的|别人|别家|别出|别处|别具"
)
_NEGATION = re.compile(
    rf"(?P<none>{_NO_DENIAL})|而不是|不(?:是|再|会|能够?|可以?|应[该当]?|该|要|必|用|想|愿意?|肯|敢|需要?|得|宜|曾|太|够)?"
    r"|没有[^,。;]{1,6}?(?:能够?|可以|会)|没有?|尚未|从未|未能?|无(?:法|须|需|意|力|从)?|用不着|[并绝而虽实远]非|(?<=就)难以?|别|勿|拒绝|(?<!是)否认|缺乏|缺少|欠缺|避免|停止|防止|切忌|杜绝|毫无"
)
_AVOIDING = re.compile("避免|停止|防止|切忌|杜绝|不再|不[必用]再|不[必用]?等(?!于)|用不着等")
_URGING = re.compile("别|不要|切?勿|切忌|无[需须]|用不着|不[用宜]|不必(?=[过太再担害纠等费急为])")
_NEEDLESS = re.compile("不(?:必|需要?|可以)|无[需须]")
_BARE = frozenset({"不", "没"})
_IF = re.compile("(?:若|如果|要是|假如|倘若|再)$")
_THEN = re.compile(r"[^。;]{1,18}就")
_SET_OFF = re.compile(
    r"(?:不再?是?|没有?|并非|不[该应]当?)[^。;]{1,40}?,?(?:而[是该应要]|只[当是把])|不[^,。;]{1,10},只"
)
# 「看不出」, 「管不了」: what is denied stands before.
_COMPLEMENT = re.compile(
    r"不(?:[\u4e00-\u9fff](?=[,。;!]|$)|[好佳够](?=[会就的])|负责(?=[,。;的])|出来?|上来?|下去?|过?去|了|到|起|清|着|住|动|掉|完|懂|见|开)(?!为)"
)
_ONCE = re.compile("(?:年初|原先|原本|本来|起初|过去|从前|以前|当初)[^。;]{0,20}$")
_SINCE = re.compile("[^。]*?,[^。]*?(?:后来?|如今|现在|终于|却)")
_EITHER = re.compile(r"(.{1,2})(?:不|没)\1")  # 「好不好」 asks, and denies nothing
_THINKING = re.compile(r"认为|相信|觉得|预计|预期|认同|同意|表示|说(?!明)|指望|看好|意味|代表")
_ENDS_SCOPE = re.compile(r"[,;。!?:]|而是|但|却|反而|而要|才是|不如")
_OF_THINGS = re.compile("避免|防止|缺|欠缺|杜绝|切忌")
_ENDS_OBJECT = re.compile(rf"{_ENDS_SCOPE.pattern}|、|[和并将会是]|成为|以及|[妨阻]碍")
# Words that deny without a negation: enough to carry one, too little to demand one. Words that
# deny the same stand together.
_DENYING = tuple(
    re.compile(words)
    for words in (
        r"难以|难(?![得题点关度])|未必|不一定|[说拿吃摸]不准|错(?=[了误在])|太[慢晚迟少]|遥不可及|失败|落空|低下",
        r"很少|极少|鲜|只(?:有|会|能|是|在|把|让|靠)|仅(?!仅)|单靠|光靠|单打独斗|独自",
        r"避免|避开|绕开|规避|防止|防范|免得|以免|以防|警惕|远离",
        r"停止|放弃|退出|推迟|暂缓|抛|甩|推卸|推脱|拒|逃",
        r"阻碍|障碍|妨碍|挡住|方面的?问题",
        r"反对|禁止",
        r"怀疑",
        r"不[足好佳够]|缺|匮乏|有限|空白|差(?!异|距|别|分)|亏|过时",
        r"丧失|失去|错过|错失",
        r"忽视|忽略",
        r"落后|其次|让位|靠后|后排|往后|最[低差后]|垫底|末位",
        r"取代|替代|顶替|替换|代替",
        r"除外|之外",
        r"打破|消除|清除|去除|消失|摆脱|解放|解脱|脱身|抽身|省(?=[力心事去掉得])",
        r"反倒|与其|比起|绝(?!对|佳|大)",
        r"之前|以前|一旦|等到",
        r"分散|碎片|孤岛",
        r"(?:没有|缺[了少乏]|少了|离开)[^。;]{1,44}?(?:(?:就|便)[^,。;]{0,2}(?:没有?|无|不|难)|谈不上|无法|难以|找不到)"
        r"|不[^,。;]{1,12},(?:[^,。;]{1,8}?)?就(?:不|没|无|难)"
        rf"|{_WITHOUT}",
    )
)
_TAKING_BACK = re.compile("[并绝]非如此|并不如此|不是这样|其实不然|[恰正]好?恰?相反")
_DOUBTING = re.compile("怀疑|反对")
# The two poles of each pair.
_AXES: dict[str, tuple[str, str]] = {
    "amount": (
        r"增加|增长|增至|增到|增强|增多|增进|提高|提升|上升|升至|升到|升高|上涨|飞涨|飙升|攀升|扩大|扩张|扩展|拓展|加大|加强|加深|加码"
        r"|强化|壮大|放大|拉高|推高|走高|调高|翻番|改善|改进|改良|优化|涨|好转|激增|倍增|更好|更佳|更优",
        r"减少|减至|减弱|减到|减轻|减退|减小|锐减|递减|降低|下降|降至|降到|降为|下跌|下滑|滑坡|回落|缩小|缩减|削减|削弱|弱化"
        r"|打折|缩水|压缩|萎缩|恶化|变差|衰退|走弱|走低|拉低|调低|裁减|收缩|收窄|跌|更差|更糟|变糟",
    ),
    "level": (
        r"高于|多于|大于|优于|强于|超过|超出|超越|高出|多出|高过|多过|胜过|更高|更多(?!地)|更大|更强|更好"
        r"|比[^,。;]{1,24}?(?:[高大强好]|多(?!元))",
        r"低于|少于|小于|逊于|不及|不如|不到|低出|少过|更低|更少|更小|更弱|更差|比[^,。;]{1,24}?[低少小弱差]",
    ),
    "lead": (r"领先|先行|领军|率先|佼佼者|抢先|抢占先机", r"(?<!不)(?:落后|滞后|掉队|落伍)"),
    "speed": (
        r"加快|加速|快速|迅速|尽快|赶紧|更快|提速|提前|尽早|推进",
        r"放慢|减慢|减缓|减速|放缓|延缓|缓慢|迟缓|更慢|拖慢|拖延|推迟|延迟|延误|耽误|耽搁|搁置|延后|暂缓",
    ),
    "share": (
        r"绝?大多数|多数|大部分|大多|几乎所有|普遍|多半|大半",
        r"极?少数|小部分|少部分|很少有?|鲜有|个别|几乎没有|寥寥",
    ),
    "help": (
        r"高效|促进|推动|带动|帮助|有助于|助力|支持|鼓励|激励|便于|有利于|赋能",
        r"低效|低下|阻碍|妨碍|阻止|抑制|遏制|打击|限制|挫伤|拖累|不利于",
    ),
    "optimism": (r"乐观", r"悲观"),
    "prospect": (
        r"机遇|机会|优势|好处|益处|收益|[积正][极面](?:影响|作用)",
        r"风险|威胁|劣势|坏处|弊端|损失|代价",
    ),
    "strength": (r"擅长|优秀|卓越|强大|成熟|充足|充分|丰富", r"薄弱|平庸|不成熟|不足|匮乏|贫乏"),
    "openness": (r"开放|公开|(?<!不)透明(?![度性])", r"封闭|保密|不透明"),
    "gathering": (r"(?<!数据)集中|聚焦|整合|统一", r"分散|分割|割裂"),
    "replacing": (r"增强|辅助|协助", r"取代|替代|顶替|代替"),
    "importance": (
        r"重要|关键|必不可少|核心|首要|第一要务|优先|首位|中心",
        r"次要|无关紧要|可有可无|末位|靠后|押后|延后|最后",
    ),
    "difficulty": (r"容易|轻松|简单|简便|简化|精简", r"困难|艰难|棘手|不易|复杂"),
    "trust": (r"(?<!不)信任|信赖|放心|安心", r"不信任|怀疑|猜疑|不安(?!全)|不放心"),
    "agreement": (r"(?<!不)认同|(?<!不)同意|赞成|赞同", r"反对|不认同|不同意|否认"),
    "hiring": (r"雇佣|招聘|增聘|聘用|招募", r"裁员|裁减|解雇"),
    "success": (r"成功|胜出", r"失败|落败|落空|泡汤"),
    "order": (r"之前|以前", r"之后|以后"),
    "inside": (r"内部", r"外部"),
    "sameness": (r"(?<!不)一致|(?<!不)相同|同样", r"不一致|不同|相反"),
    "initiative": (r"主动|积极", r"被动|消极|观望"),
    "inclusion": (r"纳入|吸纳|囊括|兼顾", r"排除|排斥|边缘化|忽视|忽略|冷落|遗漏|遗忘"),
    "length": (r"短期|短暂", r"长期|持久|漫长|[太过]长"),
    "change": (r"改变|变化|变样|变动|(?<=会)变(?![成为得])", r"不变|照旧|如故|依旧"),
    "consensus": (r"共识|一致(?:认为|同意)|意见一致", r"分歧|争议|意见不一"),
}
_SIDE = r"[^,;。:、()%\d]"
_ORDER = re.compile(
    rf"(?P<one>{_SIDE}{{0,14}}?),?(?:(?:优先于|领先于|先于|重于|胜过|大过|而不是|而非)"
    rf"(?P<other>{_SIDE}{{2,14}})"
    rf"|(?:不及|次于|逊于|落后于|让位于)(?P<better>{_SIDE}{{2,14}})"
    rf"|[放排摆列置]在(?P<others>{_SIDE}{{2,14}}?)(?:之?前面?|之上|(?P<behind>之?后面?|之下)))"
)
# Axes whose words serve for each other: where one agrees, the other is no contradiction.
_RELATED = dict.fromkeys(("amount", "level", "hiring", "help", "strength", "lead"), "more")
# Axes whose lower pole is so plain that the book must have something of the kind.
DECLINE = frozenset({"amount", "level", "lead", "speed", "help", "success", "trust", "strength"})
_POLES = {axis: re.compile(f"(?P<up>{up})|(?P<down>{down})") for axis, (up, down) in _AXES.items()}


@dataclass(frozen=True, slots=True)
class Negation:
    """A word that denies, and the end of what it denies; offsets in the normalised text."""

    start: int
    end: int
    scope_end: int


@dataclass(frozen=True, slots=True)
class Order:
    """What is put before something else, and that; each as offsets, start and end."""

    first: tuple[int, int]
    second: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Pole:
    """A word on one side of a pair of opposites."""

    axis: str
    positive: bool
    start: int
    end: int


def find_negations(text: str) -> tuple[Negation, ...]:
    """Find what a normalised text denies, in order."""
    found = []
    asked = {match.end(1) for match in _EITHER.finditer(text)}
    for match in _NEGATION.finditer(text):
        if match["none"] or match.start() in asked:
            continue
        behind = _COMPLEMENT.match(text, match.start())
        if behind and match[0] == "不":
            found.append(Negation(match.start(), behind.end(), behind.end()))
            continue
        ends = _ENDS_OBJECT if _OF_THINGS.match(match[0]) else _ENDS_SCOPE
        end = ends.search(text, match.end())
        found.append(Negation(match.start(), match.end(), end.start() if end else len(text)))
    return tuple(found)


def is_avoiding(text: str, negation: Negation) -> bool:
    """Whether it tells to avoid or end something, or opens a condition: 「若不…就会掉队」.

    Or it tells of a time before a change: 「原先并非…，后来却…」.

    The book need not deny that in so many words.
    """
    if _AVOIDING.match(text, negation.start):
        return True
    if _ONCE.search(text, 0, negation.start) and _SINCE.match(text, negation.end):
        return True
    return bool(_IF.search(text, 0, negation.start) and _THEN.match(text, negation.end))


def is_urging(text: str, negation: Negation) -> bool:
    """Whether it tells what not to do, or need not be done: often the reverse of an advice."""
    return bool(_URGING.match(text, negation.start))


def is_bare(text: str, negation: Negation) -> bool:
    """Whether it is a mere 「不」, which may be part of other words for the same thing."""
    return text[negation.start : negation.end] in _BARE


def is_needless(text: str, negation: Negation) -> bool:
    """Whether it denies a need or a leave: 「不必」, 「不可以」."""
    return bool(_NEEDLESS.fullmatch(text, negation.start, negation.end))


def is_set_off(text: str, negation: Negation) -> bool:
    """Whether what is denied only sets off what follows: 「不是…，而是…」."""
    return bool(_SET_OFF.match(text, negation.start))


def is_contrast(text: str, negation: Negation) -> bool:
    """Whether a negation sets one thing off from another: 「而不是」, 「而非」."""
    return text[negation.start : negation.end] in {"而不是", "而非"}


def is_doubt(text: str, negation: Negation) -> bool:
    """Whether a negation denies that somebody thinks or says something: 「不认为」."""
    return bool(_THINKING.match(text, negation.end))


def takes_back(text: str) -> bool:
    """Whether a sentence denies all of the one before, or the reverse of itself: 「并非如此」."""
    return bool(_TAKING_BACK.search(text))


def denials(text: str) -> frozenset[int]:
    """Give the kinds of words in a normalised text that deny without a negation, or nearly do."""
    return frozenset(kind for kind, words in enumerate(_DENYING) if words.search(text))


def doubts(text: str) -> bool:
    """Whether somebody doubts or objects in a normalised text."""
    return bool(_DOUBTING.search(text))


def find_poles(text: str) -> tuple[Pole, ...]:
    """Find the words of a normalised text that have an opposite, by axis."""
    return tuple(
        Pole(axis, match["up"] is not None, match.start(), match.end())
        for axis, words in _POLES.items()
        for match in words.finditer(text)
    )


def find_orders(text: str) -> tuple[Order, ...]:
    """Find what a normalised text puts before what: 「A 优先于 B」, 「B 不及 A」, 「A 而非 B」."""
    found = []
    for match in _ORDER.finditer(text):
        one = match.span("one")
        other = next(match.span(name) for name in ("other", "better", "others") if match[name])
        turned = match["better"] or match["behind"]
        found.append(Order(other, one) if turned else Order(one, other))
    return tuple(found)


def agree(one: Pole, other: Pole) -> bool:
    """Whether two words stand on the same side of one pair, or of two that serve for each other."""
    same = _RELATED.get(one.axis, one.axis) == _RELATED.get(other.axis, other.axis)
    return same and one.positive == other.positive
