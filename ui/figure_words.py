"""The words of the pages of figures and surveys, in Chinese and in English."""

from __future__ import annotations

from dataclasses import dataclass

from ui.words import Language


@dataclass(frozen=True, slots=True)
class FigureWords:
    """Everything that these pages say by themselves in one language."""

    html_lang: str
    book: str
    figures: str
    surveys: str
    chat: str
    other_language: str
    log_out: str
    digest: str
    figures_lead: str
    surveys_lead: str
    filters: str
    all: str
    chapter: str
    outside: str  # the chapters
    population: str
    survey: str
    year: str
    kind: str
    text: str
    apply: str
    reset: str
    count: str  # with {shown} and {all}
    none: str
    download: str
    charts: str
    table: str
    value: str
    subject: str
    place: str
    notes: str
    note: str
    unnamed: str  # population
    rounds: str
    kinds: dict[str, str]
    chart_titles: dict[str, str]
    sample: str
    fielded: str
    region: str
    regions: dict[str, str]
    published: str
    works: str
    rests: str
    no_figures: str
    map: str
    map_lead: str
    link: str
    png_failed: str


FIGURE_WORDS: dict[Language, FigureWords] = {
    "zh": FigureWords(
        html_lang="zh-CN",
        book="CEO 生成式 AI 行动指南",
        figures="数据",
        surveys="调查",
        chat="问答",
        other_language="English",
        log_out="退出登录",
        digest="当前书目：随附摘要版",
        figures_lead="书中的每一个数字：谁、说了什么、何时、出自哪项调查。点开数字即见原文与注释。",
        surveys_lead="书中数字背后的每一项调查与文献，以及各章引用了哪些。",
        filters="筛选",
        all="全部",
        chapter="章",
        outside="各章之外",
        population="人群",
        survey="调查或来源",
        year="年份",
        kind="类型",
        text="文字",
        apply="筛选",
        reset="清除筛选",
        count="显示 {shown} 个数字，全书共 {all} 个",
        none="没有符合条件的数字。请放宽筛选条件。",
        download="下载",
        charts="图",
        table="表",
        value="数字",
        subject="内容",
        place="章节",
        notes="注",
        note="注",
        unnamed="未指明人群",
        rounds="约数",
        kinds={
            "share": "百分比",
            "change": "增减或差距",
            "multiple": "倍数",
            "amount": "金额",
            "span": "时间跨度",
            "count": "数量",
        },
        chart_titles={"time": "过去与未来", "groups": "不同人群的差别", "turn": "一边与另一边"},
        sample="样本",
        fielded="调查时间",
        region="地区",
        regions={"US": "美国", "global": "全球"},
        published="日期",
        works="文献",
        rests="由此而来的数字",
        no_figures="没有直接的数字。",
        map="各章引用的调查",
        map_lead="格中是这一章引自该调查的数字个数；“·”表示只有注释。",
        link="打开来源",
        png_failed="没能生成图片，请改下载 SVG。",
    ),
    "en": FigureWords(
        html_lang="en",
        book="The CEO's guide to generative AI",
        figures="Figures",
        surveys="Surveys",
        chat="Ask",
        other_language="中文",
        log_out="Log out",
        digest="Book in use: the bundled digest",
        figures_lead="Every figure of the book: who, what, when, and from which survey. "
        "Open a figure to read its passage and note. The book's own words are Chinese.",
        surveys_lead="Every survey and work behind the figures, and the chapters that use it.",
        filters="Filters",
        all="All",
        chapter="Chapter",
        outside="Outside the chapters",
        population="Group",
        survey="Survey or source",
        year="Year",
        kind="Kind",
        text="Words",
        apply="Filter",
        reset="Clear filters",
        count="{shown} of {all} figures",
        none="No figure fits. Please widen the filters.",
        download="Download",
        charts="Charts",
        table="Table",
        value="Figure",
        subject="What it says",
        place="Chapter",
        notes="Notes",
        note="Note",
        unnamed="No group named",
        rounds="rounded",
        kinds={
            "share": "Percentage",
            "change": "Change or gap",
            "multiple": "Multiple",
            "amount": "Amount",
            "span": "Span of time",
            "count": "Count",
        },
        chart_titles={
            "time": "Then and now",
            "groups": "One group and another",
            "turn": "On the one hand, on the other",
        },
        sample="Sample",
        fielded="Fielded",
        region="Where",
        regions={"US": "United States", "global": "Worldwide"},
        published="Date",
        works="Works",
        rests="Figures that rest on it",
        no_figures="No figure rests on it directly.",
        map="Surveys by chapter",
        map_lead="How many figures a chapter takes from a survey; “·” stands for notes alone.",
        link="Open the source",
        png_failed="The picture could not be made; please download the SVG.",
    ),
}
