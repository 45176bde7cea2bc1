"""Nothing that a peer sends counts before it has logged in, whatever frames it uses and however it mixes the layers."""
import os
import pathlib
import ssl
import subprocess
import tempfile
import unittest

import raw_amqp as raw
from authority import self_signed
from hostile_test import ACCEPTED, ATTACHED, EVENTS, Case as Base

HEADERS = {"none": b"", "AMQP": raw.AMQP_HEADER, "SASL": raw.SASL_HEADER, "both": raw.SASL_HEADER + raw.AMQP_HEADER}
WRONG = raw.sasl_init(response=b"\0admin\0wrong")
OFFERS = b"ANONYMOUS-RELAY"  # in the bus's own open, not in the one that proton sends before an error
DEEP = b"\xc0\xff\x01" * 20000 + b"\x45"  # list in list, twenty thousand of them


def performatives():
    disposition = raw.frame(raw.composite(0x15, raw.TRUE, raw.uint(0)))
    return [raw.open_frame(), raw.begin(), raw.attach_sender("L", 0, EVENTS), raw.attach_receiver("R", 1, EVENTS),
            raw.flow(1, 10), raw.transfer(0, 0, raw.data_message()), disposition, raw.detach(0), raw.end(), raw.close()]


def of_kind(kind, frame):
    """The same frame, said to be one of AMQP (0) or of SASL (1)."""
    return frame[:5] + bytes([kind]) + frame[6:]


class Case(Base):
    def tearDown(self):
        super().tearDown()
        # One event of check_works() at the start, and one at the end.
        self.assertEqual(self.server.counters["published"], 2, "an event got in without a login")

    def keeps_out(self, *sent, port=None):
        """The peer gets no link and no open, and is let go by the deadline at the latest."""
        with raw.connect(port or self.server.port) as peer:
            try:
                peer.sendall(b"".join(sent))
            except OSError:
                return b""
            got = raw.read_until(peer, ACCEPTED, 10)
            for word in (ATTACHED, ACCEPTED, OFFERS):
                self.assertNotIn(word, got, sent)
            self.assertTrue(raw.closed_within(peer, 10))
            return got


class BeforeTheLogin(Case):
    arguments = ("--deadline", "300", "--idle", "2000")

    def test_every_performative_in_either_layer_behind_any_header(self):
        for header in HEADERS.values():
            for kind in (0, 1):
                frames = [of_kind(kind, frame) for frame in performatives()]
                self.keeps_out(header, *frames)
                for frame in frames:
                    self.keeps_out(header, frame)

    def test_frames_that_do_not_wait_for_the_answer_to_a_wrong_password(self):
        for kind in (0, 1):
            frames = [of_kind(kind, frame) for frame in performatives()[:6]]
            self.keeps_out(raw.SASL_HEADER, WRONG, raw.AMQP_HEADER, *frames)
            self.keeps_out(raw.SASL_HEADER, WRONG, *frames)
            self.keeps_out(raw.SASL_HEADER, *frames, WRONG)
            self.keeps_out(raw.SASL_HEADER, WRONG, raw.sasl_init(), raw.AMQP_HEADER, *frames)

    def test_frames_between_the_steps_of_a_login(self):
        begun = raw.sasl_init(raw.symbol("SCRAM-SHA-256"), b"n,,n=admin,r=abc")
        for kind in (0, 1):
            frames = [of_kind(kind, frame) for frame in performatives()[:6]]
            self.keeps_out(raw.SASL_HEADER, begun, raw.AMQP_HEADER, *frames)
            self.keeps_out(raw.SASL_HEADER, begun, *frames)

    def test_frames_that_only_a_server_sends(self):
        outcome = raw.frame(raw.composite(0x44, b"\x50\x00"), kind=1)
        mechanisms = raw.frame(raw.composite(0x40, raw.symbol("PLAIN")), kind=1)
        challenge = raw.frame(raw.composite(0x42, raw.binary(b"x")), kind=1)
        for frame in (outcome, mechanisms, challenge):
            self.keeps_out(raw.SASL_HEADER, frame, raw.AMQP_HEADER, *performatives()[:6])
            self.keeps_out(raw.AMQP_HEADER, of_kind(0, frame), *performatives()[:6])

    def test_fields_of_the_login_that_are_something_else(self):
        for field in (raw.NULL, DEEP, raw.uint(1), raw.mapping(), raw.string("PLAIN"), raw.binary(b"PLAIN")):
            for fields in ((field, raw.binary(b"\0admin\0wrong")), (raw.symbol("PLAIN"), field), (field, field, field)):
                self.keeps_out(raw.SASL_HEADER, raw.frame(raw.composite(0x41, *fields), kind=1), raw.AMQP_HEADER,
                               *performatives()[:6])
        self.keeps_out(raw.SASL_HEADER, raw.frame(raw.composite(0x43, DEEP), kind=1))


