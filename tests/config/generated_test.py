"""The sample configuration and its reference page are what the settings' table prints."""
import os
import pathlib
import subprocess
import sys

SOURCE = pathlib.Path(os.environ["CLACKS_SOURCE"])
PROGRAM = os.path.join(os.environ["CLACKS_BIN"], "clacks-config-doc")
GENERATED = {"sample": "config/agent.conf", "reference": "docs/configuration.md"}

stale = []
for what, name in GENERATED.items():
    printed = subprocess.run([PROGRAM, what], check=True, capture_output=True, text=True).stdout
    if printed != (SOURCE / name).read_text():
        stale.append(f"{name} is stale: write it anew with `clacks-config-doc {what} > {name}`")
print("\n".join(stale) or "generated files are fresh")
sys.exit(1 if stale else 0)
