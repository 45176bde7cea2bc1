// The recursive descent parser; one function a production, or a few of one kind.
// Inside the library: others use parse() of parser.hpp.
#pragma once

#include <memory>
#include <new>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "common/xquery/syntax/ast.hpp"
#include "common/xquery/syntax/parser.hpp"
#include "common/xquery/syntax/scanner.hpp"

namespace clacks::xquery::syntax {

// XQuery 3.1, A.3: no function has one of these names without a prefix.
bool is_reserved_function_name(const Name& name);

class Parser {
  public:
    // The text must be valid UTF-8 of at most 4 GiB. Fails (throws Error) at the first error.
    static std::unique_ptr<Ast> run(std::string_view text, const ParseOptions& options);

  private:
    Parser(Ast& ast, std::size_t nesting) : ast_(ast), scan_(ast.text_), nesting_(nesting) {}

    // Counts what lies inside one another, so that the stack is bounded by the limit.
    class Level {
      public:
        explicit Level(Parser& parser) : parser_(parser) { parser.enter(); }
        ~Level() { --parser_.depth_; }
        Level(const Level&) = delete;
        Level& operator=(const Level&) = delete;

      private:
        Parser& parser_;
    };
    void enter();

    // ---- memory ----
    template <class T>
    T* make(ExprKind kind, std::size_t start) {
        T* node = place<T>();
        node->kind = kind;
        node->span = span_from(start);
        return node;
    }
    template <class T>
    T* make(ClauseKind kind, std::size_t start) {
        T* node = place<T>();
        node->kind = kind;
        node->span = span_from(start);
        return node;
    }
    template <class T>
    T* place() {
        static_assert(std::is_trivially_destructible_v<T>);
        return new (ast_.arena_.allocate(sizeof(T), alignof(T))) T();
    }
    template <class T>
    List<T> keep(const std::vector<T>& items) {
        if (items.empty()) return {};
        T* to = static_cast<T*>(ast_.arena_.allocate(items.size() * sizeof(T), alignof(T)));
        std::uninitialized_copy(items.begin(), items.end(), to);
        return {to, items.size()};
    }
    std::string_view keep(std::string_view text);
    Span span_from(std::size_t start) const;
    Span span(std::size_t start, std::size_t end) const;
    // Where a span begins, as the scanner counts.
    std::size_t local(const Span& span) const { return span.offset - ast_.first_; }

    // ---- tokens (literals.cpp) ----
    void expect(std::string_view symbol, std::string_view where = {});
    void expect_word(std::string_view word, std::string_view where = {});
    bool at_string() { return scan_.looking_at("\"") || scan_.looking_at("'"); }
    std::string_view string_literal();
    void reference(std::string& out);  // &amp; &#10; at the current character
    std::string_view braced_uri();     // Q{…}, standing behind the Q
    std::string_view normalised(std::string_view text);
    Name eqname(std::string_view what);
    Name qname_here(std::string_view what);   // a lexical QName
    Name eqname_here(std::string_view what);  // or Q{uri}local
    std::string_view ncname(std::string_view what);
    Name variable_name();  // "$" EQName
    bool at_name();
    std::string_view digits();

    // ---- modules (prolog.cpp) ----
    void module();
    void version_declaration();
    void prolog();
    bool setter_or_import();
    bool declaration();
    void separator(std::string_view after);
    void namespace_declaration(std::size_t start);
    void default_declaration(std::size_t start);
    void decimal_format(std::size_t start, bool is_default);
    void copy_namespaces(std::size_t start);
    void schema_import(std::size_t start);
    void module_import(std::size_t start);
    std::vector<std::string_view> locations();
    void context_item_declaration(std::size_t start);
    void variable_declaration(std::size_t start, List<Annotation> annotations);
    void function_declaration(std::size_t start, List<Annotation> annotations);
    void option_declaration(std::size_t start);
    template <class T>
    void set_once(std::optional<T>& to, T value, std::size_t start, Code code, std::string_view what) {
        if (to) scan_.fail_at(start, std::string(what) + " is declared twice", "leave one of them out", code);
        to = value;
    }
    List<Annotation> annotations();

