"""The C++ library's reference: doxygen makes it without a warning, of every public header."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from ctest_main import main

SOURCE = pathlib.Path(os.environ["CLACKS_SOURCE"])
DOXYFILE = SOURCE / "docs/Doxyfile"


@unittest.skipUnless(shutil.which("doxygen"), "doxygen is not installed")
class Reference(unittest.TestCase):
    def make(self, source):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="clacks-reference-"))
        self.addCleanup(shutil.rmtree, folder)
        environment = {**os.environ, "CLACKS_SOURCE": str(source), "CLACKS_REFERENCE": str(folder)}
        result = subprocess.run(["doxygen", DOXYFILE], capture_output=True, text=True, timeout=100, check=False,
                                env=environment)
        return result, folder / "html"

    def test_no_warning(self):
        result, html = self.make(SOURCE)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        pages = "\n".join(page.read_text(errors="replace") for page in html.glob("*.html"))
        for name in ("AMQPEventConsumer", "AMQPServiceProxy", "Publisher", "EventMaker", "EventNode", "ReceivedEvent"):
            self.assertIn(f"clacks::{name}", pages)

    def test_what_is_not_documented_is_a_warning(self):
        copy = pathlib.Path(tempfile.mkdtemp(prefix="clacks-headers-"))
        self.addCleanup(shutil.rmtree, copy)
        for folder in ("common", "docs"):
            shutil.copytree(SOURCE / folder, copy / folder, ignore=shutil.ignore_patterns("xquery", "python", "*.cpp"))
        header = copy / "common/client/publisher.hpp"
        text = header.read_text()
        self.assertEqual(text.count("  private:"), 1)
        header.write_text(text.replace("  private:", "    void undocumented();\n\n  private:"))
        result, _ = self.make(copy)
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("undocumented()", result.stderr)


main()
