#include "common/xquery/plan/function.hpp"

#include <algorithm>
#include <memory>
#include <string>

#include "common/xquery/functions/function_reference.hpp"
#include "common/xquery/plan/basic.hpp"
#include "common/xquery/plan/deep_stack.hpp"
#include "common/xquery/plan/evaluation.hpp"
#include "common/xquery/values/describe.hpp"

namespace clacks::xquery::plan {

namespace {

// A call's own variables: those of an outer call of the same function are put aside.
class Activation {
  public:
    Activation(Frame& frame, const FunctionBody& function)
        : frame_(frame), function_(function), descent_(frame, function.levels) {
        if (frame.calls >= frame.recursion) {
            fail(Code::limit_recursion,
                 "functions call each other more than " + std::to_string(frame.recursion) + " deep",
                 "end the recursion earlier, or raise the recursion limit");
        }
        saved_ = frame.arena.take_array<Value>(function.slots);
        std::copy_n(slots(), function.slots, saved_.begin());
        ++frame.calls;
    }
    ~Activation() {
        --frame_.calls;
        std::copy_n(saved_.begin(), function_.slots, slots());
    }
    Activation(const Activation&) = delete;
    Activation& operator=(const Activation&) = delete;

  private:
    Value* slots() const { return frame_.slots.data() + function_.first_slot; }
    Frame& frame_;
    const FunctionBody& function_;
    Descent descent_;
    std::span<Value> saved_;
};

}  // namespace

FunctionCall::FunctionCall(const FunctionBody& function, std::span<const Plan> arguments)
    : function_(function), arguments_(arguments) {
    traits = traits_of(function.result);
    traits.effects = function.effects;
    for (const Plan argument : arguments) traits.effects |= argument->traits.effects;
}

Value FunctionCall::all(Frame& frame) const {
    frame.steps.take();
    const std::span<Value> values = frame.arena.take_array<Value>(arguments_.size());
    for (std::size_t i = 0; i < arguments_.size(); ++i) {
        const Value given = arguments_[i]->all(frame);
        here(frame);
        const FunctionBody::Parameter& parameter = function_.parameters[i];
        values[i] =
            convert(given, parameter.type, {function_.shown, parameter.name}, frame.arena, frame.steps);
    }
    here(frame);
    return run_body(frame, function_, values);
}

Value run_body(Frame& frame, const FunctionBody& function, std::span<const Value> arguments,
               std::span<const Captured> captured, std::span<const Value> values) {
    if (frame.program != function.program) {
        Frame own = xquery::detail::begin_within(*function.program, frame);
        return run_body(own, function, arguments, captured, values);
    }
    const std::size_t where = frame.where;
    const Activation activation(frame, function);
    for (std::size_t i = 0; i < arguments.size(); ++i)
        frame.slots[function.parameters[i].slot] = arguments[i];
    for (std::size_t i = 0; i < captured.size(); ++i) frame.slots[captured[i].inner] = values[i];
    const FocusScope no_focus(frame, {});
    const ModuleScope module(frame, function.module);
    const Value result = all_of_body(function.body, frame);
    frame.where = where;
    return convert(result, function.result, {function.shown, "result"}, frame.arena, frame.steps);
}

namespace {

class Closure final : public FunctionItem {
  public:
    Closure(const FunctionBody& body, std::span<const SequenceType> types, std::span<const Captured> captured,
            std::span<const Value> values)
        : body_(body), captured_(captured), values_(values) {
        parameters = types;
        result = body.result;
    }
    Value run(CallContext& context, std::span<const Value> arguments) const override {
        return run_body(static_cast<Frame&>(context), body_, arguments, captured_, values_);
    }

