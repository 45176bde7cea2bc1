"""A client that is not ours, Debian's python3-qpid-proton, against the real agent: as subscriber with the
described filter, as publisher, and as JSON-RPC caller in both forms."""
import json
import unittest
import uuid

from agent_fixture import Agent
from proton import Described, Delivery, Message, symbol, ulong
from proton.reactor import Filter
from proton.utils import BlockingConnection, LinkDetached, SyncRequestResponse, SendException

PHONE = ("<Event xmlns=\"http://www.gonicus.de/Events\"><PhoneStatus><CallerId>012345</CallerId>"
         "<ReceiverId>12343424</ReceiverId><Status>busy</Status></PhoneStatus></Event>")
LEAVE = "<Event xmlns='http://www.gonicus.de/Events'><NodeLeave><Id>elsewhere</Id></NodeLeave></Event>"
FILTER = "declare namespace f='http://www.gonicus.de/Events'; let $e := ./f:Event return $e/f:PhoneStatus"
SYMBOL = symbol("apache.org:xquery-filter:string")
CODE = ulong(0x0000468C00000005)


def setUpModule():
    global agent
    agent = Agent()
    agent.__enter__()


def tearDownModule():
    agent.__exit__(None, None, None)


def connect():
    return BlockingConnection(f"amqp://127.0.0.1:{agent.amqp_port}", user="admin", password="secret",
                              allowed_mechs="PLAIN", allow_insecure_mechs=True, timeout=20)


def filtered(query, descriptor=SYMBOL):
    return Filter({symbol("xquery"): Described(descriptor, query)})


def document(message):
    body = message.body
    return bytes(body).decode() if isinstance(body, (bytes, bytearray, memoryview)) else body


class Subscriber(unittest.TestCase):
    def setUp(self):
        self.connection = connect()
        self.addCleanup(self.connection.close)

    def receive(self, receiver):
        message = receiver.receive(timeout=20)
        receiver.accept()
        return message

    def publish(self, body, **fields):
        sender = self.connection.create_sender("org.clacks.event")
        delivery = sender.send(Message(body=body, **fields), timeout=20)
        sender.close()
        return delivery

    def test_filter_by_symbol_and_by_code(self):
        for descriptor in (SYMBOL, CODE):
            with self.subTest(descriptor=descriptor):
                receiver = self.connection.create_receiver("org.clacks.event", credit=10,
                                                           options=filtered(FILTER, descriptor))
                echoed = receiver.link.remote_source.filter
                echoed.rewind()
                self.assertTrue(echoed.next(), "the attach reply echoes no filter")
                self.publish(LEAVE.encode())
                self.publish(PHONE.encode())
                message = self.receive(receiver)
                self.assertEqual(document(message), PHONE, "the first to arrive is the one that was asked for")
                receiver.close()

    def test_no_filter_means_every_event(self):
        receiver = self.connection.create_receiver("org.clacks.event", credit=100)
        self.publish(LEAVE.encode())
        while "elsewhere" not in document(self.receive(receiver)):
            pass

    def test_message_form(self):
        receiver = self.connection.create_receiver("org.clacks/event", credit=10, options=filtered(FILTER))
        self.publish(PHONE.encode(), properties={"floor": 3})
        message = self.receive(receiver)
        uuid.UUID(str(message.id))
        self.assertEqual(message.content_type, "application/xml")
        self.assertEqual(message.subject, "event")
        self.assertEqual(bytes(message.user_id), b"admin")
        self.assertGreater(message.creation_time, 1.6e9)
        self.assertEqual(message.properties["event"], "PhoneStatus")
        self.assertTrue(message.properties["node"])
        self.assertEqual(message.properties["floor"], 3)

    def test_properties_are_external_variables(self):
        query = "declare variable $floor external; $floor = 3 and exists(./e:Event/e:PhoneStatus)"
        receiver = self.connection.create_receiver("org.clacks.event", credit=10, options=filtered(query))
        self.publish(PHONE.encode(), properties={"floor": 2})
        self.publish(PHONE.encode())
        self.publish(PHONE.encode(), properties={"floor": 3, "right": True})
        self.assertTrue(self.receive(receiver).properties.get("right"))

    def test_bad_filter_is_refused_with_code_and_place(self):
        with self.assertRaises(LinkDetached) as refused:
            self.connection.create_receiver("org.clacks.event", options=filtered("./e:Event[\n1 +"))
        self.assertEqual(refused.exception.condition, "amqp:invalid-field")
        self.assertIn("XPST0003", str(refused.exception))
        self.assertIn("2:", str(refused.exception))

    def test_filter_with_access_to_the_outside_is_refused(self):
        with self.assertRaises(LinkDetached) as refused:
            self.connection.create_receiver("org.clacks.event", options=filtered("doc('/etc/passwd')"))
        self.assertEqual(refused.exception.condition, "amqp:invalid-field")

    def test_unknown_filter_type_is_not_implemented(self):
        with self.assertRaises(LinkDetached) as refused:
            self.connection.create_receiver("org.clacks.event",
                                            options=filtered("a = 1", symbol("apache.org:selector-filter:string")))
        self.assertEqual(refused.exception.condition, "amqp:not-implemented")

    def test_unknown_address_names_the_nearest(self):
        with self.assertRaises(LinkDetached) as refused:
            self.connection.create_receiver("org.clacks.evnt")
        self.assertEqual(refused.exception.condition, "amqp:not-found")
        self.assertIn("org.clacks.event", str(refused.exception))


