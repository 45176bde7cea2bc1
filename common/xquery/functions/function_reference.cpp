#include "common/xquery/functions/function_reference.hpp"

#include <memory>

namespace clacks::xquery {

namespace {

// The static context and the focus of another place, for a scope.
class Elsewhere {
  public:
    Elsewhere(CallContext& context, const StaticInfo& statics, const Focus* focus)
        : context_(context), statics_(context.statics), focus_(context.focus) {
        context.statics = &statics;
        if (focus != nullptr) context.focus = *focus;
    }
    ~Elsewhere() {
        context_.statics = statics_;
        context_.focus = focus_;
    }
    Elsewhere(const Elsewhere&) = delete;
    Elsewhere& operator=(const Elsewhere&) = delete;

  private:
    CallContext& context_;
    const StaticInfo* statics_;
    Focus focus_;
};

class LibraryFunction final : public FunctionItem {
  public:
    LibraryFunction(const Function& function, const QName* its_name, std::span<const SequenceType> types,
                    const Focus* focus, const StaticInfo& statics)
        : function_(function), focus_(focus), statics_(statics) {
        name = its_name;
        shown = function.shown;
        parameters = types;
        result = function.result;
    }
    Value run(CallContext& context, std::span<const Value> arguments) const override {
        constexpr unsigned kOfThePlace = kCollation | kNamespaces | kBaseUri;
        if (focus_ == nullptr && (function_.effects & kOfThePlace) == 0)
            return function_.run(context, arguments);
        const Elsewhere there(context, statics_, focus_);
        return function_.run(context, arguments);
    }

  private:
    const Function& function_;
    const Focus* focus_;  // null: the function does not use it
    const StaticInfo& statics_;
};

}  // namespace

Item library_function(const Function& function, std::size_t arity, const Focus& focus,
                      const StaticInfo& statics, Arena& arena) {
    const std::span<SequenceType> types = arena.take_array<SequenceType>(arity);
    for (std::size_t i = 0; i < arity; ++i) std::construct_at(&types[i], function.parameter(i).type);
    const bool focused = (function.effects & kFocus) != 0 || function.uses_context_item(arity);
    const QName* name =
        arena.make(QName{function.uri, function.local, function.shown.substr(0, function.shown.find(':'))});
    return Item::of_function(
        *arena.make(LibraryFunction(function, name, types, focused ? arena.make(focus) : nullptr, statics)));
}

const InnerTypes& any_function_of_one() {
    static const SequenceType argument = [] {
        SequenceType type;
        type.occurrence = Occurrence::one;
        return type;
    }();
    static const SequenceType anything;
    static const InnerTypes types{{&argument, 1}, &anything};
    return types;
}

}  // namespace clacks::xquery
