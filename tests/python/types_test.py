"""The type hints of the Python package, and of the classes that `clacks events generate` writes, hold by mypy's strict mode."""
import os
import pathlib
import subprocess
import sys
import tempfile

MYPY = "/usr/bin/mypy"  # Debian's, which sees Debian's Python
SOURCE = pathlib.Path(os.environ["CLACKS_SOURCE"])
PACKAGE = SOURCE / "common/python"
EVENTS = SOURCE / "data/events"


def check(folder, *what):
    return subprocess.run([MYPY, "--config-file", PACKAGE / "mypy.ini", "--python-executable", "/usr/bin/python3",
                           "--cache-dir", folder / "cache", *what], cwd=PACKAGE, check=False,
                          env={**os.environ, "MYPYPATH": str(PACKAGE)}).returncode


if not os.path.exists(MYPY):
    print("skipped: mypy is not installed; see packages.txt")
    sys.exit(77)
with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    names = sorted(path.stem for path in EVENTS.glob("*.xsd"))
    subprocess.run([pathlib.Path(os.environ["CLACKS_BIN"], "clacks"), "events", "generate", "--language", "python",
                    "--folder", EVENTS, "--output", folder / "generated.py", *names], check=True)
    sys.exit(check(folder, "-p", "clacks") or check(folder, folder / "generated.py"))
