"""Peers that break the protocol, against a bus that must live on, let others go on and leak nothing."""
import os
import random
import re
import resource
import socket
import struct
import unittest

import raw_amqp as raw
from bus_server import Server, wait_for

EVENTS = "org.clacks.event"
ATTACHED, ACCEPTED, REJECTED = b"\x00\x53\x12", b"\x00\x53\x24", b"\x00\x53\x25"
FLOW = b"\x00\x53\x13"


class Case(unittest.TestCase):
    # A peer that goes amid a frame keeps its descriptor until the idle time-out.
    arguments = ("--deadline", "1000", "--idle", "2000")

    def setUp(self):
        self.server = Server(*self.arguments)
        self.baseline = self.server.descriptors()
        self.check_works()

    def tearDown(self):
        self.assertTrue(self.server.alive(), "the bus ended: " + self.server.log()[-2000:])
        self.check_works()
        gone = wait_for(lambda: self.server.descriptors() <= self.baseline, 15)
        self.assertTrue(gone, f"{self.server.descriptors()} descriptors are open, {self.baseline} were at the start")
        self.assertEqual(self.server.stop(), 0, self.server.last_log[-2000:])
        self.assertNotIn("error inside the bus", self.server.last_log)
        if self.server.counters:
            self.assertEqual(self.server.counters["open"], 0)

    def check_works(self):
        with raw.login(self.server.port) as peer:
            self.publish(peer)

    def publish(self, peer, number=0, attach=True, body=b"<Event/>"):
        if attach:
            peer.sendall(raw.attach_sender("check", 0, EVENTS))
            raw.read_until(peer, FLOW)
        peer.sendall(raw.transfer(0, number, raw.data_message(body)))
        self.assertIn(ACCEPTED, raw.read_until(peer, ACCEPTED), "not accepted")

    def check_growth(self, before, limit):
        if self.server.judges_memory():
            self.assertLess(self.server.memory("VmHWM") - before, limit, "MiB taken")

    def sender(self):
        peer = raw.login(self.server.port)
        peer.sendall(raw.attach_sender("hostile", 0, EVENTS))
        raw.read_until(peer, FLOW)
        return peer


class Login(Case):
    def test_sasl_init_without_mechanism(self):
        with raw.connect(self.server.port) as peer:
            peer.sendall(raw.SASL_HEADER + raw.sasl_init(mechanism=raw.NULL))
            self.assertTrue(raw.closed_within(peer, 10))

    def test_sasl_response_before_init(self):
        with raw.connect(self.server.port) as peer:
            peer.sendall(raw.SASL_HEADER + raw.sasl_response())
            self.assertTrue(raw.closed_within(peer, 10))

    def test_second_sasl_init(self):
        with raw.connect(self.server.port) as peer:
            peer.sendall(raw.SASL_HEADER + raw.sasl_init(raw.symbol("SCRAM-SHA-256"), b"n,,n=a,r=b") + raw.sasl_init())
            self.assertTrue(raw.closed_within(peer, 10))

    def test_wrong_password(self):
        with raw.connect(self.server.port) as peer:
            peer.sendall(raw.SASL_HEADER + raw.sasl_init(response=b"\0admin\0wrong"))
            self.assertTrue(raw.closed_within(peer, 10))
        self.assertTrue(wait_for(lambda: "authentication failed" in self.server.log()))

    def test_sasl_skipped(self):
        with raw.connect(self.server.port) as peer:
            peer.sendall(raw.AMQP_HEADER + raw.open_frame() + raw.begin() + raw.attach_sender("x", 0, EVENTS)
                         + raw.transfer(0, 0, raw.data_message()))
            got = raw.read_until(peer, ACCEPTED)
            self.assertNotIn(ACCEPTED, got)
            self.assertNotIn(ATTACHED, got)

    def test_half_open_connections_meet_the_deadline(self):
        starts = [b"", raw.SASL_HEADER[:5], raw.SASL_HEADER, raw.SASL_HEADER + raw.sasl_init()[:12],
                  raw.SASL_HEADER + raw.sasl_init(), raw.SASL_HEADER + raw.sasl_init() + raw.AMQP_HEADER,
                  raw.SASL_HEADER + raw.sasl_init() + raw.AMQP_HEADER + raw.open_frame()[:10],
                  b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + os.urandom(200)]
        peers = [raw.connect(self.server.port) for _ in starts]
        for peer, start in zip(peers, starts):
            peer.sendall(start)
        for peer, start in zip(peers, starts):
            self.assertTrue(raw.closed_within(peer, 10), start)
            peer.close()

    def test_failed_logins_do_not_fill_the_log(self):
        for _ in range(200):
            with raw.connect(self.server.port) as peer:
                peer.sendall(raw.SASL_HEADER + raw.sasl_init(response=b"\0admin\0wrong"))
                raw.closed_within(peer, 10)
        self.check_works()
        lines = self.server.log().count("authentication failed")
        self.assertGreater(lines, 0)
        self.assertLess(lines, 200)


