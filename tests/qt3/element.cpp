#include "tests/qt3/element.hpp"

#include <fstream>
#include <iterator>
#include <stdexcept>

#include "common/xml/parser.hpp"

namespace clacks::qt3 {

std::string_view Element::attribute(std::string_view local) const {
    for (xml::NodeIndex a = node_ + 1;
         a < tree_->size() && tree_->kind(a) == xml::NodeKind::attribute && tree_->parent(a) == node_; ++a) {
        if (tree_->name(a).local == local) return tree_->string_value(a);
    }
    return {};
}

bool Element::has(std::string_view local) const {
    return attribute(local).data() != nullptr;
}

std::vector<Element> Element::children() const {
    std::vector<Element> found;
    for (xml::NodeIndex c = tree_->first_child(node_); c < (*tree_)[node_].end; c = (*tree_)[c].end) {
        if (tree_->kind(c) == xml::NodeKind::element) found.emplace_back(*tree_, c);
    }
    return found;
}

std::vector<Element> Element::children(std::string_view local) const {
    std::vector<Element> found;
    for (const Element& child : children()) {
        if (child.name() == local) found.push_back(child);
    }
    return found;
}

std::vector<std::pair<std::string, std::string>> Element::namespaces() const {
    std::vector<std::pair<std::string, std::string>> found;
    for (const xml::NamespaceBinding& binding : tree_->namespaces()) {
        if (binding.element > node_ || (*tree_)[binding.element].end <= node_) continue;
        if (!binding.prefix.empty()) found.emplace_back(binding.prefix, binding.uri);
    }
    return found;
}

std::string read_file(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw std::runtime_error("cannot read " + file.string());
    return {std::istreambuf_iterator<char>(in), {}};
}

TreePtr read_tree(const std::filesystem::path& file, std::string_view uri) {
    xml::ParseLimits limits;
    limits.bytes = 256 * 1024 * 1024;
    limits.depth = 1000;
    limits.attributes = 1000;
    limits.internal_subset = true;
    limits.encoding = xml::Encoding::declared;
    auto tree = xml::parse(read_file(file), limits, uri);
    if (!tree) throw std::runtime_error(file.string() + ": " + to_string(tree.error()));
    return *tree;
}

Element root_of(const xml::Tree& tree) {
    for (xml::NodeIndex c = tree.first_child(0); c < tree.size(); c = tree[c].end) {
        if (tree.kind(c) == xml::NodeKind::element) return {tree, c};
    }
    throw std::runtime_error("a document without an element");
}

std::string file_uri(const std::filesystem::path& file) {
    return "file://" + std::filesystem::absolute(file).lexically_normal().string();
}

}  // namespace clacks::qt3
