"""Runs the README's filter and event as they stand there and compares what the listener's terminal shows."""
import os
import pathlib
import pty
import re
import subprocess
import threading
import unittest

from agent_fixture import Agent

ROOT = pathlib.Path(os.environ["CLACKS_SOURCE"])
BIN = os.environ["CLACKS_BIN"]


def blocks(language):
    return re.findall(rf"^```{language}\b.*?\n(.*?)^```", (ROOT / "README.md").read_text(encoding="utf-8"), flags=re.M | re.S)


class Terminal:
    """A command on a terminal of its own; what it shows, without colours."""

    def __init__(self, command, environment):
        self.shown = ""
        self.changed = threading.Condition()
        ours, theirs = pty.openpty()
        self.process = subprocess.Popen(["bash", "-c", command], stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs,
                                        env=environment, start_new_session=True)
        os.close(theirs)
        self.reader = threading.Thread(target=self.read, args=(ours,), daemon=True)
        self.reader.start()

    def read(self, terminal):
        while True:
            try:
                data = os.read(terminal, 4096)
            except OSError:
                data = b""
            if not data:
                break
            with self.changed:
                text = self.shown + data.decode()
                self.shown = re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", text).replace("\r\n", "\n")
                self.changed.notify_all()
        os.close(terminal)

    def wait_for(self, text):
        with self.changed:
            return self.changed.wait_for(lambda: text in self.shown, timeout=60)

    def stop(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, 15)
        self.process.wait(timeout=30)
        self.reader.join(timeout=30)


class Readme(unittest.TestCase):
    def test_round_trip(self):
        commands = [block.replace("build/release/bin", BIN) for block in blocks("sh")]
        listen = next(c for c in commands if "clacks listen" in c)
        send = next(c for c in commands if "clacks send" in c)
        output = blocks("xml")[0]
        with Agent() as agent:
            environment = dict(os.environ, CLACKS_URL=agent.url)
            listener = Terminal(listen, environment)
            try:
                self.assertTrue(listener.wait_for("listening"), listener.shown)
                subprocess.run(["bash", "-c", send], env=environment, check=True, timeout=60)
                self.assertTrue(listener.wait_for("</Event>"), listener.shown)
            finally:
                listener.stop()
        self.assertIn(output, listener.shown)

    def test_first_screen(self):
        first = (ROOT / "README.md").read_text(encoding="utf-8").split("## ")[0]
        for part in ("make run", "clacks listen", "clacks send", "</Event>", "make test"):
            self.assertIn(part, first)
        self.assertLess(first.count("\n"), 60, "the first screen has grown")


unittest.main()
