"""Every module that ships has its page, with exactly the table of settings that the agent prints."""
import os
import pathlib
import subprocess
import tempfile
import unittest

BIN = pathlib.Path(os.environ["CLACKS_BIN"])
MODULES = BIN.parent / "lib/modules"
PAGES = pathlib.Path(os.environ["CLACKS_SOURCE"]) / "docs/modules"
BUILTIN = ["node"]


class Pages(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="clacks-pages-")
        self.addCleanup(folder.cleanup)
        self.config = pathlib.Path(folder.name) / "agent.conf"
        self.config.write_text(f"[agent]\nmodules = {MODULES}\n")

    def printed(self, module, status=0):
        result = subprocess.run([BIN / "clacks-agent", "--config", self.config, "--module-settings", module],
                                capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(result.returncode, status, result.stderr)
        return result.stdout if status == 0 else result.stderr

    def test_settings(self):
        pages = sorted(PAGES.glob("*.md"))
        self.assertIn("node", [page.stem for page in pages])
        for page in pages:
            if page.stem == "index":
                continue
            with self.subTest(page=page.name):
                text = page.read_text()
                table = self.printed(page.stem)
                _, found, after = text.partition(table)
                self.assertTrue(found, f"{page} is stale: put in what `clacks-agent --module-settings {page.stem}` prints:\n{table}")
                self.assertFalse(after.startswith("|"), "the table goes on")

    def test_every_module_is_listed(self):
        index = (PAGES / "index.md").read_text()
        for module in BUILTIN + [file.stem for file in MODULES.glob("*.so")]:
            with self.subTest(module=module):
                self.assertIn(f"[{module}]({module}.md)", index)

    def test_another_name(self):
        self.assertIn("did you mean 'phone-status'?", self.printed("phone-statsu", status=1))


unittest.main()
