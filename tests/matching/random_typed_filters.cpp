// Random filters of what a random catalogue declares, with mistakes in them.
#include "tests/matching/random_catalogue.hpp"

namespace clacks::test {

namespace {

const std::string kNames[] = {"a", "b", "c", "d", "A", "B", "C", "Event", "z"};
const std::string kTexts[] = {"'a'", "'ab'", "'5'", "'5.0'", "'true'", "'x y'", "' 5 '", "''", "'NaN'"};
const std::string kNumbers[] = {"5", "0", "2.5", "-7", "1e300", "xs:double('NaN')", "xs:double('INF')"};
const std::string kOperators[] = {"=", "!=", "<", "<=", ">", ">="};
const std::string kValueOperators[] = {"eq", "ne", "lt", "ge"};

class FilterWriter {
  public:
    FilterWriter(Choices& choices, const std::vector<const Declared*>& events, bool qualified)
        : choices_(choices), events_(events), qualified_(qualified) {}

    std::string truth(unsigned depth, const Declared* here) {
        switch (choices_.below(depth == 0 ? 3 : 10)) {
            case 3:
                return "(" + truth(depth - 1, here) + " and " + truth(depth - 1, here) + ")";
            case 4:
                return "(" + truth(depth - 1, here) + " or " + truth(depth - 1, here) + ")";
            case 5:
                return "not(" + truth(depth - 1, here) + ")";
            case 6:
                return quantified(depth, here);
            case 7:
                return "(if (" + truth(depth - 1, here) + ") then " + truth(depth - 1, here) + " else " +
                       truth(depth - 1, here) + ")";
            case 8: {
                const Path from = path(here);
                if (choices_.one_in(3))
                    return "((for $v in " + from.text + " return " + test("$v", from.end) +
                           ") = " + (choices_.one_in(2) ? "true())" : "false())");
                return "(for $v in " + from.text + " where " + test("$v", from.end) + " return $v)";
            }
            default:
                break;
        }
        const Path from = path(here);
        if (depth == 0 || choices_.one_in(2)) return test(from.text, from.end);
        const Path within{from.text + "[" + truth(depth - 1, from.end) + "]", from.end};
        return choices_.one_in(2) ? within.text : test(within.text, within.end);
    }

  private:
    struct Path {
        std::string text;
        const Declared* end;  // null where nobody knows
    };

    std::string name(const std::string& local, bool in_namespace) {
        if (choices_.one_in(12)) return "*";
        if (choices_.one_in(15)) return "*:" + local;
        return (in_namespace != choices_.one_in(15) ? "e:" : "") + local;
    }

    // Mostly as the definitions have it.
    Path path(const Declared* here) {
        Path path{".", here};
        if (here == nullptr) {
            if (choices_.one_in(5))
                return {"./" + std::string(choices_.one_in(2) ? "/" : "") + "e:" + choices_.of(kNames),
                        nullptr};
            path.end = choices_.of(events_);
            path.text = "./" + name("Event", true) + "/" + name(path.end->name, true);
        }
        for (std::uint32_t steps = choices_.below(4); steps > 0 && path.end != nullptr; --steps) {
            const bool deep = choices_.one_in(5);
            path.text += deep ? "//" : "/";
            if (path.end->children.empty() || choices_.one_in(10)) {
                path.text += choices_.one_in(5) ? (choices_.one_in(3) ? "@*" : "@a")
                                                : name(choices_.of(kNames), qualified_);
                path.end = nullptr;
                break;
            }
            if (path.end->open && choices_.one_in(3)) {  // what an open element may have in it
                path.text += "*:" + choices_.of(kNames);
                path.end = nullptr;
                break;
            }
            path.end = &choices_.of(path.end->children);
            while (deep && !path.end->children.empty() && !choices_.one_in(3))
                path.end = &choices_.of(path.end->children);
            path.text += name(path.end->name, qualified_);
        }
        return path;
    }

    std::string literal(const Declared* of) {
        if (of != nullptr && !of->values.empty() && choices_.one_in(2)) {
            const std::string& value = choices_.of(of->values);
            if (of->type == "boolean") return choices_.one_in(2) ? "true()" : "'" + value + "'";
            return "'" + value + "'";
        }
        switch (choices_.below(4)) {
            case 0:
                return choices_.of(kTexts);
            case 1:
                return choices_.one_in(2) ? "true()" : "false()";
            default:
                return choices_.of(kNumbers);
        }
    }

    std::string test(const std::string& path, const Declared* end) {
        switch (choices_.below(14)) {
            case 0:
                return "exists(" + path + ")";
            case 1:
                return "empty(" + path + ")";
            case 2:
                return "(" + path + ")";
            case 3:
                return "(" + literal(end) + " " + choices_.of(kOperators) + " " + path + ")";
            case 4:
                return "(" + path + " = (" + literal(end) + ", " + choices_.of(kTexts) + "))";
            case 5:
                return "starts-with(" + path + ", " + choices_.of(kTexts) + ")";
            case 6:
                return "contains(" + path + ", " + choices_.of(kTexts) + ")";
            case 7:
                return "(count(" + path + ") " + choices_.of(kOperators) + " " +
                       std::to_string(choices_.below(3)) + ")";
            case 8:
                return "(number(" + path + ") " + choices_.of(kOperators) + " " + choices_.of(kNumbers) + ")";
            case 9:
                return "(" + path + " " + choices_.of(kValueOperators) + " " + literal(end) + ")";
            case 10:
                return "(string(" + path + ") " + choices_.of(kOperators) + " " + choices_.of(kTexts) + ")";
            case 11:
                return "(" + path + (choices_.one_in(2) ? " castable as xs:double)" : " = 1 to 5)");
            default:
                return "(" + path + " " + choices_.of(kOperators) + " " + literal(end) + ")";
        }
    }

    std::string quantified(unsigned depth, const Declared* here) {
        const Path from = path(here);
        return std::string(choices_.one_in(2) ? "(some" : "(every") + " $v in " + from.text + " satisfies " +
               satisfied(depth, here, from.end) + ")";
    }

    std::string satisfied(unsigned depth, const Declared* here, const Declared* variable) {
        switch (choices_.below(4)) {
            case 0:
                return "(" + test("$v", variable) + " or " + truth(depth - 1, here) + ")";
            case 1: {  // two tests that the same node has to pass
                if (variable == nullptr || variable->children.empty()) break;
                const auto below = [&] {
                    const Declared& child = choices_.of(variable->children);
                    return "$v/" + name(child.name, qualified_) + " = " + literal(&child);
                };
                const std::string first = below();
                return "(" + first + " and " + below() + ")";
            }
            default:
                break;
        }
        return test("$v", variable);
    }

    Choices& choices_;
    const std::vector<const Declared*>& events_;
    bool qualified_;
};

}  // namespace

std::string RandomCatalogue::filter(Choices& choices) const {
    std::vector<const Declared*> events;
    for (const Type& type : types_) events.push_back(&type.element);
    return FilterWriter(choices, events, !choices.one_in(4)).truth(3, nullptr);
}

}  // namespace clacks::test
