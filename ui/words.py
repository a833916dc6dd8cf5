"""The words of the page, in Chinese and in English."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Words:
    """Everything that the page says by itself in one language."""

    language: Language
    html_lang: str
    title: str
    tagline: str
    hero: str
    lead: str
    digest: str
    full: str
    modes: dict[str, str]
    figures: str
    surveys: str
    other_language: str
    contents: str
    parts_label: str
    question: str
    placeholder: str
    send: str
    stop: str
    conversation: str
    export: str
    clear: str
    sources: str
    refused: str
    nearest: str
    copy: str
    helpful: str
    unhelpful: str
    wrong_citation: str
    chapter_mark: str  # within a chip: "第{number}章"
    note_mark: str  # after a chip's place: "·注{numbers}"
    between_numbers: str
    between_parts: str
    colon: str
    note: str
    chapter: str
    pages: str
    ask_source: str
    exported: str  # heading of an exported conversation
    quotes: str
    doubtful: str  # said of a quote that the book does not bear out
    log_out: str
    skip: str
    thinking: str
    checking: str
    unsupported: str
    set_aside: str
    small_print: dict[str, str]  # by mode
    examples: tuple[tuple[str, str], ...]  # kind, question


CHINESE = Words(
    language="zh",
    html_lang="zh-CN",
    title="CEO 生成式 AI 行动指南",
    tagline="有据可查的问答",
    hero="向这本书提问",
    lead="只依据《CEO 生成式 AI 行动指南》作答：每句话都注明章与注，点开即见原文和出处。"
    "书中没有的，就说没有。",
    digest="当前书目：随附摘要版",
    full="当前书目：全文",
    modes={"extractive": "摘录原句作答", "llm": "模型撰写，逐句核对"},
    figures="数据",
    surveys="调查",
    other_language="English",
    contents="目录",
    parts_label="章节",
    question="问题",
    placeholder="输入您的问题",
    send="提问",
    stop="停止",
    conversation="对话",
    export="导出对话",
    clear="清空",
    sources="出处",
    refused="书中没有谈到",
    nearest="相近的章节",
    copy="复制",
    helpful="有帮助",
    unhelpful="没帮助",
    wrong_citation="引用不符",
    chapter_mark="第{number}章",
    note_mark="·注{numbers}",
    between_numbers="、",
    between_parts="，",
    colon="：",
    note="注 {number}",
    chapter="第 {number} 章《{title}》",
    pages="第 {first}–{last} 页",
    ask_source="注 {number} 的来源是什么？",
    exported="《CEO 生成式 AI 行动指南》问答",
    quotes="引文",
    doubtful="（未能在书中核对）",
    log_out="退出登录",
    skip="跳到提问框",
    thinking="正在查阅全书…",
    checking="核对中",
    unsupported="未经证实",
    set_aside="模型还写了下面的话，书中没有依据，不算作回答",
    small_print={
        "extractive": "回答由程序从书中选取，请以原文为准。",
        "llm": "回答由语言模型撰写、逐句核对，请以原文为准。",
    },
    examples=(
        ("数字", "多少 CEO 担心专有数据不足会妨碍生成式 AI？"),
        ("行动", "怎样用生成式 AI 改善客户服务？"),
        ("人物", "ArcBest 的首席执行官说过什么？"),
        ("出处", "数据泄露平均损失是多少，来源是哪份报告？"),
        ("结构", "第 7 章讲了哪三个主题？"),
    ),
)

ENGLISH = Words(
    language="en",
    html_lang="en",
    title="The CEO's guide to generative AI",
    tagline="Answers you can check",
    hero="Ask the book",
    lead="Answers come only from the Chinese edition of The CEO's guide to generative AI, "
    "in its own words. Every sentence names its chapter and note; "
    "open one to read the passage and its source.",
    digest="Book in use: the bundled digest",
    full="Book in use: full text",
    modes={
        "extractive": "answers quote the book",
        "llm": "written by a model, checked by sentence",
    },
    figures="Figures",
    surveys="Surveys",
    other_language="中文",
    contents="Contents",
    parts_label="Chapters",
    question="Question",
    placeholder="Your question, in Chinese or English",
    send="Ask",
    stop="Stop",
    conversation="Conversation",
    export="Export",
    clear="Clear",
    sources="Sources",
    refused="The book does not say",
    nearest="Nearest chapters",
    copy="Copy",
    helpful="Helpful",
    unhelpful="Not helpful",
    wrong_citation="Wrong citation",
    chapter_mark="ch. {number}",
    note_mark=", note {numbers}",
    between_numbers=", ",
    between_parts=", ",
    colon=": ",
    note="Note {number}",
    chapter="Chapter {number} “{title}”",
    pages="pp. {first}–{last}",
    ask_source="What is the source of note {number}?",
    exported="Answers from The CEO's guide to generative AI",
    quotes="Quotes",
    doubtful=" (not found in the book)",
    log_out="Log out",
    skip="Skip to the question",
    thinking="Reading the book…",
    checking="not checked yet",
    unsupported="not borne out",
    set_aside="The model also wrote this; the book does not bear it out, so it is no answer",
    small_print={
        "extractive": "Answers are selected from the book by a program; the book has the last "
        "word.",
        "llm": "Answers are written by a language model and checked by sentence; the book has the "
        "last word.",
    },
    examples=(
        ("Figure", "What share of CEOs lack proprietary data?"),
        ("Action", "What should we do about data governance?"),
        ("Speaker", "What did the CEO of ArcBest say?"),
        ("Source", "Where does the average cost of a data breach come from?"),
        ("Structure", "What are the three topics of chapter 7?"),
    ),
)

WORDS: dict[Language, Words] = {"zh": CHINESE, "en": ENGLISH}
