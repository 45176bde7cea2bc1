#include "common/xquery/plan/function.hpp"

#include <algorithm>
#include <string>

#include "common/xquery/plan/basic.hpp"

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
    const Activation activation(frame, function_);
    for (std::size_t i = 0; i < arguments_.size(); ++i) frame.slots[function_.parameters[i].slot] = values[i];
    const FocusScope no_focus(frame, {});
    const ModuleScope module(frame, function_.module);
    const Value result = function_.body->all(frame);
    here(frame);
    return convert(result, function_.result, {function_.shown, "result"}, frame.arena, frame.steps);
}

}  // namespace clacks::xquery::plan
