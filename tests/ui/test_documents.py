"""Documents read into statements: Markdown, text, DOCX and PPTX made by the packages themselves."""

from __future__ import annotations

from pathlib import Path

import pytest
from docx import Document
from docx.opc.constants import CONTENT_TYPE as CT
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
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

    缩进的段落说 15%

<p>网页里的 <b>35%</b></p>

| 45% 的店 | 说明 |
|---|---|
| 山上 | 开着 |
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
        ("第 11 行", "店：山下，去年：30%，今年：40%"),
        ("第 17 行", "缩进的段落说 15%"),
        ("第 19 行", "网页里的 35%"),
        ("第 21 行", "45% 的店"),
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


def test_a_line_that_ends_in_a_comma_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "slide.txt"
    path.write_text("57% 的店主不安，\n37% 换了招牌。\n", encoding="utf-8")
    assert _texts(read_statements(path)) == [("第 1 行", "57% 的店主不安，37% 换了招牌。")]


_NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_PIECES = (
    "<w:p {ns}><w:ins w:id='1' w:author='a'><w:r><w:t>加进来的 31%</w:t></w:r></w:ins>"
    "<w:del w:id='2' w:author='a'><w:r><w:delText>，删掉的 32%</w:delText></w:r></w:del></w:p>",
    "<w:sdt {ns}><w:sdtContent><w:p><w:r><w:t>控件里的 33%</w:t></w:r></w:p></w:sdtContent>"
    "</w:sdt>",
    "<w:p {ns}><w:r><w:t>框外 34%</w:t></w:r><w:r>{box}</w:r></w:p>",
)
_BOX = (
    '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
    "<mc:Choice Requires='wps'>{text}</mc:Choice><mc:Fallback>{text}</mc:Fallback>"
    "</mc:AlternateContent>"
).format(
    text="<w:txbxContent><w:p><w:r><w:t>框里</w:t><w:br/><w:t>35%</w:t></w:r></w:p></w:txbxContent>"
)


def test_nothing_of_a_word_document_is_lost(tmp_path: Path) -> None:
    """What was inserted, boxes, controls, tables in tables, headers and footers, each once."""
    document = Document()
    outer = document.add_table(rows=2, cols=2)
    outer.cell(0, 0).merge(outer.cell(0, 1)).text = "36% 的店"
    outer.cell(1, 0).text = "山下"
    outer.cell(1, 1).text = "37%"
    outer.cell(1, 1).add_table(rows=1, cols=1).cell(0, 0).text = "表中表 38%"
    for piece in _PIECES:
        xml = piece.format(ns=_NS, box=_BOX)
        document.element.body.insert(-1, parse_xml(xml))
    document.sections[0].header.paragraphs[0].text = "页眉 41%"
    document.sections[0].footer.paragraphs[0].text = "页脚 42%"
    path = tmp_path / "report.docx"
    document.save(str(path))
    assert _texts(read_statements(path)) == [
        ("表 1 第 1 行", "36% 的店"),
        ("表 1 第 2 行", "山下，37%"),
        ("表 2", "表中表 38%"),
        ("第 1 段", "加进来的 31%"),
        ("第 2 段", "控件里的 33%"),
        ("第 3 段", "框外 34%"),
        ("第 4 段", "框里\n35%"),
        ("页眉", "页眉 41%"),
        ("页脚", "页脚 42%"),
    ]


def test_the_notes_of_a_word_document_are_read(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("正文 20%")
    notes = f"<w:footnotes {_NS}><w:footnote w:id='1'><w:p><w:r><w:t>注里 21%</w:t></w:r></w:p>"
    part = Part(
        PackURI("/word/footnotes.xml"),
        CT.WML_FOOTNOTES,
        f"{notes}</w:footnote></w:footnotes>".encode(),
    )
    document.part.relate_to(part, RT.FOOTNOTES)
    path = tmp_path / "report.docx"
    document.save(str(path))
    assert _texts(read_statements(path)) == [("第 1 段", "正文 20%"), ("脚注", "注里 21%")]


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
        ("表 1 第 2 行", "谁：顾客，愿意等：66%"),
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
        pytest.param("a.docx", b"no archive", "打不开.*已损坏", id="docx"),
        pytest.param("a.docx", b"", "打不开.*空的", id="empty-docx"),
        pytest.param("a.docx", b"\xd0\xcf\x11\xe0\0", "打不开.*密码", id="password"),
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
