"""Every figure as a row: none is lost, none is counted twice, and each says what it is of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from ingest.comparisons import Comparison, find_comparisons
from ingest.document import Book
from ingest.normalise import readable
from ingest.parse import parse_book
from ingest.statistics import Statistic, find_statistics

Builder = Callable[..., str]
_SENTENCE = "修路的季节，送货要多花 25% 的时间。"


@pytest.fixture
def rows_of(make_book: Builder) -> Callable[[str], tuple[Statistic, ...]]:
    """Give the rows of one sentence, put into the small book before mark 9."""

    def rows(sentence: str) -> tuple[Statistic, ...]:
        book = parse_book(make_book((_SENTENCE, sentence)))
        return tuple(row for row in find_statistics(book) if 9 in row.notes)

    return rows


RowsOf = Callable[[str], tuple[Statistic, ...]]


def check_whole(book: Book) -> None:
    """Hold the rows against the parsed claims: the same figures, each once, in the same order."""
    rows = find_statistics(book)
    claimed = [(claim.id, figure) for claim in book.claims for figure in claim.figures]
    assert [(row.claim.id, row.figure) for row in rows] == claimed
    assert len({row.id for row in rows}) == len(rows)
    for row in rows:
        place = row.figure.start, row.figure.end
        assert book.source[slice(*place)].strip() == row.figure.text
        assert row.figure.text in row.printed
        assert row.subject
        assert {note for study in row.studies for note in study.notes} >= set(row.notes)
        assert bool(row.studies) == bool(row.notes)
        assert row.year is None or str(row.year) in row.when
        text = readable(row.claim.sentence.text)
        if row.follows is None:
            letters = Counter(row.subject)
            letters.subtract(text)
            assert not +letters, f"{row.id}: the subject has words that the sentence has not"


def test_every_figure_of_the_digest_is_one_row(digest: Book) -> None:
    check_whole(digest)


def test_every_figure_of_the_small_book_is_one_row(small: Book) -> None:
    check_whole(small)


@pytest.mark.book
def test_every_figure_of_the_guide_is_one_row(guide_book: Book) -> None:
    check_whole(guide_book)


def test_who_is_counted_is_told_for_nearly_all_shares(digest: Book) -> None:
    shares = [row for row in find_statistics(digest) if row.kind == "share"]
    told = [row for row in shares if row.population]
    assert len(told) >= 0.95 * len(shares)


@pytest.mark.parametrize(
    ("sentence", "kinds"),
    [
        pytest.param("30% 的店主表示会养猫。", ["share"], id="a-share"),
        pytest.param("养猫的店收入比其他组织高出 30%。", ["change"], id="a-gap"),
        pytest.param("送货成本增加了 30%。", ["change"], id="a-change"),
        pytest.param("占比从 2018 年的 3% 增加到 2025 年的 9%。", ["share", "share"], id="from-to"),
        pytest.param("猫粮涨到 3 倍，要 20 万美元。", ["multiple", "amount"], id="others"),
        pytest.param("30% 的店主表示未来三年内会养猫。", ["share", "span"], id="a-span"),
    ],
)
def test_a_figure_is_of_a_kind(rows_of: RowsOf, sentence: str, kinds: list[str]) -> None:
    assert [row.kind for row in rows_of(sentence)] == kinds


@pytest.mark.parametrize(
    ("sentence", "rounds"),
    [
        pytest.param("近三分之二 (63%) 的受访高管表示会养猫。", [True, False], id="in-brackets"),
        pytest.param("超过一半的受访高管 (52%) 表示会养猫。", [True, False], id="in-later-ones"),
        pytest.param("一半的受访高管养猫，51% 的员工养狗。", [False, False], id="another-figure"),
        pytest.param("一半的受访高管会养猫 (91%)。", [False, False], id="too-far-off"),
    ],
)  # fmt: skip
def test_a_figure_said_twice_is_known(rows_of: RowsOf, sentence: str, rounds: list[bool]) -> None:
    rows = rows_of(sentence)
    assert [bool(row.rounds) for row in rows] == rounds
    if rounds[0]:
        assert rows[0].rounds == rows[1].id
        assert (rows[0].subject, rows[0].population) == (rows[1].subject, rows[1].population)


@pytest.mark.parametrize(
    ("sentence", "printed"),
    [
        pytest.param("超过 60% 的受访高管表示会养猫。", "超过 60%", id="above"),
        pytest.param("近一半的受访高管表示会养猫。", "近一半", id="about"),
        pytest.param("不到 25% 的受访高管表示会养猫。", "不到 25%", id="below"),
        pytest.param("压力是去年的 6 倍以上。", "6 倍以上", id="behind"),
        pytest.param("达到 30% 的受访高管表示会养猫。", "30%", id="no-bound"),
    ],
)
def test_a_bound_is_printed_with_its_figure(rows_of: RowsOf, sentence: str, printed: str) -> None:
    assert rows_of(sentence)[0].printed == printed


def test_the_items_of_a_list_share_the_words_around_it(rows_of: RowsOf) -> None:
    rows = rows_of("受访高管预计，店里的猫会影响选书 (57%)、送货 (55%) 和收银 (37%)。")
    assert [(row.subject, row.population) for row in rows] == [
        ("店里的猫会影响选书", "高管"),
        ("店里的猫会影响送货", "高管"),
        ("店里的猫会影响收银", "高管"),
    ]


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        pytest.param(
            "由于高管希望省心，大多数受访高管预计猫会影响其组织对送货 (59%) 和选书 (62%) 的看法。",
            [("猫会影响其组织对送货的看法", "高管"), ("猫会影响其组织对选书的看法", "高管")],
            id="those-who-answer-are-counted",
        ),
        pytest.param(
            "好店用了几种做法，例如采用夜班 (78%)、实施轮值 (70%) 以及使用猫铃 (68%)。",
            [
                ("好店用了几种做法，例如采用夜班", None),
                ("好店用了几种做法，例如实施轮值", None),
                ("好店用了几种做法，例如使用猫铃", None),
            ],
            id="items-with-verbs-of-their-own",
        ),
        pytest.param(
            "养猫的企业，进货回报率几乎是其他企业的两倍。",
            [("养猫的企业，进货回报率几乎是其他企业的两倍", "企业")],
            id="the-group-that-stands-above",
        ),
        pytest.param(
            "早起有回报：早起的组织收入要比其他组织高出 31%。",
            [("早起的组织收入要比其他组织高出 31%", "组织")],
            id="without-what-leads-up-to-it",
        ),
        pytest.param(
            "他们预计到 2025 年，猫粮支出将再增加 43%。",
            [("猫粮支出将再增加 43%", None)],
            id="without-who-expects-it",
        ),
        pytest.param(
            "他们预计 2023 年新书将占送货支出的 18%，到 2025 年只占 16%。",
            [("新书将占送货支出", "送货支出"), ("新书将占送货支出", "送货支出")],
            id="a-year-is-no-part-of-what-two-years-share",
        ),
    ],
)
def test_a_row_says_who_is_counted_and_of_what(
    rows_of: RowsOf, sentence: str, told: list[tuple[str, str | None]]
) -> None:
    assert [(row.subject, row.population) for row in rows_of(sentence)] == told


class TestComparisons:
    """What the book itself sets side by side."""

    @pytest.mark.parametrize(
        ("sentence", "kind", "told"),
        [
            pytest.param(
                "94% 的受访高管说要在 2022 年去书展，而 2018 年这一比例仅为 46%。",
                "time", [(46, "2018 年"), (94, "2022 年")], id="then-and-now",
            ),
            pytest.param(
                "猫粮占送货支出的比重，由 2018 年的 3% 升到 2025 年的将近 9%。",
                "time", [(3, "2018 年"), (9, "2025 年")], id="from-to",
            ),
            pytest.param(
                "目前 27% 的组织正在开设夜市书摊，75% 的组织预计到 2025 年将提供此服务。",
                "time", [(27, "目前"), (75, "2025 年")], id="now-and-then",
            ),
            pytest.param(
                "74% 的 CEO 表示其团队具备认书的技能，仅 29% 的其他高管认同此观点。",
                "groups", [(74, "CEO"), (29, "其他高管")], id="two-groups",
            ),
            pytest.param(
                "早起的企业，进货回报率差不多是其他企业的两倍（分别为 9% 和 4.8%）。",
                "groups", [(9, "企业"), (4.8, "其他企业")], id="a-pair",
            ),
            pytest.param(
                "尽管 86% 的受访高管表示店里有规矩，但只有 35% 的受访高管照着做。",
                "turn", [(86, "高管"), (35, "高管")], id="said-and-done",
            ),
        ],
    )  # fmt: skip
    def test_is_found(
        self, rows_of: RowsOf, sentence: str, kind: str, told: list[tuple[float, str]]
    ) -> None:
        (found,) = find_comparisons(rows_of(sentence))
        assert found.kind == kind
        assert [
            (row.figure.value, row.when if kind == "time" else row.population)
            for row in found.statistics
        ] == told

    @pytest.mark.parametrize(
        "sentence",
        [
            pytest.param("28% 的店主养猫，43% 的店主养狗。", id="two-things"),
            pytest.param("近三分之二 (63%) 的受访高管表示会养猫。", id="said-twice"),
            pytest.param("受访高管预计，店里的猫会影响选书 (57%)、送货 (55%)。", id="a-list"),
        ],
    )
    def test_is_not_made_up(self, rows_of: RowsOf, sentence: str) -> None:
        assert find_comparisons(rows_of(sentence)) == ()

    def test_an_increase_upon_an_increase_is_no_then_and_now(self, digest: Book) -> None:
        """As two bars it would look like a fall."""
        rows = find_statistics(digest)
        assert {(51, 2023), (43, 2025)} <= {
            (row.figure.value, row.year) for row in rows if row.kind == "change"
        }
        compared = [row for c in find_comparisons(rows) for row in c.statistics]
        assert {row.kind for row in compared} == {"share"}

    @staticmethod
    def _values(found: tuple[Comparison, ...], kind: str) -> set[tuple[float, ...]]:
        return {tuple(r.figure.value for r in c.statistics) for c in found if c.kind == kind}

    def _check(self, book: Book) -> None:
        found = find_comparisons(find_statistics(book))
        assert self._values(found, "time") == {
            (27, 75), (42, 84), (33, 81), (46, 94), (3, 9), (18, 16), (36, 78),
        }  # fmt: skip
        assert self._values(found, "groups") == {(74, 29), (9, 4.8), (13, 6)}
        ids = [row.id for comparison in found for row in comparison.statistics]
        assert len(ids) == len(set(ids))

    def test_of_the_digest(self, digest: Book) -> None:
        self._check(digest)

    @pytest.mark.book
    def test_of_the_guide(self, guide_book: Book) -> None:
        self._check(guide_book)
