"""Which certificates a client trusts."""
from __future__ import annotations

import os
from pathlib import Path

from .url import Url

SYSTEM_LIST = "/etc/ssl/certs/ca-certificates.crt"
CERTIFICATE = "quickstart-cert.pem"


def quickstart_certificates() -> list[Path]:
    """Where an agent of the quickstart on this machine leaves its self-signed certificate."""
    folders = [Path("/var/lib/clacks")]
    if state := os.environ.get("XDG_STATE_HOME"):
        folders.append(Path(state) / "clacks")
    if home := os.environ.get("HOME"):
        folders.append(Path(home) / ".local/state/clacks")
    return [folder / CERTIFICATE for folder in folders if (folder / CERTIFICATE).is_file()]


def trusted_certificates(url: Url, wanted: str | None) -> str:
    """The PEM file to verify the peer by: `wanted` where given, $CLACKS_CA, for this machine itself the newest
    of the quickstart's certificates, else the system's list."""
    if wanted:
        return wanted
    if named := os.environ.get("CLACKS_CA"):
        return named
    found = quickstart_certificates() if url.loopback else []
    return str(max(found, key=lambda path: path.stat().st_mtime)) if found else SYSTEM_LIST
