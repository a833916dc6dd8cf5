"""The command line: ``guide COMMAND``, each command's work in a module of its own.

What an answer does not need is not imported: ``guide ask`` loads neither torch nor gradio.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Never

from evals.run import add_options as add_eval_options
from ingest.errors import BookError
from ui.credentials import add_hash_options, print_key
from ui.errors import InputError
from ui.feedback_list import add_options as add_feedback_options
from ui.garbage import collection_put_off

if TYPE_CHECKING:
    from tqdm import tqdm

    from assistant.answer import Answer, Question
    from assistant.pipeline import Assistant
    from assistant.settings import Settings
    from index.store import Progress

# Exit statuses: 128 and the number of the signal that ends other tools then.
_INTERRUPTED, _UNREAD = 130, 141
_REPORT = {
    "chapters": "章",
    "topics": "主题",
    "passages": "段落（passages）",
    "claims": "论断（claims）",
    "quotes": "人物引语",
    "pull_outs": "摘引数据（pull-outs）",
    "notes_resolved": "已解析的注释",
    "damaged": "缺字而不作论断的句子",
    "set_aside": "剔除的版面文字",
    "bank_questions": "问题库中的问题",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status: 0 done, 1 failed, 2 wrong use.

    Whoever stops reading what is printed (``guide figures | head``) ends it without a word, as
    other tools do.
    """
    try:
        try:
            return _run(arguments)
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        # What is still unwritten goes nowhere, or Python complains once more when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _UNREAD
    except KeyboardInterrupt:
        return _INTERRUPTED


def _run(arguments: Sequence[str] | None) -> int:
    options = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except BookError as error:
        print(f"错误：{error}", file=sys.stderr)
        return 2 if isinstance(error, InputError) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="guide", description="依据《CEO 生成式 AI 行动指南》回答问题，并注明章节与注释。"
    )
    commands = parser.add_subparsers(title="命令", required=True, metavar="命令")
    book = argparse.ArgumentParser(add_help=False)
    book.add_argument(
        "--book", type=Path, metavar="FILE", help="书的纯文本文件（默认见 guide config）"
    )

    ingest = commands.add_parser("ingest", parents=[book], help="解析并索引一本书，打印报告")
    ingest.add_argument("--json", action="store_true", help="以 JSON 打印报告")
    ingest.add_argument(
        "--expand",
        action="store_true",
        help="先请语言模型（GUIDE_LLM）为这本书写问题库，让换了说法的问题也找得到",
    )
    ingest.add_argument(
        "--estimate",
        action="store_true",
        help="与 --expand 同用：只估算要用多少 tokens，什么都不发送",
    )
    ingest.set_defaults(run=_ingest)

    ask = commands.add_parser("ask", parents=[book], help="提一个问题，或批量提问")
    ask.add_argument("question", nargs="?", metavar="QUESTION", help="问题")
    ask.add_argument("--json", action="store_true", help="以 JSON 打印回答")
    ask.add_argument(
        "--trace", action="store_true", help="打印每一步（理解、检索、取舍、成文、核对）做了什么"
    )
    ask.add_argument(
        "--batch",
        metavar="FILE",
        help="JSONL（每行含 id、question、可选 history；- 为标准输入），或有一列问题的 .csv、.xlsx",
    )
    ask.add_argument(
        "--output", type=Path, metavar="FILE", help="把批量回答写入 .csv、.xlsx 或 .jsonl"
    )
    ask.set_defaults(run=_ask)

    check = commands.add_parser("check", parents=[book], help="核对文件中的数字与书是否一致")
    check.add_argument(
        "file", type=Path, metavar="FILE", help="要核对的文件：.md、.txt、.docx 或 .pptx"
    )
    check.add_argument("--json", action="store_true", help="以 JSON 打印报告")
    check.set_defaults(run=_check)

    serve = commands.add_parser("serve", parents=[book], help="打开问答网页")
    serve.add_argument("--host", help="监听地址")
    serve.add_argument("--port", type=int, help="监听端口")
    serve.set_defaults(run=_serve)

    feedback = commands.add_parser("feedback", help="列出读者对回答的评价")
    add_feedback_options(feedback)
    feedback.set_defaults(run=_feedback)

    add_hash_options(commands.add_parser("hash", help="由口令生成 GUIDE_USERS 中的一项"))
    key = commands.add_parser("key", help="生成一个接口密钥，及其在 GUIDE_API_KEYS 中的散列")
    key.set_defaults(run=print_key)

    figures = commands.add_parser("figures", parents=[book], help="列出或画出书中的数字")
    _add_figure_options(figures)
    figures.set_defaults(run=_figures)

    mcp = commands.add_parser("mcp", parents=[book], help="供智能体使用的 MCP 服务")
    mcp.add_argument("--http", action="store_true", help="用 HTTP 而不是标准输入输出，只限本机")
    mcp.add_argument("--host", default="127.0.0.1", help="--http 监听的本机地址")
    mcp.add_argument("--port", type=int, default=7861, help="--http 监听的端口")
    mcp.set_defaults(run=_mcp)

    config = commands.add_parser("config", parents=[book], help="打印当前设置")
    config.set_defaults(run=_config)

    doctor = commands.add_parser("doctor", help="检查语言模型的接口，说明要设置什么")
    doctor.set_defaults(run=_doctor)

    evaluate = commands.add_parser("eval", parents=[book], help="用评测题集衡量回答")
    add_eval_options(evaluate)
    evaluate.set_defaults(run=_eval)
    return parser


