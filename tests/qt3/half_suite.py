"""The half of the W3C suite that lies beside the project, where it does.

What passes may only become more, and does not depend on rewrites. Arguments are the runner's own.
"""

import os
import pathlib
import re
import subprocess
import sys
import tarfile
import tempfile

SOURCE = pathlib.Path(os.environ["CLACKS_SOURCE"])
ARCHIVE = SOURCE.parent / "shared" / "qt3-dev.tar.xz"
RECORD = SOURCE / "tests" / "qt3" / "passed.txt"
SKIPPED = 77


def run(catalogue, report, *options):
    """How many pass, as the runner's last line says."""
    runner = pathlib.Path(os.environ["CLACKS_BIN"]) / "qt3-runner"
    command = [runner, catalogue, "--report", report, *options, *sys.argv[1:]]
    output = subprocess.run(command, stdout=subprocess.PIPE, text=True).stdout
    print(output, end="")
    last = re.fullmatch(r"(\d+) passed, (\d+) failed, (\d+) skipped", output.splitlines()[-1])
    return int(last.group(1))


def verdicts(report):
    """Pairs of a case and whether it passes."""
    rows = (line.split("\t") for line in report.read_text().splitlines())
    return {(f"{row[0]}/{row[1]}", row[2]) for row in rows}


def main():
    if not ARCHIVE.exists():
        print(f"skipped: the suite is not at hand ({ARCHIVE.name} in a folder shared/ beside the project)")
        return SKIPPED
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(ARCHIVE) as archive:
            archive.extractall(folder)
        catalogue = next(pathlib.Path(folder).glob("*/catalog.xml"))
        with_rewrites, without = (pathlib.Path(folder) / name for name in ("with.tsv", "without.tsv"))
        passed = run(catalogue, with_rewrites)
        run(catalogue, without, "--without-rewrites")
        if different := verdicts(with_rewrites) ^ verdicts(without):
            print("rewrites change the verdict of", *sorted({name for name, _ in different}), sep="\n  ")
            return 1
        for line in with_rewrites.read_text().splitlines():
            if "\tfail\t" in line:
                print(line)
    recorded = int(RECORD.read_text())
    if passed < recorded:
        print(f"{passed} cases pass, {recorded} did")
        return 1
    if passed > recorded:
        print(f"{passed} cases pass, more than the {recorded} in {RECORD.name}: write that down there")
    return 0


sys.exit(main())
