"""The agent as an administrator meets it: check, start, first run, reload, node events, stop."""
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

from agent_fixture import Agent
from proton import Message
from proton.utils import BlockingConnection

BIN = pathlib.Path(os.environ["CLACKS_BIN"])
SOURCE = pathlib.Path(os.environ["CLACKS_SOURCE"])
PHONE = ("<Event xmlns='http://www.gonicus.de/Events'><PhoneStatus><CallerId>1</CallerId><ReceiverId>2</ReceiverId>"
         "<Status>busy</Status></PhoneStatus></Event>")


def run(*arguments):
    return subprocess.run([BIN / "clacks-agent", *arguments], capture_output=True, text=True, timeout=60, check=False)


def until(condition):
    end = time.monotonic() + 60
    while not (result := condition()):
        if time.monotonic() > end:
            raise AssertionError("it did not happen within a minute")
        time.sleep(0.02)
    return result


def document(message):
    return bytes(message.body).decode()


class Check(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="clacks-check-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def check(self, text):
        file = self.folder / "agent.conf"
        file.write_text(text)
        return run("--config", file, "--check")

    def test_good(self):
        result = self.check(f"[agent]\nevents = {SOURCE}/data/events\nstate-directory = {self.folder}/state\n"
                            "[quickstart]\nuser = a\npassword = b\n")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertFalse((self.folder / "state").exists(), "a check must not touch state")

    def test_every_problem_of_the_file_at_once(self):
        result = self.check("[core]\nidd = x\n[amqp]\nurl = http://x\nmax-connections = many\n[colour]\n")
        self.assertEqual(result.returncode, 1)
        lines = result.stderr.splitlines()
        for place in (":2:", ":4:", ":5:", ":6:"):
            self.assertTrue(any(f"agent.conf{place}" in line for line in lines), result.stderr)
        self.assertIn("'id'", result.stderr)

    def test_every_problem_behind_the_file_at_once(self):
        events = self.folder / "events"
        events.mkdir()
        (events / "Broken.xsd").write_text("<xs:schema")
        modules = self.folder / "modules"
        modules.mkdir()
        (modules / "fake.so").write_text("not a library")
        result = self.check(f"[amqp]\nurl = amqps://127.0.0.1:0\ncertificate = {self.folder}/no.pem\n"
                            f"private-key = {self.folder}/no.key\n[agent]\nevents = {events}\nmodules = {modules}\n[module fake]\n"
                            "[module nde]\nx = 1\n")
        self.assertEqual(result.returncode, 1)
        for part in ("Broken.xsd:1:", "fake.so: ", "no.pem: ", "no.key: ", "did you mean 'node'"):
            self.assertIn(part, result.stderr)

    def test_missing_file(self):
        result = run("--config", self.folder / "none.conf", "--check")
        self.assertEqual(result.returncode, 1)
        self.assertIn("none.conf", result.stderr)

    def test_usage(self):
        self.assertEqual(run("--nonsense").returncode, 2)
        self.assertEqual(run("--help").returncode, 0)
        self.assertIn("status-interval", run("--help").stdout)


class Life(unittest.TestCase):
    def connect(self, agent):
        connection = BlockingConnection(f"amqp://127.0.0.1:{agent.amqp_port}", user="admin", password="secret",
                                        allowed_mechs="PLAIN", allow_insecure_mechs=True, timeout=30)
        self.addCleanup(connection.close)
        return connection

    def test_first_run_makes_user_and_certificate_and_the_second_keeps_them(self):
        agent = Agent()
        with agent:
            certificate = agent.state / "quickstart-cert.pem"
            first = certificate.read_bytes()
            self.assertEqual((agent.state / "quickstart-key.pem").stat().st_mode & 0o077, 0)
            self.assertEqual((agent.state / "users.sasldb").stat().st_mode & 0o077, 0)
            self.assertTrue(any("this machine only" in line for line in agent.log_lines()))
            self.assertFalse(any("secret" in line for line in agent.log_lines()), "a password in the log")
            self.assertEqual(agent.stop(), 0)
            agent.start()
            self.assertEqual(certificate.read_bytes(), first)

    def test_node_events_from_start_to_stop(self):
        agent = Agent(settings={"agent": {"status-interval": "200 ms"}})
        with agent:
            connection = self.connect(agent)
            receiver = connection.create_receiver("org.clacks.event", credit=1000)
            seen = []
            while seen.count("NodeStatus") < 2:
                message = receiver.receive(timeout=30)
                receiver.accept()
                seen.append(message.properties["event"])
            status = document(message)
            self.assertIn("<Id>fixture</Id>", status)
            self.assertGreater(float(re.search("<Latency>(.*)</Latency>", status)[1]), 0, "latency is measured")
            self.assertGreater(int(re.search("<Workers>(.*)</Workers>", status)[1]), 2)
            connection.create_sender("org.clacks.event").send(
                Message(body=b"<Event xmlns='http://www.gonicus.de/Events'><NodeAnnounce><Id>other</Id></NodeAnnounce></Event>"))
            while seen[-1] != "NodeCapabilities":
                message = receiver.receive(timeout=30)
                receiver.accept()
                seen.append(message.properties["event"])
            self.assertIn("<Name>sendEvent</Name>", document(message))
            agent.process.send_signal(signal.SIGTERM)
            while seen[-1] != "NodeLeave":
                message = receiver.receive(timeout=30)
                receiver.accept()
                seen.append(message.properties["event"])
            self.assertEqual(agent.process.wait(60), 0)

    def test_reload_takes_a_new_event_and_keeps_the_old_ones_with_an_error(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="clacks-events-"))
        self.addCleanup(shutil.rmtree, folder)
        for file in (SOURCE / "data/events").glob("*.xsd"):
            shutil.copy(file, folder)
        with Agent(events=folder) as agent:
            sender = self.connect(agent).create_sender("org.clacks.event")
            ping = b"<Event xmlns='http://www.gonicus.de/Events'><Tick>1</Tick></Event>"
            with self.assertRaises(Exception):
                sender.send(Message(body=ping), timeout=30)
            schema = ('<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.gonicus.de/Events" '
                      'elementFormDefault="qualified"><xs:element name="Tick" type="xs:{}"/></xs:schema>')
            (folder / "Tick.xsd").write_text(schema.format("int"))
            agent.process.send_signal(signal.SIGHUP)
            until(lambda: any("reloaded" in line for line in agent.log_lines()))
            sender.send(Message(body=ping), timeout=30)
            (folder / "Tick.xsd").write_text(schema.format("nothing"))
            agent.process.send_signal(signal.SIGHUP)
            until(lambda: any("Tick.xsd:1:" in line for line in agent.log_lines()))
            sender.send(Message(body=ping), timeout=30)

    def test_modules_from_the_folder(self):
        with Agent(settings={"agent": {"modules": BIN.parent / "lib/modules"}, "module phone-status": {}}) as agent:
            connection = self.connect(agent)
            connection.create_sender("org.clacks.event").send(Message(body=PHONE.encode()), timeout=30)
            answer = subprocess.run([BIN / "clacks", "--json", "call", "getPhoneStatus"], env={**os.environ, "CLACKS_URL": agent.url},
                                    capture_output=True, text=True, timeout=60, check=True)
            self.assertIn("busy", answer.stdout)

    def test_a_sender_gets_the_configured_credit(self):
        with Agent(settings={"amqp": {"credit": "7"}}) as agent:
            connection = self.connect(agent)
            sender = connection.create_sender("org.clacks.event")
            connection.wait(lambda: sender.link.credit > 0, timeout=30)
            self.assertEqual(sender.link.credit, 7)

    def test_port_in_use(self):
        with Agent() as agent:
            other = agent.folder / "other.conf"
            other.write_text(agent.config.read_text().replace("127.0.0.1:0", f"127.0.0.1:{agent.amqp_port}", 1))
            result = run("--config", other)
            self.assertEqual(result.returncode, 1)
            self.assertIn(f"127.0.0.1:{agent.amqp_port}", result.stderr)


unittest.main()
