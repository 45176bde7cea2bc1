"""The bus as real clients see it: python3-qpid-proton, and frames made by hand where that cannot go."""
import base64
import hashlib
import hmac
import os
import re
import socket
import ssl
import struct
import subprocess
import tempfile
import threading
import unittest
import uuid

from proton import Delivery, SSLDomain, Described, Message, symbol, ulong
from proton.reactor import AtLeastOnce, AtMostOnce, Filter, LinkOption
from proton.utils import BlockingConnection, LinkDetached, SendException, SyncRequestResponse

import raw_amqp as raw
from bus_server import Server, wait_for

EVENTS = "org.clacks.event"
COMMANDS = "org.clacks.command.core"
XQUERY, XQUERY_CODE = symbol("apache.org:xquery-filter:string"), ulong(0x0000468C00000005)


class XQueryFilter(Filter):
    def __init__(self, query, descriptor=XQUERY, key="xquery"):
        super().__init__({symbol(key): Described(descriptor, query)})


class Unsettled(LinkOption):
    def apply(self, link):
        link.snd_settle_mode = 0


class Case(unittest.TestCase):
    arguments = ()

    def setUp(self):
        self.server = Server(*self.arguments)
        self.addCleanup(self.stop)
        self.url = f"amqp://admin:secret@127.0.0.1:{self.server.port}"

    def stop(self):
        self.assertEqual(self.server.stop(), 0, self.server.last_log)

    def connect(self, url=None, **options):
        connection = BlockingConnection(url or self.url, timeout=15, allowed_mechs="PLAIN", **options)
        self.addCleanup(connection.close)
        return connection

    def refused(self, function, *arguments, **options):
        with self.assertRaises(LinkDetached) as caught:
            function(*arguments, **options)
        return str(caught.exception)


def receive(receiver):
    message = receiver.receive(timeout=15)
    receiver.accept()
    return message


class Publishing(Case):
    def test_an_event_reaches_subscribers_as_it_was_sent(self):
        connection = self.connect()
        receiver = connection.create_receiver(EVENTS, credit=5)
        connection.create_sender(EVENTS).send(Message(body=b"<Event>\n <a/></Event>", properties={"k": 7, "event": "forged"}))
        message = receive(receiver)
        self.assertEqual(bytes(message.body), b"<Event>\n <a/></Event>")
        self.assertEqual((message.content_type, message.subject, message.user_id), ("application/xml", "event", b"admin"))
        self.assertEqual(message.properties, {"event": "PhoneStatus", "node": "fixture", "k": 7})
        self.assertEqual(str(uuid.UUID(message.id)), message.id)
        self.assertGreater(message.creation_time, 1.6e9)

    def test_string_and_binary_bodies_are_taken_and_others_not(self):
        sender = self.connect().create_sender(EVENTS)
        sender.send(Message(body="<Event/>"))
        sender.send(Message(body=b"<Event/>", inferred=False))
        for body in (5, {"a": 1}, ["<Event/>"], None):
            with self.assertRaises(SendException):
                sender.send(Message(body=body))

    def test_a_rejected_event_tells_condition_and_reason(self):
        sender = self.connect().create_sender(EVENTS)
        delivery = sender.link.send(Message(body=b"no document"))
        sender.connection.wait(lambda: delivery.settled)
        self.assertEqual(delivery.remote.condition.name, "amqp:invalid-field")
        self.assertIn("1:1", delivery.remote.condition.description)
        self.assertIn("does not start with '<'", delivery.remote.condition.description)

    def test_rejected_presettled_events_are_counted_and_the_first_is_logged(self):
        sender = self.connect().create_sender(EVENTS, options=AtMostOnce())
        for _ in range(150):
            sender.link.send(Message(body=b"no document"))
        other = self.connect().create_sender(EVENTS)
        sender.connection.wait(lambda: sender.link.queued == 0)
        other.send(Message(body=b"<Event/>"))
        sender.connection.close()
        self.stop()
        first, last = [line for line in self.server.last_log.splitlines() if "refus" in line]
        self.assertRegex(first, r"^refused a message of 'admin' from 127.0.0.1:\d+: amqp:invalid-field, .*"
                                r"does not start with '<'.*; this connection's further refusals are only counted$")
        self.assertRegex(last, r"^the connection of 'admin' from 127.0.0.1:\d+ ended with 150 refusals$")
        self.assertEqual(self.server.counters["rejected_presettled"], 150)
        self.assertEqual(self.server.counters["rejected"], 150)

    def test_of_a_burst_each_has_its_own_outcome_and_order_is_kept(self):
        receiver = self.connect().create_receiver(EVENTS, credit=500)
        sender = self.connect().create_sender(EVENTS)
        documents = [f"<Event>{i}</Event>" if i % 7 else "no document" for i in range(300)]
        deliveries = [sender.link.send(Message(body=document)) for document in documents]
        sender.connection.wait(lambda: all(delivery.settled for delivery in deliveries))
        accepted = [delivery.remote_state == Delivery.ACCEPTED for delivery in deliveries]
        self.assertEqual(accepted, [document != "no document" for document in documents])
        events = [document for document in documents if document != "no document"]
        self.assertEqual([bytes(receive(receiver).body).decode() for _ in events], events)

    def test_what_was_sent_before_its_link_or_connection_ended_is_published(self):
        receiver = self.connect().create_receiver(EVENTS, credit=500)
        publisher = self.connect()
        expected = []
        for end in ("link", "connection"):
            sender = publisher.create_sender(EVENTS, name=end, options=AtMostOnce())
            publisher.wait(lambda: sender.link.credit >= 100)
            for i in range(100):
                expected.append(f"<Event>{end} {i}</Event>")
                sender.link.send(Message(body=expected[-1]))
            publisher.wait(lambda: sender.link.queued == 0)  # the client's end of a connection overtakes what it holds
            (sender if end == "link" else publisher).close()
        self.assertEqual([bytes(receive(receiver).body).decode() for _ in expected], expected)

    def test_a_foreign_user_id_is_rejected(self):
        sender = self.connect().create_sender(EVENTS)
        sender.send(Message(body=b"<Event/>", user_id=b"admin"))
        delivery = sender.link.send(Message(body=b"<Event/>", user_id=b"root"))
        sender.connection.wait(lambda: delivery.settled)
        self.assertEqual(delivery.remote.condition.name, "amqp:unauthorized-access")


