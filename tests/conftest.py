"""Fixtures of all tests: the full guide, the bundled digest, and a small book of our own words."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import settings

from ingest.document import Book
from ingest.parse import parse_book, read_book

# The same examples on every run, none kept on disk; the first call of OpenCC alone is slow.
settings.register_profile("suite", deadline=None, derandomize=True, database=None)
settings.load_profile("suite")

DIGEST = Path(__file__).parents[1] / "ingest" / "books" / "digest.txt"

# A shop guide laid out as the real one is, with every trap that a splitter falls into.
_PARTS: dict[str, str] = {
    "front": """小书店 AI 手册""",
    "contents": """目录

序言\t\t1
引言
先想清楚再动手\t\t3
第一部分
店面与街坊\t5
第 1 章\t选书\t7
第 2 章\t送货\t17
结束语
打烊之前\t\t27""",
    "preface": """序言

开书店的人常问，明天该摆哪一本书。""",
    "introduction": """先想清楚 再动手

写这本手册以前，我们走访了街上的店主。他们当中 40% 还没有记账的习惯。¹""",
    "part": """第一部分

店面与
街坊

街坊走进来，往往只为躲雨。

第 1 章 选书

让书找到读者

7

第 2 章 送货

把书送到家

17""",
    "essay_1": """好书自己会走路

选书靠眼光，也靠记性。去年卖得最好的书，有三成是顾客自己提出来的。²""",
    "title_1": """第 1 章

选书 + 生成式 AI

让书 找到读者

“书架是店主写给整条街的一封长信。”

Mei Lin
一页书店 首席执行官

选书

本章有三件事要知道，有三件事要做。""",
    "overview_1": """1. 眼光

需要了解的事项

眼光可以练出来

需要采取的行动

每周换一次书架。

2. 记性

需要了解的事项

记性靠的是本子。

需要采取的行动

把顾客的话写下来。

3. 耐心

需要了解的事项

冷门书也有春天。

需要采取的行动

给冷门书留一格。""",
    "topic_1_1": """需要了解的事项

眼光可以练出来。

在受访店主里，60% 的领导者每天读两小时书。³其余的人只看封面。读得多的人也会看错，
但是错得少。

需要采取的行动

每周换一次书架。

先从门口的那一排开始。

- **先拍照，再动手。** 换之前留个底。
- **请顾客投票：** 票数贴在墙上。

“换书架像换季，
早一点总没错。”

Zhou Wen

山下书店 首席执行官""",
    "pull_out": """老顾客说过的话若是都写在本子上

74%

的退货就不会发生""",
    "running_head": """选书""",
    "caption": """A photograph of an old wooden shop with many small windows and a red door.""",
    "topic_1_2": """需要了解的事项

记性靠的是本子。

店里的事太多，谁也记不全。老顾客说过的话若是都写在本子上，74% 的退货就不会发生。⁴

半的店主坦白，本子早就丢了。⁵

山下书店的店主 Ann Lee 常跟学徒说：

“本子丢了可以再买。话忘了，就再也找不回来。”⁶

需要采取的行动

把顾客的话写下来。

- 本子放在收银台旁边。
- 每晚抄进电脑。""",
    "topic_1_3": """需要了解的事项

冷门书也有春天。

问到冷门书的去处，店主是这样分的：

- 诗集：30% 的店留在门口。
- 地图：20% 的店收进抽屉。
- 词典：一半的店卖给学校。⁷

需要采取的行动

给冷门书留一格。

- 一格就够。
- 灰要常擦。""",
    "essay_2": """慢一点送到，不等于送得不好

送货是书店的第二张脸。约三分之二 (66%) 的顾客愿意多等一天。⁸""",
    "title_2": """第 2 章

送货 + 生成式 AI

把书 送到家

“雨天送书，先包书，再打伞。”

Mei Lin
一页书店 首席执行官

送货

本章有三件事要知道，有三件事要做。""",
    "overview_2": """1. 路线

需要了解的事项

路线每天都在变。

需要采取的行动

先画一张地图。

2. 包装

需要了解的事项

纸比塑料贵。

需要采取的行动

用旧报纸。

3. 时间

需要了解的事项

早到也会惹人生气。

