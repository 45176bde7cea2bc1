// Expressions of modules by the XQuery engine, with the context and the limits of filters. Thread safe.
#pragma once

#include "agent/api/expression.hpp"
#include "agent/pipeline/pipeline.hpp"
#include "common/xquery/xquery.hpp"

namespace clacks {

// What the options say of filters.
xquery::Limits filter_limits(const PipelineOptions& options);

class FilterExpressions final : public Expressions {
  public:
    explicit FilterExpressions(const PipelineOptions& options) : limits_(filter_limits(options)) {}
    Result<std::shared_ptr<const Expression>, Diagnostics> compile(std::string_view xquery) const override;

  private:
    xquery::Limits limits_;
};

}  // namespace clacks
