"""The client library's example programs against the real agent, and against peers that do not keep to the contract."""
import os
import pathlib
import re
import subprocess
import unittest

import raw_amqp as raw
from agent_fixture import Agent
from broker import Broker, described_filter

BIN = pathlib.Path(os.environ["CLACKS_BIN"])
PHONE = ('<Event xmlns="http://www.gonicus.de/Events"><PhoneStatus><CallerId>012345</CallerId>'
         '<ReceiverId>12343424</ReceiverId><Status>busy</Status></PhoneStatus></Event>')
SOURCE = pathlib.Path(os.environ["CLACKS_SOURCE"])
FILTER = (SOURCE / "docs/examples/receiver.cpp").read_text().split('R"(')[1].split(')"')[0]


class Receiver:
    """example-receiver or another that receives; its lines can be waited for, as it ends only when it must."""

    def __init__(self, url, environment=None, program="example-receiver"):
        self.process = subprocess.Popen([BIN / program, url], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        text=True, env={**os.environ, **(environment or {})})

    def said(self):
        return self.process.stderr.readline()

    def got(self):
        return self.process.stdout.readline()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()


def run(program, url, environment=None, arguments=()):
    return subprocess.run([BIN / program, url, *arguments], capture_output=True, text=True, timeout=60,
                          env={**os.environ, **(environment or {})})


