"""The programs of docs/clients.md, cut from the page, by the language that is named:

    clients_test.py Proton | Rhea | NodeSyntax | JavaSyntax | GoSyntax

Those for proton and rhea run as they stand on the page, and what goes wrong with them is told by the program itself. Debian has no
AMQP 1.0 client for Java or Go, so of these a compiler only checks that they can be read.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

from agent_fixture import Agent
from ctest_main import main

PAGE = pathlib.Path(os.environ["CLACKS_SOURCE"]) / "docs/clients.md"
RHEA = "rhea@3.0.4"
PHONE = ('<Event xmlns="http://www.gonicus.de/Events"><PhoneStatus><CallerId>012345</CallerId>'
         '<ReceiverId>12343424</ReceiverId><Status>busy</Status></PhoneStatus></Event>')
WRONG = PHONE.replace("Status>busy</Status", "Statu>busy</Statu")


def program(kind):
    found = re.findall(rf"^```{kind}\n(.*?)^```", PAGE.read_text(encoding="utf-8"), flags=re.M | re.S)
    assert len(found) == 1, f"the page has {len(found)} programs in {kind}"
    return found[0]


def need(*tools):
    for tool in tools:
        if not shutil.which(tool):
            raise unittest.SkipTest(f"{tool} is not installed")


class InFolder:
    """A test whose class has a folder for its program."""

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="clacks-clients-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.prepare()

    @classmethod
    def write(cls, name, text):
        (cls.folder / name).write_text(text, encoding="utf-8")

    def run_here(self, *command, **environment):
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=100, check=False,
                              env={**os.environ, **environment})


class Program(InFolder):
    """What each client has to show, against one agent; the classes below tell what `command` runs it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        agent = cls.agent = Agent()
        agent.__enter__()
        cls.addClassCleanup(agent.__exit__, None, None, None)

    def run_program(self, **environment):
        return self.run_here(*self.command, **{
            "CLACKS_HOST": "127.0.0.1", "CLACKS_PORT": str(self.agent.amqp_port), "CLACKS_USER": "admin",
            "CLACKS_PASSWORD": "secret", **environment})

    def failure(self, **environment):
        done = self.run_program(**environment)
        self.assertNotEqual(done.returncode, 0)
        return done.stderr

    def test_filter_is_accepted_and_echoed_then_publishes_and_calls(self):
        done = self.run_program()
        self.assertEqual((done.returncode, done.stdout), (
            0, f"filter: ./e:Event/e:PhoneStatus\nevent: {PHONE}\nuser: admin\n"), done.stderr)

    def test_an_invalid_filter_is_described(self):
        said = self.failure(CLACKS_FILTER="1 +")
        self.assertIn("amqp:invalid-field", said)
        self.assertIn("XPST0003", said)
        self.assertRegex(said, r"\b1:\d+\b", "the place of the error")

    def test_a_rejected_event_is_described(self):
        said = self.failure(CLACKS_EVENT=WRONG)
        self.assertIn("event: ", said)
        self.assertIn("/Event/PhoneStatus", said)
        self.assertIn("Statu", said)

    def test_a_wrong_password_is_told_as_such(self):
        said = self.failure(CLACKS_PASSWORD="not-this-one")
        self.assertIn("amqp:unauthorized-access", said)
        self.assertRegex(said, "(?i)authenticat")
        self.assertNotIn("not-this-one", said)


class Proton(Program, unittest.TestCase):
    command = [sys.executable, "program.py"]

    @classmethod
    def prepare(cls):
        cls.write("program.py", program("py run"))


class Rhea(Program, unittest.TestCase):
    command = ["node", "program.js"]

    @classmethod
    def prepare(cls):
        need("node", "npm")
        try:
            done = subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--prefer-offline", RHEA],
                                  cwd=cls.folder, capture_output=True, text=True, timeout=90, check=False)
        except subprocess.TimeoutExpired:
            raise unittest.SkipTest(f"npm could not install {RHEA} in time") from None
        if done.returncode:
            raise unittest.SkipTest(f"npm cannot install {RHEA} here: {done.stderr.strip()[-200:]}")
        cls.write("program.js", program("js run"))


class Syntax(InFolder):
    """That a compiler can read the program; it sees no library. The classes below tell the `file` that it reads, and the
    `command`."""

    def check(self, text):
        self.write(self.file, text)
        return self.run_here(*self.command, self.file)

    def test_the_program_can_be_read_and_a_broken_one_not(self):
        done = self.check(program(self.kind))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertNotEqual(self.check(program(self.kind).replace(");", ";").replace("))", ")")).returncode, 0)


class NodeSyntax(Syntax, unittest.TestCase):
    kind, file, command = "js run", "program.js", ("node", "--check")

    @classmethod
    def prepare(cls):
        need("node")


class JavaSyntax(Syntax, unittest.TestCase):
    kind, file, command = "java", "Program.java", ("java", "Parse.java")
    # javac itself would go on to look for the library.
    PARSER = """
        import javax.tools.*;
        class Parse {
            public static void main(String[] files) throws Exception {
                var compiler = ToolProvider.getSystemJavaCompiler();
                var problems = new DiagnosticCollector<JavaFileObject>();
                var manager = compiler.getStandardFileManager(problems, null, null);
                var task = compiler.getTask(null, manager, problems, null, null, manager.getJavaFileObjects(files));
                ((com.sun.source.util.JavacTask) task).parse();
                problems.getDiagnostics().forEach(System.err::println);
                System.exit(problems.getDiagnostics().isEmpty() ? 0 : 1);
            }
        }"""

    @classmethod
    def prepare(cls):
        need("java", "javac")
        cls.write("Parse.java", cls.PARSER)


class GoSyntax(Syntax, unittest.TestCase):
    kind, file, command = "go", "program.go", ("gofmt", "-e")

    @classmethod
    def prepare(cls):
        need("gofmt")


main()
