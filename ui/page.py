"""The chat page, built with gradio: a masthead, the chapters, the conversation, the question box.

The reading panel, the buttons below an answer and the look are in ``assets/``.
"""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import date
from html import escape
from itertools import groupby
from typing import Any

import gradio as gr

from assistant.answer import MAX_QUESTION, Answer, Mode, Question
from ui.asking import Desk
from ui.conversation import (
    Conversation,
    Exchange,
    read_conversation,
    store_conversation,
    turns_of,
)
from ui.errors import ServiceError
from ui.export import export_markdown
from ui.followups import suggest
from ui.outline import name_chapters
from ui.rendering import answer_html, pending_html, question_html
from ui.words import Words

_STORED_AS = "guide-conversation"
_STORED_WITH = "guide-assistant"  # the browser's own copy: hidden from nobody, so no real secret
_SAVE = "(text) => window.GuidePage.save(text, document.title)"

Message = dict[str, Any]


def build_page(
    desk: Desk, words: Words, *, is_digest: bool, has_login: bool, mode: Mode
) -> gr.Blocks:
    """Build the page in one language.

    Parameters
    ----------
    desk : Desk
        Where questions are handed in.
    words : Words
    is_digest : bool
        Whether the bundled digest is in use: the page says so.
    has_login : bool
        Whether to offer logging out.
    mode : {"extractive", "llm"}
        How answers come about, unless they say otherwise.
    """
    talk = _Talk(desk, words)
    page: gr.Blocks
    with gr.Blocks(title=words.title, analytics_enabled=False, fill_width=True) as page:
        gr.HTML(
            _masthead(words, is_digest=is_digest, has_login=has_login, mode=mode),
            elem_id="masthead",
        )
        with gr.Row(elem_id="desk"):
            gr.HTML(_contents(desk, words), elem_id="contents")
            with gr.Column(elem_id="talk"):
                stored = gr.BrowserState([], storage_key=_STORED_AS, secret=_STORED_WITH)
                bot = gr.Chatbot(
                    elem_id="chat",
                    label=words.conversation,
                    show_label=False,
                    height="100%",
                    buttons=[],
                    feedback_options=None,
                    latex_delimiters=[],
                    allow_tags=False,
                    line_breaks=False,
                    autoscroll=False,  # to the end; page.js brings the question to the top
                    layout="panel",
                    placeholder=_welcome(words),
                    examples=[{"text": text} for _, text in words.examples],
                )
                with gr.Column(elem_id="ask"):
                    box = gr.Textbox(
                        elem_id="question",
                        label=words.question,
                        show_label=False,
                        placeholder=words.placeholder,
                        container=False,
                        lines=1,
                        max_lines=5,
                        max_length=MAX_QUESTION,
                        submit_btn=words.send,
                        autofocus=True,
                    )
                    with gr.Row(elem_id="tools"):
                        gr.HTML(
                            f"<small>{escape(words.small_print[mode])}</small>", elem_id="print"
                        )
                        export = gr.Button(words.export, elem_id="export", size="sm")
                        clear = gr.Button(words.clear, elem_id="clear", size="sm")
                written = gr.Textbox(visible="hidden", label=words.export)

        hidden: dict[str, Any] = {"api_visibility": "private"}
        quick: dict[str, Any] = {"queue": False, "show_progress": "hidden", **hidden}
        slow: dict[str, Any] = {"show_progress": "hidden", **hidden}
        shown = [box, bot, stored]
        asking: list[Any] = [
            box.submit(talk.ask, [box, stored], shown, **slow),
            bot.retry(talk.retry, [stored], shown, **slow),
            bot.example_select(talk.example, [stored], shown, **slow),
            bot.option_select(talk.option, [stored], shown, **slow),
        ]
        box.stop(talk.stop, [stored], shown, cancels=[*asking], **quick)
        bot.undo(talk.undo, [stored], shown, **quick)
        clear.click(talk.clear, None, shown, **quick)
        export.click(talk.export, [stored], [written], **quick).then(
            None, [written], None, js=_SAVE, **hidden
        )
        page.load(talk.restore, [stored], [bot], **quick)
    return page


