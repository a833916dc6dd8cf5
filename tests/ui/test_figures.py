"""Figures and surveys: the same rows from the page, the API, the CSV and the parsed book."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from fastapi.testclient import TestClient

from assistant.settings import Settings
from ingest.document import Book
from ingest.surveys import find_studies
from tests.ui.scripted import ScriptedAssistant
from ui.auth import hash_api_key, hash_password
from ui.figure_charts import Chart, choose_charts, draw
from ui.figures import FigureFilter, FigureRow, FigureTable, SurveyRow, to_csv
from ui.server import create_app


@pytest.fixture(scope="module")
def table(book: Book) -> FigureTable:
    return FigureTable(book)


@pytest.fixture
def client(scripted: ScriptedAssistant, tmp_path: Path) -> Iterator[TestClient]:
    """Give a client of an application without gradio's pages."""
    settings = Settings(_env_file=None, data_dir=tmp_path)
    app = create_app(scripted, settings, with_pages=False)
    with TestClient(app, base_url="http://127.0.0.1") as client:
        yield client


def read_csv(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text.removeprefix("\ufeff"))))


def shown_on(page: str) -> list[str]:
    """Give the figures of the page's table, in its order."""
    return re.findall(r'class="value"><a href="#src-[^"]+">([^<]+)</a>', page)


class TestTheSameRows:
    """Every figure of the book, on every surface."""

    def test_as_many_as_the_book_has(self, client: TestClient, book: Book) -> None:
        stated = [figure.text for claim in book.claims for figure in claim.figures]
        found = client.get("/api/figures").json()
        assert found["count"] == found["total"] == len(stated)
        assert all(t in row["printed"] for t, row in zip(stated, found["figures"], strict=True))

    @pytest.mark.parametrize("wanted", ["", "chapter=4", "chapter=0", "population=CEO&kind=share"])
    def test_in_json_csv_and_page(self, client: TestClient, wanted: str) -> None:
        rows = client.get(f"/api/figures?{wanted}").json()["figures"]
        written = read_csv(client.get(f"/api/figures?{wanted}&format=csv").text)
        page = shown_on(client.get(f"/figures?{wanted}").text)
        assert rows
        assert [row["id"] for row in rows] == [row["id"] for row in written]
        assert [row["printed"] for row in rows] == [row["printed"] for row in written] == page
        assert [row["value"] for row in rows] == [float(row["value"]) for row in written]

    def test_each_quotes_its_passage(self, client: TestClient, book: Book) -> None:
        for row in client.get("/api/figures").json()["figures"]:
            text = book.passages_by_id[row["passage_id"]].text
            assert text[row["start"] : row["end"]] == row["sentence"]
            assert all(note in book.notes_by_number for note in row["notes"])

    def test_surveys_hold_every_note_and_figure_once(self, client: TestClient, book: Book) -> None:
        surveys = client.get("/api/surveys").json()
        assert len(surveys) == len(find_studies(book))
        assert {n for s in surveys for n in s["notes"]} == set(book.notes_by_number)
        rows = client.get("/api/figures").json()["figures"]
        for survey in surveys:
            resting = [row["id"] for row in rows if survey["number"] in row["surveys"]]
            assert survey["figures"] == resting
        written = read_csv(client.get("/api/surveys?format=csv").text)
        assert [row["title"] for row in written] == [survey["title"] for survey in surveys]