class Subscribing(Case):
    def test_presettled_and_unsettled_deliveries(self):
        connection = self.connect()
        for options, settled in ((AtMostOnce(), True), (AtLeastOnce(), False), (Unsettled(), False)):
            receiver = connection.create_receiver(EVENTS, credit=5, name=uuid.uuid4().hex, options=options)
            connection.create_sender(EVENTS, name=uuid.uuid4().hex).send(Message(body=b"<Event/>"))
            receiver.receive(timeout=15)
            self.assertEqual(receiver.fetcher.unsettled[0].settled if receiver.fetcher.unsettled else True, settled)
            receiver.accept() if receiver.fetcher.unsettled else None
            receiver.close()

    def test_the_filter_in_force_is_echoed(self):
        connection = self.connect()
        for descriptor in (XQUERY, XQUERY_CODE):
            receiver = connection.create_receiver(EVENTS, name=uuid.uuid4().hex,
                                                  options=XQueryFilter("1=1", descriptor, "my key"))
            filters = receiver.link.remote_source.filter
            self.assertTrue(filters.next())
            self.assertEqual(filters.get_dict(), {symbol("my key"): Described(descriptor, "1=1")})

    def test_filters_that_cannot_be_used_are_refused(self):
        connection = self.connect()
        text = self.refused(connection.create_receiver, EVENTS, name="a", options=XQueryFilter("bad"))
        self.assertIn("amqp:invalid-field", text)
        self.assertIn("XPST0003", text)
        text = self.refused(connection.create_receiver, EVENTS, name="b",
                            options=XQueryFilter("1", symbol("apache.org:selector-filter:string")))
        self.assertIn("amqp:not-implemented", text)
        two = Filter({symbol(key): Described(XQUERY, "1") for key in ("a", "b")})
        self.assertIn("amqp:invalid-field", self.refused(connection.create_receiver, EVENTS, name="c", options=two))
        for number, value in enumerate(("1=1", Described(XQUERY, 5), Described(5.0, "1"))):
            text = self.refused(connection.create_receiver, EVENTS, name=f"d{number}",
                                options=Filter({symbol("xquery"): value}))
            self.assertIn("amqp:invalid-field", text)
        connection.create_sender(EVENTS).send(Message(body=b"<Event/>"))

    def test_drain_is_answered(self):
        connection = self.connect()
        receiver = connection.create_receiver(EVENTS, credit=0)
        receiver.link.drain(10)
        connection.wait(lambda: receiver.link.credit == 0)
        connection.create_sender(EVENTS).send(Message(body=b"<Event>1</Event>"))
        receiver.link.flow(1)
        self.assertEqual(bytes(receive(receiver).body), b"<Event>1</Event>")


