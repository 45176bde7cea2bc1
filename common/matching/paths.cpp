#include "common/matching/paths.hpp"

namespace clacks::matching {

Paths::Paths() {
    Step root;
    root.uses = 1;
    steps_.add(std::move(root));
}

std::uint32_t Paths::use(const xquery::analysis::Path& path) {
    std::uint32_t at = kRoot;
    use(at);
    for (const xquery::analysis::Step& step : path) {
        const std::uint32_t next = use_step(at, step);
        release(at);  // the next step holds it
        at = next;
    }
    return at;
}

std::uint32_t Paths::use_step(std::uint32_t from, const xquery::analysis::Step& step) {
    const Form form = step.uri ? (step.local ? both : uri_only) : (step.local ? local_only : neither);
    const std::uint64_t name = xml::name_hash(step.uri.value_or(""), step.local.value_or(""));
    const std::uint64_t hashed = hash(from, step.axis, form, name);
    std::uint32_t number = steps_.find(hashed, [&](const Step& other) {
        return other.from == from && other.axis == step.axis && other.uri == step.uri &&
               other.local == step.local;
    });
    if (number == kNone) {
        number = steps_.add({hashed, from, 0, 0, step.axis, step.uri, step.local});
        steps_[from].onward |= bit(step.axis, form);
        use(from);
    }
    use(number);
    return number;
}

void Paths::release(std::uint32_t path) {
    while (--steps_[path].uses == 0) {
        const std::uint32_t from = steps_[path].from;
        steps_.remove(path);
        path = from;
    }
}

// The steps from one step that lead to a node of this name.
void Paths::follow(std::uint32_t from, Axis axis, const xml::Name& name,
                   std::vector<std::uint32_t>& found) const {
    const std::uint16_t onward = steps_[from].onward;
    if ((onward & bits(axis)) == 0) return;
    for (const Form form : {both, local_only, uri_only, neither}) {
        if ((onward & bit(axis, form)) == 0) continue;
        std::optional<std::string_view> uri, local;
        if (form == both || form == uri_only) uri = name.uri;
        if (form == both || form == local_only) local = name.local;
        const std::uint64_t named =
            form == both ? name.hash : xml::name_hash(uri.value_or(""), local.value_or(""));
        const std::uint32_t number = steps_.find(hash(from, axis, form, named), [&](const Step& step) {
            return step.from == from && step.axis == axis && step.uri == uri && step.local == local;
        });
        if (number != kNone) found.push_back(number);
    }
}

// Appends the steps that the node is reached by to the active ones. None comes twice: each is reached from
// one step only, and neither the parent's steps nor the origins hold one twice.
void Paths::find(const xml::Tree& tree, xml::NodeIndex node, Walk& walk) const {
    const xml::Name& name = tree.name(node);
    const bool attribute = tree.kind(node) == xml::NodeKind::attribute;
    const std::size_t end = walk.active.size();
    for (std::size_t i = walk.elements.back().active; i < end; ++i)
        follow(walk.active[i], attribute ? Axis::attribute : Axis::child, name, walk.active);
    if (attribute) return;
    for (const std::uint32_t origin : walk.origins) follow(origin, Axis::descendant, name, walk.active);
}

// Whether anything can be found inside; then the node is the innermost open element.
bool Paths::enter(const xml::Tree& tree, xml::NodeIndex node, std::size_t found, Walk& walk) const {
    const xml::NodeIndex end = tree[node].end;
    if (end == node + 1) return false;
    std::uint16_t onward = 0;
    for (std::size_t i = found; i < walk.active.size(); ++i) onward |= steps_[walk.active[i]].onward;
    if (onward == 0 && walk.origins.empty()) return false;
    walk.elements.push_back({end, found, walk.origins.size()});
    if ((onward & bits(Axis::descendant)) == 0) return true;
    for (std::size_t i = found; i < walk.active.size(); ++i) {
        const std::uint32_t step = walk.active[i];
        if ((steps_[step].onward & bits(Axis::descendant)) != 0 && walk.origin.insert(step))
            walk.origins.push_back(step);
    }
    return true;
}

}  // namespace clacks::matching
