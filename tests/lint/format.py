"""Every C++ source is as clang-format would write it."""
import os
import pathlib
import subprocess
import sys

root = pathlib.Path(os.environ["CLACKS_SOURCE"])
files = [str(f) for folder in ("agent", "common", "tests", "docs") for pattern in ("*.cpp", "*.hpp")
         for f in sorted((root / folder).rglob(pattern))]
if len(files) < 50:
    sys.exit("found hardly any source: is CLACKS_SOURCE right?")
sys.exit(subprocess.run(["clang-format", "--dry-run", "--Werror", *files], check=False).returncode)
