"""A third party's module, made from the installed template, in the installed agent: it receives and sends."""
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import tempfile
import unittest

from agent_fixture import Agent

BUILD = pathlib.Path(os.environ["CLACKS_BIN"]).parent
DOCUMENT = ('<Event xmlns="http://www.gonicus.de/Events"><PhoneStatus><CallerId>1</CallerId><ReceiverId>2</ReceiverId>'
            "<Status>missed</Status></PhoneStatus></Event>")


def run(*command, **options):
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300, check=False, **options)
    if result.returncode != 0:
        raise AssertionError(f"{shlex.join(map(str, command))}\n{result.stdout}")
    return result.stdout


def cached(name):
    """A variable of the build."""
    return re.search(rf"^{name}:\w+=(.*)$", (BUILD / "CMakeCache.txt").read_text(), re.M)[1]


class Template(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        """As a packager installs: into a folder that stands for the root, as event definitions go to /usr/share."""
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="clacks-template-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.root = cls.folder / "root"
        run("cmake", "--install", BUILD, "--prefix", "/usr", env={**os.environ, "DESTDIR": str(cls.root)})
        cls.prefix = cls.root / "usr"
        cls.events = cls.prefix / "share/clacks/events"
        cls.module = cls.folder / "module"
        shutil.copytree(cls.prefix / "share/clacks/module-template", cls.module)
        sanitizers = cached("CLACKS_SANITIZE")
        run("cmake", "-S", cls.module, "-B", cls.module / "build", "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={cls.prefix}",
            f"-DCMAKE_CXX_COMPILER={cached('CMAKE_CXX_COMPILER')}", f"-DCLACKS_EVENTS={cls.events}",
            f"-DCMAKE_CXX_FLAGS=-Wall -Wextra -Wpedantic -Werror {f'-fsanitize={sanitizers}' if sanitizers else ''}")
        run("cmake", "--build", cls.module / "build")

    def test_its_own_test_runs_in_the_installed_harness(self):
        libraries = run("ldd", self.module / "build/missed-calls-test")
        self.assertRegex(libraries, rf"libclacks-module-harness\S* => {re.escape(str(self.prefix))}/")
        run("ctest", "--test-dir", self.module / "build", "--output-on-failure", "--no-tests=error")

    def test_the_installed_agent_runs_it(self):
        run("cmake", "--install", self.module / "build", "--prefix", self.prefix)
        settings = {"agent": {"modules": self.prefix / "lib/clacks/modules"}, "module missed-calls": {"times": 2}}
        with InstalledAgent(self.prefix, settings=settings, events=self.events) as agent:
            def clacks(*words):
                return [self.prefix / "bin/clacks", *words, "--url", agent.url]
            listener = subprocess.Popen(clacks("listen", "--count", "1", "--xquery", "./e:Event/e:CallsMissed"),
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            try:
                self.assertIn("listening for", listener.stderr.readline())
                for _ in range(2):
                    run(*clacks("send", "-"), input=DOCUMENT)
                shown, _ = listener.communicate(timeout=60)
            finally:
                listener.kill()
                listener.communicate()
            self.assertRegex(shown, r"<CallsMissed>\s*<ReceiverId>2</ReceiverId>\s*<Count>2</Count>\s*</CallsMissed>")
            self.assertEqual(json.loads(run(*clacks("call", "getMissedCalls", "--json"))), {"2": 2})
            self.assertIn("CallsMissed", run(*clacks("events")))


class InstalledAgent(Agent):
    def __init__(self, prefix, **options):
        super().__init__(**options)
        self.PROGRAM = prefix / "bin/clacks-agent"


unittest.main()
