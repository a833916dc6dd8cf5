"""The API over HTTP, on an assistant that answers by script."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from assistant.answer import Answer
from assistant.settings import Settings
from ingest.document import Book
from tests.ui.scripted import FIGURES, ScriptedAssistant
from ui.feedback import FeedbackStore
from ui.server import create_app

_QUESTION = {"question": "多少受访 CEO 把数据的来源看作障碍？"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Give settings with a data folder of the test's own."""
    return Settings(_env_file=None, data_dir=tmp_path, asks_per_minute=1000)


@pytest.fixture
def client(scripted: ScriptedAssistant, settings: Settings) -> Iterator[TestClient]:
    """Give a client of an application without gradio's pages."""
    app = create_app(scripted, settings, with_pages=False)
    with TestClient(app, base_url="http://127.0.0.1") as client:
        yield client


def test_an_answer_comes_as_the_contract(client: TestClient) -> None:
    reply = client.post("/api/ask", json=_QUESTION)
    answer = Answer.model_validate(reply.json())
    assert reply.status_code == 200
    assert answer.answered
    assert "[第4章·注43]" in answer.answer
    assert answer.citations[0].passage_id == FIGURES
    assert answer.id


def test_an_id_given_comes_back(client: TestClient) -> None:
    assert client.post("/api/ask", json={**_QUESTION, "id": 7}).json()["id"] == 7


def events(text: str) -> list[tuple[str, dict[str, object]]]:
    """Read server-sent events."""
    blocks = [block.split("\n") for block in text.strip().split("\n\n")]
    return [(b[0].removeprefix("event: "), json.loads(b[1].removeprefix("data: "))) for b in blocks]


def test_a_stream_grows_to_the_same_answer(client: TestClient) -> None:
    with client.stream(
        "POST",
        "/api/ask",
        json={"question": "怎样做好数据治理？"},
        headers={"Accept": "text/event-stream"},
    ) as reply:
        assert reply.headers["content-type"].startswith("text/event-stream")
        said = events("".join(reply.iter_text()))
    names = [name for name, _ in said]
    assert names[:2] == ["retrieval", "retrieval"]
    assert names[-1] == "done"
    assert names.count("citation") == 3
    text = "".join(str(data["text"]) for name, data in said if name == "sentence")
    assert text == said[-1][1]["answer"]


def test_chapters_have_three_topics_and_their_figures(client: TestClient, book: Book) -> None:
    listed = client.get("/api/chapters").json()
    assert [chapter["number"] for chapter in listed] == [*range(1, 13)]
    assert sorted({note for c in listed for note in c["notes"]}) == [*range(5, 136)]
    for chapter in listed:
        described = client.get(f"/api/chapters/{chapter['number']}").json()
        assert [topic["number"] for topic in described["topics"]] == [1, 2, 3]
        for topic in described["topics"]:
            assert topic["know"]
            assert topic["act"]
            assert topic["actions"]
            for figure in topic["figures"]:
                text = book.passages_by_id[figure["passage_id"]].text
                assert text[figure["start"] : figure["end"]] == figure["sentence"]
                assert figure["figure"] in figure["sentence"]


def test_every_note_has_its_source_and_references(client: TestClient) -> None:
    for number in range(1, 136):
        note = client.get(f"/api/notes/{number}").json()
        assert "Ibid" not in note["text"]
        assert note["passages"], number
        assert note["reference"]["plain"].endswith("。")
        assert re.search(r"\[(?:R|J|N|EB|DS)(?:/OL)?\]", note["reference"]["gbt7714"])


def test_a_passage_comes_with_place_notes_and_reference(client: TestClient) -> None:
    passage = client.get(f"/api/passages/{FIGURES}").json()
    assert passage["division"] == "第 4 章 平台、数据和治理"
    assert passage["pages"] == [41, 50]
    assert [note["number"] for note in passage["notes"]] == [43]
    assert "41-50" in passage["reference"]["gbt7714"]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        pytest.param("/api/chapters/13", "本书没有第 13 章", id="chapter"),
        pytest.param("/api/notes/136", "本书没有注 136", id="note"),
        pytest.param("/api/passages/ch99", "本书没有这一段", id="passage"),
    ],
)
def test_what_the_book_does_not_hold_is_not_found(client: TestClient, path: str, said: str) -> None:
    reply = client.get(path)
    assert reply.status_code == 404
    assert said in reply.json()["detail"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        pytest.param({"question": "长" * 501}, "太长了", id="too-long"),
        pytest.param({"question": "  "}, "不合要求", id="blank"),
        pytest.param({}, "缺少内容", id="missing"),
    ],
)
def test_a_question_out_of_bounds_is_refused_in_chinese(
    client: TestClient, body: dict[str, str], said: str
) -> None:
    reply = client.post("/api/ask", json=body)
    assert reply.status_code == 422
    assert said in reply.json()["detail"]


def test_a_large_body_is_refused_unread(client: TestClient) -> None:
    body = json.dumps({"question": "短", "history": [{"role": "user", "content": "长" * 70_000}]})
    headers = {"Content-Type": "application/json"}
    whole = client.post("/api/ask", content=body, headers=headers)
    parts = client.post("/api/ask", content=iter([body.encode()] * 3), headers=headers)
    assert (whole.status_code, parts.status_code) == (413, 413)
    assert "太大" in whole.json()["detail"]


def test_only_json_is_taken(client: TestClient) -> None:
    reply = client.post(
        "/api/ask", content='{"question": "?"}', headers={"Content-Type": "text/plain"}
    )
    assert reply.status_code == 415


def test_feedback_is_kept_once_per_reader(client: TestClient, settings: Settings) -> None:
    said = {"answer_id": "a", "session_id": "s", "rating": "helpful"}
    assert client.post("/api/feedback", json=said).status_code == 204
    client.post("/api/feedback", json={**said, "rating": "unhelpful", "comment": "不对"})
    client.post("/api/feedback", json={**said, "session_id": "t"})
    kept = {(f.session_id, f.rating, f.comment) for f in FeedbackStore(settings.data_dir).list()}
    assert kept == {("s", "unhelpful", "不对"), ("t", "helpful", "")}


def test_metrics_count_answers_refusals_and_time(client: TestClient) -> None:
    client.post("/api/ask", json=_QUESTION)
    client.post("/api/ask", json={"question": "天气"})
    text = client.get("/metrics").text
    assert "guide_answers_total 2.0" in text
    assert "guide_refusals_total 1.0" in text
    assert "guide_unsupported_sentences_total 0.0" in text
    assert 'guide_step_seconds_count{step="retrieve"} 2.0' in text
    assert 'guide_requests_total{route="/api/ask",status="200"} 2.0' in text


def test_counters_do_not_grow_with_made_up_paths(client: TestClient) -> None:
    for path in ("/a1", "/b2", "/api/c3"):
        client.get(path)
    assert 'guide_requests_total{route="other",status="404"} 3.0' in client.get("/metrics").text


def test_it_is_healthy_and_ready(client: TestClient) -> None:
    assert client.get("/healthz").text == client.get("/readyz").text == "ok"


def test_the_description_has_examples(client: TestClient) -> None:
    schema = client.get("/openapi.json").json()
    for path in ("/api/ask", "/api/feedback"):
        body = schema["paths"][path]["post"]["requestBody"]["content"]["application/json"]
        assert body["example"]
    assert "text/event-stream" in schema["paths"]["/api/ask"]["post"]["responses"]["200"]["content"]
    assert {"429", "503"} <= schema["paths"]["/api/ask"]["post"]["responses"].keys()
