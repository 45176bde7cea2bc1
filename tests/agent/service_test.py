"""The agent as a service manager sees it: ready, status, watchdog, reload, stop, over a real notify socket."""
import ctypes
import os
import pathlib
import re
import signal
import socket
import subprocess
import tempfile
import time
import unittest

from agent_fixture import Agent, connect
from notify_socket import NotifySocket
from proton import Message

PHONE = ("<Event xmlns='http://www.gonicus.de/Events'><PhoneStatus><CallerId>1</CallerId><ReceiverId>2</ReceiverId>"
         "<Status>busy</Status></PhoneStatus></Event>")


def rate(message):
    return re.fullmatch(r"([\d.]+) events/s, (\d+) subscriptions, (\d+) connections", message.get("STATUS", ""))


class Protocol(unittest.TestCase):
    def agent(self, **environment):
        self.manager = NotifySocket(self)
        return Agent(environment={"NOTIFY_SOCKET": self.manager.path, **environment})

    def test_ready_reload_stop(self):
        with self.agent() as agent:
            message = self.manager.receive()
            self.assertEqual(message["READY"], "1")
            self.assertIn("14 event definitions", message["STATUS"])
            before = clock_monotonic()
            agent.signal(signal.SIGHUP)
            message = self.manager.until(lambda told: "RELOADING" in told)
            self.assertEqual(message["RELOADING"], "1")
            self.assertTrue(before <= int(message["MONOTONIC_USEC"]) <= clock_monotonic())
            message = self.manager.until(lambda told: "READY" in told)
            self.assertEqual((message["READY"], message["STATUS"]), ("1", "reloaded"))
            self.assertEqual(agent.stop(), 0)
            message = self.manager.until(lambda told: "STOPPING" in told)
            self.assertEqual((message["STOPPING"], message["STATUS"]), ("1", "stopping"))
            self.assertGreater(int(message["EXTEND_TIMEOUT_USEC"]), 5_000_000, "at least the time to drain")

    def test_a_failed_reload_is_ready_again_and_says_so(self):
        with self.agent(WATCHDOG_USEC="300000") as agent:
            good = agent.config.read_text()
            agent.config.write_text(good + "[log]\nlevl = debug\n")
            agent.signal(signal.SIGHUP)
            self.assertEqual(self.manager.until(lambda told: "RELOADING" in told)["STATUS"], "reloading")
            message = self.manager.until(lambda told: "READY" in told)
            self.assertEqual(message["STATUS"], "not reloaded, see the log")
            self.manager.until(lambda told: told.get("STATUS", "").endswith("the last reload failed, see the log"))
            agent.config.write_text(good)
            agent.signal(signal.SIGHUP)
            self.manager.until(lambda told: told.get("STATUS") == "reloaded")
            self.manager.until(rate)

    def test_the_status_tells_events_and_subscriptions(self):
        with self.agent(WATCHDOG_USEC="300000") as agent:
            self.manager.until(lambda told: (found := rate(told)) and found[2] == "1")  # the node module's
            connection = connect(agent)
            receiver = connection.create_receiver("org.clacks.event", credit=1)
            self.manager.until(lambda told: (found := rate(told)) and found[2] == "2" and found[3] == "1")
            connection.create_sender("org.clacks.event").send(Message(body=PHONE.encode()), timeout=30)
            self.manager.until(lambda told: (found := rate(told)) and float(found[1]) > 0)
            receiver.close()
            self.manager.until(lambda told: (found := rate(told)) and found[2] == "1" and float(found[1]) == 0)
            connection.close()

    def test_a_start_that_fails_tells_why(self):
        manager = NotifySocket(self)
        with Agent() as agent:
            other = agent.folder / "other.conf"
            other.write_text(agent.config.read_text().replace("127.0.0.1:0", f"127.0.0.1:{agent.amqp_port}", 1))
            result = subprocess.run([Agent.PROGRAM, "--config", other], capture_output=True, text=True, timeout=60,
                                    check=False, env={**os.environ, "NOTIFY_SOCKET": manager.path})
            self.assertEqual(result.returncode, 1)
            self.assertIn(f"127.0.0.1:{agent.amqp_port}", manager.receive()["STATUS"])


