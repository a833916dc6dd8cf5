"""The API of the figures and surveys, as JSON, CSV or a picture."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response

from ui.api import problems
from ui.figure_charts import choose_charts, draw
from ui.figures import (
    FigureFilter,
    FigureRow,
    Figures,
    FigureTable,
    SurveyRow,
    to_csv,
)

_BOM = "\ufeff"  # without it a spreadsheet takes the file for another encoding
_FIGURE_EXAMPLE = {
    "count": 1,
    "total": 208,
    "figures": [
        {
            "id": "ch04.t2.know.p3.s2.f1",
            "printed": "53%",
            "value": 53.0,
            "unit": "%",
            "direction": None,
            "kind": "share",
            "population": "CEO",
            "subject": "…",
            "year": None,
            "when": "",
            "chapter": 4,
            "place": "第 4 章 平台、数据和治理",
            "section": "2. 数据：需要了解的事项",
            "notes": [40],
            "surveys": [2],
            "sources": ["2023 IBM IBV 生成式 AI CEO 脉冲调查"],
            "passage_id": "ch04.t2.know.p3",
            "sentence": "…",
            "start": 0,
            "end": 40,
            "rounds": None,
        }
    ],
    "comparisons": [],
}
_SURVEY_EXAMPLE = [
    {
        "number": 2,
        "name": "2023 IBM IBV 生成式 AI CEO 脉冲调查",
        "title": "2023 IBM Institute for Business Value generative AI CEO pulse survey",
        "sample": "200 名美国 CEO",
        "sample_size": 200,
        "region": "US",
        "fielded": "2023 年 4 月/5 月",
        "date": "April/May 2023",
        "url": None,
        "notes": [2, 11, 38, 40, 43],
        "figures": ["ch04.t2.know.p3.s2.f1"],
        "chapters": [0, 2, 4],
    }
]


class FigureQuery(FigureFilter):
    """A filter, and the form of the answer."""

    format: Literal["json", "csv", "svg"] = "json"


def figures_router(table: FigureTable) -> APIRouter:
    """Give the routes ``/api/figures`` and ``/api/surveys``."""
    router = APIRouter(prefix="/api")

    @router.get(
        "/figures",
        response_model=Figures,
        summary="The figures of the book",
        description="Every figure with its group, subject, year, chapter, survey and notes; "
        "as JSON, as CSV, or as charts (SVG).",
        responses={200: {"content": _contents(_FIGURE_EXAMPLE, "svg")}, **problems(404, 422)},
    )
    def figures(query: Annotated[FigureQuery, Query()]) -> Response:
        rows = table.select(query)
        if query.format == "csv":
            return _csv(to_csv(rows, FigureRow), "figures.csv")
        if query.format == "svg":
            return _file(draw(choose_charts(table, rows)), "image/svg+xml", "figures.svg")
        return Response(table.report(rows).model_dump_json(), media_type="application/json")

    @router.get(
        "/surveys",
        response_model=tuple[SurveyRow, ...],
        summary="The surveys and works behind the book",
        description="Each with its sample, field dates, notes and figures; as JSON or as CSV.",
        responses={200: {"content": _contents(_SURVEY_EXAMPLE)}, **problems(422)},
    )
    def surveys(format: Literal["json", "csv"] = "json") -> Any:  # noqa: ANN401
        if format == "csv":
            return _csv(to_csv(table.surveys, SurveyRow), "surveys.csv")
        return table.surveys

    return router


def _contents(example: object, *more: str) -> dict[str, Any]:
    text = {"schema": {"type": "string"}}
    kinds = {"csv": "text/csv", "svg": "image/svg+xml"}
    others = {kinds[name]: text for name in ("csv", *more)}
    return {"application/json": {"example": example}, **others}


def _csv(text: str, name: str) -> Response:
    return _file(_BOM + text, "text/csv; charset=utf-8", name)


def _file(text: str, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, media_type=media_type, headers=headers)
