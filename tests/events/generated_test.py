"""docs/events.md is what the event definitions and their examples print."""
import os
import pathlib
import subprocess
import sys

SOURCE = pathlib.Path(os.environ["CLACKS_SOURCE"])
PROGRAM = os.path.join(os.environ["CLACKS_BIN"], "clacks-events-doc")

printed = subprocess.run([PROGRAM, SOURCE / "data/events"], check=True, capture_output=True, text=True).stdout
if printed != (SOURCE / "docs/events.md").read_text(encoding="utf-8"):
    sys.exit("docs/events.md is stale: write it anew with `clacks-events-doc data/events > docs/events.md`")
