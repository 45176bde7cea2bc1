"""Faults around the agent: no descriptors left, a clock that jumps, storms of signals, kill -9, reloads that fail."""
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import threading
import time
import unittest

import raw_amqp as raw
from agent_fixture import Agent, connect, until
from clacks.common.components import AMQPEventConsumer
from proton import Message

BIN = pathlib.Path(os.environ["CLACKS_BIN"])
SOURCE = pathlib.Path(os.environ["CLACKS_SOURCE"])
PHONE = ("<Event xmlns='http://www.gonicus.de/Events'><PhoneStatus><CallerId>012345</CallerId><ReceiverId>{}</ReceiverId>"
         "<Status>busy</Status></PhoneStatus></Event>")
FAKETIME = next(pathlib.Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)


def publish(agent, receiver="12343424"):
    connection = connect(agent)
    try:
        connection.create_sender("org.clacks.event").send(Message(body=PHONE.format(receiver).encode()), timeout=30)
    finally:
        connection.close()


class Descriptors(unittest.TestCase):
    def test_those_who_are_there_live_while_others_wait(self):
        agent = Agent(tls=False)
        agent.wrap("prlimit", "--nofile=64")
        with agent:
            there = connect(agent)
            sender, receiver = there.create_sender("org.clacks.event"), there.create_receiver("org.clacks.event")
            crowd = [raw.connect(agent.amqp_port) for _ in range(150)]
            agent.wait_for_line(r"all \d+ connections are taken")
            for number in range(5):
                sender.send(Message(body=PHONE.format(number).encode()), timeout=30)
                self.assertIn(f"<ReceiverId>{number}<".encode(), self.phone(receiver))
            self.assertLess(len(os.listdir(f"/proc/{agent.process.pid}/fd")), 64, "proton does not survive that")
            said = [line for line in agent.log_lines() if "connections are taken" in line]
            self.assertLessEqual(len(said), 20, "the crowd fills the log")
            for peer in crowd:
                peer.close()
            until(lambda: self.served(agent))
            there.close()

    @staticmethod
    def phone(receiver):
        """The next event that is not the agent's own."""
        while True:
            received = receiver.receive(timeout=30)
            receiver.accept()
            if received.properties["event"] == "PhoneStatus":
                return bytes(received.body)

    def served(self, agent):
        try:
            publish(agent)
            return True
        except Exception:  # whatever proton says while there is no room
            return False


@unittest.skipUnless(FAKETIME, "faketime is not installed")
class Clock(unittest.TestCase):
    def test_jumps_in_both_directions(self):
        """Only the clock of the calendar: what the agent waits for goes by the one that is never set."""
        with tempfile.TemporaryDirectory(prefix="clacks-clock-") as folder:
            wall = pathlib.Path(folder, "clock")
            wall.write_text("+0")
            environment = {"LD_PRELOAD": f"{os.environ.get('LD_PRELOAD', '')} {FAKETIME}".strip(),
                           "FAKETIME_TIMESTAMP_FILE": str(wall), "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1",
                           "DONT_FAKE_MONOTONIC": "1",
                           # An agent built with AddressSanitizer wants to be the first library.
                           "ASAN_OPTIONS": ":".join(filter(None, [os.environ.get("ASAN_OPTIONS"), "verify_asan_link_order=0"]))}
            settings = {"agent": {"status-interval": "200 ms", "node-timeout": "3 s"}, "amqp": {"idle-time-out": "2 s"}}
            with Agent(settings=settings, environment=environment, tls=False) as agent:
                connection = connect(agent)
                receiver = connection.create_receiver("org.clacks.event", credit=100)
                for jump, year in (("+3650d", 10), ("-3650d", -10), ("+0", 0)):
                    with self.subTest(jump=jump):
                        wall.write_text(jump)
                        expected = time.time() + year * 365 * 86400
                        until(lambda: abs(self.status(receiver) - expected) < 86400)
                        # For longer than the idle time-out, each in its time.
                        begin, count = time.monotonic(), 0
                        while time.monotonic() < begin + 2.5:
                            self.status(receiver)
                            count += 1
                        self.assertGreater(count, 2)
                        self.assertLess(count, 100, "a timer runs ahead")  # by ten years, it would be many more
                connection.close()
                said = "\n".join(agent.log_lines())
                self.assertNotRegex(said, "fixture left|idle|does not answer")

    @staticmethod
    def status(receiver):
        """The time that the next NodeStatus has, in seconds."""
        while True:
            message = receiver.receive(timeout=30)
            receiver.accept()
            if message.properties["event"] == "NodeStatus":
                return message.creation_time


