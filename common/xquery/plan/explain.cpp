#include "common/xquery/plan/explain.hpp"

#include <algorithm>

#include "common/base/text.hpp"

namespace clacks::xquery::plan {

namespace {

using syntax::ExprKind;
using Role = ExplainedExpression::Role;
using Parts = std::vector<std::size_t>;

constexpr std::size_t kMostText = 200;

// What finds something or nothing.
bool is_search(ExprKind kind) {
    return kind == ExprKind::path || kind == ExprKind::axis_step || kind == ExprKind::postfix ||
           kind == ExprKind::variable_reference;
}

// Goes down from an expression that was false to the part that made it so.
class Blame {
  public:
    Blame(const std::vector<WatchedExpression>& watched, const std::vector<Parts>& parts,
          const Watcher& watcher)
        : watched_(watched),
          parts_(parts),
          watcher_(watcher),
          blamed_(watched.size()),
          visits_(watched.size()) {}

    void look(std::size_t at) {
        if (const std::size_t body = body_called(at); body != kNoExpression) return look_into(body);
        const Parts& parts = parts_[at];
        switch (watched_[at].kind) {
            case ExprKind::or_:
            case ExprKind::union_:
            case ExprKind::sequence:
                for (const std::size_t part : parts) look(part);
                if (parts.empty()) blame(at);
                return;
            case ExprKind::and_:
                return first_or_itself(at, [&](std::size_t part) { return never_true(part); });
            case ExprKind::path:
                return first_or_itself(at, [&](std::size_t part) { return empty(part); });
            case ExprKind::axis_step:
            case ExprKind::postfix:
                return first_or_itself(at, [&](std::size_t part) {
                    return watched_[part].role == Role::predicate ? never_true(part) : empty(part);
                });
            case ExprKind::if_:
                return look_at_if(at);
            case ExprKind::flwor:
            case ExprKind::quantified:
                return look_at_clauses(at);
            case ExprKind::function_call:
                if (parts.size() == 1 && never_true(parts.front())) return look(parts.front());
                [[fallthrough]];
            default:
                return first_or_itself(
                    at, [&](std::size_t part) { return is_search(watched_[part].kind) && empty(part); });
        }
    }
    // A literal is not shown; what it is an operand of is.
    void blame(std::size_t at) {
        while (is_literal(watched_[at].kind) && watched_[at].parent != kNoExpression)
            at = watched_[at].parent;
        blamed_[at] = true;
    }
    bool blames(std::size_t at) const { return blamed_[at]; }

  private:
    bool evaluated(std::size_t at) const { return watcher_.of(at).evaluations > 0; }
    bool never_true(std::size_t at) const { return evaluated(at) && watcher_.of(at).times_true == 0; }
    bool empty(std::size_t at) const { return evaluated(at) && watcher_.of(at).items == 0; }

    // The body of the declared function that it calls, if that was never true, whoever called it, and if it
    // is no part of that body itself.
    std::size_t body_called(std::size_t at) const {
        if (watched_[at].calls == nullptr) return kNoExpression;
        const auto body = std::find_if(watched_.begin(), watched_.end(), [&](const WatchedExpression& one) {
            return one.body_of == watched_[at].calls;
        });
        const auto found = static_cast<std::size_t>(body - watched_.begin());
        return body != watched_.end() && visits_[found] != Visit::inside && never_true(found) ? found
                                                                                              : kNoExpression;
    }

    void look_into(std::size_t body) {
        if (visits_[body] == Visit::done) return;
        visits_[body] = Visit::inside;
        look(body);
        visits_[body] = Visit::done;
    }

    template <class Condition>
    void first_or_itself(std::size_t at, Condition condition) {
        const Parts& parts = parts_[at];
        const auto found = std::find_if(parts.begin(), parts.end(), condition);
        return found == parts.end() ? blame(at) : look(*found);
    }

