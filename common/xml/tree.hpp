// An immutable XML tree in the XQuery and XPath Data Model (XDM 3.1, section 6), made for evaluation:
// nodes lie in document order in one array, names are resolved to namespaces once, and the text of
// the whole tree lies in one buffer in document order, so that the string value of an element is a
// slice of it and costs nothing.
//
// Shape: node 0 is the root (a document node, or any other node for a constructed fragment). An
// element is followed by its attributes, then by its children, each with its own subtree.
// `end` is the index just past a node's subtree, so siblings are reached without pointers.
//
// Ownership: a Tree owns all its bytes, through the memory resource it was built with; views handed
// out live as long as the tree. Thread safety: a finished Tree is const and may be read by any
// number of threads.
#pragma once

#include <cstdint>
#include <memory>
#include <memory_resource>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace clacks::xml {

using NodeIndex = std::uint32_t;
inline constexpr NodeIndex kNoNode = 0xFFFFFFFF;

enum class NodeKind : std::uint8_t {
    document,
    element,
    attribute,
    text,
    comment,
    processing_instruction,
    namespace_node
};

// An expanded name. Equality is that of namespace and local part; the prefix is kept for showing.
struct NameView {
    std::string_view uri;
    std::string_view local;
    std::string_view prefix;
    friend bool operator==(const NameView& a, const NameView& b) {
        return a.local == b.local && a.uri == b.uri;
    }
};

// Never 0. The same for equal expanded names in every tree and every query of the process.
std::uint64_t name_hash(std::string_view uri, std::string_view local);

struct Name {
    Name(const NameView& name, std::uint64_t its_hash, std::pmr::memory_resource* memory)
        : uri(name.uri, memory), local(name.local, memory), prefix(name.prefix, memory), hash(its_hash) {}

    std::pmr::string uri, local, prefix;
    std::uint64_t hash;  // name_hash(uri, local)
    NodeIndex last = 0;  // the last element of this very name; 0 where there is none, or the root alone
    NameView view() const { return {uri, local, prefix}; }
};

struct Node {
    NodeKind kind;
    bool repeats;          // false: no two of its children are elements of one name, with one prefix
    std::uint32_t name;    // index into the tree's names; kNoNode for kinds without a name
    NodeIndex parent;      // kNoNode for the root
    NodeIndex end;         // one past the subtree (attributes included)
    std::uint32_t text;    // document, element, text: offset into text(); others: into values()
    std::uint32_t length;  // of the string value, in bytes
};

struct NamespaceBinding {
    NodeIndex element;
    std::pmr::string prefix;  // "" for the default namespace
    std::pmr::string uri;     // "" undeclares
};

class Tree {
  public:
    NodeIndex size() const { return static_cast<NodeIndex>(nodes_.size()); }
    const Node& operator[](NodeIndex i) const { return nodes_[i]; }

    NodeKind kind(NodeIndex i) const { return nodes_[i].kind; }
    bool has_name(NodeIndex i) const { return nodes_[i].name != kNoNode; }
    // Only for nodes with a name.
    const Name& name(NodeIndex i) const { return names_[nodes_[i].name]; }
    // XDM dm:string-value. A slice, never a copy.
    std::string_view string_value(NodeIndex i) const {
        const Node& n = nodes_[i];
        const std::pmr::string& from =
            n.kind <= NodeKind::element || n.kind == NodeKind::text ? text_ : values_;
        return std::string_view(from).substr(n.text, n.length);
    }
    NodeIndex parent(NodeIndex i) const { return nodes_[i].parent; }
    NodeIndex first_attribute(NodeIndex i) const {
        return i + 1 < size() && nodes_[i + 1].kind == NodeKind::attribute && nodes_[i + 1].parent == i
                   ? i + 1
                   : kNoNode;
    }
    // Children are visited by: for (c = first_child(i); c < tree[i].end; c = tree[c].end) …
    NodeIndex first_child(NodeIndex i) const {
        NodeIndex c = i + 1;
        while (c < nodes_[i].end && nodes_[c].kind == NodeKind::attribute && nodes_[c].parent == i) ++c;
        return c;
    }
    std::span<const Name> names() const { return names_; }
    // Declarations in document order; those of one element lie together.
    std::span<const NamespaceBinding> namespaces() const { return namespaces_; }
    // Those of one element.
    std::span<const NamespaceBinding> namespaces_of(NodeIndex element) const;
    // The URI bound to a prefix at an element, "" when there is none; "xml" is always bound.
    std::string_view namespace_for(NodeIndex element, std::string_view prefix) const;
    // Ascends with creation: the order of documents in XDM's document order (stable within a process).
    std::uint64_t order() const { return order_; }
    const std::pmr::string& base_uri() const { return base_uri_; }
    // 1-based line of an element's start tag in its source, 0 when unknown.
    std::uint32_t line(NodeIndex i) const;

    explicit Tree(std::pmr::memory_resource* memory);
    Tree(Tree&&) noexcept = default;
    Tree(const Tree&) = delete;
    Tree& operator=(const Tree&) = delete;
    Tree& operator=(Tree&&) = delete;
    ~Tree() = default;

  private:
    friend class TreeBuilder;
    std::pmr::vector<Node> nodes_;
    std::pmr::vector<Name> names_;
    std::pmr::vector<NamespaceBinding> namespaces_;
    std::pmr::vector<std::uint32_t> lines_;  // empty, or one an element in document order of nodes
    std::pmr::string text_;
    std::pmr::string values_;
    std::pmr::string base_uri_;
    std::uint64_t order_;
};

// Builds a Tree by events in document order. Adjacent text becomes one node; empty text none, but where
// it is the root.
// Usage: start_document, start_element, [namespace_binding | attribute]*, …, end_element, end_document,
// finish.
class TreeBuilder {
  public:
    explicit TreeBuilder(std::pmr::memory_resource* memory = std::pmr::get_default_resource());

    void start_document();
    void end_document();
    void start_element(const NameView& name, std::uint32_t line = 0) {
        start_element(name, name_hash(name.uri, name.local), line);
    }
    // `hash` is the name's name_hash.
    void start_element(const NameView& name, std::uint64_t hash, std::uint32_t line);
    void namespace_binding(std::string_view prefix, std::string_view uri);
    void attribute(const NameView& name, std::string_view value);
    void end_element();
    void text(std::string_view value);
    void comment(std::string_view value);
    void processing_instruction(std::string_view target, std::string_view value);
    // A namespace node as the root.
    void namespace_node(std::string_view prefix, std::string_view uri);
    void base_uri(std::string_view uri);
    // Bytes and nodes so far, for callers that enforce a limit.
    std::size_t bytes() const;
    // Depth of open elements.
    std::size_t depth() const { return open_.size(); }

    Tree finish();  // the builder is empty afterwards

  private:
    NodeIndex append(NodeKind kind, std::uint32_t name, std::uint32_t text, std::uint32_t length);
    std::uint32_t intern(const NameView& name) { return intern(name, name_hash(name.uri, name.local)); }
    std::uint32_t intern(const NameView& name, std::uint64_t hash);
    std::uint32_t add_name(const NameView& name, std::uint64_t hash);
    void index_names();
    void close(NodeIndex node);
    Tree tree_;
    std::pmr::vector<std::uint32_t> slots_;  // hash table over the names, once they are many
    std::pmr::vector<NodeIndex> open_;
    NodeIndex last_text_ = kNoNode;  // the text node that further text joins
};

}  // namespace clacks::xml
