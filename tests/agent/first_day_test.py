"""What goes wrong on an administrator's first day ends in one line that says what, where and what to do."""
import os
import pathlib
import re
import resource
import shutil
import subprocess
import tempfile
import unittest

from agent_fixture import Agent, connect
from notify_socket import NotifySocket
from proton import Message

SOURCE = pathlib.Path(os.environ["CLACKS_SOURCE"])
PHONE = (SOURCE / "data/events/examples/PhoneStatus.xml").read_bytes()


class OneLine(unittest.TestCase):
    """Each from a check and from a start: the same words, and the end with 1."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="clacks-first-day-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.config = self.folder / "agent.conf"
        self.events = self.folder / "events"
        shutil.copytree(SOURCE / "data/events", self.events)

    def write(self, sections):
        sections = {"amqp": {"url": "amqp://127.0.0.1:0"}, "agent": {}, **sections}
        sections["agent"] = {"events": self.events, "state-directory": self.folder / "state", **sections["agent"]}
        self.config.write_text("".join(f"[{name}]\n" + "".join(f"{key} = {value}\n" for key, value in values.items())
                                       for name, values in sections.items()))

    def run_agent(self, *arguments):
        return subprocess.run([Agent.PROGRAM, "--config", self.config, *arguments], capture_output=True, text=True,
                              timeout=60, check=False)

    def checked(self):
        result = self.run_agent("--check")
        self.assertEqual((result.returncode, result.stdout), (1, ""))
        lines = result.stderr.splitlines()
        self.assertEqual(len(lines), 1, result.stderr)
        return lines[0]

    def started(self):
        result = self.run_agent()
        self.assertEqual((result.returncode, result.stdout), (1, ""))
        errors = [line for line in result.stderr.splitlines() if re.match(r"\S+ error ", line)]
        self.assertEqual(len(errors), 1, result.stderr)
        return errors[0].split(" error ", 1)[1]

    def line(self):
        line = self.checked()
        self.assertEqual(self.started(), line)
        return line

    def test_a_broken_definition(self):
        self.write({})
        (self.events / "Doorbell.xsd").write_text(
            '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"\n'
            '    targetNamespace="http://www.gonicus.de/Events">\n  <xs:element name="Doorbell" type="xs:strong"/>\n</xs:schema>\n')
        self.assertRegex(self.line(), rf"^{self.events}/Doorbell\.xsd:3:\d+: .*strong.*; \S")

    def test_a_definition_that_is_no_xml(self):
        self.write({})
        (self.events / "Doorbell.xsd").write_text("<xs:schema")
        self.assertRegex(self.line(), rf"^{self.events}/Doorbell\.xsd:1:\d+: .*; correct the event definition$")

    def test_a_misspelt_key(self):
        self.write({"log": {"levle": "debug"}})
        line = len(self.config.read_text().splitlines())
        self.assertEqual(self.line(), f"{self.config}:{line}:1: there is no setting 'levle' in [log]; did you mean 'level'?")

    def test_a_misspelt_value(self):
        self.write({"log": {"level": "debgu"}})
        line = len(self.config.read_text().splitlines())
        self.assertEqual(self.line(), f"{self.config}:{line}:9: level: 'debgu' is none of debug, info, warning, error; "
                                      "did you mean debug?")

    def test_a_misspelt_key_in_a_drop_in(self):
        self.write({})
        (self.folder / "agent.conf.d").mkdir()
        (self.folder / "agent.conf.d/50-mine.conf").write_text("# mine\n[amqp]\n  credits = 5\n")
        self.assertEqual(self.line(), f"{self.folder}/agent.conf.d/50-mine.conf:3:3: there is no setting 'credits' in "
                                      "[amqp]; did you mean 'credit'?")

    def test_a_key_that_a_module_does_not_know(self):
        self.write({"module node": {"interval": "5"}})
        line = len(self.config.read_text().splitlines())
        self.assertEqual(self.line(), f"{self.config}:{line}:1: module 'node': it has no setting 'interval'; it has no "
                                      "settings at all; remove the line")

    def test_a_module_that_is_not_there(self):
        self.write({"module nod": {}})
        line = len(self.config.read_text().splitlines())
        self.config.write_text(self.config.read_text() + "key = value\n")
        self.assertRegex(self.line(), rf"^{self.config}:{line}:1: .*'nod': no nod.so in .*; did you mean 'node'\?$")

    def test_a_port_in_use(self):
        with Agent() as other:
            self.write({"amqp": {"url": f"amqp://127.0.0.1:{other.amqp_port}"}})
            self.assertEqual(self.run_agent("--check").returncode, 0, "a check touches no socket")
            self.assertRegex(self.started(), rf"^cannot listen on amqp://127\.0\.0\.1:{other.amqp_port}: "
                                             r"[Aa]ddress already in use.*; see which program holds the port with: ss -ltnp")

    def test_a_missing_certificate(self):
        self.make_certificate()
        (self.folder / "cert.pem").unlink()
        self.write({"amqp": {"url": "amqps://127.0.0.1:0", "certificate": "cert.pem", "private-key": "key.pem"}})
        self.assertEqual(self.line(), f"{self.folder}/cert.pem: the certificate cannot be read: No such file or directory; "
                                      "check its path and permissions")

    def test_no_certificate_configured(self):
        self.write({"amqp": {"url": "amqps://127.0.0.1:0"}})
        self.assertEqual(self.line(), f"{self.config}:2:7: url: an amqps listener needs a certificate; set [amqp] certificate "
                                      "and private-key")

    def test_a_state_directory_that_cannot_be_made(self):
        (self.folder / "file").write_text("")
        self.write({"agent": {"state-directory": self.folder / "file/state"}, "quickstart": {"user": "a", "password": "b"}})
        self.assertRegex(self.started(), rf"^{self.folder}/file/state: cannot be created: .*; set \[agent\] state-directory ")

    def make_certificate(self):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
                        "/CN=localhost", "-keyout", self.folder / "key.pem", "-out", self.folder / "cert.pem"],
                       check=True, capture_output=True)


class FullDisk(unittest.TestCase):
    """The agent goes on serving; that its log is lost stands in the status, and in the log once there is room."""

    def test_from_the_start(self):
        manager = NotifySocket(self)
        with FullDiskAgent(environment={"NOTIFY_SOCKET": manager.path, "WATCHDOG_USEC": "300000"}) as agent:
            manager.until(lambda told: "READY" in told)
            status = manager.until(lambda told: "the log cannot be written" in told.get("STATUS", ""))["STATUS"]
            self.assertRegex(status, r"; the log cannot be written to /dev/full: No space left on device, \d+ lines are lost; "
                                     r"free space there, or log to the journal$")
            self.assertEqual(agent.stop(), 0)

    def test_on_the_way(self):
        manager = NotifySocket(self)
        with Agent(environment={"NOTIFY_SOCKET": manager.path, "WATCHDOG_USEC": "300000"}) as agent:
            pid = agent.process.pid
            _, most = resource.prlimit(pid, resource.RLIMIT_FSIZE)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (agent.log_size(), most))
            agent.reload()
            status = manager.until(lambda told: "the log cannot be written" in told.get("STATUS", ""))["STATUS"]
            self.assertRegex(status, rf"; the log cannot be written to {agent.folder}/log: File too large, (1 line is|\d+ lines are) lost; free ")
            connection = connect(agent)
            connection.create_sender("org.clacks.event").send(Message(body=PHONE), timeout=30)
            connection.close()
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, most))
            agent.reload()
            found, reloaded = [line.split(" ", 1)[1] for line in agent.log_lines() if "SHA-256" not in line][-2:]
            self.assertRegex(found, rf"^error the log cannot be written to {agent.folder}/log: File too large, "
                                    r"(1 line is|\d+ lines are) lost; it can be written again$")
            self.assertEqual(reloaded, "info reloaded: 14 event definitions")
            manager.until(lambda told: "STATUS" in told and "the log" not in told["STATUS"])


class Quiet(unittest.TestCase):
    def test_no_line_for_an_event_that_nobody_wants_or_that_a_full_queue_loses(self):
        with Agent(settings={"amqp": {"queue-events": "2"}}) as agent:
            connection = connect(agent)
            connection.create_receiver("org.clacks.event", credit=0)  # its queue overflows
            sender = connection.create_sender("org.clacks.event")
            sender.send(Message(body=PHONE), timeout=30)
            before = agent.log_lines()
            for _ in range(200):
                sender.send(Message(body=PHONE), timeout=30)
            self.assertEqual(agent.log_lines(), before)
            connection.close()
            agent.stop()
            counted = agent.wait_for_line("counted by the bus")
        self.assertGreaterEqual(int(re.search(r"dropped (\d+)", counted)[1]), 190)


class FullDiskAgent(Agent):
    def wait_for_ready(self):
        return None

    def open_log(self):
        return open("/dev/full", "a")


unittest.main()