    // A branch that says nothing but true or false leaves it to the condition.
    void look_at_if(std::size_t at) {
        const Parts& parts = parts_[at];
        const std::size_t condition = parts[0];
        const std::size_t branch = watcher_.of(condition).times_true > 0 ? parts[1] : parts[2];
        if (!parts_[branch].empty()) return look(branch);
        return never_true(condition) ? look(condition) : blame(condition);
    }

    // The last part is the result, or what is to be satisfied.
    void look_at_clauses(std::size_t at) {
        const Parts& parts = parts_[at];
        if (evaluated(parts.back()))
            return never_true(parts.back()) ? look(parts.back()) : blame(parts.back());
        return first_or_itself(at, [&](std::size_t part) {
            return watched_[part].role == Role::where ? never_true(part) : empty(part);
        });
    }

    const std::vector<WatchedExpression>& watched_;
    const std::vector<Parts>& parts_;
    const Watcher& watcher_;
    std::vector<bool> blamed_;
    enum class Visit : std::uint8_t { none, inside, done };
    std::vector<Visit> visits_;  // of bodies of functions
};

class Telling {
  public:
    Telling(const xquery::detail::Program& program, const Watcher& watcher)
        : program_(program), watcher_(watcher), parts_(program.watched.size()) {
        for (std::size_t i = 0; i < program.watched.size(); ++i) {
            if (const std::size_t whole = program.watched[i].parent; whole != kNoExpression)
                parts_[whole].push_back(i);
        }
        // Compiled they may be in another order.
        for (Parts& parts : parts_)
            std::stable_sort(parts.begin(), parts.end(), [&](std::size_t a, std::size_t b) {
                return program.watched[a].offset < program.watched[b].offset;
            });
    }

    std::vector<ExplainedExpression> all(const Result<bool>& verdict) {
        Blame blame(program_.watched, parts_, watcher_);
        const std::size_t body = this->body();
        if (!verdict && watcher_.failing() != kNoExpression) blame.blame(watcher_.failing());
        if (verdict && !*verdict) blame.look(body);
        std::vector<ExplainedExpression> told;
        add(body, blame, told);
        for (std::size_t i = 0; i < program_.watched.size(); ++i) {
            if (program_.watched[i].parent == kNoExpression && i != body) add(i, blame, told);
        }
        return told;
    }

  private:
    std::size_t body() const {
        const auto found = std::find_if(program_.watched.begin(), program_.watched.end(),
                                        [](const WatchedExpression& one) { return one.body; });
        return static_cast<std::size_t>(found - program_.watched.begin());
    }

    void add(std::size_t at, const Blame& blame, std::vector<ExplainedExpression>& out) const {
        const WatchedExpression& watched = program_.watched[at];
        if (is_literal(watched.kind)) return;
        const auto& module = program_.module_at(watched.offset);
        const Observed& observed = watcher_.of(at);
        ExplainedExpression& told = out.emplace_back();
        told.role = watched.role;
        told.offset = watched.offset - module.first;
        told.length = watched.length;
        const Position place = position_of(module.text, told.offset);
        told.line = static_cast<std::uint32_t>(place.line);
        told.column = static_cast<std::uint32_t>(place.column);
        told.text = one_line(std::string_view(module.text).substr(told.offset, told.length), kMostText);
        told.evaluations = observed.evaluations;
        told.times_true = observed.times_true;
        told.items = observed.items;
        told.values = observed.values;
        told.error = observed.error;
        told.to_blame = blame.blames(at);
        for (const std::size_t part : parts_[at]) add(part, blame, told.parts);
    }

    const xquery::detail::Program& program_;
    const Watcher& watcher_;
    std::vector<Parts> parts_;
};

}  // namespace

std::vector<ExplainedExpression> explained(const xquery::detail::Program& program, const Watcher& watcher,
                                           const Result<bool>& verdict) {
    if (program.watched.empty()) return {};
    return Telling(program, watcher).all(verdict);
}

}  // namespace clacks::xquery::plan
