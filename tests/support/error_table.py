"""The tables of docs/errors.md: a row for each kind of bad input, with the test that shows it."""
import functools
import os
import pathlib
import re

PAGE = pathlib.Path(os.environ["CLACKS_SOURCE"]) / "docs/errors.md"
TEST = re.compile(r"\[(\w+)\]\(\.\./(tests/errors/\w+\.py)\)")


class Row:
    """Input, what the sender sees, what the log says, what to do, and the test."""

    def __init__(self, cells):
        self.input, self.sees, self.log, self.remedy, test = cells
        self.test, self.file = TEST.fullmatch(test).groups()
        spans = re.findall(r"`([^`]+)`", self.sees)
        self.codes, self.message = spans[:-1], spans[-1] if spans else ""


def rows():
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("|") and TEST.search(line)]
    return [Row([cell.strip() for cell in line[1:-1].split("|")]) for line in lines]


@functools.cache
def rows_by_test():
    return {(row.file, row.test): row for row in rows()}
