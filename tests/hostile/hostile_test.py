"""Peers that break the protocol, against a bus that must live on, let others go on and leak nothing.

The bus under test is CLACKS_BUS_COMMAND where that is set (it prints "PORT NUMBER" and has the user
admin with the password secret), else the bus-fixture of the tests.
"""
import os
import random
import shlex
import socket
import struct
import subprocess
import tempfile
import time
import unittest

import raw_amqp as raw

EVENTS = "org.clacks.event"


class Server:
    def __init__(self, *arguments):
        self.folder = tempfile.TemporaryDirectory()
        fixture = os.path.join(os.environ["CLACKS_BIN"], "bus-fixture")
        command = shlex.split(os.environ.get("CLACKS_BUS_COMMAND", ""))
        command = command or [fixture, "--sasldb", os.path.join(self.folder.name, "users"), *arguments]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True)
        self.port = next(int(line.split()[1]) for line in self.process.stdout if line.startswith("PORT "))

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def resident(self):
        with open(f"/proc/{self.process.pid}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) // 1024

    def stop(self):
        self.process.stdin.close()
        code = self.process.wait(20)
        self.process.stdout.close()
        self.folder.cleanup()
        return code


class Case(unittest.TestCase):
    # A peer that goes amid a frame keeps its descriptor until the idle time-out.
    arguments = ("--deadline", "500", "--idle", "3000")

    def setUp(self):
        self.server = Server(*self.arguments)
        self.check_works()
        self.wait_for_descriptors(self.server.descriptors() - 1)
        self.baseline = self.server.descriptors()

    def tearDown(self):
        self.assertIsNone(self.server.process.poll(), "the bus ended")
        self.check_works()
        self.wait_for_descriptors(self.baseline)
        self.assertEqual(self.server.stop(), 0)

    def wait_for_descriptors(self, wanted):
        end = time.monotonic() + 10
        while self.server.descriptors() > wanted and time.monotonic() < end:
            time.sleep(0.02)
        return self.assertLessEqual(self.server.descriptors(), wanted + 1, "descriptors leaked")

    def check_works(self):
        with raw.login(self.server.port) as peer:
            self.publish(peer)

    def publish(self, peer, number=0, attach=True):
        if attach:
            peer.sendall(raw.attach_sender("check", 0, EVENTS))
            raw.read_until(peer, b"\x00\x53\x13")
        peer.sendall(raw.transfer(0, number, raw.data_message()))
        self.assertIn(b"\x00\x53\x24", raw.read_until(peer, b"\x00\x53\x24"), "not accepted")

    def sender(self):
        peer = raw.login(self.server.port)
        peer.sendall(raw.attach_sender("hostile", 0, EVENTS))
        raw.read_until(peer, b"\x00\x53\x13")
        return peer


class Hostile(Case):
    def test_sasl_init_without_mechanism(self):
        with raw.connect(self.server.port) as peer:
            peer.sendall(raw.SASL_HEADER + raw.sasl_init(mechanism=raw.NULL))
            self.assertTrue(raw.closed_within(peer, 5))

    def test_sasl_response_before_init(self):
        with raw.connect(self.server.port) as peer:
            peer.sendall(raw.SASL_HEADER + raw.sasl_response())
            self.assertTrue(raw.closed_within(peer, 5))

    def test_second_sasl_init(self):
        with raw.connect(self.server.port) as peer:
            peer.sendall(raw.SASL_HEADER + raw.sasl_init(raw.symbol("SCRAM-SHA-256"), b"n,,n=a,r=b") + raw.sasl_init())
            self.assertTrue(raw.closed_within(peer, 5))

    def test_wrong_password(self):
        with raw.connect(self.server.port) as peer:
            peer.sendall(raw.SASL_HEADER + raw.sasl_init(response=b"\0admin\0wrong"))
            self.assertTrue(raw.closed_within(peer, 5))

    def test_sasl_skipped(self):
        with raw.connect(self.server.port) as peer:
            peer.sendall(raw.AMQP_HEADER + raw.open_frame() + raw.begin() + raw.attach_sender("x", 0, EVENTS)
                         + raw.transfer(0, 0, raw.data_message()))
            got = raw.read_until(peer, b"\x00\x53\x24")
            self.assertNotIn(b"\x00\x53\x24", got)

    def test_malformed_messages_are_rejected(self):
        deep = b"\x00\x53\x77" + b"\xc0\xff\x01" * 3000
        bodies = [b"", os.urandom(64), raw.data_message()[:-3], b"\x00\x53\x99\xa1\x01a", b"\x00\x53\x77\xd0\xff\xff\xff\xf0",
                  deep, b"\x00\x53\x73" + b"\xd0\x00\x00\x00\x04\xff\xff\xff\xff", b"\x00" * 2000]
        with self.sender() as peer:
            for number, body in enumerate(bodies):
                peer.sendall(raw.transfer(0, number, body))
                self.assertIn(b"\x00\x53\x25", raw.read_until(peer, b"\x00\x53\x25"), body[:20])
            self.publish(peer, len(bodies), attach=False)

    def test_aborted_delivery(self):
        with self.sender() as peer:
            peer.sendall(raw.transfer(0, 0, raw.data_message()[:5], more=True)
                         + raw.transfer(0, 0, b"", aborted=True))
            self.publish(peer, 1, attach=False)

    def test_message_of_64_mib(self):
        with self.sender() as peer:
            piece = b"x" * 32768
            try:
                for _ in range(2048):
                    peer.sendall(raw.transfer(0, 0, piece, more=True))
            except OSError:
                pass
            self.assertIn(b"message-size-exceeded", raw.read_until(peer, b"message-size-exceeded"))
        self.assertLess(self.server.resident(), 400)

    def test_half_open_connections_meet_the_deadline(self):
        starts = [b"", raw.SASL_HEADER[:5], raw.SASL_HEADER, raw.SASL_HEADER + raw.sasl_init()[:12],
                  raw.SASL_HEADER + raw.sasl_init(), raw.SASL_HEADER + raw.sasl_init() + raw.AMQP_HEADER,
                  raw.SASL_HEADER + raw.sasl_init() + raw.AMQP_HEADER + raw.open_frame()[:10],
                  b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + os.urandom(200)]
        peers = [raw.connect(self.server.port) for _ in starts]
        for peer, start in zip(peers, starts):
            peer.sendall(start)
        for peer, start in zip(peers, starts):
            self.assertTrue(raw.closed_within(peer, 5), start)
            peer.close()

    def test_too_many_sessions(self):
        with raw.login(self.server.port) as peer:
            peer.sendall(b"".join(raw.begin(channel) for channel in range(1, 40)))
            self.assertIn(b"framing-error", raw.read_until(peer, b"framing-error"))

    def test_reset_in_the_middle_of_a_frame(self):
        for _ in range(20):
            peer = self.sender()
            peer.sendall(raw.transfer(0, 0, raw.data_message())[:-3])
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            peer.close()

    def test_mutated_frames(self):
        chance = random.Random(5)
        for _ in range(300):
            frames = [raw.SASL_HEADER, raw.sasl_init(), raw.AMQP_HEADER, raw.open_frame(), raw.begin(),
                      raw.attach_sender("L", 0, EVENTS), raw.attach_receiver("R", 1, EVENTS), raw.flow(1, 10),
                      raw.transfer(0, 0, raw.data_message()), raw.transfer(0, 1, raw.data_message(), settled=True)]
            which = chance.randrange(len(frames))
            damaged = bytearray(frames[which])
            for _ in range(chance.randint(1, 4)):
                place = chance.randrange(len(damaged))
                damaged[place] = chance.choice([0, 0xFF, 0x40, 0xD0, 0xA0, 0x80, chance.randrange(256)])
            frames[which] = bytes(damaged)
            with raw.connect(self.server.port) as peer:
                try:
                    peer.sendall(b"".join(frames))
                    raw.read_until(peer, b"\x00\x53\x24", 0.02)
                except OSError:
                    pass
            self.assertIsNone(self.server.process.poll())


class FewDescriptors(Case):
    arguments = ("--deadline", "500", "--descriptors", "48")

    def test_accepts_again_after_running_out(self):
        peers = []
        for _ in range(100):
            peers.append(raw.connect(self.server.port))
        for peer in peers:
            peer.close()


class SlowReader(Case):
    arguments = ("--deadline", "500", "--queue-events", "50")

    def test_slow_reader_loses_the_oldest_and_slows_nobody(self):
        count, body = 400, b"<Event>" + b"x" * 20000 + b"</Event>"
        with raw.login(self.server.port) as slow, self.sender() as sender:
            slow.sendall(raw.attach_receiver("slow", 0, EVENTS))
            raw.read_until(slow, b"\x00\x53\x12")
            for number in range(count):
                sender.sendall(raw.transfer(0, number, raw.data_message(body)))
                self.assertIn(b"\x00\x53\x24", raw.read_until(sender, b"\x00\x53\x24"), "the publisher was stopped")
            slow.sendall(raw.flow(0, 1))
            got = raw.read_until(slow, b"</Event>")
            self.assertIn(b"dropped" + b"\x80" + struct.pack(">Q", count - 50), got)


if __name__ == "__main__":
    unittest.main()
