#include "common/xquery/plan/uses.hpp"

#include <algorithm>
#include <map>

namespace clacks::xquery::plan {

namespace {

using Declaration = Uses::Declaration;

struct Node {
    Declaration declaration;
    std::vector<std::size_t> uses;
    std::size_t order = 0;   // in which it was met, from 1 on
    std::size_t lowest = 0;  // the first one met that it leads back to
    std::size_t next = 0;    // of its uses
    bool open = false;       // its component is not complete
};

// Declarations that use one another are one component, and those that a component uses come before it:
// Tarjan's algorithm, without recursion, as a query may be a long chain.
class Components {
  public:
    explicit Components(std::vector<Node>& nodes) : nodes_(nodes) {}

    template <class Action>
    void each(Action action) {
        for (std::size_t start = 0; start < nodes_.size(); ++start) {
            if (nodes_[start].order == 0) enter(start);
            while (!path_.empty()) step(action);
        }
    }

  private:
    void enter(std::size_t at) {
        Node& node = nodes_[at];
        node.order = node.lowest = ++met_;
        node.open = true;
        open_.push_back(at);
        path_.push_back(at);
    }

    template <class Action>
    void step(Action action) {
        const std::size_t at = path_.back();
        Node& node = nodes_[at];
        if (node.next < node.uses.size()) {
            const Node& used = nodes_[node.uses[node.next]];
            if (used.order == 0) return enter(node.uses[node.next]);
            if (used.open) node.lowest = std::min(node.lowest, used.lowest);
            ++node.next;
            return;
        }
        path_.pop_back();
        if (node.lowest != node.order) return;
        const auto first = std::find(open_.rbegin(), open_.rend(), at).base() - 1;
        const std::vector<std::size_t> members(first, open_.end());
        open_.erase(first, open_.end());
        for (const std::size_t member : members) nodes_[member].open = false;
        action(members);
    }

    std::vector<Node>& nodes_;
    std::vector<std::size_t> path_;
    std::vector<std::size_t> open_;
    std::size_t met_ = 0;
};

}  // namespace

void Uses::add(Declaration from, Declaration to, bool always) {
    uses_.push_back({from, to, always});
}

template <class Action>
void Uses::each_component(bool only_always, Action action) const {
    std::map<Declaration, std::size_t> numbers;
    std::vector<Node> nodes;
    const auto number = [&](const Declaration& declaration) {
        const auto [found, is_new] = numbers.try_emplace(declaration, nodes.size());
        if (is_new) nodes.push_back({declaration, {}});
        return found->second;
    };
    for (const Use& use : uses_) {
        if (only_always && !use.always) continue;
        const std::size_t from = number(use.from), to = number(use.to);
        nodes[from].uses.push_back(to);
    }
    Components(nodes).each([&](const std::vector<std::size_t>& members) { action(nodes, members); });
}

void Uses::settle_effects() const {
    each_component(false, [](const std::vector<Node>& nodes, const std::vector<std::size_t>& members) {
        std::uint16_t effects = 0;
        const auto add = [&](const Declaration& declaration) {
            if (const auto* body = std::get_if<FunctionBody*>(&declaration)) effects |= (*body)->effects;
        };
        for (const std::size_t member : members) {
            add(nodes[member].declaration);
            for (const std::size_t used : nodes[member].uses) add(nodes[used].declaration);
        }
        for (const std::size_t member : members) {
            if (const auto* body = std::get_if<FunctionBody*>(&nodes[member].declaration))
                (*body)->effects = effects & ~kUnsettled;
        }
    });
}

std::vector<const GlobalVariable*> Uses::circular() const {
    std::vector<const GlobalVariable*> result;
    each_component(true, [&](const std::vector<Node>& nodes, const std::vector<std::size_t>& members) {
        const std::vector<std::size_t>& first = nodes[members.front()].uses;
        const bool itself = std::find(first.begin(), first.end(), members.front()) != first.end();
        if (members.size() == 1 && !itself) return;
        for (const std::size_t member : members) {
            if (const auto* variable = std::get_if<GlobalVariable*>(&nodes[member].declaration))
                result.push_back(*variable);
        }
    });
    return result;
}

}  // namespace clacks::xquery::plan
