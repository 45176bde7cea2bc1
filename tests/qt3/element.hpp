// Reading the suite's own XML: elements of a tree by local name.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/xml/tree.hpp"

namespace clacks::qt3 {

using TreePtr = std::shared_ptr<const xml::Tree>;

class Element {
  public:
    Element(const xml::Tree& tree, xml::NodeIndex node) : tree_(&tree), node_(node) {}

    std::string_view name() const { return tree_->name(node_).local; }
    std::string_view text() const { return tree_->string_value(node_); }
    // "" when there is no such attribute.
    std::string_view attribute(std::string_view local) const;
    bool has(std::string_view local) const;
    std::vector<Element> children() const;
    std::vector<Element> children(std::string_view local) const;
    // The prefixes in scope here, with their namespaces.
    std::vector<std::pair<std::string, std::string>> namespaces() const;

  private:
    const xml::Tree* tree_;
    xml::NodeIndex node_;
};

std::string read_file(const std::filesystem::path& file);
// The file's tree; throws std::runtime_error for one that cannot be read.
TreePtr read_tree(const std::filesystem::path& file, std::string_view uri);
Element root_of(const xml::Tree& tree);
// "file:///…"
std::string file_uri(const std::filesystem::path& file);

}  // namespace clacks::qt3