class Vanishing(Case):
    """Peers that go at any point of the protocol, in three manners."""

    def starts(self):
        sasl, attached = raw.SASL_HEADER + raw.sasl_init(), raw.AMQP_HEADER + raw.open_frame() + raw.begin()
        attached += raw.attach_sender("L", 0, EVENTS)
        bad = raw.sasl_init(raw.symbol("NOPE"))
        return [b"", raw.SASL_HEADER[:5], raw.SASL_HEADER, raw.SASL_HEADER + raw.sasl_init()[:12], sasl,
                sasl + raw.AMQP_HEADER, sasl + raw.AMQP_HEADER + raw.open_frame()[:10],
                sasl + raw.AMQP_HEADER + raw.open_frame() + raw.begin()[:9], sasl + attached,
                sasl + attached + raw.transfer(0, 0, raw.data_message())[:-3],
                sasl + attached + raw.transfer(0, 0, raw.data_message(), more=True),
                sasl + raw.AMQP_HEADER + raw.open_frame() + struct.pack(">IBBH", 1 << 28, 2, 0, 0) + b"x" * 50,
                sasl + raw.AMQP_HEADER + raw.open_frame() + b"\x00\x00\x00\x07\x02\x00\x00\x00",
                raw.SASL_HEADER + bad, raw.SASL_HEADER + bad + attached,
                raw.SASL_HEADER + b"\x00\x00\x00\x09\x02\x01\x00\x00\xff",
                raw.AMQP_HEADER[:5], raw.AMQP_HEADER, attached, os.urandom(300),
                b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + os.urandom(200)]

    def vanish(self, manner):
        for start in self.starts():
            for _ in range(5):
                peer = raw.connect(self.server.port)
                try:
                    peer.sendall(start)
                    manner(peer)
                except OSError:
                    pass
                peer.close()

    def test_close(self):
        self.vanish(lambda peer: None)

    def test_close_after_an_answer(self):
        self.vanish(lambda peer: raw.read_until(peer, b"never", 0.02))

    def test_end_of_sending_then_close(self):
        def manner(peer):
            peer.shutdown(socket.SHUT_WR)
            raw.read_until(peer, b"never", 0.02)
        self.vanish(manner)

    def test_reset(self):
        self.vanish(raw.reset)


class Idle(Case):
    arguments = ("--deadline", "1000", "--idle", "300")

    def test_a_silent_peer_is_closed(self):
        with self.sender() as peer:
            self.assertTrue(raw.closed_within(peer, 10))

    def test_a_peer_that_stops_in_the_middle_of_a_frame_is_closed(self):
        with self.sender() as peer:
            peer.sendall(raw.transfer(0, 0, raw.data_message())[:-3])
            self.assertTrue(raw.closed_within(peer, 10))


