"""Programs on the Python package: python3 -m clacks, Ctrl-C, programs that end without closing, the installed package."""
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import unittest

from agent_fixture import Agent
from clacks.common.components import Publisher

SOURCE = pathlib.Path(os.environ["CLACKS_SOURCE"])
PHONE = ('<Event xmlns="http://www.gonicus.de/Events"><PhoneStatus><CallerId>012345</CallerId>'
         '<ReceiverId>12343424</ReceiverId><Status>busy</Status></PhoneStatus></Event>')
WAITS = """
from clacks.common.components import AMQPEventConsumer
consumer = AMQPEventConsumer("{url}", callback=print)
consumer.wait_until_subscribed()
print("subscribed", flush=True)
"""
ASYNC = """
import asyncio
from clacks.aio import subscribe

async def main():
    async with subscribe("{url}") as events:
        print("subscribed", flush=True)
        async for event in events:
            pass

try:
    asyncio.run(main())
except KeyboardInterrupt:
    print("interrupted")
"""
SOON = 20  # seconds after Ctrl-C, on a busy machine


def start(*arguments, **environment):
    return subprocess.Popen([sys.executable, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                            env={**os.environ, **environment})


class Programs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.agent = Agent()
        cls.agent.__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.agent.__exit__(None, None, None)

    def listening(self, *arguments):
        listener = start("-m", "clacks", "listen", "--url", self.agent.url, *arguments)
        self.addCleanup(listener.communicate)
        self.addCleanup(listener.kill)
        self.assertIn("subscribed", listener.stderr.readline())
        return listener

    def test_listen(self):
        listener = self.listening("--xquery", "./e:Event/e:PhoneStatus", "--count", "2")
        with Publisher(self.agent.url) as publisher:
            publisher.publish(PHONE)
            publisher.publish(PHONE)
        out, err = listener.communicate(timeout=60)
        self.assertEqual((out, err, listener.returncode), (f"{PHONE}\n" * 2, "", 0))

    def test_listen_ends_at_ctrl_c(self):
        listener = self.listening()
        listener.send_signal(signal.SIGINT)
        out, err = listener.communicate(timeout=SOON)
        self.assertEqual((err, listener.returncode), ("", 0))

    def test_listen_ends_at_ctrl_c_while_the_agent_is_away(self):
        with Agent() as agent:
            listener = start("-m", "clacks", "listen", "--url", agent.url, "--xquery", "./e:Event/e:PhoneStatus")
            self.addCleanup(listener.communicate)
            self.addCleanup(listener.kill)
            self.assertIn("subscribed", listener.stderr.readline())
            self.assertEqual(agent.stop(), 0)
            self.assertIn("trying again", listener.stderr.readline())
            listener.send_signal(signal.SIGINT)
            out, err = listener.communicate(timeout=SOON)
            self.assertEqual((out, listener.returncode), ("", 0))
            self.assertNotIn("Traceback", err)

    def test_ctrl_c_in_asyncio(self):
        program = start("-c", ASYNC.format(url=self.agent.url))
        self.addCleanup(program.kill)
        self.assertEqual(program.stdout.readline(), "subscribed\n")
        program.send_signal(signal.SIGINT)
        out, err = program.communicate(timeout=SOON)
        self.assertEqual((out, err, program.returncode), ("interrupted\n", "", 0))

    def test_listen_tells_why_it_failed(self):
        for url, query, words in ((self.agent.url, "1 +", "XPST0003"),
                                  (self.agent.url.replace("secret", "wrong-password"), ".", "refuses the user 'admin'"),
                                  ("http://localhost", ".", "amqp://")):
            listener = start("-m", "clacks", "listen", "--url", url, "--xquery", query)
            out, err = listener.communicate(timeout=60)
            self.assertEqual((out, listener.returncode), ("", 1))
            self.assertIn(words, err)
            self.assertNotIn("wrong-password", err)
            self.assertEqual(err.count("\n"), 1, err)

    def test_help_shows_no_password(self):
        out, _ = start("-m", "clacks", "listen", "--help", CLACKS_URL="amqp://u:topsecret@h/d").communicate(timeout=60)
        self.assertIn("--xquery", out)
        self.assertNotIn("topsecret", out)

    def test_a_program_that_just_ends(self):
        program = start("-c", WAITS.format(url=self.agent.url))
        out, err = program.communicate(timeout=60)
        self.assertEqual((out, err, program.returncode), ("subscribed\n", "", 0))

    def test_ctrl_c_in_join(self):
        program = start("-c", WAITS.format(url=self.agent.url) + "consumer.join()")
        self.assertEqual(program.stdout.readline(), "subscribed\n")
        program.send_signal(signal.SIGINT)
        _, err = program.communicate(timeout=SOON)
        self.assertTrue(err.rstrip().endswith("KeyboardInterrupt"), err)
        self.assertEqual(err.count("Traceback"), 1, err)


class Installed(unittest.TestCase):
    def test_it_runs_from_where_it_is_installed(self):
        build = pathlib.Path(os.environ["CLACKS_BIN"]).parent
        with tempfile.TemporaryDirectory() as prefix:
            subprocess.run(["cmake", "--install", build, "--component", "python", "--prefix", prefix], check=True,
                           stdout=subprocess.DEVNULL)
            folders = list(pathlib.Path(prefix).glob("lib/python3*/dist-packages"))
            self.assertEqual(len(folders), 1, "where the package is installed")
            files = {path.relative_to(folders[0]) for path in folders[0].rglob("*") if path.is_file()}
            there = {path.relative_to(SOURCE / "common/python") for path in (SOURCE / "common/python/clacks").rglob("*")
                     if path.is_file() and path.suffix != ".pyc"}
            self.assertEqual(files, there)
            program = start("-c", "import clacks.aio, clacks.common.components as c; print(c.__file__)",
                            PYTHONPATH=str(folders[0]))
            out, err = program.communicate(timeout=60)
            self.assertTrue(out.startswith(prefix), err)


unittest.main()
