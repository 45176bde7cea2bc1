"""Bad input against a real agent: what docs/errors.md promises for it is what is seen.

A test of a class derived from Case is shown by one row of that page, found by the test's name. The row has the code
and the message that the sender gets, and what the log says. "…" in them stands for any text.
"""
import json
import os
import pathlib
import re
import sys
import time
import unittest

from agent_fixture import SECONDS, Agent
from error_table import PAGE, rows_by_test
from proton import Message
from proton.utils import BlockingConnection, LinkDetached, SyncRequestResponse

SOURCE = pathlib.Path(os.environ["CLACKS_SOURCE"])
EVENTS, COMMANDS = "org.clacks.event", "org.clacks.command.core"
EVENT = '<Event xmlns="http://www.gonicus.de/Events">{}</Event>'
GOOD = EVENT.format("<NodeLeave><Id>elsewhere</Id></NodeLeave>")
NOTHING = "nothing"
FIRST = "first refusal"  # of the connection, told once


def pattern(sample):
    return re.escape(sample).replace("…", ".*")


class Case(unittest.TestCase):
    settings = {}
    tls = False
    acl = None

    @classmethod
    def setUpClass(cls):
        cls.agent = Agent(settings=cls.settings, tls=cls.tls, acl=cls.acl)
        cls.agent.__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.agent.__exit__(None, None, None)

    def setUp(self):
        file = pathlib.Path(sys.modules[type(self).__module__].__file__).resolve()
        name = self._testMethodName.removeprefix("test_")
        key = (str(file.relative_to(SOURCE)), name)
        self.assertIn(key, rows_by_test(), f"no row of {PAGE.name} names this test")
        self.row = rows_by_test()[key]
        self.logged = len(self.agent.log_lines())
        self.inputs = 1

    def another_input(self):
        """Before the second, third… input of the same row, each on a connection of its own."""
        self.inputs += 1

    def tearDown(self):
        self.assertTrue(self.agent.alive(), "the agent ended")
        samples = self.log_samples()
        expected = self.inputs * len(samples)
        self.until(lambda: len(self.new_lines()) >= expected)
        self.check_works()
        lines = self.new_lines()
        self.assertEqual(len(lines), expected, "\n".join(lines))
        for line in lines:
            self.assertRegex(line, "(" + "|".join(samples) + ")$")

    def log_samples(self):
        """A pattern for each line that the row promises."""
        samples = [pattern(sample) for sample in re.findall(r"`([^`]+)`", self.row.log)]
        if FIRST in self.row.log:
            samples.append(rf"refused a (message|link|request) of 'admin' from 127\.0\.0\.1:\d+: ({'|'.join(self.row.codes)}), "
                           + pattern(self.row.message) + "; this connection's further refusals are only counted")
        self.assertEqual(not samples, self.row.log == NOTHING)
        return samples

    def new_lines(self):
        return self.agent.log_lines()[self.logged:]

    def until(self, condition):
        end = time.monotonic() + SECONDS
        while not (result := condition()) and time.monotonic() < end:
            time.sleep(0.02)
        return result

    def check_works(self):
        """Somebody else is served as ever."""
        connection = self.connect()
        connection.create_sender(EVENTS).send(Message(body=GOOD.encode()), timeout=SECONDS)
        connection.close()

    def sees(self, code, message):
        """Compares what a sender got with its row."""
        self.assertIn(code, self.row.codes, message)
        self.assertRegex(message, "(?s)^" + pattern(self.row.message) + "$")

    def connect(self, **options):
        return BlockingConnection(f"amqp://127.0.0.1:{self.agent.amqp_port}", user="admin", password="secret",
                                  allowed_mechs="PLAIN", allow_insecure_mechs=True, timeout=SECONDS, **options)

    def peer(self):
        connection = self.connect()
        self.addCleanup(connection.close)
        return connection

    def rejected(self, message, sender=None):
        """Condition and description that a message is rejected with."""
        sender = sender or self.peer().create_sender(EVENTS)
        delivery = sender.link.send(message)
        sender.connection.wait(lambda: delivery.settled, timeout=SECONDS)
        self.assertTrue(delivery.remote.condition, "accepted")
        return delivery.remote.condition.name, delivery.remote.condition.description

    def refused(self, create, *arguments, **options):
        """Condition and description that a link is refused with."""
        with self.assertRaises(LinkDetached) as caught:
            create(*arguments, **options)
        condition = caught.exception.link.remote_condition
        return condition.name, condition.description

    def answer(self, body, connection=None, address=COMMANDS):
        """The JSON that a request is answered with."""
        client = SyncRequestResponse(connection or self.peer(), address)
        text = body if isinstance(body, (bytes, str)) else json.dumps(body)
        reply = client.call(Message(body=text if isinstance(text, bytes) else text.encode(), content_type="application/json"))
        return json.loads(bytes(reply.body))

    def call(self, method, params):
        return self.answer({"jsonrpc": "2.0", "method": method, "params": params, "id": 1})
