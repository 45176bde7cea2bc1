#include "common/xquery/plan/watch.hpp"

#include "common/base/text.hpp"
#include "common/xquery/plan/program.hpp"
#include "common/xquery/serialize/serializer.hpp"

namespace clacks::xquery::plan {

namespace {

constexpr std::size_t kMostCharacters = 120;  // of an item

// Hands on what it takes, and remembers the first of it.
class Recording final : public Sink {
  public:
    Recording(const Watcher& watcher, bool with_values, Sink& next)
        : watcher_(watcher), with_values_(with_values), next_(next) {}

    bool take(const Item& item) override {
        if (items_ == 0) first_ = item;
        if (with_values_ && items_ < ExplainedExpression::kMostValues)
            text_ += (items_ > 0 ? ", " : "") + watcher_.shown(item);
        ++items_;
        downstream_ = true;  // what fails now is the reader
        const bool more = next_.take(item);
        downstream_ = false;
        return more;
    }

    bool downstream() const { return downstream_; }

    // Several atomic values, or one without an effective boolean value, are not true of themselves.
    bool truth() const {
        if (items_ == 0) return false;
        if (first_.is_node()) return true;
        if (items_ > 1) return false;
        try {
            return effective_boolean_value(first_);
        } catch (const Error&) {
            return false;
        }
    }

    void tell(Observed& observed) const {
        observed.items += items_;
        if (truth()) ++observed.times_true;
        if (!with_values_) return;
        std::string value = items_ == 0 ? "()" : text_;
        if (items_ > ExplainedExpression::kMostValues) value += " … " + std::to_string(items_) + " in all";
        observed.values.push_back(std::move(value));
    }

  private:
    const Watcher& watcher_;
    bool with_values_;
    Sink& next_;
    Item first_;
    std::uint64_t items_ = 0;
    std::string text_;
    bool downstream_ = false;
};

}  // namespace

Watcher::Watcher(const xquery::detail::Program& program)
    : memory_(program.limits.memory), observed_(program.watched.size()) {}

std::string Watcher::shown(const Item& item) const {
    SerializationParameters parameters;
    parameters.method = "adaptive";
    Steps steps(memory_);  // as its bytes bound it
    try {
        return one_line(collapsed(serialize(Value(item), parameters, steps, memory_)), kMostCharacters);
    } catch (const Error&) {
        return "a value too large to be shown";
    }
}

void Watcher::failed(std::size_t expression, const Error& error) {
    const std::exception_ptr current = std::current_exception();
    if (current == error_) return;
    error_ = current;
    failing_ = expression;
    if (std::string& kept = of(expression).error; kept.empty())
        kept = "[" + (error.name.empty() ? std::string(code_name(error.code)) : error.name) + "] " +
               error.message;
}

Watched::Watched(Plan operand, std::size_t expression) : operand_(operand), expression_(expression) {
    traits = operand->traits;
}

// That a value has no effective boolean value is its own failure.
bool Watched::ebv(Frame& frame) const {
    try {
        return Operator::ebv(frame);
    } catch (const Error& error) {
        if (frame.watcher != nullptr) frame.watcher->failed(expression_, error);
        throw;
    }
}

bool Watched::push(Frame& frame, Sink& sink) const {
    if (frame.watcher == nullptr) return operand_->push(frame, sink);
    Observed& observed = frame.watcher->of(expression_);
    const bool with_values = observed.evaluations++ < ExplainedExpression::kMostValues;
    Recording recording(*frame.watcher, with_values, sink);
    try {
        const bool whole = operand_->push(frame, recording);
        recording.tell(observed);
        return whole;
    } catch (const Error& error) {
        if (recording.downstream())  // it is the reader of the items that failed
            recording.tell(observed);
        else
            frame.watcher->failed(expression_, error);
        throw;
    }
}

}  // namespace clacks::xquery::plan
