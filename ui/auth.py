"""Who may come in: an optional login for people, keys for programs.

Nothing that opens a door is kept in the clear: the settings hold scrypt hashes of passwords and
SHA-256 hashes of keys, which are random and long enough for that.
"""

from __future__ import annotations

import asyncio
import base64
import hmac
import os
import re
import secrets
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import scrypt, sha256
from http.cookies import CookieError, SimpleCookie
from pathlib import Path

from anyio import to_thread

from ui.errors import UnauthorisedError, UserSettingError
from ui.origins import Origins
from ui.requests import Asked

COOKIE = "guide_session"
SESSION_SECONDS = 12 * 3600
_COST = 14  # log2 of scrypt's N: 16 MiB and some 50 ms (OWASP, 2024: N 2^14 with r 8, p 5)
_PARALLEL = 5
_FIRST_DELAY, _LONGEST_DELAY = 0.5, 8.0  # seconds
_MOST_CLIENTS = 10_000
_NEEDS_KEY = re.compile(r"/api/ask|/v1/.*")
_OPEN = ("/healthz", "/readyz", "/login", "/logout", "/favicon.ico", "/manifest.json", "/widget.js")


def hash_password(password: str) -> str:
    """Give the hash of a password for ``GUIDE_USERS``: ``scrypt.COST.SALT.HASH``."""
    salt = secrets.token_bytes(16)
    return f"scrypt.{_COST}.{_written(salt)}.{_written(_scrypt(password, salt, _COST))}"


def new_api_key() -> tuple[str, str]:
    """Make a key for a program, and its hash for ``GUIDE_API_KEYS``."""
    key = f"gk-{secrets.token_urlsafe(32)}"
    return key, hash_api_key(key)


def hash_api_key(key: str) -> str:
    """Give the hash of a key: ``sha256.HASH``."""
    return f"sha256.{sha256(key.encode()).hexdigest()}"


def matches(password: str, hashed: str) -> bool:
    """Tell whether a password has this hash, in a time that does not depend on the answer."""
    _, cost, salt, digest = hashed.split(".")
    return hmac.compare_digest(_scrypt(password, _read(salt), int(cost)), _read(digest))


@dataclass(frozen=True, slots=True)
class Sessions:
    """Signs and checks what a logged-in browser carries: who it is, until when."""

    secret: bytes
    clock: Callable[[], float] = time.time

    def sign(self, name: str) -> str:
        """Give the cookie of somebody who has just logged in."""
        text = f"{_written(name.encode())}.{int(self.clock()) + SESSION_SECONDS}"
        return f"{text}.{self._signature(text)}"

    def read(self, cookie: str) -> str | None:
        """Give the name in a cookie; None where it is not ours or its time is over."""
        text, _, signature = cookie.rpartition(".")
        if not hmac.compare_digest(self._signature(text).encode(), signature.encode()):
            return None
        name, _, until = text.partition(".")
        return _read(name).decode() if int(until) > self.clock() else None

    def _signature(self, text: str) -> str:
        return hmac.new(self.secret, text.encode(), sha256).hexdigest()


