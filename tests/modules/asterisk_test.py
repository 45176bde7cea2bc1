"""The module asterisk against a scripted peer: Debian 12 has no Asterisk, so the peer speaks the documented protocol."""
import hashlib
import os
import pathlib
import socket
import unittest

from agent_fixture import Agent, XQueryFilter, connect
from lxml import etree

MODULES = pathlib.Path(os.environ["CLACKS_BIN"]).parent / "lib/modules"
PARAMS = ("Event: QueueParams", "Queue: support", "Max: 0", "Strategy: ringall", "Calls: {}", "Holdtime: 4",
          "TalkTime: 60", "Completed: 7", "Abandoned: 2", "ServiceLevel: 0", "Weight: 0")
MEMBER = ("Event: QueueMember", "Queue: support", "Name: Alice", "Location: PJSIP/17", "Membership: static", "Penalty: 1",
          "CallsTaken: 4", "LastCall: 1795483100", "Status: {}", "Paused: 0")
WANTED = "exists(./e:Event/(e:AsteriskNotification, e:PhoneStatus))"
COMPLETE = ("Event: QueueStatusComplete", "EventList: Complete")


class Peer:
    """One accepted connection, as Asterisk's manager."""

    def __init__(self, listener):
        listener.settimeout(60)
        self.socket, _ = listener.accept()
        self.socket.settimeout(60)
        self.file = self.socket.makefile("rb")
        self.socket.sendall(b"Asterisk Call Manager/5.0.2\r\n")

    def action(self):
        lines = []
        while (line := self.file.readline().decode().strip()) != "":
            lines.append(line.split(": ", 1))
        return dict(lines)

    def send(self, *lines):
        self.socket.sendall("".join(line + "\r\n" for line in (*lines, "")).encode())

    def challenge(self, secret):
        assert self.action() == {"Action": "Challenge", "AuthType": "MD5"}
        self.send("Response: Success", "Challenge: 840415273")
        login = self.action()
        key = hashlib.md5(("840415273" + secret).encode()).hexdigest()
        assert (login["Action"], login["Username"], login["AuthType"], login["Key"]) == ("Login", "clacks", "MD5", key), login
        self.send("Response: Success", "Message: Authentication accepted")
        self.asked()

    def asked(self):
        actions = [self.action()["Action"] for _ in range(3)]
        assert actions == ["QueueStatus", "DeviceStateList", "ExtensionStateList"], actions

    def close(self):
        self.file.close()
        self.socket.close()


