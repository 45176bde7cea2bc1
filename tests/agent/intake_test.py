"""A module's own listener, as senders without a login see it: they reach its address, and nothing else."""
import os
import socket
import subprocess
import tempfile
import unittest
import uuid

import raw_amqp as raw
from bus_server import Server, wait_for
from proton import Message
from proton.reactor import AtMostOnce
from proton.utils import BlockingConnection, LinkDetached, SendException

EVENTS = "org.clacks.event"


class Intake(unittest.TestCase):
    def setUp(self):
        self.server = Server("--intake", "amqp://127.0.0.1:0/collectd")
        self.addCleanup(self.stop)

    def stop(self):
        self.assertEqual(self.server.stop(), 0, self.server.last_log)

    def connect(self, **options):
        connection = BlockingConnection(f"amqp://127.0.0.1:{self.server.ports[1]}", timeout=15,
                                        **{"sasl_enabled": False, **options})
        self.addCleanup(connection.close)
        return connection

    def bodies(self):
        return [line[8:] for line in self.server.log().splitlines() if line.startswith("intake: ")]

    def rejected(self, sender, message):
        delivery = sender.link.send(message)
        sender.connection.wait(lambda: delivery.settled)
        return str(delivery.remote.condition)

    def test_messages_to_its_address_are_taken_in_every_form(self):
        connection = self.connect()
        relay = connection.create_sender(None)
        for number, form in enumerate(("collectd", "/collectd", "/collectd/one", "collectd/one/two")):
            relay.send(Message(address=form, body=b"relay %d" % number, inferred=False))
            connection.create_sender(form, name=uuid.uuid4().hex).send(Message(body=b"link %d" % number))
        presettled = connection.create_sender("collectd", options=AtMostOnce())
        presettled.link.send(Message(body=b"presettled"))
        connection.close()
        expected = [f"{kind} {number}" for number in range(4) for kind in ("relay", "link")] + ["presettled"]
        self.assertTrue(wait_for(lambda: len(self.bodies()) == len(expected)))
        self.assertEqual(self.bodies(), expected)

    def test_every_other_address_is_refused(self):
        connection = self.connect()
        relay = connection.create_sender(None)
        for form in (EVENTS, "/" + EVENTS, "org.clacks.command.core", "collectd2", "other/collectd", "amqp://h/collectd"):
            with self.assertRaises(LinkDetached) as caught:
                connection.create_sender(form, name=uuid.uuid4().hex)
            self.assertIn("takes messages to 'collectd' only", str(caught.exception))
            self.assertIn("amqp:not-found", self.rejected(relay, Message(address=form, body=b"<Event/>")))
        self.assertIn("amqp:not-found", self.rejected(relay, Message(body=b"x")))
        self.assertEqual(self.bodies(), [])

    def test_nothing_is_to_be_received(self):
        connection = self.connect()
        for source, options in ((EVENTS, {}), ("collectd", {}), (None, {"dynamic": True})):
            with self.assertRaises(LinkDetached) as caught:
                connection.create_receiver(source, name=uuid.uuid4().hex, **options)
            self.assertIn("nothing can be received here", str(caught.exception))

    def test_a_login_gives_no_more_rights(self):
        connection = self.connect(sasl_enabled=True, user="admin", password="secret", allowed_mechs="PLAIN",
                                  allow_insecure_mechs=True)
        connection.create_sender("collectd").send(Message(body=b"x"))
        with self.assertRaises(LinkDetached):
            connection.create_sender(EVENTS, name="events")

    def test_bad_messages_are_refused_and_the_first_is_logged(self):
        sender = self.connect().create_sender("collectd")
        self.assertIn("amqp:not-implemented", self.rejected(sender, Message(body={"a": 1})))
        self.assertIn("the module that listened here has ended", self.rejected(sender, Message(body=b"the end")))
        with self.assertRaises((LinkDetached, SendException)):
            sender.send(Message(body=b"x" * (1024 * 1024 + 1)))
        refusals = [line for line in self.server.log().splitlines() if line.startswith("refused a message")]
        self.assertEqual(len(refusals), 1)
        self.assertRegex(refusals[0], r"^refused a message of an unnamed sender from 127\.0\.0\.1:\d+: ")

    def test_the_other_listeners_still_want_a_login(self):
        with raw.connect(self.server.ports[0]) as peer:
            peer.sendall(raw.AMQP_HEADER + raw.open_frame())
            self.assertNotIn(b"\x00\x53\x10", raw.read_until(peer, b"\x00\x53\x10"))
        self.assertTrue(wait_for(lambda: "Client skipped authentication" in self.server.log()))

    def test_too_many_connections_take_nobody_elses_place(self):
        kept = [raw.connect(self.server.ports[1]) for _ in range(33)]
        self.assertTrue(wait_for(lambda: "32 connections of modules' listeners are taken" in self.server.log()))
        ordinary = BlockingConnection(f"amqp://admin:secret@127.0.0.1:{self.server.port}", timeout=15,
                                      allowed_mechs="PLAIN")
        ordinary.create_sender(EVENTS).send(Message(body=b"<Event/>"))
        ordinary.close()
        for peer in kept:
            peer.close()

        def admitted():
            with raw.connect(self.server.ports[1]) as peer:
                peer.sendall(raw.AMQP_HEADER + raw.open_frame() + raw.begin())
                return b"\x00\x53\x11" in raw.read_until(peer, b"\x00\x53\x11")
        self.assertTrue(wait_for(admitted, 30))


class Places(unittest.TestCase):
    def refused(self, url):
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run([os.path.join(os.environ["CLACKS_BIN"], "bus-fixture"), "--sasldb",
                                   os.path.join(folder, "users"), "--intake", url],
                                  capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 1)
        return done.stderr

    def test_an_address_beyond_this_machine_is_refused(self):
        for host in ("0.0.0.0", "[::]", "127.example.org"):
            self.assertIn("without a login; listen on 127.0.0.1 or ::1", self.refused(f"amqp://{host}:0/collectd"))

    def test_a_port_that_is_taken_is_told(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            self.assertIn(f"cannot listen on amqp://127.0.0.1:{port}: ", self.refused(f"amqp://127.0.0.1:{port}/collectd"))


unittest.main()
