"""What can go wrong between a program and its agent."""
from __future__ import annotations

from typing import Any


class ClientError(Exception):
    """A connection, subscription or message that failed.

    `code` is stable, one of: url, unreachable, login-refused, tls-untrusted, tls-failed, protocol, time-out,
    disconnected, address-unknown, access-refused, filter-refused, filter-unconfirmed, link-lost,
    event-rejected, message-rejected, message-unreadable, closed. `message` says what went wrong, `hint` what
    to do, where that is known. `permanent`: trying again cannot help.
    """

    def __init__(self, code: str, message: str, hint: str = "", permanent: bool = False) -> None:
        super().__init__(f"{message}; {hint}" if hint else message)
        self.code = code
        self.message = message
        self.hint = hint
        self.permanent = permanent


class JSONRPCException(Exception):
    """A command that failed.

    `code` and `message` are the agent's, `data` is what it adds, as {"line", "column", "path", "expected"} of
    an invalid event, else None. Code 0 means that no answer came, and `__cause__` is the ClientError that says
    why: not connected, time over, or the connection was lost, in which case the command may have run.
    """

    def __init__(self, code: int, message: str, data: Any = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.data = data


def one_line(text: object, limit: int = 1000) -> str:
    """A peer's text, fit for one line of a terminal."""
    line = "".join(c if c.isprintable() else " " for c in str(text))
    return line if len(line) <= limit else line[:limit] + "…"
