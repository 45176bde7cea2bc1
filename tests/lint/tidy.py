"""clang-tidy over every source that is compiled, as `make tidy` runs it. It takes an hour from nothing, so a source
that it had nothing to say about is left out until it, a header that it includes, or the checks change.

    tidy.py BUILD [FILE…]     BUILD: a build folder that is up to date; FILEs: only sources whose name holds one of them
"""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def headers(build):
    """What the compiler read for each source, by object file."""
    listed = subprocess.run(["ninja", "-C", build, "-t", "deps"], stdout=subprocess.PIPE, text=True, check=True).stdout
    found, files = {}, []
    for line in listed.splitlines():
        if line.startswith(" "):
            files.append(line.strip())
        elif line:
            files = found[line.split(":", 1)[0]] = []
    return found


class Sources:
    """Every source of the project in the build, with the hash of all that clang-tidy's answer depends on."""

    def __init__(self, build):
        self._build = build
        self._headers = headers(build)
        self._hashes = {}
        checks = sorted(ROOT.glob("**/.clang-tidy"))
        version = subprocess.run(["clang-tidy", "--version"], stdout=subprocess.PIPE, check=True).stdout
        self._common = version + b"".join(path.read_bytes() for path in checks)

    def __iter__(self):
        seen = set()
        for entry in json.loads((self._build / "compile_commands.json").read_text()):
            if entry["file"] in seen or not pathlib.Path(entry["file"]).is_relative_to(ROOT):
                continue
            seen.add(entry["file"])
            yield entry["file"], self._hash(entry)

    def _hash(self, entry):
        whole = hashlib.sha256(self._common + entry["command"].encode())
        for name in self._headers.get(entry["command"].split(" -o ", 1)[1].split(" ", 1)[0], ()):
            path = self._build / name
            if path not in self._hashes:
                self._hashes[path] = hashlib.sha256(path.read_bytes()).digest()
            whole.update(self._hashes[path])
        return whole.hexdigest()


def main():
    build, wanted = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2:]
    clean = build / "tidy"
    clean.mkdir(exist_ok=True)
    todo = [(file, mark) for file, mark in Sources(build)
            if not (clean / mark).exists() and (not wanted or any(word in file for word in wanted))]
    print(f"{len(todo)} sources to look at", flush=True)

    def look(file, mark):
        done = subprocess.run(["clang-tidy", "-p", build, "--quiet", file], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True, check=False)
        if done.returncode == 0:
            (clean / mark).touch()
        return file, done

    found = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for ended in concurrent.futures.as_completed([pool.submit(look, *one) for one in todo]):
            file, done = ended.result()
            if done.returncode != 0:
                found += 1
                print(f"{file}\n{done.stdout}", flush=True)
    print(f"{found} sources with findings")
    return int(found > 0)


sys.exit(main())
