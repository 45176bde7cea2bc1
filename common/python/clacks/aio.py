"""Events and commands for asyncio.

    async for event in subscribe("amqp://admin:secret@localhost/org.clacks", xquery="./e:Event/e:PhoneStatus"):
        print(event.tree.PhoneStatus.CallerId.text)

    proxy = AsyncServiceProxy("amqp://admin:secret@localhost/org.clacks")
    await proxy.sendEvent(event)
"""
from __future__ import annotations

import asyncio
import weakref
from collections import deque
from types import TracebackType
from typing import Any, Awaitable, Callable

from clacks.common.amqp.endpoint import make_endpoint
from clacks.common.amqp.subscriber import Subscription
from clacks.common.amqp.url import DEFAULT_DOMAIN
from clacks.common.components.proxy import AMQPServiceProxy, no_answer, parameters_of, result_of
from clacks.common.errors import ClientError
from clacks.common.event import ReceivedEvent


def subscribe(url: str, domain: str = DEFAULT_DOMAIN, xquery: str = ".", *, ca: str | None = None,
              certificate: str | None = None, private_key: str | None = None, timeout: float = 10.0,
              must_connect_first: bool = False, lenient: bool = False) -> EventStream:
    """The events that an XQuery selects, as ReceivedEvent; arguments as of AMQPEventConsumer.

    It subscribes when the loop begins, or earlier by `async with`, which returns once the filter is in force:

        async with subscribe(url, xquery=query) as events:
            await proxy.sendEvent(event)
            async for event in events: …

    Raises ClientError when trying again cannot help, as for a refused login or filter. `break`, the end of the
    block and cancellation end the subscription.
    """
    return EventStream(lambda received, ended: Subscription(
        make_endpoint(url, domain, ca, timeout, certificate, private_key), xquery, received, ended, must_connect_first,
        lenient))


class _Inbox:
    """What a subscription's thread hands to the loop. It knows nothing of the stream, which can so be deleted."""

    def __init__(self) -> None:
        self.events: deque[ReceivedEvent] = deque()  # bounded by credit
        self.changed = asyncio.Event()
        self.over = False
        self.error: ClientError | None = None
        self._loop = asyncio.get_running_loop()

    def put(self, event: ReceivedEvent) -> None:
        self.events.append(event)
        if not self.changed.is_set():
            self._wake()

    def end(self, error: ClientError | None) -> None:
        self.error, self.over = error, True
        self._wake()

    def _wake(self) -> None:
        try:
            self._loop.call_soon_threadsafe(self.changed.set)
        except RuntimeError:
            pass  # the loop is closed: nobody waits


class EventStream:
    """An asynchronous iterator of ReceivedEvent; see subscribe(). For one loop, and one task at a time."""

    _inbox: _Inbox

    def __init__(self, make: Callable[[Callable[[ReceivedEvent], None], Callable[[ClientError | None], None]],
                                      Subscription]) -> None:
        self._make = make
        self._subscription: Subscription | None = None
        self.dropped = 0
        """Events lost so far because this program was too slow; each event's own `dropped` tells where."""

    def _start(self) -> Subscription:
        if self._subscription is None:
            self._inbox = _Inbox()
            self._subscription = self._make(self._inbox.put, self._inbox.end)
            weakref.finalize(self, self._subscription.close)
            self._subscription.start()
        return self._subscription

    def __aiter__(self) -> EventStream:
        return self

    async def __anext__(self) -> ReceivedEvent:
        subscription = self._start()
        inbox = self._inbox
        while not inbox.events:
            if inbox.over:
                if inbox.error is not None:
                    raise inbox.error
                raise StopAsyncIteration
            inbox.changed.clear()
            if not inbox.events and not inbox.over:
                await inbox.changed.wait()
        event = inbox.events.popleft()
        subscription.consumed()
        self.dropped += event.dropped
        return event

    async def aclose(self) -> None:
        """Ends the subscription."""
        if self._subscription is not None:
            self._subscription.close()
            await asyncio.to_thread(self._subscription.thread.join)

    async def __aenter__(self) -> EventStream:
        subscription = self._start()
        try:
            in_force = await asyncio.to_thread(subscription.wait_until_subscribed, None)
        except BaseException:
            subscription.close()
            raise
        if not in_force:
            subscription.thread.join()
            raise self._inbox.error or ClientError("closed", "the subscription was closed")
        return self

    async def __aexit__(self, kind: type[BaseException] | None, value: BaseException | None,
                        trace: TracebackType | None) -> None:
        await self.aclose()


class AsyncServiceProxy:
    """AMQPServiceProxy whose methods are awaited; arguments and errors are the same."""

    def __init__(self, url: str, domain: str = DEFAULT_DOMAIN, *, queue: str = "core", node: str = "",
                 ca: str | None = None,
                 certificate: str | None = None, private_key: str | None = None, timeout: float = 10.0) -> None:
        self._proxy = AMQPServiceProxy(url, domain, queue=queue, node=node, ca=ca, certificate=certificate,
                                       private_key=private_key, timeout=timeout)
        self._timeout = timeout

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        if name.startswith("_"):
            raise AttributeError(name)

        async def method(*arguments: Any, **named: Any) -> Any:
            return await self.call(name, parameters_of(name, arguments, named))

        return method

    async def call(self, method: str, parameters: list[Any] | dict[str, Any]) -> Any:
        """The result of a command whose name is in a variable."""
        try:
            # In a thread, as connecting at the first call takes time.
            future = await asyncio.to_thread(self._proxy.start, method, parameters)
            return result_of(await asyncio.wait_for(asyncio.wrap_future(future), self._timeout))
        except TimeoutError:
            error = ClientError("time-out", "time over while waiting for the answer", "is the agent busy?")
        except ClientError as reason:
            error = reason
        raise no_answer(error) from error

    async def close(self) -> None:
        """Ends the connection."""
        await asyncio.to_thread(self._proxy.close)

    async def __aenter__(self) -> AsyncServiceProxy:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, value: BaseException | None,
                        trace: TracebackType | None) -> None:
        await self.close()
