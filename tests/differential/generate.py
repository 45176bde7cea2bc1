"""Random events and random typed expressions over them, from a seed."""

import random

EVENTS = "http://www.gonicus.de/Events"
PROLOG = f"declare default element namespace '{EVENTS}'; "
WORDS = ["busy", "ringing", "", "0291", "12", "-3.5", "1e2", "éa", "NaN", "true", " x ", "Alpha", "alpha"]
NAMES = ["CallerId", "ReceiverId", "Status", "Name", "Path", "Extra"]


class Generator:
    """Each method `of_TYPE(depth)` gives an expression of that type as text."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.variables = {"number": [], "string": [], "nodes": []}

    def pick(self, *choices):
        return self.random.choice(choices)

    def event(self):
        fields = []
        for _ in range(self.random.randint(0, 6)):
            name = self.pick(*NAMES)
            inner = self.pick(*WORDS)
            if self.random.random() < 0.2:
                inner += f"<Part no='{self.random.randint(0, 9)}'>{self.pick(*WORDS)}</Part>"
            fields.append(f"<{name}>{inner}</{name}>")
        return f"<Event xmlns='{EVENTS}'><PhoneStatus>{''.join(fields)}</PhoneStatus></Event>"

    def query(self):
        """The result as one string that tells every item and its type."""
        kind = self.pick("number", "string", "boolean", "nodes", "strings", "numbers")
        expression = getattr(self, "of_" + kind)(4)
        shown = {
            "number": "if ($r instance of xs:integer) then 'integer' else if ($r instance of xs:decimal) then "
            "'decimal' else 'double'",
            "numbers": "if ($r instance of xs:integer) then 'integer' else if ($r instance of xs:decimal) then "
            "'decimal' else 'double'",
            "nodes": "name($r)",
        }.get(kind, f"'{kind}'")
        return PROLOG + f"string-join(for $r in ({expression}) return ({shown}) || ':' || string($r), '|')"

    def of_number(self, depth):
        if depth == 0:
            leaf = [str(self.random.randint(-5, 20)), f"{self.random.randint(0, 99)}.{self.random.randint(0, 99)}", "2.5e0"]
            return self.pick(*leaf, *self.variables["number"])
        d = depth - 1
        n, s = self.of_number, self.of_string
        return self.pick(
            lambda: f"({n(d)} {self.pick('+', '-', '*')} {n(d)})",
            lambda: f"({n(d)} {self.pick('div', 'idiv', 'mod')} {n(d)})",
            lambda: f"-({n(d)})",
            lambda: f"{self.pick('abs', 'floor', 'ceiling', 'round', 'round-half-to-even')}({n(d)})",
            lambda: f"string-length({s(d)})",
            lambda: f"count({self.of_nodes(d)})",
            lambda: f"sum({self.of_numbers(d)})",
            lambda: f"number({s(d)})",
            lambda: f"(if ({self.of_boolean(d)}) then {n(d)} else {n(d)})",
            lambda: self.bound("number", d, n),
        )()

    def of_string(self, depth):
        if depth == 0:
            return self.pick(*[f"'{word}'" for word in WORDS], *self.variables["string"])
        d = depth - 1
        n, s = self.of_number, self.of_string
        return self.pick(
            lambda: f"concat({s(d)}, {s(d)})",
            lambda: f"substring({s(d)}, {n(d)})",
            lambda: f"substring({s(d)}, {n(d)}, {n(d)})",
            lambda: f"{self.pick('upper-case', 'lower-case', 'normalize-space')}({s(d)})",
            lambda: f"{self.pick('substring-before', 'substring-after')}({s(d)}, {s(d)})",
            lambda: f"translate({s(d)}, {s(d)}, {s(d)})",
            lambda: f"string-join({self.of_strings(d)}, {s(d)})",
            lambda: f"string({n(d)})",
            lambda: f"string({self.of_nodes(d)}[1])",
            lambda: f"(if ({self.of_boolean(d)}) then {s(d)} else {s(d)})",
            lambda: self.bound("string", d, s),
        )()

    def of_boolean(self, depth):
        if depth == 0:
            return self.pick("true()", "false()")
        d = depth - 1
        n, s, b = self.of_number, self.of_string, self.of_boolean
        return self.pick(
            lambda: f"({n(d)} {self.pick('=', '!=', '<', '<=', '>', '>=', 'eq', 'lt', 'ge')} {n(d)})",
            lambda: f"({s(d)} {self.pick('=', '!=', '<', '>', 'eq', 'ne', 'le')} {s(d)})",
            lambda: f"({b(d)} {self.pick('and', 'or')} {b(d)})",
            lambda: f"not({b(d)})",
            lambda: f"{self.pick('contains', 'starts-with', 'ends-with')}({s(d)}, {s(d)})",
            lambda: f"{self.pick('exists', 'empty', 'boolean')}({self.of_nodes(d)})",
            lambda: f"({self.of_nodes(d)} {self.pick('=', '!=', '<')} {self.of_strings(d)})",
            lambda: f"({self.pick('some', 'every')} $q in {self.of_nodes(d)} satisfies string($q) = {s(d)})",
            lambda: f"({s(d)} castable as {self.pick('xs:integer', 'xs:double', 'xs:boolean', 'xs:decimal')})",
            lambda: f"deep-equal({self.of_strings(d)}, {self.of_strings(d)})",
        )()

    def of_nodes(self, depth):
        if depth == 0:
            return self.pick(
                "/Event/PhoneStatus/*", "//CallerId", "//Part", "//Part/@no", "//text()", "./Event", "//Status/..", *self.variables["nodes"]
            )
        d = depth - 1
        return self.pick(
            lambda: f"{self.of_nodes(d)}[{self.of_boolean(d)}]",
            lambda: f"({self.of_nodes(d)})[{self.random.randint(1, 4)}]",
            lambda: f"({self.of_nodes(d)} {self.pick('union', 'intersect', 'except')} {self.of_nodes(d)})",
            lambda: f"({self.of_nodes(d)})/{self.pick('..', 'ancestor::*', 'following::*', 'descendant-or-self::node()', 'preceding-sibling::*', 'self::Status')}",
            lambda: f"{self.of_nodes(d)}[last()]",
            lambda: f"(for $f in {self.of_nodes(d)} order by string($f) return $f)",
            lambda: f"(for $f in {self.of_nodes(d)} where {self.of_boolean(d)} return $f)",
            lambda: f"{self.pick('reverse', 'tail', 'head')}({self.of_nodes(d)})",
        )()

    def of_strings(self, depth):
        if depth == 0:
            return f"({self.of_string(0)}, {self.of_string(0)})"
        d = depth - 1
        return self.pick(
            lambda: f"({self.of_string(d)}, {self.of_strings(d)})",
            lambda: f"({self.of_nodes(d)} ! string(.))",
            lambda: f"distinct-values({self.of_strings(d)})",
            lambda: f"tokenize({self.of_string(d)}, '[a1 ]')",
            lambda: f"(for $s in {self.of_strings(d)} order by $s {self.pick('ascending', 'descending')} return $s)",
            lambda: f"subsequence({self.of_strings(d)}, {self.random.randint(0, 3)}, {self.random.randint(0, 3)})",
            lambda: f"(for $j in {self.of_strings(d)}, $k in {self.of_nodes(d)} where $j = {self.pick('$k', '$k/@no', 'string($k)')} return $j || name($k))",
        )()

    def of_numbers(self, depth):
        if depth == 0:
            return f"({self.of_number(0)}, {self.of_number(0)})"
        d = depth - 1
        return self.pick(
            lambda: f"({self.of_number(d)}, {self.of_numbers(d)})",
            lambda: f"({self.random.randint(-2, 2)} to {self.random.randint(-1, 6)})",
            lambda: f"({self.of_strings(d)} ! string-length(.))",
            lambda: f"(for $n at $p in {self.of_numbers(d)} return $n * $p)",
            lambda: f"index-of({self.of_numbers(d)}, {self.of_number(d)})",
        )()

    def bound(self, kind, depth, body):
        name = f"$v{depth}{len(self.variables[kind])}"
        value = getattr(self, "of_" + kind)(depth)
        self.variables[kind].append(name)
        inner = body(depth)
        self.variables[kind].pop()
        return f"(let {name} := {value} return {inner})"
