"""Our own clients log in by certificate at the real agent, and say what is wrong with one that they cannot use."""
import os
import pathlib
import subprocess
import sys
import unittest

from agent_fixture import DOMAIN, until
from authority import Authority, openssl
from certificate_test import Case as Base
from clacks.common.components import AMQPEventConsumer, AMQPServiceProxy, ClientError, Publisher
from client_fixture import Client

BIN = pathlib.Path(os.environ["CLACKS_BIN"])
PHONE = ('<Event xmlns="http://www.gonicus.de/Events"><PhoneStatus><CallerId>012345</CallerId>'
         '<ReceiverId>12343424</ReceiverId><Status>busy</Status></PhoneStatus></Event>')
RIGHTS = "group agents alice\nallow alice * xr\n"
SEND = ("send", "PhoneStatus", "CallerId=1", "ReceiverId=2", "Status=busy")


def run(*command, environment=None):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=60,
                          env={**os.environ, **(environment or {})})


class Case(Base):
    def setUp(self):
        self.listener = self.agent(acl=RIGHTS)
        self.url = f"amqps://localhost:{self.listener.port}/{DOMAIN}"

    def environment(self, pair):
        return {"CLACKS_CA": str(self.ca.certificate), "CLACKS_CERTIFICATE": str(pair[0]), "CLACKS_PRIVATE_KEY": str(pair[1])}

    def clacks(self, *words, pair=None, url=None):
        pair = pair or self.alice
        return run(BIN / "clacks", *words, "--url", url or self.url, "--ca", self.ca.certificate, "--certificate", pair[0],
                   "--private-key", pair[1])

    def one_file(self, pair):
        """Certificate and key together."""
        both = self.folder / "both.pem"
        both.write_text(pair[0].read_text() + pair[1].read_text())
        return both


class LogIn(Case):
    def logged_in(self, times=1):
        until(lambda: sum("'alice' connected from" in line for line in self.listener.log_lines()) >= times)

    def test_the_command_line(self):
        done = self.clacks(*SEND)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        both = self.one_file(self.alice)
        done = run(BIN / "clacks", "nodes", "--url", self.url, "--ca", self.ca.certificate, "--certificate", both)
        self.assertEqual(done.returncode, 0, done.stderr)
        done = run(BIN / "clacks", "nodes", "--url", self.url, environment=self.environment(self.alice))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.logged_in(3)

    def test_the_library_for_cpp(self):
        environment = self.environment(self.alice)
        with subprocess.Popen([BIN / "example-receiver", self.url], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              env={**os.environ, **environment}) as receiver:
            self.assertIn("subscribed", receiver.stderr.readline())
            sender = run(BIN / "example-sender", self.url, environment=environment)
            self.assertEqual((sender.returncode, sender.stderr), (0, ""))
            self.assertIn("012345", receiver.stdout.readline())
            receiver.kill()
            receiver.communicate()
        self.logged_in(2)

    def test_the_daemon(self):
        client = Client(self.url, "alpha", start=False)
        with client.config.open("a") as config:
            config.write(f"ca = {self.ca.certificate}\ncertificate = {self.alice[0]}\nprivate-key = {self.alice[1]}\n")
        checked = run(BIN / "clacks-client", "--check", "--config", client.config)
        self.assertEqual(checked.returncode, 0, checked.stderr)
        with client:
            client.start()
            client.wait_for_line("connected")
            self.logged_in()

    def test_python(self):
        seen = []
        own = {"ca": str(self.ca.certificate), "certificate": str(self.alice[0]), "private_key": str(self.alice[1])}
        with AMQPEventConsumer(self.url, xquery="./e:Event/e:PhoneStatus", on_event=seen.append, **own) as consumer:
            self.assertTrue(consumer.wait_until_subscribed(60))
            with Publisher(self.url, **own) as publisher:
                publisher.publish(PHONE)
            self.assertEqual(AMQPServiceProxy(self.url, **own).sendEvent(PHONE)["matched"], 1)
            until(lambda: len(seen) == 2)
        self.logged_in(3)

    def test_a_renewal_that_is_under_way_ends_nothing(self):
        chain, key = self.folder / "renewed.pem", self.folder / "renewed.key"
        chain.write_bytes(self.alice[0].read_bytes())
        key.write_bytes(self.alice[1].read_bytes())
        with Publisher(self.url, ca=str(self.ca.certificate), certificate=str(chain), private_key=str(key)) as publisher:
            key.write_bytes(self.ca.issue("next")[1].read_bytes())
            with self.assertRaises(ClientError) as caught:
                publisher.publish(PHONE)
            self.assertIn("renewed.key", str(caught.exception))
            self.assertFalse(caught.exception.permanent, "a consumer would try no more")
            key.write_bytes(self.alice[1].read_bytes())
            publisher.publish(PHONE)


