// Arithmetic (XQuery 3.1, 3.5), concatenation by || (3.6), casts and type tests (3.18).
#pragma once

#include <string_view>

#include "common/xquery/plan/operator.hpp"
#include "common/xquery/values/arithmetic.hpp"
#include "common/xquery/values/sequence_type.hpp"

namespace clacks::xquery::plan {

class Calculation final : public Scalar {
  public:
    Calculation(Arithmetic op, Plan left, Plan right);
    Single single(Frame& frame) const override;

  private:
    Arithmetic op_;
    Plan left_;
    Plan right_;
};

class Sign final : public Scalar {
  public:
    Sign(bool minus, Plan operand);
    Single single(Frame& frame) const override;

  private:
    bool minus_;
    Plan operand_;
};

// a || b || c
class Concatenation final : public Scalar {
  public:
    explicit Concatenation(std::span<const Plan> parts);
    Single single(Frame& frame) const override;

  private:
    std::span<const Plan> parts_;
};

// expr cast as T, T? — and constructor functions.
class Cast final : public Scalar {
  public:
    Cast(Plan operand, Type type, bool allow_empty, const StaticInfo& statics);
    Single single(Frame& frame) const override;

  private:
    Plan operand_;
    Type type_;
    bool allow_empty_;
    const StaticInfo& statics_;
};

struct CastTarget {
    Type type = Type::any_atomic;  // of a list: of its members
    bool list = false;
    bool allow_empty = false;
};

// expr cast as xs:NMTOKENS, IDREFS, ENTITIES
class ListCast final : public Computed {
  public:
    ListCast(Plan operand, const CastTarget& target);
    Value all(Frame& frame) const override;

  private:
    Plan operand_;
    CastTarget target_;
};

class Castable final : public Truth {
  public:
    Castable(Plan operand, const CastTarget& target, const StaticInfo& statics);
    bool ebv(Frame& frame) const override;

  private:
    Plan operand_;
    CastTarget target_;
    const StaticInfo& statics_;
};

class InstanceOf final : public Truth {
  public:
    InstanceOf(Plan operand, const SequenceType& type);
    bool ebv(Frame& frame) const override;

  private:
    Plan operand_;
    SequenceType type_;
};

// The operand's value, checked: treat as (XPDY0050), or a binding's declared type (XPTY0004).
class Checked final : public Computed {
  public:
    Checked(Plan operand, const SequenceType& type, Code code, std::string_view what);
    Value all(Frame& frame) const override;

  private:
    Plan operand_;
    SequenceType type_;
    Code code_;
    std::string_view what_;
};

}  // namespace clacks::xquery::plan
