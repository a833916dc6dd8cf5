"""The pages of figures and surveys in a real browser, on the served application."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from ingest.document import Book
from tests.ui.conftest import NewPage, Service, open_chat
from tests.ui.test_axe_browser import serious
from ui.figures import FigureFilter, FigureTable

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

_PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def table(book: Book) -> FigureTable:
    return FigureTable(book)


@pytest.fixture
def figures(new_page: NewPage, service: Service) -> Page:
    """Open the page of figures."""
    page = new_page()
    page.goto(f"{service.url}/figures")
    return page


def shown(page: Page) -> list[str]:
    """Give the figures of the table, in its order."""
    return page.locator("#figures td.value > a").all_inner_texts()


def expect_count(page: Page, number: int) -> None:
    """Wait until so many figures are shown."""
    expect(page.locator("#count")).to_have_text(re.compile(rf"^显示 {number} 个"))
    expect(page.locator("#figures tbody tr")).to_have_count(number)


def test_all_figures_are_there_and_reached_from_the_chat_page(
    new_page: NewPage, service: Service, table: FigureTable
) -> None:
    page = open_chat(new_page(), service.url)
    page.locator("#masthead").get_by_role("link", name="数据").click()
    expect_count(page, len(table.rows))
    page.get_by_role("link", name="调查", exact=True).click()
    expect(page.locator("article.survey")).to_have_count(len(table.surveys))
    page.get_by_role("link", name="问答", exact=True).click()
    page.locator("#chat .example").first.wait_for()


def test_filters_narrow_table_charts_and_downloads_in_place(
    figures: Page, table: FigureTable
) -> None:
    figures.evaluate("() => { window.stayed = true; }")
    rows = table.select(FigureFilter(chapter=4))
    figures.get_by_label("章", exact=True).select_option("4")
    expect_count(figures, len(rows))
    assert shown(figures) == [row.printed for row in rows]
    expect(figures.locator("figure.chart").first).to_contain_text("过去与未来")
    expect(figures.get_by_role("link", name="下载 CSV")).to_have_attribute(
        "href", re.compile("chapter=4")
    )
    figures.get_by_label("人群", exact=True).select_option("CEO")
    expect_count(figures, len(table.select(FigureFilter(chapter=4, population="CEO"))))
    figures.get_by_label("文字").press_sequentially("隐私")
    expect_count(figures, 1)
    expect(figures.get_by_label("文字")).to_be_focused()
    assert "chapter=4" in figures.url
    assert figures.evaluate("() => window.stayed")
    figures.get_by_role("link", name="清除筛选").click()
    expect_count(figures, len(table.rows))


def test_nothing_found_is_said(figures: Page) -> None:
    figures.get_by_label("文字").fill("没有这样的话")
    expect(figures.locator("#results")).to_contain_text("没有符合条件的数字")


def test_a_filtered_address_can_be_shared(
    figures: Page, new_page: NewPage, table: FigureTable
) -> None:
    figures.get_by_label("年份").select_option("2018")
    expect_count(figures, 2)
    other = new_page()
    other.goto(figures.url)
    expect_count(other, 2)
    expect(other.get_by_label("年份")).to_have_value("2018")


def test_columns_are_sorted_by_keyboard(figures: Page) -> None:
    figures.get_by_label("章", exact=True).select_option("3")
    figures.get_by_label("类型").select_option("share")
    heading = figures.get_by_role("columnheader", name="数字")
    expect(heading).not_to_have_attribute("aria-sort", re.compile("."))
    heading.get_by_role("link").focus()
    figures.keyboard.press("Enter")
    expect(heading).to_have_attribute("aria-sort", "ascending")
    assert shown(figures)[0] == "27%"
    expect(heading.get_by_role("link")).to_be_focused()
    figures.keyboard.press("Enter")
    expect(heading).to_have_attribute("aria-sort", "descending")
    assert shown(figures)[0] == "87%"


def test_a_figure_opens_its_passage_and_a_number_its_note(
    figures: Page, table: FigureTable, book: Book
) -> None:
    (row,) = table.select(FigureFilter(chapter=4, q="隐私列为"))
    figures.get_by_label("文字").fill("隐私列为")
    expect_count(figures, 1)
    link = figures.locator("#figures td.value a")
    link.click()
    expect(figures.locator("#panel mark")).to_be_visible()
    assert (
        figures.locator("#panel .passage").text_content()
        == book.passages_by_id[row.passage_id].text
    )
    expect(figures.locator("#panel")).to_contain_text("注 43")
    figures.keyboard.press("Escape")
    expect(figures.locator("#panel")).to_be_hidden()
    expect(link).to_be_focused()
    figures.get_by_role("link", name="注 43").click()
    expect(figures.locator("#panel h2")).to_have_text("注 43")


def test_a_bar_opens_its_passage_by_mouse_and_keyboard(figures: Page) -> None:
    bar = figures.get_by_role("link", name=re.compile("^29%：")).first
    bar.click()
    expect(figures.locator("#panel mark")).to_contain_text("29%")
    figures.keyboard.press("Escape")
    bar.focus()
    figures.keyboard.press("Enter")
    expect(figures.locator("#panel mark")).to_contain_text("29%")


def test_the_figures_shown_are_downloaded(figures: Page, table: FigureTable) -> None:
    figures.get_by_label("章", exact=True).select_option("4")
    rows = table.select(FigureFilter(chapter=4))
    expect_count(figures, len(rows))
    with figures.expect_download() as waiting:
        figures.get_by_role("link", name="下载 CSV").click()
    with waiting.value.path().open(encoding="utf-8-sig", newline="") as file:
        assert [row["id"] for row in csv.DictReader(file)] == [row.id for row in rows]
    with figures.expect_download() as waiting:
        figures.get_by_role("link", name="下载 SVG").click()
    assert waiting.value.suggested_filename == "figures.svg"


def test_a_chart_is_downloaded_as_svg_and_png(figures: Page) -> None:
    chart = figures.locator("figure.chart").first
    with figures.expect_download() as waiting:
        chart.get_by_role("button", name="SVG").click()
    text = waiting.value.path().read_text("utf-8")
    assert text.startswith("<svg")
    assert "#src-" not in text
    with figures.expect_download() as waiting:
        chart.get_by_role("button", name="PNG").click()
    assert waiting.value.suggested_filename == "过去与未来.png"
    picture = waiting.value.path().read_bytes()
    assert picture.startswith(_PNG)
    assert int.from_bytes(picture[16:20], "big") == 880  # twice the width of the drawing
    assert len(picture) > 20_000  # an empty sheet is far smaller


def test_the_map_of_surveys_leads_to_figures(
    new_page: NewPage, service: Service, table: FigureTable
) -> None:
    page = new_page()
    page.goto(f"{service.url}/surveys")
    wanted = FigureFilter(chapter=4, survey=2)
    page.locator('#map a[href*="chapter=4&survey=2&"]').click()
    expect_count(page, len(table.select(wanted)))
    page.get_by_role("link", name="CEO 脉冲调查").first.click()
    expect(page.locator("#s2")).to_be_in_viewport()
    page.locator("#s2").get_by_role("link", name="53%").click()
    expect(page.locator("#panel mark")).to_contain_text("53%")


@pytest.mark.parametrize("path", ["/figures?chapter=4", "/surveys"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_they_shut_nobody_out(
    new_page: NewPage, service: Service, path: str, scheme: str, width: int
) -> None:
    page = new_page(color_scheme=scheme, viewport={"width": width, "height": 800})
    page.goto(service.url + path)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    paper = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
    assert (paper == "rgb(255, 255, 255)") == (scheme == "light")
    page.locator('a[href^="#src-"]').last.click()
    page.locator("#panel mark").wait_for()
    assert serious(page) == []


def test_a_phone_shows_a_figure_a_card(new_page: NewPage, service: Service) -> None:
    page = new_page(viewport={"width": 390, "height": 780}, has_touch=True)
    page.goto(f"{service.url}/figures")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    card = page.locator("#figures tbody tr").first
    box = card.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    card.locator("td.value a").tap()
    expect(page.locator("#panel mark")).to_be_in_viewport()
    page.locator("#panel .shut").tap()
    page.get_by_role("columnheader", name="数字").get_by_role("link").tap()
    expect(page.get_by_role("columnheader", name="数字")).to_have_attribute(
        "aria-sort", "ascending"
    )


def test_without_scripts_the_form_and_the_columns_still_work(
    new_page: NewPage, service: Service
) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(f"{service.url}/figures")
    page.get_by_label("年份").select_option("2018")
    page.get_by_role("button", name="筛选").click()
    expect_count(page, 2)
    page.get_by_role("columnheader", name="数字").get_by_role("link").click()
    assert shown(page) == ["3%", "46%"]


def test_english_pages_stay_english(new_page: NewPage, service: Service) -> None:
    page = new_page()
    page.goto(f"{service.url}/figures")
    page.get_by_role("link", name="English").click()
    expect(page.locator("h1")).to_have_text("Figures")
    page.get_by_label("Chapter").select_option("4")
    expect(page.locator("#count")).to_have_text(re.compile(r"^\d+ of \d+ figures$"))
    page.locator("#figures td.value a").first.click()
    expect(page.get_by_role("button", name="Close")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Surveys").click()
    expect(page.locator("h1")).to_have_text("Surveys")
