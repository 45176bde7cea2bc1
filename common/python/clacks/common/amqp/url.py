"""URLs of the form (amqp|amqps)://user:password@host:port/domain, with the password kept out of all that is shown."""
from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from clacks.common.errors import ClientError, one_line

DEFAULT_DOMAIN = "org.clacks"
FORM = "write amqp://user:password@host:port/domain"


@dataclass(frozen=True)
class Url:
    """`host` is without brackets for IPv6, `path` without its leading slash."""

    scheme: str
    user: str
    password: str = field(repr=False)
    host: str
    port: int
    path: str

    @property
    def tls(self) -> bool:
        return self.scheme == "amqps"

    @property
    def loopback(self) -> bool:
        return self.host in ("localhost", "::1") or self.host.startswith("127.")

    def __str__(self) -> str:
        user = f"{self.user}@" if self.user else ""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{user}{host}:{self.port}" + (f"/{self.path}" if self.path else "")


def _bad(message: str, hint: str = FORM) -> ClientError:
    return ClientError("url", message, hint, permanent=True)


def parse_url(text: str) -> Url:
    """Raises ClientError; a port that is left out is 5672, or 5671 with TLS."""
    if not isinstance(text, str):
        raise _bad(f"a URL must be a string, not {type(text).__name__}")
    scheme = text.partition("://")[0]
    if "://" not in text or scheme not in ("amqp", "amqps"):
        raise _bad("a URL must begin with amqp:// or amqps://")
    authority, _, path = text.partition("://")[2].partition("/")
    login, _, place = authority.rpartition("@")
    user, _, password = login.partition(":")
    try:  # of the host and port only: what urlsplit says would show the password
        parts = urlsplit(f"//{place}")
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise _bad(f"the host and port '{one_line(place, 200)}' cannot be read: {error}") from None
    if not host:
        raise _bad("a URL lacks its host", "write amqp://localhost/org.clacks")
    default = 5671 if scheme == "amqps" else 5672
    return Url(scheme, unquote(user), unquote(password), host, default if port is None else port, unquote(path))
