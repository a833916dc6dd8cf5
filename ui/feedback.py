"""What readers say of the answers, kept in SQLite beside the index."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Rating = Literal["helpful", "unhelpful", "wrong_citation"]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS feedback (
    answer_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    rating TEXT NOT NULL,
    comment TEXT NOT NULL DEFAULT '',
    given_at TEXT NOT NULL,
    PRIMARY KEY (answer_id, session_id)
)
"""
# One reader, one answer, one row: a second click changes the rating and adds the comment.
_UPSERT = """
INSERT INTO feedback (answer_id, session_id, rating, comment, given_at)
VALUES (?, ?, ?, ?, ?)
ON CONFLICT (answer_id, session_id) DO UPDATE SET
    rating = excluded.rating,
    comment = CASE WHEN excluded.comment = '' THEN comment ELSE excluded.comment END,
    given_at = excluded.given_at
"""


class Feedback(BaseModel):
    """What one reader says of one answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    answer_id: str = Field(min_length=1, max_length=64, pattern=r"^[\w.:-]+$")
    session_id: str = Field(min_length=1, max_length=64, pattern=r"^[\w.:-]+$")
    rating: Rating
    comment: str = Field("", max_length=1000)


class GivenFeedback(Feedback):
    """Feedback as it is kept."""

    given_at: datetime


class FeedbackStore:
    """The feedback of one data folder.

    Parameters
    ----------
    folder : Path
        Where ``feedback.db`` lies; made at the first write.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / "feedback.db"

    def add(self, feedback: Feedback) -> None:
        """Keep what a reader says; said again of the same answer, it replaces the rating."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        row = (
            feedback.answer_id,
            feedback.session_id,
            feedback.rating,
            feedback.comment,
            datetime.now(UTC).isoformat(timespec="seconds"),
        )
        with self._open() as connection:
            connection.execute(_SCHEMA)
            connection.execute(_UPSERT, row)

    def list(self) -> tuple[GivenFeedback, ...]:
        """List all feedback, newest first."""
        if not self._path.exists():
            return ()
        with self._open() as connection:
            connection.execute(_SCHEMA)
            rows = connection.execute(
                "SELECT answer_id, session_id, rating, comment, given_at FROM feedback"
                " ORDER BY given_at DESC, rowid DESC"
            ).fetchall()
        names = ("answer_id", "session_id", "rating", "comment", "given_at")
        return tuple(GivenFeedback(**dict(zip(names, row, strict=True))) for row in rows)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """Open the file for one piece of work: SQLite ties a connection to its thread."""
        with closing(sqlite3.connect(self._path, timeout=5)) as connection, connection:
            yield connection
