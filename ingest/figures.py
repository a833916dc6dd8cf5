"""Figures: the numbers that a sentence states, however they are written.

「75%」, 「四分之三」 and 「七成半」 are one value; 「近三分之二 (63%)」 is one figure said twice.
A figure keeps the text as printed (what is shown), its value (what is compared) and its
direction (「超过」, 「不到」), because 「不到 60%」 and 「60%」 are different claims.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Direction = Literal["above", "below", "about", "at least", "at most"]

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
    "俩": 2,
    "半": 0.5,
}
_SCALES = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10_000, "亿": 100_000_000}
_ZH = "零〇一二两三四五六七八九十百千"
_NUMBER = rf"(?:\d[\d,]*(?:\.\d+)?|[{_ZH}]+)"
_UNITS = (
    "美元|欧元|人民币|元|倍|位|名|人|家|种|个月|个季度|个小时|小时|个|分钟|年|月|天|周|次|项|大"
)
_RATIO = rf"(?P<whole>{_NUMBER})分之(?P<part>{_NUMBER})"
_SLASH = r"(?<![\d/.])(?P<top>[1-9])/(?P<bottom>[2-9]|10)(?![\d/.]|\s*[月年日])"
_PERCENT = rf"(?P<percent>{_NUMBER})\s*(?:[%％]|个百分点)"
_SPELT = rf"百分之(?P<spelt>{_NUMBER}(?:点[零〇一二三四五六七八九]+)?)"
_PEOPLE = "[位个名家人]"
_OUT_OF = (
    rf"(?P<crowd>{_NUMBER})\s*{_PEOPLE}[^。；;\d]{{0,12}}?"
    r"(?:[中里][面头边]?的?[,，]?|就|有)(?:就|便)?有?(?P<hedge>将近|近|约|不到|超过)?"
    rf"(?P<chosen>{_NUMBER})\s*{_PEOPLE}"
)
_TENTHS = (
    r"(?<![一二两三四五六七八九几数])(?P<tenths>[一二两三四五六七八九\d])\s*成"
    r"(?P<halftenth>半|[一二三四五六七八九](?![个位家名人项大年月天倍分十百千万成]))?"
    r"(?![为果本功就员分立长熟品绩交效]|不[^到足])"
)
_HALF = (
    r"(?P<half>[一过近大约超]半|多半(?![会是要能可还将])|半数|(?<![\u4e00-\u9fff\d])半(?=的))"
    r"(?![个年天边夜路程途导])"
)
_YEAR = r"(?P<year>(?:19|20)\d\d)(?=\s*年|\s*(?:Q[1-4]|财年|，|,|。|$|和|到|至|的|研究))"
_COUNT = (
    rf"(?<![第数几])(?<!第 )(?<![\d{_ZH}])(?P<count>{_NUMBER})\s*(?P<scale>[万亿]*)"
    rf"\s*(?P<more>[多余])?\s*(?P<unit>{_UNITS})"
)
_DOUBLED = "(?P<doubled>翻了?一?[番倍])"
_FIGURE = re.compile(
    "|".join((_SPELT, _RATIO, _SLASH, _PERCENT, _OUT_OF, _TENTHS, _YEAR, _HALF, _DOUBLED, _COUNT))
)
_ARTICLES = frozenset("一")  # 「一项」 is "a", not a figure
_BEFORE: tuple[tuple[str, Direction], ...] = (
    # 「不超过」 before 「超过」: the first that ends right before the figure is taken.
    ("至少|不少于|不低于|起码|不下", "at least"),
    ("至多|最多|不超过|不高于|多达|高达|达到", "at most"),
    ("不止|超过|超出|多于|高于|大于|逾|超|(?<![不通经])过", "above"),
    ("不到|不足|不及|没到|没过|未满|少于|低于|小于|未到|不满", "below"),
    (
        "将近|接近|(?<![最附])近|大约|(?<!节)约|几乎|差不多|左右|大概|约莫|大致|大体上|近乎|逼近",
        "about",
    ),
)
_AFTER: tuple[tuple[str, Direction], ...] = (
    ("多|余|以上|出头|有余|开外|还多|有多|强(?![化大])", "above"),
    ("以下|以内|[都还]?不到|[都还]?不足|弱(?![化势])", "below"),
    ("左右|上下|前后", "about"),
)
_HEDGES: dict[str | None, Direction] = {
    "近": "about",
    "将近": "about",
    "约": "about",
    "不到": "below",
    "超过": "above",
}
_REACHING = re.compile("多达|高达|达到")


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a sentence."""

    text: str  # as printed, with the fraction or percentage alone: "53%", "四分之三"
    value: float  # shares in percent, amounts in their unit with 万 and 亿 multiplied out
    unit: str  # "%", "年" for a calendar year, else the counted unit: "美元", "倍", "位"
    start: int  # offset within the text that was read, in code points
    end: int
    direction: Direction | None = None  # None: stated as exact

    @property
    def is_year(self) -> bool:
        """Whether it is a calendar year, which dates a claim and is not its figure."""
        return self.unit == "年" and self.value >= 1900


