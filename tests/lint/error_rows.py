"""Every row of docs/errors.md names a test that is there, and every test of tests/errors has its row."""
import pathlib
import re
import sys

from error_table import PAGE, rows

ROOT = PAGE.parent.parent

named = [(row.file, row.test) for row in rows()]
found = [(str(file.relative_to(ROOT)), name) for file in sorted((ROOT / "tests/errors").glob("*_test.py"))
         for name in re.findall(r"^    def test_(\w+)", file.read_text(encoding="utf-8"), re.M)]
problems = [f"{PAGE.name}: {test} is not in {file}" for file, test in named if (file, test) not in found]
problems += [f"{file}: test_{test} has no row in {PAGE.name}" for file, test in found if (file, test) not in named]
problems += [f"{PAGE.name}: {test} has two rows" for file, test in sorted(set(named)) if named.count((file, test)) > 1]
problems += [f"{PAGE.name}: the row of {row.test} has an empty cell" for row in rows()
             if not all((row.input, row.sees, row.log, row.remedy))]
if len(named) < 60:
    problems.append(f"{PAGE.name}: found only {len(named)} rows")
print("\n".join(problems) or f"{len(named)} rows have their tests")
sys.exit(1 if problems else 0)
