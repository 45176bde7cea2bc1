#include "common/xquery/analysis/meaning.hpp"

#include <algorithm>
#include <utility>

namespace clacks::xquery::analysis {

namespace {

using Kind = Condition::Kind;

Exactness exactness(Level sufficient, Level safe) {
    switch (std::min(sufficient, safe)) {
        case Level::no:
            return Exactness::necessary;
        case Level::if_single:
            return Exactness::exact_if_single;
        case Level::yes:
            return Exactness::exact;
    }
    return Exactness::necessary;
}

Meaning constant(Kind kind, Level sufficient, Level safe) {
    Meaning meaning;
    meaning.condition.kind = kind;
    meaning.condition.exactness = exactness(sufficient, safe);
    meaning.sufficient = sufficient;
    meaning.safe = safe;
    return meaning;
}

// Once a part's tests are dropped, nothing promises any more that its casts succeed.
Level without_tests(Level safe) {
    return safe == Level::yes ? Level::yes : Level::no;
}

bool same_step(const Step& a, const Step& b) {
    return a.axis == b.axis && a.uri == b.uri && a.local == b.local;
}

bool same_existence(const Condition& a, const Condition& b) {
    return a.kind == Kind::test && b.kind == Kind::test && a.test.kind == Test::Kind::exists &&
           b.test.kind == Test::Kind::exists &&
           std::equal(a.test.path.begin(), a.test.path.end(), b.test.path.begin(), b.test.path.end(),
                      same_step);
}

void append(Condition& to, Condition part) {
    const bool known = to.kind == Kind::all_of &&
                       std::any_of(to.parts.begin(), to.parts.end(),
                                   [&](const Condition& other) { return same_existence(other, part); });
    if (!known) to.parts.push_back(std::move(part));
}

// Of two parts, neither of them constant.
Meaning joined(Kind kind, Meaning a, Meaning b) {
    if (a.tests + b.tests > kMaxTests) throw TooMuch();
    Meaning meaning = constant(kind, std::min(a.sufficient, b.sufficient), std::min(a.safe, b.safe));
    meaning.through = a.through | b.through;
    meaning.several = a.several | b.several;
    if (kind == Kind::all_of) meaning.several |= a.through & b.through;
    meaning.implied = kind == Kind::all_of ? a.implied | b.implied : a.implied & b.implied;
    meaning.tests = a.tests + b.tests;
    for (Condition* part : {&a.condition, &b.condition}) {
        if (part->kind != kind) {
            append(meaning.condition, std::move(*part));
        } else if (meaning.condition.parts.empty()) {
            meaning.condition.parts = std::move(part->parts);
        } else {
            for (Condition& inner : part->parts) append(meaning.condition, std::move(inner));
        }
    }
    if (meaning.condition.parts.size() == 1) {
        Condition only = std::move(meaning.condition.parts.front());
        only.exactness = meaning.condition.exactness;
        meaning.condition = std::move(only);
    }
    return meaning;
}

}  // namespace

Meaning unknown() {
    return constant(Kind::always, Level::no, Level::no);
}

Meaning certain(bool truth) {
    return constant(truth ? Kind::always : Kind::never, Level::yes, Level::yes);
}

Meaning failing() {
    return constant(Kind::never, Level::yes, Level::no);
}

Meaning tested(Test test, Level safe, Binders through) {
    Meaning meaning = constant(Kind::test, Level::yes, safe);
    meaning.condition.test = std::move(test);
    meaning.through = meaning.implied = through;
    meaning.tests = 1;
    return meaning;
}

Meaning all(Meaning a, Meaning b) {
    const auto is = [&](Kind kind) { return a.condition.kind == kind || b.condition.kind == kind; };
    if (is(Kind::never)) return constant(Kind::never, Level::yes, without_tests(std::min(a.safe, b.safe)));
    if (!is(Kind::always)) return joined(Kind::all_of, std::move(a), std::move(b));
    if (a.condition.kind != Kind::always) std::swap(a, b);
    return weakened(std::move(b), a.sufficient, without_tests(a.safe));
}

Meaning any(Meaning a, Meaning b) {
    const auto is = [&](Kind kind) { return a.condition.kind == kind || b.condition.kind == kind; };
    if (is(Kind::always)) {
        const Level first = a.condition.kind == Kind::always ? a.sufficient : Level::no;
        const Level second = b.condition.kind == Kind::always ? b.sufficient : Level::no;
        return constant(Kind::always, std::max(first, second), without_tests(std::min(a.safe, b.safe)));
    }
    if (!is(Kind::never)) return joined(Kind::any_of, std::move(a), std::move(b));
    if (a.condition.kind != Kind::never) std::swap(a, b);
    return weakened(std::move(b), Level::yes, without_tests(a.safe));
}

Meaning none(Meaning a) {
    if (a.opposite) return tested(std::move(*a.opposite), a.safe, a.through);
    if (a.condition.kind == Kind::never) return constant(Kind::always, Level::yes, without_tests(a.safe));
    if (a.through != 0 || a.sufficient != Level::yes || a.safe == Level::no) return unknown();
    if (a.condition.kind == Kind::always) return constant(Kind::never, Level::yes, a.safe);
    Meaning meaning = constant(Kind::none_of, Level::yes, a.safe);
    meaning.tests = a.tests;
    if (a.condition.kind == Kind::none_of) {
        meaning.condition = Condition(std::move(a.condition.parts.front()));
    } else {
        meaning.condition.parts.push_back(std::move(a.condition));
    }
    return meaning;
}

Meaning weakened(Meaning meaning, Level sufficient, Level safe) {
    meaning.sufficient = std::min(meaning.sufficient, sufficient);
    meaning.safe = std::min(meaning.safe, safe);
    meaning.condition.exactness = exactness(meaning.sufficient, meaning.safe);
    if (meaning.sufficient != Level::yes) meaning.opposite.reset();
    return meaning;
}

Condition finished(const Meaning& meaning) {
    Condition condition = meaning.condition;
    condition.exactness = exactness(meaning.sufficient, meaning.safe);
    return condition;
}

}  // namespace clacks::xquery::analysis
