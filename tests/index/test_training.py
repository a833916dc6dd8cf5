"""Training: a tiny run from pairs to a folder, and the check that keeps test sets out."""

import gzip
import json
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import zstandard

from index.static import StaticEmbedder
from index.training import __main__ as training
from index.training.batches import Augmentation, crop, replace
from index.training.english import choose_english, widen
from index.training.export import quantise, save_model
from index.training.fit import Schedule
from index.training.overlap import RUN, benchmark_texts, without_overlap
from index.training.pairs import Pair, read_pairs
from index.training.thesaurus import (
    Thesaurus,
    build_thesaurus,
    gloss_rows,
    read_glosses,
    read_groups,
    read_paraphrases,
)
from index.training.vectors import start_rows
from index.training.vocabulary import choose_pieces, pieces_of, tokenizer_of

THEMES = {
    "仓库": "存货要按季度清点，货架上的每一件货品都要登记在册。",
    "合同": "双方盖章之后才算生效，签订之前由法务审阅条款。",
    "培训": "新员工入职之后要上课，结束时通过考试才能上岗。",
    "预算": "各部门每年秋天提交，财务汇总之后交给管理层审批。",
    "食堂": "中午十二点开饭，菜单每个星期换一次。",
    "班车": "早上七点从地铁站出发，晚上六点返回。",
    "邮件": "收件人超过一百个时要先经过主管同意才能发送。",
    "会议室": "使用之前在系统里登记，离开时关灯关空调。",
}
PAIRS = [
    Pair(question.format(theme), text, "made-up")
    for question in ("{}怎么管理？", "{}有什么规定", "请介绍{}", "关于{}的说明")
    for theme, text in THEMES.items()
]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Train once, small: the same steps as ``make model``, with less of everything."""
    folder = tmp_path_factory.mktemp("trained")
    for name in ("one", "again"):
        training.train(
            PAIRS,
            folder / name,
            Schedule(
                epochs=20,
                batch_pairs=8,
                learning_rate=0.05,
                prefixes=(32, 16),
                augmentation=Augmentation(glosses=4, phrases=4, paraphrases=4),
            ),
            pieces=600,
            dimension=32,
            float_folder=folder / f"{name}-float",
        )
    return folder


def test_a_tiny_run_gives_a_folder_that_finds_the_right_theme(trained: Path) -> None:
    embedder = StaticEmbedder(trained / "one")
    passages = embedder.embed(list(THEMES.values()))
    questions = embedder.embed([f"{theme}怎么管理？" for theme in THEMES])
    assert list((questions @ passages.T).argmax(axis=1)) == list(range(8))


def test_the_same_seed_gives_the_same_files(trained: Path) -> None:
    for name in ("tokenizer.json", "model.safetensors", "modules.json"):
        assert (trained / "one" / name).read_bytes() == (trained / "again" / name).read_bytes()


def test_rounding_to_int8_hardly_turns_a_vector(trained: Path) -> None:
    rounded, whole = (StaticEmbedder(trained / name) for name in ("one", "one-float"))
    texts = [pair.anchor for pair in PAIRS]
    assert (rounded.embed(texts) * whole.embed(texts)).sum(axis=1) == pytest.approx(1, abs=1e-3)


def test_the_row_of_the_unknown_token_is_zero(trained: Path) -> None:
    assert not StaticEmbedder(trained / "one").token_vectors("ꙮ").any()


def test_training_leaves_the_model_card_alone(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("card", encoding="utf-8")
    save_model(tokenizer_of({"a": 1}), np.zeros((2, 4), np.float32), tmp_path)
    assert (tmp_path / "README.md").read_text(encoding="utf-8") == "card"


def test_a_row_is_rounded_to_half_a_step_and_a_zero_row_stays() -> None:
    rows = np.array([[0, 0, 0], [1, -2.54, 0.01]], np.float32)
    whole, scales = quantise(rows)
    assert whole.dtype == np.int8
    assert scales == pytest.approx([0, 0.02])
    assert whole * scales[:, None] == pytest.approx(rows, abs=0.01 + 1e-6)


def test_pairs_are_read_by_file_and_sources_can_be_left_out(tmp_path: Path) -> None:
    records = [
        {"anchor": "一", "positive": "壹", "source": "ms-one", "kind": "qa"},
        {"anchor": "二", "positive": "贰", "source": "laws", "kind": "qa"},
    ]
    lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    compressed = zstandard.ZstdCompressor().compress(lines.encode())
    (tmp_path / "docs-00.jsonl.zst").write_bytes(compressed)
    assert list(read_pairs(tmp_path)) == [Pair("一", "壹", "ms-one"), Pair("二", "贰", "laws")]
    assert [pair.source for pair in read_pairs(tmp_path, without=["ms-*"])] == ["laws"]
    assert [pair.source for pair in read_pairs(tmp_path, without=["laws"])] == ["ms-one"]


def test_a_folder_without_a_corpus_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="没有训练语料"):
        list(read_pairs(tmp_path))


SECRET = "这段文字属于测试集绝对不可以用来训练任何模型"


@pytest.mark.parametrize(
    ("anchor", "positive", "kept"),
    [
        pytest.param("仓库", "货架上的货品要登记。", True, id="nothing-shared"),
        pytest.param("仓库", f"前文。{SECRET}。后文。", False, id="passage-inside"),
        pytest.param(SECRET[3:], "货品。", False, id="anchor-inside"),
        pytest.param("问", SECRET[:7] + "，\n" + SECRET[7:16], False, id="cut-by-punctuation"),
        pytest.param("问", SECRET[: RUN - 1], True, id="a-run-too-short"),
        pytest.param("谁写的？", "答案。", False, id="a-short-question-of-the-test-set"),
    ],
)
def test_what_shares_text_with_a_test_set_is_kept_out(
    tmp_path: Path, anchor: str, positive: str, kept: bool
) -> None:
    """Otherwise the figures of the model card would measure memory."""
    for name, record in (
        ("made_dev.passages", {"passage_id": "a", "text": f"开头。{SECRET}。"}),
        ("made_dev", {"passage_id": "a", "question": "谁写的？"}),
    ):
        with gzip.open(tmp_path / f"{name}.jsonl.gz", "wt", encoding="utf-8") as lines:
            lines.write(json.dumps(record, ensure_ascii=False))
    pair = Pair(anchor, positive, "made-up")
    found = list(without_overlap([pair], benchmark_texts(tmp_path)))
    assert found == ([pair] if kept else [])


def test_pieces_are_characters_then_words_by_weight() -> None:
    counts = Counter({"的": 50, "老板": 7, "投资": 9, "少见": 4, "ai": 20, "1984": 3, "僻": 1})
    chosen = choose_pieces(counts, size=100, everyday=["砸钱", "罕用"], general={"砸钱": 3})
    words = [piece for piece in chosen if len(piece) > 1]
    assert words == ["ai", "投资", "老板", "砸钱"]
    assert "的" in chosen
    assert "僻" not in chosen


def test_words_of_the_synonym_list_are_pieces_whatever_their_counts() -> None:
    chosen = choose_pieces(Counter({"投资": 9}), size=39, sure=["砸钱"])
    assert [piece for piece in chosen if len(piece) > 1] == ["砸钱"]


def test_words_with_the_same_gloss_are_near_synonyms() -> None:
    glosses: dict[str, list[tuple[str, ...]]] = {
        "花钱": [("spend", "money")],
        "费钱": [("spend", "money")],
        "仓库": [("warehouse",)],
        "库房": [("warehouse",), ("depot",)],
        "天": [("sky",)],
    }
    words = ["[UNK]", "花钱", "费钱", "仓库", "库房", "天"]
    rows = gloss_rows(words, glosses)
    thesaurus = build_thesaurus(rows, [[[1], [3, 5]]])
    assert [list(other) for other in thesaurus.alternatives[2]] == [[1]]
    assert [list(other) for other in thesaurus.alternatives[1]] == [[2], [3, 5]]
    assert 5 not in thesaurus.alternatives
    assert len(thesaurus.phrases) == 2


def test_the_dictionary_gives_stems_without_pointers() -> None:
    glosses = read_glosses()
    assert ("spend", "money") in glosses["花钱"]
    assert "老闆" not in glosses  # traditional forms are no words of their own
    assert glosses["老板"] == [("robam", "brand"), ("boss",), ("busines", "proprietor")]


def test_no_wording_stands_twice_in_a_group_and_every_pair_has_two_sides() -> None:
    groups = read_groups()
    assert len(groups) > 300
    assert all(len(group) > 1 and len(set(group)) == len(group) for group in groups)
    paraphrases = read_paraphrases()
    assert len(set(paraphrases)) == len(paraphrases) > 300
    assert all(re.search(r"[\u4e00-\u9fff]", side) for pair in paraphrases for side in pair)


def test_a_crop_and_its_rest_are_the_passage() -> None:
    passage = np.arange(40)
    for seed in range(20):
        cropped, rest = crop(passage, np.random.default_rng(seed))
        assert 4 <= len(cropped) <= 20
        assert sorted([*cropped, *rest]) == list(passage)


def test_a_replaced_token_becomes_one_of_its_alternatives() -> None:
    thesaurus = Thesaurus({1: (np.array([7, 8]),)})
    random = np.random.default_rng(0)
    assert list(replace(np.array([1, 2]), thesaurus, 1.0, random)) == [7, 8, 2]
    assert list(replace(np.array([1, 2]), thesaurus, 0.0, random)) == [1, 2]


def test_start_rows_weigh_rare_words_more_and_the_unknown_token_nothing() -> None:
    tokenizer = tokenizer_of({"常": 5, "稀": 1, "有": 2, "无": 1})
    words = pieces_of(tokenizer)
    texts = [[1, 3], [1, 3, 2], [1, 4], [1, 3]]
    rows = start_rows(texts, gloss_rows(words, {}), dimension=16, seed=0)
    lengths = np.linalg.norm(rows, axis=1)
    assert lengths[0] == 0
    assert lengths[1] < lengths[3] < lengths[2]


def test_the_shares_of_an_augmentation_are_shares() -> None:
    default = Augmentation()
    assert 0 <= default.cropped <= 1
    assert 0 <= default.replaced <= 1


def test_english_words_take_the_places_of_pieces_that_are_least_missed() -> None:
    weights = {"老板": 9.0, "营销": 8.0, "回响": 1.0, "concurrenthashmap": 5.0, "a": 1.0, "b": 1.0}
    tokenizer = tokenizer_of(weights)
    rows = np.eye(len(weights) + 1, 8, dtype=np.float32)
    glosses: dict[str, list[tuple[str, ...]]] = {"老板": [("boss",)], "营销": [("market",)]}
    words = choose_english(["boss", "marketing of a boss"], ["marketing"], size=2)
    assert words == {"marketing": 26, "boss": 2}
    widened, wider = widen(tokenizer, rows, words, glosses, kept={"老板"}, used="营销")
    assert wider.shape == rows.shape
    cut = widened.encode("Marketing boss ab 老板").tokens
    assert cut == ["marketing", "boss", "a", "b", "老板"]
    for english, chinese in (("marketing", "营销"), ("boss", "老板")):
        one, other = (wider[widened.token_to_id(word)] for word in (english, chinese))
        assert one @ other == pytest.approx(np.linalg.norm(one) * np.linalg.norm(other))
