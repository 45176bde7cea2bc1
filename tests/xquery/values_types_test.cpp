// Sequence types (XQuery 3.1, 2.5.4 and 2.5.5), conversion rules (3.1.5.2), the hierarchy of types.
#include "common/xml/tree.hpp"
#include "common/xquery/values/sequence_type.hpp"
#include "tests/xquery/values_cases.hpp"

namespace clacks::xquery::values_tests {

namespace {

using Kind = ItemType::Kind;

SequenceType type_of_sequence(std::string_view written) {
    SequenceType type;
    type.occurrence = Occurrence::one;
    constexpr std::string_view kSigns = "?*+";
    const std::size_t sign = kSigns.find(written.back());
    if (sign != std::string_view::npos) {
        type.occurrence = static_cast<Occurrence>(sign + 1);
        written.remove_suffix(1);
    }
    type.empty = written == "empty";
    if (!type.empty && written != "item") type.item = ItemType::of(type_of(written));
    return type;
}

SequenceType node_type(Kind kind, Occurrence occurrence = Occurrence::one) {
    SequenceType type;
    type.item.kind = kind;
    type.occurrence = occurrence;
    return type;
}

SequenceType named(SequenceType type, const xml::NameView& name) {
    type.item.has_name = true;
    type.item.name = name;
    type.item.name_hash = xml::name_hash(name.uri, name.local);
    return type;
}

struct Row {
    std::string_view value, type, expected;
};

}  // namespace

TEST_CASE("Matching of atomic values") {
    const Row rows[] = {
        {"", "empty", "true"},
        {"integer 1", "empty", "false"},
        {"", "item?", "true"},
        {"", "item", "false"},
        {"", "item+", "false"},
        {"integer 1|string a", "item+", "true"},
        {"integer 1|string a", "item?", "false"},
        {"integer 1", "integer", "true"},
        {"integer 1", "decimal", "true"},
        {"integer 1", "numeric", "true"},
        {"integer 1", "anyAtomicType", "true"},
        {"integer 1", "long", "false"},
        {"integer 1", "double", "false"},
        {"byte 1", "long", "true"},
        {"unsignedByte 1", "nonNegativeInteger", "true"},
        {"unsignedByte 1", "positiveInteger", "false"},
        {"decimal 1", "integer", "false"},
        {"float 1", "double", "false"},
        {"float 1", "numeric", "true"},
        {"string 1", "numeric", "false"},
        {"NCName a", "string", "true"},
        {"NCName a", "token", "true"},
        {"string a", "token", "false"},
        {"untypedAtomic a", "string", "false"},
        {"anyURI a", "string", "false"},
        {"dateTime 0", "dateTime", "true"},
        {"integer 1|integer 2", "integer*", "true"},
        {"integer 1|integer 2", "integer", "false"},
        {"integer 1|string a", "integer*", "false"},
        {"", "integer*", "true"},
    };
    for (const Row& row : rows) {
        INFO("(" << row.value << ") instance of " << row.type);
        Arena arena;
        CHECK(written(matches(sequence(row.value, arena), type_of_sequence(row.type))) == row.expected);
    }
    CHECK(matches(Value::range(1, 1'000'000'000'000), type_of_sequence("integer+")));
    CHECK_FALSE(matches(Value::range(1, 1'000'000'000'000), type_of_sequence("string*")));
}

TEST_CASE("Matching of nodes") {
    xml::TreeBuilder builder;
    builder.start_document();
    builder.comment("c");
    builder.start_element({"urn:e", "Event", "f"});
    builder.attribute({"", "id", ""}, "1");
    builder.text("t");
    builder.processing_instruction("app", "go");
    builder.end_element();
    builder.end_document();
    const xml::Tree tree = builder.finish();
    REQUIRE(tree.size() == 6);
    const Kind kinds[] = {Kind::document,  Kind::comment, Kind::element,
                          Kind::attribute, Kind::text,    Kind::processing_instruction};
    for (xml::NodeIndex i = 0; i < tree.size(); ++i) {
        const Item node = Item::of_node(tree, i);
        CHECK(matches(node, node_type(Kind::item)));
        CHECK(matches(node, node_type(Kind::node)));
        CHECK_FALSE(matches(node, node_type(Kind::namespace_node)));
        CHECK_FALSE(matches(node, type_of_sequence("anyAtomicType")));
        CHECK_FALSE(matches(node, node_type(Kind::function)));
        for (std::size_t k = 0; k < 6; ++k) CHECK(matches(node, node_type(kinds[k])) == (k == i));
    }
    const auto fits = [&](xml::NodeIndex i, const SequenceType& type) {
        return matches(Item::of_node(tree, i), type);
    };
    CHECK(fits(2, named(node_type(Kind::element), {"urn:e", "Event", "other"})));
    CHECK_FALSE(fits(2, named(node_type(Kind::element), {"", "Event", ""})));
    CHECK(fits(3, named(node_type(Kind::attribute), {"", "id", ""})));
    CHECK_FALSE(fits(3, named(node_type(Kind::attribute), {"", "at", ""})));
    CHECK(fits(5, named(node_type(Kind::processing_instruction), {"", "app", ""})));
    CHECK_FALSE(fits(5, named(node_type(Kind::processing_instruction), {"", "xyz", ""})));
    SequenceType document = named(node_type(Kind::document), {"urn:e", "Event", ""});
    document.item.of_element = true;
    CHECK(fits(0, document));
    document = named(document, {"urn:e", "Other", ""});
    CHECK_FALSE(fits(0, document));
    CHECK_FALSE(matches(Item::of_integer(1), node_type(Kind::node)));
}

TEST_CASE("A document of two elements is no document-node(element())") {
    xml::TreeBuilder builder;
    builder.start_document();
    builder.start_element({"", "a", ""});
    builder.end_element();
    builder.start_element({"", "b", ""});
    builder.end_element();
    builder.end_document();
    const xml::Tree tree = builder.finish();
    SequenceType type = node_type(Kind::document);
    type.item.of_element = true;
    CHECK_FALSE(matches(Item::of_node(tree, 0), type));
}

TEST_CASE("Types are written as in a query") {
    CHECK(to_string(type_of_sequence("empty")) == "empty-sequence()");
    CHECK(to_string(type_of_sequence("item*")) == "item()*");
    CHECK(to_string(type_of_sequence("string?")) == "xs:string?");
    CHECK(to_string(type_of_sequence("numeric+")) == "xs:numeric+");
    CHECK(to_string(node_type(Kind::element)) == "element()");
    CHECK(to_string(named(node_type(Kind::element, Occurrence::any), {"urn:e", "Event", "f"})) ==
          "element(f:Event)*");
    CHECK(to_string(named(node_type(Kind::attribute), {"urn:e", "x", ""})) == "attribute(Q{urn:e}x)");
    SequenceType document = named(node_type(Kind::document), {"", "a", ""});
    document.item.of_element = true;
    CHECK(to_string(document) == "document-node(element(a))");
    CHECK(to_string(node_type(Kind::map)) == "map(*)");
}

TEST_CASE("Conversion rules") {
    const Row rows[] = {
        {"integer 1", "double", "double 1"},
        {"decimal 0.5", "float", "float 0.5"},
        {"float 0.5", "double", "double 0.5"},
        {"double 0.5", "float", "XPTY0004"},
        {"double 1", "integer", "XPTY0004"},
        {"byte 1", "integer", "byte 1"},
        {"integer 1", "byte", "XPTY0004"},
        {"anyURI urn:a", "string", "string urn:a"},
        {"string urn:a", "anyURI", "XPTY0004"},
        {"untypedAtomic 5", "integer", "integer 5"},
        {"untypedAtomic 5", "string", "string 5"},
        {"untypedAtomic 5", "double?", "double 5"},
        {"untypedAtomic 5", "numeric", "double 5"},
        {"untypedAtomic 5", "anyAtomicType", "untypedAtomic 5"},
        {"untypedAtomic x", "integer", "FORG0001"},
        {"untypedAtomic 300", "unsignedByte", "FORG0001"},
        {"untypedAtomic a:x", "QName", "XPTY0117"},
        {"string 5", "integer", "XPTY0004"},
        {"string 5", "string", "string 5"},
        {"boolean true", "string", "XPTY0004"},
        {"", "string?", ""},
        {"", "string*", ""},
        {"", "string", "XPTY0004"},
        {"", "string+", "XPTY0004"},
        {"string a|string b", "string?", "XPTY0004"},
        {"integer 1|untypedAtomic 2|float 3", "double*", "double 1|double 2|double 3"},
        {"integer 1|string a", "double*", "XPTY0004"},
        {"integer 1", "empty", "XPTY0004"},
        {"integer 1|string a", "item*", "integer 1|string a"},
    };
    for (const Row& row : rows) {
        INFO("(" << row.value << ") to " << row.type);
        Arena arena;
        Steps steps;
        const Value value = sequence(row.value, arena);
        const SequenceType type = type_of_sequence(row.type);
        CHECK(outcome([&] {
                  return written(convert(value, type, {"", "x"}, arena, steps));
              }) == row.expected);
        if (needs_no_conversion(value, type)) CHECK(written(value) == row.expected);
    }
}

TEST_CASE("Conversion of ranges stays a range where it can, and is bounded where it cannot") {
    Arena arena(1024 * 1024);
    Steps steps;
    const Value range = Value::range(1, 1'000'000'000);
    CHECK(convert(range, type_of_sequence("decimal*"), {"", "x"}, arena, steps).is_range());
    CHECK(written(convert(Value::range(1, 3), type_of_sequence("double*"), {"", "x"}, arena, steps)) ==
          "double 1|double 2|double 3");
    CHECK(outcome([&] {
              return written(convert(range, type_of_sequence("float*"), {"", "x"}, arena, steps));
          }).starts_with("limit-"));
    CHECK(outcome([&] {
              return written(convert(range, type_of_sequence("string*"), {"", "x"}, arena, steps));
          }) == "XPTY0004");
}

TEST_CASE("Nodes are atomized where atomic values are wanted") {
    xml::TreeBuilder builder;
    builder.start_element({"", "n", ""});
    builder.text(" 42 ");
    builder.end_element();
    const xml::Tree tree = builder.finish();
    Arena arena;
    Steps steps;
    const Item node = Item::of_node(tree, 0);
    CHECK(written(convert(node, type_of_sequence("integer"), {"", "x"}, arena, steps)) == "integer 42");
    CHECK(convert(node, node_type(Kind::element), {"", "x"}, arena, steps).front().is_node());
    const Error error = error_of([&] { convert(node, node_type(Kind::attribute), {"", "x"}, arena, steps); });
    CHECK(error.message == "$x takes attribute() and got an element 'n'");
}

TEST_CASE("A failed conversion says where, what and what to do") {
    Arena arena;
    Steps steps;
    const auto failure = [&](std::string_view value, std::string_view type) {
        return error_of([&] {
            convert(sequence(value, arena), type_of_sequence(type), {"fn:substring", "start"}, arena, steps);
        });
    };
    const Error type = failure("string x", "double");
    CHECK(type.message ==
          "the argument $start of fn:substring takes xs:double and got 'x' of type xs:string");
    CHECK(type.hint == "convert it with xs:double()");
    const Error form = failure("untypedAtomic x", "double");
    CHECK(form.name == "FORG0001");
    CHECK(form.message ==
          "the argument $start of fn:substring takes xs:double: 'x' of type xs:untypedAtomic is not a valid "
          "xs:double");
    CHECK(failure("", "double").message.ends_with("takes xs:double and got an empty sequence"));
    CHECK(failure("", "double").hint == "test with exists() first, or give a default");
    CHECK(failure("double 1|double 2", "double").hint == "choose one item, as with [1] or head()");
}

TEST_CASE("The hierarchy of types") {
    for (std::size_t i = static_cast<std::size_t>(Type::any_atomic); i < kTypeCount; ++i) {
        const Type type = static_cast<Type>(i);
        INFO(type_name(type));
        CHECK(type_named(type_name(type).substr(3)) == type);
        CHECK(derives_from(type, Type::any_atomic));
        CHECK(derives_from(type, type));
        CHECK(is_string(type) == derives_from(type, Type::string));
        CHECK(is_integer(type) == derives_from(type, Type::integer));
        CHECK(is_decimal(type) == derives_from(type, Type::decimal));
        if (type != Type::numeric) CHECK(is_numeric(type) == derives_from(type, Type::numeric));
    }
    CHECK(base_type(Type::byte) == Type::short_);
    CHECK(base_type(Type::positive_integer) == Type::non_negative_integer);
    CHECK(derives_from(Type::map, Type::function));
    CHECK_FALSE(derives_from(Type::string, Type::node));
    CHECK_FALSE(type_named("Integer"));
    CHECK_FALSE(type_named(""));
    CHECK(list_member("NMTOKENS") == Type::nmtoken);
    CHECK_FALSE(list_member("NMTOKEN"));
}

}  // namespace clacks::xquery::values_tests
