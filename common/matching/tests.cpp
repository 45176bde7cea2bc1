#include "common/matching/tests.hpp"

#include <algorithm>
#include <limits>
#include <type_traits>

#include "common/matching/hash.hpp"

namespace clacks::matching {

namespace {

namespace analysis = xquery::analysis;
using Kind = Test::Kind;

// The closed interval that the range lies in: a little more than the range where it is open. Behind every
// text lies the byte that UTF-8 does not have.
template <class T>
std::pair<T, T> closed(const Range<T>& range) {
    T low{}, high{};
    if constexpr (std::is_same_v<T, double>) {
        low = -std::numeric_limits<double>::infinity();
        high = -low;
    } else {
        high = "\xFF";
    }
    return {range.low.value_or(low), range.high.value_or(high)};
}

template <class T>
void change(Intervals<T>& intervals, const Range<T>& range, std::uint32_t test, bool add) {
    const auto [low, high] = closed(range);
    if (add)
        intervals.insert(low, high, test);
    else
        intervals.erase(low, high, test);
}

// How many intervals hold one end of the range. Counted up to a bound; where there are more, half of all.
template <class T>
double overlapping(const Intervals<T>& intervals, const Range<T>& range) {
    constexpr std::size_t kEnough = 256;
    std::size_t found = 0;
    const bool all = intervals.visit(range.low ? *range.low : *range.high,
                                     [&](std::uint32_t) { return ++found < kEnough; });
    return static_cast<double>(all ? found : std::max(found, intervals.size() / 2));
}

std::size_t of_type(Type type) {
    return type == Type::number ? 0 : 1;
}

}  // namespace

std::uint32_t Tests::use(std::uint32_t set, const analysis::Test& from) {
    Test test = made_of(from);
    test.field = use_field(set, from.path);
    return use_made(std::move(test));
}

std::uint32_t Tests::use_not_castable(std::uint32_t number) {
    Test test;
    test.kind = Kind::not_castable;
    test.type = tests_[number].type;
    test.field = tests_[number].field;
    ++fields_[test.field].uses;
    return use_made(std::move(test));
}

std::uint32_t Tests::use_made(Test test) {
    test.path = fields_[test.field].path;
    test.hash = hash_of(test);
    std::uint32_t number = tests_.find(test.hash, [&](const Test& other) {
        return other.field == test.field && other.kind == test.kind && other.type == test.type &&
               other.operand == test.operand;
    });
    if (number == kNone)
        number = tests_.add(std::move(test));
    else
        release_field(test.field);
    ++tests_[number].uses;
    return number;
}

void Tests::release(std::uint32_t test) {
    if (--tests_[test].uses > 0) return;
    release_field(tests_[test].field);
    tests_.remove(test);
}

std::uint32_t Tests::use_field(std::uint32_t set, const analysis::Path& steps) {
    const std::uint32_t path = paths_.use(steps);
    const std::uint64_t hash = mix(set, path);
    std::uint32_t number =
        fields_.find(hash, [&](const Field& field) { return field.set == set && field.path == path; });
    if (number == kNone) {
        Field field;
        field.hash = hash;
        field.set = set;
        field.path = path;
        number = fields_.add(std::move(field));
        if (fields_of_.size() <= path) fields_of_.resize(path + 1);
        fields_of_[path].push_back(number);
    } else {
        paths_.release(path);  // the field holds it
    }
    ++fields_[number].uses;
    return number;
}

void Tests::release_field(std::uint32_t number) {
    Field& field = fields_[number];
    if (--field.uses > 0) return;
    std::erase(fields_of_[field.path], number);
    paths_.release(field.path);
    fields_.remove(number);
}

void Tests::add_entry(std::uint32_t test) {
    if (tests_[test].entries++ == 0) index(test, true);
}

void Tests::remove_entry(std::uint32_t test) {
    if (--tests_[test].entries == 0) index(test, false);
}

void Tests::index(std::uint32_t number, bool add) {
    const Test& test = tests_[number];
    Field& field = fields_[test.field];
    Field::Cast& cast = field.casts[of_type(test.type)];
    const auto count = [add](std::uint32_t& counter) { return add ? ++counter : --counter; };
    if (test.kind == Kind::exists) {
        field.exists = add ? number : kNone;
    } else if (test.kind == Kind::not_castable) {
        cast.not_castable = add ? number : kNone;
    } else if (test.kind == Kind::equal) {
        count(test.casts() ? cast.equal : field.equal_texts);
    } else if (test.kind == Kind::starts_with) {
        const std::size_t length = std::get<std::string>(test.operand).size();
        if (count(field.prefixes[length]) == 0) field.prefixes.erase(length);
    } else if (test.casts()) {
        change(cast.ranges, std::get<Range<double>>(test.operand), number, add);
    } else {
        change(field.ranges, std::get<Range<std::string>>(test.operand), number, add);
    }
}

// An event passes one of many equalities, a few ranges, and nearly always has what must exist.
double Tests::cost(std::uint32_t number) const {
    const Test& test = tests_[number];
    if (test.kind == Kind::exists) return 8.0 * (test.entries + 1);
    if (test.kind == Kind::equal) return test.entries + 1;
    if (test.kind == Kind::starts_with) return 2.0 * (test.entries + 1);
    const Field& field = fields_[test.field];
    const double found = test.casts() ? overlapping(field.casts[of_type(test.type)].ranges,
                                                    std::get<Range<double>>(test.operand))
                                      : overlapping(field.ranges, std::get<Range<std::string>>(test.operand));
    return 2.0 * (found + test.entries + 1);
}

void Tests::find_passed(Value& value, const NumberSet& sets, std::vector<std::uint32_t>& passed) const {
    if (value.path() >= fields_of_.size()) return;
    for (const std::uint32_t field : fields_of_[value.path()])
        if (sets.contains(fields_[field].set)) find_in_field(field, value, passed);
}

template <class Key>
std::uint32_t Tests::find_equal(std::uint32_t field, Type type, std::uint64_t hashed, const Key& key) const {
    using T = std::conditional_t<std::is_same_v<Key, double>, double, std::string>;
    return tests_.find(test_hash(field, Kind::equal, type, hashed), [&](const Test& test) {
        return test.field == field && test.kind == Kind::equal && test.type == type && test.entries > 0 &&
               std::get<T>(test.operand) == key;
    });
}

// The intervals are those of closed(); what lies on an open end does not pass.
void Tests::find_ranges(const auto& ranges, const auto& operand, Value& value,
                        std::vector<std::uint32_t>& passed) const {
    ranges.visit(operand, [&](std::uint32_t test) {
        if (tests_[test].passed_by(value)) passed.push_back(test);
        return true;
    });
}

void Tests::find_in_field(std::uint32_t number, Value& value, std::vector<std::uint32_t>& passed) const {
    const Field& field = fields_[number];
    const std::string_view text = value.text();
    if (field.exists != kNone) passed.push_back(field.exists);
    if (field.equal_texts > 0) {
        const std::uint32_t test = find_equal(number, Type::text, hash_of(text), text);
        if (test != kNone) passed.push_back(test);
    }
    if (!field.prefixes.empty()) find_prefixes(number, text, passed);
    if (field.ranges.size() > 0) find_ranges(field.ranges, text, value, passed);
    find_casts(number, Type::number, value, passed);
    find_casts(number, Type::boolean, value, passed);
}

void Tests::find_casts(std::uint32_t number, Type type, Value& value,
                       std::vector<std::uint32_t>& passed) const {
    const Field::Cast& cast = fields_[number].casts[of_type(type)];
    if (cast.equal == 0 && cast.ranges.size() == 0 && cast.not_castable == kNone) return;
    const double* found = value.as(type);
    std::uint32_t test = cast.not_castable;
    if (found != nullptr) {
        test = cast.equal > 0 ? find_equal(number, type, hash_of(*found), *found) : kNone;
        find_ranges(cast.ranges, *found, value, passed);
    }
    if (test != kNone) passed.push_back(test);
}

void Tests::find_prefixes(std::uint32_t number, std::string_view text,
                          std::vector<std::uint32_t>& passed) const {
    PrefixHash hash(text);
    for (const auto& [length, count] : fields_[number].prefixes) {
        if (length > text.size()) break;
        const std::string_view prefix = text.substr(0, length);
        const std::uint64_t hashed = test_hash(number, Kind::starts_with, Type::text, hash.of(length));
        const std::uint32_t test = tests_.find(hashed, [&](const Test& other) {
            return other.field == number && other.kind == Kind::starts_with && other.entries > 0 &&
                   std::get<std::string>(other.operand) == prefix;
        });
        if (test != kNone) passed.push_back(test);
    }
}

}  // namespace clacks::matching