class TestFilter:
    """Figures by chapter, group, survey, year, kind and words."""

    @pytest.mark.parametrize(
        ("wanted", "values"),
        [
            pytest.param(FigureFilter(chapter=1, population="CEO"), {74.0}, id="chapter-group"),
            pytest.param(FigureFilter(survey=34), {4_450_000.0, 9_480_000.0}, id="survey"),
            pytest.param(FigureFilter(year=2018), {46.0, 3.0}, id="year"),
            pytest.param(FigureFilter(kind="multiple", chapter=7), {2.0, 6.0}, id="kind"),
            pytest.param(FigureFilter(q="ＷＰＰ", kind="share"), {50.0}, id="another-width"),
            pytest.param(FigureFilter(q="数据 隐私列为"), {45.0}, id="two-words"),
            pytest.param(FigureFilter(q="没有这样的话"), set(), id="nothing"),
        ],
    )
    def test_narrows(self, table: FigureTable, wanted: FigureFilter, values: set[float]) -> None:
        assert {row.value for row in table.select(wanted)} == values

    @pytest.mark.parametrize("path", ["chapter=13", "survey=40"])
    def test_of_what_the_book_has_not_is_not_found(self, client: TestClient, path: str) -> None:
        reply = client.get(f"/api/figures?{path}")
        assert reply.status_code == 404
        assert "本书没有" in reply.json()["detail"]

    @pytest.mark.parametrize("path", ["chapter=x", "chapter=-1", "kind=none", "format=pdf"])
    def test_that_is_none_is_refused(self, client: TestClient, path: str) -> None:
        assert client.get(f"/api/figures?{path}").status_code == 422

    def test_an_empty_field_of_the_form_narrows_nothing(self, client: TestClient) -> None:
        whole = client.get("/figures").text
        assert shown_on(client.get("/figures?chapter=&population=&year=&q=").text) == shown_on(
            whole
        )

    def test_a_comparison_needs_all_its_figures(self, table: FigureTable) -> None:
        assert table.comparisons_of(table.select(FigureFilter(year=2018))) == ()
        whole = table.comparisons_of(table.select(FigureFilter(chapter=4)))
        assert {c.kind for c in whole} == {"time", "groups"}


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        pytest.param("=1+1", "'=1+1", id="formula"),
        pytest.param("@x", "'@x", id="at"),
        pytest.param("普通", "普通", id="plain"),
        pytest.param('他说"好"，\n再见', '他说"好"，\n再见', id="quotes-and-breaks"),
    ],
)
def test_a_cell_of_the_csv_is_text_only(table: FigureTable, cell: str, written: str) -> None:
    row = table.rows[0].model_copy(update={"subject": cell})
    assert read_csv(to_csv([row], FigureRow))[0]["subject"] == written


def test_an_empty_selection_has_its_heading(table: FigureTable) -> None:
    assert to_csv((), SurveyRow).splitlines() == [",".join(SurveyRow.model_fields)]


class TestCharts:
    """Pictures chosen by the data."""

    @staticmethod
    def _titles(charts: tuple[Chart, ...]) -> list[str]:
        return [chart.title for chart in charts]

    def test_every_exact_share_is_drawn_once(self, table: FigureTable) -> None:
        drawn = [r.id for chart in choose_charts(table, table.rows) for r in chart.rows]
        shares = {row.id for row in table.rows if row.kind == "share" and not row.rounds}
        compared = {i for c in table.comparisons for i in c.figures}
        assert len(drawn) == len(set(drawn))
        assert set(drawn) == shares | compared

    def test_the_whole_book_is_drawn_by_chapter(self, table: FigureTable) -> None:
        titles = self._titles(choose_charts(table, table.rows))
        assert titles[:3] == ["过去与未来", "不同人群的差别", "一边与另一边"]
        assert "第 4 章 平台、数据和治理" in titles

    def test_one_chapter_is_drawn_by_group(self, table: FigureTable) -> None:
        titles = self._titles(choose_charts(table, table.select(FigureFilter(chapter=4))))
        assert titles == ["过去与未来", "不同人群的差别", "平台", "高管", "CEO", "未指明人群"]

    def test_bars_are_as_long_as_their_figures(self, table: FigureTable) -> None:
        (chart,) = [
            c for c in choose_charts(table, table.rows) if c.kind == "groups"
        ]  # fmt: skip
        root = ElementTree.fromstring(draw([chart]))
        widths = [
            float(r.attrib["width"])
            for r in root.iter()
            if r.attrib.get("class") in ("bar", "other")
        ]
        values = [row.value for row in chart.rows]
        assert [w / widths[0] for w in widths] == pytest.approx(
            [v / values[0] for v in values], rel=0.01
        )

    def test_a_picture_for_a_file_has_no_links(self, client: TestClient) -> None:
        reply = client.get("/api/figures?chapter=4&format=svg")
        assert reply.headers["content-type"] == "image/svg+xml"
        assert "attachment" in reply.headers["content-disposition"]
        names = {node.tag.rpartition("}")[2] for node in ElementTree.fromstring(reply.text).iter()}
        assert names == {"svg", "rect", "text", "title"}

    def test_what_the_book_says_is_no_markup(self, table: FigureTable) -> None:
        row = table.rows[0].model_copy(update={"subject": '<script>"&', "population": "<b>"})
        chart = Chart("shares", "</svg>", choose_charts(table, [row])[0].groups)
        assert "<script" not in draw([chart], linked=True)
        ElementTree.fromstring(draw([chart], linked=True))

    def test_no_label_runs_over_the_edge(self, table: FigureTable) -> None:
        root = ElementTree.fromstring(draw(choose_charts(table, table.rows)))
        for node in root.iter():
            if node.attrib.get("class") in ("label", "key", "value"):
                text = node.text or ""
                size = 14 if node.attrib["class"] == "label" else 13
                ems = sum(0.56 if c.isascii() else 1 for c in text)
                assert float(node.attrib["x"]) + ems * size <= 440, text