class Watchdog(unittest.TestCase):
    def test_a_bus_that_hangs_feeds_no_watchdog(self):
        manager = NotifySocket(self)
        with Agent(environment={"NOTIFY_SOCKET": manager.path, "WATCHDOG_USEC": "300000"}) as agent:
            for _ in range(3):
                manager.until(lambda told: told.get("WATCHDOG") == "1")
            bus = thread_of(agent.process.pid, "bus")
            try:
                freeze(bus)
            except PermissionError as refused:
                self.skipTest(f"one thread cannot be stopped alone on this machine: {refused}")
            try:
                manager.forget()
                said = [manager.receive() for _ in range(10)]
                self.assertEqual([told for told in said if "WATCHDOG" in told], [])
                self.assertRegex(said[-1]["STATUS"], r"^the bus has not answered for \d+ s$")
                agent.wait_for_line("error the bus does not answer")
            finally:
                thaw(bus)
            manager.until(lambda told: told.get("WATCHDOG") == "1")
            manager.until(rate)
            agent.wait_for_line("the bus answers again")
            self.assertEqual(sum("the bus does not answer" in line for line in agent.log_lines()), 1)

    def test_without_a_watchdog_there_is_a_status_all_the_same(self):
        manager = NotifySocket(self)
        with Agent(environment={"NOTIFY_SOCKET": manager.path}):
            manager.until(rate)


class Silent(unittest.TestCase):
    def test_a_manager_that_does_not_read_holds_nothing_up(self):
        with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            path = folder + "/notify"
            manager.bind(path)
            fill(path)
            with Agent(environment={"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "30000"}) as agent:
                agent.reload()  # an answer of the bus, which has had to tell that it is alive
                connection = connect(agent)
                connection.create_sender("org.clacks.event").send(Message(body=PHONE.encode()), timeout=30)
                connection.close()
                self.assertEqual(agent.stop(), 0)
            self.assertEqual(set(said(manager)), {b"full"})


class Drain(unittest.TestCase):
    """What is queued when the stop comes."""

    def test_is_sent_to_those_who_take_it_in_time(self):
        with Agent(settings={"agent": {"drain-time": "60 s"}}) as agent:
            connection, receiver = self.queue(agent)
            agent.signal(signal.SIGTERM)
            agent.wait_for_line("stopping on SIGTERM")
            receiver.flow(1000)
            got = []
            while got.count("PhoneStatus") < 50:
                got.append(receiver.receive(timeout=30).properties["event"])
                receiver.accept()
            connection.close()
            self.assertEqual(agent.process.wait(60), 0)

    def test_is_left_at_the_deadline(self):
        with Agent(settings={"agent": {"drain-time": "300 ms"}}) as agent:
            connection, _ = self.queue(agent)
            self.assertEqual(agent.stop(), 0)
            agent.wait_for_line("info stopped")
            connection.close()

    def queue(self, agent):
        connection = connect(agent)
        receiver = connection.create_receiver("org.clacks.event", credit=0)
        sender = connection.create_sender("org.clacks.event")
        for _ in range(50):
            sender.send(Message(body=PHONE.encode()), timeout=30)
        return connection, receiver


def fill(path):
    """Until the socket there takes no more."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.setblocking(False)
        try:
            while True:
                sender.sendto(b"full", path)
        except BlockingIOError:
            pass


def said(manager):
    """The messages that lie in the socket."""
    manager.setblocking(False)
    try:
        while True:
            yield manager.recv(4096)
    except BlockingIOError:
        pass


def clock_monotonic():
    return time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000


def thread_of(process, name):
    for task in pathlib.Path(f"/proc/{process}/task").iterdir():
        if (task / "comm").read_text().strip() == name:
            return int(task.name)
    raise AssertionError(f"process {process} has no thread {name}")


# ptrace(2) stops a single thread, and leaves the others running, which no signal can.
PTRACE_SEIZE, PTRACE_INTERRUPT, PTRACE_DETACH, WALL = 0x4206, 0x4207, 17, 0x40000000
libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
libc.ptrace.restype = ctypes.c_long


def ptrace(request, thread):
    if libc.ptrace(request, thread, None, None) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def freeze(thread):
    ptrace(PTRACE_SEIZE, thread)
    ptrace(PTRACE_INTERRUPT, thread)
    os.waitpid(thread, WALL)


def thaw(thread):
    ptrace(PTRACE_DETACH, thread)


unittest.main()
