"""The programs of docs/python.md, cut from the page by the heading they stand under, do what the page tells."""
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import unittest

from agent_fixture import Agent, until
from clacks.common.components import AMQPServiceProxy

PAGE = pathlib.Path(os.environ["CLACKS_SOURCE"]) / "docs/python.md"
PROGRAM = re.compile(r"^## ([^\n]+)\n(?:(?!^## ).)*?^```py\n(.*?)^```", re.M | re.S)
CALLER = "012345\n"


class Page(unittest.TestCase):
    def setUp(self):
        # So that no event of the agent's own comes between.
        self.agent = Agent(settings={"agent": {"status-interval": "1 h", "node-timeout": "3 h"}})
        self.agent.__enter__()
        self.addCleanup(self.agent.__exit__, None, None, None)
        folder = tempfile.TemporaryDirectory(prefix="clacks-page-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def start(self, heading):
        """The program under that heading; only the agent's ports, which the page has as the usual ones, are changed."""
        text = dict(PROGRAM.findall(PAGE.read_text(encoding="utf-8")))[heading]
        for scheme, url in (("amqp", self.agent.url), ("amqps", self.agent.amqps_url)):
            text = text.replace(f'"{scheme}://admin:secret@localhost/org.clacks"', f'"{url}"')
        self.assertNotIn("@localhost/", text, "a URL that is not the agent's")
        path = self.folder / f"program {heading}.py"  # a name that hides no module
        path.write_text(text, encoding="utf-8")
        program = subprocess.Popen(
            [sys.executable, path], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "CLACKS_CA": str(self.agent.certificate), "PYTHONUNBUFFERED": "1"})
        self.addCleanup(program.communicate)
        self.addCleanup(program.kill)
        return program

    def ended(self, program):
        """What it wrote, when all went well."""
        out, err = program.communicate(timeout=60)
        self.assertEqual((program.returncode, err), (0, ""))
        return out

    def test_no_program_is_left_out(self):
        text = PAGE.read_text(encoding="utf-8")
        self.assertEqual([heading for heading, _ in PROGRAM.findall(text)], ["Receive events", "Send events", "asyncio"])
        self.assertEqual(len(re.findall(r"^```py", text, re.M)), 3, "a second program under a heading")

    def test_receiver_and_sender(self):
        receiver = self.start("Receive events")
        with AMQPServiceProxy(self.agent.url) as proxy:
            until(lambda: receiver.poll() is not None or "PhoneStatus" in str(proxy.getSubscriptions()))
        self.assertRegex(self.ended(self.start("Send events")), r"^\{'id': '[0-9a-f-]{36}', 'matched': 1\}\n$")
        self.assertEqual([receiver.stdout.readline() for _ in range(2)], [CALLER, CALLER])
        receiver.send_signal(signal.SIGINT)
        out, err = receiver.communicate(timeout=60)
        self.assertEqual((out, receiver.returncode), ("", -signal.SIGINT), err)

    def test_asyncio(self):
        self.assertEqual(self.ended(self.start("asyncio")), CALLER)


unittest.main()
