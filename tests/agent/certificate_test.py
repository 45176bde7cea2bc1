"""Clients that log in by certificate at a listener of its own, and the files that decide it, at the real agent."""
import os
import pathlib
import re
import signal
import shutil
import subprocess
import tempfile
import unittest

import raw_amqp as raw
from agent_fixture import Agent
from authority import Authority, client_context, openssl

OPENED = b"ANONYMOUS-RELAY"  # what the agent's open offers; proton's own before an error does not
EXTERNAL = raw.sasl_init(raw.symbol("EXTERNAL"), b"")


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="clacks-certificates-")
        cls.folder = pathlib.Path(cls.temporary.name)
        cls.ca = Authority(cls.folder / "ca", "Authority")
        cls.server = cls.ca.issue("localhost", usage="serverAuth", san="DNS:localhost")
        cls.alice = cls.ca.issue("alice", "/O=Acme/CN=alice")

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def agent(self, environment=None, acl=None, **settings):
        """Listens for passwords and for certificates; `port` is that of the latter."""
        agent = Agent(settings={"amqp": {"certificate-url": "amqps://127.0.0.1:0", "client-ca": self.ca.certificate,
                                         "certificate": self.server[0], "private-key": self.server[1],
                                         **{key.replace("_", "-"): value for key, value in settings.items()}},
                                "log": {"level": "debug"}}, environment=environment, acl=acl)
        agent.__enter__()
        self.addCleanup(agent.__exit__, None, None, None)
        line = agent.wait_for_line("for clients with a certificate")
        agent.port = int(re.search(r":(\d+), for clients", line).group(1))
        return agent

    def talk(self, port, pair, *sent):
        """What the peer answers until the end, or b"" where it ends the handshake."""
        plain = raw.connect(port, timeout=30)
        self.addCleanup(plain.close)
        try:
            with client_context(pair, self.ca.certificate).wrap_socket(plain) as peer:
                peer.sendall(b"".join(sent))
                return raw.read_until(peer, OPENED, 30)
        except OSError:
            return b""

    def offered(self, port):
        """The frame of mechanisms."""
        with client_context(self.alice, self.ca.certificate).wrap_socket(raw.connect(port, timeout=30)) as peer:
            peer.sendall(raw.SASL_HEADER)
            got = raw.read_until(peer, b"\x00\x53\x40", 30)
            self.assertTrue(got.startswith(raw.SASL_HEADER))
            size = int.from_bytes(got[8:12], "big")
            while len(got) < 8 + size:
                got += peer.recv(1000)
            return got

    def log_in(self, agent, pair, port=None):
        return self.talk(port or agent.port, pair, raw.SASL_HEADER, EXTERNAL, raw.AMQP_HEADER, raw.open_frame())

    def lets_in(self, agent, pair, user):
        self.assertIn(OPENED, self.log_in(agent, pair))
        agent.wait_for_line(rf"'{re.escape(user)}' connected from")

    def keeps_out(self, agent, pair, why):
        got = self.log_in(agent, pair)
        self.assertNotIn(OPENED, got)
        agent.wait_for_line(why)


class Listeners(Case):
    def test_who_is_let_in(self):
        stranger = Authority(self.folder / "stranger", "Authority")
        agent = self.agent(environment={"SSL_CERT_FILE": str(stranger.certificate)})
        self.lets_in(agent, self.alice, "alice")
        self.keeps_out(agent, None, "did not return a certificate")
        # One that the system trusts, but client-ca does not name.
        self.keeps_out(agent, stranger.issue("alice"), "certificate verify failed")
        old = self.ca.issue("old", dates=("-startdate", "20200101000000Z", "-enddate", "20210101000000Z"))
        self.keeps_out(agent, old, "certificate verify failed")
        self.keeps_out(agent, self.server, "certificate verify failed")
        self.keeps_out(agent, self.ca.issue("two", "/CN=bob/CN=eve"), "more than one CN in its subject")
        self.keeps_out(agent, self.ca.issue("none", "/O=Acme"), "no CN in its subject")
        self.lets_in(agent, self.alice, "alice")

    def test_each_listener_takes_its_own_mechanism_only(self):
        agent = self.agent()
        offered = self.offered(agent.port)
        self.assertIn(b"EXTERNAL", offered)
        self.assertNotIn(b"PLAIN", offered)
        self.assertNotIn(b"SCRAM", offered)
        got = self.talk(agent.port, self.alice, raw.SASL_HEADER, raw.sasl_init(), raw.AMQP_HEADER, raw.open_frame())
        self.assertNotIn(OPENED, got)
        agent.wait_for_line("the mechanism 'PLAIN' is not offered")
        ports = [int(port) for line in agent.log_lines() for port in re.findall(r"listening on amqps://127\.0\.0\.1:(\d+)$", line)]
        offered = self.offered(ports[0])
        self.assertIn(b"PLAIN", offered)
        self.assertNotIn(b"EXTERNAL", offered)
        self.assertNotIn(OPENED, self.log_in(agent, self.alice, ports[0]))
        agent.wait_for_line("the mechanism 'EXTERNAL' is not offered")

    def test_nobody_acts_for_another_and_nobody_skips_the_login(self):
        agent = self.agent()
        other = raw.sasl_init(raw.symbol("EXTERNAL"), b"admin")
        got = self.talk(agent.port, self.alice, raw.SASL_HEADER, other, raw.AMQP_HEADER, raw.open_frame())
        self.assertNotIn(OPENED, got)
        agent.wait_for_line("the certificate is that of 'alice', who asks to be another user")
        got = self.talk(agent.port, self.alice, raw.AMQP_HEADER, raw.open_frame())
        self.assertNotIn(OPENED, got)

    def test_names_in_the_subject_and_beside_it(self):
        pair = self.ca.issue("many", "/O=Acme/UID=u17/CN=carol",
                             "DNS:carol.example.org,email:carol@example.org,URI:urn:user:carol")
        for rule, user in (("subject UID", "u17"), ("subject O", "Acme"), ("san dns", "carol.example.org"),
                           ("san email", "carol@example.org"), ("san uri", "urn:user:carol")):
            self.lets_in(self.agent(client_identity=rule), pair, user)

    def test_versions_before_1_2_are_refused(self):
        agent = self.agent()
        for version, good in (("-tls1_1", False), ("-tls1_2", True), ("-tls1_3", True)):
            done = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{agent.port}", version, "-cipher",
                                   "DEFAULT:@SECLEVEL=0", "-cert", self.alice[0], "-key", self.alice[1]],
                                  input="", capture_output=True, text=True, timeout=60)
            self.assertEqual("Cipher is (NONE)" not in done.stdout, good, version + done.stdout + done.stderr)


