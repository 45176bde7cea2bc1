// Calls of library functions; those worth it have an operator of their own.
#pragma once

#include <span>
#include <string_view>

#include "common/xquery/functions/library.hpp"
#include "common/xquery/plan/operator.hpp"

namespace clacks::xquery::plan {

class Call final : public Computed {
  public:
    // `statics` is the static context of the place where it is not that of the module, or null.
    Call(const Function& function, std::span<const Plan> arguments, const StaticInfo* statics = nullptr);
    Value all(Frame& frame) const override;

  private:
    const Function& function_;
    std::span<const Plan> arguments_;
    const StaticInfo* statics_;
};

// fn:contains, fn:starts-with, fn:ends-with on slices of the tree.
class TextTest final : public Truth {
  public:
    TextTest(const Function& function, std::span<const Plan> arguments, std::size_t at);
    bool ebv(Frame& frame) const override;

  private:
    Intrinsic which_;
    std::span<const Plan> arguments_;
    std::string_view part_;  // the second argument, where it is known beforehand
    Call general_;
};

// fn:string and fn:number with one argument.
class TextOf final : public Scalar {
  public:
    TextOf(const Function& function, std::span<const Plan> arguments, std::size_t at);
    Single single(Frame& frame) const override;

  private:
    Plan operand_;
    Call general_;
};

class NumberOf final : public Scalar {
  public:
    NumberOf(const Function& function, std::span<const Plan> arguments, std::size_t at);
    Single single(Frame& frame) const override;

  private:
    Plan operand_;
    Call general_;
};

// The operator for a call: the function's own if it has one and may be used.
Plan make_call(const Function& function, std::span<const Plan> arguments, std::size_t offset, Arena& arena,
               const StaticInfo& statics, bool own_operator = true);

}  // namespace clacks::xquery::plan