  private:
    const FunctionBody& body_;
    std::span<const Captured> captured_;
    std::span<const Value> values_;
};

}  // namespace

DeclaredFunction::DeclaredFunction(const FunctionBody& body, const QName* its_name,
                                   std::span<const SequenceType> types)
    : body_(body) {
    name = its_name;
    shown = body.shown;
    parameters = types;
    result = body.result;
}

Value DeclaredFunction::run(CallContext& context, std::span<const Value> arguments) const {
    return run_body(static_cast<Frame&>(context), body_, arguments);
}

InlineFunction::InlineFunction(const FunctionBody& body, std::span<const Captured> captured,
                               std::span<const SequenceType> types)
    : body_(body), captured_(captured), types_(types) {
    traits.at_least_one = true;
    traits.kinds = kind_of(Type::function);
    traits.calling = body.effects;
}

Single InlineFunction::single(Frame& frame) const {
    const std::span<Value> values = frame.arena.take_array<Value>(captured_.size());
    for (std::size_t i = 0; i < values.size(); ++i)
        std::construct_at(&values[i], frame.slots[captured_[i].outer]);
    frame.steps.take(1 + values.size());
    return {Item::of_function(*frame.arena.make(Closure(body_, types_, captured_, values))), 1};
}

namespace {

// A function that is given another one may call it, and what it is given is known to nobody here.
std::uint16_t effects_of_calls(const Function& function) {
    const bool calls = std::any_of(function.parameters.begin(), function.parameters.end(),
                                   [](const Parameter& one) { return one.takes_function(); });
    return calls ? kAnyCall : function.effects & kAnyCall;
}

}  // namespace

FunctionReference::FunctionReference(const Function& function, std::size_t arity, const StaticInfo& statics)
    : function_(function), arity_(arity), statics_(statics) {
    traits.at_least_one = true;
    traits.kinds = kind_of(Type::function);
    traits.effects = function.effects & kFocus;
    if (function.uses_context_item(arity)) traits.effects |= kContextItem;
    traits.calling = effects_of_calls(function);
}

Single FunctionReference::single(Frame& frame) const {
    frame.steps.take();
    return {library_function(function_, arity_, frame.focus, statics_, frame.arena), 1};
}

DynamicCall::DynamicCall(Plan function, std::span<const Plan> arguments)
    : function_(function),
      arguments_(arguments),
      partial_(std::find(arguments.begin(), arguments.end(), nullptr) != arguments.end()) {
    traits.effects = function->traits.effects;
    for (const Plan argument : arguments) {
        if (argument != nullptr) traits.effects |= argument->traits.effects;
    }
    if (partial_) {
        traits.kinds = kFunctions;
        traits.calling = function->traits.calling;
    } else {
        traits.effects |= function->traits.calling;
    }
}

Value DynamicCall::all(Frame& frame) const {
    const Single function = function_->single(frame);
    here(frame);
    if (function.count != 1 || !is_function(function.item.type)) {
        fail(Code::XPTY0004,
             "exactly one function can be called, and this is " +
                 (function.count == 1 ? describe(function.item)
                                      : std::string(function.empty() ? "an empty sequence" : "a sequence")));
    }
    if (partial_) return apply(function.item, frame);
    const std::span<Value> values = frame.arena.take_array<Value>(arguments_.size());
    for (std::size_t i = 0; i < values.size(); ++i) std::construct_at(&values[i], arguments_[i]->all(frame));
    here(frame);
    return call_item(frame, function.item, values);
}

Value DynamicCall::apply(const Item& function, Frame& frame) const {
    if (arity_of(function) != arguments_.size())
        fail(Code::XPTY0004, describe(function) + " takes " + std::to_string(arity_of(function)) +
                                 " arguments and is applied to " + std::to_string(arguments_.size()));
    // Maps and arrays take one argument, so there is nothing given.
    if (function.type != Type::function) return coerce(function, any_function_of_one(), frame.arena);
    const std::span<const Value*> given = frame.arena.take_array<const Value*>(arguments_.size());
    for (std::size_t i = 0; i < given.size(); ++i) {
        given[i] = nullptr;
        if (arguments_[i] == nullptr) continue;
        const Value value = arguments_[i]->all(frame);
        here(frame);
        given[i] =
            frame.arena.make(convert(value, function.function().parameters[i],
                                     {function.function().shown, "argument"}, frame.arena, frame.steps));
    }
    return apply_partly(function, given, frame.arena);
}

}  // namespace clacks::xquery::plan
