"""Modules in processes of their own, in the real agent: they work as before, and their end is not the agent's."""
import json
import os
import pathlib
import re
import signal
import subprocess
import unittest

from agent_fixture import Agent, connect, until
from client_fixture import Client
from proton import Message
from proton.utils import SyncRequestResponse

BIN = pathlib.Path(os.environ["CLACKS_BIN"])
SHIPPED, OF_TESTS = BIN.parent / "lib/modules", BIN.parent / "tests/modules"
EVENT = ('<Event xmlns="http://www.gonicus.de/Events"><PhoneStatus><CallerId>1</CallerId><ReceiverId>2</ReceiverId>'
         "<Status>{}</Status></PhoneStatus></Event>")


def agent(**modules):
    return Agent(settings={"agent": {"modules": f"{SHIPPED} {OF_TESTS}"},
                           **{f"module {name.replace('_', '-')}": values for name, values in modules.items()}}, tls=False)


def call(running, method, *parameters):
    connection = connect(running)
    try:
        request = Message(body=json.dumps({"method": method, "params": parameters, "id": 1}).encode(),
                          content_type="application/json")
        return json.loads(bytes(SyncRequestResponse(connection, "org.clacks.command.core").call(request).body))
    finally:
        connection.close()


def send(running, status):
    connection = connect(running)
    try:
        connection.create_sender("org.clacks.event").send(Message(body=EVENT.format(status).encode()), timeout=30)
    finally:
        connection.close()


def process(running, module):
    line = running.wait_for_line(rf"module {module}: it runs in a process of its own")
    return int(re.search(r"process of its own, (\d+)", line)[1])


def gone(number):
    """A zombie is gone, too: whoever adopted it may be slow."""
    try:
        return pathlib.Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except OSError:
        return True


class Process(unittest.TestCase):
    def test_the_example_is_the_same_in_both(self):
        for where in ("agent", "own"):
            with self.subTest(process=where), agent(phone_status={"process": where}) as running:
                for status in ("busy", "idle"):
                    send(running, status)
                until(lambda: call(running, "getPhoneStatus")["result"] == {"2": "idle"})
                self.assertIn("getPhoneStatus", call(running, "getMethods", "phone-status")["result"])
                own = [line for line in running.log_lines() if "in a process of its own" in line]
                self.assertEqual(len(own), 0 if where == "agent" else 1)

    def test_it_has_nothing_of_the_agent_but_its_socket(self):
        with agent(faulty={"process": "own"}) as running:
            number = process(running, "faulty")
            held = {int(link.name): os.readlink(link) for link in pathlib.Path(f"/proc/{number}/fd").iterdir()}
            sockets = {name for name, target in held.items() if target.startswith("socket:")}
            self.assertEqual(sockets, {3}, held)
            self.assertEqual(os.getpgid(number), number)
            self.assertNotEqual(os.getpgid(running.process.pid), number)

    def test_a_crash_is_told_and_repaired(self):
        with agent(faulty={"process": "own"}, phone_status={}) as running:
            first = process(running, "faulty")
            error = call(running, "goWrong", "crash")["error"]
            self.assertRegex(str(error), r"its process \d+ was ended by SIGSEGV; it is started again in 1 s")
            running.wait_for_line(r"module faulty: its process \d+ was ended by SIGSEGV; it is started again in 1 s")
            send(running, "busy")
            until(lambda: call(running, "getPhoneStatus")["result"] == {"2": "busy"})  # the others do not notice
            until(lambda: call(running, "getSeen").get("result"))
            self.assertNotEqual(call(running, "getSeen")["result"]["process"], first)
            send(running, "busy")
            until(lambda: call(running, "getSeen")["result"]["seen"] == 1)
            running.signal(signal.SIGTERM)
            self.assertEqual(running.process.wait(60), 0)
            self.assertRegex("\n".join(running.log_lines()), "module failures 1,")

    def test_a_module_that_hangs_is_killed(self):
        with agent(faulty={"process": "own", "watchdog": "1 s"}) as running:
            number = process(running, "faulty")
            send(running, "hang")
            running.wait_for_line(rf"module faulty: its process {number} was killed: it has not answered for 1 s")
            self.assertTrue(gone(number))
            until(lambda: call(running, "getSeen").get("result"))

    def test_a_killed_agent_leaves_no_process(self):
        with agent(faulty={"process": "own"}) as running:
            number = process(running, "faulty")
            send(running, "hang")  # it cannot see that the agent has gone
            running.kill()
            until(lambda: gone(number))
            running.start()

    def test_a_signal_to_all_processes_stops_in_order(self):
        with agent(faulty={"process": "own"}) as running:
            os.kill(process(running, "faulty"), signal.SIGTERM)
            running.signal(signal.SIGTERM)
            self.assertEqual(running.process.wait(60), 0)
            self.assertTrue(any("module faulty: goodbye" in line for line in running.log_lines()))

    def test_it_asks_clients(self):
        with agent(faulty={"process": "own"}, clients={}) as running, Client(running.url, "alpha") as client:
            client.wait_for_line("connected")
            until(lambda: call(running, "getClients")["result"].get(client.id, {}).get("online"))
            request = json.dumps({"method": "notifyUser", "params": ["nobody", "title", "text"], "id": 7})
            answer = json.loads(call(running, "askClient", "admin", client.id, request, 30000)["result"])
            self.assertEqual(answer["id"], 7)
            self.assertIn("this client has no method 'notifyUser'", answer["error"]["message"])
            self.assertEqual(call(running, "askClient", "admin", "nowhere", request, 30000)["result"], "client-away")
            client.process.send_signal(signal.SIGSTOP)
            self.assertEqual(call(running, "askClient", "admin", client.id, request, 200)["result"], "time-out")
            client.process.send_signal(signal.SIGCONT)

    def test_settings_are_checked(self):
        for values, told in (({"process": "other"}, "process: 'other' is neither agent nor own; write agent or own"),
                             ({"process": "own", "wacthdog": "1 s"}, "it has no setting 'wacthdog'; did you mean 'watchdog'?"),
                             ({"watchdog": "1 s"}, "it has no setting 'watchdog'"),
                             ({"process": "own", "expression": "1 +"}, "XPST0003")):
            with self.subTest(values=values):
                said = self.checked(agent(faulty=values))
                self.assertIn(told, said)
                self.assertRegex(said, r"agent\.conf:\d+")
        self.assertIn("it is a part of the agent and runs in no other process", self.checked(agent(node={"process": "own"})))

    def checked(self, refused):
        result = subprocess.run([BIN / "clacks-agent", "--check", "--config", refused.config], capture_output=True,
                                text=True, timeout=60, check=False)
        self.assertEqual(result.returncode, 1)
        return result.stderr

    def test_nobody_starts_it_by_hand(self):
        started = subprocess.run([BIN / "clacks-module-host", "x.so"], capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(started.returncode, 2)
        self.assertIn("is started by clacks-agent", started.stderr)


unittest.main()
