// Turns a syntax tree into a plan: resolves names, finds static errors, chooses operators.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "common/xquery/plan/arithmetic.hpp"
#include "common/xquery/plan/axis.hpp"
#include "common/xquery/plan/basic.hpp"
#include "common/xquery/plan/constructor.hpp"
#include "common/xquery/plan/flwor.hpp"
#include "common/xquery/plan/function.hpp"
#include "common/xquery/plan/predicate.hpp"
#include "common/xquery/plan/program.hpp"
#include "common/xquery/plan/type_problem.hpp"
#include "common/xquery/syntax/ast.hpp"
#include "common/xquery/values/compare.hpp"

namespace clacks::xquery::plan {

// That are told of one module.
inline constexpr std::size_t kMostErrors = 20;

class Step;
class Uses;
struct CaughtName;
struct WindowEdge;

// Of one module. The steps are to be taken by all modules together, as they may import one another
// (plan/modules.hpp): declare, import, compile the declarations and then the body.
class Compiler {
  public:
    // All must outlive the compiler; the program keeps nothing of the Ast, whose spans count from
    // module.first. `uses` is that of all modules.
    Compiler(const syntax::Ast& ast, xquery::detail::Program& program,
             xquery::detail::Program::Module& module, const CompileOptions& options, Uses& uses);
    // The prolog but for the values of variables and the bodies of functions.
    void declare();
    // Whether that went well.
    bool declared() const { return declared_; }
    // Its imports cannot be had; the error is kept, and it is looked at no further.
    void refuse_import(Error error);
    // Makes the public variables and functions of another module known in this one.
    void import(const Compiler& library, syntax::Span at);
    // The values of variables and the bodies of functions. Nothing if declaring went wrong, as names would be
    // missed that are there.
    void compile_declarations();
    // What is left, when all modules have done that.
    void compile_body();
    // Every static error that was found.
    std::vector<Error>& errors() { return errors_; }
    // What can have no value but may never be evaluated, and what finds nothing ever.
    std::vector<Error>& warnings() { return warnings_; }

    std::string_view base_uri() const { return module_.statics.base_uri; }
    const syntax::Module& syntax() const { return ast_.module(); }
    [[noreturn]] static void fail_at(syntax::Span at, Code code, std::string message, std::string hint = {});
    static void place(Error& error, syntax::Span at);

  private:
    using Expr = syntax::Expr;

    // ---- the static context (compile_prolog.cpp) ----
    void declare_namespaces(const CompileOptions& options);
    // Whether all that it declares is known now; its errors are kept.
    bool prolog();
    bool declare_prefixes();
    bool declare_default_namespaces();
    void declare_base_uri(std::string_view uri);
    void declare_default_collation(std::string_view uri, syntax::Span at);
    void declare_decimal_formats(const CompileOptions& options);
    bool declare_decimal_formats();
    NamedDecimalFormat& decimal_format(std::string_view uri, std::string_view local);
    static void set_property(DecimalFormat& format, std::string_view property, std::string_view value,
                             syntax::Span at);
    static void check_format(const DecimalFormat& format, syntax::Span at);
    bool declare_imports();
    // output:… among the options (compile_output.cpp)
    void declare_output();
    void declare_output(const syntax::OptionDeclaration& option);
    std::shared_ptr<const xml::Tree> parameter_document(const syntax::OptionDeclaration& option);
    void check_target(const xml::NameView& name, const syntax::Name& written) const;
    // A literal in a query; fails with `unknown` where there is no such collation.
    const Collation* known_collation(std::string_view uri, syntax::Span at, Code unknown);
    // False when what was tried was refused; others go on.
    template <class Try>
    bool attempt(Try step);
    // Calls declare(one) for each declaration; false when any was refused, which hinders the others in
    // nothing.
    template <class Declaration, class Declare>
    bool declare_each(syntax::List<Declaration> declarations, Declare declare);
    bool declare_functions();
    void declare_function(const syntax::FunctionDeclaration& declared);
    bool declare_variables();
    void compile_variables();
    GlobalVariable* new_global(std::string_view local);
    void declare_variable(const syntax::VariableDeclaration& declared);
    void declare_from_outside(const std::vector<std::string>& names);
    void declare_context_item();
    void compile_functions();
    // Of functions and variables of the prolog, and of inline functions.
    // `conflict` says of which: XQST0106, XQST0116 or XQST0125.
    void check_annotations(syntax::List<syntax::Annotation> annotations, Code conflict);
    std::string signature_of(const syntax::SequenceType* type) const;

