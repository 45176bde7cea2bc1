"""Prints Google Benchmark's JSON files as one Markdown table; the ratio is to each program's first row."""
import json
import os
import sys

NANOSECONDS = {"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9}


def rows(path):
    with open(path, encoding="utf-8") as file:
        benchmarks = json.load(file)["benchmarks"]
    medians = [b for b in benchmarks if b.get("aggregate_name") == "median"]
    for entry in medians or benchmarks:
        if "error_message" in entry:
            sys.exit(f"{path}: {entry['name']}: {entry['error_message']}")
        yield entry["name"], entry["cpu_time"] * NANOSECONDS[entry["time_unit"]]


def main(paths):
    print("| program | benchmark | µs of processor | ratio |\n|---|---|---:|---:|")
    for path in paths:
        program = os.path.basename(path).removesuffix(".json")
        first = None
        for name, nanoseconds in rows(path):
            first = first or nanoseconds
            print(f"| {program} | {name} | {nanoseconds / 1000:.3f} | {nanoseconds / first:.2f} |")


main(sys.argv[1:])
