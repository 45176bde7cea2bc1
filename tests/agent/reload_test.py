"""A reload, by SIGHUP or by command: what is live takes effect, what is not is told, and with an error nothing changes."""
import os
import pathlib
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import unittest

from agent_fixture import Agent, connect
from notify_socket import NotifySocket
from proton import Described, Message, symbol
from proton.reactor import Filter, LinkOption
from proton.utils import LinkDetached, SendException

SOURCE = pathlib.Path(os.environ["CLACKS_SOURCE"])
PHONE = (SOURCE / "data/events/examples/PhoneStatus.xml").read_bytes()
TICK = b"<Event xmlns='http://www.gonicus.de/Events'><Tick>1</Tick></Event>"
TICK_SCHEMA = ('<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.gonicus.de/Events" '
               'elementFormDefault="qualified"><xs:element name="Tick" type="xs:int"/></xs:schema>')


class Lenient(LinkOption):
    def apply(self, link):
        link.properties = {symbol("lenient"): True}


def edit(agent, *changes):
    text = agent.config.read_text()
    for old, new in changes:
        assert old in text, f"{old!r} is not in the configuration"
        text = text.replace(old, new)
    agent.config.write_text(text)


def texts(lines):
    """Level and text, without the time."""
    return [line.split(" ", 1)[1] for line in lines]


class Live(unittest.TestCase):
    def folder(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="clacks-reload-"))
        self.addCleanup(shutil.rmtree, folder)
        return folder

    def test_folders_and_limits_of_events(self):
        more = self.folder()
        (more / "Tick.xsd").write_text(TICK_SCHEMA)
        with Agent() as agent:
            connection = connect(agent)
            sender = connection.create_sender("org.clacks.event")
            with self.assertRaises(SendException):
                sender.send(Message(body=TICK), timeout=30)
            edit(agent, (f"events = {SOURCE}/data/events", f"events = {SOURCE}/data/events {more}"))
            agent.reload()
            self.assertIn(f"info [agent] events changed from {SOURCE}/data/events to {SOURCE}/data/events {more}",
                          texts(agent.log_lines()))
            agent.wait_for_line("reloaded: 15 event definitions")
            sender.send(Message(body=TICK), timeout=30)
            sender.send(Message(body=PHONE), timeout=30)
            edit(agent, ("[quickstart]", "[events]\nmax-bytes = 128\n[quickstart]"))
            agent.reload()
            agent.wait_for_line(r"\[events\] max-bytes changed from 256 KiB to 128")
            with self.assertRaises(SendException):
                sender.send(Message(body=PHONE), timeout=30)
            sender.send(Message(body=TICK), timeout=30)
            connection.close()

    def test_filters_are_judged_again(self):
        more = self.folder()
        (more / "Tick.xsd").write_text(TICK_SCHEMA)
        with Agent() as agent:
            connection = connect(agent)
            query = Described(symbol("apache.org:xquery-filter:string"), "./e:Event/e:Tick")
            with self.assertRaisesRegex(LinkDetached, "there is no event 'Tick'"):
                connection.create_receiver("org.clacks.event", options=Filter({symbol("xquery"): query}))
            receiver = connection.create_receiver("org.clacks.event", name="ticks",
                                                  options=[Filter({symbol("xquery"): query}), Lenient()])
            agent.wait_for_line(r"the filter of subscription \d+ of admin can match no event: .*'Tick'")
            edit(agent, (f"events = {SOURCE}/data/events", f"events = {SOURCE}/data/events {more}"))
            agent.reload()
            agent.wait_for_line(r"the filter of subscription \d+ of admin can match events again")
            connection.create_sender("org.clacks.event").send(Message(body=TICK), timeout=30)
            self.assertEqual(bytes(receiver.receive(timeout=30).body), TICK)
            connection.close()

    def test_level_from_a_drop_in(self):
        with Agent() as agent:
            folder = agent.folder / "agent.conf.d"
            folder.mkdir()
            (folder / "quiet.conf").write_text("[log]\nlevel = error\n")
            agent.reload()
            agent.wait_for_line(r"\[log\] level changed from info to error")
            before = len(agent.log_lines())
            agent.reload()
            (folder / "quiet.conf").unlink()
            agent.reload()
            self.assertEqual(texts(agent.log_lines()[before:]),
                             ["info [log] level changed from error to info", "info reloaded: 14 event definitions"])

    def test_debug_tells_who_connects(self):
        with Agent() as agent:
            connect(agent).close()
            self.assertFalse(any("connected" in line for line in agent.log_lines()))
            edit(agent, ("[quickstart]", "[log]\nlevel = debug\n[quickstart]"))
            agent.reload()
            connection = connect(agent)
            agent.wait_for_line(r" debug 'admin' connected from 127\.0\.0\.1:\d+$")
            connection.close()
            agent.wait_for_line(r" debug 'admin' disconnected from 127\.0\.0\.1:\d+$")

    def test_time_to_drain(self):
        manager = NotifySocket(self)
        with Agent(environment={"NOTIFY_SOCKET": manager.path}) as agent:
            edit(agent, ("[agent]\n", "[agent]\ndrain-time = 77 s\n"))
            agent.reload()
            self.assertEqual(agent.stop(), 0)
            stopping = manager.until(lambda told: "STOPPING" in told)
            self.assertEqual(int(stopping["EXTEND_TIMEOUT_USEC"]), (77 + 10) * 1_000_000)

    def test_certificate(self):
        folder = self.folder()
        first, second = self.certificate(folder, "first"), self.certificate(folder, "second")
        chain, key = folder / "cert.pem", folder / "key.pem"

        def use(name):
            shutil.copy(folder / f"{name}.pem", chain)
            shutil.copy(folder / f"{name}.key", key)

        use("first")
        with Agent(settings={"amqp": {"certificate": chain, "private-key": key}}) as agent:
            self.assertEqual(shown_by(agent), first)
            use("second")
            agent.reload()
            self.assertEqual(shown_by(agent), second)
            chain.write_text("no certificate")
            agent.signal(signal.SIGHUP)
            agent.wait_for_line(f"error not reloaded: {chain}: the file holds no certificate")
            self.assertEqual(shown_by(agent), second)

    def test_the_quickstart_keeps_its_certificate(self):
        with Agent() as agent:
            before = shown_by(agent)
            agent.reload()
            self.assertEqual(shown_by(agent), before)
            self.assertFalse(any("changed" in line for line in agent.log_lines()))

    def certificate(self, folder, name):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
                        f"/CN={name}", "-keyout", folder / f"{name}.key", "-out", folder / f"{name}.pem"],
                       check=True, capture_output=True)
        return ssl.PEM_cert_to_DER_cert((folder / f"{name}.pem").read_text())


