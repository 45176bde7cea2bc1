"""Runs the shell examples of the README and of docs, as they stand there, against a real agent.

A fence "```sh" is run and must succeed. "```sh background" runs on until it has been seen to do so. "```sh by-hand"
is for those that change or ask the machine itself, and is only counted.
"""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from agent_fixture import Agent

ROOT = pathlib.Path(os.environ["CLACKS_SOURCE"])
BIN = pathlib.Path(os.environ["CLACKS_BIN"])
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
MACHINE = re.compile(r"\b(sudo|systemctl|journalctl|apt|apt-get|make|cmake|ctest|clacks-agent --check)\b")


def examples():
    """(page, line, words behind "sh", commands)"""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for block in re.finditer(r"^```(?:sh|bash|shell|console)\b *([^\n]*)\n(.*?)^```", text, flags=re.M | re.S):
            yield page.relative_to(ROOT), text.count("\n", 0, block.start()) + 1, block[1].split(), block[2]


class Shell(unittest.TestCase):
    def setUp(self):
        """A folder like the source tree, in which nothing that an example writes matters."""
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="clacks-shell-"))
        self.addCleanup(shutil.rmtree, self.folder)
        for name in ("data", "config", "docs", "tests"):
            (self.folder / name).symlink_to(ROOT / name)
        (self.folder / "build/release").mkdir(parents=True)
        (self.folder / "build/release/bin").symlink_to(BIN)
        for source in ("agent/modules/example/phone_status.cpp",):
            shutil.copy(ROOT / source, self.folder)
        self.installed = self.folder / "installed"
        self.tools = self.folder / "tools"
        self.tools.mkdir()
        sanitizers = re.search(r"^CLACKS_SANITIZE:\w+=(.+)$", (BIN.parent / "CMakeCache.txt").read_text(), re.M)
        if sanitizers:  # what is linked with the libraries of this build needs them, too
            compiler = self.tools / "g++"
            compiler.write_text(f'#!/bin/sh\nexec {shutil.which("g++")} -fsanitize={sanitizers[1]} "$@"\n')
            compiler.chmod(0o755)

    def install(self):
        """Into a folder that stands for the root, as event definitions go to /usr/share whatever the prefix."""
        subprocess.run(["cmake", "--install", BIN.parent, "--prefix", "/usr/local"], check=True, capture_output=True,
                       env={**os.environ, "DESTDIR": str(self.installed)}, timeout=300)

    def bash(self, commands, agent, **options):
        if re.search("/usr/local|pkg-config", commands) and not self.installed.exists():
            self.install()
        environment = {**os.environ, "PATH": f"{self.tools}:{BIN}:{os.environ['PATH']}", "CLACKS_URL": agent.url,
                       "HOME": str(self.folder), "LIBRARY_PATH": str(self.installed / "usr/local/lib"),
                       "PKG_CONFIG_PATH": str(self.installed / "usr/local/lib/pkgconfig")}
        commands = commands.replace("/usr/local", str(self.installed / "usr/local"))
        return subprocess.Popen(["bash", "-eu", "-c", commands], cwd=self.folder,
                                env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                text=True, start_new_session=True, **options)

    def run_to_its_end(self, commands, agent):
        process = self.bash(commands, agent)
        output, _ = process.communicate(timeout=300)
        self.assertEqual(process.returncode, 0, output)

    def run_on(self, commands, agent):
        process = self.bash(commands, agent)
        try:
            self.assertRegex(process.stdout.readline(), ".")
            self.assertIsNone(process.poll())
        finally:
            os.killpg(process.pid, 15)
            process.communicate(timeout=60)

    def test_examples(self):
        counts = {"run": 0, "background": 0, "by-hand": 0}
        with Agent(settings={"agent": {"modules": BIN.parent / "lib/modules"}, "module phone-status": {}}) as agent:
            for page, line, words, commands in examples():
                with self.subTest(page=str(page), line=line):
                    kind = words[0] if words else "run"
                    self.assertIn(kind, counts)
                    counts[kind] += 1
                    if kind == "by-hand":
                        self.assertRegex(commands, MACHINE, "nothing in it keeps it from being run")
                    elif kind == "background":
                        self.run_on(commands, agent)
                    else:
                        self.run_to_its_end(commands, agent)
        print(", ".join(f"{count} {kind}" for kind, count in counts.items()))
        self.assertGreaterEqual(counts["run"] + counts["background"], 5)


unittest.main()