BODY = b"<Event>" + b"x" * 986 + b"</Event>"  # 1,001 bytes


class HeldBytes(Case):
    """What one connection, and all of them, may have waiting."""
    arguments = ("--connection-bytes", "20000", "--held-bytes", "50000")

    def receivers(self, connections, links):
        found = []
        for _ in range(connections):
            connection = self.connect()
            found += [connection.create_receiver(EVENTS, credit=0, name=str(number)) for number in range(links)]
        return found

    def waiting(self, receivers):
        """How many events each of them gets, once it grants credit."""
        sender = self.connect().create_sender(EVENTS)
        for _ in range(60):
            sender.send(Message(body=BODY))
        counts = []
        for receiver in receivers:
            receiver.link.flow(100)
            first = receive(receiver)
            counts.append(60 - first.properties["dropped"])
            for _ in range(counts[-1] - 1):
                self.assertNotIn("dropped", receive(receiver).properties)
        return counts

    def test_one_connection(self):
        counts = self.waiting(self.receivers(1, 4))
        self.assertLessEqual(sum(counts), 20)
        self.assertGreaterEqual(min(counts), 1, "the newest stays")

    def test_all_connections(self):
        counts = self.waiting(self.receivers(5, 1))
        self.assertLessEqual(sum(counts), 50)
        self.assertGreaterEqual(min(counts), 1)

    def test_a_receiver_that_does_not_settle(self):
        """It holds no more than the limit of its connection, and gets the rest as it settles."""
        with raw.login(self.server.port, window=1 << 20) as peer:
            peer.sendall(raw.attach_receiver("r", 0, EVENTS) + raw.flow(0, 1000, window=1 << 20))
            raw.read_until(peer, b"\x00\x53\x12")
            sender = self.connect().create_sender(EVENTS)
            for number in range(60):
                sender.send(Message(body=BODY.replace(b">xx", b">%dx" % number)))
            got = raw.read_until(peer, b"<Event>15x")
            self.assertIn(b"<Event>15x", got)
            got += raw.read_until(peer, b"never", 1)
            self.assertLessEqual(got.count(b"<Event>"), 21)


class Gap(Case):
    arguments = ("--queue-events", "10")

    def test_the_next_event_tells_how_many_were_lost(self):
        connection = self.connect()
        receiver = connection.create_receiver(EVENTS, credit=0)
        sender = connection.create_sender(EVENTS)
        for number in range(25):
            sender.send(Message(body=b"<Event>%d</Event>" % number))
        receiver.link.flow(20)
        first = receive(receiver)
        self.assertEqual(bytes(first.body), b"<Event>15</Event>")
        self.assertEqual(first.properties["dropped"], 15)
        second = receive(receiver)
        self.assertEqual(bytes(second.body), b"<Event>16</Event>")
        self.assertNotIn("dropped", second.properties)