需要采取的行动

约好再出门。""",
    "topics_2": """需要了解的事项

路线每天都在变。

修路的季节，送货要多花 25% 的时间。⁹

需要采取的行动

先画一张地图。

- 把坡道标出来。

需要了解的事项

纸比塑料贵。

纸价三年里涨到 2.5 倍。¹⁰ 用纸的店反而多了 15%。¹¹

需要采取的行动

用旧报纸。

- 油墨要晾干。

需要了解的事项

早到也会惹人生气。

一半的顾客不喜欢早到。受访高管认为，准时比快更要紧。¹²

需要采取的行动

约好再出门。

- 出门前打个电话。""",
    "closing": """打烊之前

关灯之前，再看一眼书架。""",
    "notes": """注释与来源

引言

先想清楚再动手

- 1 *Street shops: A count.* Corner Press. July 2023. <https://example.org/street>

第一部分

店面与街坊

第 1 章 选书

- 2 2023 Corner Press shop owner survey. 120 shop owners. May/June 2023.
- 3 Ibid.
- 4 Ibid.
- 5 Lin, Mei. "The notebook." *Shop Weekly*. March 3, 2022. Unpublished data.
- 6 "How to remember." Street Radio. Accessed April 2, 2023. <https://example.org/radio>
- 7 2023 Corner Press slow book survey. 1,050 shops. Preliminary data. August 2023.

注释与来源

第 2 章 送货

- 8 2023 Corner Press delivery survey. 66 couriers. June 2023.
- 9 Ibid.

- 10 *Paper prices.* Corner Press. May 2022. <https://example.org/paper>; 2023 Corner Press \
delivery survey. 66 couriers. June 2023.
- 11 Ibid.
- 12 2023 Corner Press doorbell survey. 2,000 readers. April-July 2023.""",
    "method": """研究方法

数据来自街坊的问卷，问卷在 2023 年做完。

- 店主问卷：120 名店主，2023 年 5 月。""",
    "legal": """© Copyright Corner Press 2023

印刷：街角""",
}


def small_book(*edits: tuple[str, str], **parts: str) -> str:
    """Give the text of a two-chapter guide of our own words, damaged as asked.

    Parameters
    ----------
    *edits : tuple of (str, str)
        Old and new wording; the old one must stand in the book exactly once.
    **parts : str
        Parts to put in the place of the usual ones, by name ("contents", "essay_2", …);
        an empty string leaves the part out.
    """
    unknown = parts.keys() - _PARTS.keys()
    assert not unknown, f"no such part of the small book: {unknown}"
    text = "\n\n".join(filter(None, (_PARTS | parts).values())) + "\n"
    for old, new in edits:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the small book"
        text = text.replace(old, new)
    return text


@pytest.fixture
def make_book() -> Callable[..., str]:
    """Give the builder of the small book, for tests that damage it."""
    return small_book


@pytest.fixture(scope="session")
def small() -> Book:
    """Parse the small book, undamaged."""
    return parse_book(small_book())


@pytest.fixture(scope="session")
def digest() -> Book:
    """Parse the digest that the project carries."""
    return read_book(DIGEST)


@pytest.fixture(scope="session")
def indexed(digest: Book, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a data folder with the index of the digest in it: building one takes seconds."""
    from index.embedding import embedder
    from index.store import open_index

    folder = tmp_path_factory.mktemp("indexed")
    open_index(digest, embedder(), folder)
    return folder


def find_guide(environment: Mapping[str, str]) -> Path:
    """Give the path of the full guide; skip the test without it, but fail on the build machine."""
    named = environment.get("GUIDE_BOOK", "")
    if not named and environment.get("CI") != "true":
        pytest.skip("GUIDE_BOOK is not set")
    if not Path(named).is_file():
        pytest.fail(f"GUIDE_BOOK names no file: {named!r}", pytrace=False)
    return Path(named)


@pytest.fixture(scope="session")
def guide_book() -> Book:
    """Parse the full guide that GUIDE_BOOK names."""
    return read_book(find_guide(os.environ))


@pytest.fixture(scope="session")
def digest_text() -> str:
    """Give the digest as it stands in its file."""
    return DIGEST.read_text(encoding="utf-8")
