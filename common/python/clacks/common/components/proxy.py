"""Calls an agent's commands by JSON-RPC 2.0."""
from __future__ import annotations

import json
import weakref
from concurrent.futures import Future
from types import TracebackType
from typing import Any

from lxml import etree

from clacks.common.amqp.endpoint import make_endpoint
from clacks.common.amqp.messages import CONTENT_JSON
from clacks.common.amqp.messenger import OnDemand
from clacks.common.amqp.url import DEFAULT_DOMAIN
from clacks.common.errors import ClientError, JSONRPCException
from clacks.common.event import document_of


class AMQPServiceProxy:
    """An agent's commands as methods, with positional or with keyword arguments.

        proxy = AMQPServiceProxy("amqp://admin:secret@localhost/org.clacks")
        proxy.sendEvent(event)          # {"id": …, "matched": 1}
        proxy.getSessionUser()          # "admin"

    Arguments are what JSON knows; an lxml element, or bytes as of etree.tostring(), is sent as a string. A command
    that fails raises JSONRPCException. `queue` and `node` choose who is asked, by default any agent's core commands.

    Connects at the first call, and again at the first call after a loss; a call whose connection is lost is not
    repeated. Any thread may call, several at once.
    """

    def __init__(self, url: str, domain: str = DEFAULT_DOMAIN, *, queue: str = "core", node: str = "",
                 ca: str | None = None,
                 certificate: str | None = None, private_key: str | None = None, timeout: float = 10.0) -> None:
        """Raises ClientError for a URL, or a file of certificates, that can never work."""
        endpoint = make_endpoint(url, domain, ca, timeout, certificate, private_key)
        address = f"{endpoint.domain}.command.{queue}" + (f".{node}" if node else "")
        self._timeout = timeout
        self._messenger = OnDemand(endpoint, address, replies=True)
        self._finish = weakref.finalize(self, self._messenger.close)

    def __getattr__(self, name: str) -> _Method:
        if name.startswith("_"):
            raise AttributeError(name)
        return _Method(self, name)

    def call(self, method: str, parameters: list[Any] | dict[str, Any]) -> Any:
        """The result of a command whose name is in a variable."""
        future: Future[bytes] | None = None
        try:
            future = self.start(method, parameters)
            return result_of(future.result(self._timeout))
        except TimeoutError:
            if future is not None:
                future.cancel()
            error = ClientError("time-out", f"time over while waiting for the answer at {self._messenger.endpoint.url}",
                                "is the agent busy?")
        except ClientError as reason:
            error = reason
        raise no_answer(error) from error

    def start(self, method: str, parameters: list[Any] | dict[str, Any]) -> Future[bytes]:
        """Sends the request only; result_of() reads what the future ends with."""
        request = {"jsonrpc": "2.0", "method": method, "params": parameters, "id": 1}
        text = json.dumps(request, default=_plain)
        return self._messenger.ready().exchange(text, CONTENT_JSON)

    def close(self) -> None:
        """Ends the connection."""
        self._messenger.close()

    def __enter__(self) -> AMQPServiceProxy:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.close()


class _Method:
    def __init__(self, proxy: AMQPServiceProxy, name: str) -> None:
        self._proxy = proxy
        self._name = name

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return self._proxy.call(self._name, parameters_of(self._name, arguments, named))

    def __repr__(self) -> str:
        return f"<command {self._name}>"


def parameters_of(name: str, arguments: tuple[Any, ...], named: dict[str, Any]) -> list[Any] | dict[str, Any]:
    """JSON-RPC knows a list or an object, and no mixture."""
    if arguments and named:
        raise TypeError(f"{name}() takes positional or keyword arguments, not both")
    return named or list(arguments)


def _plain(value: Any) -> str:
    if isinstance(value, (bytes, bytearray, etree._Element)):
        return document_of(value)
    raise TypeError(f"a {type(value).__name__} is nothing that JSON knows")


def no_answer(error: ClientError) -> JSONRPCException:
    """What a call raises, `from error`, when no answer came."""
    return JSONRPCException(0, str(error))


def result_of(text: bytes) -> Any:
    """The result in a response; raises JSONRPCException for an error."""
    try:
        answer = json.loads(text)
        if (error := answer.get("error")) is not None:
            raise JSONRPCException(int(error["code"]), str(error["message"]), error.get("data"))
        return answer["result"]
    except (ValueError, TypeError, KeyError, AttributeError):
        raise JSONRPCException(0, "the answer is no JSON-RPC 2.0 response; is the peer a Clacks agent?") from None
