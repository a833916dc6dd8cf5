"""Login for people, keys for programs."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.ui.conftest import run_async
from tests.ui.scripted import ScriptedAssistant
from tests.ui.test_gate import app_client
from ui.auth import (
    COOKIE,
    SESSION_SECONDS,
    Delay,
    Sessions,
    hash_api_key,
    hash_password,
    matches,
    new_api_key,
    stored_secret,
)
from ui.errors import OriginSettingError, UserSettingError

_ASKED = {"question": "多少？"}
_HASH = hash_password("长安 Pass:1")
_KEY, _KEY_HASH = new_api_key()
_FORM = {"name": "anna", "password": "长安 Pass:1"}


@pytest.fixture
def guarded(scripted: ScriptedAssistant, tmp_path: Path) -> TestClient:
    """Give a client of an application with one user and one key."""
    return app_client(scripted, tmp_path, users=(f"anna:{_HASH}",), api_keys=(_KEY_HASH,))


def test_a_hash_matches_its_password_alone() -> None:
    assert matches("长安 Pass:1", _HASH)
    assert not matches("长安 Pass:2", _HASH)
    assert hash_password("长安 Pass:1") != _HASH  # salted
    assert "长安" not in _HASH


@pytest.mark.parametrize("path", ["/", "/ui/", "/embed"])
def test_a_page_leads_to_the_login(guarded: TestClient, path: str) -> None:
    reply = guarded.get(path, headers={"Accept": "text/html"}, follow_redirects=False)
    assert reply.status_code == 303
    assert reply.headers["location"].endswith("login")


@pytest.mark.parametrize("path", ["/api/chapters", "/api/notes/1", "/ui/config", "/metrics"])
def test_nothing_else_opens_without_login(guarded: TestClient, path: str) -> None:
    reply = guarded.get(path)
    assert reply.status_code == 401
    assert "登录" in reply.json()["detail"]


def test_the_right_password_opens_and_logging_out_shuts(guarded: TestClient) -> None:
    reply = guarded.post("/login", data=_FORM, follow_redirects=False)
    assert reply.status_code == 303
    cookie = reply.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert guarded.get("/api/chapters").status_code == 200
    assert guarded.post("/api/ask", json=_ASKED).status_code == 200
    guarded.get("/logout")
    assert guarded.get("/api/chapters").status_code == 401


@pytest.mark.parametrize(
    "form",
    [
        pytest.param({**_FORM, "password": "x"}, id="wrong-password"),
        pytest.param({**_FORM, "name": "bob"}, id="unknown-name"),
        pytest.param({}, id="empty"),
    ],
)
def test_anything_else_does_not(guarded: TestClient, form: dict[str, str]) -> None:
    reply = guarded.post("/login", data=form)
    assert reply.status_code == 401
    assert "不对" in reply.text
    assert COOKIE not in reply.cookies


def test_each_failure_makes_the_next_try_wait_longer() -> None:
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    async def fail(delay: Delay, *outcomes: bool) -> None:
        for outcome in outcomes:
            async with delay.turn("client") as attempt:
                attempt.succeeded = outcome

    run_async(fail(Delay(sleep=sleep), False, False, False, *[False] * 4, True, False))
    assert waited == [0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0]


def test_a_key_opens_the_api_and_nothing_like_it_does(guarded: TestClient) -> None:
    def status(authorization: str) -> int:
        headers = {"Authorization": authorization}
        return guarded.post("/api/ask", json=_ASKED, headers=headers).status_code

    assert status(f"Bearer {_KEY}") == 200
    for wrong in (f"Bearer {_KEY}x", f"Basic {_KEY}", f"Bearer {_KEY_HASH}", "Bearer", ""):
        assert status(wrong) == 401


_PORTAL = "https://portal.example"


def _pass(client: TestClient, **headers: str) -> str:
    page = client.get("/embed", headers=headers).text
    return page.partition('name="pass" content="')[2].partition('"')[0]


@pytest.mark.parametrize("site", [_PORTAL, "http://127.0.0.1"])
def test_with_keys_the_widget_asks_from_a_listed_site_and_ours(
    scripted: ScriptedAssistant, tmp_path: Path, site: str
) -> None:
    settings = {"api_keys": (_KEY_HASH,), "allowed_origins": (_PORTAL,)}
    with app_client(scripted, tmp_path, **settings) as client:
        assert client.post("/api/ask", json=_ASKED).status_code == 401
        given = _pass(client, Referer=f"{site}/")
        headers = {"X-Widget-Pass": given}
        assert client.post("/api/ask", json=_ASKED, headers=headers).status_code == 200
        for forged in (given[:-1], f"{given}0", "..", ".1.", "a.b.c", "ä"):
            spoilt = {"X-Widget-Pass": forged.encode()}
            assert client.post("/api/ask", json=_ASKED, headers=spoilt).status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="opened-by-itself"),
        pytest.param({"Referer": "https://evil.example/"}, id="a-site-not-listed"),
        pytest.param({"Referer": f"{_PORTAL}.evil.example/"}, id="a-name-that-begins-alike"),
        pytest.param({"Referer": "http://portal.example/"}, id="another-scheme"),
        pytest.param({"Referer": "about:blank"}, id="no-site"),
    ],
)
def test_nobody_else_gets_a_pass_for_the_widget(
    scripted: ScriptedAssistant, tmp_path: Path, headers: dict[str, str]
) -> None:
    settings = {"api_keys": (_KEY_HASH,), "allowed_origins": (_PORTAL,)}
    with app_client(scripted, tmp_path, **settings) as client:
        assert _pass(client, **headers) == ""
        spoilt = {"X-Widget-Pass": ""}
        assert client.post("/api/ask", json=_ASKED, headers=spoilt).status_code == 401


def test_a_pass_ends_when_its_site_leaves_the_list(
    scripted: ScriptedAssistant, tmp_path: Path
) -> None:
    keys = (_KEY_HASH,)
    with app_client(scripted, tmp_path, api_keys=keys, allowed_origins=(_PORTAL,)) as client:
        headers = {"X-Widget-Pass": _pass(client, Referer=f"{_PORTAL}/")}
    with app_client(scripted, tmp_path, api_keys=keys) as client:
        assert client.post("/api/ask", json=_ASKED, headers=headers).status_code == 401


def test_a_login_is_no_pass_and_a_pass_no_login(
    scripted: ScriptedAssistant, tmp_path: Path
) -> None:
    sessions = Sessions(stored_secret(tmp_path))
    users, keys = (f"anna:{_HASH}",), (_KEY_HASH,)
    with app_client(scripted, tmp_path, users=users, api_keys=keys) as client:
        headers = {"X-Widget-Pass": sessions.sign("anna")}
        assert client.post("/api/ask", json=_ASKED, headers=headers).status_code == 401
        client.cookies.set(COOKIE, sessions.sign("http://127.0.0.1"))
        assert client.get("/api/chapters").status_code == 401


def test_without_keys_nobody_needs_a_pass(scripted: ScriptedAssistant, tmp_path: Path) -> None:
    with app_client(scripted, tmp_path, allowed_origins=(_PORTAL,)) as client:
        assert _pass(client, Referer=f"{_PORTAL}/") == ""
        assert client.post("/api/ask", json=_ASKED).status_code == 200


def test_a_session_ends_and_cannot_be_forged() -> None:
    now = 1_000_000.0
    sessions = Sessions(b"secret", clock=lambda: now)
    cookie = sessions.sign("anna")
    assert sessions.read(cookie) == "anna"
    assert Sessions(b"other", clock=lambda: now).read(cookie) is None
    assert Sessions(b"secret", clock=lambda: now + SESSION_SECONDS).read(cookie) is None
    name, until, signature = cookie.split(".")
    assert sessions.read(f"{name}.{int(until) + 1}.{signature}") is None
    assert sessions.read("") is None


def test_a_user_who_was_removed_is_out(scripted: ScriptedAssistant, tmp_path: Path) -> None:
    cookie = Sessions(stored_secret(tmp_path)).sign("bob")
    with app_client(scripted, tmp_path, users=(f"anna:{_HASH}",)) as client:
        client.cookies.set(COOKIE, cookie)
        assert client.get("/api/chapters").status_code == 401


def test_the_secret_is_kept_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    secret = stored_secret(tmp_path)
    assert len(secret) == 32
    assert stored_secret(tmp_path) == secret
    assert (tmp_path / "session-secret").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param("anna", id="no-hash"),
        pytest.param("anna:secret", id="in-the-clear"),
        pytest.param(f":{_HASH}", id="no-name"),
        pytest.param("anna:scrypt.x.y.z", id="no-such-hash"),
    ],
)
def test_a_password_in_the_clear_is_no_setting(
    scripted: ScriptedAssistant, tmp_path: Path, entry: str
) -> None:
    with pytest.raises(UserSettingError, match="GUIDE_USERS：第 2 项") as raised:
        app_client(scripted, tmp_path, users=(f"bob:{_HASH}", entry))
    assert "secret" not in str(raised.value)


def test_a_key_in_the_clear_is_no_setting(scripted: ScriptedAssistant, tmp_path: Path) -> None:
    with pytest.raises(UserSettingError, match=r"GUIDE_API_KEYS：第 1 项.*guide key"):
        app_client(scripted, tmp_path, api_keys=(_KEY,))
    assert hash_api_key(_KEY) == _KEY_HASH


@pytest.mark.parametrize(
    "origin",
    ["*", "https://*.example.com", "https://a.example/", "portal.test", "https://a b", "null"],
)
def test_only_exact_origins_can_be_listed(
    scripted: ScriptedAssistant, tmp_path: Path, origin: str
) -> None:
    with pytest.raises(OriginSettingError, match="GUIDE_ALLOWED_ORIGINS"):
        app_client(scripted, tmp_path, allowed_origins=(origin,))
