#include "common/xquery/plan/operator.hpp"

#include <algorithm>
#include <string>

namespace clacks::xquery::plan {

namespace {

class FirstTwo final : public Sink {
  public:
    bool take(const Item& item) override {
        if (result.count++ == 0) {
            result.item = item;
            return true;
        }
        return false;
    }
    Single result;
};

class Existence final : public Sink {
  public:
    bool take(const Item&) override {
        found = true;
        return false;
    }
    bool found = false;
};

// A node decides at once; another item must be the only one (XQuery 3.1, 2.4.3).
class Verdict final : public Sink {
  public:
    bool take(const Item& item) override {
        if (count == 0) first = item;
        ++count;
        return count < 2 && !first.is_node();
    }
    Item first;
    std::uint64_t count = 0;
};

class Counter final : public Sink {
  public:
    explicit Counter(std::uint64_t stop_at) : stop_at_(stop_at) {}
    bool take(const Item&) override { return ++count < stop_at_; }
    std::uint64_t count = 0;

  private:
    std::uint64_t stop_at_;
};

}  // namespace

Descent::Descent(Frame& frame, std::size_t levels) : frame_(frame), levels_(levels) {
    if (levels > kAllLevels - frame.levels) {
        fail(Code::limit_recursion,
             "functions and variables of the prolog nest more than " + std::to_string(kAllLevels) +
                 " operators deep",
             "end the recursion earlier, or make the functions simpler");
    }
    frame.levels += levels;
}

Single atomized(Plan operand, Frame& frame) {
    Single result = operand->single(frame);
    if (result.count != 1) return result;
    frame.where = operand->offset;
    if (result.item.type != Type::array) {
        result.item = atomize(result.item);
        return result;
    }
    const Value atoms = atomize(Value(result.item), frame.arena, frame.steps);
    return {atoms.front(), static_cast<std::uint8_t>(std::min<std::uint64_t>(atoms.size(), 2))};
}

bool push_value(const Value& value, Frame& frame, Sink& sink) {
    for (std::uint64_t i = 0; i < value.size(); ++i) {
        frame.steps.take();
        if (!sink.take(value[i])) return false;
    }
    return true;
}

Value Operator::all(Frame& frame) const {
    Collector collector(frame);
    push(frame, collector);
    return collector.value();
}

Single Operator::single(Frame& frame) const {
    FirstTwo sink;
    push(frame, sink);
    return sink.result;
}

std::string_view slice_of(const Single& value) {
    if (value.empty()) return "";
    if (value.count > 1) return {};
    if (value.item.is_node()) return value.item.tree->string_value(value.item.aux);
    return is_textual(value.item.type) ? value.item.text() : std::string_view();
}

std::string_view Operator::slice(Frame& frame) const {
    return slice_of(single(frame));
}

bool Operator::ebv(Frame& frame) const {
    Verdict verdict;
    push(frame, verdict);
    if (verdict.count == 0) return false;
    if (verdict.first.is_node()) return true;
    here(frame);
    if (verdict.count == 1) return effective_boolean_value(verdict.first);
    const Item two[] = {verdict.first, verdict.first};
    return effective_boolean_value(Value(two, 2));
}

bool Operator::exists(Frame& frame) const {
    Existence existence;
    push(frame, existence);
    return existence.found;
}

std::uint64_t Operator::count(Frame& frame, std::uint64_t stop_at) const {
    Counter counter(stop_at);
    push(frame, counter);
    return counter.count;
}

bool Computed::push(Frame& frame, Sink& sink) const {
    return push_value(all(frame), frame, sink);
}

Single Computed::single(Frame& frame) const {
    return single_of(all(frame));
}

bool Computed::ebv(Frame& frame) const {
    const Value value = all(frame);
    here(frame);
    return effective_boolean_value(value);
}

bool Computed::exists(Frame& frame) const {
    return !all(frame).empty();
}

std::uint64_t Computed::count(Frame& frame, std::uint64_t) const {
    return all(frame).size();
}

bool Scalar::push(Frame& frame, Sink& sink) const {
    const Single result = single(frame);
    if (result.empty()) return true;
    frame.steps.take();
    return sink.take(result.item);
}

Value Scalar::all(Frame& frame) const {
    const Single result = single(frame);
    return result.empty() ? Value() : Value(result.item);
}

bool Scalar::ebv(Frame& frame) const {
    const Single result = single(frame);
    if (result.empty()) return false;
    here(frame);
    return effective_boolean_value(result.item);
}

bool Scalar::exists(Frame& frame) const {
    return !single(frame).empty();
}

std::uint64_t Scalar::count(Frame& frame, std::uint64_t) const {
    return single(frame).count;
}

Single Truth::single(Frame& frame) const {
    frame.steps.take();
    Single result;
    result.item = Item::of_bool(ebv(frame));
    result.count = 1;
    return result;
}

}  // namespace clacks::xquery::plan
