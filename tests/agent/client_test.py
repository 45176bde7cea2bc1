"""clacks-client and the agent's module `clients`: announced, alive, asked, gone, and back again."""
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import tempfile
import unittest

from agent_fixture import DOMAIN, Agent, connect, until
from client_fixture import BIN, Client
from logind import Logind
from notify_socket import NotifySocket
from proton import Message
from proton.utils import SyncRequestResponse

SETTINGS = {"agent": {"modules": BIN.parent / "lib/modules"},
            "module clients": {"client-timeout": "3 s", "poll-after": "100 ms"}}

ANNOUNCE = ("<Event xmlns='http://www.gonicus.de/Events'><ClientAnnounce><NetworkInformation><NetworkDevice><Name>lo</Name>"
            "<IPAddress>127.0.0.1</IPAddress><IPv6Address>::1</IPv6Address><MAC>00:00:00:00:00:00</MAC>"
            "<Netmask>255.0.0.0</Netmask><Broadcast>127.255.255.255</Broadcast></NetworkDevice></NetworkInformation>"
            "<Id>{0}</Id><Name>{0}</Name></ClientAnnounce></Event>")


class Bus:
    """Commands to the agent, and requests to a client."""

    def __init__(self, test, agent):
        self._connection = connect(agent)
        self._links = {}
        test.addCleanup(self._connection.close)

    def ask(self, address, method, *parameters):
        request = {"jsonrpc": "2.0", "method": method, "params": list(parameters), "id": 1}
        if address not in self._links:
            self._links[address] = SyncRequestResponse(self._connection, address)
        answer = self._links[address].call(Message(body=json.dumps(request).encode(), content_type="application/json"))
        return json.loads(bytes(answer.body))

    def call(self, method, *parameters):
        return self.ask(f"{DOMAIN}.command.core", method, *parameters)["result"]

    def online(self):
        """Names of the clients that are online."""
        return sorted(client["name"] for client in self.call("getClients").values() if client["online"])

    def events(self):
        return self._connection.create_receiver(f"{DOMAIN}.event", credit=100)


def interfaces():
    listed = json.loads(subprocess.run(["ip", "-json", "address"], check=True, capture_output=True, text=True).stdout)
    return {device["ifname"]: device for device in listed}


