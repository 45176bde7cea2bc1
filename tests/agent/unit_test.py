"""The unit file: systemd understands it, finds it tight, and lets through every system call of the agent."""
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import unittest

from agent_fixture import Agent, connect, until
from client_fixture import Client
from ctest_main import main
from proton import Message

SOURCE = pathlib.Path(os.environ["CLACKS_SOURCE"])
BIN = pathlib.Path(os.environ["CLACKS_BIN"])
TIGHT = 1.5  # the exposure that systemd-analyze may find at most


def analyze(*arguments):
    # Without a running systemd some of its questions stay unanswered; none of these needs one.
    return subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True, timeout=120, check=False)


class Unit:
    """What holds for each unit; `NAME` is the program's."""

    def setUp(self):
        if not shutil.which("systemd-analyze"):
            self.skipTest("systemd is not installed")
        folder = tempfile.mkdtemp(prefix="clacks-unit-")
        self.addCleanup(shutil.rmtree, folder)
        self.text = (SOURCE / f"systemd/{self.NAME}.service").read_text().replace("@CMAKE_INSTALL_FULL_BINDIR@", str(BIN))
        self.assertNotIn("@CMAKE", self.text)
        self.unit = pathlib.Path(folder, f"{self.NAME}.service")
        self.unit.write_text(self.text)

    def test_verify(self):
        result = analyze("verify", "--man=no", self.unit)
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, "", ""))

    def test_exposure(self):
        result = analyze("security", "--offline=true", self.unit)
        found = re.search(rf"Overall exposure level for {self.NAME}.service: ([\d.]+)", result.stdout)
        self.assertIsNotNone(found, result.stdout + result.stderr)
        self.assertLessEqual(float(found[1]), TIGHT)

    def test_every_line_of_the_sandbox_tells_its_cost(self):
        sandbox = self.text.split("# Capabilities\n", 1)[1].split("[Install]")[0].splitlines()
        untold = [line for line, after in zip(sandbox, sandbox[1:] + [""])
                  if re.match(r"\w+=", line) and not after.startswith("# costs: ")]
        self.assertEqual(untold, [])

    def test_what_the_notify_protocol_needs(self):
        for line in ("Type=notify", "WatchdogSec=30", f"ExecStartPre={BIN}/{self.NAME} --check", *self.LINES):
            self.assertIn(line + "\n", self.text)

    @unittest.skipUnless(shutil.which("strace"), "strace is not installed")
    def test_the_filter_lets_through_what_it_calls(self):
        allowed = set()
        for line in re.findall(r"^SystemCallFilter=(.*)$", self.text, re.M):
            names = set().union(*(members(name) for name in line.lstrip("~").split()))
            allowed = allowed - names if line.startswith("~") else allowed | names
        allowed |= members("@default")
        self.assertNotIn("mount", allowed)
        for name in sorted(self.called() - allowed):
            # What systemd's own sets do not list, it could not filter either way.
            self.fail(f"{self.NAME} calls {name}, which the unit's SystemCallFilter refuses")


def members(name):
    """The system calls of a set of systemd's, sets within it included."""
    if not name.startswith("@"):
        return {name}
    found = set()
    for line in analyze("syscall-filter", name).stdout.splitlines()[1:]:
        if line.startswith("    ") and not line.strip().startswith("#"):
            found |= members(line.strip())
    return found


def trace_with(program, file):
    # -D: strace is not in between. What is sanitized cannot look for leaks while it is traced.
    program.wrap("env", "ASAN_OPTIONS=detect_leaks=0", "strace", "-D", "-f", "-e", "signal=none", "-o", file)


def calls(pid, trace):
    until(lambda: re.search(rf"^{pid} +\+\+\+ exited", trace.read_text(), re.M))
    return set(re.findall(r"^\d+ +(\w+)\(", trace.read_text(), re.M)) - {"execve"}


def traced(test, start):
    try:
        start()
    except AssertionError as failed:
        if "ptrace" in str(failed):
            test.skipTest("strace may not trace on this machine")
        raise


class AgentUnit(Unit, unittest.TestCase):
    NAME = "clacks-agent"
    LINES = ("ExecReload=kill -HUP $MAINPID",)

    def called(self):
        """Every system call of an agent between its second start and its end. The first makes the quickstart's user
        and certificate, which a service does not have."""
        with Agent() as agent:
            agent.stop()
            trace = agent.folder / "trace"
            trace_with(agent, trace)
            traced(self, agent.start)
            connection = connect(agent)
            receiver = connection.create_receiver("org.clacks.event", credit=10)
            connection.create_sender("org.clacks.event").send(Message(
                body=(SOURCE / "data/events/examples/PhoneStatus.xml").read_bytes()), timeout=30)
            while receiver.receive(timeout=30).properties["event"] != "PhoneStatus":
                receiver.accept()
            connection.close()
            agent.signal(signal.SIGHUP)
            agent.wait_for_line("reloaded")
            pid = agent.process.pid
            self.assertEqual(agent.stop(), 0)
            return calls(pid, trace)


class ClientUnit(Unit, unittest.TestCase):
    NAME = "clacks-client"
    LINES = ("TimeoutStopSec=10",)

    def called(self):
        """Every system call of a client from its start to its end."""
        with Agent() as agent, Client(agent.amqps_url, "alpha", environment={"CLACKS_CA": str(agent.certificate)},
                                      start=False) as client:
            receiver = connect(agent).create_receiver("org.clacks.event", credit=10)
            trace = client.folder / "trace"
            trace_with(client, trace)
            traced(self, lambda: (client.start(), client.wait_for_line("connected to")))
            while receiver.receive(timeout=30).properties["event"] != "ClientPing":
                receiver.accept()
            pid = client.process.pid
            self.assertEqual(client.stop(), 0)
            return calls(pid, trace)


main()
