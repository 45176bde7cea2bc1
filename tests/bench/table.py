"""Prints the benchmarks' JSON files, Google Benchmark's and bus_bench.py's, as one Markdown table.

The ratio of a Google Benchmark is to the first one of its group, which is its name up to the slash.
"""
import json
import os
import sys

MICROSECONDS = {"ns": 1e-3, "us": 1, "ms": 1e3, "s": 1e6}


def library_rows(path, benchmarks):
    medians = [b for b in benchmarks if b.get("aggregate_name") == "median"]
    first = {}
    for entry in medians or benchmarks:
        if "error_message" in entry:
            sys.exit(f"{path}: {entry['name']}: {entry['error_message']}")
        figure = entry["cpu_time"] * MICROSECONDS[entry["time_unit"]]
        name = entry["run_name"]
        ratio = figure / first.setdefault(name.split("/")[0], figure)
        yield {"name": name, "figure": figure, "unit": "µs of processor", "ratio": ratio}


def rows(path):
    with open(path, encoding="utf-8") as file:
        content = json.load(file)
    return content["rows"] if "rows" in content else library_rows(path, content["benchmarks"])


def main(paths):
    print("| program | benchmark | figure | unit | ratio |\n|---|---|---:|---|---:|")
    for path in paths:
        program = os.path.basename(path).removesuffix(".json")
        for entry in rows(path):
            figure = f"{entry['figure']:.0f}" if entry["figure"] >= 1000 else f"{entry['figure']:.3g}"
            ratio = "" if entry["ratio"] is None else f"{entry['ratio']:.2f}"
            print(f"| {program} | {entry['name']} | {figure} | {entry['unit']} | {ratio} |")


main(sys.argv[1:])