class Addresses(Case):
    forms = (EVENTS, "/" + EVENTS, "org.clacks", "org.clacks/event", "/org.clacks/event", "amqps://host/" + EVENTS,
             "amqp://u:p@host:5672/org.clacks/event")

    def test_every_form_of_the_event_address(self):
        connection = self.connect()
        for form in self.forms:
            receiver = connection.create_receiver(form, credit=1, name=uuid.uuid4().hex)
            connection.create_sender(form, name=uuid.uuid4().hex).send(Message(body=b"<Event/>"))
            receive(receiver)
            receiver.close()

    def test_anonymous_relay(self):
        connection = self.connect()
        self.assertIn("ANONYMOUS-RELAY", str(connection.conn.remote_offered_capabilities))
        receiver = connection.create_receiver(EVENTS, credit=20)
        sender = connection.create_sender(None)
        for form in self.forms:
            sender.send(Message(address=form, body=b"<Event/>"))
            receive(receiver)
        for to, words in (("org.clacks.evnt", "did you mean 'org.clacks.event'"), (None, "names no address")):
            delivery = sender.link.send(Message(address=to, body=b"<Event/>"))
            connection.wait(lambda: delivery.settled)
            self.assertEqual(delivery.remote.condition.name, "amqp:not-found")
            self.assertIn(words, delivery.remote.condition.description)

    def test_unknown_addresses_are_refused_with_the_nearest_name(self):
        connection = self.connect()
        for create in (connection.create_sender, connection.create_receiver):
            text = self.refused(create, "org.clacks.evemt", name=uuid.uuid4().hex)
            self.assertIn("amqp:not-found", text)
            self.assertIn("did you mean 'org.clacks.event'", text)
        self.assertIn("org.clacks.command.core", self.refused(connection.create_sender, "org.clacks.command.croe"))
        self.assertIn("amqp:not-found", self.refused(connection.create_receiver, COMMANDS))
        text = self.refused(connection.create_sender, COMMANDS + ".fixtur")
        self.assertIn("did you mean 'fixture'", text)
        self.assertIn("amqp:not-found", self.refused(connection.create_receiver, "org.clacks.reply.1", name="r"))


class Requests(Case):
    arguments = ("--user", "admin:secret", "--user", "eve:other")

    def test_a_request_is_answered(self):
        connection = self.connect()
        for address, to in ((COMMANDS, None), (COMMANDS + ".fixture", None), (None, "/" + COMMANDS)):
            answer = SyncRequestResponse(connection, address).call(Message(address=to, body=b'{"method":"x"}'))
            self.assertEqual(bytes(answer.body), b'{"method":"x"}')
            self.assertEqual(answer.content_type, "application/json")

    def test_correlation_id_comes_back_or_the_message_id(self):
        connection = self.connect()
        replies = connection.create_receiver(None, dynamic=True, credit=9)
        sender = connection.create_sender(COMMANDS)
        address = replies.remote_source.address
        for given, back in (({"correlation_id": "c", "id": "m"}, "c"), ({"id": "m"}, "m"), ({"id": ulong(7)}, 7)):
            sender.send(Message(body=b"{}", reply_to=address, **given))
            self.assertEqual(receive(replies).correlation_id, back)

    def test_reply_addresses(self):
        connection = self.connect()
        first = connection.create_receiver(None, dynamic=True, credit=9, name="1")
        second = connection.create_receiver(None, dynamic=True, credit=9, name="2")
        self.assertNotEqual(first.remote_source.address, second.remote_source.address)
        self.assertRegex(first.remote_source.address, r"^org\.clacks\.reply\.[0-9a-f-]{36}$")
        sender = connection.create_sender(COMMANDS)
        gone = second.remote_source.address
        second.close()
        eve = self.connect(f"amqp://eve:other@127.0.0.1:{self.server.port}").create_sender(COMMANDS)
        for peer, reply_to, condition in ((sender, None, "amqp:invalid-field"), (sender, gone, "amqp:not-found"),
                                          (sender, EVENTS, "amqp:not-found"),
                                          (eve, first.remote_source.address, "amqp:not-found")):
            delivery = peer.link.send(Message(body=b"{}", reply_to=reply_to))
            peer.connection.wait(lambda: delivery.settled)
            self.assertEqual(delivery.remote.condition.name, condition)


