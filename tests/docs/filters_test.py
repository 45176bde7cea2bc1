"""The filters of docs/filters.md, each in force at an agent, give the verdicts that the page tells for its events."""
import json
import os
import pathlib
import re
import shlex
import subprocess
import unittest

from agent_fixture import Agent
from proton import Described, Message, symbol
from proton.reactor import Filter
from proton.utils import BlockingConnection, SyncRequestResponse

PAGE = pathlib.Path(os.environ["CLACKS_SOURCE"]) / "docs/filters.md"
EXAMPLE = re.compile(r"^\*\*(\d+)\. .*?\n```xquery\n(.*?)^```\n(.*?)(?=^\*\*\d|^### |\Z)", re.M | re.S)
VERDICT = re.compile(r"^(Matches|Does not match)(?: with `([\w-]+) = (\d+)`)?:\n\n```xml\n(.*?)^```", re.M | re.S)
XQUERY = symbol("apache.org:xquery-filter:string")


def examples():
    return [(int(number), query, VERDICT.findall(rest))
            for number, query, rest in EXAMPLE.findall(PAGE.read_text(encoding="utf-8"))]


class Filters(unittest.TestCase):
    def setUp(self):
        # So that no event of the agent's own comes between.
        self.agent = Agent(settings={"agent": {"status-interval": "1 h", "node-timeout": "3 h"}}, tls=False)
        self.agent.__enter__()
        self.addCleanup(self.agent.__exit__, None, None, None)
        self.connection = BlockingConnection(f"amqp://127.0.0.1:{self.agent.amqp_port}", user="admin", password="secret",
                                             allowed_mechs="PLAIN", allow_insecure_mechs=True, timeout=60)
        self.addCleanup(self.connection.close)
        self.sender = self.connection.create_sender("org.clacks.event")
        self.client = SyncRequestResponse(self.connection, "org.clacks.command.core")

    def state(self, link):
        answer = self.client.call(Message(body=b'{"method": "getSubscriptions", "id": 1}'))
        return next(entry for entry in json.loads(bytes(answer.body))["result"] if entry["link"] == link)

    def test_every_example(self):
        found = examples()
        self.assertEqual([number for number, _, _ in found], list(range(1, len(found) + 1)))
        self.assertGreaterEqual(len(found), 20)
        self.assertEqual(sum(len(verdicts) for _, _, verdicts in found),
                         PAGE.read_text(encoding="utf-8").count("```xml\n"), "an event without a verdict")
        for number, query, verdicts in found:
            link = str(number)
            self.connection.create_receiver("org.clacks.event", name=link, options=Filter({symbol("xquery"): Described(XQUERY, query)}))
            self.assertEqual({verdict[0] for verdict in verdicts}, {"Matches", "Does not match"}, number)
            for verdict, name, value, event in verdicts:
                with self.subTest(example=number, event=event):
                    before = self.state(link)
                    self.sender.send(Message(body=event.encode(), properties={name: int(value)} if name else None))
                    after = self.state(link)
                    self.assertIn(after["evaluated"] - before["evaluated"], (0, 1))
                    self.assertEqual(after["errors"], before["errors"], after["last_error"])
                    self.assertEqual(after["matched"] - before["matched"], verdict == "Matches")


class Explained(unittest.TestCase):
    def test_the_worked_example(self):
        text = PAGE.read_text(encoding="utf-8")
        found = re.search(r"^```sh\nclacks (filter explain --folder .*?)\n```\n\n```text\n(.*?)^```", text, re.M | re.S)
        done = subprocess.run([pathlib.Path(os.environ["CLACKS_BIN"]) / "clacks", *shlex.split(found[1])], cwd=PAGE.parent.parent,
                              capture_output=True, text=True, timeout=60)
        self.assertEqual((done.stdout, done.stderr, done.returncode), (found[2], "", 0))


unittest.main()
