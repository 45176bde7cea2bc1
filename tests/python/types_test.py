"""The Python package's type hints hold, by mypy in its strict mode."""
import os
import pathlib
import subprocess
import sys
import tempfile

MYPY = "/usr/bin/mypy"  # Debian's, which sees Debian's Python

if not os.path.exists(MYPY):
    print("skipped: mypy is not installed; see packages.txt")
    sys.exit(77)
package = pathlib.Path(os.environ["CLACKS_SOURCE"], "common/python")
with tempfile.TemporaryDirectory() as cache:
    sys.exit(subprocess.run([MYPY, "--config-file", package / "mypy.ini", "--python-executable", "/usr/bin/python3",
                             "--cache-dir", cache, "-p", "clacks"], cwd=package, check=False).returncode)