    // ---- expressions (expressions.cpp, control.cpp) ----
    const Expr* expr();
    const Expr* expr_single();
    const Expr* control();  // null where no control expression begins
    const Expr* quantified();
    const Expr* if_expr();
    const Expr* switch_expr();
    const Expr* typeswitch();
    const Expr* try_catch();
    const Expr* enclosed(std::string_view where);  // "{" Expr? "}"
    const Expr* empty_sequence(std::size_t start);

    const Expr* binary(int loosest);
    const Expr* chain(const Expr* first, std::size_t start, int level);
    const Expr* comparison(const Expr* left, std::size_t start, ExprKind kind, Operator op,
                           std::string_view text);
    const Expr* range(const Expr* from, std::size_t start);
    const Expr* typed();
    const Expr* with_type(ExprKind kind, const Expr* operand, std::size_t start);
    const Expr* with_single_type(ExprKind kind, const Expr* operand, std::size_t start);
    bool take_words(std::string_view first, std::string_view second);
    const Expr* arrow();
    const Expr* unary();
    const Expr* value();
    const Expr* validate();
    const Expr* extension();
    const Expr* simple_map();

    // ---- FLWOR (flwor.cpp) ----
    bool at_flwor();
    void refuse_missing_dollar();
    const Expr* flwor();
    void for_clause(std::vector<const Clause*>& clauses);
    void let_clause(std::vector<const Clause*>& clauses);
    void window_clause(std::vector<const Clause*>& clauses);
    WindowCondition window_condition();
    void group_by(std::vector<const Clause*>& clauses);
    void order_by(std::vector<const Clause*>& clauses);
    EmptyOrder empty_order();
    const SequenceType* type_declaration();

    // ---- paths (paths.cpp) ----
    const Expr* path();
    void relative_path(std::vector<const Expr*>& steps);
    void further_steps(std::vector<const Expr*>& steps);
    const Expr* descendant_step(std::size_t start);
    bool at_step();
    const Expr* step();
    const Expr* axis_step();  // null where none begins
    List<const Expr*> predicates();
    const Expr* predicate();
    NodeTest node_test();
    NameTest name_test();
    void refuse_misplaced();

    // ---- primary and postfix expressions (primary.cpp) ----
    const Expr* postfix(const Expr* base, std::size_t start);
    const Expr* primary();  // null where none begins
    const Expr* keyword_primary();
    const Expr* numeric_literal();
    const Expr* parenthesized();
    const Expr* inline_function(std::size_t start, List<Annotation> annotations);
    const Expr* map_constructor();
    const Expr* square_array();
    const Expr* call_or_reference();
    List<const Expr*> arguments();
    LookupKey lookup_key();
    List<Parameter> parameters();
    const Expr* string_constructor();

    // ---- constructors (constructors.cpp) ----
    const Expr* direct_constructor();
    const Expr* direct_element();
    const Expr* direct_comment();
    const Expr* direct_processing_instruction();
    void direct_attributes(DirectElement& element);
    List<TextPart> attribute_value();
    List<const Expr*> direct_content(const Name& name);
    void skip_plain_space();
    const Expr* computed_constructor();  // null where none begins

    // ---- types (types.cpp) ----
    SequenceType sequence_type();
    ItemType item_type();
    SingleType single_type();
    Occurrence occurrence();
    bool at_kind_test();
    const KindTest* kind_test();
    void kind_test_arguments(KindTest& test);

    // The lists of the prolog while it is being read.
    struct Lists {
        std::vector<NamespaceDeclaration> namespaces;
        std::vector<DecimalFormat> decimal_formats;
        std::vector<SchemaImport> schema_imports;
        std::vector<ModuleImport> module_imports;
        std::vector<VariableDeclaration> variables;
        std::vector<FunctionDeclaration> functions;
        std::vector<OptionDeclaration> options;
    };

    Ast& ast_;
    Scanner scan_;
    Lists lists_;
    std::size_t nesting_;
    std::size_t depth_ = 0;
};

}  // namespace clacks::xquery::syntax
