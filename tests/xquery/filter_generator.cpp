#include "tests/xquery/filter_generator.hpp"

namespace clacks::xquery_tests {

namespace {

const std::vector<std::string> kNames = {"a", "b", "c"};
const std::vector<std::string> kTexts = {"",     "1", "5",  "5.0", " 5 ", "7", "true", "false",
                                         "true", "x", "xy", "X",   "NaN", "0", "-2",   "1e0"};

}  // namespace

std::string FilterGenerator::filter() {
    variables_.clear();
    std::string prolog;
    if (chance(4))
        prolog =
            "declare default collation "
            "'http://www.w3.org/2005/xpath-functions/collation/html-ascii-case-insensitive'; ";
    if (chance(8)) {
        prolog += "declare variable $g := " + nodes(1) + "; ";
        variables_.emplace_back("$g");
    }
    return prolog + (chance(15) ? nodes(3) : truth(3));
}

std::string FilterGenerator::truth(int depth) {
    if (depth == 0) return chance(50) ? nodes(0) : comparison(0);
    switch (below(16)) {
        case 0:
        case 1:
            return "(" + truth(depth - 1) + " and " + truth(depth - 1) + ")";
        case 2:
            return "(" + truth(depth - 1) + " or " + truth(depth - 1) + ")";
        case 3:
        case 4:
            return "not(" + truth(depth - 1) + ")";
        case 5:
            return one_of({"exists", "empty", "boolean", "not"}) + "(" + nodes(depth - 1) + ")";
        case 6:
            return "count(" + nodes(depth - 1) + ") " + one_of({"=", ">", ">=", "!=", "lt", "le"}) + " " +
                   one_of({"0", "1", "2"});
        case 7:
        case 8:
            return quantifier(depth);
        case 9:
            return flwor(depth);
        case 10:
            return "(if (" + truth(depth - 1) + ") then " + truth(depth - 1) + " else " + truth(depth - 1) +
                   ")";
        case 11:
            return one_of({"starts-with", "contains", "ends-with"}) + "(" + operand(depth - 1) + ", " +
                   one_of({"'x'", "''", "'5'", "'tr'"}) + ")";
        case 12:
            return "matches(" + nodes(depth - 1) + ", " + one_of({"'^x'", "'^xy$'", "'x$'", "'x*'", "'^'"}) +
                   ")";
        case 13:
            return one_of({"xs:boolean(", "string(", "normalize-space(", "number(", "data("}) +
                   nodes(depth - 1) + ")";
        default:
            return comparison(depth);
    }
}

std::string FilterGenerator::comparison(int depth) {
    const std::string op = one_of({"=", "=", "=", "!=", "<", ">=", ">", "eq", "ne", "lt", "ge"});
    if (chance(6)) return nodes(depth) + " = (1 to 5)";
    if (chance(10)) return literal() + " " + op + " " + operand(depth);
    if (chance(8)) return operand(depth) + " " + op + " " + operand(depth);
    if (chance(15)) return operand(depth) + " " + op + " (" + literal() + ", " + literal() + ")";
    return operand(depth) + " " + op + " " + literal();
}

std::string FilterGenerator::literal() {
    return one_of({"'x'",
                   "'x'",
                   "'5'",
                   "''",
                   "'true'",
                   "5",
                   "5",
                   "1",
                   "0",
                   "5.5",
                   "1e0",
                   "true()",
                   "false()",
                   "-2",
                   "xs:double('5')",
                   "xs:string('x')",
                   "xs:integer('5')",
                   "xs:float('5')",
                   "xs:date('2020-01-01')",
                   "xs:double('NaN')",
                   "()"});
}

std::string FilterGenerator::operand(int depth) {
    switch (below(12)) {
        case 0:
            return "string(" + nodes(depth) + ")";
        case 1:
            return one_of({"number(", "xs:double("}) + nodes(depth) + ")";
        case 2:
            return one_of({"lower-case(", "normalize-space(", "data(", "xs:string("}) + nodes(depth) + ")";
        case 3:
            return one_of({"xs:integer(", "xs:decimal(", "xs:boolean("}) + nodes(depth) + ")";
        case 4:
            return "(" + nodes(depth) + ", " + nodes(depth) + ")";
        case 5:
            return "(" + nodes(depth) + ")/" +
                   one_of({"string()", "data()", "number()", "lower-case(.)", "string(a)"});
        case 6:
            return depth > 0 ? flwor(depth) : nodes(0);
        case 7:
            return depth > 0 ? "(" + truth(depth - 1) + ")" : nodes(0);
        default:
            return nodes(depth);
    }
}

std::string FilterGenerator::quantifier(int depth) {
    const std::string name = "$q" + std::to_string(variables_.size());
    std::string text = one_of({"(some ", "(every "}) + name + " in " +
                       (chance(12) ? "(" + literal() + ", " + literal() + ")" : nodes(depth - 1)) +
                       " satisfies ";
    variables_.push_back(name);
    text += truth(depth - 1) + ")";
    variables_.pop_back();
    return text;
}

std::string FilterGenerator::flwor(int depth) {
    const std::size_t bound = variables_.size();
    std::string text = "(";
    for (std::size_t clauses = 1 + below(2); clauses > 0; --clauses) {
        const std::string name = "$f" + std::to_string(variables_.size());
        text += chance(50) ? "for " + name + " in " + nodes(depth - 1) + " "
                           : "let " + name + " := " + operand(depth - 1) + " ";
        variables_.push_back(name);
        if (chance(40)) text += "where " + truth(depth - 1) + " ";
    }
    if (chance(10)) text += "order by " + variables_.back() + " ";
    text += "return " + (chance(60) ? nodes(depth - 1) : truth(depth - 1)) + ")";
    variables_.resize(bound);
    return text;
}

std::string FilterGenerator::nodes(int depth) {
    std::string text;
    if (!variables_.empty() && chance(50)) {
        text = variables_[below(variables_.size())];
        if (chance(40)) return text;
        text += "/" + step(depth);
    } else {
        text = one_of({"", "", "./", "/", "/r/", "r/", "//", "*/", "r//"}) + step(depth);
        if (chance(6)) text = ".";
    }
    while (chance(35)) text += one_of({"/", "/", "//"}) + step(depth);
    if (depth > 0 && chance(8))
        text = "(" + text + ")[" + one_of({"1", "2", "last()", truth(depth - 1)}) + "]";
    if (depth > 0 && chance(8))
        text = "(" + text + one_of({" | ", " except ", " intersect "}) + nodes(depth - 1) + ")";
    if (depth > 0 && chance(4)) text = one_of({"head(", "reverse(", "exactly-one("}) + text + ")";
    return text;
}

std::string FilterGenerator::step(int depth) {
    std::string text =
        chance(75) ? one_of(kNames)
                   : one_of({"*", "@x", "@y", "descendant::b", "self::a", "descendant-or-self::a", "..",
                             "text()", "node()", "(a|b)", "(a, @x)", ".", "self::*", "@*", "*:c"});
    if (depth > 0 && chance(30))
        text += "[" + (chance(12) ? one_of({"1", "2", "last()"}) : truth(depth - 1)) + "]";
    return text;
}

std::string FilterGenerator::content(int depth) {
    if (depth == 0 || chance(25)) return one_of(kTexts);
    std::string text;
    for (std::size_t n = below(4); n > 0; --n) {
        const std::string name = one_of(kNames);
        const std::string attributes = chance(25)   ? " x='" + one_of(kTexts) + "'"
                                       : chance(10) ? " y='5'"
                                                    : "";
        text.append("<").append(name).append(attributes).append(">");
        text.append(content(depth - 1)).append("</").append(name).append(">");
    }
    return text;
}

std::string FilterGenerator::document() {
    return "<r" + std::string(chance(20) ? " x='5'" : "") + ">" + content(3) + "</r>";
}

}  // namespace clacks::xquery_tests
