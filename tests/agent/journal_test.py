"""What the agent writes into the systemd journal, read back with journalctl.

Uses the machine's journal where one runs; as root without one it starts a journal daemon of its own for the time
of the test; else it is skipped.
"""
import json
import os
import pathlib
import shutil
import socket
import subprocess
import unittest
import uuid

from agent_fixture import Agent, until
from ctest_main import main

SOCKET = pathlib.Path("/run/systemd/journal/socket")
DAEMON = pathlib.Path("/lib/systemd/systemd-journald")


def answers():
    """Whether somebody takes lines from the socket: one that a daemon left behind refuses."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(str(SOCKET))
        except OSError:
            return False
    return True


class Journal(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not shutil.which("journalctl"):
            raise unittest.SkipTest("journalctl is not installed")
        if answers():
            return
        if os.geteuid() != 0 or not DAEMON.exists():
            raise unittest.SkipTest("no journal runs here, and none can be started")
        daemon = subprocess.Popen([DAEMON], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL)

        def stop():
            daemon.terminate()
            daemon.wait(60)
            SOCKET.unlink(missing_ok=True)

        cls.addClassCleanup(stop)
        until(lambda: answers() or daemon.poll() is not None)
        if daemon.poll() is not None:
            raise unittest.SkipTest(f"a journal daemon does not run here: it ended with {daemon.returncode}")

    def entries(self, node):
        result = subprocess.run(["journalctl", "-o", "json", "--no-pager", f"CLACKS_NODE={node}"], capture_output=True,
                                text=True, timeout=60, check=False)
        return [json.loads(line) for line in result.stdout.splitlines()]

    def entry(self, node, code):
        return until(lambda: next((entry for entry in self.entries(node) if entry.get("CLACKS_CODE") == code), None))

    def test_fields_of_a_life(self):
        node = "journal-" + uuid.uuid4().hex
        agent = JournalAgent(settings={"core": {"id": node}, "log": {"target": "journal"}})
        with agent:
            ready = self.entry(node, "ready")
            self.assertTrue(ready["MESSAGE"].startswith("ready: 14 event definitions"), ready["MESSAGE"])
            self.assertEqual(ready["PRIORITY"], "6")
            self.assertEqual(ready["SYSLOG_IDENTIFIER"], "clacks-agent")
            self.assertEqual(ready["_PID"], str(agent.process.pid))
            self.assertEqual(self.entry(node, "quickstart")["PRIORITY"], "4")
            self.assertEqual(self.entry(node, "bus")["CLACKS_PART"], "bus")
            agent.config.write_text(agent.config.read_text().replace("[quickstart]", "[quickstrat]"))
            agent.signal(1)
            problem = self.entry(node, "config-section")
            self.assertEqual(problem["PRIORITY"], "3")
            self.assertEqual(problem["CLACKS_SOURCE"], str(agent.config))
            self.assertEqual(problem["CLACKS_COLUMN"], "1")
            lines = agent.config.read_text().splitlines()
            self.assertEqual(lines[int(problem["CLACKS_LINE"]) - 1], "[quickstrat]")
            self.assertIn("did you mean [quickstart]?", problem["MESSAGE"])
        self.assertEqual(self.entry(node, "stopped")["MESSAGE"], "stopped")
        entries = self.entries(node)
        self.assertFalse(any("secret" in entry["MESSAGE"] for entry in entries), "a password in the journal")
        self.assertEqual(agent.log_lines(), [], "the console stays silent")

    def test_auto_takes_the_journal_where_standard_error_leads_there(self):
        if not pathlib.Path("/run/systemd/journal/stdout").exists() or not shutil.which("systemd-cat"):
            self.skipTest("the journal takes no standard error here")
        node = "journal-" + uuid.uuid4().hex
        agent = JournalAgent(settings={"core": {"id": node}})
        # systemd sets JOURNAL_STREAM for a service; systemd-cat does not.
        agent.wrap("systemd-cat", "--level-prefix=false", "sh", "-c",
                   'JOURNAL_STREAM=$(stat -L -c %d:%i /proc/self/fd/2) exec "$@"', "sh")
        with agent:
            self.assertEqual(self.entry(node, "ready")["PRIORITY"], "6")


class JournalAgent(Agent):
    """Its log is not on the console, so its tests wait for what the journal says."""

    def wait_for_ready(self):
        return None


main()
