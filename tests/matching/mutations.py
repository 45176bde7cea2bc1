"""Breaks one rule of the index after the other and sees that the random check finds each.

    python3 tests/matching/mutations.py      # with CLACKS_BIN, CLACKS_SOURCE and PYTHONPATH as ctest gives them

Each mutation is a text of one source and what stands in its place; the source is compiled and linked before
the libraries of the build. A text that is no longer there, or a mutation that is not found, is a failure.
"""
import os
import pathlib
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(os.environ["CLACKS_SOURCE"])
LIBRARIES = pathlib.Path(os.environ["CLACKS_BIN"]).parent / "lib"
FOLDER = "common/matching"

# What is compiled, the source that is changed, its text, what it becomes.
MUTATIONS = [
    ("index.cpp", "index.cpp", "best.cost += part.cost;", "best.cost = part.cost;"),
    ("index.cpp", "index.cpp", "? Access{tests.cost(operand), {operand}} : Access{}", "? Access{0, {}} : Access{}"),
    ("index.cpp", "index.cpp", "one_test && number != every", "true"),
    ("index.cpp", "index.cpp", "complete && of.sufficient, complete", "true, complete"),
    ("index.cpp", "index.cpp", "operator_of(word) == none_of ? !result : result", "result"),
    ("index.cpp", "index.cpp", "const bool all = operator_of(word) == all_of;", "const bool all = true;"),
    ("index.cpp", "index.cpp", "result == all) result", "true) result"),
    ("index.cpp", "index.cpp", "        at = end;\n        return operator_of", "        return operator_of"),
    ("index.cpp", "index.cpp", "if (!scratch.in_met.insert(entry.filter)) return;", ""),
    ("index.cpp", "index.cpp", "for (const std::uint32_t set : sets) in_sets.erase(set);", ""),
    ("index.cpp", "index.cpp", "for (const FilterId filter : met) in_met.erase(filter);", ""),
    ("index.cpp", "index.cpp", "for (const Value& value : values) last[value.path()] = kNone;", ""),
    ("index.cpp", "index.cpp", "if (test.passed_by(scratch.values[i])) return true;",
     "return test.passed_by(scratch.values[i]);"),
    ("index.cpp", "index.cpp", "entry = state.leave(entry);", "entry = (state.leave(entry), kNone);"),
    ("index.cpp", "index.cpp", "entries[gone.next].previous = gone.previous;", ";"),
    ("index.cpp", "paths.hpp", "origin.erase(origins.back());\n            elements", "elements"),
    ("index.cpp", "paths.hpp", "active.resize(elements.back().active);", ""),
    ("paths.cpp", "paths.cpp", "{both, local_only, uri_only, neither}", "{both, local_only, uri_only}"),
    ("paths.cpp", "paths.cpp", "{both, local_only, uri_only, neither}", "{both, uri_only, neither}"),
    ("paths.cpp", "paths.cpp", "attribute ? Axis::attribute : Axis::child", "Axis::child"),
    ("paths.cpp", "paths.cpp", "onward == 0 && walk.origins.empty()", "onward == 0"),
    ("paths.cpp", "paths.cpp", "    if (attribute) return;\n", ""),
    ("paths.cpp", "paths.cpp", "use(from);\n    }\n    use(number)", "}\n    use(number)"),
    ("event_sets.cpp", "event_sets.cpp", "std::erase(holding->second, set);", ""),
    ("event_sets.cpp", "event_sets.cpp", "if (place->first.empty()) every_.push_back", "every_.push_back"),
    ("test.cpp", "test.cpp", "(kind == Kind::equal);", "true;"),
    ("test.cpp", "test.cpp", "number + 0.0", "number"),
    ("tests.cpp", "tests.cpp", "if (tests_[test].passed_by(value)) passed.push_back(test);", "passed.push_back(test);"),
    ("tests.cpp", "tests.cpp", "sets.contains(fields_[field].set)", "true"),
    ("tests.cpp", "tests.cpp", "if (length > text.size()) break;", "if (length >= text.size()) break;"),
    ("tests.cpp", "tests.cpp", "if (field.exists != kNone) passed.push_back(field.exists);", ""),
    ("tests.cpp", "tests.cpp", "find_casts(number, Type::number, value, passed);", ""),
    ("tests.cpp", "tests.cpp", "find_casts(number, Type::boolean, value, passed);", ""),
    ("tests.cpp", "tests.cpp", "if (field.ranges.size() > 0) find_ranges", "if (field.ranges.size() > 99) find_ranges"),
    ("tests.cpp", "tests.cpp", "find_ranges(cast.ranges, *found, value, passed);", ""),
    ("tests.cpp", "tests.cpp", "std::uint32_t test = cast.not_castable;", "std::uint32_t test = kNone;"),
    ("index.cpp", "index.cpp", "if (!sufficient) state.enter_by_failures(id);", ""),
    ("index.cpp", "index.cpp", "|| (!filter.sufficient && may_fail(filter, scratch))", ""),
    ("tests.cpp", "tests.cpp", 'high = "\\xFF";', 'high = "~";'),
    ("tests.cpp", "tests.cpp", "if (--tests_[test].entries == 0)", "if (--tests_[test].entries < 2)"),
    ("test.cpp", "test.hpp", "low_included ? value >= *low : value > *low", "value >= *low"),
    ("test.cpp", "test.hpp", "high_included ? value <= *high : value < *high", "value < *high"),
    ("tests.cpp", "hash.hpp", "done_ += 8) state_", "done_ += 9) state_"),
    ("tests.cpp", "intervals.hpp", "if (value < entry.low) break;", "if (value < entry.low || value == entry.low) break;"),
    ("tests.cpp", "intervals.hpp", "if (entry.reach < value) continue;", "if (entry.reach < value) break;"),
    ("value.cpp", "value.cpp", 'kSpace = " \\t\\r\\n"', 'kSpace = ""'),
    ("value.cpp", "value.cpp", 'word == "true" || word == "1"', 'word == "true"'),
    ("value.cpp", "value.cpp", "number ? Form::known : Form::none", "Form::known"),
]


