"""The parts of the Python package that need no agent."""
import ast
import os
import pathlib
import tempfile
import unittest
from unittest import mock

import clacks
from clacks.common.amqp.backoff import Backoff
from clacks.common.amqp.endpoint import make_endpoint
from clacks.common.amqp.failure import connection_failure, link_failure
from clacks.common.amqp.trust import SYSTEM_LIST, trusted_certificates
from clacks.common.amqp.url import parse_url
from clacks.common.errors import ClientError
from clacks.common.event import EventMaker, document_of, parse
from lxml import etree

URL = parse_url("amqp://admin:secret@localhost/org.clacks")


class Docstrings(unittest.TestCase):
    """Of all that programs use; clacks.common.amqp is none of it."""

    def undocumented(self, node):
        if not ast.get_docstring(node):
            yield getattr(node, "name", "the module")
        if isinstance(node, (ast.Module, ast.ClassDef)):
            for child in node.body:
                named = isinstance(child, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
                if named and not child.name.startswith("_"):
                    yield from self.undocumented(child)

    def test_every_public_name_has_one(self):
        package = pathlib.Path(clacks.__file__).parent
        modules = [path for path in package.rglob("*.py") if "amqp" not in path.parts]
        self.assertGreater(len(modules), 8)
        for path in modules:
            with self.subTest(path.relative_to(package)):
                self.assertEqual(list(self.undocumented(ast.parse(path.read_text(encoding="utf-8")))), [])


class Urls(unittest.TestCase):
    def test_parts(self):
        url = parse_url("amqps://ad%40min:s%3Acret@[::1]:99/a%2Fb")
        self.assertEqual((url.scheme, url.user, url.password, url.host, url.port, url.path),
                         ("amqps", "ad@min", "s:cret", "::1", 99, "a/b"))
        self.assertTrue(url.loopback)

    def test_default_ports(self):
        self.assertEqual(parse_url("amqp://h").port, 5672)
        self.assertEqual(parse_url("amqps://h/d").port, 5671)

    def test_what_is_shown_has_no_password(self):
        for url in (URL, parse_url("amqps://admin:secret@[::1]/d")):
            self.assertNotIn("secret", str(url) + repr(url))
        self.assertEqual(str(URL), "amqp://admin@localhost:5672/org.clacks")

    def test_bad_ones_say_what_to_write(self):
        for text in ("", "localhost", "http://localhost", "amqp://", "amqp://u:secret@h:99999/d", "amqp://u:secret@[::1/d",
                     "amqp://u:secret@:5672"):
            with self.subTest(url=text), self.assertRaises(ClientError) as bad:
                parse_url(text)
            self.assertEqual(bad.exception.code, "url")
            self.assertIn("amqp://", bad.exception.hint)
            self.assertNotIn("secret", str(bad.exception))

    def test_a_domain_of_ones_own_goes_before_the_path(self):
        self.assertEqual(make_endpoint("amqp://localhost").domain, "org.clacks")
        self.assertEqual(make_endpoint("amqp://localhost/net.example").domain, "net.example")
        self.assertEqual(make_endpoint("amqp://localhost/net.example", "com.example").domain, "com.example")

    def test_no_password_goes_over_a_network_in_plain(self):
        with self.assertRaises(ClientError) as refused:
            make_endpoint("amqp://admin:secret@example.org/org.clacks")
        self.assertIn("amqps", refused.exception.hint)


class Trust(unittest.TestCase):
    def test_order(self):
        with tempfile.TemporaryDirectory() as home:
            own = pathlib.Path(home, ".local/state/clacks/quickstart-cert.pem")
            own.parent.mkdir(parents=True)
            own.write_text("certificate")
            os.utime(own, (4e9, 4e9))  # newer than any other on this machine
            here, there = parse_url("amqps://127.0.0.1"), parse_url("amqps://example.org")
            with mock.patch.dict(os.environ, {"HOME": home}, clear=True):
                self.assertEqual(trusted_certificates(here, None), str(own))
                self.assertEqual(trusted_certificates(there, None), SYSTEM_LIST)
                os.environ["CLACKS_CA"] = "/named"
                self.assertEqual(trusted_certificates(here, None), "/named")
                self.assertEqual(trusted_certificates(here, "/wanted"), "/wanted")

    def test_a_file_that_is_not_there(self):
        with self.assertRaises(ClientError) as missing:
            make_endpoint("amqps://localhost", ca="/not/there")
        self.assertIn("/not/there", str(missing.exception))


class Pauses(unittest.TestCase):
    def test_the_cap_doubles_to_its_limit(self):
        backoff = Backoff(base=1, limit=5, uniform=lambda: 0.5)
        self.assertEqual([backoff.next() for _ in range(5)], [0.5, 1, 2, 2.5, 2.5])
        backoff.reset()
        self.assertEqual(backoff.next(), 0.5)

    def test_random_within_the_cap(self):
        pauses = [Backoff(base=1).next() for _ in range(50)]
        self.assertTrue(all(0 <= pause < 1 for pause in pauses))
        self.assertGreater(len(set(pauses)), 10)


class Failures(unittest.TestCase):
    def test_a_wrong_password_is_final_and_not_shown(self):
        error = connection_failure("amqp:unauthorized-access", "Authentication failed [mech=PLAIN]", URL, "")
        self.assertEqual((error.code, error.permanent), ("login-refused", True))
        self.assertNotIn("secret", str(error))

    def test_links(self):
        self.assertEqual(link_failure("amqp:invalid-field", "1:2: [XPST0003] x", URL, "a").message, "1:2: [XPST0003] x")
        self.assertTrue(link_failure("amqp:not-found", "did you mean 'b'", URL, "a").permanent)
        self.assertFalse(link_failure("amqp:resource-limit-exceeded", "later", URL, "a").permanent)

    def test_a_peers_text_cannot_write_on_the_terminal(self):
        self.assertNotIn("\x1b", str(link_failure("x", "\x1b[2Jgone\n", URL, "\x1b")))


class Events(unittest.TestCase):
    def test_the_documented_event(self):
        e = EventMaker()
        event = e.Event(e.PhoneStatus(e.CallerId("012345"), e.ReceiverId("12343424"), e.Status("busy & <late>")))
        self.assertEqual(etree.tostring(event).decode(),
                         '<Event xmlns="http://www.gonicus.de/Events"><PhoneStatus><CallerId>012345</CallerId>'
                         '<ReceiverId>12343424</ReceiverId><Status>busy &amp; &lt;late&gt;</Status></PhoneStatus></Event>')

    def test_values_as_xml_schema_writes_them(self):
        e = EventMaker()
        self.assertEqual([element.text for element in (e.a(True), e.a(3), e.a(1.5), e.a(float("-inf")), e.a(float("nan")))],
                         ["true", "3", "1.5", "-INF", "NaN"])

    def test_received_trees_are_objectified(self):
        event = parse('<Event xmlns="http://www.gonicus.de/Events"><NodeStatus><Workers>3</Workers></NodeStatus></Event>')
        self.assertEqual(event.NodeStatus.Workers + 1, 4)

    def test_a_strangers_entities_are_not_expanded(self):
        with tempfile.NamedTemporaryFile("w") as secret:
            secret.write("secret")
            secret.flush()
            tree = parse(f'<!DOCTYPE a [<!ENTITY x SYSTEM "{secret.name}">]><a><b>&x;</b></a>')
            self.assertNotIn("secret", "".join(etree.tostring(tree, encoding="unicode").split("?>")[-1].split("]>")[-1]))

    def test_what_can_be_sent(self):
        element = EventMaker().Event("ä")
        element.tail = "not this"
        wanted = '<Event xmlns="http://www.gonicus.de/Events">ä</Event>'
        for event in (wanted, wanted.encode(), element):
            self.assertEqual(document_of(event), wanted)
        with self.assertRaises(ValueError):
            document_of(wanted.encode("latin-1"))
        with self.assertRaises(TypeError):
            document_of(7)


unittest.main()
