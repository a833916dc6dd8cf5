"""Answers as HTML: nothing in them can become markup."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Answer, Note, Unsupported
from ingest.books import DIGEST
from ingest.document import Book
from ingest.parse import read_book
from tests.ui.scripted import PROBE
from tests.ui.test_chips import citation
from ui.rendering import answer_html, question_html
from ui.words import CHINESE, ENGLISH

_BOOK = read_book(DIGEST)
_OURS = {"div", "p", "a", "ol", "li", "span", "del"}


class Tags(HTMLParser):
    """Collects tags, links and text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.text += data


def read(html: str) -> Tags:
    """Read HTML as a browser does."""
    tags = Tags()
    tags.feed(html)
    return tags


def answer(text: str, **parts: object) -> Answer:
    """Give an answer with a citation."""
    usual: dict[str, object] = {"id": "a1", "question": "?", "answered": True, "answer": text}
    return Answer.model_validate(usual | {"citations": (citation(),)} | parts)


@given(st.one_of(st.text(), st.just(PROBE), st.text(alphabet="<>[]()!\"'&\n#*` ")))
def test_text_stays_text_in_one_block(text: str) -> None:
    aside = (Unsupported(sentence=text, reason=text),)
    written = answer(text, unsupported=aside, notice=text, draft=text, mode="llm")
    for html in (
        question_html(text),
        answer_html(answer(text), _BOOK, CHINESE),
        answer_html(written, _BOOK, CHINESE),
    ):
        seen = read(html)
        assert seen.tags <= _OURS
        assert "\n" not in html  # a blank line would end the block, and Markdown would begin
        assert not [link for link in seen.links if not link.startswith("#")]


def test_only_web_addresses_become_links() -> None:
    notes = (
        Note(number=1, text="甲 javascript:alert(1)", url="javascript:alert(1)"),
        Note(number=2, text="乙 https://ibm.co/x", url="https://ibm.co/x"),
    )
    links = read(answer_html(answer("文", notes=notes), _BOOK, CHINESE)).links
    assert [link for link in links if not link.startswith("#")] == ["https://ibm.co/x"]


def test_steps_keep_their_numbers_and_chips(book: Book) -> None:
    html = answer_html(answer("先说：\n1. 占 45%。[第4章·注43]\n2. 完。"), book, CHINESE)
    assert html.count('class="step"') == 2
    assert 'href="#src-ch04.t3.know.p2:' in html


def test_a_growing_answer_has_no_buttons_yet(book: Book) -> None:
    assert "acts" not in answer_html(answer("文"), book, CHINESE, whole=False)
    assert "#rate-wrong_citation:a1" in answer_html(answer("文"), book, CHINESE)


def test_an_english_refusal_marks_the_titles_of_the_book(book: Book) -> None:
    said = "The book does not discuss this. Nearest: chapter 4《平台、数据和治理》."
    refusal = Answer(question="q", answered=False, answer=said)
    html = answer_html(refusal, book, ENGLISH)
    assert 'chapter 4<span lang="zh-CN">《平台、数据和治理》</span>.' in html
    assert read(html).links.count("#ch-4") == 1
    assert ENGLISH.nearest not in html  # the sentence says it


def test_a_refusal_names_its_chapters_as_ways_in(book: Book) -> None:
    text = "本书没有谈到这个问题。相近的内容见第 4 章《平台、数据和治理》、引言《不在其中》。"
    html = answer_html(answer(text, answered=False, citations=()), book, CHINESE)
    assert 'class="answer refusal"' in html
    assert [link for link in read(html).links if "ch-" in link] == ["#ch-4"]


def test_what_the_english_page_says_itself_is_english(book: Book) -> None:
    """Only the book's own words stay Chinese, and are marked so for whoever has them read out."""
    note = Note(number=43, text="2023 IBM", url=None)
    html = answer_html(answer("占 45%。[第4章·注43]", notes=(note,)), book, ENGLISH)
    assert re.findall(r'<span lang="zh-CN">(.*?)</span>', html) == ["占 45%。"]
    rest = re.sub(r'<span lang="zh-CN">.*?</span>', "", html)
    assert not re.search("[\u3000-\u9fff]", rest), rest
    assert ">ch. 4, note 43</a>" in html
    assert ">Note 43</a>" in html
    text = "本书没有谈到这个问题。相近的内容见第 4 章《平台、数据和治理》。"
    html = answer_html(answer(text, answered=False, citations=()), book, ENGLISH)
    assert "The book does not say" in html
    assert "Nearest chapters" in html
    rest = re.sub(r'<span lang="zh-CN">.*?</span>', "", html)
    assert not re.search("[\u3000-\u9fff]", rest), rest


def test_what_a_model_wrote_is_marked_as_chinese_on_the_english_page(book: Book) -> None:
    aside = (Unsupported(sentence="占 99%。", reason="书中没有"),)
    written = answer("占 45%。", unsupported=aside, notice="连接不上", draft="占 4")
    html = answer_html(written, book, ENGLISH, whole=False)
    rest = re.sub(r'<span lang="zh-CN">.*?</span>', "", html)
    assert not re.search("[\u3000-\u9fff]", rest), rest


def test_a_sentence_that_is_not_borne_out_is_struck_out_and_labelled(book: Book) -> None:
    aside = (Unsupported(sentence="占 99%。", reason="书中没有"),)
    html = answer_html(answer("占 45%。", unsupported=aside), book, CHINESE)
    assert '<del>占 99%。</del><span class="tag">未经证实</span>' in html
    assert html.index("占 45%") < html.index("占 99%")


def test_a_draft_is_labelled_and_only_shown_while_the_answer_grows(book: Book) -> None:
    html = answer_html(answer("", draft="占 4"), book, CHINESE, whole=False)
    assert '<p class="draft">占 4<span>核对中</span></p>' in html
    nothing_yet = answer_html(answer(""), book, CHINESE, whole=False)
    assert "pending" in nothing_yet


def test_a_notice_stands_above_the_answer(book: Book) -> None:
    html = answer_html(answer("占 45%。", notice="连接不上"), book, CHINESE)
    assert html.index("连接不上") < html.index("占 45%")