class Publisher(unittest.TestCase):
    def setUp(self):
        self.connection = connect()
        self.addCleanup(self.connection.close)

    def test_all_body_forms_are_accepted(self):
        sender = self.connection.create_sender("org.clacks")
        for body in (PHONE.encode(), PHONE):
            for inferred in (True, False):
                with self.subTest(body=type(body), inferred=inferred):
                    if isinstance(body, str) and inferred:
                        continue  # not a data section
                    delivery = sender.send(Message(body=body, inferred=inferred), timeout=20)
                    self.assertEqual(delivery.remote_state, Delivery.ACCEPTED)

    def test_invalid_event_is_rejected_with_its_place(self):
        sender = self.connection.create_sender("org.clacks.event")
        with self.assertRaises(SendException) as refused:
            sender.send(Message(body=PHONE.replace("Status>busy</Status", "Statu>busy</Statu").encode()), timeout=20)
        self.assertEqual(refused.exception.state, Delivery.REJECTED)

    def test_spoofed_user_is_rejected(self):
        sender = self.connection.create_sender("org.clacks.event")
        with self.assertRaises(SendException):
            sender.send(Message(body=PHONE.encode(), user_id=b"root"), timeout=20)

    def test_anonymous_relay(self):
        sender = self.connection.create_sender(None)
        delivery = sender.send(Message(address="org.clacks.event", body=PHONE.encode()), timeout=20)
        self.assertEqual(delivery.remote_state, Delivery.ACCEPTED)


class Caller(unittest.TestCase):
    def setUp(self):
        self.connection = connect()
        self.addCleanup(self.connection.close)
        self.client = SyncRequestResponse(self.connection, "org.clacks.command.core")

    def call(self, body):
        answer = self.client.call(Message(body=json.dumps(body).encode(), inferred=True, content_type="application/json"))
        return json.loads(document(answer))

    def test_original_form(self):
        answer = self.call({"method": "sendEvent", "params": [PHONE], "id": 7})
        self.assertEqual(answer, {"result": True, "error": None, "id": 7})

    def test_json_rpc_2(self):
        answer = self.call({"jsonrpc": "2.0", "method": "sendEvent", "params": {"data": PHONE}, "id": "a"})
        self.assertEqual((answer["jsonrpc"], answer["id"]), ("2.0", "a"))
        uuid.UUID(answer["result"]["id"])
        self.assertIsInstance(answer["result"]["matched"], int)

    def test_invalid_event_says_where(self):
        answer = self.call({"jsonrpc": "2.0", "method": "sendEvent", "params": [PHONE.replace("busy</Status>", "busy</Status><x/>")],
                            "id": 1})
        data = answer["error"]["data"]
        self.assertEqual(data["path"], "/Event/PhoneStatus/x")
        self.assertEqual(data["line"], 1)

    def test_commands(self):
        methods = self.call({"method": "getMethods", "params": [], "id": 1})["result"]
        for name in ("sendEvent", "getMethods", "getNodes", "getSessionUser", "getEvents", "getEventSchema",
                     "getSubscriptions"):
            self.assertIn(name, methods)
            self.assertEqual({"path", "target", "sig", "type", "needsQueue", "doc", "provider"}, set(methods[name]))
        self.assertEqual(self.call({"method": "getSessionUser", "params": [], "id": 1})["result"], "admin")
        self.assertIn("PhoneStatus", self.call({"method": "getEvents", "params": [], "id": 1})["result"])
        self.assertIn("<", self.call({"method": "getEventSchema", "params": ["PhoneStatus"], "id": 1})["result"])

    def test_unknown_method_names_the_nearest(self):
        answer = self.call({"jsonrpc": "2.0", "method": "sendEvnt", "params": [], "id": 1})
        self.assertEqual(answer["error"]["code"], -32601)
        self.assertIn("sendEvent", answer["error"]["message"])


unittest.main()
