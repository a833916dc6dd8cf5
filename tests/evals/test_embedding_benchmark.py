"""The benchmark: its protocol, worked by hand on made-up sets."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from evals.embedding_benchmark import main, measure, ranks, read_sets, table

PASSAGES = {
    "a": "裁员之前应当先考虑给员工做培训。",
    "b": "工厂的仓库里堆满了卖不掉的货。",
    "c": "投资新技术之前要先算清楚回报。",
}
QUESTIONS = {"裁员之前应当先做什么？": "a", "仓库里堆满了什么？": "b", "投资的回报怎么算？": "c"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("made_dev", "made_test"):
        _write(
            tmp_path / f"{name}.jsonl.gz",
            [{"question": question, "passage_id": right} for question, right in QUESTIONS.items()],
        )
        _write(
            tmp_path / f"{name}.passages.jsonl.gz",
            [{"passage_id": name, "text": text} for name, text in PASSAGES.items()],
        )
    return tmp_path


def _write(path: Path, records: list[dict[str, str]]) -> None:
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def test_a_set_is_read_with_the_place_of_each_right_passage(folder: Path) -> None:
    [one] = read_sets(folder)
    assert one.name == "made_dev"
    assert one.passages == tuple(PASSAGES.values())
    assert one.right == (0, 1, 2)


def test_a_test_set_is_only_read_when_asked_for(folder: Path) -> None:
    """A set that was looked at while choosing settings measures nothing any more."""
    assert [one.name for one in read_sets(folder, final=True)] == ["made_dev", "made_test"]


@pytest.mark.parametrize(
    ("scores", "rank"),
    [
        pytest.param([0.9, 0.1, 0.2], 1, id="best"),
        pytest.param([0.5, 0.9, 0.2], 2, id="second"),
        pytest.param([0.5, 0.5, 0.2], 2, id="a-tie-ranks-above"),
        pytest.param([0.0, 0.0, 0.0], 3, id="nothing-told-apart-is-last"),
    ],
)
def test_the_rank_counts_ties_against_the_right_passage(scores: list[float], rank: int) -> None:
    assert list(ranks(np.array([scores], np.float32), [0])) == [rank]


def test_all_three_methods_are_measured_on_each_set(folder: Path) -> None:
    result = measure(list(read_sets(folder)))
    assert [row.method for row in result.quality] == ["embedder", "BM25", "fused"]
    for row in result.quality:
        assert row.questions == 3
        assert 0 <= row.recall_at_1 <= row.mrr_at_10 <= row.recall_at_5 <= 1
    bm25 = result.quality[1]
    assert bm25.recall_at_1 == 1  # every question shares words with its own passage alone


def test_means_are_over_all_questions(folder: Path) -> None:
    """One question of three asks in vain: it shares no word with its passage."""
    questions = [
        {"question": "裁员之前", "passage_id": "a"},
        {"question": "仓库里的货", "passage_id": "b"},
        {"question": "ꙮ", "passage_id": "c"},
    ]
    _write(folder / "made_dev.jsonl.gz", questions)
    bm25 = measure(list(read_sets(folder))).quality[1]
    assert bm25.recall_at_1 == pytest.approx(2 / 3)
    assert bm25.mrr_at_10 == pytest.approx((1 + 1 + 1 / 3) / 3)


def test_the_table_has_a_line_a_figure_and_the_costs(folder: Path) -> None:
    lines = table(measure(list(read_sets(folder)))).splitlines()
    assert len(lines) == 1 + 3 + 2
    assert "short texts a second on one core" in lines[-1]


def test_json_is_printed_with_the_unit_in_each_name(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKENIZERS_PARALLELISM", "false")
    main([str(folder), "--json"])
    printed = json.loads(capsys.readouterr().out)
    assert printed["embedder"].startswith("static-512-")
    assert printed["cost"]["size_bytes"] <= 20_000_000
    assert len(printed["quality"]) == 3


def test_a_folder_without_sets_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKENIZERS_PARALLELISM", "false")
    with pytest.raises(SystemExit, match="没有找到测试集"):
        main([str(tmp_path)])
