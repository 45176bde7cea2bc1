#include "common/xquery/plan/call.hpp"

#include <cstring>
#include <limits>

#include "common/xquery/plan/arithmetic.hpp"
#include "common/xquery/plan/basic.hpp"
#include "common/xquery/plan/predicate.hpp"
#include "common/xquery/values/atomize.hpp"
#include "common/xquery/values/cast.hpp"

namespace clacks::xquery::plan {

namespace {

bool test_text(Intrinsic which, std::string_view text, std::string_view part) {
    if (which == Intrinsic::starts_with)
        return part.empty() || (text.starts_with(part.front()) && text.starts_with(part));
    if (which == Intrinsic::ends_with) return text.ends_with(part);
    // Linear in the worst case, as std::string_view::find is not.
    if (part.empty() || part.size() > text.size()) return part.empty();
    return memmem(text.data(), text.size(), part.data(), part.size()) != nullptr;
}

// Operators that are made of their one operand.
Operator* unary_intrinsic(Intrinsic which, Plan operand, Arena& arena) {
    switch (which) {
        case Intrinsic::not_:
            return arena.make(NotOf(operand));
        case Intrinsic::boolean:
            return arena.make(BooleanOf(operand));
        case Intrinsic::exists:
            return arena.make(ExistsOf(operand, true));
        case Intrinsic::empty:
            return arena.make(ExistsOf(operand, false));
        case Intrinsic::count:
            return arena.make(CountOf(operand));
        case Intrinsic::head: {
            Predicate* first = arena.take_array<Predicate>(1).data();
            *first = Predicate();
            first->form = Predicate::Form::position;
            first->position = 1;
            return arena.make(Filter(operand, {first, 1}));
        }
        default:
            return nullptr;
    }
}

Operator* nullary_intrinsic(Intrinsic which, Arena& arena) {
    switch (which) {
        case Intrinsic::true_:
            return arena.make(Constant(Item::of_bool(true)));
        case Intrinsic::false_:
            return arena.make(Constant(Item::of_bool(false)));
        case Intrinsic::position:
            return arena.make(FocusNumber(kPosition));
        case Intrinsic::last:
            return arena.make(FocusNumber(kLast));
        default:
            return nullptr;
    }
}

Operator* intrinsic(const Function& f, std::span<const Plan> arguments, std::size_t offset, Arena& arena,
                    const StaticInfo& statics) {
    if (arguments.empty()) return nullary_intrinsic(f.intrinsic, arena);
    if (f.intrinsic == Intrinsic::starts_with || f.intrinsic == Intrinsic::ends_with ||
        f.intrinsic == Intrinsic::contains) {
        const bool bytes = arguments.size() == 2 && statics.collation == nullptr;
        return bytes ? arena.make(TextTest(f, arguments, offset)) : nullptr;
    }
    if (arguments.size() != 1) return nullptr;
    switch (f.intrinsic) {
        case Intrinsic::string:
            return arena.make(TextOf(f, arguments, offset));
        case Intrinsic::number:
            return arena.make(NumberOf(f, arguments, offset));
        case Intrinsic::constructor:
            return arena.make(Cast(arguments[0], f.result.item.atomic, true, statics));
        default:
            return unary_intrinsic(f.intrinsic, arguments[0], arena);
    }
}

// Sets the static context for a scope.
class StaticsScope {
  public:
    StaticsScope(Frame& frame, const StaticInfo& statics) : frame_(frame), saved_(frame.statics) {
        frame.statics = &statics;
    }
    ~StaticsScope() { frame_.statics = saved_; }
    StaticsScope(const StaticsScope&) = delete;
    StaticsScope& operator=(const StaticsScope&) = delete;

  private:
    Frame& frame_;
    const StaticInfo* saved_;
};

}  // namespace

Call::Call(const Function& function, std::span<const Plan> arguments, const StaticInfo* statics)
    : function_(function), arguments_(arguments), statics_(statics) {
    traits = traits_of(function.result);
    traits.effects = function.effects & ~(kContextItemIfOmitted | kContextItem);
    if (function.uses_context_item(arguments.size())) traits.effects |= kContextItem;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        traits.effects |= arguments[i]->traits.effects;
        if (function.parameter(i).takes_function()) traits.effects |= arguments[i]->traits.calling;
    }
}

Value Call::all(Frame& frame) const {
    constexpr std::size_t kUsual = 4;
    Value usual[kUsual];
    const std::size_t n = arguments_.size();
    const std::span<Value> values =
        n <= kUsual ? std::span<Value>(usual, n) : frame.arena.take_array<Value>(n);
    for (std::size_t i = 0; i < n; ++i) values[i] = arguments_[i]->all(frame);
    here(frame);
    if (statics_ == nullptr) return call(function_, frame, values);
    const StaticsScope scope(frame, *statics_);
    return call(function_, frame, values);
}

TextTest::TextTest(const Function& function, std::span<const Plan> arguments, std::size_t at)
    : which_(function.intrinsic), arguments_(arguments), general_(function, arguments) {
    traits.effects = general_.traits.effects;
    general_.offset = at;
    if (const Value* known = arguments[1]->constant()) part_ = slice_of(single_of(*known));
}

bool TextTest::ebv(Frame& frame) const {
    const std::string_view text = arguments_[0]->slice(frame);
    const std::string_view part =
        part_.data() != nullptr || text.data() == nullptr ? part_ : arguments_[1]->slice(frame);
    if (text.data() == nullptr || part.data() == nullptr) {
        const Value verdict = general_.all(frame);
        return verdict.front().boolean();
    }
    frame.steps.take(1 + text.size() / 64);
    return test_text(which_, text, part);
}

TextOf::TextOf(const Function& function, std::span<const Plan> arguments, std::size_t at)
    : operand_(arguments[0]), general_(function, arguments) {
    traits.kinds = kind_of(Type::string);
    traits.at_least_one = true;
    traits.effects = general_.traits.effects;
    general_.offset = at;
}

Single TextOf::single(Frame& frame) const {
    const std::string_view text = operand_->slice(frame);
    if (text.data() != nullptr) return {Item::of_text(text), 1};
    return general_.single(frame);
}

NumberOf::NumberOf(const Function& function, std::span<const Plan> arguments, std::size_t at)
    : operand_(arguments[0]), general_(function, arguments) {
    traits.kinds = kind_of(Type::double_);
    traits.at_least_one = true;
    traits.effects = general_.traits.effects;
    general_.offset = at;
}

Single NumberOf::single(Frame& frame) const {
    const Single value = atomized(operand_, frame);
    if (value.count > 1) return general_.single(frame);
    std::optional<Item> number;
    here(frame);
    if (value.count == 1) number = try_cast(value.item, Type::double_, frame.arena);
    return {number ? *number : Item::of_double(std::numeric_limits<double>::quiet_NaN()), 1};
}

Plan make_call(const Function& function, std::span<const Plan> arguments, std::size_t offset, Arena& arena,
               const StaticInfo& statics, bool own_operator) {
    if (own_operator && function.intrinsic == Intrinsic::unordered && arguments.size() == 1)
        return arguments[0];
    Operator* made = own_operator ? intrinsic(function, arguments, offset, arena, statics) : nullptr;
    if (made == nullptr) {
        const bool by_place = (function.effects & kNamespaces) != 0;
        made = arena.make(Call(function, arguments, by_place ? &statics : nullptr));
    }
    made->offset = offset;
    return made;
}

}  // namespace clacks::xquery::plan