class Messages(Case):
    def test_malformed_messages_are_rejected(self):
        deep = b"\x00\x53\x77" + b"\xc0\xff\x01" * 3000
        bodies = [b"", os.urandom(64), raw.data_message()[:-3], b"\x00\x53\x99\xa1\x01a", b"\x00\x53\x77\xd0\xff\xff\xff\xf0",
                  deep, b"\x00\x53\x73" + b"\xd0\x00\x00\x00\x04\xff\xff\xff\xff", b"\x00" * 2000]
        with self.sender() as peer:
            for number, body in enumerate(bodies):
                peer.sendall(raw.transfer(0, number, body))
                self.assertIn(REJECTED, raw.read_until(peer, REJECTED), body[:20])
            self.publish(peer, len(bodies), attach=False)

    def test_aborted_delivery(self):
        with self.sender() as peer:
            peer.sendall(raw.transfer(0, 0, raw.data_message()[:5], more=True)
                         + raw.transfer(0, 0, b"", aborted=True))
            self.publish(peer, 1, attach=False)

    def test_message_of_64_mib(self):
        before = self.server.memory("VmHWM")
        with self.sender() as peer:
            piece, sent = b"x" * 32768, 0
            try:
                for _ in range(2048):
                    peer.sendall(raw.transfer(0, 0, piece, more=True))
                    sent += len(piece)
            except OSError:
                pass
            self.assertGreater(sent, 1024 * 1024)
            self.assertIn(b"message-size-exceeded", raw.read_until(peer, b"message-size-exceeded"))
        self.check_growth(before, 24)

    def test_message_just_over_the_limit(self):
        with self.sender() as peer:
            for _ in range(33):
                peer.sendall(raw.transfer(0, 0, b"x" * 32768, more=True))
            self.assertIn(b"message-size-exceeded", raw.read_until(peer, b"message-size-exceeded"))

    def test_mutated_messages(self):
        chance = random.Random(7)
        properties = b"\x00\x53\x73" + raw.sequence(
            raw.string("id1"), raw.binary(b"admin"), raw.string(EVENTS), raw.string("subject"), raw.string("reply"),
            raw.string("corr"), raw.symbol("text/plain"), raw.NULL, b"\x83" + struct.pack(">q", 1), raw.NULL,
            raw.string("g"), raw.uint(1), raw.string("rg"))
        application = b"\x00\x53\x74" + raw.mapping(raw.string("k"), raw.string("v"), raw.string("n"), b"\x55\x07",
                                                    raw.string("m"), raw.mapping(raw.string("a"), raw.uint(2)))
        header = b"\x00\x53\x70" + raw.sequence(raw.TRUE, b"\x50\x04", raw.uint(1000))
        bodies = [raw.data_message(), b"\x00\x53\x77" + raw.string("<Event/>"), b"\x00\x53\x76" + raw.sequence(raw.uint(1)),
                  b"\x00\x53\x77\xe0\x0a\x03\xa1\x01a\x01b\x01c"]
        for relay in (EVENTS, None):
            with raw.login(self.server.port) as peer:
                peer.sendall(raw.attach_sender("L", 0, relay))
                raw.read_until(peer, FLOW)
                for number in range(1500):
                    message = damage(header + properties + application + chance.choice(bodies), chance)
                    if chance.random() < 0.1:
                        half = len(message) // 2
                        peer.sendall(raw.transfer(0, number, message[:half], more=True))
                        aborted = chance.random() < 0.3
                        peer.sendall(raw.transfer(0, number, b"" if aborted else message[half:], settled=True, aborted=aborted))
                    else:
                        peer.sendall(raw.transfer(0, number, message, settled=True))
                    if number % 100 == 99:
                        raw.read_until(peer, FLOW)
                self.publish(peer, 1500, attach=False) if relay else None


