"""One AMQP connection on proton's protocol engine, driven by the thread that calls run().

proton's own Container is left out: it cannot be woken or ended by another thread, and its loop in Python costs
several times what the protocol does.
"""
from __future__ import annotations

import os
import select
import socket
import threading
import time
import uuid
from collections import deque
from typing import Any, Callable

import proton
from cproton import pn_collector_peek, pn_collector_pop, pn_event_delivery, pn_event_link, pn_event_session, \
    pn_event_type
from proton import Collector, Delivery, Endpoint as ProtonEndpoint, Event, Link, Session, Terminus, Transport

from clacks.common.errors import ClientError, one_line

from .endpoint import Endpoint, set_up, start_tls
from .failure import connection_failure, link_failure, time_out, unreachable

GATHER = 0.0002  # seconds; a busy connection pauses so long, so as not to change threads for each message
FAREWELL = 1.0  # seconds for the peer's answer to a close; then the socket is closed anyway


class Connection:
    """A connection with links that a subclass opens in `on_open`.

    run(), and every `on_…` method, belong to one thread; post(), close(), wait_ready() and `error` to any.
    """

    def __init__(self, endpoint: Endpoint, address: str) -> None:
        self.endpoint = endpoint
        self.address = address
        self.error: ClientError | None = None
        self._lock = threading.Condition()
        self._jobs: deque[Callable[[], None]] = deque()
        self._awake = False  # a wake-up is on its way
        self._closing = False
        self._ready = False
        self._over = False
        self._wake_read, self._wake_write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._engine = proton.Connection()
        self._collector = Collector()
        self._engine.collect(self._collector)
        self._transport: Transport | None = None
        self._farewell: float | None = None

    # --- for subclasses

    def on_open(self, session: proton.Session) -> None:
        """The connection is made: open the links."""

    def on_link_open(self, link: Link) -> None:
        """The peer opened a link of ours, and did not refuse it."""

    def on_delivery(self, delivery: Delivery) -> None:
        """A delivery is there to be read, or one of ours changed."""

    def on_credit(self, link: Link) -> None:
        """More can be sent on the link."""

    def on_wake(self) -> None:
        """After wake(), and at other times."""

    def busy(self) -> bool:
        """So much is under way that it pays to let some of it gather before the next look at it."""
        return False

    def on_over(self, error: ClientError) -> None:
        """The last call: nothing is sent or received any more."""

    def ready(self) -> None:
        """To be called once all that was opened is there."""
        with self._lock:
            self._ready = True
            self._lock.notify_all()

    def fail(self, error: ClientError) -> None:
        """Ends the connection; the first reason counts."""
        self.error = self.error or error
        self._say_farewell()

    # --- for any thread

    def post(self, job: Callable[[], None]) -> bool:
        """Runs the job on the connection's thread. False when the connection is over; then it never runs."""
        with self._lock:
            if self._over:
                return False
            self._jobs.append(job)
            self._wake()
            return True

    def wake(self) -> bool:
        """Has on_wake() called on the connection's thread. False when the connection is over."""
        if self._awake and not self._over:  # it has yet to look, and will see what is there now
            return True
        with self._lock:
            if self._over:
                return False
            self._wake()
            return True

    def close(self) -> None:
        """Asks for an orderly end, which run() then comes to within a second or so."""
        with self._lock:
            self._closing = True
            if not self._over:
                self._wake()

    def wait_ready(self, deadline: float) -> None:
        """Raises ClientError when the connection ended, or is not ready by the deadline (time.monotonic)."""
        with self._lock:
            self._lock.wait_for(lambda: self._ready or self._over, max(0.0, deadline - time.monotonic()))
            if self._over:
                raise self._reason()
            if not self._ready:
                raise time_out(self.endpoint.url, "connecting")

    @property
    def over(self) -> bool:
        return self._over

    def _reason(self) -> ClientError:
        return self.error or ClientError("closed", f"the connection to {self.endpoint.url} was closed")

    def _wake(self) -> None:
        if not self._awake:
            self._awake = True
            os.write(self._wake_write, b"!")

    # --- the connection's thread

    def run(self) -> None:
        """Returns when close() was called; raises ClientError when the connection ended by itself."""
        sock: socket.socket | None = None
        try:
            deadline = time.monotonic() + self.endpoint.timeout
            sock = self._connect(deadline)
            if sock is not None:
                self._start()
                self._drive(sock, deadline)
        except ClientError as error:
            self.error = self.error or error
        except (proton.ProtonException, ArithmeticError, LookupError, TypeError, ValueError) as error:
            # proton's way to say that it cannot read what the peer sent.
            self.error = self.error or ClientError(
                "protocol", f"{self.endpoint.url} sent what is no AMQP 1.0 message: {one_line(error, 200)}")
        finally:
            if sock is not None:
                sock.close()
            self._end()
        if not self._closing:
            raise self._reason()

    def _end(self) -> None:
        if not self._closing and self.error is None:
            self.error = ClientError("disconnected", f"the connection to {self.endpoint.url} ended")
        with self._lock:
            self._over = True
            self._jobs.clear()
            os.close(self._wake_read)
            os.close(self._wake_write)
            self._lock.notify_all()
        # The engine's objects refer to each other through C, where Python's collector cannot see it.
        if self._transport is not None:
            self._transport.unbind()
            self._transport = None
        self._collector.release()
        self._engine.free()
        self.on_over(self._reason())

    def _connect(self, deadline: float) -> socket.socket | None:
        """None when close() came first."""
        url = self.endpoint.url
        try:
            places = socket.getaddrinfo(url.host, url.port, type=socket.SOCK_STREAM)
        except socket.gaierror:
            raise ClientError("unreachable", f"the host '{one_line(url.host, 80)}' is not known",
                              "check the host in the URL") from None
        error: OSError = OSError("no address")
        for family, kind, protocol, _, place in places:
            sock = socket.socket(family, kind, protocol)
            sock.setblocking(False)
            try:
                sock.connect(place)
            except BlockingIOError:
                pass
            except OSError as reason:
                error = reason
                sock.close()
                continue
            while True:
                _, writable = self._wait(sock, True, deadline)
                if self._closing or time.monotonic() > deadline:
                    sock.close()
                    if self._closing:
                        return None
                    raise time_out(url, "connecting")
                if writable:
                    break
            if number := sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                error = OSError(number, os.strerror(number))
                sock.close()
                continue
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
            return sock
        raise unreachable(error, url)

    def _wait(self, sock: socket.socket, writing: bool, deadline: float) -> tuple[bool, bool]:
        """Until the socket or the wake-up has something, or the deadline."""
        pause = max(0.0, deadline - time.monotonic())
        poll = select.poll()
        poll.register(self._wake_read, select.POLLIN)
        poll.register(sock, (select.POLLOUT if writing else 0) | (select.POLLIN if self._transport else 0))
        readable = writable = False
        for number, mask in poll.poll(pause * 1000 + 1):
            if number == self._wake_read:
                with self._lock:
                    os.read(self._wake_read, 16)
                    self._awake = False
            else:
                readable = bool(mask & ~select.POLLOUT)
                writable = bool(mask & ~select.POLLIN)
        return readable, writable

    def _start(self) -> None:
        url = self.endpoint.url
        self._engine.container = f"clacks-{uuid.uuid4()}"
        self._engine.hostname = "localhost" if url.tls and url.loopback else url.host
        if url.user:
            self._engine.user, self._engine.password = url.user, url.password
        transport = Transport(Transport.CLIENT)
        set_up(transport, self.endpoint)
        transport.bind(self._engine)
        if url.tls:
            start_tls(transport, self.endpoint)
        self._transport = transport
        self._engine.open()

    def _drive(self, sock: socket.socket, deadline: float) -> None:
        """The loop: events, jobs, the wait, the socket; until the engine is done with the transport."""
        transport = self._transport
        assert transport is not None
        readable = writable = True
        while True:
            if self._closing:
                self._say_farewell()
            self._run_jobs()
            self._dispatch()
            tick = transport.tick(time.monotonic())
            if writable:
                self._write(sock, transport)
                self._dispatch()
            if transport.closed or (self._farewell is not None and time.monotonic() > self._farewell):
                return
            if not self._ready and self._farewell is None and time.monotonic() > deadline:
                opened = self._engine.state & ProtonEndpoint.REMOTE_ACTIVE
                self.fail(time_out(self.endpoint.url, "opening links" if opened else "connecting"))
                continue
            until = [time for time in (tick or None, self._farewell, None if self._ready else deadline) if time]
            writing = transport.pending() > 0
            if self.busy():
                time.sleep(GATHER)
            readable, writable = self._wait(sock, writing, min(until) if until else time.monotonic() + 3600)
            writable = writable or not writing
            if readable:
                self._read(sock, transport)

    def _write(self, sock: socket.socket, transport: Transport) -> None:
        try:
            while (pending := transport.pending()) > 0:
                transport.pop(sock.send(transport.peek(pending) or b""))
        except BlockingIOError:
            pass
        except OSError as error:
            self._lost(transport, error.strerror or str(error))

    def _read(self, sock: socket.socket, transport: Transport) -> None:
        capacity = transport.capacity()
        try:
            data = sock.recv(max(capacity, 1))
        except BlockingIOError:
            return
        except OSError as error:
            return self._lost(transport, error.strerror or str(error))
        if not data:
            opened = self._engine.state & ProtonEndpoint.REMOTE_ACTIVE
            own = self.endpoint.own
            self._lost(transport, "the agent is gone" if opened else
                       f"it ended before it was made; does the agent take the certificate {own.chain}?" if own else
                       f"it ended before it was made; is this the port for {self.endpoint.url.scheme}?")
        elif capacity > 0:
            transport.push(data)

    def _lost(self, transport: Transport, why: str) -> None:
        self.fail(ClientError("disconnected", f"the connection to {self.endpoint.url} was lost: {why}"))
        transport.close_tail()
        transport.close_head()

    def _run_jobs(self) -> None:
        if self._farewell is not None:
            return
        while self._jobs:
            self._jobs.popleft()()
        self.on_wake()

    def _say_farewell(self) -> None:
        if self._farewell is None:
            self._farewell = time.monotonic() + FAREWELL
            self._engine.close()

    # By proton's own lower module, as its Collector makes Python objects of all that an event has to do with, twice,
    # which costs more than the rest of the event.
    def _dispatch(self) -> None:
        collector = self._collector._impl
        while (event := pn_collector_peek(collector)) is not None:
            handle = _HANDLERS.get(pn_event_type(event))
            if handle is not None:
                handle(self, event)
            pn_collector_pop(collector)

    # --- what the engine tells; `event` is of the lower module

    def _remote_open(self, _: Any) -> None:
        session = self._engine.session()
        session.open()
        self.on_open(session)

    def _link_open(self, event: Any) -> None:
        link = Link.wrap(pn_event_link(event))
        terminus = link.remote_source if link.is_receiver else link.remote_target
        if terminus.type != Terminus.UNSPECIFIED:  # else refused; the detach that follows says why
            self.on_link_open(link)

    def _link_close(self, event: Any) -> None:
        condition = Link.wrap(pn_event_link(event)).remote_condition
        self.fail(link_failure(condition.name if condition else "", (condition and condition.description) or "",
                               self.endpoint.url, self.address))

    def _session_close(self, event: Any) -> None:
        self._closed_by(Session.wrap(pn_event_session(event)).remote_condition)

    def _remote_close(self, _: Any) -> None:
        if self._farewell is None:
            self._closed_by(self._engine.remote_condition)
        self._engine.close()

    def _transport_error(self, _: Any) -> None:
        if self._transport is not None:
            self._closed_by(self._transport.condition)

    def _closed_by(self, condition: Any) -> None:
        if condition:
            self.fail(connection_failure(condition.name or "", condition.description or "", self.endpoint.url,
                                         self.endpoint.trust, self.endpoint.own.chain if self.endpoint.own else ""))
        else:
            self.fail(ClientError("disconnected", f"{self.endpoint.url} closed the connection"))

    def _delivery(self, event: Any) -> None:
        self.on_delivery(Delivery.wrap(pn_event_delivery(event)))

    def _flow(self, event: Any) -> None:
        self.on_credit(Link.wrap(pn_event_link(event)))


_HANDLERS: dict[int, Callable[[Connection, Any], None]] = {
    kind.number: handle for kind, handle in {
        Event.CONNECTION_REMOTE_OPEN: Connection._remote_open,
        Event.CONNECTION_REMOTE_CLOSE: Connection._remote_close,
        Event.SESSION_REMOTE_CLOSE: Connection._session_close,
        Event.LINK_REMOTE_OPEN: Connection._link_open,
        Event.LINK_REMOTE_CLOSE: Connection._link_close,
        Event.LINK_REMOTE_DETACH: Connection._link_close,
        Event.LINK_FLOW: Connection._flow,
        Event.DELIVERY: Connection._delivery,
        Event.TRANSPORT_ERROR: Connection._transport_error,
    }.items()}
