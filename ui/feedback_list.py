"""``guide feedback``: what readers said of the answers, as a table or as JSON Lines."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from ui.words import CHINESE

if TYPE_CHECKING:
    from ui.feedback import FeedbackStore, GivenFeedback, Rating

_SAID: dict[Rating, str] = {
    "helpful": CHINESE.helpful,
    "unhelpful": CHINESE.unhelpful,
    "wrong_citation": CHINESE.wrong_citation,
}


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what ``guide feedback`` takes."""
    parser.add_argument("--json", action="store_true", help="每行打印一个 JSON 对象")
    parser.add_argument("--rating", choices=tuple(_SAID), help="只列这一种评价")
    parser.add_argument(
        "--since", type=date.fromisoformat, metavar="DATE", help="只列这一天及以后的，如 2026-01-31"
    )


def print_feedback(options: argparse.Namespace, store: FeedbackStore) -> int:
    """Print the feedback that the options choose, newest first."""
    chosen = [
        given
        for given in store.list()
        if options.rating in (None, given.rating)
        and (options.since is None or given.given_at.astimezone().date() >= options.since)
    ]
    if options.json:
        for given in chosen:
            print(given.model_dump_json())
    else:
        print(table(chosen))
    return 0


def table(feedback: Sequence[GivenFeedback]) -> str:
    """Lay feedback out for a terminal, in local time, with a count of each rating at the end."""
    if not feedback:
        return "没有反馈。"
    labels = max(map(len, _SAID.values()))
    rows = []
    for given in feedback:
        when = given.given_at.astimezone().isoformat(" ", "minutes")[:16]
        rating = _SAID[given.rating].ljust(labels, "\u3000")  # as wide as a Chinese character
        # A comment comes from outside: on one line, and nothing in it may drive the terminal.
        comment = "".join(c if c.isprintable() else " " for c in given.comment)
        rows.append(f"{when}  {rating}  {given.answer_id:<32}  {comment}".rstrip())
    counts = Counter(given.rating for given in feedback)
    summary = "，".join(f"{_SAID[rating]} {counts[rating]}" for rating in _SAID)
    return "\n".join([*rows, f"共 {len(feedback)} 条：{summary}"])