def find_figures(text: str) -> tuple[Figure, ...]:
    """Find the figures of a text, in order and without overlap.

    Parameters
    ----------
    text : str
        A sentence or question, as printed or normalised.

    Returns
    -------
    tuple of Figure
        Shares (percentages, fractions, tenths, halves), calendar years and counted amounts.
        Ordinals and bare numbers without a unit are left out.
    """
    found = []
    for match in _FIGURE.finditer(text):
        figure = _figure(match)
        if figure is None:
            continue
        value, unit = figure
        found.append(
            Figure(
                text=match[0].strip(),
                value=value,
                unit=unit,
                start=match.start(),
                end=match.end(),
                direction=(
                    "above"
                    if match["more"]
                    else _HEDGES.get(match["hedge"]) or _direction(text, match.start(), match.end())
                ),
            )
        )
    return tuple(found)


def hedge_before(text: str, start: int) -> str:
    """Give the word before a figure that makes it a bound or a guess: 「超过」, 「近」; or ""."""
    before = text[max(0, start - 6) : start]
    for words, _ in _BEFORE:
        hit = re.search(rf"(?P<hedge>{words})\s*(?:有|了|的|为)?\s*$", before)
        if hit and not _REACHING.search(hit[0]):
            return hit["hedge"]
    return ""


def read_number(text: str) -> float | None:
    """Give the value of a number in Arabic or Chinese digits, None where it is no number.

    Takes what Chinese prose writes: 6,000 / 3.4 / 十五 / 一百二十 / 两 / 二〇二三.
    """
    text = text.replace(",", "")
    if re.fullmatch(r"\d+(?:\.\d+)?", text):
        return float(text)
    if not text or any(c not in _DIGITS and c not in _SCALES and c not in _LARGE for c in text):
        return None
    if any(c in _SCALES or c in _LARGE for c in text):
        return _scaled(text)
    digits = [_DIGITS[c] for c in text]
    if len(digits) == 1:
        return float(digits[0])
    # 二〇二三 is read digit by digit; 两三 is a guess at two numbers, not one number.
    return float("".join(str(int(d)) for d in digits)) if len(digits) > 2 else None


def _scaled(text: str) -> float | None:
    # 七八十, 十五六 are guesses at two numbers; only a zero may stand before another digit.
    if re.search("[一二两三四五六七八九]{2}", text):
        return None
    total = section = digit = 0.0
    for character in text:
        if character in _DIGITS:
            digit = _DIGITS[character]
        elif character in _SCALES:
            section += (digit or 1) * _SCALES[character]
            digit = 0
        else:
            total += (section + digit or 1) * _LARGE[character]
            section = digit = 0
    return total + section + digit


def _figure(match: re.Match[str]) -> tuple[float, str] | None:
    """Give value and unit of one match, None where it turns out to be no number."""
    groups = match.groupdict()
    if groups["whole"]:
        whole, part = read_number(groups["whole"]), read_number(groups["part"])
        if not whole or part is None:
            return None
        if whole == 100:
            return part, "%"
        return float(Fraction(part).limit_denominator() / Fraction(whole) * 100), "%"
    if groups["top"]:
        top, bottom = int(groups["top"]), int(groups["bottom"])
        return (100 * top / bottom, "%") if top < bottom else None
    if groups["percent"] or groups["spelt"]:
        number, _, decimals = (groups["percent"] or groups["spelt"]).partition("点")
        value = read_number(number)
        if value is not None and decimals:
            value = float(f"{value:.0f}." + "".join(f"{read_number(c):.0f}" for c in decimals))
        return None if value is None else (value, "%")
    if groups["tenths"]:
        tenths = read_number(groups["tenths"])
        return None if tenths is None else (tenths * 10 + _hundredths(groups["halftenth"]), "%")
    if groups["crowd"]:
        crowd, chosen = read_number(groups["crowd"]), read_number(groups["chosen"])
        return (chosen / crowd * 100, "%") if crowd and chosen and chosen <= crowd else None
    if groups["doubled"]:
        return 2.0, "倍"
    if groups["half"]:
        return 50.0, "%"
    if groups["year"]:
        return float(groups["year"]), "年"
    count = None if groups["count"] in _ARTICLES else read_number(groups["count"])
    if count is None:
        return None
    if groups["unit"] == "月" and count > 12:  # 「九十月间」: September and October
        return None
    for scale in groups["scale"]:
        count *= _LARGE[scale]
    return count, groups["unit"].removeprefix("个") or "个"


def _hundredths(after: str | None) -> float:
    """Give what follows the tenths: 「半」 in 「七成半」, 「八」 in 「两成八」."""
    return 0.0 if after is None else 5.0 if after == "半" else read_number(after) or 0.0


def _direction(text: str, start: int, end: int) -> Direction | None:
    before = text[max(0, start - 6) : start].rstrip(" (（")
    for words, direction in _BEFORE:
        hit = re.search(rf"(?:{words})\s*(?:有|了|的|为)?\s*$", before)
        if hit:
            return None if _REACHING.search(hit[0]) else direction
    after = text[end : end + 3].lstrip(" ")
    for words, direction in _AFTER:
        if re.match(words, after):
            return direction
    inner = text[start : start + 1]
    return {
        "过": "above",
        "超": "above",
        "大": "above",
        "多": "above",
        "近": "about",
        "约": "about",
    }.get(inner)  # type: ignore[return-value]
