"""The receiver and the sender of the original's documentation, unchanged, against the agent of the quickstart.

They are cut from ../shared/original-events.txt beside the checkout, as the project's own examples are written by us;
where that text is not at hand the test is skipped. The ports of the quickstart are fixed, and so all of it runs in a
network namespace of its own.
"""
import ast
import fcntl
import os
import pathlib
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import unittest

import ctest_main
from agent_fixture import until
from lxml import etree

SOURCE = pathlib.Path(os.environ["CLACKS_SOURCE"])
BIN = pathlib.Path(os.environ["CLACKS_BIN"])
TEXT = SOURCE.parent / "shared/original-events.txt"
INSIDE = "CLACKS_TEST_NAMESPACE"
NAMESPACE = ["unshare", "--net", "--map-root-user"]


def cut(text, first, last):
    """From the line `first` to the next line `last`, both included."""
    start = text.index(first + "\n")
    return text[start:text.index("\n" + last + "\n", start) + len(last) + 2]


def canonical(document):
    """Without the white space between elements, which the sender's pretty_print made."""
    return etree.tostring(etree.fromstring(document, etree.XMLParser(remove_blank_text=True)), method="c14n")


def loopback_up():
    request = struct.pack("16sH14s", b"lo", 0x1 | 0x40, b"")  # IFF_UP | IFF_RUNNING
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, 0x8914, request)  # SIOCSIFFLAGS


class Original(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="clacks-original-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.environment = {**os.environ, "HOME": str(self.folder), "XDG_STATE_HOME": str(self.folder),
                            "STATE_DIRECTORY": str(self.folder / "clacks"), "PYTHONUNBUFFERED": "1"}
        self.environment.pop("CLACKS_CA", None)
        loopback_up()

    def start(self, *command):
        """A process and the file of all that it writes."""
        output = self.folder / pathlib.Path(command[-1]).with_suffix(".out").name
        with output.open("w") as file:
            process = subprocess.Popen(command, stdout=file, stderr=file, stdin=subprocess.DEVNULL, env=self.environment)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process, output

    def script(self, name, first, last):
        path = self.folder / name
        path.write_text(cut(TEXT.read_text(encoding="utf-8"), first, last), encoding="utf-8")
        return path

    def subscribed(self):
        done = subprocess.run([BIN / "clacks", "subscriptions", "--json"], capture_output=True, text=True, check=True,
                              timeout=60, env=self.environment)
        return "PhoneStatus" in done.stdout

    def test_receiver_and_sender(self):
        agent, log = self.start(BIN / "clacks-agent", "--config", SOURCE / "config/quickstart.conf")
        until(lambda: "ready" in log.read_text() or agent.poll() is not None)
        self.assertIsNone(agent.poll(), log.read_text())
        receiver, received = self.start(sys.executable, self.script(
            "receiver.py", "#!/usr/bin/env python", "    exit(0)"))
        until(lambda: receiver.poll() is not None or self.subscribed())
        self.assertIsNone(receiver.poll(), received.read_text())

        sender, said = self.start(sys.executable, self.script(
            "sender.py", "from clacks.common.components import AMQPServiceProxy", "proxy.sendEvent(status)"))
        self.assertEqual((sender.wait(60), said.read_text()), (0, ""))
        until(lambda: received.read_text().endswith("\n") or receiver.poll() is not None)

        receiver.send_signal(signal.SIGINT)
        self.assertEqual(receiver.wait(60), 0, received.read_text())
        # print() of what etree.tostring() gives: the literal of its bytes, one for the one event.
        event = ast.literal_eval(received.read_text())
        self.assertEqual(canonical(event), canonical(
            '<Event xmlns="http://www.gonicus.de/Events"><PhoneStatus><CallerId>012345</CallerId>'
            '<ReceiverId>12343424</ReceiverId><Status>busy</Status></PhoneStatus></Event>'))
        agent.send_signal(signal.SIGTERM)
        self.assertEqual(agent.wait(60), 0, log.read_text())


def skip(why):
    print(f"skipped: {why}")
    sys.exit(ctest_main.SKIPPED)


if not TEXT.is_file():
    skip(f"the original's text is not at hand ({TEXT})")
if INSIDE not in os.environ:
    if subprocess.run([*NAMESPACE, "true"], capture_output=True, check=False).returncode != 0:
        skip("this machine lets nobody make a network namespace (unshare --net --map-root-user)")
    os.environ[INSIDE] = "1"
    os.execvp(NAMESPACE[0], [*NAMESPACE, sys.executable, __file__])
ctest_main.main()