class _Talk:
    """The steps of a conversation: each takes what the browser keeps and gives what is shown."""

    def __init__(self, desk: Desk, words: Words) -> None:
        self._desk, self._words = desk, words

    async def ask(self, question: str, stored: object) -> AsyncIterator[tuple[Any, ...]]:
        async for shown in self._answer(question, read_conversation(stored)):
            yield shown

    async def retry(self, stored: object) -> AsyncIterator[tuple[Any, ...]]:
        exchanges = read_conversation(stored)
        if exchanges:
            async for shown in self._answer(exchanges[-1].question, exchanges[:-1]):
                yield shown

    async def example(
        self, stored: object, chosen: gr.SelectData
    ) -> AsyncIterator[tuple[Any, ...]]:
        async for shown in self._answer(chosen.value["text"], read_conversation(stored)):
            yield shown

    async def option(self, stored: object, chosen: gr.SelectData) -> AsyncIterator[tuple[Any, ...]]:
        async for shown in self._answer(chosen.value, read_conversation(stored)):
            yield shown

    def undo(self, stored: object) -> tuple[Any, ...]:
        exchanges = read_conversation(stored)
        question = exchanges[-1].question if exchanges else ""
        return self._shown(exchanges[:-1], question=question)

    def clear(self) -> tuple[Any, ...]:
        return self._shown(())

    def restore(self, stored: object) -> Any:  # noqa: ANN401
        # Nothing but the conversation, and only where there is one: it may come back late, when
        # the reader is typing already.
        exchanges = read_conversation(stored)
        return self._shown(exchanges)[1] if exchanges else gr.skip()

    def stop(self, stored: object) -> tuple[Any, ...]:
        return self._shown(read_conversation(stored))

    def export(self, stored: object) -> str:
        exchanges = read_conversation(stored)
        return export_markdown(exchanges, self._desk.book, self._words, today=date.today())

    async def _answer(self, asked: object, before: Conversation) -> AsyncIterator[tuple[Any, ...]]:
        text = str(asked or "").strip()[:MAX_QUESTION]
        if not text:
            yield gr.skip(), gr.skip(), gr.skip()
            return
        question = Question(id=uuid.uuid4().hex, question=text, history=turns_of(before))
        messages = self._messages(before)
        asked_message = {"role": "user", "content": question_html(text)}
        # The box changes once: a frame on its way when the reader stops must not busy it again.
        busy = gr.update(value="", submit_btn=False, stop_btn=self._words.stop)
        pending = self._bot(pending_html(self._words))
        yield busy, [*messages, asked_message, pending], gr.skip()
        answer: Answer | None = None
        try:
            async with aclosing(self._desk.ask(question)) as growing:
                async for answer in growing:
                    html = answer_html(answer, self._desk.book, self._words, whole=False)
                    yield gr.skip(), [*messages, asked_message, self._bot(html)], gr.skip()
        except ServiceError as error:
            yield self._shown(before, question=text)
            raise gr.Error(
                error.in_language(self._words.language), print_exception=False
            ) from error
        if answer is not None:
            yield self._shown((*before, Exchange(question=text, answer=answer)))

    def _shown(self, exchanges: Conversation, *, question: str = "") -> tuple[Any, ...]:
        box = gr.update(value=question, submit_btn=self._words.send, stop_btn=False)
        messages = self._messages(exchanges)
        if exchanges:
            messages[-1]["options"] = [
                {"value": text}
                for text in suggest(exchanges[-1].answer, self._desk.book, self._words)
            ]
        return box, messages, store_conversation(exchanges)

    def _messages(self, exchanges: Conversation) -> list[Message]:
        messages: list[Message] = []
        for exchange in exchanges:
            html = answer_html(exchange.answer, self._desk.book, self._words)
            messages.append({"role": "user", "content": question_html(exchange.question)})
            messages.append(self._bot(html))
        return messages

    def _bot(self, html: str) -> Message:
        return {"role": "assistant", "content": html}


def _masthead(words: Words, *, is_digest: bool, has_login: bool, mode: Mode) -> str:
    book = words.digest if is_digest else words.full
    written = words.modes[mode]
    other = "../en/" if words.language == "zh" else "../ui/"
    lang = "en" if words.language == "zh" else "zh-CN"
    leave = f'<a href="../logout">{escape(words.log_out)}</a>' if has_login else ""
    return (
        f'<a id="skip" href="#question">{escape(words.skip)}</a>'
        f'<div class="name"><h1>{escape(words.title)}</h1><p>{escape(words.tagline)}</p></div>'
        f'<div class="notice"><span>{escape(book)}</span><span>{escape(written)}</span></div>'
        f'<div class="links"><a href="../figures?lang={words.language}">{escape(words.figures)}</a>'
        f'<a href="../surveys?lang={words.language}">{escape(words.surveys)}</a>'
        f'<a href="{other}" hreflang="{lang}" lang="{lang}">'
        f"{escape(words.other_language)}</a>{leave}</div>"
    )


def _contents(desk: Desk, words: Words) -> str:
    parts = []
    for part, chapters in groupby(name_chapters(desk.book), key=lambda chapter: chapter.part):
        items = "".join(
            f'<li><a href="#ch-{chapter.number}"><b>{chapter.number}</b>'
            f"<span>{escape(chapter.title)}</span></a></li>"
            for chapter in chapters
        )
        heading = f"<h3>{escape(part)}</h3>" if part else ""
        parts.append(f"{heading}<ol>{items}</ol>")
    return (
        f"<details open><summary>{escape(words.contents)}</summary>"
        f'<nav aria-label="{escape(words.parts_label)}">{"".join(parts)}</nav></details>'
    )


def _welcome(words: Words) -> str:
    return f'<div class="welcome"><h2>{escape(words.hero)}</h2><p>{escape(words.lead)}</p></div>'
