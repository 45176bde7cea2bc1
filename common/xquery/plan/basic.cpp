#include "common/xquery/plan/basic.hpp"

#include <algorithm>
#include <limits>
#include <string>

#include "common/xquery/plan/deep_stack.hpp"
#include "common/xquery/plan/order.hpp"
#include "common/xquery/values/atomize.hpp"
#include "common/xquery/values/number.hpp"

namespace clacks::xquery::plan {

namespace {

constexpr std::uint16_t effects_of(std::span<const Plan> parts) {
    std::uint16_t effects = 0;
    for (const Plan p : parts) effects |= p->traits.effects;
    return effects;
}

}  // namespace

SequenceType optional_integer() {
    return {ItemType::of(Type::integer), Occurrence::optional};
}

Traits traits_of(const SequenceType& type) {
    Traits t{static_type_of(type)};
    t.ordered = t.disjoint = t.at_most_one;
    return t;
}

Constant::Constant(const Value& value) : value_(value) {
    traits.type() = static_type_of(value);
    traits.ordered = traits.disjoint = value.size() <= 1;
}

LocalVariable::LocalVariable(std::uint32_t slot, const Traits& known) : slot_(slot) {
    traits = known;
    traits.effects = 0;
}

bool LocalVariable::ebv(Frame& frame) const {
    here(frame);
    return effective_boolean_value(frame.slots[slot_]);
}

GlobalReference::GlobalReference(const GlobalVariable& variable) : variable_(variable) {
    if (variable.typed) {
        traits = traits_of(variable.type);
    } else if (!variable.external && variable.init != nullptr) {
        traits = variable.init->traits;
    }
    traits.effects = 0;
}

Error depends_on_itself(const GlobalVariable& variable) {
    Error error{Code::XQDY0054, "the value of " + std::string(variable.name) + " depends on itself",
                "give it a value that does not use it, also not by the functions that it calls",
                std::string(code_name(Code::XQDY0054))};
    error.offset = variable.offset;
    error.length = variable.name.size() - 1;
    return error;
}

Value GlobalReference::all(Frame& frame) const {
    Value& slot = frame.slots[variable_.slot];
    Making& made = frame.made[variable_.slot];
    if (made == Making::done) return slot;
    here(frame);
    if (made == Making::begun) {
        Error error = depends_on_itself(variable_);
        error.offset = offset;
        throw error;
    }
    made = Making::begun;
    try {
        slot = make(frame);
    } catch (...) {
        made = Making::not_begun;
        throw;
    }
    made = Making::done;
    return slot;
}

Value GlobalReference::make(Frame& frame) const {
    const GlobalVariable& v = variable_;
    const FocusScope scope(frame, frame.initial_focus);
    const Descent descent(frame, v.levels);
    const ModuleScope module(frame, v.module);
    const ConversionSite site{{}, v.name.substr(1)};
    if (v.external && frame.bound[v.binding]) {
        here(frame);
        const Value& given = frame.external[v.binding];
        return v.typed ? convert(given, v.type, site, frame.arena, frame.steps) : given;
    }
    if (v.init != nullptr) {
        const Value value = all_of_body(v.init, frame);
        here(frame);
        if (v.typed && !matches(value, v.type, &frame.steps)) {
            fail(Code::XPTY0004,
                 "the value of " + std::string(v.name) + " is not of its type " + to_string(v.type));
        }
        return value;
    }
    here(frame);
    fail(Code::XPDY0002, "the external variable " + std::string(v.name) + " is given no value",
         "give it one, or a default: declare variable " + std::string(v.name) + " external := …");
}

Comma::Comma(std::span<const Plan> parts) : parts_(parts) {
    StaticType known{kNothing, true, false, false};
    for (const Plan p : parts) known = followed_by(known, p->traits);
    traits.type() = known;
    traits.effects = effects_of(parts);
}

bool Comma::push(Frame& frame, Sink& sink) const {
    return std::all_of(parts_.begin(), parts_.end(), [&](Plan p) { return p->push(frame, sink); });
}

Value LiteralTooLarge::all(Frame& frame) const {
    here(frame);
    fail(Code::FOAR0002, "the number has more digits than are held", "write it as a double: 1e40");
}

Range::Range(Plan from, Plan to) : from_(from), to_(to) {
    traits.kinds = kind_of(Type::integer);
    traits.effects = from->traits.effects | to->traits.effects;
}

Single Range::bound(Plan end, Frame& frame) const {
    const Single plain = end->single(frame);
    if (plain.empty() || (plain.count == 1 && plain.item.type == Type::integer && !plain.item.wide()))
        return plain;
    const Value value = plain.count == 1 ? Value(plain.item) : end->all(frame);
    here(frame);
    const Value whole = convert(value, optional_integer(), {"to", "bound"}, frame.arena, frame.steps);
    if (whole.empty()) return {};
    return {whole.front(), 1};
}

Range::Bounds Range::bounds(Frame& frame) const {
    const Single from = bound(from_, frame);
    const Single to = bound(to_, frame);
    if (from.empty() || to.empty()) return {};
    here(frame);
    return {integer_of(from.item), integer_of(to.item)};
}

bool Range::Bounds::fits() const {
    constexpr Int128 kLeast = std::numeric_limits<std::int64_t>::min();
    constexpr Int128 kMost = std::numeric_limits<std::int64_t>::max();
    return from > to || (from >= kLeast && to <= kMost);
}

Value Range::Bounds::value() const {
    if (from > to) return {};
    const auto span = static_cast<std::uint64_t>(to - from);
    if (span == ~std::uint64_t{0}) fail(Code::FOAR0002, "the range has more integers than can be counted");
    return Value::range(static_cast<std::int64_t>(from), span + 1);
}

bool Range::push(Frame& frame, Sink& sink) const {
    return push(bounds(frame), frame, sink);
}

bool Range::push(const Bounds& of, Frame& frame, Sink& sink) {
    if (of.fits()) return push_value(of.value(), frame, sink);
    for (Int128 i = of.from;; ++i) {
        frame.steps.take();
        if (!sink.take(make_integer(i, frame.arena))) return false;
        if (i == of.to) return true;
    }
}

Value Range::all(Frame& frame) const {
    const Bounds of = bounds(frame);
    if (of.fits()) return of.value();
    Collector collector(frame);
    push(of, frame, collector);
    return collector.value();
}

bool Range::exists(Frame& frame) const {
    const Bounds of = bounds(frame);
    return of.from <= of.to;
}

std::uint64_t Range::count(Frame& frame, std::uint64_t stop_at) const {
    const Bounds of = bounds(frame);
    if (of.fits()) return of.value().size();
    const UInt128 span = static_cast<UInt128>(of.to) - static_cast<UInt128>(of.from);
    constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
    if (span < kMost) return static_cast<std::uint64_t>(span) + 1;
    if (stop_at <= kMost) return stop_at;
    fail(Code::FOAR0002, "the range has more integers than can be counted");
}

If::If(Plan condition, Plan then, Plan otherwise)
    : condition_(condition), then_(then), otherwise_(otherwise) {
    const Traits& a = then->traits;
    const Traits& b = otherwise->traits;
    traits.type() = either(a, b);
    traits.effects = condition->traits.effects | a.effects | b.effects;
    traits.ordered = a.ordered && b.ordered;
    traits.disjoint = a.disjoint && b.disjoint;
}

Logic::Logic(Form form, std::span<const Plan> parts) : form_(form), parts_(parts) {
    traits.effects = effects_of(parts);
}

bool Logic::ebv(Frame& frame) const {
    const bool decides = form_ == Form::any;
    for (const Plan part : parts_) {
        if (part->ebv(frame) == decides) return decides;
    }
    return !decides;
}

NodeSet::NodeSet(Form form, Plan left, Plan right) : form_(form), left_(left), right_(right) {
    traits.kinds = left->traits.kinds & kNodes;
    if (form == Form::unite) traits.kinds |= right->traits.kinds & kNodes;
    if (form == Form::intersect) traits.kinds &= right->traits.kinds;
    traits.ordered = true;
    traits.effects = left->traits.effects | right->traits.effects;
    if (form != Form::unite) {
        traits.at_most_one = left->traits.at_most_one;
        traits.disjoint = left->traits.disjoint;
    }
}

std::span<Item> NodeSet::nodes(Plan plan, Frame& frame) const {
    SequenceBuilder builder(frame.arena);
    builder.add(plan->all(frame));
    here(frame);
    for (const Item& item : builder.items()) {
        frame.steps.take();
        if (!item.is_node()) {
            fail(Code::XPTY0004, "union, intersect and except take nodes, and got a value of type " +
                                     std::string(type_name(item.type)));
        }
    }
    return builder.items().first(sort_nodes(builder.items()));
}

// To `out`, which has room for both; their end.
Item* NodeSet::combine(std::span<const Item> a, std::span<const Item> b, Item* out) const {
    const auto less = [](const Item& x, const Item& y) { return precedes(x, y); };
    switch (form_) {
        case Form::unite:
            return std::set_union(a.begin(), a.end(), b.begin(), b.end(), out, less);
        case Form::intersect:
            return std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), out, less);
        case Form::except:
            break;
    }
    return std::set_difference(a.begin(), a.end(), b.begin(), b.end(), out, less);
}