class Clients(unittest.TestCase):
    def agent(self, **settings):
        agent = Agent(settings={**SETTINGS, **settings})
        agent.__enter__()
        self.addCleanup(agent.__exit__, None, None, None)
        return agent

    def client(self, agent, name="alpha", **arguments):
        client = Client(agent.url, name, **arguments)
        client.__enter__()
        self.addCleanup(client.__exit__)
        return client

    def test_it_tells_who_it_is_and_what_it_can_do(self):
        agent = self.agent()
        bus = Bus(self, agent)
        client = self.client(agent)
        until(lambda: bus.online() == ["alpha"])
        until(lambda: bus.call("getClientMethods", client.id))
        self.assertEqual(bus.call("getClientMethods", client.id)["announce"]["path"], "client.announce")
        network = bus.call("getClientNetInfo", client.id)
        self.assertEqual(network["lo"]["IPAddress"], "127.0.0.1")
        self.assertEqual(network["lo"]["Netmask"], "255.0.0.0")
        for name, device in interfaces().items():
            self.assertEqual(network[name]["MAC"], device.get("address", ""))
        self.assertEqual(client.stop(), 0)
        until(lambda: bus.online() == [])
        self.assertIn(f"client {client.id} (alpha) left", "\n".join(agent.log_lines()))

    def test_it_pings_and_answers_a_poll_and_requests(self):
        agent = self.agent()
        bus = Bus(self, agent)
        receiver = bus.events()
        client = self.client(agent)

        def next_of(name):
            while (message := receiver.receive(timeout=60)).properties["event"] != name:
                receiver.accept()
            receiver.accept()
            return bytes(message.body).decode()

        self.assertIn(client.id, next_of("ClientAnnounce"))
        self.assertIn(client.id, next_of("ClientSignature"))
        self.assertIn(client.id, next_of("ClientPing"))
        bus.call("sendEvent", "<Event xmlns='http://www.gonicus.de/Events'><ClientPoll/></Event>")
        next_of("ClientPoll")
        self.assertIn(client.id, next_of("ClientAnnounce"))
        address = f"{DOMAIN}.client.{client.id}"
        self.assertEqual(bus.ask(address, "announce")["result"], True)
        self.assertIn(client.id, next_of("ClientAnnounce"))
        self.assertEqual(bus.ask(address, "getNetworkInfo")["result"]["lo"]["IPAddress"], "127.0.0.1")
        self.assertEqual(bus.call("clientDispatch", client.id, "announce"), True)
        self.assertIn(client.id, next_of("ClientAnnounce"))
        network = bus.call("clientDispatch", client.id, "getNetworkInfo", [])
        self.assertEqual(network["lo"]["IPAddress"], "127.0.0.1")
        refused = bus.ask(f"{DOMAIN}.command.core", "clientDispatch", client.id, "announce", [1])["error"]
        self.assertEqual(refused["code"], -32602)
        self.assertIn("the client: ", refused["message"])
        error = bus.ask(address, "anounce")["error"]
        self.assertEqual(error["code"], -32601)
        self.assertIn("'anounce'", error["message"])
        self.assertEqual(bus.ask(address, "announce", 1)["error"]["code"], -32602)

    def test_a_client_that_does_not_answer_is_told(self):
        agent = self.agent(**{"module clients": {"answer-timeout": "300 ms", "client-timeout": "1 h"}})
        bus = Bus(self, agent)
        client = self.client(agent)
        until(lambda: bus.online() == ["alpha"])

        def failure(client_id):
            return bus.ask(f"{DOMAIN}.command.core", "clientDispatch", client_id, "announce")["error"]["message"]

        self.assertIn("there is no client 'nobody'", failure("nobody"))
        client.process.send_signal(signal.SIGSTOP)
        self.assertIn(f"the client '{client.id}' has not answered within 300 ms", failure(client.id))
        client.kill()
        until(lambda: "no such client is connected" in failure(client.id))

    def test_clients_that_do_not_answer_yet_keep_nobody_waiting(self):
        agent = self.agent(**{"module clients": {"answer-timeout": "9 s", "client-timeout": "1 h"}})
        bus = Bus(self, agent)
        connection = connect(agent)
        self.addCleanup(connection.close)
        clients = ("one", "two", "three")
        asked = {name: connection.create_receiver(f"{DOMAIN}.client.{name}", credit=1) for name in clients}
        answers = connection.create_receiver(None, dynamic=True, credit=10)
        commands = connection.create_sender(f"{DOMAIN}.command.core")
        for name in clients:
            bus.call("sendEvent", ANNOUNCE.format(name))
        for name in clients:
            request = {"jsonrpc": "2.0", "method": "clientDispatch", "params": [name, "sleep"], "id": name}
            commands.send(Message(body=json.dumps(request).encode(), content_type="application/json",
                                  reply_to=answers.link.remote_source.address))
        # Each is asked while none has answered.
        requests = {name: receiver.receive(timeout=30) for name, receiver in asked.items()}
        self.assertIn("clientDispatch", bus.call("getMethods"))
        self.assertEqual(sorted(bus.call("getClients")), sorted(clients))
        for name in reversed(clients):
            request = requests[name]
            answer = {"jsonrpc": "2.0", "result": f"{name} slept", "id": json.loads(bytes(request.body))["id"]}
            connection.create_sender(request.reply_to).send(
                Message(body=json.dumps(answer).encode(), content_type="application/json",
                        correlation_id=request.correlation_id or request.id))
            received = json.loads(bytes(answers.receive(timeout=30).body))
            self.assertEqual((received["id"], received.get("result")), (name, f"{name} slept"))

    def test_killed_it_is_offline_and_a_new_start_brings_it_back(self):
        agent = self.agent()
        bus = Bus(self, agent)
        client, other = self.client(agent), self.client(agent, "beta")
        until(lambda: bus.online() == ["alpha", "beta"])
        client.kill()
        until(lambda: bus.online() == ["beta"])
        self.assertIn(f"client {client.id} (alpha) was silent for 3 s", "\n".join(agent.log_lines()))
        client.start()
        until(lambda: bus.online() == ["alpha", "beta"])
        self.assertIsNone(other.process.poll())

    def test_it_waits_for_an_agent_that_comes_back_and_announces_itself_again(self):
        with socket.create_server(("127.0.0.1", 0)) as held:
            port = held.getsockname()[1]
        agent = self.agent(amqp={"url": f"amqp://127.0.0.1:{port}"})
        client = self.client(agent)
        client.wait_for_line("connected to")
        agent.kill()
        client.wait_for_line("not connected, trying again")
        agent.start()
        bus = Bus(self, agent)
        until(lambda: bus.online() == ["alpha"])
        until(lambda: bus.call("getClientNetInfo", client.id).get("lo"))

    def test_it_tells_who_logs_on_and_off(self):
        agent = self.agent()
        bus = Bus(self, agent)
        logind = Logind(self)
        first = logind.log_on("c1", 1000, "joe")
        client = self.client(agent, environment=logind.environment)
        other = self.client(agent, "beta", environment=Logind(self).environment)
        until(lambda: bus.online() == ["alpha", "beta"])
        until(lambda: bus.call("getUserSessions", client.id) == ["joe"])
        second = logind.log_on("c2", 1001, "ann")
        again = logind.log_on("c3", 1000, "joe")
        until(lambda: bus.call("getUserSessions", client.id) == ["ann", "joe"])
        self.assertEqual(bus.call("getUserClients", "ann"), [client.id])
        self.assertEqual(bus.call("getUserSessions", other.id), [])
        logind.log_off("c1", first)
        logind.log_off("c2", second)
        until(lambda: bus.call("getUserSessions", client.id) == ["joe"])
        self.assertEqual(bus.ask(f"{DOMAIN}.client.{client.id}", "getUserSessions")["result"], ["joe"])
        logind.log_off("c3", again)
        until(lambda: bus.call("getUserSessions") == [])

    def test_a_user_is_told_where_logged_on(self):
        agent = self.agent()
        bus = Bus(self, agent)
        folder = tempfile.TemporaryDirectory(prefix="clacks-notify-")
        self.addCleanup(folder.cleanup)
        program, told = pathlib.Path(folder.name, "notify"), pathlib.Path(folder.name, "told")
        program.write_text(f'#!/bin/sh\nprintf "%s|" "$@" > {told}.new && mv {told}.new {told}\n')
        program.chmod(0o755)
        logind = Logind(self)
        logind.log_on("c1", 1000, "joe")
        client = self.client(agent, settings={"notify": program}, environment=logind.environment)
        mute = self.client(agent, "beta", environment=logind.environment)
        self.client(agent, "gamma")
        until(lambda: bus.call("getUserClients", "joe") == sorted([client.id, mute.id]))
        answer = bus.call("notifyUser", "joe", "Hello; $(true)", "two words")
        self.assertEqual(answer[client.id], True)
        self.assertIn("no method 'notifyUser'", answer[mute.id])
        self.assertEqual(len(answer), 2)
        until(told.exists)
        self.assertEqual(told.read_text(), "joe|Hello; $(true)|two words|")
        self.assertEqual(bus.call("notifyUser", "nobody", "Hello", "you"), {})
        error = bus.ask(f"{DOMAIN}.command.core", "clientDispatch", client.id, "notifyUser", ["ann", "a", "b"])["error"]
        self.assertIn("'ann' is not logged on", error["message"])

    def test_without_a_system_bus_it_says_so_once_and_serves(self):
        agent = self.agent()
        client = self.client(agent)
        until(lambda: Bus(self, agent).online() == ["alpha"])
        client.wait_for_line("no system bus: ")
        self.assertEqual(client.log().count("no system bus"), 1)

    def test_it_tells_the_service_manager(self):
        agent = self.agent()
        manager = NotifySocket(self)
        client = self.client(agent, environment={"NOTIFY_SOCKET": manager.path, "WATCHDOG_USEC": "300000"})
        self.assertEqual(manager.until(lambda told: "READY" in told)["STATUS"], "not connected yet")
        status = manager.until(lambda told: told.get("STATUS", "").startswith("connected to"))["STATUS"]
        self.assertNotIn("secret", status)
        manager.until(lambda told: told.get("WATCHDOG") == "1")
        self.assertEqual(client.stop(), 0)
        manager.until(lambda told: told.get("STOPPING") == "1")


