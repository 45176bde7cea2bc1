// Sequence types and kind tests (XQuery 3.1, 2.5.4 and 2.5.5).
#include "common/xquery/syntax/grammar.hpp"

namespace clacks::xquery::syntax {

namespace {

struct KindName {
    std::string_view name;
    KindTest::Kind kind;
};
constexpr KindName kKinds[] = {{"node", KindTest::Kind::node},
                               {"text", KindTest::Kind::text},
                               {"comment", KindTest::Kind::comment},
                               {"namespace-node", KindTest::Kind::namespace_node},
                               {"processing-instruction", KindTest::Kind::processing_instruction},
                               {"document-node", KindTest::Kind::document},
                               {"element", KindTest::Kind::element},
                               {"attribute", KindTest::Kind::attribute},
                               {"schema-element", KindTest::Kind::schema_element},
                               {"schema-attribute", KindTest::Kind::schema_attribute}};

const KindName* kind_named(std::string_view word) {
    for (const KindName& row : kKinds) {
        if (row.name == word) return &row;
    }
    return nullptr;
}

}  // namespace

bool Parser::at_kind_test() {
    const std::string_view word = scan_.peek_word();
    return kind_named(word) != nullptr && scan_.looking_at(word, "(");
}

const KindTest* Parser::kind_test() {
    const Level level(*this);
    const std::size_t start = scan_.token_start();
    const std::string_view word = scan_.peek_word();
    auto* test = place<KindTest>();
    test->kind = kind_named(word)->kind;
    scan_.advance(word.size());
    expect("(");
    kind_test_arguments(*test);
    expect(")", "after the kind test");
    test->span = span_from(start);
    return test;
}

void Parser::kind_test_arguments(KindTest& test) {
    using Kind = KindTest::Kind;
    switch (test.kind) {
        case Kind::document:
            if (!scan_.looking_at("element", "(") && !scan_.looking_at("schema-element", "(")) return;
            test.inside = kind_test();
            return;
        case Kind::processing_instruction:
            if (scan_.looking_at(")")) return;
            test.has_name = true;
            test.target = at_string() ? normalised(string_literal()) : ncname("a target");
            return;
        case Kind::element:
        case Kind::attribute:
            if (scan_.looking_at(")")) return;
            if (!scan_.take("*")) {
                test.has_name = true;
                test.name = eqname("a name or '*'");
            }
            if (!scan_.take(",")) return;
            test.has_type = true;
            test.type = eqname("a type name");
            test.nillable = test.kind == Kind::element && scan_.take("?");
            return;
        case Kind::schema_element:
        case Kind::schema_attribute:
            test.has_name = true;
            test.name = eqname("a name");
            return;
        default:
            return;
    }
}

Occurrence Parser::occurrence() {
    if (scan_.take("?")) return Occurrence::optional;
    if (scan_.take("*")) return Occurrence::any;
    if (scan_.take("+")) return Occurrence::some;
    return Occurrence::one;
}

SequenceType Parser::sequence_type() {
    const std::size_t start = scan_.token_start();
    SequenceType type;
    if (scan_.looking_at("empty-sequence", "(")) {
        scan_.take_word("empty-sequence");
        expect("(");
        expect(")");
        type.empty = true;
    } else {
        type.item = item_type();
        type.occurrence = occurrence();
    }
    type.span = span_from(start);
    return type;
}

ItemType Parser::item_type() {
    const Level level(*this);
    const std::size_t start = scan_.token_start();
    ItemType type;
    if (scan_.take("(")) {
        type = item_type();
        expect(")", "after the item type");
        return type;
    }
    const List<Annotation> notes = annotations();
    if (!notes.empty() && !scan_.looking_at("function", "("))
        scan_.fail_expected("'function(' after the annotation");
    if (scan_.looking_at("item", "(")) {
        scan_.take_word("item");
        expect("(");
        expect(")");
        type.kind = ItemType::Kind::item;
    } else if (scan_.looking_at("function", "(")) {
        scan_.take_word("function");
        expect("(");
        type.annotations = notes;
        if (scan_.take("*")) {
            expect(")");
            type.kind = ItemType::Kind::any_function;
        } else {
            type.kind = ItemType::Kind::function;
            std::vector<SequenceType> parameters;
            if (!scan_.looking_at(")")) {
                do {
                    parameters.push_back(sequence_type());
                } while (scan_.take(","));
            }
            expect(")", "after the parameter types");
            type.parameters = keep(parameters);
            if (!scan_.looking_at_word("as"))
                scan_.fail_expected("'as' and the result type of the function type");
            type.result = type_declaration();
        }
    } else if (scan_.looking_at("map", "(")) {
        scan_.take_word("map");
        expect("(");
        if (scan_.take("*")) {
            type.kind = ItemType::Kind::any_map;
        } else {
            type.kind = ItemType::Kind::map;
            type.name = eqname("the type of the keys");
            expect(",", "after the type of the keys");
            auto* values = place<SequenceType>();
            *values = sequence_type();
            type.result = values;
        }
        expect(")", "after the map type");
    } else if (scan_.looking_at("array", "(")) {
        scan_.take_word("array");
        expect("(");
        if (scan_.take("*")) {
            type.kind = ItemType::Kind::any_array;
        } else {
            type.kind = ItemType::Kind::array;
            auto* members = place<SequenceType>();
            *members = sequence_type();
            type.result = members;
        }
        expect(")", "after the array type");
    } else if (at_kind_test()) {
        type.kind = ItemType::Kind::node;
        type.node = kind_test();
    } else {
        type.kind = ItemType::Kind::atomic;
        type.name = eqname("a type");
        if (scan_.looking_at("("))
            scan_.fail_at(local(type.name.span), "'" + std::string(type.name.local) + "(…)' is no type",
                          "item types with parentheses are item(), node(), element() and their kin");
    }
    type.span = span_from(start);
    return type;
}

SingleType Parser::single_type() {
    const std::size_t start = scan_.token_start();
    SingleType type;
    type.name = eqname("an atomic type");
    type.optional = scan_.take("?");
    type.span = span_from(start);
    return type;
}

}  // namespace clacks::xquery::syntax
