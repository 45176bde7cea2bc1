"""A connection with one receiver at the event address, and the thread that makes it anew when it is lost."""
from __future__ import annotations

import logging
import threading
from typing import Callable

import proton
from proton import Data, Delivery, Described, Link, Message, symbol, ulong

from clacks.common.errors import ClientError
from clacks.common.event import ReceivedEvent

from .backoff import Backoff
from .connection import Connection
from .endpoint import Endpoint
from .messages import event_of

log = logging.getLogger("clacks")

FILTER_SYMBOL = "apache.org:xquery-filter:string"
FILTER_CODE = 0x0000468C00000005
CREDIT = 1000  # as many events may be on their way or wait to be consumed


def _mismatch(confirmed: Data, asked: str) -> str:
    """What is wrong with the filter that the peer says is in force; "" for nothing."""
    confirmed.rewind()
    filters = confirmed.get_object() if confirmed.next() else None
    if not isinstance(filters, dict) or not filters:
        return "its answer names none"
    described = list(filters.values())[0]
    if len(filters) != 1 or not isinstance(described, Described) or \
            described.descriptor not in (FILTER_SYMBOL, FILTER_CODE) or described.value != asked:
        return "its answer names another"
    return ""


class Subscriber(Connection):
    """`subscribed` is called when the filter is in force, `received` for each event; both on its thread."""

    def __init__(self, endpoint: Endpoint, xquery: str, lenient: bool, subscribed: Callable[[], None],
                 received: Callable[[ReceivedEvent], None]) -> None:
        super().__init__(endpoint, f"{endpoint.domain}.event")
        self._xquery = xquery
        self._lenient = lenient
        self._subscribed = subscribed
        self._received = received
        self._receiver: proton.Receiver | None = None
        self._message = Message()

    def consumed(self, count: int) -> None:
        """So many events were consumed, so that as many more may come. Any thread."""
        self.post(lambda: self._receiver and self._receiver.flow(count))

    def on_open(self, session: proton.Session) -> None:
        receiver = session.receiver(self.address)
        receiver.source.address = self.address
        receiver.source.filter.put_object({symbol("xquery"): Described(symbol(FILTER_SYMBOL), self._xquery)})
        # Settled by the agent: an event that is lost with its connection is not sent again anyway.
        receiver.snd_settle_mode = Link.SND_SETTLED
        if self._lenient:
            receiver.properties = {symbol("lenient"): True}
        receiver.open()

    def on_link_open(self, link: Link) -> None:
        if why := _mismatch(link.remote_source.filter, self._xquery):
            return self.fail(ClientError(
                "filter-unconfirmed", f"{self.endpoint.url} did not confirm the filter: {why}; without it every "
                "event might come, so nothing is received",
                "is it a Clacks agent, or a broker that knows no XQuery filters?", permanent=True))
        self._receiver = link
        link.flow(CREDIT)  # credit, and with it the first event, only for the filter that was asked for
        self.ready()
        self._subscribed()

    def on_delivery(self, delivery: Delivery) -> None:
        if delivery.aborted:
            delivery.settle()
            return
        if not delivery.readable or delivery.partial or self._receiver is None:
            return
        self._message.decode(self._receiver.recv(delivery.pending) or b"")
        self._receiver.advance()
        delivery.settle()
        self._received(event_of(self._message))


class Subscription:
    """Keeps a Subscriber going until close(), or until trying again cannot help.

    `received` and `ended` are called on its thread; `ended` last, with the reason or None after close().
    """

    def __init__(self, endpoint: Endpoint, xquery: str, received: Callable[[ReceivedEvent], None],
                 ended: Callable[[ClientError | None], None], must_connect_first: bool = False,
                 lenient: bool = False) -> None:
        self.endpoint = endpoint
        self._xquery = xquery
        self._lenient = lenient
        self._received = received
        self._ended = ended
        self._give_up_at_first = must_connect_first
        self._lock = threading.Condition()
        self._closing = False
        self._current: Subscriber | None = None
        self._subscribed = False  # now
        self._was_subscribed = False  # in this attempt
        self._consumed = 0
        self.over = False
        self.thread = threading.Thread(target=self._run, name="clacks-subscription", daemon=True)

    def start(self) -> None:
        self.thread.start()

    def close(self) -> None:
        """Asks for the end. Any thread; does not wait."""
        with self._lock:
            self._closing = True
            if self._current is not None:
                self._current.close()
            self._lock.notify_all()

    def wait_until_subscribed(self, timeout: float | None) -> bool:
        with self._lock:
            self._lock.wait_for(lambda: self._subscribed or self.over, timeout)
            return self._subscribed

    def consumed(self) -> None:
        """One event was consumed. One thread at a time."""
        self._consumed += 1
        if self._consumed < CREDIT // 4:  # in batches, as each is a frame to the agent
            return
        with self._lock:
            if self._current is not None:
                self._current.consumed(self._consumed)
            self._consumed = 0

    def _run(self) -> None:
        error = None
        try:
            self._attempts()
        except ClientError as reason:
            error = reason
        with self._lock:
            self.over = True
            self._lock.notify_all()
        self._ended(error)

    def _attempts(self) -> None:
        backoff = Backoff()
        told = ""  # the state that the log knows
        while not self._closing:
            error = self._attempt()
            if error is None:
                return
            if error.permanent or (self._give_up_at_first and not self._was_subscribed):
                raise error
            if self._was_subscribed:
                backoff.reset()
                self._give_up_at_first = False
                log.warning("connection lost: %s; trying again", error.message)
            elif told != error.code:
                log.warning("not connected: %s; trying again", error.message)
            told = error.code
            with self._lock:
                self._lock.wait_for(lambda: self._closing, backoff.next())

    def _attempt(self) -> ClientError | None:
        subscriber = Subscriber(self.endpoint, self._xquery, self._lenient, self._in_force, self._received)
        with self._lock:
            self._current = subscriber
            self._was_subscribed = False
            self._consumed = 0
            if self._closing:
                subscriber.close()
        try:
            subscriber.run()
            return None
        except ClientError as error:
            return error
        finally:
            with self._lock:
                self._current = None
                self._subscribed = False

    def _in_force(self) -> None:
        log.info("subscribed at %s", self.endpoint.url)
        with self._lock:
            self._subscribed = self._was_subscribed = True
            self._lock.notify_all()
