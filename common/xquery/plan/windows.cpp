#include "common/xquery/plan/windows.hpp"

#include <string>

namespace clacks::xquery::plan {

std::uint16_t WindowPlan::effects() const {
    std::uint16_t all = 0;
    for (const WindowEdge* edge : {&start, &end}) {
        if (edge->when != nullptr) all |= edge->when->traits.effects;
    }
    return all;
}

WindowWalk::WindowWalk(const WindowPlan& plan, const Value& items, Frame& frame)
    : plan_(plan), items_(items), frame_(frame) {}

void WindowWalk::bind(const WindowEdge& edge, std::uint64_t at) {
    const auto set = [&](std::uint32_t slot, const Value& value) {
        if (slot != kNoSlot) frame_.slots[slot] = value;
    };
    set(edge.current, items_[at]);
    set(edge.position, Item::of_integer(static_cast<std::int64_t>(at + 1)));
    set(edge.previous, at == 0 ? Value() : Value(items_[at - 1]));
    set(edge.next, at + 1 == items_.size() ? Value() : Value(items_[at + 1]));
}

bool WindowWalk::holds(const WindowEdge& edge, std::uint64_t at) {
    frame_.steps.take();
    bind(edge, at);
    return edge.when->ebv(frame_);
}

std::uint64_t WindowWalk::find(const WindowEdge& edge, std::uint64_t at) {
    while (at < items_.size() && !holds(edge, at)) ++at;
    return at;
}

// Of the window that starts there; none where it is to be left out.
std::optional<std::uint64_t> WindowWalk::end_of(std::uint64_t start) {
    const std::uint64_t last = items_.size() - 1;
    if (plan_.end.when == nullptr) {
        from_ = find(plan_.start, start + 1);
        starts_ = true;
        bind(plan_.start, start);
        return from_ - 1;
    }
    const std::uint64_t end = find(plan_.end, start);
    from_ = plan_.sliding ? start + 1 : end + 1;
    if (end <= last) return end;
    if (plan_.only_end) return std::nullopt;
    return last;
}

std::optional<Value> WindowWalk::next() {
    while (from_ < items_.size()) {
        std::uint64_t start = from_;
        if (starts_) {
            bind(plan_.start, start);
        } else {
            start = find(plan_.start, start);
        }
        if (start >= items_.size()) break;
        const std::optional<std::uint64_t> end = end_of(start);
        if (!end) continue;
        const Value window = items_.slice(start, *end - start + 1);
        if (plan_.typed && !matches(window, plan_.type)) {
            frame_.where = plan_.offset;
            fail(Code::XPTY0004,
                 "the value of $" + std::string(plan_.name) + " is not of the type " + to_string(plan_.type));
        }
        return window;
    }
    from_ = items_.size();
    return std::nullopt;
}

}  // namespace clacks::xquery::plan
