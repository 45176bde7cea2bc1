// What is behind the public header's Sequence.
#pragma once

#include <memory>

#include "common/xquery/values/sequence.hpp"
#include "common/xquery/xquery.hpp"

namespace clacks::xquery {

namespace detail {

struct SequenceState {
    Value value;
    std::shared_ptr<const Program> program;  // keeps constants alive
};

}  // namespace detail

struct SequenceAccess {
    static Value value(const Sequence& sequence) {
        return sequence.state_ == nullptr ? Value() : sequence.state_->value;
    }
};

}  // namespace clacks::xquery
