"""The static embedder: what it promises about vectors, words and broken folders."""

import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.embeddings import Embeddings
from safetensors.numpy import save_file

from index.errors import BrokenModelError
from index.static import MODEL_FOLDER, StaticEmbedder
from index.training.export import save_model
from index.training.vocabulary import tokenizer_of

WORDS = {"老板": 9, "投资": 9, "裁员": 5, "员工": 9, "的": 50, "ai": 9, "a": 1, "i": 1, "员": 1}


@pytest.fixture(scope="module")
def embedder() -> StaticEmbedder:
    return StaticEmbedder()


@pytest.fixture
def small(tmp_path: Path) -> StaticEmbedder:
    """Make a model of nine words, every row a direction of its own, with known lengths."""
    rows = np.eye(len(WORDS) + 1, dtype=np.float32) * np.arange(len(WORDS) + 1)[:, None]
    save_model(tokenizer_of(WORDS), rows, tmp_path)
    return StaticEmbedder(tmp_path)


def test_it_is_a_langchain_embeddings(embedder: StaticEmbedder) -> None:
    assert isinstance(embedder, Embeddings)
    [passage] = embedder.embed_documents(["生成式 AI 需要投资"])
    assert passage == embedder.embed_query("生成式 AI 需要投资")
    assert len(passage) == embedder.dimension


def test_a_vector_is_the_mean_of_its_tokens_brought_to_unit_length(small: StaticEmbedder) -> None:
    tokens, rows = small.tokens("老板投资 AI"), small.token_vectors("老板投资 AI")
    assert tokens == ["老板", "投资", "ai"]
    mean = rows.mean(axis=0)
    assert small.embed(["老板投资 AI"])[0] == pytest.approx(mean / np.linalg.norm(mean), abs=1e-6)


@given(st.lists(st.text(max_size=40), max_size=8))
def test_every_vector_has_unit_length_or_is_zero(
    embedder: StaticEmbedder, texts: list[str]
) -> None:
    vectors = embedder.embed(texts)
    assert vectors.shape == (len(texts), embedder.dimension)
    assert vectors.dtype == np.float32
    for text, length in zip(texts, np.linalg.norm(vectors, axis=1), strict=True):
        known = embedder.token_vectors(text).any()
        assert length == pytest.approx(1.0 if known else 0.0, abs=1e-5)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("  \n", id="white-space"),
        pytest.param("，。？！——", id="punctuation-only"),
        pytest.param("ꙮ", id="unknown-letter-only"),
    ],
)
def test_a_text_without_a_known_token_is_the_zero_vector(
    embedder: StaticEmbedder, text: str
) -> None:
    assert not embedder.embed([text]).any()


def test_an_unknown_token_moves_no_vector(embedder: StaticEmbedder) -> None:
    """Readers that drop unknown tokens and readers that keep them must agree."""
    plain, with_unknown = embedder.embed(["老板投资", "老板ꙮ投资"])
    assert embedder.tokens("老板ꙮ投资") == ["老板", "ꙮ", "投资"]
    assert not embedder.token_vectors("ꙮ").any()
    assert with_unknown == pytest.approx(plain, abs=1e-6)


@pytest.mark.parametrize(
    ("text", "same_as"),
    [
        pytest.param("ＣＥＯ投资２０２３", "ceo投资2023", id="full-width"),
        pytest.param("CEO 投资", "ceo投资", id="case-and-space"),
        pytest.param("投资，回报。", "投资 回报", id="punctuation"),
        pytest.param("投\u3000资", "投 资", id="ideographic-space"),
    ],
)
def test_the_tokenizer_file_itself_normalises(
    embedder: StaticEmbedder, text: str, same_as: str
) -> None:
    assert embedder.tokens(text) == embedder.tokens(same_as)


def test_words_are_cut_as_chinese_words(embedder: StaticEmbedder) -> None:
    assert embedder.tokens("裁员会影响员工士气吗？") == ["裁员", "会", "影响", "员工", "士气", "吗"]


def test_no_text_is_cut_short_or_padded(embedder: StaticEmbedder) -> None:
    long = "企业投资" * 3000
    assert len(embedder.tokens(long)) == 6000
    assert embedder.embed(["投资", long]).shape == (2, embedder.dimension)
    stored = json.loads((MODEL_FOLDER / "tokenizer.json").read_text(encoding="utf-8"))
    assert stored["truncation"] is None
    assert stored["padding"] is None


