"""Sends many events."""
from __future__ import annotations

import threading
import weakref
from concurrent.futures import Future
from types import TracebackType
from typing import Any, Mapping

from clacks.common.amqp.endpoint import make_endpoint
from clacks.common.amqp.messages import CONTENT_XML
from clacks.common.amqp.messenger import OnDemand
from clacks.common.amqp.url import DEFAULT_DOMAIN
from clacks.common.errors import ClientError
from clacks.common.event import document_of

WINDOW = 1000  # events that may be on their way


class Publisher:
    """Sends events on a link of its own, which is faster than AMQPServiceProxy.sendEvent; it is told whether each
    event was accepted, not how many subscriptions it matched.

        with Publisher("amqp://admin:secret@localhost/org.clacks") as publisher:
            publisher.publish(event)          # returns once the agent accepted it
            pending = publisher.send(event)   # a Future, for many at once

    An event is a string, bytes, or an lxml element as EventMaker makes it. Connects at the first event, and again at
    the first one after a loss. Any thread may use it.
    """

    def __init__(self, url: str, domain: str = DEFAULT_DOMAIN, *, ca: str | None = None,
                 certificate: str | None = None, private_key: str | None = None, timeout: float = 10.0) -> None:
        endpoint = make_endpoint(url, domain, ca, timeout, certificate, private_key)
        self._timeout = timeout
        self._messenger = OnDemand(endpoint, f"{endpoint.domain}.event", replies=False)
        self._window = threading.Condition()
        self._on_their_way = 0
        self._finish = weakref.finalize(self, self._messenger.close)

    def publish(self, event: object, properties: Mapping[str, Any] | None = None) -> None:
        """Returns once the agent accepted the event: valid, permitted, and in the queue of every subscription that
        matches. Raises ClientError; "event-rejected" says what was wrong and where. `properties` become the
        message's application-properties, which a filter sees as external variables."""
        future = self.send(event, properties)
        try:
            future.result(self._timeout)
        except TimeoutError:
            future.cancel()
            raise ClientError("time-out", f"time over while waiting for the answer at {self._messenger.endpoint.url}",
                              "is the agent busy?") from None

    def send(self, event: object, properties: Mapping[str, Any] | None = None) -> Future[bytes]:
        """The same without waiting for the answer, except while a thousand are on their way. The future ends with
        the acceptance or the ClientError. Raises ClientError where there is no connection."""
        document = document_of(event)
        messenger = self._messenger.ready()
        with self._window:
            self._window.wait_for(lambda: self._on_their_way < WINDOW)
            self._on_their_way += 1
        try:
            future = messenger.exchange(document, CONTENT_XML, properties)
        except BaseException:
            self._one_less()
            raise
        future.add_done_callback(self._settled)
        return future

    def _one_less(self) -> None:
        with self._window:
            self._on_their_way -= 1
            self._window.notify_all()

    def _settled(self, future: Future[bytes]) -> None:
        self._one_less()
        error = None if future.cancelled() else future.exception()
        if isinstance(error, ClientError) and error.code == "message-rejected":
            error.code = "event-rejected"

    def close(self) -> None:
        """Waits for what is on its way, for at most `timeout` seconds, and ends the connection."""
        with self._window:
            self._window.wait_for(lambda: self._on_their_way == 0, self._timeout)
        self._messenger.close()

    def __enter__(self) -> Publisher:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.close()
