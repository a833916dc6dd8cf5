"""``guide ingest --expand``: a language model writes the question bank of the reader's own book."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from ui.errors import InputError

if TYPE_CHECKING:
    from assistant.bank_writing import BankWriter, Progress
    from assistant.settings import Settings


def expand(settings: Settings, *, only_estimate: bool, progress: Progress) -> bool:
    """Write the bank of the book that the settings name, or only say what that would cost.

    All that is printed goes to standard error, beside the progress.

    Returns
    -------
    bool
        Whether nothing was left out.

    Raises
    ------
    BookError
        If the book cannot be read or has the bank that comes with the project, no language model is
        set or it fails, or the data folder cannot be written.
    """
    from assistant.bank_writing import BankWriter
    from assistant.errors import NoModelError
    from assistant.model import open_model
    from index.bank import has_bundled_bank
    from ingest.parse import read_book

    book = read_book(settings.book)
    if has_bundled_bank(book):
        raise InputError(f"{settings.book}：这本书已有随附的问题库，--expand 只用于别的书。")
    writer = BankWriter(book, settings.llm or "", settings.data_dir)
    if only_estimate:
        _print_estimate(writer)
        return True
    model = open_model(settings)
    if model is None:
        raise NoModelError("guide ingest --expand")
    _print_estimate(writer)
    try:
        written = writer.write(model, progress=progress)
    except KeyboardInterrupt:
        _print("已停下。写好的都留着；重新运行同一条命令，只补没有写的。")
        raise
    _print(f"问题库：写下 {written.questions} 个问题")
    for reason, count in written.dropped.most_common():
        _print(f"  未用：{count} 个{reason}")
    if written.bare:
        _print(f"  {written.bare} 处没有问题")
    for reason, count in written.failed.items():
        _print(f"  {count} 次请求没有得到可用的回答（{reason}）；重新运行同一条命令，只补这些")
    return not written.failed


def _print_estimate(writer: BankWriter) -> None:
    cost = writer.estimate()
    _print(
        f"请模型写问题库：还要 {cost.requests} 次请求、{cost.questions} 个问题，"
        f"约读 {cost.tokens_read} tokens、写 {cost.tokens_written} tokens"
        "（按随附的编码估算，不含重试）"
    )


def _print(line: str) -> None:
    print(line, file=sys.stderr)
