// The syntax tree of a query: the whole grammar of XQuery 3.1 (W3C Recommendation, 21 March 2017),
// names still as written.
//
// An Ast owns everything that its nodes point at: the text, the nodes, the strings. Nodes are
// immutable and trivially destructible. Reading one Ast from several threads is safe.
#pragma once

#include <cstddef>
#include <memory_resource>
#include <string_view>

#include "common/xquery/syntax/module.hpp"

namespace clacks::xquery::syntax {

class Ast {
  public:
    Ast() = default;
    Ast(const Ast&) = delete;
    Ast& operator=(const Ast&) = delete;

    const Module& module() const { return module_; }
    // The query with line ends normalised and without a byte order mark; what spans count in.
    std::string_view text() const { return text_; }
    std::string_view text(Span span) const { return text_.substr(span.offset - first_, span.length); }
    // The offset of the text's first byte in spans.
    std::size_t first() const { return first_; }

  private:
    friend class Parser;

    // Enough for a filter of ordinary size, so that it costs one allocation in all.
    static constexpr std::size_t kInlineBytes = 8 * 1024;
    alignas(std::max_align_t) std::byte inline_[kInlineBytes];
    std::pmr::monotonic_buffer_resource arena_{inline_, kInlineBytes};
    std::string_view text_;
    std::size_t first_ = 0;
    Module module_;
};

}  // namespace clacks::xquery::syntax
