"""Receives the events that an XQuery selects."""
from __future__ import annotations

import logging
import queue
import threading
import weakref
from types import TracebackType
from typing import Callable

from lxml.objectify import ObjectifiedElement

from clacks.common.amqp.endpoint import make_endpoint
from clacks.common.amqp.subscriber import Subscription
from clacks.common.amqp.url import DEFAULT_DOMAIN
from clacks.common.errors import ClientError
from clacks.common.event import ReceivedEvent

log = logging.getLogger("clacks")

TreeCallback = Callable[[ObjectifiedElement], object]
EventCallback = Callable[[ReceivedEvent], object]


class AMQPEventConsumer:
    """Receives events in the background and calls back for each.

        consumer = AMQPEventConsumer("amqps://admin:secret@localhost/org.clacks",
                                     xquery="./e:Event/e:PhoneStatus[e:Status = 'busy']",
                                     callback=lambda event: print(event.PhoneStatus.CallerId.text))
        consumer.join()

    `callback` gets the event as an lxml objectify tree, `on_event` as a ReceivedEvent with all that is known about
    it; give either or both. The agent evaluates the XQuery; "." selects every event. A domain other than the
    default goes before the one in the URL. `ca` names a PEM file of certificates to trust for amqps,
    `certificate` and `private_key` those to log in by, with a URL that names no user. `timeout` is in seconds, for
    connecting. With `must_connect_first` a first attempt that fails ends it. With `lenient` the agent takes an XQuery
    that no event can match, which it refuses otherwise: the event may still be to be installed.

    A lost connection is made anew after a random pause that grows to half a minute; events of the time between are
    lost. While a callback runs, events wait at the agent; when its queue is full the oldest are lost: `dropped`
    tells how many so far, and the log "clacks" of the standard library warns. That log also tells when the
    connection is lost, and what a callback raised; such an event is over, the next one comes.

    Any thread may use it. Callbacks come one at a time, on a thread of its own. It ends by close(), at the end of a
    `with` block, when it is deleted, at the end of the program, or when trying again cannot help: see join().
    """

    def __init__(self, url: str, domain: str = DEFAULT_DOMAIN, xquery: str = ".",
                 callback: TreeCallback | None = None, *, on_event: EventCallback | None = None,
                 ca: str | None = None, certificate: str | None = None, private_key: str | None = None,
                 timeout: float = 10.0, must_connect_first: bool = False, lenient: bool = False) -> None:
        """Raises ClientError for a URL, or a file of certificates, that can never work."""
        endpoint = make_endpoint(url, domain, ca, timeout, certificate, private_key)
        self._worker = _Worker(callback, on_event)
        self._worker.subscription = Subscription(endpoint, xquery, self._worker.events.put, self._worker.end,
                                                 must_connect_first, lenient)
        # The threads know the worker only, so that this object can be deleted while they run.
        self._finish = weakref.finalize(self, self._worker.close, 2.0)
        self._worker.start()

    @property
    def dropped(self) -> int:
        """Events lost so far because this consumer was too slow."""
        return self._worker.dropped

    def join(self, timeout: float | None = None) -> bool:
        """Waits for the end, or `timeout` seconds; whether it has ended.

        Raises the ClientError that ended it: the login or the subscription was refused, the peer did not confirm
        the filter and so might send everything, or with `must_connect_first` the first attempt failed.
        """
        if not self._worker.ended.wait(timeout):
            return False
        if self._worker.error is not None:
            raise self._worker.error
        return True

    def wait_until_subscribed(self, timeout: float | None = None) -> bool:
        """Waits until the filter is in force, so that no later event is missed. False when it is not in time, or
        the consumer has ended."""
        return self._worker.subscription.wait_until_subscribed(timeout)

    def close(self) -> None:
        """Ends the subscription. No callback runs after it returns, except the one that calls it."""
        self._worker.close(None)
        self._finish.detach()

    def __enter__(self) -> AMQPEventConsumer:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.close()


class _Worker:
    """The thread that calls back, and what it shares with the consumer."""

    subscription: Subscription

    def __init__(self, callback: TreeCallback | None, on_event: EventCallback | None) -> None:
        self.events: queue.SimpleQueue[ReceivedEvent | None] = queue.SimpleQueue()  # bounded by credit; None ends it
        self.dropped = 0
        self.error: ClientError | None = None
        self.ended = threading.Event()
        self._callback = callback
        self._on_event = on_event
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="clacks-callbacks", daemon=True)

    def start(self) -> None:
        self._thread.start()
        self.subscription.start()

    def end(self, error: ClientError | None) -> None:
        self.error = error
        self.events.put(None)

    def close(self, patience: float | None) -> None:
        self._closing = True
        self.subscription.close()
        # A callback cannot wait for itself.
        if threading.current_thread() not in (self._thread, self.subscription.thread):
            self.ended.wait(patience)

    def _run(self) -> None:
        while (event := self.events.get()) is not None:
            if self._closing:
                continue
            if event.dropped:
                self.dropped += event.dropped
                log.warning("%d events were lost here, as this program was too slow", event.dropped)
            self._call(event)
            self.subscription.consumed()
        self.ended.set()

    def _call(self, event: ReceivedEvent) -> None:
        try:
            if self._on_event is not None:
                self._on_event(event)
            if self._callback is not None:
                self._callback(event.tree)
        except Exception:
            log.exception("the callback failed at the event %s", event.id)
