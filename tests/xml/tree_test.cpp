#include <array>
#include <catch2/catch.hpp>
#include <memory_resource>

#include "common/xml/serializer.hpp"
#include "common/xml/tree.hpp"

using namespace clacks::xml;

namespace {

constexpr std::string_view kUri = "urn:a";

// <a:r xmlns:a="urn:a" n="1">one<b>two</b>three<!--c--><?p q?></a:r>
Tree sample(std::pmr::memory_resource* memory = std::pmr::get_default_resource()) {
    TreeBuilder b(memory);
    b.start_document();
    b.start_element({kUri, "r", "a"}, 3);
    b.namespace_binding("a", kUri);
    b.attribute({{}, "n", {}}, "1");
    b.text("on");
    b.text("");
    b.text("e");
    b.start_element({{}, "b", {}}, 4);
    b.text("two");
    b.end_element();
    b.text("three");
    b.comment("c");
    b.processing_instruction("p", "q");
    b.end_element();
    b.end_document();
    return b.finish();
}

}  // namespace

TEST_CASE("string values are slices in document order") {
    const Tree tree = sample();
    REQUIRE(tree.size() == 9);
    CHECK(tree.string_value(0) == "onetwothree");
    CHECK(tree.string_value(1) == "onetwothree");
    CHECK(tree.string_value(2) == "1");
    CHECK(tree.string_value(3) == "one");
    CHECK(tree.string_value(4) == "two");
    CHECK(tree.string_value(7) == "c");
    CHECK(tree.string_value(8) == "q");
}

TEST_CASE("subtrees end where their siblings start") {
    const Tree tree = sample();
    CHECK(tree.first_attribute(1) == 2);
    CHECK(tree.first_attribute(4) == kNoNode);
    CHECK(tree.first_child(1) == 3);
    CHECK(tree[4].end == 6);
    CHECK(tree[1].end == tree.size());
    CHECK(tree.parent(5) == 4);
    CHECK(tree.parent(0) == kNoNode);
}

TEST_CASE("an element knows whether two of its children may have the same name") {
    // <r><a><b/></a><b/><c><d/><c/></c><e><f/><f/></e></r>
    TreeBuilder b;
    const auto element = [&](std::string_view name, auto children) {
        b.start_element({{}, name, {}});
        children();
        b.end_element();
    };
    const auto leaf = [&](std::string_view name) { element(name, [] {}); };
    b.start_document();
    element("r", [&] {
        element("a", [&] { leaf("b"); });
        leaf("b");
        element("c", [&] {
            leaf("d");
            leaf("c");
        });
        element("e", [&] {
            leaf("f");
            leaf("f");
        });
    });
    b.end_document();
    const Tree tree = b.finish();
    CHECK_FALSE(tree[0].repeats);
    CHECK(tree[1].repeats);  // said of a name that is deeper within it, too
    CHECK_FALSE(tree[2].repeats);
    CHECK_FALSE(tree[5].repeats);
    CHECK(tree.name(8).local == "e");
    CHECK(tree[8].repeats);
}

TEST_CASE("names are resolved, and hash alike in every tree") {
    const Tree one = sample(), two = sample();
    CHECK(one.name(1).hash == name_hash("urn:a", "r"));
    CHECK(one.name(1).hash == two.name(1).hash);
    CHECK(name_hash("a", "bc") != name_hash("ab", "c"));
    CHECK(name_hash("", "r") != name_hash("r", ""));
    CHECK(one.order() < two.order());
}

TEST_CASE("namespaces are found from the innermost declaration outwards") {
    TreeBuilder b;
    b.start_element({"u", "o", {}});
    b.namespace_binding("", "u");
    b.namespace_binding("p", "v");
    b.start_element({{}, "i", {}});
    b.namespace_binding("", "");
    b.end_element();
    b.end_element();
    const Tree tree = b.finish();
    CHECK(tree.namespace_for(0, "") == "u");
    CHECK(tree.namespace_for(1, "").empty());
    CHECK(tree.namespace_for(1, "p") == "v");
    CHECK(tree.namespace_for(1, "q").empty());
    CHECK(tree.namespace_for(1, "xml") == "http://www.w3.org/XML/1998/namespace");
}

TEST_CASE("lines are known for elements only") {
    const Tree tree = sample();
    CHECK(tree.line(1) == 3);
    CHECK(tree.line(4) == 4);
    CHECK(tree.line(3) == 0);
}

TEST_CASE("many distinct names are each kept once") {
    TreeBuilder b;
    b.start_element({{}, "r", {}});
    for (int round = 0; round < 2; ++round) {
        for (int i = 0; i < 500; ++i) {
            const std::string name = "n" + std::to_string(i);
            b.start_element({{}, name, {}});
            b.end_element();
        }
    }
    b.end_element();
    const Tree tree = b.finish();
    CHECK(tree.names().size() == 501);
    CHECK(tree.name(1).local == "n0");
    CHECK(tree.name(501).local == "n0");
    CHECK(tree.name(500).local == "n499");
}

TEST_CASE("a builder can be used again and takes its memory from the given resource") {
    std::array<std::byte, 1 << 14> room;
    std::pmr::monotonic_buffer_resource memory(room.data(), room.size(), std::pmr::null_memory_resource());
    TreeBuilder b(&memory);
    b.start_element({"urn:a-namespace-too-long-to-be-kept-inline", "r", {}});
    b.end_element();
    const Tree one = b.finish();
    b.start_element({{}, "s", {}});
    b.end_element();
    const Tree two = b.finish();
    CHECK(one.name(0).local == "r");
    CHECK(two.name(0).local == "s");
    CHECK(two.size() == 1);
}

TEST_CASE("a tree is written back as XML") {
    const Tree tree = sample();
    CHECK(serialize(tree) == "<a:r xmlns:a=\"urn:a\" n=\"1\">one<b>two</b>three<!--c--><?p q?></a:r>");
    CHECK(serialize(tree, 4) == "<b xmlns:a=\"urn:a\">two</b>");
    CHECK(serialize(tree, 2) == "n=\"1\"");
    CHECK(serialize(tree, 3) == "one");
}

TEST_CASE("special characters are escaped") {
    std::string out;
    append_escaped(out, "a<b>&\"\t\r", false);
    CHECK(out == "a&lt;b&gt;&amp;\"\t&#xD;");
    out.clear();
    append_escaped(out, "\"\t\n\r<", true);
    CHECK(out == "&quot;&#x9;&#xA;&#xD;&lt;");
}

TEST_CASE("names without a declaration get one where they are written") {
    TreeBuilder b;
    b.start_element({"u", "o", {}});
    b.attribute({"w", "at", {}}, "");
    b.start_element({{}, "i", {}});
    b.end_element();
    b.end_element();
    CHECK(serialize(b.finish()) == "<o xmlns=\"u\" xmlns:ns1=\"w\" ns1:at=\"\"><i xmlns=\"\"/></o>");
}

TEST_CASE("indentation leaves text content alone") {
    TreeBuilder b;
    b.start_document();
    b.start_element({{}, "o", {}});
    b.text("\n ");
    b.start_element({{}, "t", {}});
    b.text("x");
    b.end_element();
    b.start_element({{}, "m", {}});
    b.text("x");
    b.start_element({{}, "e", {}});
    b.end_element();
    b.end_element();
    b.end_element();
    b.end_document();
    CHECK(serialize(b.finish(), 0, {.indent = true}) == "<o>\n  <t>x</t>\n  <m>x<e/></m>\n</o>");
}