class Clients(Case):
    arguments = ("--user", "admin:secret", "--user", "eve:other")
    address = "org.clacks.client.5f0c7a3e-0000-4000-8000-000000000001"

    def test_a_request_reaches_the_client_and_its_answer_comes_back(self):
        client, caller = self.connect(), self.connect()
        requests = client.create_receiver("/" + self.address, credit=5)
        self.assertEqual(requests.remote_source.address, "/" + self.address)
        replies = caller.create_receiver(None, dynamic=True, credit=5)
        caller.create_sender(self.address).send(
            Message(body=b'{"method":"wakeup"}', reply_to=replies.remote_source.address, correlation_id="17"))
        request = receive(requests)
        self.assertEqual(bytes(request.body), b'{"method":"wakeup"}')
        self.assertEqual((request.user_id, request.correlation_id), (b"admin", "17"))
        client.create_sender(request.reply_to).send(Message(body=b'{"result":1}', correlation_id=request.correlation_id))
        answer = receive(replies)
        self.assertEqual((bytes(answer.body), answer.correlation_id), (b'{"result":1}', "17"))

    def test_a_client_that_is_not_connected_is_refused(self):
        connection = self.connect()
        text = self.refused(connection.create_sender, self.address)
        self.assertIn("amqp:not-found", text)
        self.assertIn("no such client is connected", text)
        requests = connection.create_receiver(self.address, credit=5)
        replies = connection.create_receiver(None, dynamic=True, credit=5, name="replies")
        sender = connection.create_sender(self.address)
        requests.close()
        delivery = sender.link.send(Message(body=b"{}", reply_to=replies.remote_source.address))
        connection.wait(lambda: delivery.settled)
        self.assertIn("no such client is connected", delivery.remote.condition.description)

    def test_another_user_does_not_reach_it_nor_take_its_place(self):
        requests = self.connect().create_receiver(self.address, credit=5)
        eve = self.connect(f"amqp://eve:other@127.0.0.1:{self.server.port}")
        self.assertIn("amqp:not-found", self.refused(eve.create_sender, self.address))
        eve.create_receiver(self.address, credit=5, name="squatter")
        caller = self.connect()
        replies = caller.create_receiver(None, dynamic=True, credit=5)
        caller.create_sender(self.address).send(Message(body=b"{}", reply_to=replies.remote_source.address))
        self.assertEqual(bytes(receive(requests).body), b"{}")

    def test_a_client_that_comes_back_takes_its_own_place(self):
        old = self.connect().create_receiver(self.address, credit=5)
        new = self.connect().create_receiver(self.address, credit=5)
        with self.assertRaises(LinkDetached) as caught:
            old.receive(timeout=15)
        self.assertIn("amqp:link:stolen", str(caught.exception))
        caller = self.connect()
        replies = caller.create_receiver(None, dynamic=True, credit=5)
        caller.create_sender(self.address).send(Message(body=b"{}", reply_to=replies.remote_source.address))
        self.assertEqual(bytes(receive(new).body), b"{}")


class Limits(Case):
    arguments = ("--max-connections", "2", "--links", "3")

    def test_the_connection_beyond_the_limit_is_told(self):
        first, second = self.connect(), self.connect()
        with raw.connect(self.server.port) as third:
            third.sendall(raw.SASL_HEADER + raw.sasl_init() + raw.AMQP_HEADER + raw.open_frame())
            self.assertIn(b"amqp:resource-limit-exceeded", raw.read_until(third, b"resource-limit-exceeded"))
        first.close()
        def admitted():
            with raw.connect(self.server.port) as peer:
                peer.sendall(raw.SASL_HEADER + raw.sasl_init() + raw.AMQP_HEADER + raw.open_frame() + raw.begin())
                got = raw.read_until(peer, b"\x00\x53\x11")
                return b"resource-limit-exceeded" not in got and b"\x00\x53\x11" in got
        self.assertTrue(wait_for(admitted))
        second.create_sender(EVENTS).send(Message(body=b"<Event/>"))
        second.close()
        self.stop()
        self.assertGreaterEqual(self.server.counters["refused"], 1)
        lines = [line for line in self.server.last_log.splitlines() if "max_connections" in line]
        self.assertIn("all 2 connections are taken", lines[0])
        self.assertLessEqual(len(lines), self.server.counters["refused"])

    def test_too_many_links(self):
        connection = self.connect()
        for number in range(3):
            connection.create_sender(EVENTS, name=str(number))
        self.assertIn("amqp:resource-limit-exceeded", self.refused(connection.create_sender, EVENTS, name="3"))