class Access:
    """Decides who may come in.

    Parameters
    ----------
    users : sequence of str
        ``name:hash``; where there are none the page needs no login.
    api_keys : sequence of str
        Hashes; where there are none, programs need no key.
    sessions : Sessions
    origins : Origins
        The sites whose pages may hold the widget.

    Raises
    ------
    UserSettingError
        If an entry is no hash made by this project.
    """

    def __init__(
        self,
        users: Sequence[str],
        api_keys: Sequence[str],
        *,
        sessions: Sessions,
        origins: Origins,
    ) -> None:
        self._users = dict(_user(entry, n) for n, entry in enumerate(users, 1))
        self._keys = tuple(_key(entry, n) for n, entry in enumerate(api_keys, 1))
        self._sessions = sessions
        self._origins = origins
        self._nobody = hash_password(secrets.token_hex()) if users else ""

    @property
    def has_login(self) -> bool:
        """Whether people have to log in."""
        return bool(self._users)

    def check(self, asked: Asked) -> None:
        """Let a request in.

        Raises
        ------
        UnauthorisedError
            If it needs a login or a key that it does not bring.
        """
        if asked.path in _OPEN or asked.path.startswith("/assets/") or asked.method == "OPTIONS":
            return
        if self._users and not (self._reader(asked) or self._program(asked)):
            raise UnauthorisedError
        if self._keys and _NEEDS_KEY.fullmatch(asked.path) and not self._may_ask(asked):
            raise UnauthorisedError

    async def log_in(self, name: str, password: str) -> str | None:
        """Give the cookie of somebody with the right password; None with a wrong one."""
        hashed = self._users.get(name)
        # An unknown name takes as long as a wrong password.
        right = await to_thread.run_sync(matches, password, hashed or self._nobody)
        return self._sessions.sign(name) if right and hashed else None

    def widget_pass(self, asked: Asked) -> str:
        """Give what the widget's page shows in the place of a key; empty where it gets none.

        Only a page framed by our own site or by a listed one gets a pass, and the pass ends with
        the session or when its site leaves the list. This holds for browsers. A program can say
        that it comes from any site: keys keep programs that play by the rules apart from each
        other, and only a login makes the service private.
        """
        site = asked.referring_origin
        return self._sessions.sign(site) if self._keys and self._frames(site, asked) else ""

    def _may_ask(self, asked: Asked) -> bool:
        site = self._sessions.read(asked.headers.get("x-widget-pass", ""))
        passed = site is not None and self._frames(site, asked)
        return passed or self._program(asked) or self._reader(asked)

    def _frames(self, site: str, asked: Asked) -> bool:
        return self._origins.is_allowed(site, scheme=asked.scheme, host=asked.host)

    def _reader(self, asked: Asked) -> bool:
        try:
            cookie = SimpleCookie(asked.headers.get("cookie", "")).get(COOKIE)
        except CookieError:
            return False
        name = self._sessions.read(cookie.value) if cookie else None
        return bool(name) and name in self._users

    def _program(self, asked: Asked) -> bool:
        scheme, _, key = asked.headers.get("authorization", "").partition(" ")
        hashed = hash_api_key(key.strip())
        found = [hmac.compare_digest(hashed, known) for known in self._keys]
        return scheme.lower() == "bearer" and any(found)


@dataclass(slots=True)
class Attempt:
    """One try at logging in."""

    succeeded: bool = False


@dataclass(slots=True)
class _Client:
    failures: int = 0  # in a row
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class Delay:
    """Makes a client wait longer with each wrong password in a row, one try at a time.

    Parameters
    ----------
    sleep : callable
        Waits for some seconds.
    """

    def __init__(self, *, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._sleep = sleep
        self._clients: OrderedDict[str, _Client] = OrderedDict()

    @asynccontextmanager
    async def turn(self, address: str) -> AsyncIterator[Attempt]:
        """Wait as long as the client's failures ask for; then it may try once."""
        client = self._clients.setdefault(address, _Client())
        self._clients.move_to_end(address)
        if len(self._clients) > _MOST_CLIENTS:
            self._clients.popitem(last=False)
        async with client.turn:
            if client.failures:
                await self._sleep(min(_FIRST_DELAY * 2 ** (client.failures - 1), _LONGEST_DELAY))
            attempt = Attempt()
            yield attempt
            client.failures = 0 if attempt.succeeded else client.failures + 1


def stored_secret(folder: Path) -> bytes:
    """Give the secret that signs sessions, made once for a data folder."""
    path = folder / "session-secret"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(32))
    return path.read_bytes()


def _user(entry: str, number: int) -> tuple[str, str]:
    name, _, hashed = entry.partition(":")
    parts = hashed.split(".")
    if not name or len(parts) != 4 or parts[0] != "scrypt" or not parts[1].isdecimal():
        raise UserSettingError("GUIDE_USERS", number)
    return name, hashed


def _key(entry: str, number: int) -> str:
    if not entry.startswith("sha256.") or len(entry) != len("sha256.") + 64:
        raise UserSettingError("GUIDE_API_KEYS", number)
    return entry


def _scrypt(password: str, salt: bytes, cost: int) -> bytes:
    return scrypt(password.encode(), salt=salt, n=2**cost, r=8, p=_PARALLEL, dklen=32, maxmem=2**26)


def _written(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _read(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
