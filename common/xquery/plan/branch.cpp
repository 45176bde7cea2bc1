#include "common/xquery/plan/branch.hpp"

#include <algorithm>
#include <string>

#include "common/xquery/plan/evaluation.hpp"
#include "common/xquery/values/atomize.hpp"
#include "common/xquery/values/compare.hpp"

namespace clacks::xquery::plan {

namespace {

// One more branch that may give the result.
void join(Traits& traits, const Traits& branch) {
    traits.type() = either(traits, branch);
    traits.effects |= branch.effects;
}

}  // namespace

Switch::Switch(Plan operand, std::span<const SwitchCase> cases, Plan otherwise)
    : operand_(operand), cases_(cases), otherwise_(otherwise) {
    traits.type() = otherwise->traits.type();
    traits.effects = operand->traits.effects | otherwise->traits.effects;
    for (const SwitchCase& one : cases) {
        join(traits, one.result->traits);
        for (const Plan value : one.values) traits.effects |= value->traits.effects;
    }
}

Single Switch::operand(Plan plan, Frame& frame) const {
    const Single result = atomized(plan, frame);
    frame.where = plan->offset;
    if (result.count > 1) fail(Code::XPTY0004, "an operand of switch is a sequence of more than one item");
    return result;
}

Value Switch::all(Frame& frame) const {
    const auto plain = [](Single s) {
        if (s.count == 1 && s.item.type == Type::untyped_atomic) s.item.type = Type::string;
        return s;
    };
    const Single wanted = plain(operand(operand_, frame));
    for (const SwitchCase& one : cases_) {
        for (const Plan value : one.values) {
            const Single found = plain(operand(value, frame));
            const bool same = found.count == wanted.count &&
                              (found.empty() || same_atomic(found.item, wanted.item, frame.comparing()));
            if (same) return one.result->all(frame);
        }
    }
    return otherwise_->all(frame);
}

Typeswitch::Typeswitch(Plan operand, std::span<const TypeswitchCase> cases)
    : operand_(operand), cases_(cases) {
    traits.type() = cases.back().result->traits.type();
    traits.effects = operand->traits.effects;
    for (const TypeswitchCase& one : cases) join(traits, one.result->traits);
}

Value Typeswitch::all(Frame& frame) const {
    const Value value = operand_->all(frame);
    const auto fits = [&](const TypeswitchCase& one) {
        return one.types.empty() ||
               std::any_of(one.types.begin(), one.types.end(),
                           [&](const SequenceType& type) { return matches(value, type, &frame.steps); });
    };
    const TypeswitchCase& chosen = *std::find_if(cases_.begin(), cases_.end(), fits);
    if (chosen.slot != kNoSlot) frame.slots[chosen.slot] = value;
    return chosen.result->all(frame);
}

TryCatch::TryCatch(const xquery::detail::Program& program, Plan body, std::span<const CatchClause> clauses)
    : program_(program), body_(body), clauses_(clauses) {
    traits.type() = body->traits.type();
    traits.effects = body->traits.effects;
    for (const CatchClause& clause : clauses) join(traits, clause.body->traits);
}

void TryCatch::bind(const CatchClause& clause, const Error& error, Frame& frame) const {
    const Diagnostic shown = xquery::detail::diagnose(error, program_);
    const auto copy = [&](std::string_view text) { return frame.arena.copy(text); };
    const QName code{copy(error.uri), copy(error.name), copy(error.prefix)};
    Value* const slots = frame.slots.data() + clause.first_slot;
    std::fill_n(slots, std::size(CatchClause::kVariables), Value());
    slots[0] = Item::of_qname(*frame.arena.make(code));
    slots[1] = Item::of_text(copy(error.message));
    if (error.value != nullptr) slots[2] = *error.value;
    slots[3] = Item::of_text(copy(shown.source));
    if (shown.line == 0) return;
    slots[4] = Item::of_integer(shown.line);
    slots[5] = Item::of_integer(shown.column);
}

Value TryCatch::all(Frame& frame) const {
    const Focus focus = frame.focus;
    try {
        return body_->all(frame);
    } catch (Error& error) {
        if (is_limit(error.code)) throw;
        if (error.offset == Error::kNowhere) error.offset = frame.where;
        frame.focus = focus;
        const auto takes = [&](const CaughtName& one) {
            return (one.any_uri || one.uri == error.uri) && (one.any_local || one.local == error.name);
        };
        const auto clause = std::find_if(clauses_.begin(), clauses_.end(), [&](const CatchClause& one) {
            return std::any_of(one.names.begin(), one.names.end(), takes);
        });
        if (clause == clauses_.end()) throw;
        bind(*clause, error, frame);
        return clause->body->all(frame);
    }
}

}  // namespace clacks::xquery::plan
