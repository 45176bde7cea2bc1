"""Compares the filters with Saxon-HE and BaseX, where Debian's libsaxonhe-java or basex and a JDK are installed.

    xquery_engines.py [--seconds N] [--out FILE]

Each engine compiles and evaluates the same files for N seconds; clacks is timed in the same run by xquery_filters. An
answer that is not true ends the program with 1. FILE gets the figures as rows for table.py; the ratios are to clacks.
"""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
PROGRAM = pathlib.Path(os.environ["CLACKS_BIN"]).parent / "bench" / "xquery_filters"
JARS = {"Saxon": pathlib.Path("/usr/share/java/Saxon-HE.jar"), "BaseX": pathlib.Path("/usr/share/java/basex.jar")}
QUERIES = {"A": "small", "B": "small", "C": "small", "D": "large", "E": "small", "F": "large",
           "join": "large", "strings": "large"}


def own(seconds):
    """{(what, query): µs} by xquery_filters, which checks its answers itself."""
    run = subprocess.run([PROGRAM, "--benchmark_filter=/clacks$", f"--benchmark_min_time={seconds}",
                          "--benchmark_format=json"], stdout=subprocess.PIPE, check=True, text=True)
    return {tuple(entry["name"].split("/")[0].split(" ")): entry["cpu_time"] / 1000
            for entry in json.loads(run.stdout)["benchmarks"]}


def theirs(engine, seconds):
    """The same by an engine in Java."""
    files = [word for name, event in QUERIES.items()
             for word in (name, HERE / "filters" / f"{name}.xq", HERE / "filters" / f"{event}.xml")]
    run = subprocess.run(["java", "-cp", JARS[engine], HERE / "engines" / f"{engine}.java", str(seconds), *files],
                         stdout=subprocess.PIPE, check=True, text=True)
    figures = {}
    for line in run.stdout.splitlines():
        name, answer, compiling, evaluating = line.split()
        if answer != "true":
            sys.exit(f"{engine}: {name} is {answer} for an event that it is meant for")
        figures["compile", name] = float(compiling)
        figures["evaluate", name] = float(evaluating)
    if len(figures) != 2 * len(QUERIES):
        sys.exit(f"{engine}: there are figures of {len(figures) // 2} queries, not of {len(QUERIES)}")
    return figures


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=3, help="for each engine, query and figure")
    parser.add_argument("--out", type=pathlib.Path, help="a JSON file for table.py")
    options = parser.parse_args()
    engines = [engine for engine, jar in JARS.items() if jar.exists()]
    if not engines or shutil.which("javac") is None:
        print("skipped: neither libsaxonhe-java nor basex is installed, or there is no JDK")
        return 77
    clacks = own(options.seconds / 10)
    others = {engine: theirs(engine, options.seconds) for engine in engines}
    rows = []
    for (what, name), figure in clacks.items():
        rows.append({"name": f"{what} {name}/clacks", "figure": figure, "unit": "µs", "ratio": 1})
        rows += [{"name": f"{what} {name}/{engine}", "figure": figures[what, name], "unit": "µs",
                  "ratio": figures[what, name] / figure} for engine, figures in others.items()]
    for row in rows:
        print(f"{row['name']:24} {row['figure']:10.3f} {row['unit']} {row['ratio']:8.2f}")
    if options.out:
        options.out.write_text(json.dumps({"rows": rows}))
    return 0


sys.exit(main())
