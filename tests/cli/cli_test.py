"""The program clacks as scripts use it, against the real agent."""
import json
import os
import pathlib
import pty
import signal
import subprocess
import unittest

from agent_fixture import Agent

BIN = pathlib.Path(os.environ["CLACKS_BIN"])
SOURCE = pathlib.Path(os.environ["CLACKS_SOURCE"])
EXAMPLES = SOURCE / "data/events/examples"
PHONE = ('<Event xmlns="http://www.gonicus.de/Events"><PhoneStatus><CallerId>012345</CallerId>'
         '<ReceiverId>12343424</ReceiverId><Status>busy</Status></PhoneStatus></Event>')
WORDS = ["PhoneStatus", "CallerId=012345", "ReceiverId=12343424", "Status=busy"]
FILTER = "./e:Event/e:PhoneStatus"


def environment(url=None):
    return {**os.environ, "CLACKS_URL": url or "amqp://nobody:hidden@127.0.0.1:1"}


class Case(unittest.TestCase):
    url = None

    def clacks(self, *words, status=0, stdin="", url=None):
        done = subprocess.run([BIN / "clacks", *words], input=stdin, capture_output=True, text=True, timeout=60,
                              env=environment(url or self.url))
        self.assertEqual(done.returncode, status, f"{words}: {done.stdout}{done.stderr}")
        self.assertNotIn("secret", done.stdout + done.stderr)
        return done

    def wrong(self, *words, status=1, **options):
        """What a command that fails says: one line or more, each for people."""
        done = self.clacks(*words, status=status, **options)
        self.assertEqual(done.stdout, "")
        return done.stderr


