"""Draws the time per event over the number of filters, from the JSON file of the benchmark `matching`.

    build/release/bench/matching --benchmark_out=matching.json --benchmark_out_format=json
    python3 tests/bench/matching_plot.py matching.json docs/matching.svg
"""
import json
import math
import pathlib
import sys

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 760, 460, 80, 190, 20, 50
KINDS = {"equality": "#0072b2", "range": "#d55e00", "conjunction": "#009e73", "mixed": "#cc79a7"}
NANOSECONDS = {"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9}


def series(path):
    """{(kind, what): [(filters, nanoseconds of processor)]}"""
    found = {}
    for entry in json.loads(pathlib.Path(path).read_text(encoding="utf-8"))["benchmarks"]:
        kind, what, filters = entry["name"].split("/")
        if what in ("match", "one by one"):
            point = (int(filters), entry["cpu_time"] * NANOSECONDS[entry["time_unit"]])
            found.setdefault((kind, what), []).append(point)
    return {key: sorted(points) for key, points in found.items()}


class Axes:
    """Both logarithmic."""

    def __init__(self, points):
        self.most = math.ceil(math.log10(max(x for x, _ in points)))
        self.low = math.floor(math.log10(min(y for _, y in points)))
        self.high = math.ceil(math.log10(max(y for _, y in points)))

    def x(self, filters):
        return LEFT + (WIDTH - LEFT - RIGHT) * math.log10(filters) / self.most

    def y(self, nanoseconds):
        share = (math.log10(nanoseconds) - self.low) / (self.high - self.low)
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share


def duration(nanoseconds):
    for unit, name in ((1e9, "s"), (1e6, "ms"), (1e3, "µs")):
        if nanoseconds >= unit:
            return f"{nanoseconds / unit:g} {name}"
    return f"{nanoseconds:g} ns"


def text(x, y, words, anchor="start"):
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}">{words}</text>'


def line(x1, y1, x2, y2):
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#ddd"/>'


def grid(axes):
    for power in range(axes.most + 1):
        x = axes.x(10 ** power)
        yield line(x, TOP, x, HEIGHT - BOTTOM)
        yield text(x, HEIGHT - BOTTOM + 18, f"{10 ** power:,}", "middle")
    for power in range(axes.low, axes.high + 1):
        y = axes.y(10 ** power)
        yield line(LEFT, y, WIDTH - RIGHT, y)
        yield text(LEFT - 8, y + 4, duration(10 ** power), "end")
    yield text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, "filters", "middle")


def curves(all_series, axes):
    labels = []
    for (kind, what), points in all_series.items():
        dashed = ' stroke-dasharray="5 4"' if what == "one by one" else ""
        path = " ".join(f"{axes.x(x):.1f},{axes.y(y):.1f}" for x, y in points)
        yield f'<polyline points="{path}" fill="none" stroke="{KINDS[kind]}" stroke-width="2"{dashed}/>'
        labels.append((axes.y(points[-1][1]), axes.x(points[-1][0]), kind if what == "match" else f"{kind}, one by one"))
    below = -math.inf
    for y, x, words in sorted(labels):  # one below the other, so that all can be read
        below = max(below + 14, y)
        yield text(x + 8, below + 4, words)


def main(source, target):
    all_series = series(source)
    axes = Axes([point for points in all_series.values() for point in points])
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
             f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>', *grid(axes), *curves(all_series, axes), "</svg>"]
    pathlib.Path(target).write_text("\n".join(lines) + "\n", encoding="utf-8")


main(*sys.argv[1:])
