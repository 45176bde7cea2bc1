#include "common/xml/tree.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <random>
#include <stdexcept>

namespace clacks::xml {

namespace {

__extension__ using Wide = unsigned __int128;

constexpr std::string_view kXmlNamespace = "http://www.w3.org/XML/1998/namespace";
constexpr std::size_t kFewNames = 12;  // up to here a walk through the names beats a hash table

std::uint64_t fold(std::uint64_t a, std::uint64_t b) {
    const Wide product = static_cast<Wide>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

std::uint64_t read_bytes(const char* from, std::size_t n) {
    std::uint64_t word = 0;
    std::memcpy(&word, from, n);
    return word;
}

std::uint64_t mix(std::uint64_t state, std::string_view text) {
    constexpr std::uint64_t kOdd = 0x9E3779B97F4A7C15u;
    const char* from = text.data();
    std::size_t left = text.size();
    for (; left >= 8; left -= 8, from += 8) state = fold(state ^ read_bytes(from, 8), kOdd);
    if (left > 0) state = fold(state ^ read_bytes(from, left), kOdd);
    return fold(state ^ text.size(), 0xD6E8FEB86659FD93u);
}

// Drawn once a process: names come from strangers, who must not be able to make them collide.
std::uint64_t hash_seed() {
    static const std::uint64_t seed = [] {
        std::random_device device;
        return (static_cast<std::uint64_t>(device()) << 32) | device();
    }();
    return seed;
}

std::uint64_t next_order() {
    static std::atomic<std::uint64_t> last{0};
    return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

std::uint32_t offset_of(std::size_t size) {
    if (size >= kNoNode) throw std::length_error("an XML tree holds at most 4 GiB");
    return static_cast<std::uint32_t>(size);
}

}  // namespace

std::uint64_t name_hash(std::string_view uri, std::string_view local) {
    const std::uint64_t hash = mix(mix(hash_seed(), uri), local);
    return hash == 0 ? 1 : hash;
}

Tree::Tree(std::pmr::memory_resource* memory)
    : nodes_(memory),
      names_(memory),
      namespaces_(memory),
      lines_(memory),
      text_(memory),
      values_(memory),
      base_uri_(memory),
      order_(next_order()) {}

std::span<const NamespaceBinding> Tree::namespaces_of(NodeIndex element) const {
    const auto first =
        std::lower_bound(namespaces_.begin(), namespaces_.end(), element,
                         [](const NamespaceBinding& b, NodeIndex node) { return b.element < node; });
    const auto last = std::find_if(first, namespaces_.end(),
                                   [&](const NamespaceBinding& b) { return b.element != element; });
    return {first, last};
}

std::string_view Tree::namespace_for(NodeIndex element, std::string_view prefix) const {
    if (prefix == "xml") return kXmlNamespace;
    if (namespaces_.empty()) return {};
    for (NodeIndex at = element; at != kNoNode; at = parent(at)) {
        for (const NamespaceBinding& binding : namespaces_of(at)) {
            if (binding.prefix == prefix) return binding.uri;
        }
    }
    return {};
}

std::uint32_t Tree::line(NodeIndex i) const {
    if (lines_.empty() || kind(i) != NodeKind::element) return 0;
    const auto before = std::count_if(nodes_.begin(), nodes_.begin() + i,
                                      [](const Node& n) { return n.kind == NodeKind::element; });
    return lines_[static_cast<std::size_t>(before)];
}

TreeBuilder::TreeBuilder(std::pmr::memory_resource* memory) : tree_(memory), slots_(memory), open_(memory) {}

NodeIndex TreeBuilder::append(NodeKind kind, std::uint32_t name, std::uint32_t text, std::uint32_t length) {
    const NodeIndex index = offset_of(tree_.nodes_.size());
    const NodeIndex parent = open_.empty() ? kNoNode : open_.back();
    tree_.nodes_.push_back({kind, false, name, parent, index + 1, text, length});
    return index;
}

std::uint32_t TreeBuilder::add_name(const NameView& name, std::uint64_t hash) {
    std::pmr::memory_resource* memory = tree_.names_.get_allocator().resource();
    tree_.names_.emplace_back(name, hash, memory);
    return static_cast<std::uint32_t>(tree_.names_.size() - 1);
}

void TreeBuilder::index_names() {
    std::size_t size = 64;
    while (size < tree_.names_.size() * 4) size *= 2;
    slots_.assign(size, kNoNode);
    for (std::uint32_t i = 0; i < tree_.names_.size(); ++i) {
        std::size_t slot = tree_.names_[i].hash & (size - 1);
        while (slots_[slot] != kNoNode) slot = (slot + 1) & (size - 1);
        slots_[slot] = i;
    }
}

std::uint32_t TreeBuilder::intern(const NameView& name, std::uint64_t hash) {
    const auto is_it = [&](const Name& known) {
        return known.hash == hash && known.prefix == name.prefix && known.view() == name;
    };
    auto& names = tree_.names_;
    if (names.size() <= kFewNames) {
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (is_it(names[i])) return static_cast<std::uint32_t>(i);
        }
        return add_name(name, hash);
    }
    if (slots_.size() < names.size() * 2) index_names();
    std::size_t slot = hash & (slots_.size() - 1);
    for (; slots_[slot] != kNoNode; slot = (slot + 1) & (slots_.size() - 1)) {
        if (is_it(names[slots_[slot]])) return slots_[slot];
    }
    return slots_[slot] = add_name(name, hash);
}

void TreeBuilder::close(NodeIndex index) {
    Node& node = tree_.nodes_[index];
    node.end = static_cast<NodeIndex>(tree_.nodes_.size());
    node.length = offset_of(tree_.text_.size()) - node.text;
    last_text_ = kNoNode;
}

void TreeBuilder::start_document() {
    if (tree_.nodes_.empty()) {  // room for a usual event at once
        tree_.nodes_.reserve(24);
        tree_.names_.reserve(8);
        tree_.text_.reserve(240);
        open_.reserve(8);
    }
    open_.push_back(append(NodeKind::document, kNoNode, offset_of(tree_.text_.size()), 0));
    last_text_ = kNoNode;
}

void TreeBuilder::end_document() {
    close(open_.back());
    open_.pop_back();
}

void TreeBuilder::start_element(const NameView& name, std::uint64_t hash, std::uint32_t line) {
    if (line != 0 || !tree_.lines_.empty()) {
        if (tree_.lines_.empty()) {  // elements before the first known line
            const auto known = std::count_if(tree_.nodes_.begin(), tree_.nodes_.end(),
                                             [](const Node& n) { return n.kind == NodeKind::element; });
            tree_.lines_.reserve(16);
            tree_.lines_.assign(static_cast<std::size_t>(known), 0);
        }
        tree_.lines_.push_back(line);
    }
    const std::uint32_t interned = intern(name, hash);
    const NodeIndex index = append(NodeKind::element, interned, offset_of(tree_.text_.size()), 0);
    // One that is deeper within the parent counts as if it were a sibling: no children need be looked at.
    NodeIndex& last = tree_.names_[interned].last;
    if (!open_.empty() && last > open_.back()) tree_.nodes_[open_.back()].repeats = true;
    last = index;
    open_.push_back(index);
    last_text_ = kNoNode;
}

void TreeBuilder::end_element() {
    close(open_.back());
    open_.pop_back();
}

void TreeBuilder::namespace_binding(std::string_view prefix, std::string_view uri) {
    std::pmr::memory_resource* memory = tree_.namespaces_.get_allocator().resource();
    tree_.namespaces_.push_back(
        {open_.empty() ? 0 : open_.back(), std::pmr::string(prefix, memory), std::pmr::string(uri, memory)});
}

void TreeBuilder::attribute(const NameView& name, std::string_view value) {
    append(NodeKind::attribute, intern(name), offset_of(tree_.values_.size()), offset_of(value.size()));
    tree_.values_.append(value);
}

void TreeBuilder::text(std::string_view value) {
    if (value.empty() && !open_.empty()) return;
    if (last_text_ != kNoNode) {
        tree_.nodes_[last_text_].length += offset_of(value.size());
    } else {
        last_text_ = append(NodeKind::text, kNoNode, offset_of(tree_.text_.size()), offset_of(value.size()));
    }
    tree_.text_.append(value);
}

void TreeBuilder::comment(std::string_view value) {
    append(NodeKind::comment, kNoNode, offset_of(tree_.values_.size()), offset_of(value.size()));
    tree_.values_.append(value);
    last_text_ = kNoNode;
}

void TreeBuilder::processing_instruction(std::string_view target, std::string_view value) {
    append(NodeKind::processing_instruction, intern({{}, target, {}}), offset_of(tree_.values_.size()),
           offset_of(value.size()));
    tree_.values_.append(value);
    last_text_ = kNoNode;
}

void TreeBuilder::namespace_node(std::string_view prefix, std::string_view uri) {
    append(NodeKind::namespace_node, intern({{}, prefix, {}}), offset_of(tree_.values_.size()),
           offset_of(uri.size()));
    tree_.values_.append(uri);
}

void TreeBuilder::base_uri(std::string_view uri) {
    tree_.base_uri_ = uri;
}

std::size_t TreeBuilder::bytes() const {
    return tree_.nodes_.size() * sizeof(Node) + tree_.names_.size() * sizeof(Name) +
           tree_.namespaces_.size() * sizeof(NamespaceBinding) + tree_.text_.size() + tree_.values_.size();
}

Tree TreeBuilder::finish() {
    Tree finished(std::move(tree_));
    tree_.nodes_.clear();
    tree_.names_.clear();
    tree_.namespaces_.clear();
    tree_.lines_.clear();
    tree_.text_.clear();
    tree_.values_.clear();
    tree_.base_uri_.clear();
    tree_.order_ = next_order();
    slots_.clear();
    open_.clear();
    last_text_ = kNoNode;
    return finished;
}

}  // namespace clacks::xml