def damage(data, chance, least=1):
    data = bytearray(data)
    for _ in range(chance.randint(least, 4)):
        place, kind = chance.randrange(len(data)), chance.randrange(5)
        if kind == 0:
            data[place] = chance.randrange(256)
        elif kind == 1:
            data[place] ^= 1 << chance.randrange(8)
        elif kind == 2 and len(data) > 16:
            del data[place:place + chance.randint(1, 8)]
        elif kind == 3:
            data[place:place] = chance.randbytes(chance.randint(1, 8))
        else:
            data[place] = chance.choice([0, 0xFF, 0x40, 0x45, 0xD0, 0xC0, 0xF0, 0xE0, 0xB0, 0xA0, 0x80])
    return bytes(data)


class Frames(Case):
    def test_too_many_sessions(self):
        with raw.login(self.server.port) as peer:
            peer.sendall(b"".join(raw.begin(channel) for channel in range(1, 40)))
            self.assertIn(b"framing-error", raw.read_until(peer, b"framing-error"))

    def frames(self, chance):
        begun = [raw.open_frame(), raw.begin(), raw.attach_sender("L", 0, EVENTS), raw.attach_receiver("R", 1, EVENTS),
                 raw.flow(1, 10)]
        begun += [raw.transfer(0, number, raw.data_message(b"<" + b"x" * chance.randrange(200)), settled=chance.random() < 0.5)
                  for number in range(4)]
        return begun + [raw.detach(0), raw.end(), raw.close()]

    def hostile(self, kind, chance):
        sasl, frames = raw.SASL_HEADER + raw.sasl_init(), self.frames(chance)
        if kind == "random":
            return chance.randbytes(chance.randint(1, 4000))
        if kind == "random after login":
            return sasl + raw.AMQP_HEADER + frames[0] + chance.randbytes(chance.randint(1, 4000))
        if kind == "cut":
            whole = sasl + raw.AMQP_HEADER + b"".join(frames)
            return whole[:chance.randrange(len(whole))]
        if kind == "login":
            return raw.SASL_HEADER + damage(raw.sasl_init(), chance) + raw.AMQP_HEADER + b"".join(frames)
        if kind == "order":
            chance.shuffle(frames)
        elif kind == "size":
            size = chance.choice([0, 7, 0x7FFFFFFF, 0xFFFFFFFF, 1 << 28])
            frames.insert(chance.randrange(len(frames)),
                          struct.pack(">IBBH", size, chance.randrange(256), chance.randrange(3), 0) + chance.randbytes(50))
        else:
            place = chance.randrange(len(frames))
            frames[place] = damage(frames[place], chance)
        return sasl + raw.AMQP_HEADER + b"".join(frames)

    def test_mutated_frames(self):
        chance, kinds = random.Random(5), ["random", "random after login", "cut", "login", "order", "size"] + ["frame"] * 6
        for number in range(600):
            kind = chance.choice(kinds)
            peer = raw.connect(self.server.port)
            try:
                peer.sendall(self.hostile(kind, chance))
                if chance.random() < 0.5:
                    raw.read_until(peer, b"never", 0.02)
            except OSError:
                pass
            (raw.reset if chance.random() < 0.1 else socket.socket.close)(peer)
            self.assertTrue(self.server.alive(), f"ended at peer {number}, {kind}")


class FewDescriptors(Case):
    # The deadline is long, so that none of those that it has room for ends by itself.
    arguments = ("--deadline", "60000", "--descriptors", "48")

    def test_works_again_after_running_out(self):
        self.assertIn("48 open files", self.server.log())
        before = self.server.descriptors()
        peers = [raw.connect(self.server.port) for _ in range(100)]
        # Those it has no room for are ended long before the deadline of the others.
        def ended():
            count = 0
            for peer in peers:
                peer.setblocking(False)
                try:
                    count += peer.recv(1, socket.MSG_PEEK) == b""
                except BlockingIOError:
                    pass
                except OSError:
                    count += 1
            return count
        self.assertTrue(wait_for(lambda: ended() >= 60), "nobody was turned away")
        self.assertLess(self.server.descriptors(), 48, "the files ran out, which proton does not survive")
        self.assertIn("max_connections", self.server.log())
        for peer in peers:
            peer.close()
        self.assertTrue(wait_for(lambda: self.server.descriptors() <= before))