class Stop(Case):
    arguments = ("--stop", "20000")

    def test_queued_events_are_sent_before_the_end(self):
        count, reader = 600, raw.login(self.server.port, window=1 << 20)
        reader.sendall(raw.attach_receiver("late", 0, EVENTS) + raw.flow(0, 1 << 20, window=1 << 20))
        raw.read_until(reader, b"\x00\x53\x12")
        sender = self.connect().create_sender(EVENTS)
        for number in range(count):
            sender.send(Message(body=b"<Event>%s</Event>" % (b"x" * 20000)))
        self.server.terminate()
        self.assertTrue(wait_for(lambda: refuses(self.server.port)), "still accepts connections")
        got, reader_timeout = [], reader.settimeout(15)
        while more := reader.recv(1 << 20):
            got.append(more)
            if b"amqp:connection:forced" in more:
                break
        got = b"".join(got)
        self.assertEqual(got.count(b"</Event>"), count)
        self.assertNotIn(b"dropped", got)
        self.assertIn(b"amqp:connection:forced", got)
        reader.sendall(raw.close())
        reader.close()

    def test_a_peer_that_never_answers_does_not_stop_the_stop(self):
        self.server.stop()
        self.server = Server("--stop", "300")
        peers = [raw.login(self.server.port), raw.connect(self.server.port)]
        peers[0].sendall(raw.attach_receiver("deaf", 0, EVENTS))  # and grants no credit
        raw.read_until(peers[0], b"\x00\x53\x12")
        with raw.login(self.server.port) as sender:
            sender.sendall(raw.attach_sender("s", 0, EVENTS))
            raw.read_until(sender, b"\x00\x53\x13")
            sender.sendall(raw.transfer(0, 0, raw.data_message()))
            raw.read_until(sender, b"\x00\x53\x24")
        self.stop()
        for peer in peers:
            peer.close()


def refuses(port):
    try:
        raw.connect(port, 1).close()
        return False
    except ConnectionRefusedError:
        return True


class Scram(Case):
    def exchange(self, password, user="admin"):
        """SCRAM-SHA-256 (RFC 7677) by hand; the SASL outcome's code, or None."""
        nonce = base64.b64encode(os.urandom(12)).decode()
        bare = f"n={user},r={nonce}"
        with raw.connect(self.server.port) as peer:
            peer.sendall(raw.SASL_HEADER + raw.sasl_init(raw.symbol("SCRAM-SHA-256"), f"n,,{bare}".encode()))
            got = raw.read_until(peer, b",i=")
            first = re.search(rb"r=[^,]+,s=[^,]+,i=\d+", got)
            if not first:
                return self.outcome(got)
            first = first.group().decode()
            fields = dict(part.split("=", 1) for part in first.split(","))
            self.assertTrue(fields["r"].startswith(nonce))
            salted = hashlib.pbkdf2_hmac("sha256", password.encode(), base64.b64decode(fields["s"]), int(fields["i"]))
            key = hmac.digest(salted, b"Client Key", "sha256")
            last = f"c=biws,r={fields['r']}"
            signature = hmac.digest(hashlib.sha256(key).digest(), f"{bare},{first},{last}".encode(), "sha256")
            proof = base64.b64encode(bytes(a ^ b for a, b in zip(key, signature))).decode()
            peer.sendall(raw.sasl_response(f"{last},p={proof}".encode()))
            got = raw.read_until(peer, b"\x00\x53\x44", 3)
            if b"v=" in got and b"\x00\x53\x44" not in got:
                peer.sendall(raw.sasl_response(b""))
                got = raw.read_until(peer, b"\x00\x53\x44")
            code = self.outcome(got)
            if code == 0:
                peer.sendall(raw.AMQP_HEADER + raw.open_frame() + raw.begin() + raw.attach_sender("s", 0, EVENTS))
                self.assertIn(b"\x00\x53\x12", raw.read_until(peer, b"\x00\x53\x12"))
            return code

    @staticmethod
    def outcome(got):
        found = re.search(rb"\x00\x53\x44(?:\xc0..|\xd0.{8})(?:\x50(.)|(\x40))", got, re.DOTALL)
        return found.group(1)[0] if found and found.group(1) else None

    def test_right_and_wrong_password(self):
        self.assertEqual(self.exchange("secret"), 0)
        self.assertEqual(self.exchange("wrong"), 1)
        self.assertEqual(self.exchange("secret", "nobody"), 1)


