"""Figures: 「不到 60%」 and 「60%」 are different claims, 「四分之三」 and 「75%」 are one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.figures import find_figures, read_number

_TEXT = st.text(
    "零一二两三七十百千万亿半成分之点年月个位%％0123456789.,，。超过不到近约多第 ", max_size=30
)


def chinese(number: int) -> str:
    """Write a number below 10,000 as prose does."""
    if number == 0:
        return "零"
    written, gap = "", False
    for scale, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, scale)
        if digit:
            written += "零" * gap + "零一二三四五六七八九"[digit] + name
            gap = False
        elif written and number:
            gap = True
    return written.removeprefix("一") if written.startswith("一十") else written


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("6,000", 6000, id="thousands-separator"),
        pytest.param("3.4", 3.4, id="decimal"),
        pytest.param("007", 7, id="leading-zeros"),
        pytest.param("十", 10, id="ten"),
        pytest.param("十五", 15, id="fifteen"),
        pytest.param("二十", 20, id="twenty"),
        pytest.param("一百二十", 120, id="hundred-and-twenty"),
        pytest.param("一千零五", 1005, id="a-zero-between"),
        pytest.param("两", 2, id="a-pair"),
        pytest.param("两百", 200, id="two-hundred"),
        pytest.param("三百五十万", 3_500_000, id="ten-thousands"),
        pytest.param("一亿二千万", 120_000_000, id="hundred-millions"),
        pytest.param("二〇二三", 2023, id="digit-by-digit"),
        pytest.param("零", 0, id="zero"),
        pytest.param("两三", None, id="two-or-three-is-a-guess"),
        pytest.param("七八十", None, id="seventy-or-eighty-is-a-guess"),
        pytest.param("十五六", None, id="fifteen-or-sixteen-is-a-guess"),
        pytest.param("几十", None, id="some-tens"),
        pytest.param("书", None, id="a-word"),
        pytest.param("3a", None, id="a-code"),
        pytest.param("-3", None, id="a-sign"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_numbers_are_read_as_prose_writes_them(text: str, value: float | None) -> None:
    assert read_number(text) == value


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("75% 的店", [(75, "%")], id="percent"),
        pytest.param("75 % 的店", [(75, "%")], id="percent-after-a-space"),
        pytest.param("75％ 的店", [(75, "%")], id="full-width-percent-sign"),
        pytest.param("0.5%", [(0.5, "%")], id="decimal-percent"),
        pytest.param("四分之三的店", [(75, "%")], id="fraction"),
        pytest.param("4分之3的店", [(75, "%")], id="fraction-in-arabic-digits"),
        pytest.param("百分之七十五", [(75, "%")], id="spelt-percent"),
        pytest.param("百分之七十五点五", [(75.5, "%")], id="spelt-decimal-percent"),
        pytest.param("百分之零点五", [(0.5, "%")], id="spelt-percent-below-one"),
        pytest.param("百分之百", [(100, "%")], id="all-of-it"),
        pytest.param("七成的店", [(70, "%")], id="tenths"),
        pytest.param("七成半的店", [(75, "%")], id="tenths-and-a-half"),
        pytest.param("7 成的店", [(70, "%")], id="tenths-in-arabic-digits"),
        pytest.param("一半的店", [(50, "%")], id="half"),
        pytest.param("半数店主", [(50, "%")], id="half-the-owners"),
        pytest.param("过半的店", [(50, "%")], id="over-half"),
        pytest.param("高出 10 个百分点", [(10, "%")], id="percentage-points"),
        pytest.param("近三分之二 (63%) 的店", [(200 / 3, "%"), (63, "%")], id="said-twice"),
        pytest.param("2023 年", [(2023, "年")], id="year"),
        pytest.param("2023年底", [(2023, "年")], id="year-glued"),
        pytest.param("二〇二三年", [(2023, "年")], id="year-in-chinese-digits"),
        pytest.param("三年内", [(3, "年")], id="a-span-of-years"),
        pytest.param("3.4 倍", [(3.4, "倍")], id="times"),
        pytest.param("两倍", [(2, "倍")], id="twice"),
        pytest.param("1.5 亿美元", [(150_000_000, "美元")], id="hundred-millions"),
        pytest.param("2 万亿美元", [(2e12, "美元")], id="two-scales"),
        pytest.param("三百五十万人", [(3_500_000, "人")], id="chinese-ten-thousands"),
        pytest.param("6,000 位店主", [(6000, "位")], id="counted-people"),
        pytest.param("12 个章节", [(12, "个")], id="counted-things"),
        pytest.param("6 个月", [(6, "月")], id="months"),
        pytest.param("2 个小时", [(2, "小时")], id="hours"),
        pytest.param("二十位高管中有十七位", [(85, "%")], id="so-many-of-so-many"),
        pytest.param("每四位高管有三位", [(75, "%")], id="every-fourth"),
        pytest.param("两成八的人", [(28, "%")], id="tenths-and-hundredths"),
        pytest.param("七成三年内", [(70, "%"), (3, "年")], id="tenths-before-a-span"),
        pytest.param("3/4 的人", [(75, "%")], id="a-fraction-with-a-slash"),
        pytest.param("2023 年 4/5 月", [(2023, "年"), (5, "月")], id="two-months-are-no-fraction"),
        pytest.param("翻一番", [(2, "倍")], id="doubled"),
        pytest.param("九十月间", [], id="september-and-october"),
        pytest.param("一项调查", [], id="an-article-is-no-figure"),
        pytest.param("一个人", [], id="an-article-before-a-person"),
        pytest.param("第三季度", [], id="an-ordinal-quarter"),
        pytest.param("第三个月", [], id="an-ordinal"),
        pytest.param("第十二个月", [], id="a-long-ordinal"),
        pytest.param("第 12 项", [], id="an-ordinal-in-arabic-digits"),
        pytest.param("第12项", [], id="an-ordinal-glued"),
        pytest.param("数百万人", [], id="some-millions"),
        pytest.param("数十家", [], id="some-tens"),
        pytest.param("千万不要", [], id="by-no-means"),
        pytest.param("三成功两失败", [], id="success-is-no-tenth"),
        pytest.param("一成不变", [], id="unchanging-is-no-tenth"),
        pytest.param("两三成", [], id="two-or-three-tenths-is-a-guess"),
        pytest.param("半年", [], id="half-a-year-is-no-share"),
        pytest.param("5G 网络", [], id="a-name"),
        pytest.param("第 1 章", [], id="a-chapter"),
        pytest.param("40", [], id="a-bare-number"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_figures_are_found_with_value_and_unit(text: str, found: list[tuple[float, str]]) -> None:
    figures = find_figures(text)
    assert [figure.unit for figure in figures] == [unit for _, unit in found]
    assert [figure.value for figure in figures] == pytest.approx([value for value, _ in found])


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        pytest.param("60% 的店", None, id="exact"),
        pytest.param("超过 60%", "above", id="more-than"),
        pytest.param("超过了 60%", "above", id="exceeded"),
        pytest.param("逾六成", "above", id="over"),
        pytest.param("60% 以上", "above", id="and-above"),
        pytest.param("60 多家店", "above", id="some-more-within-the-count"),
        pytest.param("20余家店", "above", id="some-more-in-writing"),
        pytest.param("过半", "above", id="over-half"),
        pytest.param("不到 60%", "below", id="not-even"),
        pytest.param("低于六成", "below", id="lower-than"),
        pytest.param("60% 以下", "below", id="and-below"),
        pytest.param("不低于 60%", "at least", id="not-lower-than"),
        pytest.param("不少于 60%", "at least", id="not-fewer-than"),
        pytest.param("至少 60%", "at least", id="at-least"),
        pytest.param("不超过 60%", "at most", id="not-more-than"),
        pytest.param("不高于 60%", "at most", id="not-higher-than"),
        pytest.param("至多 60%", "at most", id="at-most"),
        pytest.param("约 60%", "about", id="about"),
        pytest.param("大约三分之一", "about", id="about-a-third"),
        pytest.param("约为 60%", "about", id="amounts-to-about"),
        pytest.param("近三分之二", "about", id="nearly"),
        pytest.param("近半", "about", id="nearly-half"),
        pytest.param("将近一半", "about", id="close-to-half"),
        pytest.param("60% 左右", "about", id="or-so"),
        pytest.param("高达 60%", None, id="as-much-as-is-exact"),
        pytest.param("达到 60%", None, id="reached-is-exact"),
        pytest.param("不过 60% 的店", None, id="however"),
        pytest.param("通过 3 种方式", None, id="by-means-of"),
        pytest.param("经过 3 年", None, id="in-the-course-of"),
        pytest.param("最近 3 年", None, id="the-last"),
        pytest.param("节约 30%", None, id="to-save"),
        pytest.param("过去 3 年", None, id="the-past"),
    ],
)
def test_a_figure_keeps_its_direction(text: str, direction: str | None) -> None:
    (figure,) = find_figures(text)
    assert figure.direction == direction


def test_only_a_calendar_year_dates_a_claim() -> None:
    assert [figure.is_year for figure in find_figures("2023 年，三年里有 60%")] == [
        True,
        False,
        False,
    ]


@given(_TEXT)
def test_figures_are_ordered_slices_without_overlap(text: str) -> None:
    figures = find_figures(text)
    edges = [edge for figure in figures for edge in (figure.start, figure.end)]
    assert edges == sorted(edges)
    assert all(text[figure.start : figure.end] == figure.text for figure in figures)
    assert all(figure.value >= 0 for figure in figures)


@given(_TEXT)
def test_a_number_is_never_negative(text: str) -> None:
    value = read_number(text)
    assert value is None or value >= 0


@given(st.integers(0, 9999))
def test_a_number_is_read_back_in_both_scripts(number: int) -> None:
    assert read_number(str(number)) == read_number(f"{number:,}") == number
    assert read_number(chinese(number)) == number


@given(st.integers(1, 9999), st.sampled_from("万亿"))
def test_a_scaled_number_is_read_back(number: int, scale: str) -> None:
    assert read_number(chinese(number) + scale) == number * {"万": 10**4, "亿": 10**8}[scale]


@given(st.decimals(0, 9999, places=2))
def test_a_decimal_is_read_back(number: object) -> None:
    assert read_number(str(number)) == float(str(number))


@given(st.integers(1, 99))
def test_a_percentage_is_the_same_in_both_scripts(number: int) -> None:
    (arabic,) = find_figures(f"有 {number}% 的店")
    (spelt,) = find_figures(f"有百分之{chinese(number)}的店")
    assert (arabic.value, arabic.unit) == (spelt.value, spelt.unit) == (number, "%")


@given(st.integers(2, 99), st.data())
def test_a_fraction_is_the_same_in_both_scripts(whole: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(1, whole))
    (arabic,) = find_figures(f"有 {whole}分之{part} 的店")
    (spelt,) = find_figures(f"有{chinese(whole)}分之{chinese(part)}的店")
    assert arabic.value == spelt.value == pytest.approx(100 * part / whole)


@given(st.integers(2, 9999), st.sampled_from(["位", "人", "倍", "美元", "家", "种"]))
def test_a_count_is_the_same_in_both_scripts(number: int, unit: str) -> None:
    (arabic,) = find_figures(f"有 {number:,} {unit}")
    (spelt,) = find_figures(f"有{chinese(number)}{unit}")
    assert (arabic.value, arabic.unit) == (spelt.value, spelt.unit) == (number, unit)