class Many(Case):
    arguments = ("--deadline", "20000")

    def test_a_thousand_subscribers_get_one_event(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        count = min(1000, hard - 100)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, count + 100), hard))
        peers = [raw.connect(self.server.port) for _ in range(count)]
        for peer in peers:
            peer.sendall(raw.SASL_HEADER + raw.sasl_init() + raw.AMQP_HEADER + raw.open_frame() + raw.begin()
                         + raw.attach_receiver("R", 0, EVENTS) + raw.flow(0, 10))
        for peer in peers:
            self.assertIn(ATTACHED, raw.read_until(peer, ATTACHED, 30))
        with self.sender() as sender:
            self.publish(sender, attach=False, body=b"<Event>to all</Event>")
        for peer in peers:
            self.assertIn(b"to all", raw.read_until(peer, b"to all", 30))
            peer.close()


class SlowReader(Case):
    arguments = ("--queue-events", "50")

    def test_a_reader_that_does_not_read_slows_nobody_and_is_told_its_loss(self):
        count, before = 1000, self.server.memory("VmHWM")
        slow = raw.login(self.server.port, window=1 << 20)
        slow.sendall(raw.attach_receiver("slow", 0, EVENTS) + raw.flow(0, 1 << 20, window=1 << 20))
        silent = raw.login(self.server.port)  # grants no credit at all
        silent.sendall(raw.attach_receiver("silent", 0, EVENTS))
        fast = raw.login(self.server.port, window=1 << 20)
        fast.sendall(raw.attach_receiver("fast", 0, EVENTS, presettled=True) + raw.flow(0, 1 << 20, window=1 << 20))
        for peer in (slow, silent, fast):
            self.assertIn(ATTACHED, raw.read_until(peer, ATTACHED))
        with self.sender() as sender:
            for number in range(count):
                self.publish(sender, number, attach=False, body=b"<Event>" + b"x" * 20000 + b"%d</Event>" % number)
                end = b"x%d</Event>" % number
                self.assertIn(end, raw.read_until(fast, end), "the fast reader lost one")
        self.check_growth(before, 24)
        silent.sendall(raw.flow(0, 1))
        got = raw.read_until(silent, b"</Event>")
        self.assertIn(b"dropped\x80" + struct.pack(">Q", count - 50), got)
        got, received, lost = b"", 0, 0
        while received + lost < count:
            more = slow.recv(1 << 20)
            self.assertTrue(more, f"closed after {received} events and {lost} lost ones")
            got += more
            received = got.count(b"</Event>")
            lost = sum(struct.unpack(">Q", number)[0] for number in re.findall(rb"dropped\x80(.{8})", got, re.DOTALL))
        self.assertEqual(received + lost, count)
        self.assertGreater(lost, 0)
        for peer in (slow, silent, fast):
            peer.close()

    def test_a_reader_that_never_settles_is_sent_so_much_and_no_more(self):
        before, body = self.server.memory("VmHWM"), b"<Event>" + b"x" * 50000 + b"</Event>"
        hoarder = raw.login(self.server.port, window=1 << 20)
        hoarder.sendall(raw.attach_receiver("hoarder", 0, EVENTS) + raw.flow(0, 1000, window=1 << 20))
        raw.read_until(hoarder, ATTACHED)
        received = 0
        with self.sender() as sender:
            for number in range(500):
                self.publish(sender, number, attach=False, body=body)
                hoarder.settimeout(0.001)
                try:
                    while True:
                        received += len(hoarder.recv(1 << 20))
                except OSError:
                    pass
        hoarder.close()
        self.assertGreater(received, 8 << 20)
        self.assertLess(received, 20 << 20)
        self.check_growth(before, 80)


if __name__ == "__main__":
    unittest.main()
