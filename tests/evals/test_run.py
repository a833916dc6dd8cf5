"""``guide eval`` from end to end, on a handful of questions."""

import argparse
import json
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.settings import Settings
from evals.report import read_run
from evals.run import add_options, main
from ingest.books import DIGEST
from tests.conftest import small_book
from ui.cli import main as guide

QUESTIONS: list[dict[str, object]] = [
    {
        "id": "f1",
        "kind": "figure",
        "split": "tune",
        "question": "有多少 CEO 说专有数据不足会妨碍生成式 AI 计划？",
        "chapters": [4],
        "footnotes": [40],
        "facts": [["53%"]],
        "sources": ["ch04.t2.know.p3"],
    },
    {
        "id": "f2",
        "kind": "figure",
        "split": "test",
        "question": "有多少 CEO 说专有数据不足会妨碍生成式 AI 计划？",
        "facts": [["一个书里没有的事实"]],
        "footnotes": [40],
    },
    {
        "id": "o1",
        "kind": "outline",
        "split": "tune",
        "question": "第 6 章需要了解的事项有哪三条？",
        "chapters": [6],
        "facts": [["良性循环"], ["技术债务"], ["拐点"]],
        "sources": ["ch06.t1.know", "ch06.t2.know", "ch06.t3.know"],
    },
    {
        "id": "n1",
        "kind": "none",
        "split": "tune",
        "question": "第 13 章讲什么？",
        "answerable": False,
    },
]


OF_THE_SHOP: list[dict[str, object]] = [
    {"id": "s1", "kind": "made-up", "split": "test", "question": "退货？", "facts": [["没有的事"]]},
    {
        "id": "s2",
        "kind": "none",
        "split": "tune",
        "question": "第 13 章讲什么？",
        "answerable": False,
    },
]


@pytest.fixture(scope="module")
def digest_settings(indexed: Path) -> Settings:
    return Settings(book=DIGEST, data_dir=indexed)


@pytest.fixture(scope="module")
def shop_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Give a book of the reader's own: the small one."""
    folder = tmp_path_factory.mktemp("shop")
    (folder / "shop.txt").write_text(small_book(), encoding="utf-8")
    return Settings(book=folder / "shop.txt", data_dir=folder / "data")


def write(path: Path, rows: list[dict[str, object]]) -> Path:
    path.write_text("\n".join(json.dumps(r, ensure_ascii=False) for r in rows), encoding="utf-8")
    return path


@pytest.fixture
def of_digest(tmp_path: Path) -> Path:
    return write(tmp_path / "digest.jsonl", QUESTIONS)


@pytest.fixture
def of_shop(tmp_path: Path) -> Path:
    """Give two questions of which one is answered rightly by any system that knows chapters."""
    return write(tmp_path / "shop.jsonl", OF_THE_SHOP)


def options(*arguments: object) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_options(parser)
    return parser.parse_args([str(argument) for argument in arguments])


def test_a_run_is_judged_printed_and_written(
    digest_settings: Settings, of_digest: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, html = tmp_path / "run.json", tmp_path / "run.html"
    given = options(
        "--dataset", of_digest, "--json", file, "--html", html, "--systems", "guide,stock"
    )
    assert main(given, settings=digest_settings) == 0

    ours, stock = read_run(file).systems
    assert [o.judgement.right for o in ours.outcomes] == [True, False, True, True]
    assert ours.right == pytest.approx(3 / 4)
    assert ours.outcomes[0].ranking[0] == "ch04.t2.know.p3"
    assert not any(o.judgement.right for o in stock.outcomes)
    assert all(o.judgement.quotes == o.judgement.quotes_exact == 4 for o in stock.outcomes)
    assert "75.0%" in capsys.readouterr().out
    assert "一个书里没有的事实" in html.read_text(encoding="utf-8")


def test_every_other_system_answers_too(
    digest_settings: Settings, of_digest: Path, tmp_path: Path
) -> None:
    names = "no-bank,dense,lexical,no-structure,no-reranking,bm25"
    file = tmp_path / "run.json"
    assert (
        main(
            options("--dataset", of_digest, "--systems", names, "--json", file),
            settings=digest_settings,
        )
        == 0
    )
    found = read_run(file).systems
    assert [system.name for system in found] == names.split(",")
    for system in found[:-1]:
        assert system.outcomes[0].judgement.right, system.name
        assert system.outcomes[2].judgement.right == (system.name != "no-structure"), system.name


def test_only_the_half_and_the_kinds_asked_for_are_put(
    shop_settings: Settings, of_shop: Path, tmp_path: Path
) -> None:
    file = tmp_path / "run.json"
    given = options("--dataset", of_shop, "--split", "test", "--kinds", "made-up", "--json", file)
    assert main(given, settings=shop_settings) == 0
    run = read_run(file)
    assert [o.item.id for o in run.systems[0].outcomes] == ["s1"]
    assert (run.made.split, run.made.kinds) == ("test", ("made-up",))


@pytest.mark.parametrize(("least", "status"), [(0.5, 0), (0.51, 1)])
def test_too_few_right_answers_fail_the_gate(
    shop_settings: Settings,
    of_shop: Path,
    capsys: pytest.CaptureFixture[str],
    least: float,
    status: int,
) -> None:
    assert (
        main(options("--dataset", of_shop, "--min-right", least), settings=shop_settings) == status
    )
    assert ("低于要求" in capsys.readouterr().err) == bool(status)


def test_a_run_is_compared_with_an_earlier_one(
    shop_settings: Settings, of_shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The earlier run is made worse by hand, so that one question has got better since."""
    file = tmp_path / "run.json"
    main(options("--dataset", of_shop, "--json", file), settings=shop_settings)
    earlier = json.loads(file.read_text(encoding="utf-8"))
    earlier["systems"][0]["outcomes"][1]["judgement"]["answered"] = True
    file.write_text(json.dumps(earlier), encoding="utf-8")
    capsys.readouterr()
    main(options("--dataset", of_shop, "--compare", file), settings=shop_settings)
    said = capsys.readouterr().out
    assert "全对 +50.0 个百分点" in said
    assert "+ s2" in said
    assert "变差 0 题" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--systems", "none"], "没有这个系统：none"),
        (["--systems", "guide,guide"], "每个一次"),
        (["--systems", ""], "至少给出一个系统"),
        (["--min-right", "90"], "应在 0 与 1 之间"),
        (["--min-right", "most"], "不是数"),
        (["--split", "dev"], "invalid choice"),
    ],
)
def test_wrong_options_are_told(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        options(*arguments)
    assert caught.value.code == 2
    assert said in capsys.readouterr().err


def test_all_is_every_system() -> None:
    assert options("--systems", "all").systems[0] == "guide"
    assert len(options("--systems", "all").systems) == 8


def test_the_command_line_shows_the_options_and_tells_errors(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        guide(["eval", "--help"])
    assert "--min-right" in capsys.readouterr().out
    assert guide(["eval", "--dataset", str(tmp_path / "none.jsonl")]) == 1
    assert "none.jsonl：读不了评测题集" in capsys.readouterr().err


def test_asking_does_not_load_what_evaluates() -> None:
    """The command line imports the options of eval for its help; they must cost nothing."""
    program = "import sys, evals.run; print([m for m in ('numpy', 'pydantic') if m in sys.modules])"
    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == "[]"