class Asterisk(unittest.TestCase):
    def setUp(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(self.listener.close)

    def agent(self, **settings):
        return Agent(settings={"agent": {"modules": MODULES},
                               "module asterisk": {"port": self.listener.getsockname()[1], "user": "clacks",
                                                   "secret": "hush", "retry-delay": "10 ms", **settings}}, tls=False)

    def connect(self, agent):
        self.connection = connect(agent)
        return self.connection

    def next(self, receiver):
        event = etree.fromstring(bytes(receiver.receive(timeout=60).body))[0]
        receiver.accept()
        inner = event if etree.QName(event).localname == "PhoneStatus" else event[0]
        return etree.QName(inner).localname, {etree.QName(child).localname: child.text or "" for child in inner}

    def test_queues_members_calls_and_phones(self):
        with self.agent() as agent:
            receiver = self.connect(agent).create_receiver("org.clacks.event", credit=100, options=XQueryFilter(WANTED))
            peer = Peer(self.listener)
            self.addCleanup(peer.close)
            peer.challenge("hush")
            peer.send(*(line.format(1) for line in PARAMS))
            peer.send(*(line.format(1) for line in MEMBER))
            peer.send(*COMPLETE)
            kind, fields = self.next(receiver)
            self.assertEqual((kind, fields), ("QueueStatus", {
                "Queue": "support", "Strategy": "ringall", "Calls": "1", "Holdtime": "4", "TalkTime": "60",
                "Completed": "7", "Abandoned": "2"}))
            kind, fields = self.next(receiver)
            self.assertEqual((kind, fields), ("QueueMemberStatus", {
                "Queue": "support", "Location": "PJSIP/17", "MemberName": "Alice", "Membership": "static", "Penalty": "1",
                "CallsTaken": "4", "LastCall": "1795483100", "Status": "1", "Paused": "0"}))
            caller = ("Queue: support", "CallerIDNum: 0123", "CallerIDName: Bob & Co", "Uniqueid: 1.7")
            for event, state, more in (("QueueCallerJoin", "joined", "Position: 1"),
                                       ("AgentConnect", "connected", "HoldTime: 3"),
                                       ("AgentComplete", "completed", "TalkTime: 9"),
                                       ("QueueCallerAbandon", "abandoned", "HoldTime: 5"),
                                       ("QueueCallerLeave", "left", "Position: 1")):
                peer.send("Event: " + event, *caller, more)
                kind, fields = self.next(receiver)
                name, value = more.split(": ")
                self.assertEqual((kind, fields), ("QueueCall", {
                    "Queue": "support", "State": state, "CallerId": "0123", "CallerName": "Bob & Co", "UniqueId": "1.7",
                    name.replace("HoldTime", "Holdtime"): value}))
            # The sums were asked for at once, and once more for all that came meanwhile; only what changed is told.
            self.assertEqual(peer.action()["Action"], "QueueStatus")
            for round_ in range(2):
                peer.send(*(line.format(2) for line in PARAMS))
                peer.send(*(line.format(1) for line in MEMBER))
                peer.send(*COMPLETE)
                if round_ == 0:
                    self.assertEqual(peer.action()["Action"], "QueueStatus")
            peer.send("Event: DeviceStateChange", "Device: PJSIP/17", "State: INUSE")
            peer.send("Event: ExtensionStatus", "Exten: 17", "Context: default", "Status: 8", "StatusText: Ringing")
            self.assertEqual(self.next(receiver)[1]["Calls"], "2")
            self.assertEqual(self.next(receiver), ("PhoneStatus", {"CallerId": "", "ReceiverId": "PJSIP/17", "Status": "inuse"}))
            self.assertEqual(self.next(receiver), ("PhoneStatus", {"CallerId": "", "ReceiverId": "17", "Status": "ringing"}))
            self.connection.close()

    def test_it_survives_nonsense_and_comes_back(self):
        with self.agent() as agent:
            receiver = self.connect(agent).create_receiver("org.clacks.event", credit=100, options=XQueryFilter(WANTED))
            peer = Peer(self.listener)
            peer.challenge("hush")
            peer.send("Event: DeviceStateChange", "Device: \udcff".encode("utf-8", "surrogateescape").decode("latin-1"),
                      "State: A")
            self.next(receiver)
            peer.socket.sendall(b"\r\n\r\nno colon\r\n:\r\n: \r\n\r\nEvent: QueueParams\r\n\r\n" + b"x" * 100000 +
                                b"\r\n\r\n" + b"A: b\r\n" * 20000 + b"\r\n")
            peer.send(*(line.format("many") for line in PARAMS))
            peer.send("Event: DeviceStateChange", "Device: D", "State: BUSY")
            self.assertEqual(self.next(receiver)[1]["ReceiverId"], "D")
            agent.wait_for_line("refused what Asterisk sent, 1 refusals so far: a message is longer than 64 KiB")
            agent.wait_for_line("refused what Asterisk sent, .*'many'")
            peer.socket.sendall(b"Event: DeviceState")
            peer.close()
            agent.wait_for_line("no connection to Asterisk at .*: Asterisk closed the connection; the next try is in 10 ms")
            again = Peer(self.listener)
            again.challenge("hush")
            again.send("Event: DeviceStateChange", "Device: D", "State: IDLE")
            self.assertEqual(self.next(receiver)[1]["Status"], "idle")
            again.close()
            self.connection.close()

    def test_a_plain_login(self):
        with self.agent(login="plain") as agent:
            peer = Peer(self.listener)
            self.assertEqual(peer.action(), {"Action": "Login", "Username": "clacks", "Secret": "hush", "Events": "on"})
            peer.send("Response: Success", "Message: Authentication accepted")
            peer.asked()
            agent.wait_for_line("logged in to Asterisk")
            peer.close()

    def test_a_login_that_fails_is_told_and_not_tried_at_once(self):
        with self.agent() as agent:
            peer = Peer(self.listener)
            peer.action()
            peer.send("Response: Success", "Challenge: 1")
            peer.action()
            peer.send("Response: Error", "Message: Authentication failed")
            line = agent.wait_for_line("the login of 'clacks' failed: Authentication failed; the next try is in 1 min")
            self.assertNotIn("hush", line)
            peer.close()

    def test_a_peer_that_is_silent_is_left(self):
        with self.agent(**{"time-out": "100 ms"}) as agent:
            mute = Peer(self.listener)
            agent.wait_for_line("it does not answer")
            peer = Peer(self.listener)
            self.assertEqual(peer.action()["Action"], "Challenge")
            mute.close()
            peer.close()


unittest.main()
