#include "tests/xquery/dump.hpp"

namespace clacks::xquery::syntax {

namespace {

std::string text(std::string_view view) {
    return std::string(view);
}

std::string type_of(const SequenceType* type) {
    return type == nullptr ? "" : " as " + dump(*type);
}

std::string variable(const Name& name) {
    return "$" + dump(name);
}

// " a b c"
std::string all(List<const Expr*> items) {
    std::string out;
    for (const Expr* item : items) out += " " + dump(*item);
    return out;
}

// "(a, b)"
std::string arguments(List<const Expr*> items) {
    std::string out;
    for (const Expr* item : items) out += (out.empty() ? "" : ", ") + dump(*item);
    return "(" + out + ")";
}

std::string predicates(List<const Expr*> items) {
    std::string out;
    for (const Expr* item : items) out += "[" + dump(*item) + "]";
    return out;
}

std::string key(const LookupKey& key) {
    switch (key.kind) {
        case LookupKey::Kind::name:
        case LookupKey::Kind::integer:
            return "?" + text(key.text);
        case LookupKey::Kind::expression:
            return "?(" + dump(*key.expr) + ")";
        case LookupKey::Kind::wildcard:
            break;
    }
    return "?*";
}

std::string parts(List<TextPart> items) {
    std::string out;
    for (const TextPart& part : items)
        out += " " + (part.expr == nullptr ? quoted(part.text) : "{" + dump(*part.expr) + "}");
    return out;
}

std::string postfix(const PostfixExpr& expr) {
    std::string out = dump(*expr.base);
    for (const Postfix& one : expr.postfixes) {
        if (one.kind == Postfix::Kind::predicate) out += "[" + dump(*one.predicate) + "]";
        if (one.kind == Postfix::Kind::arguments) out += arguments(one.arguments);
        if (one.kind == Postfix::Kind::lookup) out += key(one.key);
    }
    return "(postfix " + out + ")";
}

std::string axis_step(const AxisStep& step) {
    static constexpr const char* kAxes[] = {"child",
                                            "descendant",
                                            "attribute",
                                            "self",
                                            "descendant-or-self",
                                            "following-sibling",
                                            "following",
                                            "parent",
                                            "ancestor",
                                            "preceding-sibling",
                                            "preceding",
                                            "ancestor-or-self"};
    return kAxes[static_cast<int>(step.axis)] + std::string("::") +
           (step.test.kind == nullptr ? dump(step.test.name) : dump(*step.test.kind)) +
           predicates(step.predicates);
}

std::string chain(const Chain& chain) {
    std::string out = dump(*chain.first);
    for (const Operand& operand : chain.rest)
        out += " " + text(operator_text(operand.op)) + " " + dump(*operand.expr);
    return "(" + out + ")";
}

std::string arrow(const Arrow& arrow) {
    std::string out = dump(*arrow.operand);
    for (const ArrowCall& call : arrow.calls)
        out += " => " + (call.function == nullptr ? dump(call.name) : dump(*call.function)) +
               arguments(call.arguments);
    return "(" + out + ")";
}

std::string condition(const char* word, const WindowCondition& c) {
    if (c.when == nullptr) return "";
    return std::string(" ") + word + (c.has_current ? " " + variable(c.current) : "") +
           (c.has_position ? " at " + variable(c.position) : "") +
           (c.has_previous ? " previous " + variable(c.previous) : "") +
           (c.has_next ? " next " + variable(c.next) : "") + " when " + dump(*c.when);
}

std::string window(const WindowClause& c) {
    return std::string(c.sliding ? "sliding " : "tumbling ") + variable(c.variable) + type_of(c.type) +
           " in " + dump(*c.in) + condition("start", c.start) +
           condition(c.only_end ? "only-end" : "end", c.end);
}

std::string group(const GroupByClause& clause) {
    std::string out = "group";
    for (const GroupingSpec& spec : clause.specs)
        out += " " + variable(spec.variable) + type_of(spec.type) +
               (spec.value == nullptr ? "" : " := " + dump(*spec.value)) +
               (spec.has_collation ? " collation " + quoted(spec.collation) : "");
    return out;
}

std::string order(const OrderByClause& clause) {
    std::string out = clause.stable ? "stable-order" : "order";
    for (const OrderSpec& spec : clause.specs) {
        out += " " + dump(*spec.key) + (spec.descending ? " descending" : "");
        if (spec.empty == EmptyOrder::greatest) out += " empty-greatest";
        if (spec.empty == EmptyOrder::least) out += " empty-least";
        if (spec.has_collation) out += " collation " + quoted(spec.collation);
    }
    return out;
}

std::string clause(const Clause& c) {
    switch (c.kind) {
        case ClauseKind::for_: {
            const auto& one = as<ForClause>(c);
            return "for " + variable(one.variable) + type_of(one.type) +
                   (one.allowing_empty ? " allowing-empty" : "") +
                   (one.has_position ? " at " + variable(one.position) : "") + " in " + dump(*one.in);
        }
        case ClauseKind::let: {
            const auto& one = as<LetClause>(c);
            return "let " + variable(one.variable) + type_of(one.type) + " := " + dump(*one.value);
        }
        case ClauseKind::window:
            return window(as<WindowClause>(c));
        case ClauseKind::where:
            return "where " + dump(*as<WhereClause>(c).condition);
        case ClauseKind::group_by:
            return group(as<GroupByClause>(c));
        case ClauseKind::order_by:
            return order(as<OrderByClause>(c));
        case ClauseKind::count:
            return "count " + variable(as<CountClause>(c).variable);
    }
    return "?";
}

std::string flwor(const Flwor& flwor) {
    std::string out = "(flwor";
    for (const Clause* c : flwor.clauses) out += " {" + clause(*c) + "}";
    return out + " " + dump(*flwor.result) + ")";
}

std::string quantified(const Quantified& expr) {
    std::string out = expr.every ? "(every" : "(some";
    for (const QuantifiedBinding& b : expr.bindings)
        out += " {" + variable(b.variable) + type_of(b.type) + " in " + dump(*b.in) + "}";
    return out + " " + dump(*expr.satisfies) + ")";
}

std::string switch_(const Switch& expr) {
    std::string out = "(switch " + dump(*expr.operand);
    for (const SwitchCase& one : expr.cases)
        out += " {case" + all(one.values) + " => " + dump(*one.result) + "}";
    return out + " " + dump(*expr.otherwise) + ")";
}

std::string type_case(const TypeswitchCase& one) {
    std::string out = one.has_variable ? variable(one.variable) + " " : "";
    for (const SequenceType& type : one.types) out += dump(type) + " ";
    return " {" + out + "=> " + dump(*one.result) + "}";
}

std::string typeswitch(const Typeswitch& expr) {
    std::string out = "(typeswitch " + dump(*expr.operand);
    for (const TypeswitchCase& one : expr.cases) out += type_case(one);
    return out + type_case(expr.otherwise) + ")";
}

std::string try_catch(const TryCatch& expr) {
    std::string out = "(try " + dump(*expr.body);
    for (const Catch& one : expr.catches) {
        out += " {";
        for (const NameTest& error : one.errors) out += dump(error) + " ";
        out += "=> " + dump(*one.body) + "}";
    }
    return out + ")";
}

std::string validate(const Validate& expr) {
    const char* mode = expr.mode == Validate::Mode::lax      ? " lax "
                       : expr.mode == Validate::Mode::strict ? " strict "
                       : expr.mode == Validate::Mode::type   ? " type "
                                                             : " ";
    return std::string("(validate") + mode +
           (expr.mode == Validate::Mode::type ? dump(expr.type) + " " : "") + dump(*expr.operand) + ")";
}

std::string extension(const Extension& expr) {
    std::string out = "(extension";
    for (const Pragma& pragma : expr.pragmas)
        out += " {" + dump(pragma.name) + " " + quoted(pragma.content) + "}";
    return out + (expr.operand == nullptr ? "" : " " + dump(*expr.operand)) + ")";
}

std::string element(const DirectElement& e) {
    std::string out = "<" + dump(e.name);
    for (const NamespaceAttribute& n : e.namespaces) out += " xmlns:" + text(n.prefix) + "=" + quoted(n.uri);
    for (const DirectAttribute& a : e.attributes)
        out += " " + dump(a.name) + "=" + "(" + parts(a.value) + " )";
    return out + all(e.content) + ">";
}

std::string computed(const ComputedConstructor& c) {
    static constexpr const char* kWords[] = {"element",  "attribute", "namespace", "processing-instruction",
                                             "document", "text",      "comment"};
    const auto index = static_cast<int>(c.kind) - static_cast<int>(ExprKind::computed_element);
    const std::string name = index > 3                ? ""
                             : c.name_expr == nullptr ? dump(c.name) + " "
                                                      : "{" + dump(*c.name_expr) + "} ";
    return std::string("(") + kWords[index] + " " + name + dump(*c.content) + ")";
}

std::string inline_function(const InlineFunction& f) {
    return "(" + dump(f.annotations) + "function" + dump(f.parameters) + type_of(f.result) + " " +
           dump(*f.body) + ")";
}

std::string map(const MapConstructor& m) {
    std::string out = "(map";
    for (const MapEntry& entry : m.entries) out += " {" + dump(*entry.key) + " : " + dump(*entry.value) + "}";
    return out + ")";
}

std::string comparison(const Comparison& c) {
    return "(" + dump(*c.left) + " " + text(operator_text(c.op)) + " " + dump(*c.right) + ")";
}

std::string with_type(const TypeExpr& e, const char* words) {
    return "(" + dump(*e.operand) + words + dump(*e.type) + ")";
}

std::string with_single_type(const CastExpr& e, const char* words) {
    return "(" + dump(*e.operand) + words + dump(e.type.name) + (e.type.optional ? "?" : "") + ")";
}

std::string path(const Path& p) {
    return std::string(p.from_root ? "(path /" : "(path") + all(p.steps) + ")";
}

}  // namespace

std::string quoted(std::string_view view) {
    std::string out = "\"";
    for (const char c : view) {
        if (c == '\n') {
            out += "\\n";
        } else {
            out += c;
        }
    }
    return out + "\"";
}

std::string dump(const Expr& e) {
    using K = ExprKind;
    switch (e.kind) {
        case K::integer_literal:
        case K::decimal_literal:
        case K::double_literal:
            return text(as<NumericLiteral>(e).text) + (e.kind == K::double_literal    ? "d"
                                                       : e.kind == K::decimal_literal ? "m"
                                                                                      : "");
        case K::string_literal:
            return quoted(as<StringLiteral>(e).value);
        case K::variable_reference:
            return variable(as<VariableReference>(e).name);
        case K::context_item:
            return ".";
        case K::sequence: {
            const std::string items = all(as<Sequence>(e).items);
            return items.empty() ? "()" : "(seq" + items + ")";
        }
        case K::argument_placeholder:
            return "_";
        case K::function_call:
            return dump(as<FunctionCall>(e).name) + arguments(as<FunctionCall>(e).arguments);
        case K::named_function_reference:
            return dump(as<NamedFunctionReference>(e).name) + "#" + text(as<NamedFunctionReference>(e).arity);
        case K::inline_function:
            return inline_function(as<InlineFunction>(e));
        case K::map_constructor:
            return map(as<MapConstructor>(e));
        case K::square_array:
            return "(square" + all(as<SquareArray>(e).members) + ")";
        case K::curly_array:
            return "(array " + dump(*as<CurlyArray>(e).content) + ")";
        case K::string_constructor:
            return "(string" + parts(as<StringConstructor>(e).parts) + ")";
        case K::ordered:
            return "(ordered " + dump(*as<OrderingExpr>(e).operand) + ")";
        case K::unordered:
            return "(unordered " + dump(*as<OrderingExpr>(e).operand) + ")";
        case K::unary_lookup:
            return "(" + key(as<UnaryLookup>(e).key) + ")";
        case K::postfix:
            return postfix(as<PostfixExpr>(e));
        case K::axis_step:
            return axis_step(as<AxisStep>(e));
        case K::path:
            return path(as<Path>(e));
        case K::or_:
        case K::and_:
        case K::concat:
        case K::additive:
        case K::multiplicative:
        case K::union_:
        case K::intersect_except:
        case K::simple_map:
            return chain(as<Chain>(e));
        case K::value_comparison:
        case K::general_comparison:
        case K::node_comparison:
            return comparison(as<Comparison>(e));
        case K::range:
            return "(" + dump(*as<Range>(e).from) + " to " + dump(*as<Range>(e).to) + ")";
        case K::unary:
            return (as<Unary>(e).negative ? "(-" : "(+") + dump(*as<Unary>(e).operand) + ")";
        case K::instance_of:
            return with_type(as<TypeExpr>(e), " instance-of ");
        case K::treat:
            return with_type(as<TypeExpr>(e), " treat-as ");
        case K::castable:
            return with_single_type(as<CastExpr>(e), " castable-as ");
        case K::cast:
            return with_single_type(as<CastExpr>(e), " cast-as ");
        case K::arrow:
            return arrow(as<Arrow>(e));
        case K::flwor:
            return flwor(as<Flwor>(e));
        case K::quantified:
            return quantified(as<Quantified>(e));
        case K::if_:
            return "(if " + dump(*as<If>(e).condition) + " " + dump(*as<If>(e).then) + " " +
                   dump(*as<If>(e).otherwise) + ")";
        case K::switch_:
            return switch_(as<Switch>(e));
        case K::typeswitch_:
            return typeswitch(as<Typeswitch>(e));
        case K::try_catch:
            return try_catch(as<TryCatch>(e));
        case K::validate:
            return validate(as<Validate>(e));
        case K::extension:
            return extension(as<Extension>(e));
        case K::direct_element:
            return element(as<DirectElement>(e));
        case K::direct_text:
            return (as<DirectText>(e).boundary ? "~" : "") + quoted(as<DirectText>(e).value);
        case K::enclosed_content:
            return "{" + dump(*as<EnclosedContent>(e).expr) + "}";
        case K::direct_comment:
            return "<!--" + text(as<DirectComment>(e).text) + "-->";
        case K::direct_processing_instruction:
            return "<?" + text(as<DirectProcessingInstruction>(e).target) + " " +
                   text(as<DirectProcessingInstruction>(e).text) + "?>";
        case K::computed_element:
        case K::computed_attribute:
        case K::computed_namespace:
        case K::computed_processing_instruction:
        case K::computed_document:
        case K::computed_text:
        case K::computed_comment:
            return computed(as<ComputedConstructor>(e));
    }
    return "?";
}

}  // namespace clacks::xquery::syntax
