// The window clause (XQuery 3.1, 3.12.4).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "common/xquery/plan/flwor.hpp"

namespace clacks::xquery::plan {

// start or end $current at $position previous $previous next $next when …; slots may be kNoSlot.
struct WindowEdge {
    std::uint32_t current = kNoSlot;
    std::uint32_t position = kNoSlot;
    std::uint32_t previous = kNoSlot;
    std::uint32_t next = kNoSlot;
    Plan when = nullptr;  // null: a tumbling window without an end
};

struct WindowPlan {
    bool sliding = false;
    bool only_end = false;  // windows that do not end are left out
    WindowEdge start;
    WindowEdge end;
    bool typed = false;
    SequenceType type;
    std::string_view name;  // of the window's variable, as shown, without the dollar sign
    std::size_t offset = 0;

    std::uint16_t effects() const;
};

// The windows of one sequence, one after the other.
class WindowWalk {
  public:
    WindowWalk(const WindowPlan& plan, const Value& items, Frame& frame);
    // The next window, with the variables of both edges in the frame's slots.
    std::optional<Value> next();

  private:
    void bind(const WindowEdge& edge, std::uint64_t at);
    // Whether the condition holds at the item, with the edge's variables bound to it.
    bool holds(const WindowEdge& edge, std::uint64_t at);
    // The first item from `at` on where the condition holds, or the number of items.
    std::uint64_t find(const WindowEdge& edge, std::uint64_t at);
    std::optional<std::uint64_t> end_of(std::uint64_t start);
    const WindowPlan& plan_;
    Value items_;
    Frame& frame_;
    std::uint64_t from_ = 0;  // where to look for the next start
    bool starts_ = false;     // it is known that one is there
};

}  // namespace clacks::xquery::plan
