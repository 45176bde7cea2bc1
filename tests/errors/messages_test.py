"""AMQP messages that cannot be an event or a request, or pretend to come from somebody else."""
import json
import os
import struct
import unittest

import raw_amqp as raw
from agent_fixture import SECONDS
from bad_input import COMMANDS, EVENT, EVENTS, GOOD, Case
from proton import Message
from proton.reactor import AtMostOnce
from proton.utils import SyncRequestResponse

FLOW, ACCEPTED, REJECTED = b"\x00\x53\x13", b"\x00\x53\x24", b"\x00\x53\x25"


class Messages(Case):
    def raw_sender(self):
        peer = raw.login(self.agent.amqp_port)
        self.addCleanup(peer.close)
        peer.sendall(raw.attach_sender("bad", 0, EVENTS))
        raw.read_until(peer, FLOW)
        return peer

    def raw_rejected(self, *payloads):
        """The condition and description of the last of them."""
        peer = self.raw_sender()
        for number, payload in enumerate(payloads):
            peer.sendall(raw.transfer(0, number, payload))
            got = raw.read_until(peer, REJECTED)
            self.assertIn(REJECTED, got)
        return raw.condition_of(got[got.index(REJECTED):])

    def test_no_body(self):
        self.sees(*self.rejected(Message(body=None)))

    def test_body_of_another_kind(self):
        self.sees(*self.rejected(Message(body=5)))
        for body in ({"a": 1}, ["<Event/>"]):
            self.another_input()
            self.sees(*self.rejected(Message(body=body)))

    def test_empty_transfer(self):
        self.sees(*self.raw_rejected(b""))

    def test_random_bytes_as_message(self):
        self.sees(*self.raw_rejected(b"\xff\xfe\xfd" + os.urandom(64)))

    def test_truncated_message(self):
        self.sees(*self.raw_rejected(raw.data_message(GOOD.encode())[:-3]))

    def test_deeply_nested_body(self):
        self.sees(*self.raw_rejected(b"\x00\x53\x77" + b"\xc0\xff\x01" * 3000))

    def test_aborted_transfer(self):
        peer = self.raw_sender()
        peer.sendall(raw.transfer(0, 0, raw.data_message(GOOD.encode())[:20], more=True)
                     + raw.transfer(0, 0, b"", aborted=True)
                     + raw.transfer(0, 1, raw.data_message(GOOD.encode())))
        got = raw.read_until(peer, ACCEPTED)
        self.assertIn(ACCEPTED, got)
        self.assertNotIn(REJECTED, got)

    def test_transfer_cut_by_the_end_of_the_connection(self):
        peer = self.raw_sender()
        peer.sendall(raw.transfer(0, 0, raw.data_message(GOOD.encode())[:20], more=True))
        raw.reset(peer)

    def test_message_of_64_mib(self):
        self.sees(*self.refused(self.stream, self.peer(), 64 << 20))
        self.another_input()
        self.sees(*self.refused(self.peer().create_sender(EVENTS).send, Message(body=bytes(2 << 20))))

    def stream(self, connection, size):
        """Sends a message of that size piece by piece: proton needs the square of its size in time for one in one piece."""
        link = connection.create_sender(EVENTS).link
        delivery = link.delivery(link.delivery_tag())
        link.stream(b"\x00\x53\x75\xb0" + struct.pack(">I", size))
        for _ in range(size >> 16):
            link.stream(bytes(1 << 16))
            connection.wait(lambda: link.session.outgoing_bytes < 1 << 18, timeout=SECONDS)
        self.assertEqual(delivery.remote_state, delivery.REJECTED, "told at once")
        link.advance()
        connection.wait(lambda: delivery.settled, timeout=SECONDS)

    def test_foreign_user_id(self):
        self.sees(*self.rejected(Message(body=GOOD.encode(), user_id=b"root")))
        sender = self.peer().create_sender(COMMANDS)
        request = Message(body=b'{"method":"getSessionUser"}', user_id=b"root", reply_to="org.clacks.reply.x")
        self.another_input()
        self.sees(*self.rejected(request, sender))

    def test_relay_without_an_address(self):
        self.sees(*self.rejected(Message(body=GOOD.encode()), self.peer().create_sender(None)))

    def test_relay_to_an_unknown_address(self):
        self.sees(*self.rejected(Message(body=GOOD.encode(), address="org.clacks.evnt"), self.peer().create_sender(None)))

    def test_too_many_properties(self):
        properties = {f"p{number}": number for number in range(300)}
        self.sees(*self.rejected(Message(body=GOOD.encode(), properties=properties)))

    def test_presettled_bad_event(self):
        sender = self.connect().create_sender(EVENTS, options=AtMostOnce())
        sender.link.send(Message(body=EVENT.format("<ClientPol/>").encode()))
        sender.connection.close()

    def test_flood_of_bad_events(self):
        sender = self.connect().create_sender(EVENTS)
        for _ in range(500):
            self.sees(*self.rejected(Message(body=EVENT.format("<ClientPol/>").encode()), sender))
        sender.connection.close()


class Rate(Case):
    settings = {"limits": {"events-per-second": 3}}

    def test_too_many_events(self):
        connection = self.peer()
        link = connection.create_sender(EVENTS).link
        deliveries = [link.send(Message(body=GOOD.encode())) for _ in range(100)]
        connection.wait(lambda: all(delivery.settled for delivery in deliveries), timeout=SECONDS)
        refused = [delivery.remote.condition for delivery in deliveries if delivery.remote.condition]
        self.assertGreater(len(refused), 0)
        for condition in refused:
            self.sees(condition.name, condition.description)
        self.another_input()
        request = Message(body=json.dumps({"jsonrpc": "2.0", "method": "sendEvent", "params": [GOOD], "id": 1}).encode(),
                          content_type="application/json")
        client = SyncRequestResponse(self.peer(), COMMANDS)
        answers = [json.loads(bytes(client.call(request).body)) for _ in range(50)]
        errors = [answer["error"] for answer in answers if "error" in answer]
        self.assertGreater(len(errors), 0)
        for error in errors:
            self.sees(str(error["code"]), error["message"])

    def check_works(self):
        """Requests are served as ever."""
        self.assertIn("result", self.answer({"method": "getSessionUser", "params": [], "id": 1}))


if __name__ == "__main__":
    unittest.main()