    // ---- names (compile_names.cpp) ----
    enum class Use : std::uint8_t { element, plain, function };
    xml::NameView expand(const syntax::Name& name, Use use);
    std::string_view namespace_of(std::string_view prefix, syntax::Span at) const;
    std::string_view keep(std::string_view text) { return program_.arena.copy(text); }
    std::string shown(const syntax::Name& name) const;
    static std::string type_hint(const xml::NameView& name);
    Type atomic_type(const syntax::Name& name);
    SequenceType sequence_type(const syntax::SequenceType& type);
    ItemType item_type(const syntax::ItemType& type);
    ItemType node_type(const syntax::KindTest& test);
    const InnerTypes* inner_types(const syntax::ItemType& type);

    bool on(Rewrite rewrite) const { return program_.rewrites.on(rewrite); }

    // ---- errors ----
    // Keeps the error and goes on with a plan that never runs.
    Plan refuse(Error error);
    Plan refused();
    // Keeps what is told of an expression's types, if it is anything: as an error where every evaluation of
    // the query meets it, otherwise as a warning.
    void tell(MaybeProblem problem, syntax::Span at);
    Plan not_supported(std::string_view construct, syntax::Span at);

    // ---- expressions (compile_expressions.cpp) ----
    Plan compile(const Expr& expr);
    Plan compile_kind(const Expr& expr);
    // ---- what is explained (compile_watched.cpp) ----
    bool explained() const { return program_.explained; }
    Plan compile_watched(const Expr& expr);
    // The expression, as a part of the one that is being compiled.
    std::size_t watch(const Expr& expr);
    // A step of a path behind its first: `join` makes the path up to there.
    Plan watched_join(Plan left, const syntax::AxisStep& step);
    Plan literal(const syntax::NumericLiteral& literal);
    Plan variable(const syntax::VariableReference& reference);
    Plan sequence(const syntax::Sequence& sequence);
    Plan chain(const syntax::Chain& chain);
    Plan comparison(const syntax::Comparison& comparison);
    Plan compared(const syntax::Comparison& comparison, Plan left, Plan right);
    Plan general(Comparison op, Plan left, Plan right, syntax::Span at);
    Plan type_test(const syntax::TypeExpr& expr);
    Plan cast(const syntax::CastExpr& expr);
    Plan arrow(const syntax::Arrow& arrow);
    Plan switch_expr(const syntax::Switch& expr);
    Plan typeswitch(const syntax::Typeswitch& expr);
    Plan try_catch(const syntax::TryCatch& expr);
    CaughtName caught_name(const syntax::NameTest& test);
    Plan postfix(const syntax::PostfixExpr& expr);
    Plan context_item(syntax::Span at);
    Plan simple_map(const syntax::Chain& chain);
    Plan logic(const syntax::Chain& chain);
    Plan concatenation(const syntax::Chain& chain);
    Plan calculation(Arithmetic op, Plan left, Plan right, syntax::Span at);
    Plan node_set(NodeSet::Form form, Plan left, Plan right, syntax::Span at);
    Plan condition(const Expr& expr);
    Plan choice(const Expr& expr);
    std::span<const Plan> compile_all(syntax::List<const Expr*> exprs);

    // ---- calls by name (compile_calls.cpp) ----
    struct NamedCall {
        const syntax::Name& name;
        Plan first;  // from the left of an arrow, or null
        syntax::List<const Expr*> arguments;
        syntax::Span at;
    };
    Plan call(const NamedCall& written);
    static syntax::Span argument_at(std::size_t i, const NamedCall& call);
    Plan call_declared(FunctionBody& function, const std::vector<Plan>& arguments, const NamedCall& written);
    Plan library_call(const Function& function, const std::vector<Plan>& arguments, const NamedCall& written);
    void keep_pattern(const Function& function, const std::vector<Plan>& arguments);
    const Value* known_value(const Function& function, const std::vector<Plan>& arguments, syntax::Span at);
    const Function* library_function_of(const xml::NameView& name, const syntax::Name& written,
                                        std::size_t arity);

