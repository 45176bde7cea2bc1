// XQuery 3.1 (W3C Recommendation, 21 March 2017) for programs: compile once, evaluate often.
//
//   auto query = xquery::Query::compile("declare namespace f='urn:x'; ./f:a/f:b = 'c'");
//   xquery::DynamicContext context;
//   context.set_context_item(*document);
//   auto verdict = query->matches(context);   // effective boolean value
//
// A query reaches nothing outside itself, its context item and its external variables but what a
// Resolver gives it; without one, functions that reach outside are static errors. Every compilation and
// evaluation is bounded by Limits, counted in steps and bytes and never in time, so that a query behaves
// the same everywhere; exceeding one is an error that names the limit.
//
// Thread safety: a Query is immutable and may be shared. A DynamicContext belongs to one thread at a
// time; it keeps its memory between evaluations, so that a warm evaluation need not allocate.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "common/base/result.hpp"
#include "common/xml/tree.hpp"
#include "common/xquery/serialize/parameters.hpp"

namespace clacks::xquery {

struct Limits {
    std::size_t query_bytes = 64 * 1024;    // length of the query text
    std::size_t nesting = 200;              // depth of nested expressions in the query text
    std::size_t recursion = 5'000;          // depth of nested function calls at run time
    std::uint64_t steps = 1'000'000;        // items and operations of one evaluation
    std::size_t memory = 16 * 1024 * 1024;  // bytes held by one evaluation
};

// The value of an external variable given from outside.
using Timestamp =
    std::chrono::time_point<std::chrono::system_clock, std::chrono::milliseconds>;  // xs:dateTime, UTC
using AtomicValue = std::variant<std::monostate, bool, std::int64_t, double, std::string_view,
                                 Timestamp>;  // monostate: empty sequence

class Sequence;

// What a query may reach outside itself. Each function may be overridden; by itself it finds nothing, and
// the query gets the error that the specification names for it. A Diagnostic that is returned is the
// query's error; an empty code stands for the usual one (FODC0002, FOUT1170 …). Relative URIs arrive
// resolved against the static base URI where there is one.
// Thread safety: shared by the evaluations of a query, so calls may come from several threads.
class Resolver {
  public:
    virtual ~Resolver() = default;
    // fn:doc: the same tree for the same URI, so that node identity holds. Parsed by xml::parse.
    virtual Result<std::shared_ptr<const xml::Tree>> document(std::string_view uri);
    // fn:collection: any items; "" is the default collection.
    virtual Result<Sequence> collection(std::string_view uri);
    // fn:uri-collection
    virtual Result<std::vector<std::string>> uri_collection(std::string_view uri);
    // fn:unparsed-text, fn:json-doc: the bytes, and the encoding that is known from outside or "".
    struct Text {
        std::string bytes;
        std::string encoding;
    };
    virtual Result<Text> text(std::string_view uri);
    // The sources of a library module: of the given namespace, from the locations if there are any.
    struct ModuleSource {
        std::string uri;  // its own base URI
        std::string text;
    };
    virtual Result<std::vector<ModuleSource>> module(std::string_view target_namespace,
                                                     std::span<const std::string> locations);
    virtual std::optional<std::string> environment_variable(std::string_view name);
    virtual std::vector<std::string> environment_variables();
    // fn:trace
    virtual void trace(std::string_view label, std::string_view value);
};

struct CompileOptions {
    // Prefixes bound before the prolog is read; the query may declare them anew. The predeclared
    // prefixes of XQuery 3.1 (xml xs xsi fn math map array err local) are always there.
    std::vector<std::pair<std::string, std::string>> namespaces;
    std::string source = "query";  // what diagnostics call the text
    Limits limits;
    // None: nothing outside is reachable, which is right for filters of strangers.
    std::shared_ptr<Resolver> resolver;
    // Of the static context before the prolog is read; "" leaves the standard's default.
    std::string base_uri;
    std::string default_element_namespace;
    std::string default_collation;
    // Further names of collations: pairs of a URI and the URI of a collation that is known.
    std::vector<std::pair<std::string, std::string>> collations;
    // Decimal formats (XQuery 3.1, 4.10), which the prolog may declare anew: the name is "local",
    // "Q{uri}local", or "" for the default one; the properties are as in the prolog ("zero-digit").
    struct DecimalFormat {
        std::string name;
        std::vector<std::pair<std::string, std::string>> properties;
    };
    std::vector<DecimalFormat> decimal_formats;
    // Names of rewrites() that are not to be made, or "all": for comparing plans, which all give the same
    // answers.
    std::vector<std::string> without_rewrites;
    // Declared external and of any type, unless the prolog declares them itself; "local" or "Q{uri}local".
    std::vector<std::string> external_variables;
    // For Query::explain: each expression of the text is watched, and stays one by itself whatever rewrites
    // there are. Such a query gives the same answers, and takes more steps for them.
    bool explained = false;
};

// What is done to a query for speed alone, by name.
std::span<const std::string_view> rewrites();

struct ExternalVariable {
    std::string uri;
    std::string local;
    std::string type;   // as written, "" when none was declared
    bool allows_empty;  // the declared type admits the empty sequence (or none was declared)
    bool has_default;
};

// An expression of a query's text, and what came of it in one evaluation. Literals are left out.
struct ExplainedExpression {
    // What it is to the expression that it is a part of. A step is one of a path, and its values are what the
    // path has found up to there.
    enum class Role : std::uint8_t { part, step, predicate, where };
    static constexpr std::size_t kMostValues = 3;  // that are kept of an expression, and items of each

