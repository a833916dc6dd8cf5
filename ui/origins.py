"""Which sites may ask: our own, and those that the operator lists, compared exactly."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ui.errors import OriginSettingError

if TYPE_CHECKING:
    from assistant.settings import Settings

_ORIGIN = re.compile(r"https?://(?:[a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[0-9a-f:]+\])(?::\d{1,5})?")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1", "[::1]"})


@dataclass(frozen=True, slots=True)
class Origins:
    """The sites that a service answers.

    Attributes
    ----------
    listed : frozenset of str
        Foreign origins, as a browser writes them: scheme, host, and port where it is not usual.
    public : str or None
        The service's own origin as the outside knows it.
    loopback_only : bool
        Whether only this machine reaches the service. Then only its own names count as hosts: a
        foreign name that leads here is an attack (DNS rebinding).
    """

    listed: frozenset[str]
    public: str | None
    loopback_only: bool

    def is_own(self, origin: str, *, scheme: str, host: str) -> bool:
        """Tell whether an origin is the service itself."""
        return origin in (f"{scheme}://{host}", self.public)

    def is_allowed(self, origin: str, *, scheme: str, host: str) -> bool:
        """Tell whether an origin is ours or on the list."""
        return self.is_own(origin, scheme=scheme, host=host) or origin in self.listed

    def knows_host(self, host: str) -> bool:
        """Tell whether a request may come under this host name."""
        if not self.loopback_only:
            return True
        name = urlsplit(f"//{host}").hostname or ""
        return name in _LOOPBACK or host == urlsplit(self.public or "").netloc


def is_loopback(host: str) -> bool:
    """Tell whether a host name is this machine's own."""
    return host in _LOOPBACK


def origins_of(settings: Settings) -> Origins:
    """Read the sites from the settings.

    Raises
    ------
    OriginSettingError
        If something on the list is no origin.
    """
    public = settings.public_url
    return Origins(
        listed=frozenset(_checked(settings.allowed_origins)),
        public=f"{urlsplit(public).scheme}://{urlsplit(public).netloc}" if public else None,
        loopback_only=is_loopback(settings.host),
    )


def _checked(origins: Iterable[str]) -> Iterable[str]:
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            raise OriginSettingError(origin)
        yield origin
