#include "common/matching/tests.hpp"

#include <algorithm>
#include <limits>
#include <type_traits>

#include "common/matching/hash.hpp"

namespace clacks::matching {

namespace {

namespace analysis = xquery::analysis;
using Kind = Test::Kind;
using matching::hash_of;

Type type_of(const analysis::Literal& literal) {
    if (std::holds_alternative<double>(literal)) return Type::number;
    return std::holds_alternative<bool>(literal) ? Type::boolean : Type::text;
}

Operand operand_of(const analysis::Literal& literal) {
    if (const auto* text = std::get_if<std::string>(&literal)) return *text;
    if (const auto* number = std::get_if<double>(&literal)) return *number;
    return std::get<bool>(literal) ? 1.0 : 0.0;
}

template <class T>
Range<T> range_of(const analysis::Test& test) {
    Range<T> range;
    if (test.low) {
        range.low = std::get<T>(operand_of(test.low->value));
        range.low_included = test.low->included;
    }
    if (test.high) {
        range.high = std::get<T>(operand_of(test.high->value));
        range.high_included = test.high->included;
    }
    return range;
}

// Not yet of a field.
Test made_of(const analysis::Test& from) {
    Test test;
    test.kind = from.kind;
    if (from.kind == Kind::exists) return test;
    if (from.kind != Kind::within) {
        test.type = type_of(from.literal);
        test.operand = operand_of(from.literal);
    } else if (!from.low && !from.high) {
        test.kind = Kind::exists;
    } else {
        test.type = type_of((from.low ? from.low : from.high)->value);
        if (test.type == Type::text)
            test.operand = range_of<std::string>(from);
        else
            test.operand = range_of<double>(from);
    }
    return test;
}

// -0 is 0.
std::uint64_t hash_of(double number) {
    return std::bit_cast<std::uint64_t>(number + 0.0);
}

template <class T>
std::uint64_t hash_of(const Range<T>& range) {
    const std::uint64_t low = range.low ? hash_of(*range.low) : 1;
    const std::uint64_t high = range.high ? hash_of(*range.high) : 2;
    return mix(mix(low, high), (range.low_included ? 1 : 0) + (range.high_included ? 2 : 0));
}

std::uint64_t hash_of(std::monostate) {
    return 0;
}

std::uint64_t test_hash(std::uint32_t field, Kind kind, Type type, std::uint64_t operand) {
    return mix(
        (std::uint64_t{field} << 16) | (static_cast<unsigned>(kind) << 8) | static_cast<unsigned>(type),
        operand);
}

std::uint64_t hash_of(const Test& test) {
    std::uint64_t operand = 0;
    if (test.kind == Kind::starts_with) {
        const auto& text = std::get<std::string>(test.operand);
        operand = PrefixHash(text).of(text.size());
    } else {
        operand = std::visit([](const auto& value) { return hash_of(value); }, test.operand);
    }
    return test_hash(test.field, test.kind, test.type, operand);
}

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

bool Test::passed_by(Value& value) const {
    if (kind == Kind::exists) return true;
    if (kind == Kind::starts_with) return value.text().starts_with(std::get<std::string>(operand));
    const auto holds = [this](const auto& found) {
        using T =
            std::conditional_t<std::is_same_v<std::decay_t<decltype(found)>, double>, double, std::string>;
        if (kind == Kind::within) return std::get<Range<T>>(operand).contains(found);
        return (found == std::get<T>(operand)) == (kind == Kind::equal);
    };
    if (type == Type::text) return holds(value.text());
    const double* number = value.as(type);
    return number != nullptr && holds(*number);
}

std::uint32_t Tests::use(std::uint32_t set, const analysis::Test& from) {
    Test test = made_of(from);
    test.field = use_field(set, from.path);
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
    const auto count = [add](std::uint32_t& counter) { return add ? ++counter : --counter; };
    if (test.kind == Kind::exists) {
        field.exists = add ? number : kNone;
    } else if (test.kind == Kind::equal) {
        count(field.equal[static_cast<std::size_t>(test.type)]);
    } else if (test.kind == Kind::starts_with) {
        const std::size_t length = std::get<std::string>(test.operand).size();
        if (count(field.prefixes[length]) == 0) field.prefixes.erase(length);
    } else if (test.type == Type::text) {
        change(field.texts, std::get<Range<std::string>>(test.operand), number, add);
    } else {
        change(field.numbers[of_type(test.type)], std::get<Range<double>>(test.operand), number, add);
    }
}

// An event passes one of many equalities, a few ranges, and nearly always has what must exist.
double Tests::cost(std::uint32_t number) const {
    const Test& test = tests_[number];
    if (test.kind == Kind::exists) return 8.0 * (test.entries + 1);
    if (test.kind == Kind::equal) return test.entries + 1;
    if (test.kind == Kind::starts_with) return 2.0 * (test.entries + 1);
    const Field& field = fields_[test.field];
    const double found =
        test.type == Type::text
            ? overlapping(field.texts, std::get<Range<std::string>>(test.operand))
            : overlapping(field.numbers[of_type(test.type)], std::get<Range<double>>(test.operand));
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

void Tests::find_in_field(std::uint32_t number, Value& value, std::vector<std::uint32_t>& passed) const {
    const Field& field = fields_[number];
    const auto add = [&](std::uint32_t test) {
        if (test != kNone) passed.push_back(test);
    };
    add(field.exists);
    if (field.equal[0] > 0) add(find_equal(number, Type::text, hash_of(value.text()), value.text()));
    for (const Type type : {Type::number, Type::boolean}) {
        if (field.equal[static_cast<std::size_t>(type)] == 0) continue;
        if (const double* found = value.as(type)) add(find_equal(number, type, hash_of(*found), *found));
    }
    if (!field.prefixes.empty()) find_prefixes(number, value.text(), passed);
    find_ranges(field, value, passed);
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

void Tests::find_ranges(const Field& field, Value& value, std::vector<std::uint32_t>& passed) const {
    // The intervals are those of closed(); what lies on an open end does not pass.
    const auto add = [&](std::uint32_t test) {
        if (tests_[test].passed_by(value)) passed.push_back(test);
        return true;
    };
    if (field.texts.size() > 0) field.texts.visit(value.text(), add);
    for (const Type type : {Type::number, Type::boolean}) {
        const Intervals<double>& intervals = field.numbers[of_type(type)];
        if (intervals.size() == 0) continue;
        if (const double* found = value.as(type)) intervals.visit(*found, add);
    }
}

}  // namespace clacks::matching
