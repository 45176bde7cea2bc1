// Predicates (XQuery 3.1, 3.3.3 and 3.2.1): a chain of conditions over what a source produces.
#pragma once

#include <cstdint>
#include <span>

#include "common/xquery/plan/operator.hpp"

namespace clacks::xquery::plan {

struct Predicate {
    enum class Form : std::uint8_t {
        truth,     // its effective boolean value counts
        position,  // a whole number, known already
        dynamic,   // a number is a position, anything else counts by its effective boolean value
    };
    Form form = Form::dynamic;
    bool needs_size = false;     // uses last()
    std::uint64_t position = 0;  // form position; 0 selects nothing
    Plan condition = nullptr;

    // `known_position`: a number that is known already selects by itself.
    static Predicate of(Plan condition, bool known_position = true);
    bool holds(Frame& frame, const Focus& focus) const;
};

// Whatever gives the items that predicates are applied to.
class Source {
  public:
    virtual bool produce(Frame& frame, Sink& sink) const = 0;

  protected:
    ~Source() = default;
};

// Pushes what passes all predicates, in the order of the source.
bool push_filtered(const Source& source, std::span<const Predicate> predicates, Frame& frame, Sink& sink);

// expr[predicate]…
class Filter final : public Operator {
  public:
    Filter(Plan input, std::span<const Predicate> predicates);
    bool push(Frame& frame, Sink& sink) const override;

  private:
    Plan input_;
    std::span<const Predicate> predicates_;
};

}  // namespace clacks::xquery::plan