class AfterTheLogin(Base):
    def test_a_second_login_changes_nobody(self):
        eve = raw.sasl_init(response=b"\0eve\0wrong")
        more = [eve, raw.sasl_init(), raw.sasl_response(b"\0eve\0wrong"), raw.frame(raw.composite(0x44, b"\x50\x00"), kind=1)]
        for frame in more:
            for kind in (0, 1):
                for before in (b"", raw.AMQP_HEADER, raw.AMQP_HEADER + raw.open_frame()):
                    with raw.connect(self.server.port) as peer:
                        peer.sendall(raw.SASL_HEADER + raw.sasl_init() + before + of_kind(kind, frame))
                        raw.read_until(peer, b"never", 0.05)
        self.assertNotIn("'eve' connected", self.server.log())

    def test_logins_without_end_hold_no_memory(self):
        mechanism = b"\xb3" + (60000).to_bytes(4, "big") + b"x" * 60000
        before = self.server.memory()
        with raw.connect(self.server.port) as peer:
            peer.sendall(raw.SASL_HEADER + raw.sasl_init() + raw.AMQP_HEADER + raw.open_frame())
            self.assertIn(OFFERS, raw.read_until(peer, OFFERS))
            for _ in range(2000):
                peer.sendall(raw.sasl_init(mechanism))
            self.check_works()
        if self.server.judges_memory():
            self.assertLess(self.server.memory() - before, 30, "MiB more")

    def test_values_nested_without_end(self):
        empty = raw.NULL
        opened = raw.frame(raw.composite(0x10, raw.string("raw"), *[empty] * 8, raw.mapping(raw.symbol("k"), DEEP)))
        begun = raw.frame(raw.composite(0x11, empty, raw.uint(0), raw.uint(9), raw.uint(9), *[empty] * 3,
                                        raw.mapping(raw.symbol("k"), DEEP)))
        filters = raw.composite(0x28, raw.string(EVENTS), *[empty] * 6, raw.mapping(raw.symbol("k"), DEEP))
        subscriber = raw.frame(raw.composite(0x12, raw.string("R"), raw.uint(1), raw.TRUE, empty, empty, filters,
                                             raw.target("here")))
        properties = raw.frame(raw.composite(0x12, raw.string("P"), raw.uint(2), raw.TRUE, *[empty] * 2, raw.source(EVENTS),
                                             raw.target("here"), *[empty] * 6, raw.mapping(raw.symbol("k"), DEEP)))
        login = raw.SASL_HEADER + raw.sasl_init() + raw.AMQP_HEADER
        for sent in (opened, raw.open_frame() + begun, raw.open_frame() + raw.begin() + subscriber,
                     raw.open_frame() + raw.begin() + properties):
            with raw.connect(self.server.port) as peer:
                peer.sendall(login + sent)
                raw.read_until(peer, b"never", 0.2)
            self.check_works()

    def test_sections_of_a_message_nested_without_end(self):
        sections = [b"\x00\x53" + bytes([code]) + value for code in (0x71, 0x72, 0x74, 0x76, 0x77, 0x78)
                    for value in (DEEP, raw.mapping(raw.string("k"), DEEP), raw.sequence(DEEP))]
        for section in sections:
            for body in (section, section + raw.data_message(), raw.data_message() + section):
                with self.sender() as peer:
                    peer.sendall(raw.transfer(0, 0, body))
                    answered = raw.read_until(peer, b"\x00\x53\x15", 10)
                    self.assertIn(b"\x00\x53\x15", answered, "no disposition")


class Plain(Case):
    """Passwords in plain: over TLS, or on loopback; never otherwise."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.chain, key = self_signed(pathlib.Path(folder.name))
        self.arguments = ("--deadline", "1000", "--idle", "2000", "--certificate", str(self.chain), "--key", str(key),
                          "--listen", "amqp://127.0.0.1:0", "--listen", "amqps://127.0.0.1:0")
        super().setUp()

    def test_not_offered_and_not_taken_without_tls_where_tls_is_asked_for(self):
        got = self.keeps_out(raw.SASL_HEADER, raw.sasl_init(), raw.AMQP_HEADER, *performatives()[:6],
                             port=self.server.ports[1])
        self.assertNotIn(b"PLAIN", got)

    def test_offered_over_tls_from_1_2_on(self):
        context = ssl.create_default_context(cafile=self.chain)
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            context.minimum_version = context.maximum_version = version
            with context.wrap_socket(raw.connect(self.server.ports[1]), server_hostname="localhost") as peer:
                peer.sendall(raw.SASL_HEADER)
                self.assertIn(b"PLAIN", raw.read_until(peer, b"PLAIN"))
                peer.sendall(raw.sasl_init() + raw.AMQP_HEADER + raw.open_frame())
                self.assertIn(OFFERS, raw.read_until(peer, OFFERS))

    def test_no_listener_beyond_loopback_without_tls(self):
        done = subprocess.run([os.path.join(os.environ["CLACKS_BIN"], "bus-fixture"), "--sasldb", str(self.chain) + ".users",
                               "--listen", "amqp://0.0.0.0:0"], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 1)
        self.assertIn("beyond this machine without TLS", done.stderr)


if __name__ == "__main__":
    unittest.main()
