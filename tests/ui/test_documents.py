"""Documents read into statements: Markdown, text, DOCX and PPTX made by the packages themselves."""

from __future__ import annotations

from pathlib import Path

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from pptx import Presentation
from pptx.util import Inches

from ui.documents import Statement, read_statements
from ui.errors import InputError

_MARKDOWN = """# 选书

- 六成店主每天读书
- 没有数字的一条

**60%** 的店主读书。其余的人
只看封面，退货多了 20%。

| 店 | 去年 | 今年 |
|---|---|---|
| 山下 | 30% | 40% |

```
代码里的 99% 不算
```
"""


def _texts(statements: list[Statement]) -> list[tuple[str, str]]:
    return [(statement.where, statement.text) for statement in statements]


def test_markdown_gives_sentences_bullets_and_rows(tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    path.write_text(_MARKDOWN, encoding="utf-8")
    statements = read_statements(path)
    assert _texts(statements) == [
        ("第 3 行", "六成店主每天读书"),
        ("第 6 行", "60% 的店主读书。"),
        ("第 7 行", "只看封面，退货多了 20%。"),
        ("第 11 行", "山下，去年：30%，今年：40%"),
    ]
    assert {statement.context for statement in statements} == {"选书"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_is_read_in_the_encodings_people_save_in(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "slide.txt"
    path.write_bytes("店主之声\n60% 的店主读书\n三成退货\n".encode(encoding))
    assert _texts(read_statements(path)) == [("第 2 行", "60% 的店主读书"), ("第 3 行", "三成退货")]


def test_wrapped_lines_of_prose_are_joined(tmp_path: Path) -> None:
    path = tmp_path / "prose.txt"
    first = "走访了整条街之后，我们可以有把握地告诉各位读者，在这里开店的人当中"
    path.write_text(f"{first}\n有 60% 每天读书。\n", encoding="utf-8")
    assert _texts(read_statements(path)) == [("第 1 行", f"{first}有 60% 每天读书。")]


def test_a_word_document_gives_paragraphs_and_tables_in_order(tmp_path: Path) -> None:
    document = Document()
    document.add_heading("送货", level=1)
    document.add_paragraph("送货慢了 25%。不要紧。")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ["谁", "愿意等", "顾客", "66%"], strict=True):
        cell.text = text
    document.add_paragraph("纸价是 2.5 倍", style="List Bullet")
    path = tmp_path / "report.docx"
    document.save(str(path))
    statements = read_statements(path)
    assert _texts(statements) == [
        ("第 2 段", "送货慢了 25%。"),
        ("表 1 第 2 行", "顾客，愿意等：66%"),
        ("第 3 段", "纸价是 2.5 倍"),
    ]
    assert {statement.context for statement in statements} == {"送货"}


def test_slides_give_boxes_groups_tables_and_speaker_notes(tmp_path: Path) -> None:
    presentation = Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[1])
    slide.shapes.title.text = "送货 25%"
    slide.placeholders[1].text = "66% 的顾客愿意等\n没有数字"
    box = (Inches(1), Inches(4), Inches(4), Inches(1))
    slide.shapes.add_group_shape().shapes.add_textbox(*box).text_frame.text = "组里的 30%"
    table = slide.shapes.add_table(2, 2, *box).table
    for (row, column), text in {(0, 1): "占比", (1, 0): "地图", (1, 1): "20%"}.items():
        table.cell(row, column).text = text
    slide.notes_slide.notes_text_frame.text = "备注里说 40%"
    path = tmp_path / "slides.pptx"
    presentation.save(str(path))
    statements = read_statements(path)
    assert _texts(statements) == [
        ("第 1 页", "送货 25%"),
        ("第 1 页", "66% 的顾客愿意等"),
        ("第 1 页", "组里的 30%"),
        ("第 1 页的表 第 2 行", "地图，占比：20%"),
        ("第 1 页的备注", "备注里说 40%"),
    ]
    assert statements[1].context == "送货 25%"


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        pytest.param("a.pdf", b"%PDF", "unsupported type", id="kind"),
        pytest.param("a.docx", b"no archive", "打不开", id="docx"),
        pytest.param("a.pptx", b"PK\x03\x04", "打不开", id="pptx"),
        pytest.param("a.txt", b"\xff\x00\x81\x92" * 9, "not a text file", id="binary"),
        pytest.param("a.md", b"", "not a text file", id="empty"),
        pytest.param("a.txt", None, "file not found", id="missing"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(
    tmp_path: Path, name: str, data: bytes | None, said: str
) -> None:
    path = tmp_path / name
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(InputError, match=said) as raised:
        read_statements(path)
    assert name in str(raised.value)


@given(st.lists(st.text(alphabet="店主读书30%。，|#-* \t", max_size=30), max_size=12))
def test_every_figure_of_a_text_is_read(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str]
) -> None:
    path = tmp_path_factory.mktemp("any") / "any.txt"
    path.write_text("\n".join(["开头", *lines]), encoding="utf-8")
    read = "".join(statement.text for statement in read_statements(path))
    assert read.count("30%") == sum(line.count("30%") for line in lines)