class WithAgent(Case):
    @classmethod
    def setUpClass(cls):
        cls.agent = Agent()
        cls.agent.__enter__()
        cls.url = cls.agent.url

    @classmethod
    def tearDownClass(cls):
        cls.agent.__exit__(None, None, None)

    def listen(self, *words, **options):
        listener = subprocess.Popen([BIN / "clacks", "listen", *words], stdout=options.pop("stdout", subprocess.PIPE),
                                    stderr=subprocess.PIPE, text=True, env=environment(self.url), **options)
        self.addCleanup(listener.wait)
        self.addCleanup(listener.stderr.close)
        if listener.stdout:
            self.addCleanup(listener.stdout.close)
        self.addCleanup(listener.kill)
        self.assertIn("listening for", listener.stderr.readline())
        return listener

    def test_an_event_passes_its_filter_and_no_other(self):
        listener = self.listen("--count", "1", "--xquery", FILTER)
        self.clacks("send", "NodeLeave", "Id=elsewhere")
        self.assertIn("matched by ", self.clacks("send", *WORDS).stdout)
        self.assertEqual(listener.stdout.readline(), PHONE + "\n")
        self.assertEqual(listener.wait(60), 0)

    def test_one_document_a_line(self):
        listener = self.listen("--xquery", FILTER)
        self.clacks("send", "-", stdin=PHONE.replace("><", ">\n  <").replace("busy", "bu\nsy"))
        self.assertEqual(listener.stdout.readline(), PHONE.replace("busy", "bu&#xA;sy") + "\n")

    def test_json_keeps_the_bytes(self):
        listener = self.listen("--json", "--count", "1", "--xquery", FILTER)
        document = PHONE.replace("><", ">\r\n<")
        self.clacks("send", "-", stdin=document)
        event = json.loads(listener.stdout.readline())
        self.assertEqual(event["document"].replace("\r\n", "\n"), document.replace("\r\n", "\n"))
        self.assertEqual((event["event"], event["sender"], event["node"]), ("PhoneStatus", "admin", "fixture"))
        self.assertRegex(event["time"], r"^\d{4}-\d\d-\d\dT[\d:.]+Z$")

    def test_a_terminal_sees_it_indented_and_nothing_that_steers_it(self):
        ours, theirs = pty.openpty()
        listener = self.listen("--count", "1", "--xquery", FILTER, stdout=theirs)
        self.clacks("send", *WORDS[:3], "Status=\u009b2Jbusy")
        self.assertEqual(listener.wait(60), 0)
        os.close(theirs)
        shown = b""
        try:
            while more := os.read(ours, 4096):
                shown += more
        except OSError:
            pass
        os.close(ours)
        self.assertIn(b"\x1b[36m", shown)
        plain = shown.decode().replace("\x1b[36m", "").replace("\x1b[0m", "").replace("\r\n", "\n")
        self.assertIn("\n  <PhoneStatus>\n    <CallerId>012345</CallerId>\n", plain)
        self.assertIn("<Status>&#x9B;2Jbusy</Status>", plain)

    def test_signals_end_listen_with_0(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            listener = self.listen()
            listener.send_signal(number)
            self.assertEqual(listener.wait(60), 0)
            self.assertEqual(listener.stderr.read(), "")

    def test_a_reader_that_goes_away_is_no_error(self):
        listener = self.listen("--xquery", FILTER)
        listener.stdout.close()
        self.clacks("send", *WORDS)
        self.assertEqual(listener.wait(60), 0)
        self.assertEqual(listener.stderr.read(), "")

    def test_filters_from_files(self):
        path = self.agent.folder / "filter.xq"
        path.write_text(FILTER)
        listener = self.listen("--filter-file", path, "--count", "1")
        self.clacks("send", *WORDS)
        self.assertEqual(listener.stdout.readline(), PHONE + "\n")

    def test_a_refused_filter_says_where(self):
        self.assertIn("2:4: [XPST0003]", self.wrong("listen", "--xquery", "./e:Event[\n1 +"))
        said = self.wrong("listen", "--xquery", "1 + 'a', $nix").splitlines()
        self.assertEqual(said[1:], ["    1 + 'a', $nix", "      ^", "    1 + 'a', $nix", "             ^^^^"])

    def test_a_filter_for_an_event_to_come(self):
        query = "./e:Event/e:ToCome"
        self.assertIn("there is no event 'ToCome'", self.wrong("listen", "--xquery", query))
        self.listen("--lenient", "--xquery", query)
        self.assertIn("no event can match", self.clacks("subscriptions").stdout)

    def test_send_from_files_and_words(self):
        for example in sorted(EXAMPLES.glob("*.xml")):
            with self.subTest(example=example.name):
                self.assertRegex(self.clacks("send", example).stdout, r"^sent [0-9a-f-]{36}, matched by \d+ subscriptions?$")
        self.clacks("send", "ClientPoll")
        result = json.loads(self.clacks("send", "--json", "UserSession", "User/Name=a", "User/Name=b", "Id=1").stdout)
        self.assertEqual(set(result), {"id", "matched"})
        self.assertEqual(self.clacks("send", "--quiet", *WORDS).stdout, "")

    def test_words_take_the_order_of_the_schema(self):
        listener = self.listen("--count", "1", "--xquery", "./e:Event/e:UserSession")
        self.clacks("send", "UserSession", "User/Name=<&>", "User/Name=b", "Id=1")
        self.assertIn("<UserSession><Id>1</Id><User><Name>&lt;&amp;&gt;</Name><Name>b</Name></User></UserSession>",
                      listener.stdout.readline())

    def test_an_invalid_event_says_where_and_what_was_expected(self):
        said = self.wrong("send", *WORDS[:3], "Statu=busy")
        for part in ("/Event/PhoneStatus/Statu", "expected Status", "did you mean 'Status'?"):
            self.assertIn(part, said)
        self.assertIn("did you mean 'PhoneStatus'?", self.wrong("send", "PhoneStatu", "Status=busy"))
        self.assertIn("not UTF-8", subprocess.run([BIN / "clacks", "send", "-"], input=b"<a>\xff</a>", capture_output=True,
                                                  env=environment(self.url)).stderr.decode())

    def test_calls(self):
        self.assertEqual(self.clacks("call", "getSessionUser").stdout, "admin\n")
        self.assertEqual(self.clacks("call", "--json", "getSessionUser").stdout, '"admin"\n')
        self.assertIn("<", self.clacks("call", "getEventSchema", "PhoneStatus").stdout)
        self.assertEqual(self.clacks("call", "--params", '{"name":"PhoneStatus"}', "getEventSchema").stdout,
                         self.clacks("events", "--schema", "PhoneStatus").stdout + "\n")
        self.assertIn("did you mean 'getSessionUser'?", self.wrong("call", "getSessionUsr"))
        self.assertIn("did you mean 'fixture'", self.wrong("call", "--node", "fixtur", "getSessionUser"))

    def test_lists(self):
        self.assertIn("sendEvent(data)", self.clacks("methods").stdout)
        self.assertIn("sendEvent", json.loads(self.clacks("methods", "--json").stdout))
        self.assertIn("PhoneStatus", self.clacks("events").stdout)
        self.assertIn("ReceiverId", self.clacks("events", "PhoneStatus").stdout)
        self.assertIn("did you mean 'PhoneStatus'?", self.wrong("events", "PhonStatus"))
        self.assertIn("fixture", self.clacks("nodes").stdout)
        self.assertIn("fixture", json.loads(self.clacks("nodes", "--json").stdout))
        self.listen("--xquery", "./e:Event/e:ClientLeave")
        self.assertIn("./e:Event/e:ClientLeave", self.clacks("subscriptions").stdout)

    def test_tls_and_trust(self):
        tls = self.agent.amqps_url
        self.clacks("nodes", "--url", tls, "--ca", self.agent.certificate)
        self.assertIn("--ca", self.wrong("nodes", "--url", tls, "--ca", "/etc/ssl/certs/ca-certificates.crt"))
        self.assertIn("/nonexistent", self.wrong("nodes", "--url", tls, "--ca", "/nonexistent"))

    def test_filter_test_subscriptions(self):
        self.listen("--xquery", "//e:Status = 'gone'")
        self.listen("--xquery", "declare variable $floor external; $floor = 3")
        self.listen("--xquery", "./e:Event/e:PhoneStatus")
        self.listen()
        phone = EXAMPLES / "PhoneStatus.xml"
        told = json.loads(self.clacks("filter", "test", "--subscriptions", "--events", phone, "--json").stdout)
        verdicts = {one["filter"]: (one["owner"], one["matched"], one["verdict"]) for one in told}
        self.assertEqual(verdicts["//e:Status = 'gone'"], ("admin", False, "does not match"))
        self.assertEqual(verdicts["./e:Event/e:PhoneStatus"], ("admin", True, "matches"))
        self.assertEqual(verdicts[""], ("admin", True, "matches"))
        self.assertEqual(verdicts["declare variable $floor external; $floor = 3"],
                         ("admin", None, "depends on the message's properties: $floor"))
        table = self.clacks("filter", "test", "--subscriptions", "--events", EXAMPLES).stdout
        self.assertRegex(table, r"ClientLeave\.xml +\d+ +admin +does not match +\./e:Event/e:PhoneStatus\n")
        self.assertIn("give either", self.wrong("filter", "test", "1", "--subscriptions", "--events", phone, status=2))
        self.assertIn("give either", self.wrong("filter", "test", "--events", phone, status=2))

    def test_login(self):
        said = self.wrong("nodes", url=self.url.replace("secret", "hidden-one"))
        self.assertIn("refuses the user 'admin'", said)
        self.assertNotIn("hidden-one", said)


class WithoutAgent(Case):
    def test_usage_errors_have_status_2(self):
        for words, part in ((["lisen"], "did you mean 'listen'?"), ([], "--help"), (["send"], "clacks send --help"),
                            (["send", "PhoneStatus", "Status"], "KEY=VALUE"), (["listen", "--count", "0"], "from 1 on"),
                            (["listen", "--xquery", "a", "--filter-file", "b"], "either"), (["filter"], "filter --help"),
                            (["call", "x", "--params", "[1"], "JSON"), (["xquery"], "QUERY"), (["nodes", "--nix"], "--nix"),
                            (["filter", "check"], "either")):
            with self.subTest(words=words):
                self.assertIn(part, self.wrong(*words, status=2))

    def test_every_command_has_help(self):
        for words in ([], ["send"], ["listen"], ["call"], ["methods"], ["events"], ["nodes"], ["subscriptions"],
                      ["filter"], ["filter", "check"], ["xquery"]):
            with self.subTest(words=words):
                self.assertIn("--help", self.clacks(*words, "--help").stdout)

    def test_nobody_listens(self):
        for words in (["nodes"], ["listen"], ["send", *WORDS]):
            said = self.wrong(*words)
            self.assertIn("nobody listens", said)
            self.assertIn("is the agent running?", said)
            self.assertNotIn("hidden", said)

    def test_a_url_that_is_none(self):
        self.assertNotIn("hidden", self.wrong("nodes", url="http://u:hidden@localhost"))

    def test_filter_check(self):
        self.clacks("filter", "check", FILTER)
        self.assertRegex(self.wrong("filter", "check", "let $x :=\n 1 return"), r"^filter:2:\d+: \[XPST0003\]")
        self.assertIn("standard input:1:", self.wrong("filter", "check", "-f", "-", stdin="1 +"))
        problems = json.loads(self.clacks("filter", "check", "--json", "$nix", status=1).stdout)
        self.assertEqual(problems[0]["code"], "XPST0008")
        self.assertEqual([problems[0][key] for key in ("line", "column", "end_line", "end_column")], [1, 1, 1, 5])
        said = self.wrong("filter", "check", "1 + 'a', $nix").splitlines()
        self.assertEqual([line[:line.index("]") + 1] for line in said[::3]], ["filter:1:3: [XPTY0004]", "filter:1:10: [XPST0008]"])
        self.assertEqual(said[1:3] + said[4:], ["    1 + 'a', $nix", "      ^", "    1 + 'a', $nix", "             ^^^^"])
        checked = self.clacks("filter", "check", "//e:PhoneStatus or //e:PhoneStatus[e:CallerId gt 5]")
        self.assertTrue(checked.stdout.startswith("the filter is good\n"))
        self.assertRegex(checked.stderr, r"^warning: filter:1:47: \[XPTY0004\] .*write >")
        self.assertEqual(checked.stderr.splitlines()[1:], ["    //e:PhoneStatus or //e:PhoneStatus[e:CallerId gt 5]", " " * 50 + "^^"])

    def test_filter_check_by_the_event_definitions(self):
        events = ["--folder", SOURCE / "data/events"]
        checked = self.clacks("filter", "check", *events, "./e:Event/e:PhoneStatus[e:Status = 'busy']")
        self.assertEqual(checked.stdout, "the filter is good\nevents: PhoneStatus\n"
                         'condition: e:Event/e:PhoneStatus/e:Status = "busy"\n'
                         "residual: none, the condition says it all\n")
        self.assertIn("events: every one\ncondition: true()\nresidual: the whole filter",
                      self.clacks("filter", "check", *events, "1 + 1 = 2").stdout)
        self.assertIn("did you mean 'Status' (PhoneStatus.xsd:13)?", self.wrong("filter", "check", *events, "//e:Event/e:PhoneStatus/e:Statsu"))
        lenient = self.clacks("filter", "check", *events, "--lenient", "./e:Event/e:PhoneStatsu")
        self.assertIn("warning: filter:1:11: there is no event 'PhoneStatsu'", lenient.stderr)
        problems = json.loads(self.clacks("filter", "check", *events, "--json", "Event", status=1).stdout)
        self.assertEqual([problems[0]["code"], problems[0]["hint"]], ["filter-never", "write e:Event"])

    def test_filter_test(self):
        phone = EXAMPLES / "PhoneStatus.xml"
        tested = self.clacks("filter", "test", FILTER, "--events", EXAMPLES).stdout.splitlines()
        self.assertEqual([line.endswith(": matches") for line in tested], [f"{phone}:" in line for line in tested])
        self.assertEqual(len(tested), len(list(EXAMPLES.glob("*.xml"))))
        failing = self.clacks("filter", "test", "xs:int(//e:Status) = 1", "--events", phone, "--json", status=1)
        self.assertIn("FORG0001", json.loads(failing.stdout)[0]["error"])

    def explained(self, query, *arguments):
        return self.clacks("filter", "explain", *arguments, query, EXAMPLES / "PhoneStatus.xml").stdout

    def test_filter_explain(self):
        said = self.explained("e:Event/e:PhoneStatus[e:Status = 'gone' and e:CallerId]").splitlines()
        self.assertEqual(said[0], "  e:Event/e:PhoneStatus[e:Status = 'gone' and e:CallerId]: ()")
        self.assertIn(">       e:Status = 'gone': false()", said)
        self.assertRegex("\n".join(said), r"\n +e:Status: <Status xmlns=\S+>[a-z]+</Status>\n +e:CallerId: not evaluated\n")
        self.assertEqual(said[-2:], ["first false: e:Status = 'gone' (1:23): false()", "the filter does not match"])
        self.assertEqual(self.explained(FILTER).splitlines()[-1], "the filter matches")
        both = self.explained("//e:Status = 'gone' or //e:Stauts = 'busy'", "--folder", SOURCE / "data/events")
        self.assertIn("\nfirst false: //e:Status = 'gone' (1:1): false()\n", both)
        self.assertIn("\nalso false: //e:Stauts (1:26): ()\n  no event has an element 'Stauts'; did you mean 'Status' (", both)
        failing = self.explained("//e:CallerId and xs:int(//e:Status) = 1")
        self.assertIn("\n>     xs:int(//e:Status): fails: [FORG0001] ", failing)
        self.assertRegex(failing, r"\nfailed: xs:int\(//e:Status\) \(1:18\): fails: .*\nthe filter fails: ")
        often = self.explained("some $n in 1 to 9 satisfies $n > string-length(//e:Status) + 4")
        self.assertRegex(often, r"\n    \$n > \S+ \+ 4: 9 times, true 1: false\(\); false\(\); false\(\); …\n")
        told = json.loads(self.explained("//e:Status = 'gone'", "--json"))
        self.assertEqual([told["verdict"], told["condition"], told["false"]], ["does not match", False, "//e:Status = 'gone'"])
        self.assertEqual([told["expressions"][0]["to_blame"], told["expressions"][0]["values"]], [True, ["false()"]])
        self.assertIn("XPST0003", self.wrong("filter", "explain", "1 +", EXAMPLES / "PhoneStatus.xml"))

    def test_xquery(self):
        phone = EXAMPLES / "PhoneStatus.xml"
        self.assertEqual(self.clacks("xquery", "count(//e:Status)", phone).stdout, "1\n")
        self.assertEqual(self.clacks("xquery", "string(//e:b)", "-", stdin='<b xmlns="http://www.gonicus.de/Events">x</b>').stdout,
                         '"x"\n')
        self.assertEqual(self.clacks("xquery", "--json", "--no-input", "1, 'a'").stdout, '["1","\\"a\\""]\n')
        self.assertEqual(self.clacks("xquery", "--no-input", "--var", "v=5",
                                     "declare variable $v external; concat($v, 'b')").stdout, '"5b"\n')
        self.assertIn("XPST0003", self.wrong("xquery", "--no-input", "1 +"))
        self.assertIn("FOAR0001", self.wrong("xquery", "--no-input", "1 div 0"))
        deep = self.wrong("xquery", "--no-input", "parse-xml(string-join((1 to 6000) ! '<a>'))")
        self.assertEqual(deep.count("nest less"), 1, deep)
        self.assertIn("standard input:1:", self.wrong("xquery", "1", stdin="<a>"))
        self.assertIn("/nonexistent", self.wrong("xquery", "1", "/nonexistent"))

    def test_xquery_shows_what_is_wrong(self):
        for query, lines in (("1 +", ["1 +", "   ^"]),                                       # the end
                             ("1 div 0", ["1 div 0", "  ^^^"]),                              # at run time
                             ("let $x := 1\r\n\tretrun $x", [" retrun $x", " ^^^^^^"]),      # tabs, line ends
                             ("'日本', fn:upper-cas('x')", ["'日本', fn:upper-cas('x')", "        ^^^^^^^^^^^^"]),
                             ("string-length((1,\n 'a'), 2, 3)", ["string-length((1,", "^^^^^^^^^^^^^"]),
                             ("'" + "a" * 300 + "' + $nix", ["…" + "a" * 29 + "' + $nix", " " * 34 + "^^^^"])):
            with self.subTest(query=query):
                said = self.wrong("xquery", "--no-input", query).splitlines()
                self.assertEqual(said[1:], ["    " + line for line in lines], said[0])

    def test_what_cannot_be_written_is_an_error(self):
        with open("/dev/full", "w") as full:
            done = subprocess.run([BIN / "clacks", "xquery", "--no-input", "1"], stdout=full, stderr=subprocess.PIPE, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("No space left", done.stderr)


unittest.main()
