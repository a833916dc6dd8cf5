"""Conversations: kept by the browser, exported, followed up."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from assistant.answer import Answer, Note, Unsupported
from assistant.pipeline import open_assistant
from assistant.settings import Settings
from ingest.document import Book
from tests.ui.test_chips import citation
from ui.conversation import (
    MAX_EXCHANGES,
    Exchange,
    read_conversation,
    store_conversation,
    turns_of,
)
from ui.export import export_markdown
from ui.followups import suggest
from ui.words import CHINESE, ENGLISH

_NOTE = Note(number=43, text="somebody else's text", url=None)
_ANSWER = Answer(
    id="a1",
    question="多少？",
    answered=True,
    answer="占 45%。[第4章·注43]",
    citations=(citation(),),
    notes=(_NOTE,),
)
_EXCHANGE = Exchange(question="多少？", answer=_ANSWER)


def test_a_conversation_comes_back_as_it_was_kept() -> None:
    assert read_conversation(store_conversation([_EXCHANGE])) == (_EXCHANGE,)


def test_what_is_no_conversation_counts_as_none() -> None:
    for odd in (None, "x", 7, [1], [{"question": "?"}], {"a": 1}, [{"question": "长" * 501}]):
        assert read_conversation(odd) == ()


def test_a_long_conversation_loses_its_oldest_exchanges() -> None:
    kept = store_conversation([_EXCHANGE] * (MAX_EXCHANGES + 5))
    assert len(read_conversation(kept)) == MAX_EXCHANGES


def test_the_history_alternates() -> None:
    turns = turns_of([_EXCHANGE])
    assert [(turn.role, turn.content) for turn in turns] == [
        ("user", "多少？"),
        ("assistant", "占 45%。[第4章·注43]"),
    ]


def test_an_export_takes_sources_from_the_book_not_from_the_browser(book: Book) -> None:
    text = export_markdown([_EXCHANGE], book, CHINESE, today=date(2026, 3, 1))
    assert "- 注 43：2023 IBM Institute for Business Value generative AI CEO pulse survey" in text
    assert "somebody else" not in text
    assert "第 4 章《平台、数据和治理》 · 3. 治理：需要了解的事项，第 41–50 页，注 43" in text
    assert "> 把数据隐私列为障碍的受访 CEO 占 45%。" in text


def test_an_export_says_which_quote_the_book_does_not_hold(book: Book) -> None:
    forged = _ANSWER.model_copy(update={"citations": (citation(quote="书中没有。"),)})
    text = export_markdown(
        [Exchange(question="?", answer=forged)], book, CHINESE, today=date(2026, 3, 1)
    )
    assert "（未能在书中核对）" in text


def test_an_export_strikes_out_what_was_not_borne_out_and_cites_a_place_once(book: Book) -> None:
    twice = _ANSWER.model_copy(
        update={
            "citations": _ANSWER.citations * 2,
            "unsupported": (Unsupported(sentence="占 99%。", reason="书中没有"),),
            "notice": "连接不上模型接口",
        }
    )
    text = export_markdown(
        [Exchange(question="?", answer=twice)], book, CHINESE, today=date(2026, 3, 1)
    )
    assert "- ~~占 99%。~~（书中没有）" in text
    assert text.index("连接不上模型接口") < text.index("占 45%。")
    assert text.count("3. 治理：需要了解的事项") == 1


def test_an_export_keeps_text_from_being_markdown(book: Book) -> None:
    odd = Exchange(question="# ![x](https://evil.invalid) <b>", answer=_ANSWER)
    text = export_markdown([odd], book, CHINESE, today=date(2026, 3, 1))
    assert r"## \# \![x](https://evil.invalid) \<b\>" in text


def test_follow_ups_come_from_the_structure(book: Book) -> None:
    actions, source, next_topic = suggest(_ANSWER, book, CHINESE)
    headings = {section.key: section.heading.rstrip("。") for section in book.sections}
    assert actions == f"如何做到“{headings['ch04.t3.act']}”？"
    assert source == "注 43 的来源是什么？"
    assert next_topic == f"如何做到“{headings['ch04.t1.act']}”？"
    assert suggest(_ANSWER, book, ENGLISH)[1] == "What is the source of note 43?"


def test_every_follow_up_is_answered_from_where_it_leads(indexed: Path) -> None:
    """A suggestion that is then refused, or answered from elsewhere, is worse than none."""
    assistant = open_assistant(Settings(_env_file=None, data_dir=indexed))
    book = assistant.book
    leads = {}  # each question once, though it is suggested in several places
    for section in book.sections:
        if not section.topic:
            continue
        passage = next(iter(book.passages_of(section)))
        cited = citation(passage_id=passage.id, quote=passage.text)
        answer = _ANSWER.model_copy(update={"citations": (cited,), "notes": ()})
        for question in suggest(answer, book, CHINESE):
            assert leads.setdefault(question, section.division) == section.division, question
    for question, division in leads.items():
        said = assistant.invoke(question)
        assert said.answered, question
        places = {book.passages_by_id[c.passage_id].section.division for c in said.citations}
        assert places == {division}, question


def test_the_question_just_asked_is_not_suggested_again(book: Book) -> None:
    asked = _ANSWER.model_copy(update={"question": "注 43 的来源是什么？"})
    assert "注 43 的来源是什么？" not in suggest(asked, book, CHINESE)


def test_a_refusal_has_no_follow_ups(book: Book) -> None:
    refused = Answer(question="?", answered=False, answer="本书没有谈到这个问题。")
    assert suggest(refused, book, CHINESE) == ()


def test_an_export_in_english_has_english_labels(book: Book) -> None:
    text = export_markdown([_EXCHANGE], book, ENGLISH, today=date(2026, 3, 1))
    assert text.startswith("# Answers from The CEO's guide to generative AI")
    assert "Chapter 4 “平台、数据和治理” · 3. 治理：需要了解的事项, pp. 41–50, Note 43" in text
    assert "- Note 43: 2023 IBM" in text
    assert "> 把数据隐私列为障碍的受访 CEO 占 45%。" in text  # what the book says stays as it is