class WithAgent(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.agent = Agent(settings={"agent": {"status-interval": "1 s"}})
        cls.agent.__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.agent.__exit__(None, None, None)

    def round_trip(self, url, environment=None):
        with Receiver(url, environment) as receiver:
            self.assertIn("subscribed", receiver.said())
            sender = run("example-sender", url, environment)
            self.assertEqual((sender.returncode, sender.stderr), (0, ""))
            self.assertEqual(receiver.got().rstrip("\n"), PHONE)

    def test_documented_round_trip(self):
        self.round_trip(self.agent.url)

    def test_round_trip_with_tls(self):
        self.round_trip(self.agent.amqps_url, {"CLACKS_CA": str(self.agent.certificate)})

    def test_an_untrusted_certificate_is_refused(self):
        sender = run("example-sender", self.agent.amqps_url, {"CLACKS_CA": "/etc/ssl/certs/ca-certificates.crt"})
        self.assertEqual(sender.returncode, 1)
        self.assertIn("not one to trust", sender.stderr)

    def test_a_refused_login_ends_it_and_shows_no_password(self):
        url = self.agent.url.replace("secret", "wrong-password")
        for program in ("example-sender", "example-receiver"):
            with self.subTest(program=program):
                ended = run(program, url)
                self.assertEqual(ended.returncode, 1)
                self.assertIn("refuses the user 'admin'", ended.stderr)
                self.assertNotIn("wrong-password", ended.stderr)

    def test_an_unknown_domain_names_the_nearest(self):
        ended = run("example-receiver", self.agent.url.replace("/org.clacks", "/org.claks"))
        self.assertEqual(ended.returncode, 1)
        self.assertIn("did you mean 'org.clacks.event'", ended.stderr)


    def test_typed_fields(self):
        with Receiver(self.agent.url, program="example-fields") as receiver:
            self.assertIn("subscribed", receiver.said())
            self.assertRegex(receiver.got(), r"^fixture: load [\d.e-]+, \d+ workers(, not indexed)?, latency [\d.e-]+\n$")

    def test_a_field_of_another_type_is_told_with_its_path_and_the_next_event_comes(self):
        with Receiver(self.agent.url, program="example-fields") as receiver:
            self.assertIn("subscribed", receiver.said())
            good = (SOURCE / "data/events/examples/NodeStatus.xml").read_text()
            odd = self.agent.folder / "odd.xml"
            for latency, workers in (("NaN", "-3"), ("NaN", "3")):
                text = re.sub(r"<Latency>.*</Latency>", f"<Latency>{latency}</Latency>", good)
                text = re.sub(r"<Workers>.*</Workers>", f"<Workers>{workers}</Workers>", text)
                odd.write_text(re.sub(r"<Id>.*</Id>", "<Id>odd</Id>", text))
                published = run("example-publisher", self.agent.url, arguments=[odd])
                self.assertEqual(published.returncode, 0, published.stderr)
            self.assertIn("event: /Event/NodeStatus/Workers: the value is '-3', expected a whole number", receiver.said())
            while not (line := receiver.got()).startswith("odd: "):
                self.assertTrue(line)
            self.assertIn(", 3 workers, latency nan", line)

    def test_publisher_tells_the_verdict_on_each(self):
        bad = self.agent.folder / "bad.xml"
        bad.write_text(PHONE.replace("Status>", "Stat>"))
        examples = [SOURCE / f"data/events/examples/{name}.xml" for name in ("PhoneStatus", "PuppetReport")]
        published = run("example-publisher", self.agent.url, arguments=[examples[0], bad, examples[1]])
        self.assertEqual(published.returncode, 1)
        self.assertEqual(published.stdout, "".join(f"{example}: accepted\n" for example in examples))
        self.assertTrue(published.stderr.startswith(f"{bad}: "), published.stderr)
        self.assertIn("/Event/Phone", published.stderr)
        self.assertEqual(len(published.stderr.splitlines()), 1)

    def test_commands_and_their_errors(self):
        listed = run("example-commands", self.agent.url)
        self.assertEqual((listed.returncode, listed.stderr), (0, ""))
        *nodes, refusal = listed.stdout.splitlines()
        self.assertTrue(any(re.fullmatch(r"fixture: load [\d.e-]+, \d+ workers", node) for node in nodes), nodes)
        self.assertRegex(refusal, r"^-32601: .*getNodes")


class WithBroker(unittest.TestCase):
    def broker(self, *answers):
        broker = Broker(*answers)
        self.addCleanup(broker.close)
        return broker

    def test_a_filter_that_is_not_confirmed_is_no_subscription(self):
        number = raw.mapping(raw.symbol("xquery"), b"\x00" + raw.symbol("apache.org:xquery-filter:string") + raw.uint(1))
        for filters in (raw.NULL, described_filter("true()"), described_filter(FILTER + " "), number):
            with self.subTest(filters=filters[:60]):
                ended = run("example-receiver", self.broker(filters).url)
                self.assertEqual(ended.returncode, 1)
                self.assertIn("did not confirm the filter", ended.stderr)
                self.assertNotIn("subscribed", ended.stderr)

    def test_the_confirmed_filter_is_a_subscription(self):
        with Receiver(self.broker(described_filter(FILTER)).url) as receiver:
            self.assertIn("subscribed", receiver.said())

    def test_a_lost_connection_is_made_anew(self):
        def lost(peer, name):
            Broker.attach(peer, name, described_filter(FILTER))
            raw.read_until(peer, b"\x00\x53\x13")  # credit: the subscription is in force
            raw.reset(peer)

        with Receiver(self.broker(lost, described_filter(FILTER)).url) as receiver:
            lines = [receiver.said() for _ in range(3)]
        self.assertIn("subscribed", lines[0])
        self.assertIn("connection lost", lines[1])
        self.assertIn("trying again", lines[1])
        self.assertIn("subscribed", lines[2])
        self.assertNotIn("secret", "".join(lines))

    def test_a_message_that_is_none_costs_the_connection_only(self):
        def garbage(peer, name):
            Broker.attach(peer, name, described_filter(FILTER))
            raw.read_until(peer, b"\x00\x53\x13")
            peer.sendall(raw.transfer(0, 0, b"", settled=True))
            raw.read_until(peer, b"nothing", 5)

        with Receiver(self.broker(garbage, described_filter(FILTER)).url) as receiver:
            self.assertIn("subscribed", receiver.said())
            self.assertIn("trying again", receiver.said())
            self.assertIn("subscribed", receiver.said())


class Library(unittest.TestCase):
    def test_it_shows_its_interface_only(self):
        library = BIN.parent / "lib/libclacks-common.so"
        names = subprocess.run(["nm", "-DC", "--defined-only", library], capture_output=True, text=True, check=True).stdout
        self.assertIn("clacks::AMQPEventConsumer::join", names)
        # Instances of the standard library's templates name our types, and are nobody's interface.
        own = [line.split(" ", 2)[2] for line in names.splitlines() if re.match(r"[0-9a-f]+ [TDBR] ", line)]
        hidden = [name for name in own if re.match(r"clacks::(client|amqp)::|proton::|pn_|pugi::", name)]
        self.assertEqual(hidden, [])


unittest.main()
