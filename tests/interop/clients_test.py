"""The programs of docs/clients.md, cut from the page and run as they stand there, and what goes wrong with them:
proton of Debian (the class Proton), and rhea where npm can install it (the class Rhea). Skipped as a whole, it says why."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import ctest_main
from agent_fixture import Agent
from proton.handlers import MessagingHandler
from proton.reactor import Container
from proton import Message

PAGE = pathlib.Path(os.environ["CLACKS_SOURCE"]) / "docs/clients.md"
RHEA = "rhea@3.0.4"
PHONE = ('<Event xmlns="http://www.gonicus.de/Events"><PhoneStatus><CallerId>012345</CallerId>'
         '<ReceiverId>12343424</ReceiverId><Status>busy</Status></PhoneStatus></Event>')
WRONG = PHONE.replace("Status>busy</Status", "Statu>busy</Statu")


def program(language):
    found = re.findall(rf"^```{language} run\n(.*?)^```", PAGE.read_text(encoding="utf-8"), flags=re.M | re.S)
    assert len(found) == 1, f"the page has {len(found)} programs in {language}"
    return found[0]


class Program:
    """Run against one agent; the classes below tell by what."""
    command = None

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="clacks-clients-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.prepare()
        agent = cls.agent = Agent()
        agent.__enter__()
        cls.addClassCleanup(agent.__exit__, None, None, None)

    def run_program(self, **environment):
        return subprocess.run([*self.command], cwd=self.folder, capture_output=True, text=True, timeout=100, check=False,
                              env={**os.environ, "CLACKS_HOST": "127.0.0.1", "CLACKS_PORT": str(self.agent.amqp_port),
                                   "CLACKS_USER": "admin", "CLACKS_PASSWORD": "secret", **environment})

    def test_connects_subscribes_publishes_and_calls(self):
        done = self.run_program()
        self.assertEqual((done.returncode, done.stdout), (
            0, f"filter: ./e:Event/e:PhoneStatus\nevent: {PHONE}\nuser: admin\n"), done.stderr)

    def test_invalid_filter(self):
        done = self.run_program(CLACKS_FILTER="1 +")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("XPST0003", done.stderr)
        self.assertIn("amqp:invalid-field", done.stderr)

    def test_wrong_password(self):
        done = self.run_program(CLACKS_PASSWORD="wrong")
        self.assertNotEqual(done.returncode, 0)
        self.assertRegex(done.stderr, "(?i)authenticat|unauthorized-access")


class Proton(Program, unittest.TestCase):
    @classmethod
    def prepare(cls):
        (cls.folder / "program.py").write_text(program("py"), encoding="utf-8")
        cls.command = [sys.executable, "program.py"]

    def test_rejected_event(self):
        """By a handler, as the page says."""
        agent = self.agent

        class Send(MessagingHandler):
            said = None

            def on_start(self, event):
                connection = event.container.connect(agent.url, allowed_mechs="PLAIN")
                event.container.create_sender(connection, "org.clacks.event")

            def on_sendable(self, event):
                event.sender.send(Message(body=WRONG.encode(), inferred=True))
                event.sender.drained()

            def on_rejected(self, event):
                self.said = event.delivery.remote.condition.description
                event.connection.close()

        handler = Send()
        Container(handler).run()
        self.assertIn("/Event/PhoneStatus", handler.said)
        self.assertIn("Statu", handler.said)


class Rhea(Program, unittest.TestCase):
    @classmethod
    def prepare(cls):
        if not shutil.which("npm") or not shutil.which("node"):
            raise unittest.SkipTest("npm and node are not installed")
        try:
            done = subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", RHEA], cwd=cls.folder,
                                  capture_output=True, text=True, timeout=90, check=False)
        except subprocess.TimeoutExpired:
            raise unittest.SkipTest(f"npm could not install {RHEA} in time") from None
        if done.returncode:
            raise unittest.SkipTest(f"npm cannot install {RHEA} here")
        (cls.folder / "program.js").write_text(program("js"), encoding="utf-8")
        cls.command = ["node", "program.js"]

    def test_rejected_event(self):
        done = self.run_program(CLACKS_EVENT=WRONG)
        self.assertEqual(done.returncode, 1)
        self.assertIn("/Event/PhoneStatus", done.stderr)
        self.assertIn("Statu", done.stderr)


ctest_main.main()
