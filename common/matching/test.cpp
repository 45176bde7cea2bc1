#include "common/matching/test.hpp"

#include <bit>
#include <type_traits>

#include "common/matching/hash.hpp"

namespace clacks::matching {

namespace {

namespace analysis = xquery::analysis;
using Kind = Test::Kind;

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

Kind kind_of(analysis::Test::Kind kind) {
    switch (kind) {
        case analysis::Test::Kind::equal:
            return Kind::equal;
        case analysis::Test::Kind::not_equal:
            return Kind::not_equal;
        case analysis::Test::Kind::within:
            return Kind::within;
        case analysis::Test::Kind::starts_with:
            return Kind::starts_with;
        default:
            return Kind::exists;
    }
}

struct OperandHash {
    std::uint64_t operator()(std::monostate) const { return 0; }
    std::uint64_t operator()(const std::string& text) const { return hash_of(text); }
    std::uint64_t operator()(double number) const { return hash_of(number); }
    template <class T>
    std::uint64_t operator()(const Range<T>& range) const {
        const std::uint64_t low = range.low ? (*this)(*range.low) : 1;
        const std::uint64_t high = range.high ? (*this)(*range.high) : 2;
        return mix(mix(low, high), (range.low_included ? 1 : 0) + (range.high_included ? 2 : 0));
    }
};

}  // namespace

Test made_of(const analysis::Test& from) {
    Test test;
    test.kind = kind_of(from.kind);
    if (test.kind == Kind::exists) return test;
    if (test.kind != Kind::within) {
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
        operand = std::visit(OperandHash(), test.operand);
    }
    return test_hash(test.field, test.kind, test.type, operand);
}

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
    if (kind == Kind::not_castable) return number == nullptr;
    return number != nullptr && holds(*number);
}

}  // namespace clacks::matching
