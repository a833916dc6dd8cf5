"""The pages of figures and surveys: plain pages that also work without a script.

The server filters, sorts and draws; the script in ``assets/figures.js`` only does it in place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from html import escape
from string import Template
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response
from pydantic import field_validator

from ingest.statistics import Kind
from ui.asset_files import asset, asset_link
from ui.figure_charts import Chart, choose_charts, draw
from ui.figure_words import FIGURE_WORDS, FigureWords
from ui.figures import FigureFilter, FigureRow, FigureTable, SurveyRow
from ui.words import Language

SortKey = Literal["text", "value", "population", "year", "source"]
Order = Literal["ascending", "descending"]
_KINDS: tuple[Kind, ...] = ("share", "change", "multiple", "amount", "span", "count")
_OTHER: dict[Language, Language] = {"zh": "en", "en": "zh"}


class PageQuery(FigureFilter):
    """What the page of figures is asked for: a form leaves a field empty that narrows nothing."""

    lang: Language = "zh"
    sort: SortKey = "text"
    order: Order = "ascending"

    @field_validator("*", mode="before")
    @classmethod
    def _left_empty(cls, value: object) -> object:
        return None if value == "" else value


def figure_pages_router(table: FigureTable, *, is_digest: bool, has_login: bool) -> APIRouter:
    """Give the routes ``/figures`` and ``/surveys``."""
    router = APIRouter(include_in_schema=False)

    def page(at: Literal["figures", "surveys"], language: Language, content: str) -> Response:
        words = FIGURE_WORDS[language]
        filled = Template(asset("figures.html")).substitute(
            html_lang=words.html_lang,
            title=escape(f"{getattr(words, at)} · {words.book}"),
            book=escape(words.book),
            heading=escape(getattr(words, at)),
            lead=escape(getattr(words, f"{at}_lead") + (f" {words.digest}" if is_digest else "")),
            links=_links(words, at, language, has_login=has_login),
            content=content,
            panel_css=asset_link("panel.css"),
            panel_js=asset_link("panel.js"),
            figures_css=asset_link("figures.css"),
            figures_js=asset_link("figures.js"),
        )
        return HTMLResponse(filled, headers={"Cache-Control": "no-store"})

    @router.get("/figures")
    def figures(query: Annotated[PageQuery, Query()]) -> Response:
        return page("figures", query.lang, _figures(table, query))

    @router.get("/surveys")
    def surveys(lang: Language = "zh") -> Response:
        return page("surveys", lang, _surveys(table, FIGURE_WORDS[lang], lang))

    return router


def _links(words: FigureWords, at: str, language: Language, *, has_login: bool) -> str:
    chat, other = ("ui/", "en") if language == "zh" else ("en/", "zh")
    suffix = "" if language == "zh" else "?lang=en"
    links = [f'<a href="{chat}">{escape(words.chat)}</a>']
    for name in ("figures", "surveys"):
        current = ' aria-current="page"' if name == at else ""
        links.append(f'<a href="{name}{suffix}"{current}>{escape(getattr(words, name))}</a>')
    spoken = FIGURE_WORDS[_OTHER[language]].html_lang
    links.append(
        f'<a href="{at}?lang={other}" hreflang="{spoken}" lang="{spoken}">'
        f"{escape(words.other_language)}</a>"
    )
    if has_login:
        links.append(f'<a href="logout">{escape(words.log_out)}</a>')
    return "".join(links)


def _figures(table: FigureTable, query: PageQuery) -> str:
    words = FIGURE_WORDS[query.lang]
    rows = table.select(query)
    counted = words.count.format(shown=len(rows), all=len(table.rows))
    charts = "".join(_figure(chart) for chart in choose_charts(table, rows, words))
    shown = (
        f"<h2>{escape(words.charts)}</h2>"
        f'<div id="charts">{charts}</div><h2 id="table">{escape(words.table)}</h2>'
        f"{_table(_sorted(rows, query), query, words)}"
        if rows
        else f"<p>{escape(words.none)}</p>"
    )
    return (
        f"{_form(table, query, words)}"
        f'<div class="bar-line"><p id="count" role="status">{escape(counted)}</p>'
        f"{_downloads(query, words)}</div>"
        f'<div id="results">{shown}</div>'
    )


def _form(table: FigureTable, query: PageQuery, words: FigureWords) -> str:
    rows = table.rows
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.population or ""] = counts.get(row.population or "", 0) + 1
    populations = sorted(filter(None, counts), key=lambda name: (-counts[name], name))
    years = sorted({row.year for row in rows if row.year})
    kinds = [kind for kind in _KINDS if any(row.kind == kind for row in rows)]
    chapters = [("0", words.outside)] + [
        (str(d.number), f"{d.number}. {d.title}") for d in table.book.chapters
    ]
    surveys = [(str(s.number), s.name) for s in table.surveys if s.figures]
    fields = (
        _choice("chapter", words.chapter, chapters, query.chapter, words),
        _choice("population", words.population, [(p, p) for p in populations], query.population,
                words),
        _choice("survey", words.survey, surveys, query.survey, words),
        _choice("year", words.year, [(str(y), str(y)) for y in years], query.year, words),
        _choice("kind", words.kind, [(k, words.kinds[k]) for k in kinds], query.kind, words),
        f'<div class="wide"><label for="q">{escape(words.text)}</label>'
        f'<input id="q" name="q" type="search" maxlength="100" value="{escape(query.q or "")}">'
        "</div>",
    )  # fmt: skip
    reset = f"figures?lang={query.lang}"
    return (
        f'<form id="filters" method="get" action="figures" role="search" '
        f'aria-label="{escape(words.filters)}" data-failed="{escape(words.png_failed)}">'
        f"{''.join(fields)}"
        f'<input type="hidden" name="lang" value="{query.lang}">'
        f'<input type="hidden" name="sort" value="{query.sort}">'
        f'<input type="hidden" name="order" value="{query.order}">'
        f'<div class="send"><button>{escape(words.apply)}</button>'
        f'<a id="reset" href="{reset}">{escape(words.reset)}</a></div></form>'
    )


def _choice(
    name: str,
    label: str,
    options: Iterable[tuple[str, str]],
    chosen: object,
    words: FigureWords,
) -> str:
    selected = "" if chosen is None else str(chosen)
    items = "".join(
        f'<option value="{escape(value)}"{" selected" if value == selected else ""}>'
        f"{escape(text)}</option>"
        for value, text in [("", words.all), *options]
    )
    return (
        f'<div><label for="{name}">{escape(label)}</label>'
        f'<select id="{name}" name="{name}">{items}</select></div>'
    )


def _downloads(query: PageQuery, words: FigureWords) -> str:
    wanted = _wanted(query)
    links = (
        f'<a href="api/figures?{escape(urlencode({**wanted, "format": form}))}" download>'
        f"{escape(words.download)} {form.upper()}</a>"
        for form in ("csv", "svg")
    )
    jump = f'<a href="#table">{escape(words.table)}</a>'
    return f'<div class="downloads">{jump}{"".join(links)}</div>'


def _wanted(query: PageQuery) -> dict[str, str]:
    """Give the filter as the API takes it."""
    filters = query.model_dump(include=set(FigureFilter.model_fields), exclude_none=True)
    return {name: str(value) for name, value in filters.items() if value != ""}


def _figure(chart: Chart) -> str:
    buttons = "".join(
        f'<button type="button" value="{form}" aria-label="{form.upper()}：{escape(chart.title)}">'
        f"{form.upper()}</button>"
        for form in ("png", "svg")
    )
    return (
        f'<figure class="chart">{draw([chart], linked=True)}'
        f"<figcaption>{buttons}</figcaption></figure>"
    )


def _sorted(rows: Sequence[FigureRow], query: PageQuery) -> list[FigureRow]:
    """Sort rows; the order of the text decides between equals, what is not told comes last."""
    keys: dict[SortKey, Callable[[FigureRow], tuple[object, ...]]] = {
        "text": lambda row: (0,),
        "value": lambda row: (row.value,),
        "population": lambda row: (row.population,),
        "year": lambda row: (row.year,),
        "source": lambda row: (row.surveys[0] if row.surveys else None,),
    }
    key = keys[query.sort]
    told = [row for row in rows if None not in key(row)]
    untold = [row for row in rows if None in key(row)]
    turned = query.order == "descending"
    if query.sort == "text":
        return list(reversed(told)) if turned else told
    if query.sort == "value":  # shares with shares, amounts with amounts
        told.sort(key=lambda row: -row.value if turned else row.value)
        return sorted(told, key=lambda row: _KINDS.index(row.kind))
    return [*sorted(told, key=key, reverse=turned), *untold]


def _table(rows: Sequence[FigureRow], query: PageQuery, words: FigureWords) -> str:
    heads: tuple[tuple[SortKey | None, str], ...] = (
        ("value", words.value),
        ("population", words.population),
        (None, words.subject),
        ("year", words.year),
        ("text", words.place),
        ("source", words.survey),
        (None, words.notes),
    )
    head = "".join(_head(key, text, query) for key, text in heads)
    body = "".join(_line(row, query.lang, words) for row in rows)
    return (
        f'<table id="figures" role="table" aria-label="{escape(words.figures)}">'
        f'<thead role="rowgroup"><tr role="row">{head}</tr></thead>'
        f'<tbody role="rowgroup">{body}</tbody></table>'
    )


def _head(key: SortKey | None, text: str, query: PageQuery) -> str:
    if key is None:
        return f'<th role="columnheader" scope="col">{escape(text)}</th>'
    is_sorted = query.sort == key
    order = "descending" if is_sorted and query.order == "ascending" else "ascending"
    link = urlencode({**_wanted(query), "lang": query.lang, "sort": key, "order": order})
    state = f' aria-sort="{query.order}"' if is_sorted else ""
    return (
        f'<th role="columnheader" scope="col"{state}><a id="sort-{key}" '
        f'href="figures?{escape(link)}" data-sort="{key}" data-order="{order}">'
        f"{escape(text)}</a></th>"
    )


def _line(row: FigureRow, language: Language, words: FigureWords) -> str:
    kind = words.rounds if row.rounds else "" if row.kind == "share" else words.kinds[row.kind]
    small = f"<small>{escape(kind)}</small>" if kind else ""
    chapter = f"{words.chapter} {row.chapter}" if language == "en" else f"第 {row.chapter} 章"
    sources = "".join(
        f'<a href="surveys?lang={language}#s{number}">{escape(name)}</a>'
        for number, name in zip(row.surveys, row.sources, strict=True)
    )
    cells = (
        ("value", "", f"{_opener(row)}{small}"),
        ("nowrap", words.population, escape(row.population or "")),
        ("", "", escape(row.subject)),
        ("nowrap", words.year, escape(row.when)),
        ("nowrap", words.place, escape(chapter if row.chapter else row.place)),
        ("source", words.survey, f'<span class="list">{sources}</span>' if sources else ""),
        ("", words.notes, _notes(row.notes, words)),
    )
    return (
        '<tr role="row">'
        + "".join(
            f'<td role="cell" class="{name}"{_labelled(label, content)}>{content}</td>'
            for name, label, content in cells
        )
        + "</tr>"
    )


def _labelled(label: str, content: str) -> str:
    return f' data-label="{escape(label)}"' if label and content else ""


def _opener(row: FigureRow) -> str:
    """Give a figure as a link that opens its passage."""
    return f'<a href="#src-{row.passage_id}:{row.start}-{row.end}">{escape(row.printed)}</a>'


def _notes(numbers: Iterable[int], words: FigureWords) -> str:
    links = "".join(
        f'<a href="#note-{n}" aria-label="{escape(words.note)} {n}">{n}</a>' for n in numbers
    )
    return f'<span class="list">{links}</span>' if links else ""


def _surveys(table: FigureTable, words: FigureWords, language: Language) -> str:
    asked = [survey for survey in table.surveys if survey.sample]
    works = [survey for survey in table.surveys if not survey.sample]
    rows = {row.id: row for row in table.rows}
    parts = [
        f'<div class="bar-line"><div class="downloads">'
        f'<a href="api/surveys?format=csv" download>{escape(words.download)} CSV</a></div></div>',
        f'<h2 id="map-title">{escape(words.map)}</h2><p class="lead">{escape(words.map_lead)}</p>',
        _map(table, words, language),
    ]
    for heading, members in ((words.surveys, asked), (words.works, works)):
        parts.append(f"<h2>{escape(heading)}（{len(members)}）</h2>")
        parts += [_survey(survey, rows, words, language) for survey in members]
    return "".join(parts)


def _survey(
    survey: SurveyRow, rows: dict[str, FigureRow], words: FigureWords, language: Language
) -> str:
    facts = [
        (words.sample, survey.sample),
        (words.region, words.regions[survey.region] if survey.region else None),
        (words.fielded, survey.fielded) if survey.fielded else (words.published, survey.date),
    ]
    told = "".join(f"<dt>{escape(n)}</dt><dd>{escape(v)}</dd>" for n, v in facts if v)
    figures = "".join(
        f"<li><b>{_opener(rows[i])}</b>{escape(rows[i].subject)}</li>" for i in survey.figures
    )
    title = "" if survey.title == survey.name else f'<p class="title">{escape(survey.title)}</p>'
    link = (
        f'<a href="{escape(survey.url)}" target="_blank" rel="noopener noreferrer">'
        f"{escape(words.link)}</a>"
        if survey.url and survey.url.startswith(("https://", "http://"))
        else ""
    )
    filtered = f"figures?{escape(urlencode({'survey': survey.number, 'lang': language}))}"
    rests = (
        f'<p><a href="{filtered}">{escape(words.rests)}（{len(survey.figures)}）</a></p>'
        f"<ul>{figures}</ul>"
        if figures
        else f'<p class="title">{escape(words.no_figures)}</p>'
    )
    return (
        f'<article class="survey" id="s{survey.number}"><h3>{escape(survey.name)}</h3>{title}'
        f"<dl>{told}<dt>{escape(words.notes)}</dt><dd>{_notes(survey.notes, words)}</dd></dl>"
        f"{link}{rests}</article>"
    )


def _map(table: FigureTable, words: FigureWords, language: Language) -> str:
    """Draw the surveys against the chapters; a cell leads to the figures that it counts."""
    numbers = [0, *(division.number or 0 for division in table.book.chapters)]
    heads = "".join(f'<th scope="col">{n or escape(words.outside)}</th>' for n in numbers)
    body = []
    for survey in table.surveys:
        counts = dict.fromkeys(numbers, 0)
        for row in table.rows:
            counts[row.chapter or 0] += survey.number in row.surveys
        cells = "".join(f"<td>{_cell(survey, n, counts[n], words, language)}</td>" for n in numbers)
        body.append(
            f'<tr><th scope="row"><a href="#s{survey.number}">{escape(survey.name)}</a></th>'
            f"{cells}</tr>"
        )
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-labelledby="map-title">'
        f'<table id="map"><thead><tr><th scope="col">{escape(words.survey)}</th>{heads}</tr>'
        f"</thead><tbody>{''.join(body)}</tbody></table></div>"
    )


def _cell(
    survey: SurveyRow, chapter: int, count: int, words: FigureWords, language: Language
) -> str:
    if not count:
        return "·" if chapter in survey.chapters else ""
    link = urlencode({"chapter": chapter, "survey": survey.number, "lang": language})
    place = f"{words.chapter} {chapter}" if chapter else words.outside
    return (
        f'<a href="figures?{escape(link)}" aria-label="{escape(survey.name)}，{escape(place)}：'
        f'{count}">{count}</a>'
    )