    // ---- function items, maps and arrays (compile_functions.cpp) ----
    struct Closure;
    std::uint32_t slot_of(std::size_t local, Closure* closure);
    Plan inline_function(const syntax::InlineFunction& written);
    std::span<const FunctionBody::Parameter> parameters_of(syntax::List<syntax::Parameter> written);
    std::span<const SequenceType> types_of(std::span<const FunctionBody::Parameter> parameters);
    void compile_body(FunctionBody& body, syntax::List<syntax::Parameter> written, const Expr& expr);
    void use(std::variant<FunctionBody*, GlobalVariable*> declaration, bool always);
    Plan function_reference(const syntax::Name& written, std::size_t arity, syntax::Span at);
    Plan named_reference(const syntax::NamedFunctionReference& written);
    std::vector<Plan> arguments_of(Plan first, syntax::List<const Expr*> written);
    Plan dynamic_call(Plan function, Plan first, syntax::List<const Expr*> arguments, syntax::Span at);
    Plan lookup(Plan operand, const syntax::LookupKey& key);
    Plan map_constructor(const syntax::MapConstructor& written);
    Plan square_array(const syntax::SquareArray& written);
    Plan curly_array(const syntax::CurlyArray& written);

    // ---- paths (compile_paths.cpp) ----
    Plan path(const syntax::Path& path);
    const Step* step(const syntax::AxisStep& step, Axis axis);
    NodeTest node_test(const syntax::NodeTest& test, Axis axis);
    Plan root(syntax::Span at);
    Plan first_step(const syntax::AxisStep& step);
    std::span<const Predicate> predicates(syntax::List<const Expr*> exprs, Kinds items);
    Plan join(Plan left, const Expr& right, bool last);
    Plan step_from(Plan left, const syntax::AxisStep& step);

    // ---- constructors (compile_constructors.cpp) ----
    Plan direct_element(const syntax::DirectElement& element, bool nested = false);
    Plan direct_part(const Expr& expr);
    Plan direct_leaf(const Expr& expr);
    std::span<const AttributePlan> direct_attributes(const syntax::DirectElement& element);
    std::span<const ValuePart> text_parts(syntax::List<syntax::TextPart> parts);
    Plan computed_constructor(const syntax::ComputedConstructor& constructor);
    ConstructorScope constructor_scope(bool computed_name = false);
    // The static context of this place: that of the prolog, and the namespaces of direct constructors.
    const StaticInfo& statics();
    class DirectNamespaces;

    // ---- FLWOR (compile_flwor.cpp) ----
    Plan flwor(const syntax::Flwor& flwor);
    Plan quantified(const syntax::Quantified& quantified);
    // The expression's own variables are those from `first_local` on.
    Clause clause(const syntax::Clause& clause, std::size_t first_local);
    Clause for_clause(const syntax::ForClause& clause, std::size_t first_local);
    // (compile_join.cpp)
    struct JoinOperand {
        Plan plan;
        bool uses_item;   // the variable of the last `for`
        bool uses_tuple;  // others of the FLWOR expression's
    };
    void where(const Expr& condition, std::vector<Clause>& clauses, std::size_t first_local);
    void join(const JoinOperand& left, const JoinOperand& right, std::vector<Clause>& clauses);
    bool uses_locals(std::size_t since, std::size_t first, std::size_t end) const;
    Clause order_by(const syntax::OrderByClause& clause, std::size_t first_local);
    Clause group_by(const syntax::GroupByClause& clause, std::size_t first_local);
    Plan grouping_variable(const syntax::GroupingSpec& spec, std::size_t first_local);
    Clause window(const syntax::WindowClause& clause);
    WindowEdge window_edge(const syntax::WindowCondition& condition, const Traits& item,
                           std::vector<xml::NameView>& names);
    void window_variable(const syntax::Name& name, std::vector<xml::NameView>& names);
    enum class Bound : std::uint8_t { whole, each, each_or_none };  // what a variable is bound to
    Plan checked(const Expr& value, const syntax::SequenceType* type, const syntax::Name& name, Bound bound);

