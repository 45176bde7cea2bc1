"""clacks top against a real agent: once for scripts, and on a terminal that is resized and left."""
import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
import unittest

from agent_fixture import BIN, DOMAIN, SECONDS, Agent, connect
from proton import Message

PHONE = ('<Event xmlns="http://www.gonicus.de/Events"><PhoneStatus><CallerId>1</CallerId><ReceiverId>2</ReceiverId>'
         '<Status>busy</Status></PhoneStatus></Event>')


class Screen:
    """The program on a terminal of its own, and what it has written there."""

    def __init__(self, url, rows, columns):
        self.ours, theirs = pty.openpty()
        self.resize(rows, columns)
        self.before = termios.tcgetattr(theirs)
        self.theirs = theirs
        self.process = subprocess.Popen([BIN / "clacks", "top", "--interval", "0.2"], stdin=theirs, stdout=theirs,
                                        stderr=theirs, env={**os.environ, "CLACKS_URL": url})
        self.written = b""

    def resize(self, rows, columns):
        fcntl.ioctl(self.ours, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def frame(self, condition):
        """The lines of the first whole frame from now on that the condition holds for."""
        self.written = b""
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            if select.select([self.ours], [], [], 0.2)[0]:
                self.written += os.read(self.ours, 65536)
            for frame in self.written.split(b"\x1b[H")[1:]:
                if b"\x1b[J" in frame:
                    lines = frame.partition(b"\x1b[J")[0].decode().replace("\x1b[K", "").replace("\r", "").split("\n")[:-1]
                    if condition(lines):
                        return lines
        raise AssertionError(f"no such frame: {self.written[-2000:]!r}")

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self.ours)
        os.close(self.theirs)


class Top(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.agent = Agent({"amqp": {"queue-events": "5"}}, tls=False)
        cls.agent.__enter__()
        cls.connection = connect(cls.agent)
        cls.connection.create_receiver(f"{DOMAIN}.event", credit=0)
        sender = cls.connection.create_sender(f"{DOMAIN}.event")
        for _ in range(8):
            sender.send(Message(body=PHONE))

    @classmethod
    def tearDownClass(cls):
        cls.connection.close()
        cls.agent.__exit__(None, None, None)

    def once(self, *words):
        return subprocess.run([BIN / "clacks", "top", "--interval", "0.1", *words], capture_output=True, text=True,
                              timeout=60, check=True, env={**os.environ, "CLACKS_URL": self.agent.url}).stdout

    def test_once_where_there_is_no_terminal(self):
        for words in ([], ["--once"]):
            shown = self.once(*words)
            self.assertNotIn("\x1b", shown)
            self.assertRegex(shown, r"events/s: in [0-9.]+, out [0-9.]+; connections 2, subscriptions \d+")
            self.assertRegex(shown, r"matched \d+ = delivered \d+ \+ dropped \d+ \+ queued 5: queue-full \d+")
            self.assertRegex(shown, r"(?m)^admin +[0-9.]+ +8 +8 +0$")
            row = re.search(r"(?m)^\d+ +admin +[0-9.]+ +[0-9.]+ +(\d+) +(\d+) +(\d+) +(\d+) +\(every event\)$", shown)
            matched, delivered, dropped, queued = map(int, row.groups())
            self.assertEqual((matched, queued), (delivered + dropped + queued, 5))

    def test_json(self):
        told = json.loads(self.once("--json"))
        self.assertEqual(told["matched"], told["delivered"] + told["dropped"] + told["queued"])
        admin = next(one for one in told["publishers"] if one["name"] == "admin")
        self.assertEqual((admin["sent"], admin["accepted"], admin["rejected"]), (8, 8, 0))
        for one in told["subscriptions"]:
            self.assertGreaterEqual(one["matched_rate"], 0)

    def test_an_agent_that_is_not_there(self):
        done = subprocess.run([BIN / "clacks", "top", "--url", "amqp://a:b@127.0.0.1:1"], capture_output=True, text=True,
                              timeout=60)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("127.0.0.1:1", done.stderr)

    def test_a_terminal_is_filled_resized_and_given_back(self):
        screen = Screen(self.agent.url, 20, 100)
        self.addCleanup(screen.close)
        wide = screen.frame(lambda lines: any("PUBLISHER" in line for line in lines))
        self.assertTrue(any(line.endswith("(every event)") for line in wide), wide)
        self.assertLess(len(wide), 20)
        screen.resize(8, 30)
        small = screen.frame(lambda lines: len(lines) < 8 and max(map(len, lines)) <= 30)
        self.assertTrue(small[0].startswith("clacks top: amqp://admin@"), small)
        os.write(screen.ours, b"q")
        self.assertEqual(screen.process.wait(60), 0)
        self.assertEqual(termios.tcgetattr(screen.theirs), screen.before)
        self.assertTrue(os.read(screen.ours, 65536).endswith(b"\x1b[?25h\x1b[?1049l"))

    def test_it_ends_at_a_signal(self):
        screen = Screen(self.agent.url, 20, 100)
        self.addCleanup(screen.close)
        screen.frame(lambda lines: len(lines) > 3)
        screen.process.send_signal(signal.SIGTERM)
        self.assertEqual(screen.process.wait(60), 0)


if __name__ == "__main__":
    unittest.main()
