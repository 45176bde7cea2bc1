"""clacks acl check: who may do what by a file, and which line says so."""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

BIN = pathlib.Path(os.environ["CLACKS_BIN"])
ACL = """# the night shift
group agents node-*
allow @agents * xr
deny alice {d}.event.Node* r
allow alice {d}.event.* xr
allow * {d}.client.{id} r
"""


class Check(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.acl = self.folder / "agent.acl"
        self.acl.write_text(ACL)
        self.config = self.folder / "agent.conf"
        self.config.write_text("[core]\ndomain = example.org\n[acl]\nfile = agent.acl\n")

    def check(self, *words, status=0, config=True):
        options = ["--config", self.config] if config else []
        done = subprocess.run([BIN / "clacks", "acl", "check", *words, *options], capture_output=True, text=True,
                              timeout=60, check=False)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout if status != 2 and done.stdout else done.stderr

    def test_the_line_that_decides(self):
        self.assertEqual(self.check("alice", "{d}.event.PhoneStatus"),
                         "'alice' may send or call example.org.event.PhoneStatus\n"
                         f"{self.acl}:5: allow alice {{d}}.event.* xr\n")
        self.assertEqual(self.check("alice", "example.org.event.NodeLeave", "r", status=1),
                         "'alice' may not receive example.org.event.NodeLeave\n"
                         f"{self.acl}:4: deny alice {{d}}.event.Node* r\n")
        self.assertEqual(self.check("bob", "{d}.command.core.reload", status=1),
                         "'bob' may not send or call example.org.command.core.reload\n"
                         f"no line of {self.acl} fits, so it is denied\n")
        self.assertEqual(self.check("bob", "{d}.client.bob", "r", "--quiet"), "'bob' may receive example.org.client.bob\n")
        self.check("bob", "{d}.client.alice", "r", status=1)

    def test_whose_id_an_event_may_have(self):
        self.assertIn("NodeLeave, with an Id of its own only, which is 'alice' or one that a line 'identity' gives it\n",
                      self.check("alice", "{d}.event.NodeLeave"))
        self.assertIn("NodeLeave, with any Id, as a member of the group 'agents'\n", self.check("node-1", "{d}.event.NodeLeave"))

    def test_json(self):
        self.assertEqual(json.loads(self.check("alice", "{d}.event.NodeLeave", "r", "--json", status=1)), {
            "user": "alice", "topic": "example.org.event.NodeLeave", "right": "r", "allowed": False, "id": "",
            "file": str(self.acl), "line": 4, "text": "deny alice {d}.event.Node* r"})
        self.assertEqual(json.loads(self.check("bob", "{d}.event.Bell", "--json", status=1))["line"], 0)

    def test_another_file(self):
        other = self.folder / "other.acl"
        other.write_text("allow bob * x\n")
        self.assertIn(f"{other}:1: allow bob * x", self.check("bob", "{d}.event.Bell", "--file", other))

    def test_usage(self):
        self.assertIn("'example.org.evnt.Bell' is no topic; topics are example.org.event.NAME",
                      self.check("alice", "example.org.evnt.Bell", status=2))
        self.assertIn("the right is x (send or call) or r (receive)", self.check("alice", "{d}.event.Bell", "w", status=2))
        self.check("alice", status=2)

    def test_files_with_errors(self):
        self.acl.write_text("allow alice {d}.evnt.* x\nalow bob * x\n")
        said = self.check("alice", "{d}.event.Bell", status=1)
        self.assertIn(f"{self.acl}:1:13: no topic begins as '{{d}}.evnt.*' does; did you mean '{{d}}.event.…'?\n", said)
        self.assertIn(f"{self.acl}:2:1: a line begins with allow, deny, group or identity, not with 'alow'", said)
        self.config.write_text("[acl]\nflie = agent.acl\n")
        self.assertIn("there is no setting 'flie' in [acl]; did you mean 'file'?", self.check("a", "{d}.event.Bell", status=1))
        self.config.write_text("[core]\n")
        self.assertIn("names no ACL, so nobody may do anything", self.check("a", "{d}.event.Bell", status=1))


unittest.main()