class TestPages:
    """What the server gives before any script runs."""

    @pytest.mark.parametrize("path", ["/figures", "/surveys"])
    def test_load_nothing_from_elsewhere_and_run_nothing_inline(
        self, client: TestClient, path: str
    ) -> None:
        reply = client.get(path)
        assert "script-src 'self'" in reply.headers["content-security-policy"]
        assert "unsafe" not in reply.headers["content-security-policy"]
        assert not re.search(r"<style|<script>|\son\w+=|\sstyle=", reply.text)

    def test_sort_by_any_column(self, client: TestClient) -> None:
        up = shown_on(client.get("/figures?chapter=3&kind=share&sort=value").text)
        down = client.get("/figures?chapter=3&kind=share&sort=value&order=descending").text
        assert up[0] == "27%"
        assert shown_on(down)[0] == "87%"
        assert 'aria-sort="descending"' in down
        for key in ("text", "population", "year", "source"):
            reply = client.get(f"/figures?sort={key}&order=descending")
            assert len(shown_on(reply.text)) == client.get("/api/figures").json()["count"]

    def test_say_when_nothing_fits(self, client: TestClient) -> None:
        assert "没有符合条件的数字" in client.get("/figures?q=没有这样的话").text

    def test_what_is_asked_for_is_no_markup(self, client: TestClient) -> None:
        page = client.get(
            "/figures", params={"q": '"><script>x</script>', "population": "<b>"}
        ).text
        assert "<script>x" not in page
        assert "<b>" not in page

    def test_the_map_counts_the_figures_of_each_chapter(
        self, client: TestClient, table: FigureTable
    ) -> None:
        page = client.get("/surveys").text
        counted = sum(map(int, re.findall(r"chapter=\d+&amp;survey=[^>]+>(\d+)</a>", page)))
        assert counted == sum(len(row.surveys) for row in table.rows)
        assert page.count('<article class="survey"') == len(table.surveys)

    def test_speak_english(self, client: TestClient) -> None:
        for path in ("/figures?lang=en", "/surveys?lang=en"):
            page = client.get(path).text
            assert '<html lang="en">' in page
            chrome = page.partition('id="results"')[0].partition('id="map"')[0]
            assert not re.search("筛选|下载|样本|全部|人群", chrome)


class TestAccess:
    """The same rules as everything else."""

    def test_a_login_guards_them(self, scripted: ScriptedAssistant, tmp_path: Path) -> None:
        settings = Settings(
            _env_file=None, data_dir=tmp_path, users=(f"anna:{hash_password('secret')}",)
        )
        app = create_app(scripted, settings, with_pages=False)
        with TestClient(app, base_url="http://127.0.0.1") as client:
            for path in ("/api/figures", "/api/surveys"):
                assert client.get(path).status_code == 401
            for path in ("/figures", "/surveys"):
                headers = {"Accept": "text/html"}
                reply = client.get(path, headers=headers, follow_redirects=False)
                assert (reply.status_code, reply.headers["location"]) == (303, "login")

    def test_a_key_guards_the_api(self, scripted: ScriptedAssistant, tmp_path: Path) -> None:
        settings = Settings(_env_file=None, data_dir=tmp_path, api_keys=(hash_api_key("gk-x"),))
        app = create_app(scripted, settings, with_pages=False)
        with TestClient(app, base_url="http://127.0.0.1") as client:
            plain = client.get("/api/chapters").status_code
            assert client.get("/api/figures").status_code == plain
            headers = {"Authorization": "Bearer gk-x"}
            assert client.get("/api/figures", headers=headers).status_code == 200


def test_the_description_has_examples(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    for path in ("/api/figures", "/api/surveys"):
        answer = paths[path]["get"]["responses"]["200"]["content"]
        assert answer["application/json"]["example"]
        assert "text/csv" in answer
    example = paths["/api/figures"]["get"]["responses"]["200"]["content"]["application/json"]
    # FastAPI leaves out what is null.
    assert set(example["example"]["figures"][0]) <= set(FigureRow.model_fields)
