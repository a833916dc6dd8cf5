"""What the assistant says by itself, in English, where the question is in English.

The book's own words, titles and names among them, stay Chinese, and so do the headings of its
lists. A sentence that has no English here stays as it is.
"""

from __future__ import annotations

import re

_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def _phrases(*pairs: tuple[str, str]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(chinese), english) for chinese, english in pairs)


_SENTENCES = _phrases(
    # Refusals.
    ("^本书没有谈到这个问题。", "The book does not discuss this. "),
    (r"^本书没有第 (\d+) 章，正文共 (\d+) 章。", r"The book has no chapter \1; it has \2. "),
    (r"^本书没有注 (\d+)，注释共 (\d+) 条。", r"The book has no note \1; it has \2. "),
    ("^书中没有给出这一年的情况。", "The book does not say how things stood in that year. "),
    (
        "^书中没有单独给出这个国家或地区的情况。",
        "The book says nothing of that country or region by itself. ",
    ),
    ("^书中没有给出这个群体的数据。", "The book has no figures for that group. "),
    ("^书中没有提到问题里的这个名称。", "The book does not mention that name. "),
    ("^目录没有给出这一部分的页码。", "The contents list gives no pages for that part. "),
    # Claims held against the book.
    ("^书中确有这个数字，原文是：", "The book has this figure:"),
    ("^与书中的数字不符，书中写的是：", "The figure differs from the book's:"),
    ("^与书中的说法不符，书中写的是：", "The claim differs from the book's:"),
    ("^书中的说法是：", "The book says:"),
    # Sources.
    ("^书中这一处没有标注来源：", "The book names no source here:"),
    (
        r"(?m)^注 (\d+)（原文作 Ibid.，即注 (\d+) 的来源）：",
        r"Note \1 (printed as Ibid., note \2): ",
    ),
    (r"(?m)^注 (\d+)：", r"Note \1: "),
    (r"^引自 (.*) 的内容见注 (\d+)，书中写道：$", r"From \1, at note \2:"),
    (r"^引自 (.*) 的内容见注 ([\d、]+)，书中写道：$", r"From \1, at notes \2:"),
    # People.
    ("^署名的有：", "Signed by:"),
    (r"^(\S+(?: \d+ 章)?)引用了 (.*) 的话：$", r"\1 quotes \2:"),
    (r"^([^。]*) 是 ([^。]*)。$", r"\1 is \2."),
    # The plan of the book.
    (r"^全书分为(\d+)个部分：", r"The book has \1 parts: "),
    (r"^全书正文共 (\d+) 章，分为 (\d+) 个部分。$", r"The book has \1 chapters in \2 parts."),
    (r"^全书共有 (\d+) 条注释。$", r"The book has \1 notes."),
    ("^见(?=.*《)", "See "),
)
# Said of places of the book, between their titles.
_PLAN = re.compile(r"The |See |From |Chapter |第 \d+ 章|第.部分《|[^\s：《》]{2,4}《")
_BETWEEN_TITLES = _phrases(
    ("相近的内容见", "Nearest: "),
    ("^没有注释。", " has no notes."),
    (r"^的注释是第 (\d+) 至 (\d+) 条，共 (\d+) 条。", r" has notes \1 to \2, \3 in all."),
    (r"^在第 (\d+) 页至第 (\d+) 页。", r" is on pages \1 to \2. "),
    (r"^（第 (\d+) 页起）", r" (from page \1)"),
    (r"^（第 (\d+)–(\d+) 页）", r" (pp. \1–\2)"),
    (r"^（第 (\d+)–(\d+) 章）", r" (chapters \1–\2)"),
    ("包括", " holds "),
    (r"有 (\d+) 个主题：", r" has \1 topics: "),
    ("需要了解的事项：$", " What to know:"),
    ("需要采取的行动：$", " What to do:"),
    ("，属于", ", in "),
    ("，?副标题是?$", ", subtitled "),
    ("开篇标题是：$", "opens with:"),
    (r"第 (\d+) 章", r"chapter \1"),
    ("、", ", "),
    ("，", ", "),
    ("；", "; "),
    ("（", " ("),
    ("）", ")"),
    ("。", "."),
)
_TITLE = re.compile(r"(《[^》]*》|「[^」]*」)")


def is_english(text: str) -> bool:
    """Tell whether a text has no Chinese in it."""
    return not _CHINESE.search(text)


def in_english(said: str) -> str:
    """Give in English what is our own of a sentence that comes before or in place of quotes."""
    for chinese, english in _SENTENCES:
        said = chinese.sub(english, said)
    if _PLAN.match(said):
        said = "".join(map(_between_titles, _TITLE.split(said)))
    return f"{said[:1].upper()}{said[1:]}".strip()


def _between_titles(text: str) -> str:
    if text.startswith("「"):
        return f"“{text[1:-1]}”"
    if text.startswith("《"):
        return text
    for chinese, english in _BETWEEN_TITLES:
        text = chinese.sub(english, text)
    return text
