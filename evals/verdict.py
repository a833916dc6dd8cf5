"""What an answer says of a claim that it was asked to check: that it is so, or that it is not.

A reader takes the verdict from the opening of the answer, the words before its first full stop,
colon or mark: 「是的，…」, 「书中确有这个数字，原文是：」, 「与书中的数字不符，书中写的是：」. An
answer that opens with the book's own sentence leaves the comparing to the reader: it gives none.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

Verdict = Literal["confirmed", "corrected"]

_OPENING = re.compile(r"[^。!:;?\[\n]*")
_CLAIM = (  # or a side of it
    r"(?:这|该|那|此|您|你|题中|所问|所说|原话|说法|数字|比例|人群|年份|方向|时间|统计对象)[^,]{0,10}?"
)
_RIGHT = r"(?:属实|正确|准确|成立|对|一致|相符|符合|吻合)"
_NOT_RIGHT = rf"不(?:太|够|完?全|尽)?(?:{_RIGHT}|相?[符同])"
_WRONG = rf"(?:{_NOT_RIGHT}|有误|有出入|有偏差|错了?|[说记写弄搞][反错]了?)"
_ENDS = r"的?(?=,|$)"  # a first word that is the verdict stands alone
_DENIES = re.compile(
    rf"^(?:{_WRONG}|不是|不然|否){_ENDS}"
    r"|^(?:不是这|并非如此|(?:并?没有|没)[这那]|(?:恰恰|恰好|正好|刚好)?相反|(?:no|incorrect|wrong)\b)"
    rf"|{_CLAIM}{_WRONG}"
    r"|与(?:书|原文)[^,]{0,8}(?:不(?:完?全)?(?:相?[符同]|一致|吻合)|有出入|相反)"
    r"|书[中里上]?可?(?:并没有|并未|并不|没有?)(?:这|那|如此|说)"
)
_AFFIRMS = re.compile(
    rf"^(?:是|没错|没[记说]错|可以确认|{_RIGHT}){_ENDS}"
    r"|^(?:确实|的确|确有|(?:yes|correct|right|indeed)\b)"
    rf"|{_CLAIM}(?:{_RIGHT}|没错)"
    r"|与(?:书|原文)[^,]{0,8}(?:一致|相符|吻合)"
    r"|书[中里上]?(?:确有|确实|的确|正是)"
)


def stated_verdict(text: str) -> Verdict | None:
    """Read the verdict from the opening of an answer; None where it gives none.

    Parameters
    ----------
    text : str
        An answer as shown.
    """
    folded = unicodedata.normalize("NFKC", text).replace("*", "").strip().casefold()
    found = _OPENING.match(folded)
    opening = found[0] if found else ""
    if _DENIES.search(opening):
        return "corrected"
    return "confirmed" if _AFFIRMS.search(opening) else None
