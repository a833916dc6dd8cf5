"""Tell when two sentences on one matter say opposite things.

Three forms are told: a pair of opposite words (「增加」, 「减少」), a denial of what the other
affirms (「尚未评估」, 「已经评估」), and an order turned round (「增强而非取代」,
「创新优先于安全」). Each needs the same words on both sides, so that a paraphrase passes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_UP = (
    "增加|增长|增多|上升|提高|提升|上调|扩大|上涨|攀升|翻番|加大|高出|高于|多出|多于|升至|升到|涨到|"
    "(?<=高)\\s*\\d|(?<=多)\\s*\\d|(?<=升)\\s*\\d|(?<=涨)\\s*\\d"
)
_DOWN = (
    "减少|下降|下滑|降低|降至|降到|下调|缩减|削减|缩小|下跌|低于|少于|低出|变少|"
    "(?<=[降减低跌少])\\s*\\d"
)
_PAIRS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (re.compile(one), re.compile(other))
    for one, other in (
        (_UP, _DOWN),
        ("加速|加快|提速|提前", "减缓|放慢|放缓|延缓|减速|推迟|延后|延迟|暂缓"),
        ("改善|改进|优化|变好|有利于|有助于|推动|促进", "恶化|变差|损害|阻碍|妨碍|不利于"),
        ("集中式?|统一", "分散|各自为政"),
        ("信任|放心", "担心|担忧|不安|不信任"),
        ("最高|榜首|首位|第一", "最低|末位|垫底|最后一位"),
        ("高估|超过(?!\\s*\\d)", "低估"),
        ("愿意|乐意|希望", "拒绝|不愿|抗拒"),
        ("收入引擎", "成本中心"),
        ("拉大|扩大|加深|加剧", "缩小|收窄|弥合|拉近|填平"),
    )
)
_DENIAL = re.compile(
    r"没有|没能|没|尚未|并未|从未|未能|未曾|未(?![来必])|无法|不能|不会|不再|并非|不是|不愿|不具备"
    r"|不必再?|无[须需]|不用|不需要|不(?=[一-鿿]{2})(?![要仅但过到断同足管论少错及清起住出上下了])"
)
_UNLESS = re.compile(r"如果|若|除非|假如|一旦")
_NEEDED = re.compile(r"(?:没有|没|缺了|离开)[^。；;]{1,30}?[，,]?\s*(?:就|便|则|谈不上|难以)")
_BECAUSE = re.compile(r"(?<=[有未没])因为?[^，,]{1,20}?而")  # before what is denied
_LACK = re.compile(r"缺乏|缺少|欠缺|不足")
_SCOPE = 2  # characters right behind a denial: what it denies
_WORD = re.compile(r"[一-鿿]{2}|[A-Za-z]{2,}")
_SIDE = r"[^，,。；;：:、\d%]{2,14}"
_ORDERS = (
    re.compile(rf"(?P<one>{_SIDE})[，,]?\s*(?:而不是|而非|不是(?!很)|并非)(?P<other>{_SIDE})"),
    re.compile(rf"(?:不是|并非)(?P<other>{_SIDE})[，,]?\s*(?:而是|却是)(?P<one>{_SIDE})"),
    re.compile(
        rf"(?P<one>{_SIDE})(?:优先于|先于|重于|胜过|大过|大于|超过了?|高于)"
        rf"(?!.分之|一?半)(?P<other>{_SIDE})"
    ),
    re.compile(rf"(?P<one>{_SIDE})比(?![例率重较])(?P<other>{_SIDE}?)(?:[还更要]+)?[大高多重强]"),
    re.compile(rf"(?P<one>{_SIDE}?)(?:放|排|摆|列|置)在(?P<other>{_SIDE})(?:之?前面?|之上)"),
)
_ASKED = re.compile(r"([一-鿿])不\1")  # 「用不用」
_SIDE_LETTERS = 14  # of each side of an order that are compared
_FILLER = frozenset("的了把将会在和与而其是让有对于要被为，, ")


def opposed(said: str, book: str) -> bool:
    """Tell whether a statement says the opposite of the book's sentence on the same matter.

    Parameters
    ----------
    said, book : str
        The words that belong to the two figures, cleaned alike.

    Returns
    -------
    bool
        False also where neither can be told.
    """
    return _opposite_words(said, book) or _denied(said, book) or _turned_round(said, book)


def _opposite_words(said: str, book: str) -> bool:
    for one, other in _PAIRS:
        told = bool(one.search(said)), bool(other.search(said))
        stated = bool(one.search(book)), bool(other.search(book))
        if {told, stated} == {(True, False), (False, True)}:
            return True
    return False


def _denied(said: str, book: str) -> bool:
    """Tell whether one side denies a word that the other, which denies nothing, affirms."""
    said, book = _bare(said), _bare(book)
    for denying, affirming in ((said, book), (book, said)):
        if _DENIAL.search(affirming) or _LACK.search(affirming):
            continue
        for clause in re.split(r"[，,。；;：:]", denying):
            for match in () if _UNLESS.search(clause) else _DENIAL.finditer(clause):
                if _pairs(clause[match.end() : match.end() + _SCOPE]) & _pairs(affirming):
                    return True
    return False


def _turned_round(said: str, book: str) -> bool:
    """Tell whether 「X 而不是 Y」 of one side is 「Y 而不是 X」, or Y alone, of the other."""
    ours, theirs = _order(said), _order(book)
    if ours and theirs:
        straight = len(ours[0] & theirs[0]), len(ours[1] & theirs[1])
        crossed = len(ours[0] & theirs[1]), len(ours[1] & theirs[0])
        return min(crossed) > 0 and (min(straight) == 0 or sum(crossed) > sum(straight))
    if theirs and not ours:
        told = _pairs(said)
        if any(told & last and not told & first for first, last in (theirs, *_nearest(book))):
            return not _DENIAL.search(said)
    return False


def _order(text: str) -> tuple[set[str], set[str]] | None:
    """Give the words of what is put first and of what is put last, those of both left out."""
    for form in _ORDERS:
        match = form.search(text)
        if match:
            one = _pairs((match["one"] or text[: match.start()])[-_SIDE_LETTERS:])
            other = _pairs(match["other"][:_SIDE_LETTERS])
            return one - other, other - one
    return None


def _nearest(text: str) -> Iterator[tuple[set[str], set[str]]]:
    """Give the one word on either side of 「而不是」: 「增强」, 「取代」."""
    for form in _ORDERS[:2]:
        for match in form.finditer(text):
            comes_first = match.start("one") < match.start("other")
            one = match["one"][-2:] if comes_first else match["one"][:2]
            yield _pairs(one), _pairs(match["other"][:2])


def _bare(text: str) -> str:
    """Take out what looks like a denial and is none: orders, conditions, 「要不要」."""
    for form in (*_ORDERS[:2], _NEEDED, _ASKED):
        text = form.sub(" ", text)
    return _BECAUSE.sub("", text)


def _pairs(text: str) -> set[str]:
    """Give the pairs of neighbouring characters, those with a function word left out."""
    found = {text[i : i + 2] for i in range(len(text) - 1)}
    return {pair for pair in found if not _FILLER & set(pair) and re.fullmatch(r"\w\w", pair)}