class Tls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.certificate, cls.key = (os.path.join(cls.folder.name, name) for name in ("cert.pem", "key.pem"))
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                        "-keyout", cls.key, "-out", cls.certificate, "-days", "2", "-subj", "/CN=localhost",
                        "-addext", "subjectAltName=DNS:localhost"], check=True, capture_output=True)

    def setUp(self):
        self.server = Server("--listen", "amqps://127.0.0.1:0", "--listen", "amqp://127.0.0.1:0", "--certificate",
                             self.certificate, "--key", self.key, "--deadline", "1000")
        self.addCleanup(lambda: self.assertEqual(self.server.stop(), 0))

    def test_events_over_tls(self):
        domain = SSLDomain(SSLDomain.MODE_CLIENT)
        domain.set_trusted_ca_db(self.certificate)
        domain.set_peer_authentication(SSLDomain.VERIFY_PEER_NAME, self.certificate)
        connection = BlockingConnection(f"amqps://admin:secret@localhost:{self.server.ports[0]}", timeout=15,
                                        ssl_domain=domain, allowed_mechs="PLAIN")
        receiver = connection.create_receiver(EVENTS, credit=5)
        connection.create_sender(EVENTS).send(Message(body=b"<Event/>"))
        self.assertEqual(bytes(receive(receiver).body), b"<Event/>")
        connection.close()

    def test_old_protocols_are_refused(self):
        context = ssl.create_default_context(cafile=self.certificate)
        context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_1
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        with raw.connect(self.server.ports[0]) as peer, self.assertRaises(OSError):
            context.wrap_socket(peer, server_hostname="localhost")

    def test_plaintext_on_the_tls_port_is_refused(self):
        with raw.connect(self.server.ports[0]) as peer:
            peer.sendall(raw.SASL_HEADER + raw.sasl_init())
            self.assertTrue(raw.closed_within(peer, 10))

    def test_half_open_tls_connections_meet_the_deadline_and_leak_nothing(self):
        before = self.server.descriptors()
        hello = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + os.urandom(507)
        peers = [raw.connect(self.server.ports[0]) for _ in range(40)]
        for number, peer in enumerate(peers):
            peer.sendall(hello[:(0, 3, 50, len(hello))[number % 4]])
        context = ssl.create_default_context(cafile=self.certificate)
        handshaken = context.wrap_socket(raw.connect(self.server.ports[0]), server_hostname="localhost")
        for peer in [handshaken] + peers:
            self.assertTrue(raw.closed_within(peer, 10))
            peer.close()
        self.assertTrue(wait_for(lambda: self.server.descriptors() <= before))


class Listeners(unittest.TestCase):
    def failure(self, *arguments):
        server = Server(*arguments)
        self.assertIsNone(server.port)
        self.assertEqual(server.stop(), 1)
        return server.last_log

    def test_loopback_is_told_and_how_to_change_it(self):
        server = Server("--listen", "amqp://127.0.0.1:0", "--listen", "amqp://127.0.0.1:0")
        lines = server.log().splitlines()
        for port in server.ports:
            self.assertEqual(lines.count(f"listening on amqp://127.0.0.1:{port}"), 1)
        self.assertTrue(wait_for(lambda: "this machine only" in server.log()))
        hint = [line for line in server.log().splitlines() if "this machine only" in line]
        self.assertEqual(len(hint), 1)
        self.assertIn("[amqp] url", hint[0])
        self.assertEqual(server.stop(), 0)

    def test_ipv6_loopback(self):
        server = Server("--listen", "amqp://[::1]:0")
        self.assertIn(f"listening on amqp://[::1]:{server.port}", server.log())
        connection = BlockingConnection(f"amqp://admin:secret@[::1]:{server.port}", timeout=15, allowed_mechs="PLAIN")
        connection.create_sender(EVENTS).send(Message(body=b"<Event/>"))
        connection.close()
        self.assertEqual(server.stop(), 0)

    def test_a_port_in_use_is_named_with_what_to_do(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            log = self.failure("--listen", "amqp://127.0.0.1:0", "--listen", f"amqp://127.0.0.1:{port}")
        self.assertIn(f"cannot listen on amqp://127.0.0.1:{port}", log)
        self.assertIn("Address already in use", log)
        self.assertIn("ss -ltnp", log)

    def test_beyond_loopback_only_with_tls(self):
        for host in ("0.0.0.0", "[::]", "192.0.2.1", "127.0.0.1.example.org"):
            log = self.failure("--listen", f"amqp://{host}:0")
            self.assertIn("without TLS", log)
            self.assertIn("amqps", log)

    def test_an_unusable_certificate_is_named(self):
        self.assertIn("/nowhere/cert.pem", self.failure("--listen", "amqps://127.0.0.1:0", "--certificate",
                                                        "/nowhere/cert.pem", "--key", "/nowhere/key.pem"))


if __name__ == "__main__":
    unittest.main()