    // Whether the expression that is being compiled is evaluated whenever the query is: surely; whenever the
    // declaration is used around it; or perhaps, as what stands in a branch, a predicate or behind a `for`
    // that may find nothing. Caught: in a try clause.
    enum class Reach : std::uint8_t { surely, with_declaration, perhaps, caught };
    // Sets something for a scope.
    template <class T>
    class Within {
      public:
        Within(T& place, T value) : place_(place), saved_(place) { place = value; }
        ~Within() { place_ = saved_; }
        Within(const Within&) = delete;
        Within& operator=(const Within&) = delete;

      private:
        T& place_;
        T saved_;
    };
    Plan compile_within(Reach reach, const Expr& expr) {
        const Within at_least(reach_, std::max(reach_, reach));
        return compile(expr);
    }
    Plan compile_perhaps(const Expr& expr) { return compile_within(Reach::perhaps, expr); }

    // Counts how deep operators nest; fails with limit-nesting.
    class Level {
      public:
        Level(Compiler& compiler, std::size_t levels);
        ~Level() { compiler_.level_ -= levels_; }
        Level(const Level&) = delete;
        Level& operator=(const Level&) = delete;

      private:
        Compiler& compiler_;
        std::size_t levels_;
    };
    // A body of its own: how deep it went.
    template <class Compile>
    std::size_t levels_of(Compile compile) {
        level_ = deepest_ = 0;
        compile();
        return deepest_;
    }

    // ---- variables ----
    struct Local {
        xml::NameView name;
        std::uint32_t slot;
        Traits known;
    };
    std::uint32_t bind(const syntax::Name& name, const Traits& known);
    class Scope {
      public:
        explicit Scope(Compiler& compiler) : compiler_(compiler), size_(compiler.locals_.size()) {}
        ~Scope() { compiler_.locals_.resize(size_); }
        Scope(const Scope&) = delete;
        Scope& operator=(const Scope&) = delete;

      private:
        Compiler& compiler_;
        std::size_t size_;
    };

    template <class T>
    T* make(const T& value, std::size_t offset) {
        T* made = program_.arena.make(value);
        made->offset = offset;
        return made;
    }
    template <class T>
    T* make(const T& value, syntax::Span at) {
        return make(value, std::size_t{at.offset});
    }
    template <class T>
    std::span<const T> keep(const std::vector<T>& items) {
        const std::span<T> room = program_.arena.take_array<T>(items.size());
        std::uninitialized_copy(items.begin(), items.end(), room.begin());
        return room;
    }

    // Of what is watched.
    std::size_t whole_ = kNoExpression;  // the expression that is being compiled
    ExplainedExpression::Role role_ = ExplainedExpression::Role::part;  // of the next in it

    const syntax::Ast& ast_;
    xquery::detail::Program& program_;
    xquery::detail::Program::Module& module_;
    const CompileOptions& options_;  // only while the compiler lives
    std::vector<Error> errors_;
    std::vector<Error> warnings_;
    Uses& uses_;
    std::variant<std::monostate, FunctionBody*, GlobalVariable*> within_;  // what is being compiled
    Reach reach_ = Reach::surely;
    Kinds focus_ = kAnything;  // of the context item
    std::vector<Local> locals_;
    std::vector<std::size_t> used_;  // of locals_, one for each reference
    std::vector<NamedDecimalFormat> decimal_formats_;
    Closure* closure_ = nullptr;  // the inline function that is being compiled
    // Those of this module first, then the imported ones.
    std::vector<std::pair<xml::NameView, GlobalVariable*>> globals_;
    std::vector<std::pair<xml::NameView, FunctionBody*>> functions_;
    bool declared_ = false;
    std::size_t own_globals_ = 0;
    std::size_t own_functions_ = 0;
    std::string_view default_element_namespace_;
    std::string_view default_function_namespace_ = kFnNamespace;
    bool empty_greatest_ = false;
    bool strip_boundary_space_ = true;
    CopyModes copy_modes_;
    std::span<const Binding> direct_namespaces_;  // of direct constructors around this place
    const StaticInfo* direct_statics_ = nullptr;  // made when first asked for
    std::size_t level_ = 0;
    std::size_t deepest_ = 0;
};

}  // namespace clacks::xquery::plan
