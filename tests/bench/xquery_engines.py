"""Compares queries with Saxon-HE and BaseX, where Debian's libsaxonhe-java or basex and a JDK are installed.

    xquery_engines.py [--seconds N] [--rounds N] [--filters] [--out FILE] | --answers

The queries are the filters, and XMark's where the W3C suite's archive lies beside the project. Each engine compiles
and evaluates the same files for N seconds; clacks is timed in the same run by xquery_filters and xquery_xmark, which
check their own answers. With rounds they take turns. A figure is the least of all parts and rounds, so that neither
suffers from what else the machine does. An answer that differs from clacks' ends the program with 1. FILE gets the
figures as rows for table.py; the ratios are to clacks.
"""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
BIN = pathlib.Path(os.environ["CLACKS_BIN"])
ARCHIVE = pathlib.Path(os.environ["CLACKS_SOURCE"]).parent / "shared" / "qt3-dev.tar.xz"
JARS = {"Saxon": pathlib.Path("/usr/share/java/Saxon-HE.jar"), "BaseX": pathlib.Path("/usr/share/java/basex.jar")}
FILTERS = {"A": "small", "B": "small", "C": "small", "D": "large", "E": "small", "F": "large",
           "join": "large", "strings": "large"}
MICROSECONDS = {"ns": 1e-3, "us": 1, "ms": 1e3}


def effective_boolean_value(query):
    """The query of a filter, as the others have no way to ask for its effective boolean value alone."""
    prolog, body = query.split(";", 1)
    return f"{prolog}; boolean({body})"


def filters(folder):
    """{name: (query file, document file, answer)}"""
    queries = {}
    for name, event in FILTERS.items():
        query = folder / f"{name}.xq"
        query.write_text(effective_boolean_value((HERE / "filters" / f"{name}.xq").read_text()))
        queries[name] = (query, HERE / "filters" / f"{event}.xml", "true")
    return queries


def xmark(folder):
    """The same of XMark; the answer is the number of characters of the element that each query makes."""
    with tarfile.open(ARCHIVE) as archive:
        name = next(name for name in archive.getnames() if name.endswith("app/XMark/XMarkAuction.xml"))
        document = folder / "auction.xml"
        document.write_bytes(archive.extractfile(name).read())
    queries = {}
    for query in sorted((HERE / "xmark").glob("*.xq")):
        name = f"XMark-{int(query.stem)}"
        prolog, end, body = query.read_text().rpartition("};\n")
        length = subprocess.run([BIN / "clacks", "xquery", f"{prolog}{end}string-length({body})", document],
                                stdout=subprocess.PIPE, check=True, text=True)
        queries[name] = (query, document, length.stdout.strip())
    return queries


def own(program, seconds):
    """{(what, query): µs} by a program of ours."""
    run = subprocess.run([BIN.parent / "bench" / program, "--benchmark_filter=/clacks$", "--benchmark_repetitions=40",
                          "--benchmark_enable_random_interleaving=true",
                          f"--benchmark_min_time={seconds / 80}", "--benchmark_format=json"],
                         stdout=subprocess.PIPE, check=True, text=True)
    figures = {}
    for entry in json.loads(run.stdout)["benchmarks"]:
        if entry["run_type"] != "iteration":
            continue
        what, name = entry["name"].split("/")[0].split(" ", 1)
        least(figures, {(what, name.replace(" ", "-")): entry["cpu_time"] * MICROSECONDS[entry["time_unit"]]})
    return figures


def least(figures, others):
    """Puts the lesser of both into figures."""
    for name, figure in others.items():
        figures[name] = min(figure, figures.get(name, figure))


def theirs(engine, seconds, queries):
    """The same by an engine in Java."""
    words = [word for name, (query, document, _) in queries.items() for word in (name, query, document)]
    quickly = ["-XX:TieredStopAtLevel=1"] if seconds == 0 else []  # less work for Java's own compiler
    program = [JARS[engine], HERE / "engines" / f"{engine}.java"]
    run = subprocess.run(["java", *quickly, "-cp", *program, str(seconds), *words],
                         stdout=subprocess.PIPE, check=True, text=True)
    figures = {}
    for line in run.stdout.splitlines():
        name, answer, compiling, evaluating = line.split()
        if answer != queries[name][2]:
            sys.exit(f"{engine}: {name} is {answer}, and by clacks {queries[name][2]}")
        figures["compile", name] = float(compiling)
        figures["evaluate", name] = float(evaluating)
    if len(figures) != 2 * len(queries):
        sys.exit(f"{engine}: there are figures of {len(figures) // 2} queries, not of {len(queries)}")
    return figures


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=3, help="for each engine, query and figure")
    parser.add_argument("--rounds", type=int, default=1, help="of all engines, in turn")
    parser.add_argument("--filters", action="store_true", help="leave XMark out")
    parser.add_argument("--answers", action="store_true", help="compare the answers, and time nothing")
    parser.add_argument("--out", type=pathlib.Path, help="a JSON file for table.py")
    options = parser.parse_args()
    engines = [engine for engine, jar in JARS.items() if jar.exists()]
    if not engines or shutil.which("javac") is None:
        print("skipped: neither libsaxonhe-java nor basex is installed, or there is no JDK")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        queries = filters(pathlib.Path(folder))
        programs = ["xquery_filters"]
        if ARCHIVE.exists() and not options.filters:
            queries |= xmark(pathlib.Path(folder))
            programs.append("xquery_xmark")
        if options.answers:
            for engine in engines:
                theirs(engine, 0, queries)
            print(f"{', '.join(engines)} and clacks give the same answers to {len(queries)} queries")
            return 0
        clacks, others = {}, {engine: {} for engine in engines}
        for _ in range(options.rounds):
            for engine in engines:
                least(others[engine], theirs(engine, options.seconds, queries))
            for program in programs:
                least(clacks, own(program, options.seconds))
    rows = []
    for (what, name), figure in sorted(clacks.items()):
        rows.append({"name": f"{what} {name}/clacks", "figure": figure, "unit": "µs", "ratio": 1})
        rows += [{"name": f"{what} {name}/{engine}", "figure": figures[what, name], "unit": "µs",
                  "ratio": figures[what, name] / figure} for engine, figures in others.items()]
    for row in rows:
        print(f"{row['name']:24} {row['figure']:10.3f} {row['unit']} {row['ratio']:8.2f}")
    if options.out:
        options.out.write_text(json.dumps({"rows": rows}))
    return 0


sys.exit(main())
