"""Cells of a table that a spreadsheet opens: text must not be computed there."""

from __future__ import annotations

import re

# What a spreadsheet takes for a formula (OWASP, CSV injection), full-width forms too.
_FORMULA = re.compile(r"[=+\-@＝＋－＠\t\r]")


def is_formula(text: str) -> bool:
    """Tell whether a spreadsheet might compute a text instead of showing it."""
    return bool(_FORMULA.match(text))


def as_text(text: str) -> str:
    """Give a text as a cell of CSV, after an apostrophe where it might be computed."""
    return f"'{text}" if is_formula(text) else text
