"""The forms of questions: how each kind is put, in Chinese and in English.

A form says what kind of answer is wanted (「哪一章」, 「对吗」, 「怎么做」). No form names a
topic of the book, so that a new question of a known kind is told as well as an old one. Each is a
list of short patterns, any of which is enough.
"""

from __future__ import annotations

import re
from typing import Literal

Intent = Literal[
    "fact", "action", "speaker", "speakers", "source", "reverse", "check", "compare", "outline"
]


def _form(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


# 「想研究怎么…」 speaks of no study.
_STUDY = "(?:调查|报告|(?<![想要去来再])研究(?!怎|如何|一下|下|院)|问卷|调研|访谈)"
# 「把数据的来源看作障碍」: where data come from is what is judged, not what is asked.
_WEIGHED = "(?:方面|问题|不[明清])|(?:看|视|当|列|作|成为|构成|是)[^什哪谁啥，？]{0,8}(?:障碍|问题|挑战|风险)"
# 「作者劝老板做什么」 means the guide's own.
_AUTHOR = "作者(?!.{0,4}[催说讲劝谈叫让认觉呼告]|建议|提[醒议到出]|希望|强调|主张|想)"
_WHICH = "(?:哪些|哪几个?|哪几条|有?什么(?!时候|岗位|人|机构)|(?<!没)啥|几个|多少个|所有|全部)"
_FINDING = "(?:数据|数字|数(?!据|码)|结论|发现|结果|论断|观点|内容|说法|地方)"

FORMS: dict[Intent, re.Pattern[str]] = {
    # Which chapter, which topics, on what pages: the book's own structure.
    "outline": _form(
        r"(?:哪|第?几)(?:一|个|些|几)?(?:章|部分)(?!.{0,6}(?:说的|提到的|里的?数))|章号|书里?归在|从哪[儿里章]读|何处下手",
        r"[几多]少?(?:章|部分|页|条注|个注|条脚注)|第?几页|哪几?页|页码|起止|注释?(?:总|共|一共)|注释?.{0,6}(?:几号|编到)",
        r"副标?题|章名|标题(?:是|叫)|要点的?标题|大标题|目录|章节",
        r"(?:哪|[几三]).{0,3}(?:大|个)部分|部分.{0,6}(?:包括|包含|有)(?:哪|几|什么)",
        r"(?:章|chapter)[^，。？]{0,24}[三几哪](?:个(?!部门)|条|点|件|项|句|步|大|块)|章.{0,16}(?:话题|主题|专题|小节|板块|须知|口号|举措|认知)",
        r"[三几哪]个?(?:大)?(?:主题|话题|专题|小专题|板块|小节)|(?:小节|主题|话题|专题)\s*(?:名称|是|有|标题)",
        r"了解的?(?:事项|[几三]|东西|.{0,3}(?:件|条|点|项))|[三几]件?(?:要|该|需要?)了解",
        r"(?:章|部分|本?书|篇|引言|序言|结束语).{0,8}(?:讲|谈|说|写)(?:的是|的|了|些)*(?:什么|啥|哪)|主要内容",
        r"(?:[下上]|[前后]面?(?:的|那)?|往后|往前|紧接着|紧跟).{0,6}一?章",
        r"(?:which|what) (?:chapters?|parts)|how many (?:chapters|notes|parts|footnotes)|contents|where (?:do|should|can) i start",
        r"(?:which|what) pages?|chapter \w+ (?:about|cover|split|divided)|three (?:things|topics|actions)|chapter.{0,40}(?:topics|headings)",
    ),
    # Which figures and findings rest on a given study.
    "reverse": _form(
        rf"{_WHICH}.{{0,8}}{_FINDING}.{{0,14}}(?:来自|出自|引自|源自|基于|依据|引用|用|是)[^哪]*?(?:{_STUDY}|报|《|$)",
        rf"(?:来自|出自|引自|源自|基于|引用|依据|用[到了]|从)(?![^，]{{0,3}}[哪什]).{{0,30}}(?:{_STUDY}|《|报|它|那里).{{0,24}}{_WHICH}",
        rf"{_STUDY}[^。？]{{0,28}}(?:撑起|支撑|得出|引出|引了|出了|给出|贡献|用在|提供|都有|带来|问出|发现).{{0,10}}{_WHICH}",
        rf"{_STUDY}[^。？]{{0,28}}(?:{_WHICH}.{{0,4}}{_FINDING}|汇总|分布|[几多]少?处)",
        rf"{_STUDY}[^。？]{{0,48}}[，,](?:[^。？]{{0,8}}(?:从中|里面|其中|由此))[^。？]{{0,8}}{_WHICH}",
        rf"{_WHICH}(?:章|注|地方|处).{{0,12}}(?:引用?|用到?|依据|来自)",
        r"(?:书里|全书|书中|指南|本书).{0,10}(?:有没有)?(?:用到?|引用?)(?:了|过|没)?.{0,24}(?:东西|报告|调查|研究|数据)",
        rf"多少(?:{_FINDING}|条|处).{{0,14}}(?:来自|出自|引自|源自|基于|依据|引用)",
        rf"(?:{_STUDY}|》)[^。？]{{0,12}}(?:引用?|用|提)[到了过]*(?:几|多少)(?:次|回|处)",
        rf"(?:报道|调查|文章)\s*{_WHICH}{_FINDING}",
        r"(?:which|what|anything)\b.{0,50}\b(?:comes? from|rests? on|(?:is|are) based|cites?|uses?)\b",
    ),
    # Where a figure comes from; sample, dates, authors and links of a survey.
    "source": _form(
        rf"(?<!沿袭[和与及、])来源(?!{_WEIGHED})|出处|出自|哪来的?|哪儿来|来自(?:哪|什么)|打哪|信源|原文(?:在|是)",
        rf"(?:哪|什么|啥)(?:一|两|几|份|个|项|家|本|篇|些|次)*的?{_STUDY}|(?:哪|什么|啥)(?:份|家|本|篇|个)(?:文章|机构|报纸|媒体|刊物)",
        rf"谁(?:做|发布|写|出|调查)的|{_AUTHOR}|发布(?:方|者|机构)|登在|刊(?:登|物)",
        r"样本|受访的?(?:是|有|者是)|问了?(?:的是)?(?:多少|几|谁|哪)|(?:调查|访问|访)了(?:多少|几|谁|哪)",
        r"多少(?:人|位|名).{0,8}(?:参加|参与|受访|被访|接受)|一共(?:几|多少)(?:位|人|名)",
        rf"(?:{_STUDY}|注).{{0,12}}(?:什么时候|几月|何时|哪年|日期|哪天)|(?:什么时候|几月|何时|哪年|哪天).{{0,10}}(?:做|发布|调查|出版|发表|访问|访)的",
        rf"{_STUDY}(?:的)?(?:名称|名字|全称|叫(?:什么|啥))",
        r"链接|网址|\burl\b|有?(?:什么|何)依据|依据(?:是|在)|未公开|未发表|未出版|公开发表|初步",
        r"where (?:does|did|do|is).{0,60}(?:come|from)|source (?:of|for|behind)|sample|what(?:'s| is) the source",
        r"how many (?:people|executives|respondents).{0,20}(?:survey|ask|interview)|who (?:\w+ )?(?:was|were) (?:\w+ )?(?:polled|surveyed|asked|interviewed)",
        r"(?:which|what) (?:report|survey|study|source)|\bfootnote\b",
    ),
    # Which people are quoted at a place.
    "speakers": _form(
        r"(?<![问访查]了)(?<![问访查])(?:哪些|哪几个?|哪几位|几位|多少位|有谁|都有谁)[^，。？]{0,10}(?:嘉宾|企业家|领导|ceo|老总|发言|引语|人物|讲话|说话|露面)",
        r"(?:引用?|收录|登|请)了(?:(?:哪些|哪几)(?:[个位]?人|位)|谁)(?:的话)?|(?:发言|讲话|引语)的(?:人|都)?(?:有|是)?(?:谁|哪)",
        r"引用?了?(?:哪几|几|多少)[个位]?人|who(?:'s| is| are| gets?) quoted|署名(?:的|者)?(?:有|是|都)|谁署名|which (?:speakers|leaders|ceos|executives) (?:are|appear|speak)",
    ),
    # Who said it; what a named person said.
    "speaker": _form(
        r"(?:谁|哪位|哪一位|什么人|哪个人|哪家[^，。？]{0,6}(?:ceo|老板|老总|首席))[^，。？]{0,16}(?:说|讲|提|认为|觉得|指出|表示|主张|比喻|比作|话|看法|观点)",
        r"(?:说|讲|提|原话|名言|话|比喻|观点)[^，。？]{0,14}(?:是谁|谁的|谁说|哪位)|(?:说|讲)[这那此]?(?:句|番)?话的",
        r"(?:ceo|首席|官|老板|总裁|总经理|负责人|一把手|掌门人?|当家|老大|署名|他|她)[^，。？]{0,8}(?:叫什么|叫啥|是谁|哪位|名字|姓什么)",
        r"who (?:said|says|argues|thinks|compared|claims|told|believes|warned)|whose (?:quote|words)",
    ),
    # Is a claim right.
    "check": _form(
        r"是不是|是否|对吗|对不对|对吧|真的|属实|没错|没记错|准吗|准确|对得上|核实|确认|有误|是这样|是吗|吗[？?]?$|吧[？?]$",
        r"这么说|说得对|这个(?:数|比例)|听说|据说|有人(?:说|跟我|讲)|写(?:着|的是)",
        r"is it true|\bcorrect\b|\bright\?|^(?:do|does|did|is|are|was|were|have|has)\b",
    ),
    # Two things side by side.
    "compare": _form(
        r"相比|对比|对照|比较|差(?:多少|多大|距|别|了|在|异)|区别|不同|(?:哪|谁)[^，。？]{0,14}更|哪边|哪一?个.{0,6}(?:大|高|多|低|少)",
        r"各(?:是|占|指|有|为|多|自|比|高|强)|分别|一回事|同一|一个意思|两(?:个|处|回|章)|都(?:提到|出现|有个?|说)",
        r"从.{1,12}到.{1,12}(?:变|涨|升|降|多少)|[跟和与同].{1,20}(?:比|差)",
        r"versus|\bvs\b|compare|differ|gap between|\bboth\b",
    ),
    # What to do.
    "action": _form(
        r"怎么(?!看|说|讲|样|会|称|叫|写|回事|评价|描述)|咋(?!看|说|样|回事)|怎样(?:才|做|让|把|用|去|能|不|别|避免|防)|如何",
        r"该(?:怎|做|采取|从|先|干|抓|注意|准备|不该)|应当?该?(?:做|采取|先)",
        r"(?:做|采取|抓|干|定|立|推|管|走)(?:好|些|哪|什么|啥|几)+(?!比|成|年)|采取.{0,8}(?:行动|措施|动作|做法|步骤)",
        r"(?:哪|几|什么|啥|三)(?:些|几|个)?(?:条|件事|步|招|手|招数|动作|措施|做法|建议|办法|抓手|行动|对策|主意)",
        r"(?:有|给|出)[^，。]{0,6}(?:招|建议|办法|动作|措施|做法|点子|主意|对策)",
        r"(?:做法|措施|办法|对策|举措|建议|动作|步骤|工作)[^，。？]{0,2}(?:有|是|分|包括)[^，。？]{0,2}(?:哪|什么|啥)|哪几?[些项]?工作|做到(?:哪|什么|啥)|布置|(?:完整|全套|行动)清单",
        r"从(?:哪|何).{0,3}(?:下手|入手|着手|开始|抓起)|第一步|下一步|行动(?:清单|建议|方案|项)|三项行动|需要采取|注意(?:什么|啥|哪)",
        r"(?:what|which).{0,20}(?:should|must|can|do) (?:we|i|a|the|our|they|you|one)|how (?:should|can|do|to|could)",
        r"安排(?:些|点|哪)?(?:什么|啥|些)|要做(?:的|哪|什么|啥)|(?:清单|单子|方子|药方)[^，。？]{0,3}(?:哪|什么|啥)|开(?:出|了)[^，。？]{0,4}(?:清单|单子|方子|药方)|(?:应对|改进)(?:措施|办法|之策)|法子|全套|出路|怎么交代",
        r"\b(?:steps|actions|advice|recommend\w*|checklist)\b",
    ),
}

# Two places of the book that say something alike.
SAME = _form(
    r"一回事|同一|一个意思|都(?:出现|提到|提过|有个?|写着|是)[^\d，。？]{0,6}(?:\d|[一二三四五六七八九]成|[二三四五六七八九十]分之)|两(?:个|处|回|次)\D{0,4}\d|[各分]别?指",
    r"the same (?:thing|figure|number)",
)

# Two things are asked for at once.
BOTH = _form(
    r"各(?:是|占|有|为|多|自)|分别|两(?:个|处|种|组|样)|又(?:有|是|多|占)|都要|反差|落差|差(?:多|别|距|异)|一边.*一边",
    r"多少.*(?:多少|几成|几)|几成.*(?:几成|多少)|\bboth\b|and how many|stack up",
)

# One thing is asked for, and then another.
AGAIN = _form(
    r"[，,；;？?。](?:那|又|再|另|还有?|同时|以及|换成|而|可|至于|反过来|到了?|.{0,12}(?:又|则|呢[？?]))",
    r"[,;?] ?(?:and|versus|while|but)\b|\belsewhere\b",
)

# A whole list is asked for.
ALL = _form(
    r"哪些|哪几|几[条步件招项样点]|步骤|全套|整套|一整套|清单|逐[条项一]|一条条|都有(?:什么|哪|啥)|全部|所有|完整|[说讲列给]全(?![面球])|别漏|[不别]落下?|逐项|罗列|列(?:出|一下|举)",
    r"\b(?:steps|actions|list|checklist|all of|things)\b",
)

# Each thing that a question asks for.
ASKS = _form(r"多少|几|哪|谁|什么|啥|怎么|如何|百分之|\bhow\b|\bwhat\b|\bwho\b|\bwhich\b")

QUANTITY = _form(
    r"多少|几成|比例|有(?:没有|什么|哪些)?(?:数据|数)(?:支持|支撑|佐证|吗|证明)|百分之?几|占比|几倍|多大|多高|占多|几分之几|数字|几个百分点",
    r"(?:what|which) (?:share|percentage|proportion|portion)|how (?:many|much|high|big)|percent",
)

# The question speaks of a study as a source: then it asks what rests on it, or about the study.
CITES = _form(
    rf"{_STUDY}|样本|出处|引[用自到了过着]|被引|凭(?:它|此)|依据|那篇|这篇|文章|论文|{_AUTHOR}|合写|《[^》]+》|[^a-z](?:us|global) c[a-z/]+s",
    r"survey|study|\breport\b|unpublished|(?<=[\u4e00-\u9fff，\s])[a-z]+ [a-z]+ [a-z]+ [a-z]+[^?]*[\u4e00-\u9fff]",
    r"^[a-z]+ [a-z]+ [a-z]+[^?]*[\u4e00-\u9fff]",
)

# It asks which study, and so names none.
WHICH_STUDY = _form(
    rf"(?:哪|什么)(?:一|些)?(?:份|项|个|篇|次|本)?的?{_STUDY}",
    r"(?:which|what) (?:study|survey|report)",
)

# It asks about the study itself: who was asked, how many, when, by whom, where to find it.
ABOUT_STUDY = _form(
    r"多少(?:人|位|名|个)|几(?:位|人|名|个?月)|[什啥]么?时候|何时|哪年|哪天|作者(?:是|有|都)|谁(?:写|做|发|办|出)|链接|网址|样本(?:量|数|多|是|有)|全文|原文",
    r"(?:什么|哪些|哪类|哪种)(?:岗位|人|职务|职位|对象|群体)|访的是|问的是(?:谁|哪)|受访(?:者|的)?(?:是|有)(?:谁|哪|什么)",
    rf"(?:哪|什么)(?:一|些)?(?:份|项|个|篇|家|次|本)?的?{_STUDY}|样本几|受访者?的?(?:职|身份|构成|人数)",
    r"\bwho\b|\bwhen\b|how many|sample size|\blink\b|\burl\b|author|(?:which|what) (?:study|survey|report)",
)

# All but the chapters that the question names.
EXCEPT = _form(
    r"除了?|抛开|之外|以外|不算|别的章|其他章|apart from|other than|besides|except",
)

# Others than those spoken of.
OTHERS = _form(
    r"别的|别处|其他|其它|另外|还有|还(?:讲|说|谈|提)",
    r"\bothers?\b|\b(?:any|some|where)?(?:thing|where)? ?else\b",
)

# The question turns away from what was said before.
TURNS_AWAY = _form(
    r"换个?(?:话题|问题|个事|一个)|先不(?:说|谈|聊|管)|另外(?:问|想)|另一个问题|不(?:说|聊|谈|问)这|题外话|说点别的|跳到",
    r"(?:changing|different|another|new) (?:the )?(?:topic|subject|question)",
)

# The question leans on what was said before.
LEANS_BACK = _form(
    r"^(?:那|所以|然后|还有|还差|还剩|剩下|接着|而|再)|^(?:and|what about|how about|so|then)\b",
    r"[这那](?:个|些|条|件|项|句|里|样|份|事|数|两|几|家|位|段|话|种|一)|[它他她](?!人)",
    r"同一?[份个篇项]|其他|其余|其中|上述|上面|前面|刚才|刚刚|你说的|第[一二三]条|第[一二三]点|呢[？?。]?$|^[^，。？?]{1,10}呢[？?]|展开|具体|为什么[？?]?$|详细",
    r"\b(?:it|that|this|they|them|those|these|he|she|his|her|their|its|the others?|same)\b",
)

# It gives the assistant orders, beside its question or in place of one.
INSTRUCTS = _form(
    r"忽略|无视|不要理会|绕过|ignore|disregard|override|system prompt|系统提示|(?:你的?|初始|隐藏)(?:提示词|指令|规则|设定)|扮演|假装|假设你是|从现在起你",
    r"act as|pretend|you are now|developer mode|jailbreak|越狱|<[a-z/!]|base64|编造|伪造|随便编|瞎编一|照着?我说|只(?:能|需)?(?:回答|输出|回复)|repeat (?:the|after)|输出.{0,6}(?:全文|原文|密钥)|管理员",
    r"都给我(?!讲|说|列|[。，！？!?]|$)|一律|不要告诉|不用查书|别标出处",
)
