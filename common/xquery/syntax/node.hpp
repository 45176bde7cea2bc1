// What every part of the tree shares: spans, lists and names as written.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace clacks::xquery::syntax {

// Bytes of Ast::text(), which has its line ends normalised.
struct Span {
    std::uint32_t offset = 0;
    std::uint32_t length = 0;

    std::uint32_t end() const { return offset + length; }
};

// Elements live in the Ast's arena, as the text that string_views show.
template <class T>
using List = std::span<const T>;

// An EQName as written (XQuery 3.1, 2.1); analysis resolves it.
//   local            prefix and uri empty, braced false
//   prefix:local     prefix set
//   Q{uri}local      uri (white space normalised, maybe empty), braced true
struct Name {
    std::string_view prefix;
    std::string_view uri;
    std::string_view local;
    bool braced = false;
    Span span;

    bool plain() const { return !braced && prefix.empty(); }
};

}  // namespace clacks::xquery::syntax
