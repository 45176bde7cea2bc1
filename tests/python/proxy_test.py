"""AMQPServiceProxy and Publisher against the real agent."""
import threading
import unittest

from agent_fixture import Agent
from bus_server import wait_for
from clacks.common.components import AMQPEventConsumer, AMQPServiceProxy, ClientError, JSONRPCException, Publisher
from clacks.common.event import EventMaker
from lxml import etree

e = EventMaker()
PHONE = e.Event(e.PhoneStatus(e.CallerId("012345"), e.ReceiverId("12343424"), e.Status("busy")))
BAD = e.Event(e.PhoneStatus(e.CallerId("012345"), e.ReceiverId("12343424"), e.Statu("busy")))


def setUpModule():
    global agent
    agent = Agent()
    agent.__enter__()


def tearDownModule():
    agent.__exit__(None, None, None)


class Proxy(unittest.TestCase):
    def setUp(self):
        self.proxy = AMQPServiceProxy(agent.url)
        self.addCleanup(self.proxy.close)

    def test_an_event_in_each_of_its_forms(self):
        text = etree.tostring(PHONE, encoding="unicode")
        for event in (text, etree.tostring(PHONE, pretty_print=True), PHONE):
            self.assertEqual(self.proxy.sendEvent(event)["matched"], 0)
        self.assertEqual(self.proxy.sendEvent(data=text)["matched"], 0)

    def test_results_and_arguments(self):
        self.assertEqual(self.proxy.getSessionUser(), "admin")
        self.assertIn("PhoneStatus", self.proxy.getEvents())
        self.assertEqual(self.proxy.getEventSchema("PhoneStatus"), self.proxy.getEventSchema(name="PhoneStatus"))
        self.assertEqual(self.proxy.call("getSessionUser", []), "admin")
        with self.assertRaises(TypeError):
            self.proxy.getEventSchema("PhoneStatus", name="PhoneStatus")

    def test_an_invalid_event_says_where(self):
        with self.assertRaises(JSONRPCException) as failed:
            self.proxy.sendEvent(BAD)
        error = failed.exception
        self.assertNotEqual(error.code, 0)
        self.assertIn("Statu", error.message)
        self.assertEqual((error.data["line"], error.data["path"]), (1, "/Event/PhoneStatus/Statu"))
        self.assertIn("Status", error.data["expected"])

    def test_an_unknown_method_names_the_nearest(self):
        with self.assertRaises(JSONRPCException) as failed:
            self.proxy.sendEvnt("x")
        self.assertEqual(failed.exception.code, -32601)
        self.assertIn("sendEvent", failed.exception.message)

    def test_many_threads(self):
        results = []
        threads = [threading.Thread(target=lambda: results.extend(self.proxy.getSessionUser() for _ in range(50)))
                   for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        self.assertEqual(results, ["admin"] * 400)

    def test_without_an_answer_the_code_is_0_and_the_cause_says_why(self):
        with self.assertRaises(JSONRPCException) as failed:
            AMQPServiceProxy(agent.url.replace("secret", "wrong-password")).getNodes()
        self.assertEqual((failed.exception.code, failed.exception.__cause__.code), (0, "login-refused"))
        self.assertNotIn("wrong-password", str(failed.exception))
        with self.assertRaises(JSONRPCException) as failed:
            AMQPServiceProxy(agent.url, queue="cor").getNodes()
        self.assertEqual(failed.exception.__cause__.code, "address-unknown")

    def test_it_connects_again_after_a_loss(self):
        with Agent() as other, AMQPServiceProxy(other.url) as proxy:
            port = other.amqp_port
            self.assertEqual(proxy.getSessionUser(), "admin")
            other.stop()
            with self.assertRaises(JSONRPCException):
                proxy.getSessionUser()
            other.config.write_text(other.config.read_text().replace("amqp://127.0.0.1:0", f"amqp://127.0.0.1:{port}"))
            other.start()
            self.assertEqual(proxy.getSessionUser(), "admin")

    def test_closing_ends_the_calls_of_other_threads(self):
        """Whatever they come to, none waits for the time-out."""
        proxy = AMQPServiceProxy(agent.url, timeout=600)
        calling, ends = threading.Event(), []

        def call():
            try:
                while True:
                    proxy.getSessionUser()
                    calling.set()
                    if closed.is_set():
                        return ends.append("answered")
            except JSONRPCException as error:
                ends.append(error.__cause__.code)

        closed = threading.Event()
        threads = [threading.Thread(target=call) for _ in range(4)]
        for thread in threads:
            thread.start()
        self.assertTrue(calling.wait(60))
        closed.set()
        proxy.close()
        for thread in threads:
            thread.join(60)
        proxy.close()  # of a thread that connected anew
        self.assertEqual(len(ends), 4)
        self.assertLessEqual(set(ends), {"answered", "closed"})

    def test_a_closed_one_connects_again(self):
        self.proxy.getSessionUser()
        self.proxy.close()
        self.assertEqual(self.proxy.getSessionUser(), "admin")


class Publishing(unittest.TestCase):
    def test_many_threads(self):
        """Each event comes once, and those of one thread in their order."""
        count, threads, seen = 200, 6, []
        query = "./e:Event/e:PhoneStatus[e:Status = 'threads']"
        with AMQPEventConsumer(agent.url, xquery=query, on_event=lambda event: seen.append(event.properties)) as consumer, \
                Publisher(agent.url) as publisher:
            self.assertTrue(consumer.wait_until_subscribed(30))
            event = etree.tostring(PHONE, encoding="unicode").replace("busy", "threads")

            def send(thread):
                for number in range(count):
                    publisher.send(event, {"thread": thread, "number": number})

            started = [threading.Thread(target=send, args=(number,)) for number in range(threads)]
            for thread in started:
                thread.start()
            for thread in started:
                thread.join(60)
            self.assertTrue(wait_for(lambda: len(seen) == threads * count, 60), len(seen))
        for number in range(threads):
            self.assertEqual([one["number"] for one in seen if one["thread"] == number], list(range(count)))

    def test_a_rejected_event_says_where(self):
        with Publisher(agent.url) as publisher:
            publisher.publish(PHONE)
            with self.assertRaises(ClientError) as failed:
                publisher.publish(BAD)
            publisher.publish(PHONE)
        self.assertEqual(failed.exception.code, "event-rejected")
        self.assertIn("/Event/PhoneStatus/Statu", failed.exception.message)

    def test_closing_waits_for_what_is_on_its_way(self):
        with Publisher(agent.url) as publisher:
            futures = [publisher.send(PHONE if number % 2 else BAD) for number in range(3000)]
        self.assertTrue(all(future.done() for future in futures))
        errors = [future.exception() for future in futures]
        self.assertTrue(all((error is None) == bool(number % 2) for number, error in enumerate(errors)))


unittest.main()