class Signals(unittest.TestCase):
    def test_a_storm(self):
        with Agent(tls=False) as agent:
            connection = connect(agent)
            sender, receiver = connection.create_sender("org.clacks.event"), connection.create_receiver("org.clacks.event")
            for _ in range(300):
                for number in (signal.SIGHUP, signal.SIGPIPE, signal.SIGUSR1, signal.SIGUSR2, signal.SIGCHLD, signal.SIGWINCH,
                               signal.SIGURG, signal.SIGCONT):
                    agent.signal(number)
            sender.send(Message(body=PHONE.format("storm").encode()), timeout=30)
            self.assertIn(b"storm", Descriptors.phone(receiver))
            self.assertIn("result", agent.reload())
            connection.close()


class Killed(unittest.TestCase):
    def test_everybody_comes_back(self):
        with Agent(tls=False) as agent:
            agent.config.write_text(agent.config.read_text().replace("127.0.0.1:0", f"127.0.0.1:{agent.amqp_port}"))
            listener = self.start(BIN / "clacks", "listen", "--xquery", "./e:Event/e:PhoneStatus", "--url", agent.url)
            example = self.start(BIN / "example-receiver", agent.url)
            seen = []
            with AMQPEventConsumer(agent.url, xquery="./e:Event/e:PhoneStatus", callback=seen.append) as consumer:
                self.assertTrue(consumer.wait_until_subscribed(60))
                for program, word in ((listener, "listening for"), (example, "subscribed")):
                    self.assertIn(word, program.said("stderr"))
                agent.kill()
                until(lambda: not consumer.wait_until_subscribed(0))
                for program in (listener, example):
                    program.until_said("again")
                agent.start()
                publish_until = lambda done: until(lambda: (publish(agent), done())[1])  # noqa: E731
                publish_until(lambda: bool(seen))
                publish_until(lambda: bool(listener.lines["stdout"]))
                publish_until(lambda: bool(example.lines["stdout"]))
                self.assertIn("012345", listener.lines["stdout"][0])
                self.assertIn("012345", example.lines["stdout"][0])

    def start(self, *command):
        program = Program(command)
        self.addCleanup(program.end)
        return program


class Program:
    """One that runs, with a thread for each of its outputs."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.lines = {"stdout": [], "stderr": []}
        self.threads = [threading.Thread(target=self.read, args=(name,)) for name in self.lines]
        for thread in self.threads:
            thread.start()

    def read(self, name):
        for line in getattr(self.process, name):
            self.lines[name].append(line)

    def said(self, name):
        until(lambda: self.lines[name])
        return self.lines[name][0]

    def until_said(self, word):
        until(lambda: any(word in line for line in self.lines["stderr"]))

    def end(self):
        self.process.kill()
        self.process.wait()
        for thread in self.threads:
            thread.join()
        self.process.stdout.close()
        self.process.stderr.close()


class Reload(unittest.TestCase):
    def test_the_units_reload_fails_with_files_that_cannot_be_used(self):
        """The service manager runs the lines of ExecReload in order, and its reload fails with the first that does."""
        unit = (SOURCE / "systemd/clacks-agent.service").read_text()
        lines = re.findall(r"^ExecReload=(.*)$", unit, re.M)
        self.assertEqual(len(lines), 2)
        with Agent(tls=False) as agent:
            def reload():
                for line in lines:
                    line = line.replace("@CMAKE_INSTALL_FULL_BINDIR@/clacks-agent", f"{BIN}/clacks-agent --config {agent.config}")
                    result = subprocess.run(line.replace("$MAINPID", str(agent.process.pid)).split(), capture_output=True,
                                            text=True, timeout=60, check=False)
                    if result.returncode:
                        return result
                return result

            good = agent.config.read_text()
            agent.config.write_text(good + "[log]\nlevl = debug\n")
            failed = reload()
            self.assertEqual(failed.returncode, 1)
            self.assertRegex(failed.stderr, r"agent\.conf:\d+:1: there is no setting 'levl'")
            publish(agent)
            self.assertFalse(any("reload" in line for line in agent.log_lines()), "it was told")
            agent.config.write_text(good)
            self.assertEqual(reload().returncode, 0)
            agent.wait_for_line("reloaded")


unittest.main()
