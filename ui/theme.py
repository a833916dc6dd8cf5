"""How gradio is dressed: system fonts, our colours, and our style sheet and scripts in its head."""

from __future__ import annotations

from html import escape

import gradio as gr

from ui.asset_files import asset_link
from ui.words import Words

_SANS = [
    "-apple-system",
    "Segoe UI",
    "PingFang SC",
    "Microsoft YaHei",
    "Noto Sans CJK SC",
    "sans-serif",
]
_MONO = ["ui-monospace", "monospace"]


def theme() -> gr.Theme:
    """Give the theme: only the fonts matter here, the rest is in ``page.css``."""
    return gr.themes.Base(font=_SANS, font_mono=_MONO)


def head_of(words: Words) -> str:
    """Give what goes into the page's head: all of it from this server."""
    kinds = "".join(
        f'#chat .example:nth-of-type({place})::before{{content:"{escape(kind)}"}}'
        for place, (kind, _) in enumerate(words.examples, 1)
    )
    language = f'data-language="{words.language}" data-lang="{words.html_lang}" data-base=".."'
    return (
        f'<meta name="color-scheme" content="light dark">'
        f'<link rel="icon" href="../favicon.ico" type="image/svg+xml">'
        f'<link rel="stylesheet" href="../{asset_link("panel.css")}">'
        f'<link rel="stylesheet" href="../{asset_link("page.css")}">'
        f"<style>{kinds}</style>"
        f'<script src="../{asset_link("panel.js")}"></script>'
        f'<script src="../{asset_link("chapter.js")}"></script>'
        f'<script src="../{asset_link("page.js")}" {language}></script>'
    )
