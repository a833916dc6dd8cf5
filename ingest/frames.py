"""Frames: what the words around a figure say of it: who was counted, of what, and when.

A share is put in two orders: 「62% 的受访高管表示，…」 and 「认为…的受访高管占 62%」. A frame reads
both, from the wording alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.populations import GROUP, bare_group

_ANY = rf"其他\s?(?:企业|组织)|{GROUP}"
_REPORTING = "一致认为|表示|认为|指出|回答是|觉得|相信|称|说|看来"
_FILLER = r"(?:还|也|则|均|都|会|们|的人|来说|他们|当中|，|,|：|:|\s)*"
_GROUP = re.compile(_ANY)
_YEAR = re.compile(r"(?<![\d比])(?<!比 )((?:19|20)\d\d)\s*年?(?!\s*年?[^，。；]{0,20}研究)")
_SPAN = re.compile(
    r"未来(?:一两|[一二两三四五六七八九十\d]+\s*个?)[年月]内?|过去\s*[\d一二三十]+\s*年|年底之?前"
)
_NOW = re.compile(r"目前|如今|现在|今天|正在(?!转|扭)|当前")
_DATE = r"(?:在|到|至)\s*(?:19|20)\d\d\s*年[底末]?之?[前内]?"
# 「组织预计到 2025 年，…」 keeps its verb, by which it is known who says what follows.
_DATED = re.compile(rf"[，,]?(?:预计|计划)?{_DATE}(?![底末之前内，])|{_DATE}(?=，)")
_BARE_YEAR = re.compile(r"^\s*(?:19|20)\d\d\s*年[底末]?(?!\s*的)")
_VERBS = (
    "占到|占了|占|达到|达|有|仅有|仅|只有|只|是|多达|为|几乎是全部|增至|增加到|将增至|从"
    "|也|则|却|就|更|约|将|会|不过"
)
_BACKWARDS = re.compile(
    rf"^(?P<said>.+?)的?\s*(?P<group>(?:受访\s*)?(?:{_ANY})们?|(?<=的)(?!(?:{_VERBS}|\s)+$)[^的，；：。\d]{{2,12}}?)?"
    rf"(?:中|里|当中)?[，,]?\s*(?P<verb>(?:{_VERBS}|\s)*)$"
)
_FORWARDS = re.compile(
    rf"^\s*的?\s*(?:(?:受访\s*)?(?P<group>{_ANY})(?!\s*(?:岗位|工作))"
    rf"|(?<=的)\s*(?P<noun>[^，。；的]{{2,14}}?)"
    rf"(?=将|表示|取得|流向|会|正在|已|可以|也|被|投入|聚焦|$))"
    rf"(?P<rest>.*)$"
)
_QUANTITY = re.compile(r"(?:率|比例|成本|估值|起薪|年薪|数量?)$")  # what is measured, not who
_TRAILING = r"[\s，,；;：:、。（(—“”\"]+$"
_TAIL = re.compile(
    r"(?:[，,]?\s*从?\s*(?:19|20)\d\d\s*年的?|[，,]?\s*(?:目前|如今)有?|，在|(?:——)?持这种看法|的)$"
)
_IS = re.compile(r"是[^，。；]{1,6}的$")  # 「是不存在的」 is whole only with its last word
_BASE = re.compile(
    r"(?:占|在|只有)\s*(?P<base>[^，。占在]{2,12}?(?:支出|预算|成本))\s*(?:的|中)[^。；]*$"
)
_OPENING = re.compile(
    r"^[\s，,；;：:、）)—“\"]*(?:(?:事实上|其实|然而|可是|但是|但|不过|而且|而|并且|并(?!未|非)|此外|另外|同时"
    r"|总体而言|总的来看|总之|总而言之|平均而言|平均来说|例如|比如说|举例来说|另有|另|还有|尽管|虽然|如今|目前|现在"
    r"|可(?=是|表示)|却|以及|同样|在全球范围内|从全球来看|放眼全球|不仅如此|或许正是因此|并非巧合的是|更有说服力的一点是"
    r"|“|只有|仅有|只(?=\s*\d)|有(?=\s*\d))[，,：:\s]*)*"
)
_LEAD_IN = re.compile(
    r"^(?:[^，。]{2,48}?(?:表明|显示|发现|报道说?)，|根据[^，。]{2,40}(?:调研|研究|报道)，|据[^，。]{2,12}(?:报道|介绍)，)"
)
_SPEAKERS = re.compile(
    rf"^(?:[^，。；—]{{0,10}}(?:——|：))?(?:绝?大多数|多数|许多|几乎所有|按|据)?(?:受访\s*)?(?:{_ANY})们?"
    rf"(?:中)?(?:的?绝大多数)?\s*(?:{_REPORTING}|的预[计期]|(?=预计，))[，,：:\s]*"
)
_ASKED = re.compile(rf"(?=受访)({GROUP})们?\s*(?:{_REPORTING}|预计)[，,：:\s]*")
_SAME = re.compile(
    r"这一?(?:比例|数字|看法|做法)|此观点|此服务|此实践|此方法|这样(?:看|做|认为)|会提供|同样"
)
_BACK_TO_SENTENCE = re.compile(r"^(?:们)?(?:都)?(?:这样|的?一致看法|的预计|的看法|持)")
_EMPTY = re.compile(
    rf"(?:19|20)\d\d\s*年?|目前|如今|其他|分别|几乎所有|{_ANY}|{_VERBS}|{_REPORTING}|预计|计划|到|在|至|的"
    r"|以|而|但|对|和|，|\s|[()（）,、。；]"
)
_LONG = 60  # characters, from which a subject is cut at a comma
_SHORT = 12


@dataclass(frozen=True, slots=True)
class Frame:
    """What a figure is said of, as far as its own words tell."""

    subject: str  # "" where the words point back at what stands before
    population: str | None
    year: int | None  # the calendar year that it is said of
    when: str  # as printed: "2025 年", "未来三年内", "目前"; "" where it is not told


def read_frame(before: str, after: str) -> Frame:
    """Read what a share is said of.

    Parameters
    ----------
    before, after : str
        The words around the figure that belong to it, on one line; the figure itself and the
        word that makes it a bound (「超过」) are left out.
    """
    year, when = read_time(before, after)
    forwards = _FORWARDS.match(after)
    backwards = None if forwards else _BACKWARDS.match(_opened(before))
    named: str | None = None
    if forwards:
        named = forwards["group"] or forwards["noun"]
        subject = _said_by(forwards["rest"])
        if _BACK_TO_SENTENCE.match(forwards["rest"].strip()):
            subject = re.sub("这是$", "", before.strip())
    elif backwards and _ends_clause(after) and _counts(backwards):
        named, subject = backwards["group"], backwards["said"]
        if named and _QUANTITY.search(named):
            named, subject = None, f"{subject}的{named}"
    else:
        subject = _said_by(after) if _says(after) else before
    if not _says(subject):
        subject = before if _says(before) else ""
    if _points_back(subject):
        subject = ""
    base = _BASE.search(before)
    return Frame(
        subject=_shortened(tidy(subject)) if _says(subject) else "",
        population=base["base"].strip() if base else _group(named) or last_group(before),
        year=year,
        when=when,
    )


def read_time(before: str, after: str) -> tuple[int | None, str]:
    """Give the calendar year and the printed time that a figure is said of."""
    years = [*reversed(_YEAR.findall(before)), *_YEAR.findall(after)]
    if years:
        return int(years[0]), f"{years[0]} 年"
    span = _SPAN.search(before + after)
    if span:
        return None, span[0]
    return None, "目前" if _NOW.search(before + after) else ""


def tidy(subject: str) -> str:
    """Take off what a subject does not need: connectives, who says it, its year, a date."""
    subject = _DATED.sub("", _opened(subject))
    subject = _LEAD_IN.sub("", subject, count=1)
    subject = _SPEAKERS.sub("", _opened(subject), count=1)
    subject = re.sub(
        r"^(?:认为|表示|(?:他们)?预计，\s*|他们预计)",
        "",
        subject.lstrip("，,：:、) ）").removeprefix("的"),
    )
    subject = re.sub(r" +(?=[，；])", "", _BARE_YEAR.sub("", subject))
    if subject.count("）") > subject.count("（"):
        subject = subject[: subject.index("）")]
    elif subject.count("（") > subject.count("）"):
        subject = subject.replace("（", "")
    subject = re.sub(_TRAILING, "", subject)
    return subject if _IS.search(subject) else re.sub(_TRAILING, "", _TAIL.sub("", subject))


def _shortened(subject: str) -> str:
    """Leave out what only leads up to a subject, and a tail that goes on about it."""
    *lead, rest = re.split(r"——|：|；", subject)
    if lead and min(len("".join(lead)), len(rest)) >= _SHORT - 4:
        subject = tidy(rest)
    cut = subject.rfind("，", _SHORT, _LONG) if len(subject) > _LONG else -1
    return subject[:cut] if cut > 0 else subject


def after_asked(text: str) -> tuple[str | None, str]:
    """Give the group that was asked, None where none is said to answer, and what it answers."""
    asked = _ASKED.search(text)
    return (bare_group(asked[1]), text[asked.end() :]) if asked else (None, text)


def last_group(text: str) -> str | None:
    """Give the group named last, None where none is."""
    found = _GROUP.findall(text)
    return bare_group(found[-1]) if found else None


def _group(name: str | None) -> str | None:
    if name is None:
        return None
    name = re.sub(r"^受访(?!者)\s*", "", name).removesuffix("们").strip()
    known = _GROUP.fullmatch(name)
    return bare_group(known[0]) if known else tidy(name) if _EMPTY.sub("", name) else None


def _said_by(text: str) -> str:
    """Take the reporting verb off what follows a group."""
    return re.sub(rf"^{_FILLER}(?:{_REPORTING})?{_FILLER}", "", text, count=1)


def _opened(text: str) -> str:
    return _OPENING.sub("", text, count=1)


def _says(text: str) -> bool:
    """Tell whether a stretch says something by itself."""
    return len(_EMPTY.sub("", text)) >= 3


def _counts(backwards: re.Match[str]) -> bool:
    """Tell whether a clause says who is counted: by its verb (「占」) or by naming a group."""
    return bool(backwards["verb"].strip() or _GROUP.search(backwards["group"] or ""))


def _ends_clause(after: str) -> bool:
    """Tell whether a figure closes its clause; what comes then only goes on about it."""
    return bool(re.match(r"\s*[，。；：]", after)) or not _says(after)


def _points_back(text: str) -> bool:
    return bool(_SAME.search(text)) and len(_EMPTY.sub("", _SAME.sub("", text))) < 8
