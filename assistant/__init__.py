"""Answer questions from the guide: understand, retrieve, select, compose, check.

What a program needs stands here and is imported when it is named, so that ``import assistant``
costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.answer import Answer, Citation, Note, Question, Turn
    from assistant.claim_check import ClaimChecker, Finding
    from assistant.langchain import GuideRetriever, guide_tool
    from assistant.pipeline import Assistant, open_assistant
    from assistant.settings import Settings

__all__ = [
    "Answer",
    "Assistant",
    "Citation",
    "ClaimChecker",
    "Finding",
    "GuideRetriever",
    "Note",
    "Question",
    "Settings",
    "Turn",
    "guide_tool",
    "open_assistant",
]

_MODULES = {
    "answer": ("Answer", "Citation", "Note", "Question", "Turn"),
    "claim_check": ("ClaimChecker", "Finding"),
    "langchain": ("GuideRetriever", "guide_tool"),
    "pipeline": ("Assistant", "open_assistant"),
    "settings": ("Settings",),
}


def __getattr__(name: str) -> object:
    for module, names in _MODULES.items():
        if name in names:
            return getattr(import_module(f"assistant.{module}"), name)
    raise AttributeError(f"module 'assistant' has no attribute {name!r}")