class Unusable(Case):
    def refused(self, done, *words):
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        for word in words:
            self.assertIn(str(word), done.stderr)

    def python(self, pair, url=None):
        """What the library says to such a pair."""
        with self.assertRaises(ClientError) as caught:
            AMQPEventConsumer(url or self.url, ca=str(self.ca.certificate), certificate=str(pair[0]),
                              private_key=str(pair[1])).close()
        return str(caught.exception)

    def test_files(self):
        encrypted = self.folder / "encrypted.key"
        openssl("pkey", "-in", self.alice[1], "-aes256", "-passout", "pass:secret", "-out", encrypted)
        garbage = self.folder / "garbage.pem"
        garbage.write_text("no certificate\n")
        other = self.ca.issue("other")[1]
        for pair, words in (((self.folder / "missing.pem", self.alice[1]), ("no file", "missing.pem")),
                            ((self.alice[0], self.folder / "missing.key"), ("no file", "missing.key")),
                            ((garbage, self.alice[1]), ("garbage.pem",)),
                            ((self.alice[0], other), ("other.key", "alice.pem")),
                            ((self.alice[0], encrypted), ("encrypted.key is encrypted", "decrypt it"))):
            with self.subTest(words):
                self.refused(self.clacks("nodes", pair=pair), *words)
                said = self.python(pair)
                for word in words:
                    self.assertIn(word, said)

    def test_an_expired_one(self):
        old = self.ca.issue("elder", dates=("-startdate", "20200101000000Z", "-enddate", "20210101000000Z"))
        self.refused(self.clacks("nodes", pair=old), "elder.pem expired on Jan  1 00:00:00 2021", "renew it")

    def test_urls(self):
        plain = f"amqp://localhost:{self.listener.amqp_port}/{DOMAIN}"
        for url, word in ((plain, "over TLS only"), (self.url.replace("://", "://bob:secret@"), "the user 'bob'")):
            self.refused(self.clacks("nodes", url=url), word)
            self.assertIn(word, self.python(self.alice, url))
            self.assertNotIn("secret", self.clacks("nodes", url=url).stderr)
        done = run(BIN / "clacks", "nodes", "--url", self.url, "--private-key", self.alice[1])
        self.refused(done, "no certificate to show")

    def test_what_the_agent_refuses(self):
        stranger = Authority(self.folder / "strange", "Stranger").issue("alice")
        line = self.listener.wait_for_line(r"listening on amqps://127\.0\.0\.1:\d+$")
        passwords = f"amqps://localhost:{line.rpartition(':')[2]}/{DOMAIN}"
        nameless = self.ca.issue("nameless", "/O=Acme")
        without = run(BIN / "clacks", "nodes", "--url", self.url, "--ca", self.ca.certificate)
        self.refused(without, "ended the handshake", "--certificate")
        self.refused(self.clacks("nodes", pair=stranger), "refuses the client's certificate", "alice.pem", "client-ca")
        self.refused(self.clacks("nodes", pair=nameless), "lets nobody in by the certificate", "nameless.pem")
        self.refused(self.clacks("nodes", url=passwords), "offers no login by certificate", "certificate-url")

    def test_the_daemon_tells_the_setting(self):
        client = Client(self.url, "alpha", start=False)
        self.addCleanup(client.__exit__)
        with client.config.open("a") as config:
            config.write(f"ca = {self.ca.certificate}\ncertificate = {self.alice[0]}\nprivate-key = {self.folder}/none.key\n")
        checked = run(BIN / "clacks-client", "--check", "--config", client.config)
        self.assertEqual(checked.returncode, 1)
        self.assertIn("none.key", checked.stderr)

    def test_what_python_hears_of_the_agent(self):
        stranger = Authority(self.folder / "foreign", "Foreign").issue("alice")
        done = run(sys.executable, "-m", "clacks", "listen", "--url", self.url, "--ca", self.ca.certificate, "--certificate",
                   stranger[0], "--private-key", stranger[1])
        self.refused(done, "does the agent take the certificate", "alice.pem")


if __name__ == "__main__":
    unittest.main()
