"""The sample configurations and their reference pages are what the settings' tables print."""
import os
import pathlib
import subprocess
import sys

SOURCE = pathlib.Path(os.environ["CLACKS_SOURCE"])
BIN = pathlib.Path(os.environ["CLACKS_BIN"])
GENERATED = {
    ("clacks-config-doc", "sample"): "config/agent.conf",
    ("clacks-config-doc", "reference"): "docs/configuration.md",
    ("clacks-client-config-doc", "sample"): "config/client.conf",
    ("clacks-client-config-doc", "reference"): "docs/client-configuration.md",
}

stale = []
for (program, what), name in GENERATED.items():
    printed = subprocess.run([BIN / program, what], check=True, capture_output=True, text=True).stdout
    if printed != (SOURCE / name).read_text():
        stale.append(f"{name} is stale: write it anew with `{program} {what} > {name}`")
print("\n".join(stale) or "generated files are fresh")
sys.exit(1 if stale else 0)
