#include "common/xquery/plan/arithmetic.hpp"

#include <cstring>
#include <string>

#include "common/xquery/plan/basic.hpp"
#include "common/xquery/values/atomize.hpp"
#include "common/xquery/values/cast.hpp"

namespace clacks::xquery::plan {

namespace {

// An atomized operand of at most one item.
Single operand_of(Plan plan, Frame& frame, std::size_t where, std::string_view what) {
    const Single result = atomized(plan, frame);
    frame.where = where;
    if (result.count > 1) {
        fail(Code::XPTY0004, "an operand of " + std::string(what) + " is a sequence of more than one item",
             "select one of them, or use fn:sum, fn:string-join … on all");
    }
    return result;
}

[[noreturn]] void no_value(std::string_view type) {
    fail(Code::XPTY0004, "an empty sequence cannot be cast to " + std::string(type),
         "write '?' behind the type where there may be no value");
}

}  // namespace

Calculation::Calculation(Arithmetic op, Plan left, Plan right) : op_(op), left_(left), right_(right) {
    traits.kinds = arithmetic_kinds(op, left->traits.kinds, right->traits.kinds);
    traits.at_least_one = left->traits.at_least_one && right->traits.at_least_one;
    traits.effects = left->traits.effects | right->traits.effects;
}

Single Calculation::single(Frame& frame) const {
    const Single a = operand_of(left_, frame, offset, symbol(op_));
    if (a.empty()) return {};
    const Single b = operand_of(right_, frame, offset, symbol(op_));
    if (b.empty()) return {};
    return {arithmetic(op_, a.item, b.item, frame.arena, frame.implicit_zone), 1};
}

Sign::Sign(bool minus, Plan operand) : minus_(minus), operand_(operand) {
    traits.kinds = sign_kinds(operand->traits.kinds);
    traits.at_least_one = operand->traits.at_least_one;
    traits.effects = operand->traits.effects;
}

Single Sign::single(Frame& frame) const {
    const Single a = operand_of(operand_, frame, offset, minus_ ? "unary -" : "unary +");
    if (a.empty()) return {};
    return {minus_ ? negate(a.item, frame.arena) : unary_plus(a.item, frame.arena), 1};
}

Concatenation::Concatenation(std::span<const Plan> parts) : parts_(parts) {
    traits.kinds = kind_of(Type::string);
    traits.at_least_one = true;
    for (const Plan p : parts) traits.effects |= p->traits.effects;
}

Single Concatenation::single(Frame& frame) const {
    const std::span<std::string_view> texts = frame.arena.take_array<std::string_view>(parts_.size());
    std::size_t length = 0;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
        const Single part = operand_of(parts_[i], frame, offset, "||");
        texts[i] = part.empty() ? std::string_view() : string_of(part.item, frame.arena);
        length += texts[i].size();
    }
    char* const out = frame.arena.take_array<char>(length).data();
    char* to = out;
    for (const std::string_view text : texts) {
        if (!text.empty()) std::memcpy(to, text.data(), text.size());
        to += text.size();
    }
    frame.steps.take(length / 64);
    return {Item::of_text({out, length}), 1};
}

Cast::Cast(Plan operand, Type type, bool allow_empty, const StaticInfo& statics)
    : operand_(operand), type_(type), allow_empty_(allow_empty), statics_(statics) {
    traits.kinds = kinds_of(ItemType::of(type));
    traits.at_least_one = !allow_empty || operand->traits.at_least_one;
    traits.effects = operand->traits.effects;
}

Single Cast::single(Frame& frame) const {
    const Single value = operand_of(operand_, frame, offset, "cast as");
    if (!value.empty()) return {cast(value.item, type_, frame.arena, statics_.namespaces), 1};
    if (allow_empty_) return {};
    no_value(type_name(type_));
}

ListCast::ListCast(Plan operand, const CastTarget& target) : operand_(operand), target_(target) {
    traits.kinds = kinds_of(ItemType::of(target.type));
    traits.effects = operand->traits.effects;
}

Value ListCast::all(Frame& frame) const {
    const Single value = operand_of(operand_, frame, offset, "cast as");
    if (!value.empty()) return cast_list(value.item, target_.type, frame.arena);
    if (target_.allow_empty) return {};
    no_value("a list of " + std::string(type_name(target_.type)));
}

Castable::Castable(Plan operand, const CastTarget& target, const StaticInfo& statics)
    : operand_(operand), target_(target), statics_(statics) {
    traits.effects = operand->traits.effects;
}

bool Castable::ebv(Frame& frame) const {
    const Value raw = operand_->all(frame);
    here(frame);
    const Value value = atomize(raw, frame.arena, frame.steps);
    if (value.size() != 1) return value.empty() && target_.allow_empty;
    if (!target_.list)
        return try_cast(value.front(), target_.type, frame.arena, statics_.namespaces).has_value();
    try {
        return !cast_list(value.front(), target_.type, frame.arena).empty();
    } catch (const Error& error) {
        if (error.code >= Code::limit_query_bytes) throw;
        return false;
    }
}

InstanceOf::InstanceOf(Plan operand, const SequenceType& type) : operand_(operand), type_(type) {
    traits.effects = operand->traits.effects;
}

bool InstanceOf::ebv(Frame& frame) const {
    const Value value = operand_->all(frame);
    here(frame);
    return matches(value, type_, &frame.steps);
}

Checked::Checked(Plan operand, const SequenceType& type, Code code, std::string_view what)
    : operand_(operand), type_(type), code_(code), what_(what) {
    traits = traits_of(type);
    traits.ordered |= operand->traits.ordered;
    traits.disjoint |= operand->traits.disjoint;
    traits.effects = operand->traits.effects;
}

Value Checked::all(Frame& frame) const {
    const Value value = operand_->all(frame);
    here(frame);
    if (matches(value, type_, &frame.steps)) return value;
    fail(code_, std::string(what_) + " is not of the type " + to_string(type_));
}

}  // namespace clacks::xquery::plan
