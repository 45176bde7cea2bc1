"""Deliveries in parts whose transfers leave out what AMQP asks for: none ends the bus, and good ones go on."""
import pathlib
import ssl
import tempfile
import unittest

import raw_amqp as raw
from authority import self_signed
from bus_server import wait_for
from hostile_test import ACCEPTED, EVENTS, FLOW, Case

NO_ID = "leaves out its delivery-id"
BEGUN = b"\x00\x53\x11"
SECTION = b"2.7.5"  # the end of the reason


def part(payload=b"", delivery_id=None, more=True, aborted=False, handle=0, channel=0, state=raw.NULL, yes=raw.TRUE):
    """A transfer, without a delivery-id unless one is given."""
    number = raw.NULL if delivery_id is None else raw.uint(delivery_id)
    fields = (raw.uint(handle), number, b"\xa0\x01x", raw.uint(0), raw.FALSE, yes if more else raw.FALSE, raw.NULL, state,
              raw.NULL, raw.TRUE if aborted else raw.FALSE)
    return raw.frame(raw.composite(0x14, *fields), channel, 0, payload)


def spelled(descriptor, elements):
    """The performative that part() sends, in other words of AMQP's encoding."""
    return raw.frame(b"\x00" + descriptor + elements)


FIELDS = b"\x43\x40\x40\x40\x40\x41"  # handle 0, no delivery-id, no tag, format or settled, more
BAD = {
    "plainly": part(),
    "in a list of the short form": spelled(b"\x53\x14", b"\xc0\x07\x06" + FIELDS),
    "with a long descriptor": spelled(b"\x80" + bytes(7) + b"\x14", b"\xc0\x07\x06" + FIELDS),
    "with a count that is not so": spelled(b"\x53\x14", b"\xc0\x07\x01" + FIELDS),
    "with true in two bytes": part(yes=b"\x56\x01"),
    "with a delivery-id that is no uint": spelled(b"\x53\x14", b"\xc0\x0a\x06\x43\x71\x00\x00\x00\x01" + FIELDS[2:]),
    "with an extended header": b"\x00\x00\x00\x18\x03\x00\x00\x00eeee" + b"\x00\x53\x14\xc0\x07\x06" + FIELDS,
    "with a message": part(raw.data_message()),
    "after a delivery that ended": part(b"x", 0) + part(b"x", more=False) + part(),
    "after one that was aborted": part(b"x", 0) + part(aborted=True) + part(),
    "on a link of the same handle": part(b"x", 0) + raw.detach(0) + raw.attach_sender("again", 0, EVENTS) + part(),
    "in a session of the same channel": part(b"x", 0) + raw.end() + raw.begin() + raw.attach_sender("new", 0, EVENTS) + part(),
    "on another link": part(b"x", 0) + raw.attach_sender("other", 1, EVENTS) + part(handle=1),
}


class Parts(Case):
    # Who was refused is let go by the deadline, unless he goes first.
    arguments = ("--deadline", "500", "--idle", "2000")

    def connected(self):
        return raw.connect(self.server.port)

    def opened(self):
        """A peer with a session."""
        return raw.log_in(self.connected())

    def begun(self):
        """A peer with a link of handle 0."""
        peer = self.opened()
        peer.sendall(raw.attach_sender("hostile", 0, EVENTS))
        self.assertIn(FLOW, raw.read_until(peer, FLOW))
        return peer

    def test_a_delivery_that_begins_without_its_id(self):
        for how, sent in BAD.items():
            with self.subTest(how), self.begun() as peer:
                peer.sendall(sent)
                self.assertTrue(raw.closed_within(peer, 10))
                self.assertTrue(self.server.alive())
                self.check_works()

    def test_it_comes_byte_by_byte(self):
        with self.begun() as peer:
            for byte in part():
                peer.sendall(bytes([byte]))
            self.assertTrue(raw.closed_within(peer, 10))

    def test_the_peer_and_the_log_learn_why(self):
        with self.begun() as peer:
            peer.sendall(part())
            condition, why = raw.condition_of(raw.read_until(peer, SECTION))
            self.assertEqual(condition, "amqp:invalid-field")
            self.assertIn(NO_ID, why)
        self.assertTrue(wait_for(lambda: NO_ID in self.server.log()))
        self.assertRegex(self.server.log(), "ended the connection of .* from 127.0.0.1:")

    def test_what_it_sends_after_that_counts_for_nothing(self):
        with self.begun() as peer:
            peer.sendall(part() + raw.transfer(0, 0, raw.data_message()) * 1000)
            self.assertNotIn(ACCEPTED, raw.read_until(peer, ACCEPTED))

    def test_before_the_login(self):
        for sent in (raw.AMQP_HEADER + part(), raw.SASL_HEADER + part(), raw.SASL_HEADER + raw.sasl_init() + part(),
                     raw.SASL_HEADER + raw.sasl_init() + raw.AMQP_HEADER + part()):
            with self.connected() as peer:
                peer.sendall(sent)
                self.assertTrue(raw.closed_within(peer, 10))

    def test_later_parts_need_none(self):
        body = raw.data_message(b"<Event/>")
        with self.begun() as peer:
            for byte in part(body[:3], 0) + part(body[3:5]) + part(body[5:], more=False):
                peer.sendall(bytes([byte]))
            self.assertIn(ACCEPTED, raw.read_until(peer, ACCEPTED))
            peer.sendall(part(body[:3], 1) + raw.frame(b"") + part(body[3:], more=False))
            self.assertIn(ACCEPTED, raw.read_until(peer, ACCEPTED))
            peer.sendall(part(body[:3], 2, state=raw.composite(0x24)) + part(body[3:], 2, more=False))
            self.assertIn(ACCEPTED, raw.read_until(peer, ACCEPTED))

    def test_parts_of_two_links_in_turn(self):
        body = raw.data_message(b"<Event/>")
        with self.begun() as peer:
            peer.sendall(raw.attach_sender("second", 1, EVENTS))
            self.assertIn(FLOW, raw.read_until(peer, FLOW))
            peer.sendall(part(body[:3], 0) + part(body[:4], 1, handle=1) + part(body[3:], more=False) +
                         part(body[4:], more=False, handle=1) + raw.transfer(0, 2, body) + raw.detach(0))
            self.assertGreaterEqual(raw.read_until(peer, b"\x00\x53\x16").count(ACCEPTED), 1)


class OverTls(Parts):
    """Here proton gets its bytes from OpenSSL."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.chain, key = self_signed(pathlib.Path(folder.name))
        self.arguments = (*Parts.arguments, "--certificate", str(self.chain), "--key", str(key), "--listen",
                          "amqp://127.0.0.1:0", "--listen", "amqps://127.0.0.1:0")
        super().setUp()

    def connected(self):
        context = ssl.create_default_context(cafile=self.chain)
        return context.wrap_socket(raw.connect(self.server.ports[1]), server_hostname="localhost")


class AtAnIntake(Parts):
    """Here nobody logs in."""
    arguments = (*Parts.arguments, "--intake", f"amqp://127.0.0.1:0/{EVENTS}")

    def connected(self):
        return raw.connect(self.server.ports[-1])

    def opened(self):
        peer = self.connected()
        peer.sendall(raw.AMQP_HEADER + raw.open_frame() + raw.begin())
        self.assertIn(BEGUN, raw.read_until(peer, BEGUN))
        return peer


if __name__ == "__main__":
    unittest.main()