def _add_figure_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--chapter", type=int, metavar="N", help="只要第 N 章；0 为各章之外")
    parser.add_argument("--population", metavar="人群", help="只要这一人群，如 CEO")
    parser.add_argument("--survey", type=int, metavar="N", help="只要编号 N 的调查或来源")
    parser.add_argument("--year", type=int, metavar="年份", help="只要说的是这一年的")
    parser.add_argument("--text", metavar="文字", help="只要原句、人群或来源中有这些词的")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="以 JSON 打印，与 /api/figures 相同")
    form.add_argument("--csv", action="store_true", help="以 CSV 打印")
    form.add_argument("--plot", type=Path, metavar="FILE.svg", help="画成图，存为 SVG 文件")


def _settings(options: argparse.Namespace) -> Settings:
    """Read the settings; what the command line names wins."""
    from pydantic import ValidationError

    from assistant.settings import Settings

    named = {name: getattr(options, name, None) for name in ("book", "host", "port")}
    try:
        return Settings(**{name: value for name, value in named.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = "GUIDE_" + "_".join(str(part) for part in first["loc"]).upper()
        raise InputError(f"设置 {name} 不正确（invalid setting）：{first['msg']}。") from error


def _ingest(options: argparse.Namespace) -> int:
    from dataclasses import asdict

    from assistant.pipeline import open_assistant
    from ingest.report import report_on

    if options.estimate and not options.expand:
        raise InputError("--estimate 只与 --expand 一起使用。")
    settings = _settings(options)
    is_whole = True
    if options.expand:
        from ui.expand import expand

        with _progress("写问题库") as progress:
            is_whole = expand(settings, only_estimate=options.estimate, progress=progress)
        if options.estimate:
            return 0
    started = time.perf_counter()
    with _progress("索引") as progress:
        index = open_assistant(settings, progress=progress).index
    report = asdict(report_on(index.book)) | {
        "bank_questions": len(index.bank.questions),
        "seconds": round(time.perf_counter() - started, 3),
    }
    if options.json:
        print(json.dumps(report, ensure_ascii=False))
        return 0 if is_whole else 1
    print(f"{settings.book}")
    print(f"  正文标记：{report['marks_found']} / {report['marks_expected']}")
    for name, label in _REPORT.items():
        print(f"  {label}：{report[name]}")
    print(f"  用时：{report['seconds']} 秒")
    return 0 if is_whole else 1


def _ask(options: argparse.Namespace) -> int:
    if (options.question is None) == (options.batch is None):
        raise InputError("请给出一个问题，或用 --batch 给出问题的文件（二者选一）。")
    if options.trace and (options.batch is not None or options.json):
        raise InputError("--trace 只与单个问题一起使用，不与 --batch、--json 合用。")
    if options.batch is not None:
        return _ask_batch(options)
    if options.output is not None:
        raise InputError("--output 只与 --batch 一起使用。")
    from ui.batch import question_of

    question = question_of({"question": options.question}, where="问题")
    assistant = _open(options)
    if options.trace:
        return _trace(assistant, question)
    answer = assistant.invoke(question)
    print(answer.model_dump_json() if options.json else _readable(answer))
    return 0


def _trace(assistant: Assistant, question: Question) -> int:
    from assistant.tracing import trace

    for step in trace(assistant, question):
        print(f"{step.name}（{step.milliseconds:.1f} 毫秒）")
        print("\n".join(f"  {line}" for line in step.lines))
    return 0


def _ask_batch(options: argparse.Namespace) -> int:
    from ui.batch import ask_all, check_output, read_questions, write_answers

    if not options.json and options.output is None:
        raise InputError("--batch 需要与 --json 或 --output 一起使用。")
    if options.output is not None:
        check_output(options.output, source=options.batch)
    questions = read_questions(options.batch)  # all of them are checked before any is asked

    def show(answer: Answer) -> None:
        if options.json:
            print(answer.model_dump_json(), flush=True)

    answers = ask_all(questions, _open(options), show=show)
    if options.output is not None:
        write_answers(answers, options.output)
    return 0


def _check(options: argparse.Namespace) -> int:
    from ui.check import run

    return run(options, opened=lambda: _open(options))


def _open(options: argparse.Namespace) -> Assistant:
    with collection_put_off():
        from assistant.pipeline import open_assistant

        with _progress("首次使用，建立索引") as progress:
            return open_assistant(_settings(options), progress=progress)


def _readable(answer: Answer) -> str:
    """Lay an answer out for a terminal: the answer, then the notes that it cites."""
    lines = [f"（{answer.notice}）", answer.answer] if answer.notice else [answer.answer]
    if answer.unsupported:
        lines += ["", "未经证实，不算作回答"]
        lines += [f"  × {one.sentence}（{one.reason}）" for one in answer.unsupported]
    if answer.notes:
        lines += ["", "注释与来源"]
        lines += [f"  {note.number}. {note.text}" for note in answer.notes]
    return "\n".join(lines)


def _serve(options: argparse.Namespace) -> int:
    from ui.server import serve

    serve(_settings(options))
    return 0


def _mcp(options: argparse.Namespace) -> int:
    from ui.mcp_server import run

    return run(options, opened=lambda: _open(options))


def _feedback(options: argparse.Namespace) -> int:
    from ui.feedback import FeedbackStore
    from ui.feedback_list import print_feedback

    return print_feedback(options, FeedbackStore(_settings(options).data_dir))


def _figures(options: argparse.Namespace) -> int:
    from ui.figures_command import run

    return run(options, _settings(options).book)


def _config(options: argparse.Namespace) -> int:
    settings = _settings(options)
    for name, field in type(settings).model_fields.items():
        value = getattr(settings, name)
        shown = ",".join(value) if isinstance(value, tuple) else value
        print(f"GUIDE_{name.upper()}={'' if shown is None else shown}  # {field.description}")
    return 0


def _doctor(options: argparse.Namespace) -> int:
    from ui.doctor import examine

    return examine(_settings(options))


def _eval(options: argparse.Namespace) -> int:
    from evals.run import main as evaluate

    return evaluate(options, settings=_settings(options))


@contextmanager
def _progress(label: str) -> Iterator[Progress]:
    """Show a progress bar on standard error, once there is something to wait for."""
    bars: list[tqdm[Never]] = []

    def step(done: int, total: int) -> None:
        from tqdm import tqdm

        if not bars:
            bars.append(tqdm(total=total, desc=label, file=sys.stderr, disable=None))
        bars[0].update(done - bars[0].n)

    yield step
    for bar in bars:
        bar.close()


if __name__ == "__main__":
    sys.exit(main())
