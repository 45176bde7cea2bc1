"""An agent and three machines, each in a network namespace of its own with a logind of its own: what the agent knows
of them, also after kill -9 of one, of the agent, and after their restarts. Over TLS, as beyond one machine."""
import json
import os
import shutil
import socket
import subprocess
import sys
import unittest

from agent_fixture import PASSWORD, USER, DOMAIN, Agent, connect, until
from client_fixture import BIN, Client
from logind import Logind
from proton import Message
from proton.utils import SyncRequestResponse

AGENT = "192.0.2.1"  # of TEST-NET-1, within the namespace of this test
UNSHARE = ["unshare", "--net"] + ([] if os.geteuid() == 0 else ["--user", "--map-root-user"])
# Waits for the interface that the test moves into the new namespace.
ENTER = 'until ip link show eth0 >&- 2>&-; do sleep 0.02; done; ip link set lo up; ip link set eth0 up; ' \
        'ip address add "$0/24" dev eth0; exec "$@"'


def ip(*arguments):
    subprocess.run(["ip", *arguments], check=True, timeout=30)


class Machine:
    """A client with an address, which it has on a wire to the agent."""

    def __init__(self, test, number, agent_port, trusted):
        self.name, self.address, self._port = f"machine-{number}", f"192.0.2.{10 + number}", f"port{number}"
        self.logind = Logind(test)
        self.client = Client(f"amqps://{USER}:{PASSWORD}@{AGENT}:{agent_port}/{DOMAIN}", self.name, start=False,
                             environment={"CLACKS_CA": trusted, **self.logind.environment})
        self.client.wrap("unshare", "--net", "sh", "-c", ENTER, self.address)
        self.client.__enter__()
        test.addCleanup(self.client.__exit__)
        self.start()

    def start(self):
        self.client.start()
        process = self.client.process
        own = os.stat("/proc/self/ns/net").st_ino
        until(lambda: os.stat(f"/proc/{process.pid}/ns/net").st_ino != own)
        ip("link", "add", self._port, "type", "veth", "peer", "name", "eth0", "netns", str(process.pid))
        ip("link", "set", self._port, "master", "wires", "up")

    def kill(self):
        self.client.kill()
        # The interface goes with the namespace, and the namespace with its last process, a little later.
        until(lambda: not os.path.exists(f"/sys/class/net/{self._port}") or self._cut())

    def _cut(self):
        return subprocess.run(["ip", "link", "delete", self._port], stderr=subprocess.DEVNULL, check=False).returncode == 0


class Machines(unittest.TestCase):
    def setUp(self):
        ip("link", "set", "lo", "up")
        ip("link", "add", "wires", "type", "bridge")
        self.addCleanup(ip, "link", "delete", "wires")
        ip("address", "add", f"{AGENT}/24", "dev", "wires")
        ip("link", "set", "wires", "up")
        with socket.create_server((AGENT, 0)) as held:
            port = held.getsockname()[1]
        self.agent = self.production_agent(port)
        self.machines = [Machine(self, number, port, str(self.agent.folder / "cert.pem")) for number in (1, 2, 3)]

    def production_agent(self, port):
        """The user of a quickstart, then a start without one, which may listen beyond the machine."""
        agent = Agent(settings={
            "agent": {"modules": BIN.parent / "lib/modules"},
            "module clients": {"client-timeout": "3 s", "poll-after": "100 ms"}}, tls=False)
        self.addCleanup(agent.__exit__, AssertionError, None, None)
        agent.start()
        self.assertEqual(agent.stop(), 0)
        # The name that is compared is the address here.
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
                        f"/CN={AGENT}", "-addext", f"subjectAltName=DNS:{AGENT}", "-keyout", agent.folder / "key.pem",
                        "-out", agent.folder / "cert.pem"], check=True, timeout=60, stderr=subprocess.DEVNULL)
        text = agent.config.read_text()
        text = text[:text.index("[quickstart]")] + text[text.index("[module clients]"):]
        agent.config.write_text(text.replace(
            "url = amqp://127.0.0.1:0",
            f"url = amqp://127.0.0.1:0 amqps://{AGENT}:{port}\ncertificate = cert.pem\nprivate-key = key.pem"))
        agent.start()
        return agent

    def call(self, method, *parameters):
        connection = connect(self.agent)
        try:
            request = Message(body=json.dumps({"method": method, "params": parameters, "id": 1}).encode(),
                              content_type="application/json")
            answer = json.loads(bytes(SyncRequestResponse(connection, f"{DOMAIN}.command.core").call(request).body))
            self.assertIsNone(answer["error"])
            return answer["result"]
        finally:
            connection.close()

    def online(self):
        return {client["name"] for client in self.call("getClients").values() if client["online"]}

    def whole(self):
        """Whether the tables tell all that there is to tell of all machines."""
        return self.online() == {machine.name for machine in self.machines} and all(
            self.call("getClientNetInfo", machine.client.id).get("eth0", {}).get("IPAddress") == machine.address
            and "announce" in self.call("getClientMethods", machine.client.id) for machine in self.machines)

    def test_tables(self):
        first, second, third = self.machines
        until(self.whole)
        networks = {json.dumps(self.call("getClientNetInfo", machine.client.id)) for machine in self.machines}
        self.assertEqual(len(networks), 3)

        path = first.logind.log_on("c1", 1000, "joe")
        second.logind.log_on("c1", 1000, "joe")
        second.logind.log_on("c2", 1001, "ann")
        until(lambda: self.call("getUserClients", "joe") == sorted([first.client.id, second.client.id]))
        until(lambda: self.call("getUserSessions", second.client.id) == ["ann", "joe"])
        self.assertEqual(self.call("getUserSessions", third.client.id), [])
        first.logind.log_off("c1", path)
        until(lambda: self.call("getUserClients", "joe") == [second.client.id])

        second.kill()
        until(lambda: self.online() == {first.name, third.name})
        self.assertEqual(self.call("getUserClients", "joe"), [])
        second.start()
        until(self.whole)
        until(lambda: self.call("getUserSessions", second.client.id) == ["ann", "joe"])

        self.agent.kill()
        self.agent.start()
        until(self.whole)
        until(lambda: self.call("getUserSessions") == ["ann", "joe"])

        self.assertEqual(third.client.stop(), 0)
        until(lambda: self.online() == {first.name, second.name})


def main():
    if "CLACKS_NAMESPACE" in os.environ:
        return unittest.main()
    missing = [name for name in ("unshare", "ip", "openssl") if not shutil.which(name)]
    if missing:
        print(f"skipped: {', '.join(missing)} not installed")
        return 77
    tried = subprocess.run([*UNSHARE, "sh", "-c", "ip link add name b type bridge && ip link add name v type veth && unshare --net true"],
                           capture_output=True, text=True, timeout=60, check=False)
    if tried.returncode != 0:
        print(f"skipped: no network namespaces with wires on this machine: {tried.stderr.strip()}")
        return 77
    os.environ["CLACKS_NAMESPACE"] = "1"
    os.execvp(UNSHARE[0], [*UNSHARE, sys.executable, *sys.argv])


sys.exit(main())