    Role role = Role::part;
    std::size_t offset = 0;  // into Query::text(), in bytes
    std::size_t length = 0;
    std::uint32_t line = 0;  // of its begin, from 1; columns count code points
    std::uint32_t column = 0;
    std::string text;  // as written, in one line
    // How often it was evaluated. 0: a short cut made its value unnecessary, or what it was to be applied to
    // was empty.
    std::uint64_t evaluations = 0;
    // How often it was true by its effective boolean value, and how many items it gave, over all evaluations.
    // Of one that a reader stopped early, the items that were read.
    std::uint64_t times_true = 0;
    std::uint64_t items = 0;
    // Of the first evaluations: the first items by the adaptive output method, each shortened; "()" for none.
    std::vector<std::string> values;
    std::string error;  // of the first evaluation that failed of its own: "[CODE] what"
    // Made the whole query false, or fail, and no part of it tells more: the first that the evaluation met.
    // Of `or` there is one for each operand.
    bool to_blame = false;
    std::vector<ExplainedExpression> parts;  // in the order of the text
};

struct Explanation {
    Result<bool> verdict = false;  // as of Query::matches
    // The query's body first, then what its prolog declares. None where the query was compiled without
    // CompileOptions::explained.
    std::vector<ExplainedExpression> expressions;
};

class DynamicContext;

namespace detail {
struct Program;
struct ContextState;
struct SequenceState;
}  // namespace detail

class Query {
  public:
    // Static errors carry their W3C code, line, column, the reason and a near miss; there may be several.
    static Result<Query, Diagnostics> compile(std::string_view text, const CompileOptions& options = {});

    // What is no error but never of use: an expression that fails whenever it is evaluated, though it may
    // never be, and a step that finds nothing ever. Like static errors otherwise.
    const Diagnostics& warnings() const;

    // The effective boolean value of the result (XQuery 3.1, 2.4.3), stopping as soon as it is known.
    Result<bool> matches(DynamicContext& context) const;
    // The whole result. It lives until the context is used again or ends.
    Result<Sequence> evaluate(DynamicContext& context) const;
    // Evaluates as matches() does and tells of each expression what came of it. The explanation is the
    // caller's and outlives everything. Slow, for people who ask.
    Explanation explain(DynamicContext& context) const;

    std::span<const ExternalVariable> external_variables() const;
    // The query's output declarations (declare option output:method "json") over `defaults`; SEPM0016 for one
    // with an invalid value.
    Result<SerializationParameters> serialization(SerializationParameters defaults = {}) const;
    std::string_view text() const;
    // Bytes held by the compiled query.
    std::size_t memory() const;

  private:
    explicit Query(std::shared_ptr<const detail::Program> program);
    std::shared_ptr<const detail::Program> program_;
};

class DynamicContext {
  public:
    explicit DynamicContext(const Limits& limits = {});
    DynamicContext(DynamicContext&&) noexcept;
    DynamicContext& operator=(DynamicContext&&) noexcept;
    ~DynamicContext();

    // The tree must outlive the next evaluation and its result.
    void set_context_item(const xml::Tree& tree, xml::NodeIndex node = 0);
    void clear_context_item();
    // Any one item; the sequence's context must outlive the next evaluation and its result, too.
    void set_context_item(const Sequence& item);
    // A variable that is bound to no value, nor has a default, is XPDY0002 where it is used; monostate is a
    // value, the empty sequence. Values stay bound until clear_variables; text must outlive the next
    // evaluation and its result. A name in a namespace is written Q{uri}local.
    void bind(std::string_view name, const AtomicValue& value);
    // The context that the value came from must outlive the next evaluation and its result.
    void bind(std::string_view name, const Sequence& value);
    void clear_variables();
    // The stable current date and time of the next evaluations (fn:current-dateTime).
    void set_current_time(Timestamp time);
    // In minutes, -840 to 840; 0 (UTC) unless set.
    void set_implicit_timezone(int minutes);
    const Limits& limits() const;
    // Cost of the last evaluation.
    std::uint64_t steps_used() const;
    std::size_t memory_used() const;

  private:
    friend class Query;
    std::unique_ptr<detail::ContextState> state_;
};

class Sequence {
  public:
    std::size_t size() const;
    // The adaptive output method (Serialization 3.1, 10) of one item; nodes as XML.
    std::string item(std::size_t i) const;
    // All items by the adaptive output method, an item a line. Ends early at the query's limit of memory.
    std::string serialize() const;
    // All items, as characters in UTF-8 whatever the encoding says; encode() makes bytes of them. Within the
    // query's limits of steps and memory. Errors are those of Serialization 3.1.
    Result<std::string> serialize(const SerializationParameters& parameters) const;
    Result<bool> effective_boolean_value() const;

  private:
    friend class Query;
    friend class DynamicContext;
    friend struct SequenceAccess;
    const detail::SequenceState* state_ = nullptr;
};

}  // namespace clacks::xquery
