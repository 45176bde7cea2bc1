"""The order of the agent's stop, what modules tell, and checks of certificates and folders."""
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import unittest

from agent_fixture import Agent, connect
from proton import Message
from proton.utils import SendException, SyncRequestResponse

BIN = pathlib.Path(os.environ["CLACKS_BIN"])
SOURCE = pathlib.Path(os.environ["CLACKS_SOURCE"])
MODULES = BIN.parent / "lib/modules"
EVENT = "<Event xmlns='http://www.gonicus.de/Events'>{}</Event>"
PHONE = EVENT.format("<PhoneStatus><CallerId>1</CallerId><ReceiverId>2</ReceiverId><Status>busy</Status></PhoneStatus>")
ANNOUNCE = EVENT.format("<NodeAnnounce><Id>elsewhere</Id></NodeAnnounce>")


def body(message):
    return bytes(message.body).decode() if not isinstance(message.body, str) else message.body


class Stop(unittest.TestCase):
    def test_node_leave_is_the_last_event_whoever_sends(self):
        with Agent() as agent:
            receiver = connect(agent).create_receiver("org.clacks.event", credit=100000)
            refusals = []
            some_sent = threading.Event()

            def publish():
                sender = connect(agent).create_sender("org.clacks.event")
                try:
                    for number in range(1000000):
                        sender.send(Message(body=PHONE.encode()), timeout=30)
                        if number == 20:
                            some_sent.set()
                except SendException as refused:
                    refusals.append(refused)
                except Exception as gone:  # the connection's end, whichever way proton tells it
                    refusals.append(gone)
                finally:
                    some_sent.set()

            publisher = threading.Thread(target=publish)
            publisher.start()
            self.assertTrue(some_sent.wait(60))
            agent.signal(signal.SIGTERM)
            seen = []
            while "NodeLeave" not in seen:
                message = receiver.receive(timeout=30)
                receiver.accept()
                seen.append(message.properties["event"])
            with self.assertRaises(Exception):
                while True:
                    message = receiver.receive(timeout=30)
                    receiver.accept()
                    seen.append(message.properties["event"])
            publisher.join(60)
            self.assertGreater(seen.count("PhoneStatus"), 20)
            self.assertEqual(seen[-1], "NodeLeave")
            self.assertEqual(len(refusals), 1)
            self.assertEqual(agent.stop(), 0)
            self.assertTrue(any("counted by the bus: connections 2" in line for line in agent.log_lines()))


class Modules(unittest.TestCase):
    def test_capabilities_tell_the_commands_of_every_module(self):
        with Agent(settings={"agent": {"modules": MODULES}, "module phone-status": {}}) as agent:
            connection = connect(agent)
            receiver = connection.create_receiver("org.clacks.event", credit=1000)
            connection.create_sender("org.clacks.event").send(Message(body=ANNOUNCE.encode()), timeout=30)
            while (message := receiver.receive(timeout=30)).properties["event"] != "NodeCapabilities":
                receiver.accept()
            names = re.findall("<Name>(.*?)</Name>", body(message))
            for name in ("sendEvent", "reload", "getNodes", "getPhoneStatus"):
                self.assertIn(name, names)
            connection.close()

    def test_reload_answers_with_every_problem(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="clacks-events-"))
        self.addCleanup(shutil.rmtree, folder)
        for file in (SOURCE / "data/events").glob("*.xsd"):
            shutil.copy(file, folder)
        with Agent(events=folder) as agent:
            connection = connect(agent)
            client = SyncRequestResponse(connection, "org.clacks.command.core")

            def reload():
                request = json.dumps({"jsonrpc": "2.0", "method": "reload", "id": 1}).encode()
                return json.loads(body(client.call(Message(body=request, content_type="application/json"))))

            self.assertEqual(reload()["result"], {"events": 14, "changed": [], "needsRestart": []})
            (folder / "One.xsd").write_text("<")
            (folder / "Two.xsd").write_text("<")
            problems = "\n".join(reload()["error"]["data"])
            self.assertRegex(problems, r"One\.xsd:1:\d+: ")
            self.assertRegex(problems, r"Two\.xsd:1:\d+: ")
            connection.close()


class Check(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="clacks-check-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def check(self, text):
        file = self.folder / "agent.conf"
        file.write_text(text)
        return subprocess.run([BIN / "clacks-agent", "--config", file, "--check"], capture_output=True, text=True,
                              timeout=60, check=False)

    def certificate(self, name, *options):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-subj", "/CN=localhost", "-keyout", self.folder / f"{name}.key", "-out",
                        self.folder / f"{name}.pem", *options], check=True, capture_output=True)

    def tls(self, certificate, key):
        return self.check(f"[amqp]\nurl = amqps://127.0.0.1:0\ncertificate = {certificate}\nprivate-key = {key}\n"
                          f"[agent]\nevents = {SOURCE}/data/events\n")

    def test_certificates(self):
        self.certificate("one")
        self.certificate("two")
        self.assertEqual(self.tls("one.pem", "one.key").returncode, 0)
        mixed = self.tls("one.pem", "two.key")
        self.assertEqual(mixed.returncode, 1)
        self.assertRegex(mixed.stderr, r"two\.key: the private key does not belong to .*one\.pem")
        swapped = self.tls("one.key", "one.pem")
        self.assertRegex(swapped.stderr, r"one\.key: the file holds no certificate")
        self.assertRegex(swapped.stderr, r"one\.pem: the file holds no private key")

    def test_the_files_problems_do_not_hide_the_others(self):
        result = self.check(f"[core]\nidd = x\n[agent]\nevents = {self.folder}/none {SOURCE}/data/events\n"
                            "[module nde]\nx = 1\n")
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stderr, r"agent\.conf:2:1: there is no setting 'idd' in \[core\]; did you mean 'id'\?")
        self.assertRegex(result.stderr, r"/none: the events folder cannot be read")
        self.assertIn("did you mean 'node'?", result.stderr)

    def test_default_folders_need_not_be_there(self):
        result = self.check("[core]\nid = x\n")
        if pathlib.Path("/usr/share/clacks/events").is_dir() or pathlib.Path("/etc/clacks/events").is_dir():
            self.assertEqual((result.returncode, result.stderr), (0, ""))
        else:
            self.assertEqual(result.stderr.count("\n"), 1)
            self.assertIn("there is no folder of event definitions", result.stderr)

    def test_version(self):
        result = subprocess.run([BIN / "clacks-agent", "--version"], capture_output=True, text=True, check=True)
        self.assertRegex(result.stdout, r"^clacks-agent \d+\.\d+\.\d+\n$")


unittest.main()
