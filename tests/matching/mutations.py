"""Breaks one rule of the index, or of what is told of filters, after the other and sees that the random check of it finds
each: that of random conditions for the index, that of random definitions for what is told.

    python3 tests/matching/mutations.py [SOURCE.cpp]     # only those of this source; with CLACKS_BIN, CLACKS_SOURCE and PYTHONPATH as ctest gives them

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
MORE = {**os.environ, "CLACKS_DIFFERENTIAL_COUNT": "3000"}  # catalogues: some mutations show in few of them

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


# What is told of filters beside the catalogue: the source, its text, what it becomes.
TOLD = [
    ("understanding.cpp", "truth == Truth::no ? Truth::yes : truth", "truth != Truth::yes ? Truth::yes : truth"),
    ("understanding.cpp", "all ? std::min(truth, next) : std::max(truth, next)", "std::min(truth, next)"),
    ("understanding.cpp", "all ? std::min(truth, next) : std::max(truth, next)", "std::max(truth, next)"),
    ("understanding.cpp", "settled = next.kind == Kind::never;", "settled = next.kind == Kind::always;"),
    ("understanding.cpp", "settled = !all;", "settled = all;"),
    ("understanding.cpp", "always_ = always_ && truth == Truth::yes;", "always_ = truth == Truth::yes;"),
    ("understanding.cpp", "same ? truths[i] : Truth::maybe", "truths[i]"),
    ("understanding.cpp", "settled_ = settled_ && settled;", "settled_ = settled;"),
    ("understanding.cpp", "settled && is_settled(*tests_[i], reached)", "settled"),
    ("understanding.cpp", "if (truth == Truth::no) return;", "if (truth != Truth::yes) return;"),
    ("understanding.cpp", "Exactness::exact_if_single && settled_)", "Exactness::exact_if_single)"),
    ("understanding.cpp", "result.sufficient = condition_", "result.sufficient = true || condition_"),
    ("schema_paths.cpp", "(!step.uri || *step.uri == uri)", "true"),
    ("schema_paths.cpp", "qualified ? events::kNamespace : std::string_view()", "qualified ? events::kNamespace : events::kNamespace"),
    ("schema_paths.cpp", "info.max_occurs == 1", "true"),
    ("schema_paths.cpp", "info.min_occurs > 0 &&", ""),
    ("schema_paths.cpp", "unknown = unknown || node.info->open;", ""),
    ("schema_paths.cpp", "to.single && one && to.nodes.empty()", "to.single && one"),
    ("schema_paths.cpp", "once && child.once;", "child.once;"),
    ("schema_paths.cpp", "to.single && child.once && to.nodes.empty()", "to.single && child.once"),
    ("schema_paths.cpp", "to.sure = to.sure && child.sure;", ""),
    ("schema_paths.cpp", "collapsed(value) == text", "value == text"),
    ("schema_paths.cpp", "if (text != nullptr && test.kind != Test::Kind::equal) return true;", ""),
    ("schema_paths.cpp", "if (listed) return any_passes(test, info.enumeration);", "if (listed) return false;"),
    ("schema_paths.cpp", "== Value::number) return is_number(token);", "== Value::number) return false;"),
    ("schema_paths.cpp", "|| any_passes(test, kBooleans)", ""),
    ("schema_paths.cpp", '{"true", "false", "1", "0"}', '{"true", "false"}'),
    ("schema_paths.cpp", "reached.sure && step.axis == Step::Axis::child", "reached.sure"),
    ("schema_paths.cpp", "if (step.axis == Step::Axis::attribute) next.unknown = true;", ""),
    ("schema_paths.cpp", "if (!reached.single) return false;", ""),
    ("schema_paths.cpp", "&& node.info->value == wanted", ""),
    ("schema_paths.cpp", "reached.sure ? Verdict::always", "true ? Verdict::always"),
    ("schema_paths.cpp", "reached.unknown ? Verdict::maybe : Verdict::no_node", "Verdict::no_node"),
]
# The rules by which a filter's condition is found.
RULES = [
    ("meaning.cpp", "std::min(a.sufficient, b.sufficient), std::min(a.safe", "std::max(a.sufficient, b.sufficient), std::min(a.safe"),
    ("meaning.cpp", "b.sufficient), std::min(a.safe, b.safe)", "b.sufficient), std::max(a.safe, b.safe)"),
    ("meaning.cpp", "if (kind == Kind::all_of) meaning.several |= a.through & b.through;", ""),
    ("meaning.cpp", "if (a.through != 0 || a.sufficient", "if (a.sufficient"),
    ("meaning.cpp", "|| a.sufficient != Level::yes ||", "||"),
    ("meaning.cpp", "a.implied | b.implied : a.implied & b.implied", "a.implied | b.implied : a.implied | b.implied"),
    ("meaning.cpp", "constant(Kind::always, Level::no, Level::no)", "constant(Kind::always, Level::yes, Level::yes)"),
    ("calls.cpp", "Truth{none(some_of(argument, at))}", "Truth{some_of(argument, at)}"),
    ("calls.cpp", "text == nullptr || text->empty()) return unknown();\n    const bool regex", "text == nullptr) return unknown();\n    const bool regex"),
    ("calls.cpp", "Meaning meaning = weakened(existence(known->of, at), Level::no, Level::no);", "Meaning meaning = existence(known->of, at);"),
    ("comparisons.cpp", "return !text.empty();", "return text.empty();"),
    ("comparisons.cpp", "number >= 1 ? weakened(some, Level::no) : unknown()", "number >= 1 ? some : unknown()"),
    ("comparisons.cpp", "number < 1 ? some : weakened(some, Level::no)", "some"),
    ("comparisons.cpp", "number > 0 && number <= 1 ? none(some)", "number > 0 ? none(some)"),
    ("comparisons.cpp", "number >= 0 && number < 1 ? none(some)", "number >= 0 ? none(some)"),
    ("comparisons.cpp", "truth.one ? none(truth.meaning) : unknown()", "none(truth.meaning)"),
    ("comparisons.cpp", "op == Comparison::le};", "false};"),
    ("comparisons.cpp", "op == Comparison::ge};", "true};"),
    ("comparisons.cpp", "by.op = mirrored(by.op);", ""),
    ("comparisons.cpp", "if (by.op == Comparison::ne) return unknown();\n    Meaning", "Meaning"),
    ("comparisons.cpp", "passed(*nodes, std::move(test), Level::no));\n        }", "passed(*nodes, std::move(test), Level::yes));\n        }\n        if (true) return one;"),
    ("comparisons.cpp", "{As::text, true, !of.sure}", "{As::text, true, false}"),
    ("comparisons.cpp", "if (by.value_comparison && operand.as == As::untyped) operand.as = As::text;", ""),
    ("comparisons.cpp", "if (std::isnan(number)) return weakened(existence(nodes, by.place), Level::no, Level::no);", "if (std::isnan(number)) return existence(nodes, by.place);"),
    ("comparisons.cpp", "operand.one && !nodes.single ? Level::if_single : Level::yes", "Level::yes"),
    ("bindings.cpp", "nodes.deep ? Level::no : Level::if_single);\n}", "Level::yes);\n}"),
    ("bindings.cpp", "expr.every ? none(std::move(meaning)) : meaning", "meaning"),
    ("bindings.cpp", "return implied ? meaning :", "return true ? meaning :"),
    ("bindings.cpp", "one.through |= bound.binder->bit;", ""),
]

INDEX_LIBRARIES = ["matching-check", "clacks-matching", "clacks-xquery-analysis", "clacks-xquery-values", "clacks-xml", "clacks-base"]
TOLD_LIBRARIES = ["catalogue-check", "clacks-matching", "clacks-events", "clacks-event-maker", "pugixml", "clacks-xquery-analysis",
                  "clacks-xquery", "clacks-xquery-functions", "clacks-xquery-regex", "re2", "clacks-xquery-serialize",
                  "clacks-xquery-syntax", "clacks-xquery-values", "clacks-xml", "clacks-base", "xerces-c", "icui18n", "icuuc"]
ANALYSIS = "common/xquery/analysis"
# The program, the libraries, and a folder with what is compiled, the source that is changed, its text, what it becomes.
CHECKS = [("random_main.cpp", INDEX_LIBRARIES, [(FOLDER, *mutation) for mutation in MUTATIONS]),
          ("catalogue_main.cpp", TOLD_LIBRARIES, [(FOLDER, one[0], *one) for one in TOLD] + [(ANALYSIS, one[0], *one) for one in RULES])]


def build(at, program, libraries, folder, compiled):
    """The check, with one source compiled from `at` where it or a header of it is changed there."""
    check = at / "check"
    own = at / folder / compiled
    source = own if own.exists() else SOURCE / folder / compiled
    command = ["c++", "-std=c++20", "-O0", f"-I{at}", f"-I{SOURCE}", str(SOURCE / "tests/matching" / program),
               str(source), f"-L{LIBRARIES}", *(f"-l{library}" for library in libraries), "-o", str(check)]
    subprocess.run(command, check=True, stderr=subprocess.PIPE)
    return check


def finds(check):
    """Whether the check fails; one that crashes or does not end has found it, too."""
    try:
        return subprocess.run([check], timeout=300, capture_output=True, check=False, env=MORE).returncode != 0
    except subprocess.TimeoutExpired:
        return True


def mutated(program, libraries, folder, compiled, changed, old, new):
    text = (SOURCE / folder / changed).read_text(encoding="utf-8")
    if text.count(old) != 1:
        return f"{changed}: {text.count(old)} times in the source: {old!r}"
    with tempfile.TemporaryDirectory() as name:
        at = pathlib.Path(name)
        (at / folder).mkdir(parents=True)
        (at / folder / changed).write_text(text.replace(old, new), encoding="utf-8")
        found = finds(build(at, program, libraries, folder, compiled))
        return None if found else f"{changed}: not found: {old!r} as {new!r}"


def main():
    problems, tried = [], 0
    for program, libraries, mutations in CHECKS:
        with tempfile.TemporaryDirectory() as name:
            if finds(build(pathlib.Path(name), program, libraries, *mutations[0][:2])):
                sys.exit(f"{program} fails without any mutation")
        for mutation in mutations:
            if len(sys.argv) > 1 and sys.argv[1] != mutation[2]:
                continue
            tried += 1
            try:
                problem = mutated(program, libraries, *mutation)
            except subprocess.CalledProcessError as error:
                problem = f"{mutation[2]}: does not compile: {mutation[4]!r}\n{error.stderr.decode()[-800:]}"
            if problem:
                problems.append(problem)
                print(problem, flush=True)
    print(f"{tried - len(problems)} of {tried} mutations found")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
