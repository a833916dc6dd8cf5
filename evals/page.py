"""The report as one self-contained HTML page: figures, plots, and every failed question.

Nothing is loaded from elsewhere, all text is escaped, and the page reads on paper, on a telephone
and in the dark.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from assistant.answer import Answer
from evals.charts import Bar, Line, bars, lines
from evals.dataset import Item, passages_at
from evals.metrics import Comparison, Measure, Outcome
from evals.report import Made, Run, SystemRun, differences, interval, kind_label, named, shown
from ingest.document import Book
from ingest.normalise import readable

_CUTS = (1, 5, 10, 20)
_CARDS = ("right", "footnote_recall", "footnote_precision", "chapter_recall", "quote_exactness",
          "refusal_recall", "answerable_refused", "seconds_p50", "seconds_p95")  # fmt: skip
_LONGEST_SHOWN = 1_200  # characters of an answer or a passage
_STYLE = """
:root{color-scheme:light dark;--ink:#1c2024;--soft:#5b6570;--line:#d9dee3;--paper:#fff;
--card:#f5f7f9;--good:#1a7f4b;--bad:#b42318;--bar:#9db7d5;--strong:#2563a8;--series-1:#2563a8;--series-2:#c2410c;
--series-3:#0f766e;--series-4:#9333ea;--series-5:#a16207;--series-6:#be185d;--series-7:#4b5563;
--series-8:#15803d}
@media(prefers-color-scheme:dark){:root{--ink:#e6e9ec;--soft:#9aa5b1;--line:#333b44;--paper:#14181c;
--card:#1d2328;--good:#4ade80;--bad:#f87171;--bar:#3d5a7d;--strong:#7db3ee;--series-1:#7db3ee;
--series-2:#fb923c;--series-3:#2dd4bf;--series-4:#c084fc;--series-5:#facc15;--series-6:#f472b6;
--series-7:#9ca3af;--series-8:#4ade80}}
*{box-sizing:border-box}
body{margin:0 auto;padding:24px 16px 64px;max-width:1100px;background:var(--paper);color:var(--ink);
font:15px/1.65 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
h1{font-size:24px;margin:0 0 4px}
h2{font-size:18px;margin:40px 0 12px}
h3{font-size:15px;margin:0 0 4px}
.soft{color:var(--soft)}.good{color:var(--good)}.bad{color:var(--bad)}
.cards{display:grid;gap:12px;margin:20px 0;
grid-template-columns:repeat(auto-fill,minmax(150px,1fr))}
.card{background:var(--card);border-radius:8px;padding:12px}.card b{display:block;font-size:22px}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{padding:6px 10px;border-bottom:1px solid var(--line);text-align:right;white-space:nowrap}
th:first-child,td:first-child{text-align:left}tr:last-child td{font-weight:600}
.measures tr:last-child td{font-weight:400}
svg{display:block;width:100%;max-width:760px;height:auto;font-size:13px;fill:var(--ink)}
svg .bar{fill:var(--bar)}svg .strong{fill:var(--strong)}
svg .whisker{stroke:var(--ink);stroke-width:1.2;fill:none}
svg .grid{stroke:var(--line);stroke-width:1}
details{border:1px solid var(--line);border-radius:8px;margin:8px 0;padding:8px 12px}
summary{cursor:pointer}
.sides{display:grid;grid-template-columns:1fr 1fr;gap:20px;margin-top:8px}
.sides>div{min-width:0;overflow-wrap:anywhere}.text{white-space:pre-wrap}
blockquote{margin:6px 0;padding-left:10px;border-left:3px solid var(--line)}
@media(max-width:700px){.sides{grid-template-columns:1fr}}
"""


def page(run: Run, book: Book, comparison: Comparison | None = None) -> str:
    """Give the report of a run as an HTML page.

    Parameters
    ----------
    run : Run
    book : Book
        Gives the text of the passages that were expected.
    comparison : Comparison or None
        With an earlier run.
    """
    first = run.systems[0]
    body = [
        f"<h1>评测报告：{escape(first.label)}</h1>",
        _made(run.made),
        _cards(first),
        _comparison(comparison) if comparison else "",
        "<h2>各题型全对的比例</h2>",
        bars("各题型全对的比例", [*_kind_bars(first)]),
        *(_plots(run) if len(run.systems) > 1 else ()),
        "<h2>各题型、各系统全对的比例</h2>",
        _kind_table(run),
        *_differences(run),
        "<h2>全部指标</h2>",
        _measure_table(run),
        *_failures(first, book),
    ]
    return (
        '<!doctype html>\n<html lang="zh-Hans"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>评测报告：{escape(first.label)}</title><style>{_STYLE}</style></head>"
        f"<body>{''.join(body)}</body></html>\n"
    )


def _made(made: Made) -> str:
    told = (
        f"书 {made.book}（{made.book_id}）",
        f"题集 {made.dataset}（{made.dataset_sha256[:12]}），split={made.split}",
        f"题型 {'、'.join(map(kind_label, made.kinds)) or '全部'}",
        f"向量模型 {made.embedder}",
        f"提交 {made.commit or '未知'}",
        f"Python {made.python}，{made.machine}",
        made.date,
    )
    return f'<p class="soft">{"；".join(map(escape, told))}。区间均为按题重抽样的 95% 区间。</p>'


def _cards(system: SystemRun) -> str:
    cells = (named(system.measures, name) for name in _CARDS)
    cards = (
        f'<div class="card">{escape(cell.label)}<b>{shown(cell, cell.value)}</b>'
        f'<span class="soft">{interval(cell)}</span></div>'
        for cell in cells
    )
    return f'<div class="cards">{"".join(cards)}</div>'


def _comparison(comparison: Comparison) -> str:
    tone = "good" if comparison.difference >= 0 else "bad"
    return (
        f'<h2>与上次相比</h2><p><b class="{tone}">'
        f"全对 {100 * comparison.difference:+.1f} 个百分点</b>"
        f"（95% 区间 {100 * comparison.low:+.1f} 至 {100 * comparison.high:+.1f}，"
        f"{comparison.questions} 题，McNemar p = {comparison.p:.3f}）</p>"
        f'<p><span class="good">变好 {len(comparison.better)} 题</span>：'
        f"{escape('、'.join(comparison.better)) or '无'}</p>"
        f'<p><span class="bad">变差 {len(comparison.worse)} 题</span>：'
        f"{escape('、'.join(comparison.worse)) or '无'}</p>"
    )


def _plots(run: Run) -> Iterator[str]:
    yield "<h2>各系统全对的比例</h2>"
    rights = [(system, named(system.measures, "right")) for system in run.systems]
    yield bars("各系统全对的比例", [_bar(s.label, right, s is rights[0][0]) for s, right in rights])
    yield "<h2>检索：前 k 个段落中有所需段落的比例（success@k）</h2>"
    yield lines(
        "检索 success@k",
        [f"k = {k}" for k in _CUTS],
        [
            Line(
                system.label,
                tuple(named(system.measures, f"success_at_{k}").value or 0.0 for k in _CUTS),
            )
            for system in run.systems
        ],
    )
    yield "<h2>单题用时 p95</h2>"
    latencies = [(system, named(system.measures, "seconds_p95")) for system in run.systems]
    top = max((latency.high or 0.0) for _, latency in latencies) or 1.0
    rows = [_bar(s.label, latency, s is latencies[0][0]) for s, latency in latencies]
    yield bars("单题用时 p95", rows, top=top, percent=False)


def _kind_bars(system: SystemRun) -> Iterator[Bar]:
    for kind in system.kinds:
        yield _bar(kind_label(kind.kind), named(kind.measures, "right"), False)
    yield _bar("全部", named(system.measures, "right"), True)


def _bar(label: str, measure: Measure, strong: bool) -> Bar:
    return Bar(
        label=label,
        value=measure.value or 0.0,
        low=measure.low or 0.0,
        high=measure.high or 0.0,
        printed=shown(measure, measure.value),
        strong=strong,
    )


def _kind_table(run: Run) -> str:
    first = run.systems[0]
    head = ["题型", "题数", *(system.label for system in run.systems)]
    rows = [
        [
            kind_label(kind.kind),
            str(kind.questions),
            *(_cell(named(system.kinds[place].measures, "right")) for system in run.systems),
        ]
        for place, kind in enumerate(first.kinds)
    ]
    total = (_cell(named(system.measures, "right")) for system in run.systems)
    return _table(head, [*rows, ["全部", str(len(first.outcomes)), *total]])


def _measure_table(run: Run) -> str:
    first = run.systems[0]
    head = ["指标", *(system.label for system in run.systems), f"95% 区间（{first.label}）"]
    rows = [
        [m.label, *(_cell(s.measures[place]) for s in run.systems), interval(m)]
        for place, m in enumerate(first.measures)
    ]
    return _table(head, rows, kind="measures")


def _differences(run: Run) -> Iterator[str]:
    if len(run.systems) > 1:
        head, *rows = differences(run)
        yield "<h2>逐题比较（百分点）</h2>"
        yield _table(head, rows, kind="measures")


def _cell(measure: Measure) -> str:
    return shown(measure, measure.value)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], *, kind: str = "kinds") -> str:
    top = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    lines_ = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows)
    body = "".join(f"<tr>{line}</tr>" for line in lines_)
    return (
        f'<div class="wide"><table class="{kind}"><thead><tr>{top}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _failures(system: SystemRun, book: Book) -> Iterator[str]:
    failed = [outcome for outcome in system.outcomes if not outcome.judgement.right]
    yield f"<h2>没有答对的题（{len(failed)} / {len(system.outcomes)}）</h2>"
    for outcome in failed:
        yield _failure(outcome, book)


def _failure(outcome: Outcome, book: Book) -> str:
    item, faults = outcome.item, "；".join(outcome.judgement.faults)
    return (
        f"<details open><summary><b>{escape(item.question)}</b> "
        f'<span class="soft">{escape(item.id)}，{escape(kind_label(item.kind))}</span><br>'
        f'<span class="bad">{escape(faults)}</span></summary>'
        f"{_history(item)}"
        f'<div class="sides"><div><h3>应当</h3>{_expected(outcome, book)}</div>'
        f"<div><h3>实际</h3>{_given(outcome.answer)}</div></div></details>"
    )


def _history(item: Item) -> str:
    roles = {"user": "问", "assistant": "答", "system": "系统"}
    turns = (f"{roles[turn.role]}：{_cut(turn.content)}" for turn in item.history)
    return "".join(f'<p class="soft">{escape(turn)}</p>' for turn in turns)


def _expected(outcome: Outcome, book: Book) -> str:
    item = outcome.item
    if not item.answerable:
        return f"<p>拒答，不附引文。{escape(item.why)}</p>"
    missing = set(outcome.judgement.facts_missing)
    facts = "；".join(
        f'<span class="{"bad" if fact in missing else "good"}">{escape(" / ".join(fact))}</span>'
        for fact in item.facts
    )
    sources = "".join(
        f'<p class="soft">{escape(passage.id)}</p>'
        f"<blockquote>{escape(_cut(readable(passage.text)))}</blockquote>"
        for place in item.sources
        for passage in passages_at(place, book)
    )
    return (
        f"<p>{_places(item.chapters, item.footnotes)}</p><p>事实：{facts or '（无）'}</p>{sources}"
    )


def _given(answer: Answer) -> str:
    citations = "".join(
        f"<li>{_places([citation.chapter] if citation.chapter else [], citation.footnotes)}"
        f' <span class="soft">{escape(citation.passage_id)}</span></li>'
        for citation in answer.citations
    )
    return f'<p class="text">{escape(_cut(answer.answer))}</p><ul>{citations}</ul>'


def _places(chapters: Sequence[int], footnotes: Sequence[int]) -> str:
    chapters_, notes = ("、".join(map(str, numbers)) for numbers in (chapters, footnotes))
    return f"章：{chapters_ or '（无）'}；注：{notes or '（无）'}"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}……"