class Configuration(unittest.TestCase):
    def check(self, text):
        folder = tempfile.TemporaryDirectory(prefix="clacks-client-")
        self.addCleanup(folder.cleanup)
        file = pathlib.Path(folder.name, "client.conf")
        file.write_text(text)
        result = subprocess.run([BIN / "clacks-client", "--config", file, "--check"], capture_output=True, text=True,
                                timeout=60, check=False)
        return result.returncode, result.stdout + result.stderr.replace(f"{file}:", "")

    def test_all_problems_at_once(self):
        code, text = self.check("[client]\nid = me\nping-intervall = 5 s\n[ampq]\nurl = x\n"
                                "[amqp]\nurl = http://here\n[log]\nlevel = loud\n")
        self.assertEqual(code, 1)
        for line in ("4:1: there is no section [ampq]; did you mean 'amqp'?", "2:6: id: 'me' is no UUID",
                     "3:1: there is no setting 'ping-intervall' in [client]; did you mean 'ping-interval'?", "7:7: url: ",
                     "9:9: level: "):
            self.assertIn(line, text)

    def test_drop_ins_are_read_after_it_in_sorted_order(self):
        with tempfile.TemporaryDirectory(prefix="clacks-client-") as folder:
            file = pathlib.Path(folder, "client.conf")
            drop_ins = pathlib.Path(folder, "client.conf.d")
            drop_ins.mkdir()
            identity = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
            file.write_text(f"[client]\nid = {identity}\nname = first\n")
            (drop_ins / "20.conf").write_text("[client]\nname = last\n")
            (drop_ins / "10.conf").write_text("[client]\nname = second\n[amqp]\nurl = amqp://127.0.0.1:7/org.clacks\n")
            (drop_ins / "30.txt").write_text("[client]\nname = none\n")

            def check():
                return subprocess.run([BIN / "clacks-client", "--config", file, "--check"], capture_output=True, text=True,
                                      timeout=60, check=False)

            self.assertIn(f"client {identity} (last) of amqp://127.0.0.1:7", check().stdout)
            (drop_ins / "10.conf").write_text("[client]\nnam = second\n")
            refused = check()
            self.assertEqual(refused.returncode, 1)
            self.assertIn(f"{drop_ins}/10.conf:2:1: there is no setting 'nam' in [client]; did you mean 'name'?", refused.stderr)

    def test_the_id_is_the_machine_s_where_none_is_set(self):
        if not os.path.exists("/etc/machine-id") or not pathlib.Path("/etc/machine-id").read_text().strip():
            self.skipTest("this machine has no id")
        code, text = self.check("[client]\nname = alpha\n")
        self.assertEqual(code, 0, text)
        found = re.search(r"client ([0-9a-f-]{36}) \(alpha\) of amqp://127.0.0.1:5672", text)
        self.assertIsNotNone(found, text)
        machine = pathlib.Path("/etc/machine-id").read_text().strip()
        self.assertNotEqual(found[1].replace("-", ""), machine)
        self.assertEqual(self.check("[client]\nname = alpha\n")[1].split()[-5:], text.split()[-5:])


unittest.main()
