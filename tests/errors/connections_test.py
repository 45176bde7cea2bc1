"""Peers that do not speak AMQP, do not log in, do not go on, or break the protocol once they are in."""
import os
import pathlib
import re
import ssl
import struct
import tempfile
import unittest

import raw_amqp as raw
from authority import Authority, client_context
from bad_input import EVENTS, Case


class Connections(Case):
    tls = True
    settings = {"amqp": {"open-deadline": "2 s"}}

    def connect_raw(self):
        peer = raw.connect(self.agent.amqp_port, timeout=30)
        self.addCleanup(peer.close)
        return peer

    def told(self, *sent):
        """What the peer hears until the connection ends."""
        peer = self.connect_raw()
        peer.sendall(b"".join(sent))
        return self.rest(peer)

    def rest(self, peer):
        got = raw.read_until(peer, b"never", 30)
        self.assertTrue(raw.closed_within(peer, 30))
        return got

    def test_random_bytes(self):
        self.told(b"\xff" + os.urandom(300))

    def test_http(self):
        self.told(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")

    def test_half_open(self):
        self.assertTrue(raw.closed_within(self.connect_raw(), 30))

    def test_half_logged_in(self):
        self.told(raw.SASL_HEADER + raw.sasl_init()[:12])

    def test_logged_in_and_not_opened(self):
        self.told(raw.SASL_HEADER + raw.sasl_init() + raw.AMQP_HEADER)

    def test_wrong_password(self):
        self.told(raw.SASL_HEADER + raw.sasl_init(response=b"\0admin\0wrong"))

    def test_unknown_mechanism(self):
        self.told(raw.SASL_HEADER + raw.sasl_init(raw.symbol("NOPE")))

    def test_null_mechanism(self):
        self.told(raw.SASL_HEADER + raw.sasl_init(raw.NULL))

    def test_no_login(self):
        self.told(raw.AMQP_HEADER + raw.open_frame() + raw.begin())

    def test_plain_amqp_on_the_tls_port(self):
        peer = raw.connect(self.agent.amqps_port, timeout=30)
        self.addCleanup(peer.close)
        peer.sendall(raw.SASL_HEADER + raw.sasl_init())
        self.rest(peer)

    def test_old_tls(self):
        context = ssl.create_default_context(cafile=self.agent.certificate)
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        peer = raw.connect(self.agent.amqps_port, timeout=30)
        self.addCleanup(peer.close)
        with self.assertRaises(OSError):
            context.wrap_socket(peer, server_hostname="localhost")

    # Behind the login.
    def broken(self, *sent):
        peer = raw.login(self.agent.amqp_port)
        self.addCleanup(peer.close)
        peer.sendall(b"".join(sent))
        self.sees(*raw.condition_of(self.rest(peer)))

    def test_random_bytes_behind_the_login(self):
        self.broken(b"\xff" * 300)

    def test_frame_too_large(self):
        self.broken(struct.pack(">IBBH", 1 << 28, 2, 0, 0) + b"x" * 50)

    def test_transfer_without_a_link(self):
        self.broken(raw.transfer(7, 0, raw.data_message()))

    def test_parts_without_an_id(self):
        self.broken(raw.attach_sender("L", 0, EVENTS), raw.frame(raw.composite(
            0x14, raw.uint(0), raw.NULL, b"\xa0\x01x", raw.uint(0), raw.FALSE, raw.TRUE)))

    def test_too_many_sessions(self):
        self.broken(*(raw.begin(channel) for channel in range(1, 40)))

    def test_link_attached_twice(self):
        self.broken(raw.attach_sender("L", 0, EVENTS) * 2)

    def test_peer_that_vanishes(self):
        raw.reset(raw.login(self.agent.amqp_port))


class Certificates(Case):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="clacks-certificates-")
        cls.authority = Authority(pathlib.Path(cls.folder.name) / "ca", "Authority")
        chain, key = cls.authority.issue("localhost", usage="serverAuth")
        cls.settings = {"amqp": {"certificate-url": "amqps://127.0.0.1:0", "client-ca": cls.authority.certificate,
                                 "certificate": chain, "private-key": key}}
        super().setUpClass()
        line = cls.agent.wait_for_line("for clients with a certificate")
        cls.port = int(re.search(r":(\d+), for clients", line).group(1))

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        cls.folder.cleanup()

    def kept_out(self, pair, mechanism="EXTERNAL"):
        plain = raw.connect(self.port, timeout=30)
        self.addCleanup(plain.close)
        try:
            with client_context(pair).wrap_socket(plain) as peer:
                peer.sendall(raw.SASL_HEADER + raw.sasl_init(raw.symbol(mechanism), b""))
                self.assertTrue(raw.closed_within(peer, 30))
        except OSError:
            pass

    def test_no_client_certificate(self):
        self.kept_out(None)

    def test_client_certificate_of_another_authority(self):
        other = Authority(pathlib.Path(self.folder.name) / "other", "Other")
        self.kept_out(other.issue("alice"))

    def test_client_certificate_without_a_name(self):
        self.kept_out(self.authority.issue("none", "/O=Acme"))

    def test_password_for_a_certificate(self):
        self.kept_out(self.authority.issue("alice"), "PLAIN")


class Idle(Case):
    settings = {"amqp": {"idle-time-out": "1 s"}}

    def test_silent_peer(self):
        peer = raw.login(self.agent.amqp_port)
        self.addCleanup(peer.close)
        self.sees(*raw.condition_of(raw.read_until(peer, b"never", 30)))


class Full(Case):
    settings = {"amqp": {"max-connections": 2}}

    def test_too_many_connections(self):
        first, second = raw.login(self.agent.amqp_port), raw.login(self.agent.amqp_port)
        third = raw.connect(self.agent.amqp_port)
        third.sendall(raw.SASL_HEADER + raw.sasl_init() + raw.AMQP_HEADER + raw.open_frame())
        self.sees(*raw.condition_of(raw.read_until(third, b"never", 30)))
        for peer in (first, second, third):
            peer.close()
        self.assertTrue(self.until(self.free))

    def free(self):
        with raw.login(self.agent.amqp_port) as peer:
            peer.sendall(raw.attach_sender("s", 0, EVENTS))
            return b"\x00\x53\x13" in raw.read_until(peer, b"\x00\x53\x13")


class OneAddress(Case):
    settings = {"amqp": {"max-connections-per-address": 4}}

    def test_too_many_from_one_address(self):
        peers = [raw.login(self.agent.amqp_port) for _ in range(4)]
        with raw.connect(self.agent.amqp_port) as fifth:
            self.assertTrue(raw.closed_within(fifth, 30))
        for peer in peers:
            peer.sendall(raw.close())
            self.assertTrue(raw.closed_within(peer, 30))


class Crowd(Case):
    settings = {"amqp": {"max-opening": 3}}

    def test_crowd_that_does_not_open(self):
        crowd = [raw.connect(self.agent.amqp_port) for _ in range(4)]
        for peer in crowd:
            self.addCleanup(peer.close)
        self.assertTrue(raw.closed_within(crowd[0], 5))
        with raw.login(self.agent.amqp_port) as peer:  # it is let in all the same
            peer.sendall(raw.attach_sender("s", 0, EVENTS))
            self.assertIn(b"\x00\x53\x13", raw.read_until(peer, b"\x00\x53\x13"))
        self.another_input()
        self.assertTrue(raw.closed_within(crowd[1], 5))


if __name__ == "__main__":
    unittest.main()
