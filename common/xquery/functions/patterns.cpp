// Functions on regular expressions (Functions and Operators 3.1, 5.6).
#include "common/xquery/functions/patterns.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "common/base/text.hpp"

namespace clacks::xquery {

namespace {

Value matches(CallContext& call, Arguments arguments) {
    const Pattern pattern(call, arguments, 2);
    return Item::of_bool(pattern->matches(text(arguments[0]), call.steps));
}

// fn:replace's replacement, read once: texts with the number of a group behind each but the last.
struct Replacement {
    struct Piece {
        std::string text;
        std::size_t group;
    };
    std::vector<Piece> pieces;
    std::string rest;

    Replacement(std::string_view written, const Regex& regex) {
        if (regex.has_flag('q')) {
            rest = written;
            return;
        }
        for (std::size_t at = 0; at < written.size(); ++at) {
            const char c = written[at];
            const char next = at + 1 < written.size() ? written[at + 1] : '\0';
            if (c == '\\') {
                if (next != '\\' && next != '$')
                    bad(written, "a backslash must stand before another or before '$'");
                rest += next;
                ++at;
            } else if (c == '$') {
                if (!is_digit(next)) bad(written, "'$' must stand before the number of a group");
                add_group(written, at, regex.groups());
            } else {
                rest += c;
            }
        }
    }

  private:
    static bool is_digit(char c) { return c >= '0' && c <= '9'; }

    [[noreturn]] static void bad(std::string_view written, const std::string& why) {
        fail(Code::FORX0004, "the replacement '" + one_line(written, 100) + "' is not valid: " + why,
             "write \\$ and \\\\ for the characters themselves");
    }

    // As many digits as there are groups for.
    void add_group(std::string_view written, std::size_t& at, std::size_t groups) {
        std::size_t number = static_cast<std::size_t>(written[++at] - '0');
        while (at + 1 < written.size() && is_digit(written[at + 1])) {
            const std::size_t longer = number * 10 + static_cast<std::size_t>(written[at + 1] - '0');
            if (longer > groups) break;
            number = longer;
            ++at;
        }
        pieces.push_back({std::move(rest), number});
        rest.clear();
    }
};

Value replace(CallContext& call, Arguments arguments) {
    const Pattern pattern(call, arguments, 3);
    const Regex& regex = *pattern;
    need_some_text(call, regex);
    const Replacement replacement(text(arguments[2]), regex);
    const std::string_view input = text(arguments[0]);
    std::vector<Captured> groups(regex.groups() + 1);
    std::string out;
    each_match(
        call, regex, input, groups, [&](std::string_view other) { out += other; },
        [&] {
            for (const Replacement::Piece& piece : replacement.pieces) {
                need_room(call, out);  // one match may write the group many times
                out += piece.text;
                const bool matched = piece.group < groups.size() && groups[piece.group].matched();
                if (!matched) continue;
                const Captured& group = groups[piece.group];
                out += input.substr(group.begin, group.end - group.begin);
            }
            out += replacement.rest;
            call.steps.take(1 + replacement.pieces.size());
            need_room(call, out);
        });
    charge(call, out.size());
    return made(call, out);
}

Value words_of(CallContext& call, std::string_view rest) {
    SequenceBuilder out(call.arena);
    charge(call, rest.size());
    while (!(rest = xml::trim(rest)).empty()) {
        call.steps.take();
        std::size_t end = 0;
        while (end < rest.size() && !xml::is_space(rest[end])) ++end;
        out.add(Item::of_text(rest.substr(0, end)));
        rest.remove_prefix(end);
    }
    return out.value();
}

Value tokenize(CallContext& call, Arguments arguments) {
    const std::string_view input = text(arguments[0]);
    if (arguments.size() == 1) return words_of(call, input);
    const Pattern pattern(call, arguments, 2);
    need_some_text(call, *pattern);
    if (input.empty()) return {};
    SequenceBuilder out(call.arena);
    Captured whole;
    each_match(
        call, *pattern, input, {&whole, 1}, [&](std::string_view token) { out.add(Item::of_text(token)); },
        [] {});
    return out.value();
}

const FunctionRow kRows[] = {
    {"fn:matches($value as xs:string?, $pattern as xs:string [, $flags as xs:string]) as xs:boolean", matches,
     kPure, Intrinsic::regex},
    {"fn:replace($value as xs:string?, $pattern as xs:string, $replacement as xs:string "
     "[, $flags as xs:string]) as xs:string",
     replace, kPure, Intrinsic::regex},
    {"fn:tokenize($value as xs:string? [, $pattern as xs:string] [, $flags as xs:string]) as xs:string*",
     tokenize, kPure, Intrinsic::regex},
    {"fn:analyze-string($value as xs:string?, $pattern as xs:string [, $flags as xs:string]) as element()",
     analyze_string, kCreates, Intrinsic::regex},
};

}  // namespace

Pattern::Pattern(CallContext& call, Arguments arguments, std::size_t flags) {
    const std::string_view pattern = text(arguments[1]);
    const std::string_view with = flags < arguments.size() ? text(arguments[flags]) : std::string_view();
    regex_ = call.statics->regexes == nullptr ? nullptr : call.statics->regexes->find(pattern, with);
    if (regex_ != nullptr) return;
    charge(call, pattern.size());
    if (call.regexes != nullptr) {
        regex_ = &call.regexes->get(pattern, with);
        return;
    }
    own_ = std::make_unique<const Regex>(pattern, with);
    regex_ = own_.get();
}

void need_some_text(CallContext& call, const Regex& regex) {
    if (regex.matches({}, call.steps))
        fail(Code::FORX0003, "the regular expression '" + one_line(regex.pattern(), 100) + "' matches ''",
             "write it so that it matches at least one character");
}

std::span<const FunctionRow> pattern_functions() {
    return kRows;
}

}  // namespace clacks::xquery
