// Paths by number, and which of them find what in an event, told by one walk through its tree.
//
// A trie of steps: a path's number is that of its last step, and the document node's is kRoot. The walk keeps
// the set of steps that are active at each open element, as a nondeterministic automaton does.
//
// Thread safety: const members from any thread, with no other member at the same time; a Walk is one
// thread's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/matching/hash.hpp"
#include "common/matching/pool.hpp"
#include "common/xml/tree.hpp"
#include "common/xquery/analysis/condition.hpp"

namespace clacks::matching {

class Paths {
  public:
    static constexpr std::uint32_t kRoot = 0;
    // What a walk needs, kept from one event to the next.
    struct Walk;

    Paths();
    // Counts the uses: each is to be released.
    std::uint32_t use(const xquery::analysis::Path& path);
    void use(std::uint32_t path) { ++steps_[path].uses; }
    void release(std::uint32_t path);
    // All numbers are less.
    std::size_t end() const { return steps_.end(); }

    // Calls visit(path, node) for each node that a path finds, in document order and once.
    template <class Visit>
    void walk(const xml::Tree& tree, Walk& walk, Visit visit) const;

  private:
    using Axis = xquery::analysis::Step::Axis;
    // How a step tells names: both parts, only the local one, only the namespace, or neither.
    enum Form : std::uint8_t { both, local_only, uri_only, neither };
    struct Step {
        std::uint64_t hash = 0;
        std::uint32_t from = kNone;
        std::uint32_t uses = 0;
        std::uint16_t onward = 0;  // bits of what steps there have been from here
        Axis axis = Axis::child;
        std::optional<std::string> uri, local;
    };
    static std::uint16_t bit(Axis axis, Form form) {
        return static_cast<std::uint16_t>(1u << (static_cast<unsigned>(axis) * 4 + form));
    }
    static std::uint16_t bits(Axis axis) {
        return static_cast<std::uint16_t>(15u << (static_cast<unsigned>(axis) * 4));
    }
    static std::uint64_t hash(std::uint32_t from, Axis axis, Form form, std::uint64_t name) {
        return mix((std::uint64_t{from} << 8) | (static_cast<unsigned>(axis) * 4 + form), name);
    }
    std::uint32_t use_step(std::uint32_t from, const xquery::analysis::Step& step);
    void follow(std::uint32_t from, Axis axis, const xml::Name& name,
                std::vector<std::uint32_t>& found) const;
    bool enter(const xml::Tree& tree, xml::NodeIndex node, std::size_t found, Walk& walk) const;
    void find(const xml::Tree& tree, xml::NodeIndex node, Walk& walk) const;

    Interned<Step> steps_;
};

struct Paths::Walk {
    struct Element {
        xml::NodeIndex end;
        std::size_t active;   // where its steps begin in `active`
        std::size_t origins;  // how many there were outside of it
    };
    void clear() {
        for (; !origins.empty(); origins.pop_back()) origin.erase(origins.back());
        active.clear();
        elements.clear();
    }
    void leave_until(xml::NodeIndex node) {
        while (elements.back().end <= node) {
            active.resize(elements.back().active);
            for (; origins.size() > elements.back().origins; origins.pop_back()) origin.erase(origins.back());
            elements.pop_back();
        }
    }
    std::vector<Element> elements;
    std::vector<std::uint32_t> active;
    std::vector<std::uint32_t> origins;  // active steps that descendants are looked for from
    NumberSet origin;                    // the same
};

template <class Visit>
void Paths::walk(const xml::Tree& tree, Walk& walk, Visit visit) const {
    walk.clear();
    walk.origin.make_room(end());
    walk.active.push_back(kRoot);
    visit(kRoot, xml::NodeIndex{0});
    if (!enter(tree, 0, 0, walk)) return;
    for (xml::NodeIndex node = 1; node < tree.size();) {
        walk.leave_until(node);
        const xml::NodeKind kind = tree.kind(node);
        if (kind != xml::NodeKind::element && kind != xml::NodeKind::attribute) {
            ++node;
            continue;
        }
        const std::size_t found = walk.active.size();
        find(tree, node, walk);
        for (std::size_t i = found; i < walk.active.size(); ++i) visit(walk.active[i], node);
        if (enter(tree, node, found, walk)) {
            ++node;
        } else {
            walk.active.resize(found);
            node = tree[node].end;
        }
    }
}

}  // namespace clacks::matching
