// A query's tree as one line of text, for tests: operators infix and parenthesised, other constructs as
// (word part part…), axes written out.
#pragma once

#include <string>

#include "common/xquery/syntax/ast.hpp"

namespace clacks::xquery::syntax {

std::string dump(const Expr& expr);
// The body, after the declarations of the prolog, if there are any, each in braces.
std::string dump(const Module& module);

// Used by both files of the dump.
std::string dump(const Name& name);
std::string dump(const SequenceType& type);
std::string dump(const ItemType& type);
std::string dump(const KindTest& test);
std::string dump(const NameTest& test);
std::string dump(List<Annotation> annotations);
std::string dump(List<Parameter> parameters);
std::string quoted(std::string_view text);

}  // namespace clacks::xquery::syntax
