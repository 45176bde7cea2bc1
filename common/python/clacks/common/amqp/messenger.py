"""A connection that sends messages and learns what became of each: a reply, or the agent's acceptance."""
from __future__ import annotations

import itertools
import threading
import time
from collections import deque
from concurrent.futures import Future
from typing import Any, Callable, Mapping

import proton
from proton import Delivery, Link, Message

from clacks.common.errors import ClientError, one_line

from .connection import Connection
from .endpoint import Endpoint
from .messages import body_of, encode


MANY = 16  # on their way: no caller waits for each of them


class Messenger(Connection):
    """With `replies`, an exchange ends with the reply's body, else with b"" once the agent accepted the message."""

    def __init__(self, endpoint: Endpoint, address: str, replies: bool) -> None:
        super().__init__(endpoint, address)
        self._replies = replies
        self._sender: proton.Sender | None = None
        self._reply_to = ""
        self._numbers = itertools.count(1)
        self._outbox: deque[tuple[int, bytes]] = deque()  # waits for credit
        self._waiting: dict[int, Future[bytes]] = {}

    # --- any thread, after wait_ready()

    def exchange(self, body: str, content_type: str, properties: Mapping[str, Any] | None = None) -> Future[bytes]:
        """Sends without waiting. The future's error is a ClientError."""
        number = next(self._numbers)
        fields: dict[str, Any] = {"id": str(number)}
        if self._replies:
            fields.update(reply_to=self._reply_to, correlation_id=str(number))
        encoded = encode(body, content_type, properties, **fields)
        future: Future[bytes] = Future()
        future.add_done_callback(lambda _: self._waiting.pop(number, None))  # cancelled: nobody waits any more
        self._waiting[number] = future
        self._outbox.append((number, encoded))
        if not self.wake():
            self._resolve(number, self._reason())
        return future

    # --- the connection's thread

    def on_open(self, session: proton.Session) -> None:
        sender = session.sender(self.address)
        sender.target.address = self.address
        sender.open()
        if self._replies:
            receiver = session.receiver("replies")
            receiver.source.dynamic = True
            receiver.open()

    def on_link_open(self, link: Link) -> None:
        if link.is_sender:
            self._sender = link
        else:
            self._reply_to = link.remote_source.address
            link.flow(100)
        if self._sender is not None and (self._reply_to or not self._replies):
            self.ready()

    def on_wake(self) -> None:
        self._pump()

    def busy(self) -> bool:
        return len(self._waiting) > MANY

    def on_credit(self, link: Link) -> None:
        if link.is_sender:
            self._pump()

    def _pump(self) -> None:
        while self._outbox and self._sender is not None and self._sender.credit > 0:
            number, encoded = self._outbox.popleft()
            delivery = self._sender.delivery(str(number))
            self._sender.stream(encoded)
            self._sender.advance()
            delivery.number = number

    def on_delivery(self, delivery: Delivery) -> None:
        if self._replies and delivery.link.is_receiver:
            return self._take_reply(delivery)
        state = delivery.remote_state
        if state == Delivery.ACCEPTED and not self._replies:
            self._resolve(delivery.number, b"")
        elif state == Delivery.REJECTED:
            condition = delivery.remote.condition
            why = (condition.description or condition.name) if condition else "no reason given"
            self._resolve(delivery.number, ClientError("message-rejected", one_line(why, 2000)))
        elif state in (Delivery.RELEASED, Delivery.MODIFIED):
            self._resolve(delivery.number, ClientError(
                "message-rejected", f"{self.endpoint.url} does not take the message now", "try again later"))
        if delivery.settled:
            delivery.settle()

    def _take_reply(self, delivery: Delivery) -> None:
        if not delivery.readable or delivery.partial:
            return
        link = delivery.link
        message = Message()
        message.decode(link.recv(delivery.pending) or b"")
        link.advance()
        delivery.update(Delivery.ACCEPTED)
        delivery.settle()
        link.flow(1)
        try:
            number = int(message.correlation_id)
            self._resolve(number, body_of(message))
        except (TypeError, ValueError):
            pass  # no answer to anything that was asked
        except ClientError as error:
            self._resolve(number, error)

    def _resolve(self, number: int, outcome: bytes | ClientError) -> None:
        future = self._waiting.pop(number, None)
        if future is None or not future.set_running_or_notify_cancel():
            return
        if isinstance(outcome, ClientError):
            future.set_exception(outcome)
        else:
            future.set_result(outcome)

    def on_over(self, error: ClientError) -> None:
        for number in list(self._waiting):
            self._resolve(number, error)


class OnDemand:
    """A Messenger that is there at the first use, and again at the first use after a loss. Any thread."""

    def __init__(self, endpoint: Endpoint, address: str, replies: bool) -> None:
        self.endpoint = endpoint
        self._make: Callable[[], Messenger] = lambda: Messenger(endpoint, address, replies)
        self._lock = threading.Lock()
        self._messenger: Messenger | None = None
        self._thread: threading.Thread | None = None

    def ready(self) -> Messenger:
        """Raises ClientError when there is no connection within the time-out."""
        with self._lock:
            if self._messenger is None or self._messenger.over:
                self._messenger = self._make()
                self._thread = threading.Thread(target=_run, args=(self._messenger,), name="clacks-messenger",
                                                daemon=True)
                self._thread.start()
            messenger = self._messenger
        messenger.wait_ready(time.monotonic() + self.endpoint.timeout)
        return messenger

    def close(self) -> None:
        """Ends the connection; what waits for an answer fails. A later use connects again."""
        with self._lock:
            messenger, thread = self._messenger, self._thread
            self._messenger = self._thread = None
        if messenger is not None:
            messenger.close()
        if thread is not None and thread is not threading.current_thread():
            thread.join(self.endpoint.timeout)


def _run(messenger: Messenger) -> None:
    try:
        messenger.run()
    except ClientError:
        pass  # whoever waits is told
