"""The asyncio interface against the real agent."""
import asyncio
import unittest

from agent_fixture import Agent
from clacks.aio import AsyncServiceProxy, subscribe
from clacks.common.components import ClientError, JSONRPCException
from clacks.common.event import EventMaker

QUERY = "./e:Event/e:PhoneStatus"


def phone(receiver):
    e = EventMaker()
    return e.Event(e.PhoneStatus(e.CallerId("012345"), e.ReceiverId(str(receiver)), e.Status("busy")))


def setUpModule():
    global agent
    agent = Agent()
    agent.__enter__()


def tearDownModule():
    agent.__exit__(None, None, None)


class Asyncio(unittest.IsolatedAsyncioTestCase):
    async def test_round_trip(self):
        async with subscribe(agent.url, xquery=QUERY) as events, AsyncServiceProxy(agent.url) as proxy:
            for number in range(3):
                self.assertEqual((await proxy.sendEvent(phone(number)))["matched"], 1)
            seen = []
            async for event in events:
                seen.append(event.tree.PhoneStatus.ReceiverId.text)
                if len(seen) == 3:
                    break
        self.assertEqual(seen, ["0", "1", "2"])
        self.assertEqual(events.dropped, 0)

    async def test_a_filter_that_no_event_can_match(self):
        never = "./e:Event/e:PhoneStatsu"
        with self.assertRaises(ClientError):
            async with subscribe(agent.url, xquery=never):
                pass
        async with subscribe(agent.url, xquery=never, lenient=True), AsyncServiceProxy(agent.url) as proxy:
            self.assertIn(never, [one["filter"] for one in await proxy.getSubscriptions()])

    async def test_the_loop_alone_subscribes(self):
        async def first():
            async for event in subscribe(agent.url, xquery=QUERY):
                return event

        waiting = asyncio.create_task(first())
        async with AsyncServiceProxy(agent.url) as proxy:
            while (await proxy.sendEvent(phone(1)))["matched"] == 0:
                await asyncio.sleep(0.01)
            event = await asyncio.wait_for(waiting, 30)
            self.assertEqual((event.name, event.sender), ("PhoneStatus", "admin"))
            while any(s["link"] for s in await proxy.getSubscriptions()):  # the loop was left
                await asyncio.sleep(0.01)

    async def test_more_events_than_the_credit(self):
        count = 3000
        async with subscribe(agent.url, xquery=QUERY) as events, AsyncServiceProxy(agent.url) as proxy:
            async def send():
                for start in range(0, count, 100):
                    await asyncio.gather(*(proxy.sendEvent(phone(n)) for n in range(start, start + 100)))

            sending = asyncio.create_task(send())
            seen = set()
            async for event in events:
                seen.add(event.tree.PhoneStatus.ReceiverId.text)
                if len(seen) == count:
                    break
            await sending

    async def test_commands_at_once_and_their_errors(self):
        async with AsyncServiceProxy(agent.url) as proxy:
            users = await asyncio.gather(*(proxy.getSessionUser() for _ in range(50)))
            self.assertEqual(users, ["admin"] * 50)
            with self.assertRaises(JSONRPCException) as failed:
                await proxy.sendEvent("<Event/>")
            self.assertIn("line", failed.exception.data)
        with self.assertRaises(JSONRPCException) as failed:
            await AsyncServiceProxy(agent.url.replace("secret", "wrong")).getNodes()
        self.assertEqual(failed.exception.__cause__.code, "login-refused")

    async def test_refusals_are_raised(self):
        with self.assertRaises(ClientError) as failed:
            async for _ in subscribe(agent.url, xquery="./e:Event["):
                self.fail("an event came")
        self.assertEqual(failed.exception.code, "filter-refused")
        with self.assertRaises(ClientError) as failed:
            async with subscribe(agent.url.replace("secret", "wrong")):
                self.fail("it subscribed")
        self.assertEqual(failed.exception.code, "login-refused")

    async def test_cancelling_ends_the_subscription(self):
        events = subscribe(agent.url, xquery=QUERY)

        async def listen():
            async with events:
                subscribed.set()
                async for _ in events:
                    pass

        subscribed = asyncio.Event()
        task = asyncio.create_task(listen())
        await subscribed.wait()
        task.cancel()
        with self.assertRaises(asyncio.CancelledError):
            await task
        async with AsyncServiceProxy(agent.url) as proxy:
            while any(s["link"] for s in await proxy.getSubscriptions()):
                await asyncio.sleep(0.01)


unittest.main()