class Restart(unittest.TestCase):
    def test_what_needs_a_restart_is_told_with_both_values_and_stays(self):
        with Agent(settings={"amqp": {"credit": "7"}}) as agent:
            edit(agent, ("credit = 7", "credit = 9"), ("password = secret", "password = sesame"))
            for _ in range(2):  # as long as the restart is due
                before = len(agent.log_lines())
                self.assertEqual(agent.reload()["result"], {
                    "events": 14, "changed": [],
                    "needsRestart": ["[amqp] credit changed from 7 to 9", "[quickstart] password changed"]})
                told = [line for line in texts(agent.log_lines()[before:]) if ": certificate of " not in line]
                self.assertEqual(told, [
                    "warning [amqp] credit changed from 7 to 9 in the configuration; restart the agent to let it take effect",
                    "warning [quickstart] password changed in the configuration; restart the agent to let it take effect",
                    "info reloaded: 14 event definitions"])
            connection = connect(agent)
            sender = connection.create_sender("org.clacks.event")
            connection.wait(lambda: sender.link.credit > 0, timeout=30)
            self.assertEqual(sender.link.credit, 7)
            connection.close()
            self.assertFalse(any(word in line for line in agent.log_lines() for word in ("secret", "sesame")),
                             "a password in the log")


class Nothing(unittest.TestCase):
    def test_with_an_error_everything_stays(self):
        with Agent() as agent:
            edit(agent, ("[quickstart]", "[events]\nmax-bytes = 128\nmax-dephts = 3\n[quickstart]"))
            agent.signal(signal.SIGHUP)
            agent.wait_for_line(r"error not reloaded: .*agent\.conf:\d+:1: there is no setting 'max-dephts' in \[events\]; "
                                r"did you mean 'max-depth'\?")
            connection = connect(agent)
            connection.create_sender("org.clacks.event").send(Message(body=PHONE), timeout=30)
            connection.close()
            self.assertFalse(any("changed" in line for line in agent.log_lines()))


def shown_by(agent):
    """The certificate that a new connection to the amqps listener sees, DER."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with socket.create_connection(("127.0.0.1", agent.amqps_port), timeout=60) as plain:
        with context.wrap_socket(plain) as secured:
            return secured.getpeercert(binary_form=True)


unittest.main()
