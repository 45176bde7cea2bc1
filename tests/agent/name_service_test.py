"""The agent serves its peers without asking a name server, which may be slow or gone, for anything. In namespaces of its
own the machine has a name that no file knows, and the only name server is this test."""
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest

import raw_amqp as raw
from agent_fixture import Agent

UNSHARE = ["unshare", "--net", "--uts", "--mount"] + ([] if os.geteuid() == 0 else ["--user", "--map-root-user"])


class NameService(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True, timeout=30)
        subprocess.run(["hostname", "nowhere"], check=True, timeout=30)
        with tempfile.NamedTemporaryFile("w") as servers:
            servers.write("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
            servers.flush()
            resolver = pathlib.Path("/etc/resolv.conf").resolve()
            subprocess.run(["mount", "--bind", servers.name, resolver], check=True, timeout=30)
        cls.server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        cls.addClassCleanup(cls.server.close)
        cls.server.bind(("127.0.0.1", 53))
        cls.server.setblocking(False)

    def asked(self):
        """The names that somebody wanted to know."""
        questions = []
        try:
            while True:
                questions.append(self.server.recv(4096))
        except BlockingIOError:
            return questions

    def test_it_is_seen_when_a_name_is_looked_up(self):
        subprocess.run(["getent", "ahosts", "elsewhere.example"], check=False, timeout=60)
        self.assertTrue(self.asked())

    def test_no_name_is_looked_up_to_start_and_to_let_a_peer_in(self):
        with Agent(tls=False) as agent:
            with raw.login(agent.amqp_port) as peer:
                peer.sendall(raw.attach_sender("s", 0, "org.clacks.event"))
                self.assertIn(b"\x00\x53\x13", raw.read_until(peer, b"\x00\x53\x13"))  # credit
        self.assertEqual(self.asked(), [])


def main():
    if "CLACKS_NAMESPACE" in os.environ:
        return unittest.main()
    missing = [name for name in ("unshare", "ip", "hostname", "mount", "getent") if not shutil.which(name)]
    if missing:
        print(f"skipped: {', '.join(missing)} not installed")
        return 77
    tried = subprocess.run([*UNSHARE, "sh", "-c", "hostname nowhere && mount --bind /etc/hosts /etc/hosts"],
                           capture_output=True, text=True, timeout=60, check=False)
    if tried.returncode != 0:
        print(f"skipped: no namespaces on this machine: {tried.stderr.strip()}")
        return 77
    os.environ["CLACKS_NAMESPACE"] = "1"
    os.execvp(UNSHARE[0], [*UNSHARE, sys.executable, *sys.argv])


sys.exit(main())