Value NodeSet::all(Frame& frame) const {
    const std::span<Item> a = nodes(left_, frame);
    const std::span<Item> b = nodes(right_, frame);
    const std::span<Item> out = frame.arena.take_array<Item>(a.size() + b.size());
    const Item* end = combine(a, b, out.data());
    return {out.data(), static_cast<std::uint64_t>(end - out.data())};
}

NotOf::NotOf(Plan operand) : operand_(operand) {
    traits.effects = operand->traits.effects;
}

BooleanOf::BooleanOf(Plan operand) : operand_(operand) {
    traits.effects = operand->traits.effects;
}

ExistsOf::ExistsOf(Plan operand, bool wanted) : operand_(operand), wanted_(wanted) {
    traits.effects = operand->traits.effects;
}

CountOf::CountOf(Plan operand) : operand_(operand) {
    traits.kinds = kind_of(Type::integer);
    traits.at_least_one = true;
    traits.effects = operand->traits.effects;
}

Single CountOf::single(Frame& frame) const {
    const std::uint64_t n = operand_->count(frame, ~std::uint64_t{0});
    return {make_integer(static_cast<Int128>(n), frame.arena), 1};
}

FocusNumber::FocusNumber(Effect which) : which_(which) {
    traits.kinds = kind_of(Type::integer);
    traits.at_least_one = true;
    traits.effects = which;
}

Single FocusNumber::single(Frame& frame) const {
    if (!frame.focus.present) {
        here(frame);
        fail(Code::XPDY0002, std::string("there is no context item here, and so no ") +
                                 (which_ == kLast ? "last()" : "position()"));
    }
    return {Item::of_integer(
                static_cast<std::int64_t>(which_ == kLast ? frame.focus.size : frame.focus.position)),
            1};
}

}  // namespace clacks::xquery::plan
