"""What the gate lets through, and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient

from assistant.settings import Settings
from tests.ui.conftest import PORTAL_PORT, Service
from tests.ui.scripted import ScriptedAssistant
from ui.server import create_app

_PORTAL = f"http://portal.test:{PORTAL_PORT}"
_ASKED = {"question": "多少？"}


@pytest.fixture
def http(service: Service) -> Iterator[httpx.Client]:
    """Give a client of the served application, as a program outside uses it."""
    with httpx.Client(base_url=service.url, trust_env=False) as client:
        yield client


@pytest.mark.parametrize("page", ["/ui", "/en"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/gradio_api/info"),
        ("GET", "/gradio_api/openapi.json"),
        ("GET", "/openapi.json"),
        ("GET", "/gradio_api/file=/etc/passwd"),
        ("GET", "/gradio_api/proxy=https://example.org"),
        ("GET", "/gradio_api/runs"),
        ("GET", "/gradio_api/app_id"),
        ("GET", "/monitoring"),
        ("GET", "/docs"),
        ("GET", "/assets/..%2fconfig"),
        ("POST", "/gradio_api/upload"),
        ("POST", "/gradio_api/component_server"),
        ("POST", "/gradio_api/call/ask"),
        ("POST", "/gradio_api/run/ask"),
        ("POST", "/gradio_api/api/ask"),
        ("POST", "/gradio_api/mcp/"),
        ("POST", "/login"),
    ],
)
def test_routes_of_gradio_that_the_page_does_not_need_are_shut(
    http: httpx.Client, page: str, method: str, path: str
) -> None:
    body = {"data": ["问题", []]} if method == "POST" else None
    assert http.request(method, page + path, json=body).status_code == 404


def test_no_private_function_answers_to_its_name(http: httpx.Client, service: Service) -> None:
    config = http.get("/ui/config").json()
    names = {d["api_name"] for d in config["dependencies"] if d["api_name"]}
    assert names
    for name in names:
        for way in ("call", "run", "api"):
            reply = http.post(f"/ui/gradio_api/{way}/{name}", json={"data": ["多少？", []]})
            assert reply.status_code == 404, (way, name)
        body = {"data": ["多少？", []], "api_name": name}
        reply = httpx.post(f"{service.url}/ui/gradio_api/run/predict", json=body, trust_env=False)
        assert reply.status_code != 200


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.test",
        "null",
        f"http://portal.test:{PORTAL_PORT}.evil.test",
        f"https://portal.test:{PORTAL_PORT}",
        "http://portal.test",
        f"http://sub.portal.test:{PORTAL_PORT}",
    ],
    ids=["foreign", "null", "begins-alike", "another-scheme", "another-port", "below-it"],
)
@pytest.mark.parametrize("path", ["/api/ask", "/ui/gradio_api/queue/join", "/ui/config"])
def test_an_origin_not_listed_gets_nothing_on_a_real_host_name(
    http: httpx.Client, service: Service, origin: str, path: str
) -> None:
    headers = {"Host": f"guide.test:{service.port}", "Origin": origin}
    method = "GET" if path.endswith("config") else "POST"
    for reply in (
        http.request(method, path, json=_ASKED, headers=headers),
        http.options(path, headers={**headers, "Access-Control-Request-Method": "POST"}),
    ):
        assert reply.status_code == 403
        assert "access-control-allow-origin" not in reply.headers


def test_a_listed_origin_reaches_the_api_but_not_the_page(
    http: httpx.Client, service: Service
) -> None:
    headers = {"Host": f"guide.test:{service.port}", "Origin": _PORTAL}
    asked = http.post("/api/ask", json=_ASKED, headers=headers)
    assert asked.status_code == 200
    assert asked.headers["access-control-allow-origin"] == _PORTAL
    assert "access-control-allow-credentials" not in asked.headers
    assert http.get("/ui/config", headers=headers).status_code == 403


def test_our_own_origin_is_always_allowed(http: httpx.Client, service: Service) -> None:
    name = f"guide.test:{service.port}"
    headers = {"Host": name, "Origin": f"http://{name}"}
    assert http.post("/api/ask", json=_ASKED, headers=headers).status_code == 200


def test_pages_say_who_may_frame_them(http: httpx.Client) -> None:
    embed = http.get("/embed").headers
    assert embed["content-security-policy"].endswith(f"frame-ancestors 'self' {_PORTAL}")
    assert "x-frame-options" not in embed
    for path in ("/ui/", "/widget-demo", "/login"):
        headers = http.get(path).headers
        assert headers["content-security-policy"].endswith("frame-ancestors 'self'")
        assert headers["x-frame-options"] == "SAMEORIGIN"


@pytest.mark.parametrize("path", ["/ui/", "/embed", "/api/chapters", "/widget.js", "/nowhere"])
def test_every_answer_carries_the_security_headers(http: httpx.Client, path: str) -> None:
    headers = http.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "default-src" in headers["content-security-policy"]
    assert "img-src https" not in headers["content-security-policy"]
    assert "server" not in headers


def app_client(scripted: ScriptedAssistant, folder: Path, **settings: object) -> TestClient:
    """Give a client of an application without gradio, with settings of its own."""
    app = create_app(
        scripted,
        Settings(_env_file=None, data_dir=folder, **settings),  # type: ignore[arg-type]
        with_pages=False,
    )
    return TestClient(app, base_url="http://127.0.0.1")


def test_asking_too_often_is_refused_with_the_time_to_wait(
    scripted: ScriptedAssistant, tmp_path: Path
) -> None:
    with app_client(scripted, tmp_path, asks_per_minute=2) as client:
        replies = [client.post("/api/ask", json=_ASKED) for _ in range(3)]
    assert [reply.status_code for reply in replies] == [200, 200, 429]
    assert "提问过于频繁" in replies[2].json()["detail"]
    assert 1 <= int(replies[2].headers["retry-after"]) <= 30


def test_the_english_page_is_refused_in_english(
    scripted: ScriptedAssistant, tmp_path: Path
) -> None:
    with app_client(scripted, tmp_path, asks_per_minute=1) as client:
        replies = [client.post("/en/gradio_api/queue/join", json={}) for _ in range(2)]
    assert replies[1].status_code == 429
    assert replies[1].json()["detail"] == "You are asking very often. Please wait a moment."


def test_on_loopback_a_foreign_host_name_is_refused(
    scripted: ScriptedAssistant, tmp_path: Path
) -> None:
    """A foreign name that leads to this machine is how a web site reads a local service."""
    with app_client(scripted, tmp_path) as client:
        headers = {"Host": "evil.test", "Origin": "http://evil.test"}
        assert client.post("/api/ask", json=_ASKED, headers=headers).status_code == 421
        assert client.get("/healthz", headers={"Host": "localhost:1"}).status_code == 200
    with app_client(scripted, tmp_path, public_url="https://guide.test") as client:
        headers = {"Host": "guide.test", "Origin": "https://guide.test"}
        assert client.post("/api/ask", json=_ASKED, headers=headers).status_code == 200


def test_the_log_holds_no_question_unless_asked_for(
    scripted: ScriptedAssistant, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from ui.logs import set_up_log

    for wanted in (False, True):
        set_up_log(as_json=True)
        with app_client(scripted, tmp_path, log_questions=wanted) as client:
            client.post("/api/ask", json={"question": "秘密的问题"})
        lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        answers = [line for line in lines if line["event"] == "answer"]
        assert [line["notes"] for line in answers] == [[43]]
        assert ("秘密的问题" in json.dumps(lines, ensure_ascii=False)) is wanted
        assert [line["path"] for line in lines if line["event"] == "request"] == ["/api/ask"]
