// Walks a query's syntax tree and finds what each expression is known to give. What it does not know it
// takes for anything. The rules, and why they are sound: docs/matching.md.
//
// Inside the library. Not thread safe.
#pragma once

#include <span>

#include "common/xquery/analysis/scope.hpp"
#include "common/xquery/values/compare.hpp"

namespace clacks::xquery::analysis {

// Counts the levels of expressions inside one another.
class Nesting {
  public:
    explicit Nesting(std::size_t& depth) : depth_(depth) {
        if (++depth_ > kMost) throw TooMuch();
    }
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;
    ~Nesting() { --depth_; }

  private:
    static constexpr std::size_t kMost = 100;
    std::size_t& depth_;
};

class Walker {
  public:
    Walker(const syntax::Ast& ast, const CompileOptions& options);

    // What it means that the query is true. Throws TooMuch.
    Meaning run();

  private:
    using Function = Computed::Function;

    // A variable or focus that stands for one node of a set at a time. No bit: of a set of one node, for
    // which it is only a name.
    struct Binder {
        Nodes nodes;
        Binders bit = 0;
    };
    // One part of a sequence, an item of it at a time.
    struct Bound {
        Value item;
        std::optional<Binder> binder;
        std::optional<Meaning> guard;
    };
    // What a comparison with a literal sees of nodes.
    struct Operand {
        enum class As : std::uint8_t { untyped, text, number, whole, truth };
        As as = As::untyped;
        bool one = false;            // more than one node is an error
        bool empty_of_none = false;  // it is "" where there is no node
    };
    struct Against {
        Comparison op;
        Literal literal;
        bool value_comparison;
        Place place;
    };

    // ---- walker.cpp: expressions
    Value value(const syntax::Expr& expr);
    Value value_of_kind(const syntax::Expr& expr);
    Value operator_value(const syntax::Expr& expr);
    Meaning truth(const syntax::Expr& expr);
    Value constant(const syntax::NumericLiteral& literal);
    Value unary(const syntax::Unary& expr);
    Value variable(const syntax::VariableReference& reference);
    Value sequence(std::span<const syntax::Expr* const> items);
    Value logical(const syntax::Chain& chain);
    Value chain(const syntax::Chain& chain);
    Value conditional(const syntax::If& expr);
    void declare(const syntax::Prolog& prolog);
    Place place(syntax::Span span) const;
    void take(std::size_t work);

    // ---- paths.cpp: paths, steps and predicates
    Value focus() const;
    Value path(const syntax::Path& path);
    Value axis_step(const Value& base, const syntax::AxisStep& step);
    void step(Value& to, const Nodes& from, const syntax::AxisStep& written);
    std::optional<Step> step_of(const syntax::AxisStep& written) const;
    void go(Value& to, const Nodes& from, Step step);
    void go_to_self(Value& to, const Nodes& from, const Step& step);
    Value postfix(const syntax::PostfixExpr& expr);
    Value filtered(Value value, const syntax::Expr& predicate);
    Meaning selected(const Nodes& nodes, const syntax::Expr& predicate, bool only);
    Value mapped(const Value& value, const syntax::Expr& expr);

    // ---- bindings.cpp: what stands for one item at a time
    Binder open(Nodes nodes);
    Bound enter(const Part& part);
    Meaning leave(const Bound& bound, Meaning meaning);
    Value leave(const Bound& bound, Value value);
    static Meaning close(const Binder& binder, Meaning meaning);
    static void close(const Binder& binder, Part& part, Value& value);
    Value flwor(const syntax::Flwor& expr, std::size_t clause);
    Value for_clause(const syntax::Flwor& expr, std::size_t clause);
    Value let_clause(const syntax::Flwor& expr, std::size_t clause);
    Value where_clause(const syntax::Flwor& expr, std::size_t clause);
    Meaning quantified(const syntax::Quantified& expr, std::size_t binding);

    // ---- comparisons.cpp
    Meaning comparison(const syntax::Comparison& expr);
    Meaning in_range(const syntax::Expr& expr, const syntax::Range& range, Place at);
    Meaning compared(const Part& left, const Part& right, Against by) const;
    Meaning with_literal(const Part& part, const Against& by) const;
    Meaning computed_with(const Computed& computed, const Against& by) const;
    Meaning number_with(const Nodes& nodes, const Against& by) const;
    Meaning nodes_with(const Nodes& nodes, Operand operand, const Against& by) const;
    Meaning text_with(const Nodes& nodes, Operand operand, const Against& by) const;

    // ---- calls.cpp
    std::vector<Value> values(std::span<const syntax::Expr* const> arguments);
    Value call(const syntax::Name& name, const std::vector<Value>& arguments, Place at);
    Value function(std::string_view local, const std::vector<Value>& arguments, Place at) const;
    Meaning text_function(std::string_view local, const std::vector<Value>& arguments, Place at) const;
    Value cast(const syntax::CastExpr& expr);
    Value arrow(const syntax::Arrow& expr);

    const syntax::Ast& ast_;
    Scope scope_;
    std::optional<Nodes> focus_;  // none: nothing is known of it
    std::size_t depth_ = 0;
    std::size_t work_ = 0;
    unsigned open_ = 0;  // binders with a bit
};

// Nodes that wait for their step after "//" are none that could be told.
Value settled(Value value);

// The nodes in the hands of a function: fn:string and the like.
Value computed(Computed::Function function, const Value& argument, Place place);

// The test that a node passes whose value compares so with the literal.
Test comparison_test(Comparison op, const Nodes& nodes, Literal literal, Place place);

}  // namespace clacks::xquery::analysis
