#include "agent/pipeline/expressions.hpp"

#include <utility>

#include "agent/pipeline/match.hpp"

namespace clacks {

namespace {

class CompiledExpression final : public Expression {
  public:
    CompiledExpression(xquery::Query query, const xquery::Limits& limits)
        : query_(std::move(query)), limits_(limits) {}

    Result<std::string> text(const EventMessage& message) const override {
        xquery::DynamicContext context(limits_);
        if (auto bound = bind_message(query_, message, context); !bound) return std::move(bound).error();
        const auto result = query_.evaluate(context);
        if (!result) return result.error();
        xquery::SerializationParameters parameters;
        parameters.method = "text";
        parameters.item_separator = " ";
        return result->serialize(parameters);
    }

  private:
    xquery::Query query_;
    xquery::Limits limits_;
};

}  // namespace

xquery::Limits filter_limits(const PipelineOptions& options) {
    xquery::Limits limits;
    limits.query_bytes = options.filter_bytes;
    limits.nesting = options.filter_nesting;
    limits.steps = options.filter_steps;
    limits.memory = options.filter_memory;
    return limits;
}

Result<std::shared_ptr<const Expression>, Diagnostics> FilterExpressions::compile(
    std::string_view xquery) const {
    auto query = compile_filter(std::string(xquery), limits_);
    if (!query) return std::move(query).error();
    return std::shared_ptr<const Expression>(
        std::make_shared<CompiledExpression>(std::move(*query), limits_));
}

}  // namespace clacks