class Revocation(Case):
    def test_revoked_by_a_reload_and_a_bad_file_changes_nothing(self):
        bob = self.ca.issue("bob")
        crl = self.folder / "crl.pem"
        shutil.copy(self.ca.revocation_list(), crl)
        agent = self.agent(client_crl=crl)
        self.lets_in(agent, self.alice, "alice")
        self.lets_in(agent, bob, "bob")
        self.ca.revoke(bob[0])
        shutil.copy(self.ca.revocation_list(), crl)
        self.lets_in(agent, bob, "bob")  # until the reload
        self.assertIn("result", agent.reload())
        self.keeps_out(agent, bob, "certificate verify failed")
        self.lets_in(agent, self.alice, "alice")
        crl.write_text("no list")
        self.assertIn(f"{crl}: the file holds no revocation list", agent.reload()["error"]["message"])
        self.lets_in(agent, self.alice, "alice")
        other = Authority(self.folder / "other", "Other")
        shutil.copy(other.revocation_list(), crl)
        agent.signal(signal.SIGHUP)
        agent.wait_for_line(f"error not reloaded: {crl}: there is no revocation list of the authority CN=Authority")

    def test_another_authority_by_a_reload(self):
        trusted = self.folder / "trusted.pem"
        shutil.copy(self.ca.certificate, trusted)
        new = Authority(self.folder / "new", "New")
        dora = new.issue("dora")
        agent = self.agent(client_ca=trusted)
        self.keeps_out(agent, dora, "certificate verify failed")
        shutil.copy(new.certificate, trusted)
        agent.reload()
        self.lets_in(agent, dora, "dora")
        self.assertNotIn(OPENED, self.log_in(agent, self.alice))
        trusted.write_text("")
        self.assertIn(f"{trusted}: the list of clients' authorities holds no certificate", agent.reload()["error"]["message"])
        self.lets_in(agent, dora, "dora")

    def test_a_list_that_is_out_of_date_lets_nobody_in_and_is_told(self):
        old = self.ca.revocation_list("old", ("-crl_lastupdate", "20200101000000Z", "-crl_nextupdate", "20200201000000Z"))
        agent = self.agent(client_crl=old)
        agent.wait_for_line(r"error .*: the revocation list of CN=Authority is out of date since 2020-02-01")
        self.keeps_out(agent, self.alice, "certificate verify failed")


class Told(Case):
    def test_fingerprint_and_expiry_at_start_and_reload(self):
        soon = self.ca.issue("soon", usage="serverAuth", days=10)
        agent = self.agent(certificate=soon[0], private_key=soon[1])
        shown = openssl("x509", "-in", soon[0], "-noout", "-fingerprint", "-sha256").split("=")[1].strip()
        for _ in range(2):
            before = agent.log_lines()
            self.assertTrue(any(f"certificate of CN=soon, valid until" in line and shown in line for line in before))
            self.assertTrue(any("warning" in line and "CN=soon expires on" in line for line in before))
            self.assertFalse(any("CN=Authority expires" in line for line in before))
            agent.reload()


class Refused(Case):
    def problems(self, **amqp):
        agent = Agent(settings={"amqp": {"certificate-url": "amqps://127.0.0.1:0", "client-ca": self.ca.certificate,
                                         "certificate": self.server[0], "private-key": self.server[1],
                                         **{key.replace("_", "-"): value for key, value in amqp.items()}}})
        done = subprocess.run([agent.PROGRAM, "--check", "--config", agent.config], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 1, done.stdout)
        return done.stdout + done.stderr

    def test_settings_that_cannot_work(self):
        self.assertIn("without TLS", self.problems(certificate_url="amqp://127.0.0.1:0"))
        self.assertIn("client-identity: 'name' is no place", self.problems(client_identity="name"))
        self.assertIn("client-identity: 'subject nonsense' is no place", self.problems(client_identity="subject nonsense"))
        self.assertIn("no certificate in PEM form", self.problems(client_ca=os.devnull))
        self.assertIn("no revocation list in PEM form", self.problems(client_crl=self.ca.certificate))


if __name__ == "__main__":
    unittest.main()
