"""Embedders by name: the shipped one, sentence-transformers folders, endpoints, and refusals."""

import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from langchain_core.embeddings import Embeddings

from index.embedding import Embedder, EndpointEmbedder, TransformerEmbedder, embedder
from index.errors import EmbedderError, MissingPackageError, UnknownEmbedderError
from index.static import StaticEmbedder
from ingest.errors import BookError

WORDS = ["[UNK]", "问", "答", "老板", "投资", "query", "passage", ":"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a small sentence-transformers model that has a prompt for each kind of text."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace

    tokenizer = Tokenizer(WordLevel({word: at for at, word in enumerate(WORDS)}, "[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    weights = np.eye(len(WORDS), 8, dtype=np.float32)
    prompts = {"query": "query: ", "document": "passage: "}
    model = SentenceTransformer(
        modules=[StaticEmbedding(tokenizer, embedding_weights=weights)],
        prompts=prompts,
        device="cpu",
    )
    model.save(str(tmp_path / "small-model"), create_model_card=False)
    return tmp_path / "small-model"


def test_the_default_is_the_shipped_model() -> None:
    assert isinstance(embedder(), StaticEmbedder)
    assert embedder("default").id == StaticEmbedder().id


def test_a_folder_is_read_with_its_query_and_passage_prompts(folder: Path) -> None:
    """A model trained with prompts finds much less without them."""
    model = embedder(str(folder))
    assert isinstance(model, Embeddings)
    question, [passage] = model.embed_query("老板"), model.embed_documents(["老板"])
    third = 1 / 3**0.5
    assert question == pytest.approx([0, 0, 0, third, 0, third, 0, third])
    assert passage == pytest.approx([0, 0, 0, third, 0, 0, third, third])


def test_vectors_have_unit_length_whatever_the_model_gives(folder: Path) -> None:
    model = embedder(str(folder))
    vectors = np.array([*model.embed_documents(["老板 投资", "投资"]), model.embed_query("投资")])
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1)


def test_no_passages_give_no_vectors(folder: Path) -> None:
    assert embedder(str(folder)).embed_documents([]) == []


def test_every_embedder_has_an_id_fit_for_a_collection(folder: Path) -> None:
    named = [embedder(), embedder(str(folder)), embedder("openai:文本/Vec-3", key="k")]
    for one in named:
        assert isinstance(one, Embedder)
        assert re.fullmatch(r"[a-z0-9][a-z0-9-]{1,60}[a-z0-9]", one.id)
    assert len({one.id for one in named}) == 3


def test_the_id_of_a_folder_is_stable_and_follows_its_content(folder: Path) -> None:
    before = embedder(str(folder)).id
    assert embedder(str(folder)).id == before
    settings = folder / "config_sentence_transformers.json"
    content = json.loads(settings.read_text(encoding="utf-8"))
    content["prompts"]["query"] = "问: "
    settings.write_text(json.dumps(content), encoding="utf-8")
    assert embedder(str(folder)).id != before


def test_a_missing_model_is_told_with_the_offline_default(tmp_path: Path) -> None:
    name = str(tmp_path / "no-such-model")
    with pytest.raises(UnknownEmbedderError, match="GUIDE_EMBEDDER=default") as caught:
        embedder(name)
    assert caught.value.name == name
    assert isinstance(caught.value, EmbedderError)
    assert isinstance(caught.value, BookError)


@pytest.mark.parametrize(
    ("name", "module", "package"),
    [
        ("some-model", "sentence_transformers", "sentence-transformers"),
        ("openai:some-model", "langchain_openai", "langchain-openai"),
    ],
)
def test_a_missing_package_is_told_by_name(
    monkeypatch: pytest.MonkeyPatch, name: str, module: str, package: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingPackageError, match=f"pip install {package}"):
        embedder(name)


def test_an_endpoint_is_asked_for_text_in_order(endpoint: str) -> None:
    model = embedder("openai:vec", base_url=endpoint, key="secret")
    assert isinstance(model, EndpointEmbedder)
    assert model.embed_documents(["一", "三个字"]) == [[1.0, 0.5], [3.0, 0.5]]
    assert model.embed_query("两字") == [2.0, 0.5]


def test_an_endpoint_that_does_not_know_the_model_is_told_apart(endpoint: str) -> None:
    with pytest.raises(UnknownEmbedderError, match=r"openai:none.*default"):
        embedder("openai:none", base_url=endpoint, key="secret").embed_query("问")


def test_an_endpoint_without_a_key_is_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(UnknownEmbedderError, match="openai:vec"):
        embedder("openai:vec")


def test_the_default_imports_neither_torch_nor_a_client() -> None:
    code = (
        "import sys; from index.embedding import embedder; embedder().embed_query('老板'); "
        "sys.exit(any(name in sys.modules for name in "
        "('torch', 'sentence_transformers', 'langchain_openai', 'openai')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_kinds_of_embedder_are_told_by_name(folder: Path) -> None:
    assert isinstance(embedder(str(folder)), TransformerEmbedder)


class _Endpoint(BaseHTTPRequestHandler):
    """An OpenAI-compatible server whose vectors hold the length of the text."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        known = body["model"] == "vec"
        texts = body["input"] if isinstance(body["input"], list) else [body["input"]]
        data: list[dict[str, Any]] = [
            {"object": "embedding", "index": at, "embedding": [float(len(text)), 0.5]}
            for at, text in enumerate(texts)
        ]
        reply = {"object": "list", "model": "vec", "data": data, "usage": {}} if known else {}
        content = json.dumps(reply).encode()
        self.send_response(200 if known else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent."""


@pytest.fixture
def endpoint() -> Iterator[str]:
    """Serve on the loopback address for as long as a test runs."""
    server = HTTPServer(("127.0.0.1", 0), _Endpoint)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    server.server_close()
    thread.join()
