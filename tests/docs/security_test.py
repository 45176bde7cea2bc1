"""Every promise of docs/security.md names a test, and every test that it names is there and is run."""
import os
import pathlib
import re
import unittest

ROOT = pathlib.Path(os.environ["CLACKS_SOURCE"])
PAGE = (ROOT / "docs/security.md").read_text(encoding="utf-8")


def promises():
    """(promise, what shows it) of each row below "What is promised"."""
    part = PAGE.split("## What is promised", 1)[1].split("\n## ", 1)[0]
    rows = [tuple(cell.strip() for cell in line.strip("|").split(" | ")) for line in part.splitlines() if line.startswith("| ")]
    return [row for row in rows if row[0] != "promise"]


def defines(text, name):
    """Whether a test program's text has the class, function or Catch2 case of that name."""
    return re.search(rf"^\s*(class|def) {re.escape(name)}\b", text, re.M) or f'TEST_CASE("{name}"' in text


def is_run(file):
    """Whether the folder's CMakeLists.txt names the file, or in a list the area that it tests."""
    lists = file.parent / "CMakeLists.txt"
    area = file.stem.removesuffix("_test")
    return lists.is_file() and re.search(rf"(?<![\w-]){re.escape(area)}(_test)?(\.\w+)?(?![\w-])", lists.read_text()) is not None


def problem(reference):
    """What is wrong with "FILE" or "FILE: NAME", or ""."""
    name, _, test = reference.partition(": ")
    file = ROOT / name
    if not file.is_file():
        return f"{name} is not there"
    if not is_run(file):
        return f"{name} is not run by ctest"
    if test and not defines(file.read_text(), test):
        return f"{name} has no test '{test}'"
    return ""


class Promises(unittest.TestCase):
    def test_each_is_shown_by_a_test(self):
        self.assertGreater(len(promises()), 20)
        for promise, shown in promises():
            with self.subTest(promise):
                references = re.findall(r"`(tests/[^`]+)`", shown)
                self.assertTrue(references, "no test is named")
                self.assertEqual([why for why in map(problem, references) if why], [])

    def test_what_is_wrong_is_found(self):
        for reference in ("tests/hostile/no_test.py", "tests/hostile/login_test.py: NoTest", "tests/support/raw_amqp.py"):
            self.assertTrue(problem(reference), reference)


if __name__ == "__main__":
    unittest.main()