def build(folder, compiled):
    """The check, with one source compiled from the folder where it or a header of it is changed."""
    program = folder / "check"
    own = folder / FOLDER / compiled
    source = own if own.exists() else SOURCE / FOLDER / compiled
    command = ["c++", "-std=c++20", "-O0", f"-I{folder}", f"-I{SOURCE}", str(SOURCE / "tests/matching/random_main.cpp"),
               str(source), f"-L{LIBRARIES}", "-lmatching-check", "-lclacks-matching", "-lclacks-xquery-analysis", "-lclacks-xquery-values",
               "-lclacks-xml", "-lclacks-base", "-o", str(program)]
    subprocess.run(command, check=True, stderr=subprocess.PIPE)
    return program


def finds(program):
    """Whether the check fails; one that crashes or does not end has found it, too."""
    try:
        return subprocess.run([program], timeout=20, capture_output=True, check=False).returncode != 0
    except subprocess.TimeoutExpired:
        return True


def mutated(compiled, changed, old, new):
    text = (SOURCE / FOLDER / changed).read_text(encoding="utf-8")
    if text.count(old) != 1:
        return f"{changed}: {text.count(old)} times in the source: {old!r}"
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / FOLDER).mkdir(parents=True)
        (folder / FOLDER / changed).write_text(text.replace(old, new), encoding="utf-8")
        return None if finds(build(folder, compiled)) else f"{changed}: not found: {old!r} as {new!r}"


def main():
    with tempfile.TemporaryDirectory() as name:
        if finds(build(pathlib.Path(name), "index.cpp")):
            sys.exit("the check fails without any mutation")
    problems = []
    for mutation in MUTATIONS:
        try:
            problem = mutated(*mutation)
        except subprocess.CalledProcessError as error:
            problem = f"{mutation[1]}: does not compile: {mutation[3]!r}\n{error.stderr.decode()[-800:]}"
        if problem:
            problems.append(problem)
            print(problem, flush=True)
    print(f"{len(MUTATIONS) - len(problems)} of {len(MUTATIONS)} mutations found")
    sys.exit(1 if problems else 0)


main()
