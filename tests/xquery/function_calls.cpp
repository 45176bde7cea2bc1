#include "tests/xquery/function_calls.hpp"

#include <cctype>
#include <stdexcept>

#include "common/xquery/functions/collations.hpp"
#include "common/xquery/functions/signature.hpp"
#include "common/xquery/values/atomize.hpp"

namespace clacks::xquery::function_tests {

namespace {

constexpr std::string_view kXml = "http://www.w3.org/XML/1998/namespace";

xml::Tree made() {
    xml::TreeBuilder b;
    const auto element = [&](std::string_view uri, std::string_view local, std::string_view prefix = {}) {
        b.start_element({uri, local, prefix});
    };
    b.base_uri("http://example.com/dir/doc.xml");
    b.start_document();
    element("urn:a", "r", "a");
    b.namespace_binding("a", "urn:a");
    b.namespace_binding("", "urn:d");
    b.attribute({kXml, "lang", "xml"}, "en-GB");
    b.text("one");
    element("urn:d", "b");
    b.attribute({{}, "k", {}}, "1");
    b.attribute({kXml, "base", "xml"}, "sub/");
    b.text("two");
    b.end_element();
    element("urn:d", "b");
    b.text("three");
    b.end_element();
    b.comment("c");
    b.processing_instruction("p", "q");
    element("urn:d", "b");
    b.attribute({{}, "k", {}}, "1");
    b.comment("x");
    b.text("two");
    b.end_element();
    element({}, "n");
    b.namespace_binding("", "");
    b.text("42");
    b.end_element();
    b.end_element();
    b.end_document();
    return b.finish();
}

// value := call | '(' [value {',' value}] ')' | string | u string | number | f number | #N | $x | N to N
class Evaluator {
  public:
    Evaluator(std::string_view text, CallContext& context, std::string_view x)
        : rest_(text), context_(context), x_(x) {}

    Value all() {
        const Value out = value();
        space();
        if (!rest_.empty()) bad("text after the end");
        return out;
    }

  private:
    [[noreturn]] void bad(const char* what) const {
        throw std::logic_error(std::string(what) + " at '" + std::string(rest_) + "'");
    }
    void space() {
        while (rest_.starts_with(' ')) rest_.remove_prefix(1);
    }
    bool take(std::string_view symbol) {
        space();
        if (!rest_.starts_with(symbol)) return false;
        rest_.remove_prefix(symbol.size());
        return true;
    }
    std::string_view word(bool (*belongs)(char)) {
        std::size_t n = 0;
        while (n < rest_.size() && belongs(rest_[n])) ++n;
        const std::string_view out = rest_.substr(0, n);
        rest_.remove_prefix(n);
        return out;
    }
    std::vector<Value> list() {
        std::vector<Value> out;
        while (!take(")")) {
            out.push_back(value());
            take(",");
        }
        return out;
    }
    Value value() {
        if (take("(")) {
            SequenceBuilder out(context_.arena);
            for (const Value& one : list()) out.add(one);
            return out.value();
        }
        if (take("$x")) return Item::of_text(x_);
        if (take("#")) return Item::of_node(sample(), static_cast<xml::NodeIndex>(integer()));
        if (take("u'")) return text(Type::untyped_atomic);
        if (take("'")) return text(Type::string);
        if (rest_.starts_with("-") || rest_.starts_with("f-") ||
            (!rest_.empty() && is_digit(rest_.front())) ||
            (rest_.size() > 1 && rest_.front() == 'f' && is_digit(rest_[1])))
            return number();
        return call_of(word(
            [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == ':' || c == '-'; }));
    }
    static bool is_digit(char c) { return c >= '0' && c <= '9'; }
    std::int64_t integer() { return std::stoll(std::string(word(is_digit))); }
    Value text(Type type) {
        const std::size_t end = rest_.find('\'');
        if (end == std::string_view::npos) bad("no end of the string");
        const Item item = Item::of_text(rest_.substr(0, end), type);
        rest_.remove_prefix(end + 1);
        return item;
    }
    Value number() {
        const bool is_float = take("f");
        const std::string_view digits = word([](char c) {
            return is_digit(c) || c == '-' || c == '.' || c == 'e' || c == 'I' || c == 'N' || c == 'F';
        });
        Type type = digits.find('.') == std::string_view::npos ? Type::integer : Type::decimal;
        if (digits.find_first_of("eI") != std::string_view::npos) type = Type::double_;
        const Item first = cast(Item::of_text(digits), is_float ? Type::float_ : type, context_.arena);
        if (!take("to ")) return first;
        return Value::range(first.integer, static_cast<std::uint64_t>(integer() - first.integer + 1));
    }
    Value call_of(std::string_view name) {
        const std::size_t colon = name.find(':');
        if (colon == std::string_view::npos || !take("(")) bad("no value");
        std::vector<Value> arguments = list();
        const std::string_view uri = signature_namespace(name.substr(0, colon));
        const Function* function = find_function(uri, name.substr(colon + 1), arguments.size());
        if (function == nullptr) throw explain_missing(uri, name.substr(colon + 1), arguments.size(), name);
        return call(*function, context_, arguments);
    }

    std::string_view rest_;
    CallContext& context_;
    std::string_view x_;
};

std::string shown(const Item& item, Arena& arena) {
    if (item.is_node()) return "#" + std::to_string(item.node());
    if (item.type == Type::qname) {
        const QName& name = item.qname();
        return "QName({" + std::string(name.uri) + "}" + std::string(name.prefix) + ":" +
               std::string(name.local) + ")";
    }
    std::string text(string_of(item, arena));
    if (item.type == Type::string) return "'" + text + "'";
    if (item.type == Type::integer || item.type == Type::boolean) return text;
    return std::string(type_name(item.type)) + "(" + text + ")";
}

std::string shown(const Value& value, Arena& arena) {
    if (value.size() == 1) return shown(value.front(), arena);
    std::string out = "(";
    for (const Item item : value) out += (out.size() > 1 ? ", " : "") + shown(item, arena);
    return out + ")";
}

const std::vector<NamespaceBinding> kNamespaces = {{"a", "urn:a"}};

std::string evaluate(std::string_view text, std::string_view x, const Options& options, Steps& steps) {
    Arena arena(options.memory);
    StaticInfo statics;
    statics.base_uri = options.base_uri;
    statics.default_collation = options.default_collation;
    statics.collation = find_collation(options.default_collation, statics);
    statics.namespaces = kNamespaces;
    CallContext context{arena, steps, &statics, options.focus};
    return shown(Evaluator(text, context, x).all(), arena);
}

}  // namespace

const xml::Tree& sample() {
    static const xml::Tree tree = made();
    return tree;
}

std::string run_with(std::string_view call, std::string_view x, const Options& options) {
    Steps steps(options.steps);
    try {
        return evaluate(call, x, options, steps);
    } catch (const Error& error) {
        return error.name.empty() ? std::string(code_name(error.code)) : error.name;
    }
}

std::string run(std::string_view call, const Options& options) {
    return run_with(call, {}, options);
}

Error error_of(std::string_view call, const Options& options) {
    Steps steps(options.steps);
    try {
        const std::string value = evaluate(call, {}, options, steps);
        throw std::logic_error(std::string(call) + " did not fail but gave " + value);
    } catch (const Error& error) {
        return error;
    }
}

std::uint64_t steps_of(std::string_view call, std::string_view x) {
    Steps steps;
    evaluate(call, x, {}, steps);
    return steps.used();
}

}  // namespace clacks::xquery::function_tests
