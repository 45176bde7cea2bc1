"""The module puppet against Debian's puppet: `puppet apply` with the report processor "store", and bad reports."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

from agent_fixture import Agent, XQueryFilter, connect
from lxml import etree

MODULES = pathlib.Path(os.environ["CLACKS_BIN"]).parent / "lib/modules"
NAMESPACE = {"e": "http://www.gonicus.de/Events"}
REPORT = """--- !ruby/object:Puppet::Transaction::Report
host: {host}
configuration_version: 7
logs:
- !ruby/object:Puppet::Util::Log
  level: notice
  message: &word {message}
  source: *word
  tags: [notice, *word]
  time: '2026-11-26T10:49:17.5+01:00'
  file:
metrics: {{}}
resource_statuses: {{}}
"""
BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(12))


class Puppet(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="clacks-puppet-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.reports = self.folder / "reports"
        self.reports.mkdir()

    def agent(self):
        return Agent(settings={"agent": {"modules": MODULES},
                               "module puppet": {"reports": self.reports, "max-size": "64 KiB"}}, tls=False)

    def apply(self, message):
        manifest = self.folder / "site.pp"
        manifest.write_text(f"notify {{ 'motd': message => '{message}' }}\n")
        subprocess.run(["puppet", "apply", "--confdir", self.folder / "conf", "--vardir", self.folder / "var", "--report",
                        "--reports", "store", "--reportdir", self.reports, "--certname", "desk17.example.org", manifest],
                       check=True, capture_output=True, timeout=100)

    def write(self, name, text):
        """As Puppet does: beside, then renamed."""
        new = self.reports / "host" / (name + ".new")
        new.write_bytes(text if isinstance(text, bytes) else text.encode())
        new.rename(new.with_name(name))

    def receive(self, receiver):
        event = etree.fromstring(bytes(receiver.receive(timeout=60).body))
        receiver.accept()
        return event

    def test_each_run_is_told_and_what_was_there_is_not(self):
        (self.reports / "old").mkdir()
        (self.reports / "old" / "202601010000.yaml").write_text(REPORT.format(host="old", message="old"))
        with self.agent() as agent:
            connection = connect(agent)
            receiver = connection.create_receiver("org.clacks.event", credit=10, options=XQueryFilter("./e:Event/e:PuppetReport"))
            for message in ("first", "second"):  # the first makes the host's folder
                self.apply(message)
                event = self.receive(receiver)
                self.assertEqual(event.findtext(".//e:Id", namespaces=NAMESPACE), "desk17.example.org")
                log = next(log for log in event.iter("{*}PuppetLog") if "defined" in log.findtext("e:Message", "", NAMESPACE))
                texts = {etree.QName(child).localname: child.text for child in log if len(child) == 0}
                self.assertEqual(texts["Message"], f"defined 'message' as '{message}'")
                self.assertEqual((texts["Level"], texts["Line"]), ("notice", "1"))
                self.assertEqual(texts["File"], str(self.folder / "site.pp"))
                self.assertEqual(texts["Source"], "/Stage[main]/Main/Notify[motd]/message")
                self.assertGreater(float(texts["Timestamp"]), 1.7e9)
                self.assertIn("class", [tag.text for tag in log.iter("{*}value")])
            self.assertFalse([line for line in agent.log_lines() if "refused" in line])
            connection.close()

    def test_bad_reports_are_refused_with_a_line_that_names_the_file(self):
        (self.reports / "host").mkdir()
        good = REPORT.format(host="host", message="good")
        bad = {"bomb": BOMB, "cut": good[:good.index("metrics")], "cut2": good[:200], "deep": "[" * 50000,
               "maps": "a: " + "{a: " * 20000, "giant": good + "x" * 70000, "binary": b"\xff\xfe", "empty": "",
               "level": good.replace("notice\n", "nonsense\n", 1), "time": good.replace("2026-11", "2026-13"),
               "list": "- 1\n", "control": good.replace("good", '"\\x01"'), "keys": "? [a]\n: b\n",
               "line": good.replace("file:", "line: 99999999999999")}
        with self.agent() as agent:
            connection = connect(agent)
            receiver = connection.create_receiver("org.clacks.event", credit=10, options=XQueryFilter("./e:Event/e:PuppetReport"))
            for name, text in bad.items():
                self.write(name + ".yaml", text)
            os.symlink("/etc/passwd", self.reports / "host" / "new")
            os.rename(self.reports / "host" / "new", self.reports / "host" / "link.yaml")
            with open(self.reports / "host" / "open.yaml", "w", encoding="utf-8") as half:
                half.write(good[:100])
                half.flush()
                half.write(good[100:].replace("good", "good at last"))
            event = self.receive(receiver)
            self.assertEqual(event.findtext(".//e:Message", namespaces=NAMESPACE), "good at last")
            self.assertEqual(float(event.findtext(".//e:Timestamp", namespaces=NAMESPACE)), 1795686557.5)
            self.assertEqual([tag.text for tag in event.iter("{*}value")], ["notice", "good at last"])
            refused = [line for line in agent.log_lines() if "refused the report" in line]
            for name in (*bad, "link"):
                self.assertEqual(len([line for line in refused if f"/host/{name}.yaml: " in line]), 1, (name, refused))
            self.assertEqual(len(refused), len(bad) + 1)
            connection.close()


if not shutil.which("puppet"):
    print("puppet is not installed")
    sys.exit(77)
unittest.main()
