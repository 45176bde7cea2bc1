"""AMQPEventConsumer and Publisher against the real agent, and against peers that do not keep to the contract."""
import threading
import unittest

import raw_amqp as raw
from agent_fixture import Agent
from broker import Broker, described_filter
from bus_server import wait_for
from clacks.common.components import AMQPEventConsumer, AMQPServiceProxy, ClientError, Publisher
from clacks.common.event import EventMaker
from lxml import etree

QUERY = """
    declare namespace f='http://www.gonicus.de/Events';
    let $e := ./f:Event
    return $e/f:PhoneStatus
"""


def phone(receiver="12343424"):
    e = EventMaker()
    return e.Event(e.PhoneStatus(e.CallerId("012345"), e.ReceiverId(receiver), e.Status("busy")))


def our_threads():
    return [thread for thread in threading.enumerate() if thread.name.startswith("clacks-")]


class WithAgent(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.agent = Agent({"amqp": {"queue-events": "20"}})
        cls.agent.__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.agent.__exit__(None, None, None)

    def consumer(self, url=None, **options):
        consumer = AMQPEventConsumer(url or self.agent.url, **options)
        self.addCleanup(consumer.close)
        return consumer

    def subscribed(self, url=None, **options):
        consumer = self.consumer(url, **options)
        self.assertTrue(consumer.wait_until_subscribed(30))
        return consumer

    def send(self, *events):
        with Publisher(self.agent.url) as publisher:
            for event in events:
                publisher.publish(event)

    def failure_of(self, url=None, **options):
        with self.assertRaises(ClientError) as failed:
            self.consumer(url, **options).join(30)
        return failed.exception

    def test_round_trip_by_both_ports(self):
        for url, ca in ((self.agent.url, None), (self.agent.amqps_url, str(self.agent.certificate))):
            with self.subTest(url=url.partition(":")[0]):
                trees, events = [], []
                self.subscribed(url, xquery=QUERY, callback=trees.append, on_event=events.append, ca=ca)
                self.send('<Event xmlns="http://www.gonicus.de/Events"><NodeLeave><Id>x</Id></NodeLeave></Event>', phone())
                self.assertTrue(wait_for(lambda: trees and events, 30))
                self.assertEqual(trees[0].PhoneStatus.CallerId.text, "012345")
                self.assertEqual(events[0].document, etree.tostring(phone()))
                self.assertEqual((events[0].name, events[0].sender, events[0].node), ("PhoneStatus", "admin", "fixture"))
                self.assertEqual(len(events[0].id), 36)
                self.assertGreater(events[0].time.timestamp(), 1.6e9)

    def test_every_event_by_default_and_properties_of_the_sender(self):
        events = []
        self.subscribed(on_event=events.append)
        with Publisher(self.agent.url) as publisher:
            publisher.publish(phone("properties"), {"floor": 3})
        self.assertTrue(wait_for(lambda: any(b"properties" in event.document for event in events), 30))
        event = next(event for event in events if b"properties" in event.document)
        self.assertEqual(event.properties, {"floor": 3})

    def test_a_callback_that_raises_costs_its_event_only(self):
        seen = []

        def callback(tree):
            seen.append(tree.PhoneStatus.ReceiverId.text)
            if len(seen) == 1:
                raise ValueError("this one")

        self.subscribed(xquery=QUERY, callback=callback)
        with self.assertLogs("clacks", "ERROR") as logged:
            self.send(phone("first"), phone("second"))
            self.assertTrue(wait_for(lambda: len(seen) == 2, 30))
        self.assertIn("ValueError: this one", "".join(logged.output))

    def test_losses_of_a_slow_consumer_are_told(self):
        count, going, seen = 1500, threading.Event(), []

        def callback(event):
            going.wait(60)
            seen.append(event)

        consumer = self.subscribed(xquery=QUERY, on_event=callback)
        with self.assertLogs("clacks", "WARNING") as logged:
            self.send(*[phone(str(number)) for number in range(count)])
            going.set()
            self.assertTrue(wait_for(lambda: len(seen) + consumer.dropped == count, 60), f"{len(seen)} {consumer.dropped}")
        self.assertGreater(consumer.dropped, 0)
        self.assertEqual(sum(event.dropped for event in seen), consumer.dropped)
        self.assertIn("events were lost here", "".join(logged.output))

    def test_refusals_end_it_with_the_reason(self):
        error = self.failure_of(xquery="./e:Event[\n1 +")
        self.assertEqual(error.code, "filter-refused")
        self.assertIn("XPST0003", error.message)
        self.assertIn("2:", error.message)
        error = self.failure_of(self.agent.url.replace("secret", "wrong-password"))
        self.assertEqual(error.code, "login-refused")
        self.assertNotIn("wrong-password", str(error))
        error = self.failure_of(domain="org.claks")
        self.assertEqual(error.code, "address-unknown")
        self.assertIn("did you mean 'org.clacks.event'", error.message)

    def test_a_filter_that_no_event_can_match_is_taken_only_if_that_was_asked_for(self):
        never = "./e:Event/e:PhoneStatsu"
        error = self.failure_of(xquery=never)
        self.assertEqual(error.code, "filter-refused")
        self.assertIn("did you mean 'PhoneStatus'", str(error))
        self.subscribed(xquery=never, lenient=True)
        with AMQPServiceProxy(self.agent.url) as proxy:
            mine = next(one for one in proxy.getSubscriptions() if one["filter"] == never)
        self.assertIn("there is no event 'PhoneStatsu'", mine["never"])

    def test_certificates_are_verified(self):
        error = self.failure_of(self.agent.amqps_url, ca="/etc/ssl/certs/ca-certificates.crt", must_connect_first=True)
        self.assertEqual(error.code, "tls-untrusted")
        error = self.failure_of(self.agent.url.replace("amqp:", "amqps:"), must_connect_first=True)
        self.assertIn("is this the port for amqps", error.message)
        error = self.failure_of(self.agent.amqps_url.replace("amqps:", "amqp:"), must_connect_first=True)
        self.assertIn("TLS", error.hint)

    def test_a_name_other_than_the_certificates_is_refused(self):
        error = self.failure_of(self.agent.amqps_url.replace("localhost", "0.0.0.0"), must_connect_first=True,
                                ca=str(self.agent.certificate))
        self.assertEqual(error.code, "tls-untrusted")

    def test_deleting_it_ends_it(self):
        before = len(our_threads())
        query = "./e:Event/e:PhoneStatus[e:CallerId = 'deleted']"
        consumer = AMQPEventConsumer(self.agent.url, xquery=query, callback=print)
        self.assertTrue(consumer.wait_until_subscribed(30))
        self.assertEqual(len(our_threads()), before + 2)
        with AMQPServiceProxy(self.agent.url) as proxy:
            def listed():
                return [one for one in proxy.getSubscriptions() if query in str(one)]

            self.assertEqual(len(listed()), 1)
            del consumer
            self.assertTrue(wait_for(lambda: not listed(), 30), listed())
        self.assertTrue(wait_for(lambda: len(our_threads()) == before, 30))

    def test_closed_by_several_threads_at_once(self):
        consumer = self.subscribed(xquery=QUERY, callback=print)
        closers = [threading.Thread(target=consumer.close) for _ in range(8)]
        for thread in closers:
            thread.start()
        for thread in closers:
            thread.join(30)
        self.assertFalse(any(thread.is_alive() for thread in closers))
        self.assertTrue(consumer.join(0))

    def test_closed_from_its_own_callback(self):
        seen = []
        consumer = self.subscribed(xquery=QUERY, callback=lambda tree: (seen.append(tree), consumer.close()))
        self.send(phone())
        self.assertTrue(consumer.join(30))
        self.assertEqual(len(seen), 1)
        self.assertFalse(consumer.wait_until_subscribed(0))

    def test_nothing_is_lost_on_the_way(self):
        count, seen, done = 5000, [], threading.Event()

        def callback(tree):
            seen.append(int(tree.PhoneStatus.ReceiverId.text))
            if len(seen) == count:
                done.set()

        with Agent() as agent:  # with a queue of the usual length
            consumer = self.subscribed(agent.url, xquery=QUERY, callback=callback)
            with Publisher(agent.url) as publisher:
                accepted = [publisher.send(phone(str(number))) for number in range(count)]
            self.assertTrue(all(future.done() and future.exception() is None for future in accepted))
            self.assertTrue(done.wait(60), f"{len(seen)} of {count} came")
            consumer.close()
        self.assertEqual(seen, list(range(count)))
        self.assertEqual(consumer.dropped, 0)


class AgentComesAndGoes(unittest.TestCase):
    def test_it_comes_back_with_the_agent(self):
        seen = []
        with Agent() as agent:
            port = agent.amqp_port
            with AMQPEventConsumer(agent.url, xquery=QUERY, callback=seen.append) as consumer:
                self.assertTrue(consumer.wait_until_subscribed(30))
                with self.assertLogs("clacks", "WARNING") as logged:
                    self.assertEqual(agent.stop(), 0)
                    self.assertTrue(wait_for(lambda: not consumer.wait_until_subscribed(0), 30))
                    agent.config.write_text(agent.config.read_text().replace("amqp://127.0.0.1:0", f"amqp://127.0.0.1:{port}"))
                    agent.start()
                    self.assertTrue(consumer.wait_until_subscribed(60))
                self.assertIn("trying again", logged.output[0])
                with Publisher(agent.url) as publisher:
                    publisher.publish(phone())
                self.assertTrue(wait_for(lambda: seen, 30))


class WithBroker(unittest.TestCase):
    def broker(self, *answers):
        broker = Broker(*answers)
        self.addCleanup(broker.close)
        return broker

    def test_a_filter_that_is_not_confirmed_is_no_subscription(self):
        number = raw.mapping(raw.symbol("xquery"), b"\x00" + raw.symbol("apache.org:xquery-filter:string") + raw.uint(1))
        for filters in (raw.NULL, described_filter("true()"), described_filter(QUERY + " "), number):
            with self.subTest(filters=filters[:60]), AMQPEventConsumer(self.broker(filters).url, xquery=QUERY) as consumer:
                with self.assertRaises(ClientError) as failed:
                    consumer.join(30)
                self.assertEqual(failed.exception.code, "filter-unconfirmed")
                self.assertFalse(consumer.wait_until_subscribed(0))

    def test_a_message_that_is_none_costs_the_connection_only(self):
        def garbage(payload):
            def answer(peer, name):
                Broker.attach(peer, name, described_filter(QUERY))
                raw.read_until(peer, b"\x00\x53\x13")
                peer.sendall(raw.transfer(0, 0, payload, settled=True))
                raw.read_until(peer, b"\x00\x53\x18")
            return answer

        payloads = [b"\x00\x53\x75\xb0", b"\x00\x53\x77\x45", b"\xff" * 40]
        broker = self.broker(*[garbage(payload) for payload in payloads], described_filter(QUERY))
        with self.assertLogs("clacks", "WARNING") as logged:
            with AMQPEventConsumer(broker.url, xquery=QUERY) as consumer:
                self.assertTrue(wait_for(lambda: len(logged.output) == len(payloads), 30))
                self.assertTrue(consumer.wait_until_subscribed(30))
        self.assertNotIn("secret", "".join(logged.output))

    def test_close_does_not_wait_for_a_silent_peer(self):
        def silent(peer, name):
            raw.read_until(peer, b"never", 60)

        with AMQPEventConsumer(self.broker(silent).url) as consumer:
            self.assertFalse(consumer.wait_until_subscribed(0.1))
        self.assertTrue(consumer.join(0))


unittest.main()