def test_the_order_of_texts_is_kept_across_batches(embedder: StaticEmbedder) -> None:
    texts = ["老板", "", "投资"] * 700
    vectors = embedder.embed(texts)
    assert vectors[-3:] == pytest.approx(embedder.embed(texts[-3:]), abs=1e-6)


def test_no_texts_give_no_vectors(embedder: StaticEmbedder) -> None:
    assert embedder.embed([]).shape == (0, embedder.dimension)
    assert embedder.embed_documents([]) == []


@pytest.mark.parametrize(
    ("colloquial", "formal", "other"),
    [
        ("老板", "首席执行官", "数据库"),
        ("裁员", "减少劳动力", "网络安全"),
        ("砸钱", "投资支出", "客户服务"),
        ("靠谱", "可靠", "仓库"),
    ],
)
def test_everyday_words_are_close_to_the_words_of_reports(
    embedder: StaticEmbedder, colloquial: str, formal: str, other: str
) -> None:
    """Such closeness is what the model adds to BM25, which sees no shared word here."""
    one, same, different = embedder.embed([colloquial, formal, other])
    assert one @ same > one @ different + 0.2


def test_sentence_transformers_reads_the_same_folder_with_the_same_vectors(
    embedder: StaticEmbedder,
) -> None:
    from sentence_transformers import SentenceTransformer

    texts = [
        "老板想知道投资回报",
        "裁员会影响士气吗？",
        "GPT-4 在２０２３年",
        "ꙮ",
        "",
        "企业" * 500,
    ]
    theirs = SentenceTransformer(str(MODEL_FOLDER), device="cpu").encode(texts)
    assert np.abs(theirs - embedder.embed(texts)).max() < 1e-4


def test_the_model_is_small_and_quick(embedder: StaticEmbedder) -> None:
    """Bounds are slack against the figures of the model card: a test must not fail under load."""
    size = sum(path.stat().st_size for path in MODEL_FOLDER.rglob("*") if path.is_file())
    assert size <= 20_000_000
    started = time.process_time()
    embedder.embed(["生成式 AI 会不会取代一线员工的工作？"] * 5000)
    assert time.process_time() - started < 2.5


def test_loading_and_embedding_import_no_torch() -> None:
    code = (
        "import sys; from index.static import StaticEmbedder; StaticEmbedder().embed(['老板']); "
        "sys.exit('torch' in sys.modules or 'transformers' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_id_is_stable_and_follows_the_weights(tmp_path: Path) -> None:
    rows = np.ones((len(WORDS) + 1, 4), np.float32)
    for name, weights in (("one", rows), ("same", rows), ("other", rows * [1, 2, 1, 1])):
        save_model(tokenizer_of(WORDS), weights.astype(np.float32), tmp_path / name)
    one, same, other = (StaticEmbedder(tmp_path / name).id for name in ("one", "same", "other"))
    assert one == same != other
    assert one.startswith("static-4-")


@pytest.mark.parametrize("missing", ["tokenizer.json", "model.safetensors"])
def test_a_missing_file_is_told_with_its_folder(
    small: StaticEmbedder, tmp_path: Path, missing: str
) -> None:
    (tmp_path / missing).unlink()
    with pytest.raises(BrokenModelError, match=str(tmp_path)):
        StaticEmbedder(tmp_path)


def test_files_of_two_models_are_told_apart(small: StaticEmbedder, tmp_path: Path) -> None:
    rows, scales = np.ones((3, 4), np.int8), np.ones(3, np.float32)
    save_file({"embeddings": rows, "weights": scales}, tmp_path / "model.safetensors")
    with pytest.raises(BrokenModelError, match="行数不同") as caught:
        StaticEmbedder(tmp_path)
    assert caught.value.folder == tmp_path


def test_tokens_know_where_they_stand() -> None:
    embedder = StaticEmbedder()
    text = "生成式ai, 77%的高管"
    ids, spans = embedder.token_spans(text)
    assert ids.tolist() == embedder.token_ids(text).tolist()
    assert [text[start:end] for start, end in spans] == embedder.tokens(text)
