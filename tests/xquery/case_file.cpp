#include "tests/xquery/case_file.hpp"

#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>

#include "common/xml/parser.hpp"

namespace clacks::xquery_tests {

namespace {

constexpr std::string_view kArrow = " ==> ";
constexpr std::string_view kItems = " ~ ";

std::string joined(std::string text, std::string_view between, std::string_view with) {
    for (std::size_t at = 0; (at = text.find(between, at)) != std::string::npos; at += with.size())
        text.replace(at, between.size(), with);
    return text;
}

class Reader {
  public:
    explicit Reader(std::string path) : path_(std::move(path)), in_(read_file(path_)) {}

    std::vector<Case> read() {
        for (std::string line; next(line);) {
            if (line.empty() || line == "#" || line.starts_with("# ")) continue;
            if (line.front() == '#') {
                directive(line);
            } else {
                one_line(line);
            }
        }
        return std::move(cases_);
    }

  private:
    bool next(std::string& line) {
        ++number_;
        return static_cast<bool>(std::getline(in_, line));
    }
    std::string place(std::size_t line) const { return path_ + ":" + std::to_string(line); }
    [[noreturn]] void fail(const std::string& why) const {
        throw std::runtime_error(place(number_) + ": " + why);
    }

    void directive(const std::string& line) {
        std::istringstream words(line);
        std::string word;
        words >> word >> std::ws;
        std::string rest;
        std::getline(words, rest);
        if (word == "#document") {
            document_ = rest;
        } else if (word == "#file") {
            document_ = read_file(std::string(CLACKS_SOURCE_DIR) + "/" + rest);
        } else if (word == "#none") {
            document_.clear();
        } else if (word == "#limits") {
            limits_ = {};
        } else if (word == "#limit") {
            limit(rest);
        } else if (word == "#query") {
            block();
        } else {
            fail("no directive " + word);
        }
    }

    void limit(const std::string& text) {
        std::istringstream words(text);
        std::string name;
        std::size_t value = 0;
        if (!(words >> name >> value)) fail("a limit is a name and a number");
        if (name == "steps") {
            limits_.steps = value;
            return;
        }
        const std::map<std::string, std::size_t*> known = {{"query_bytes", &limits_.query_bytes},
                                                           {"nesting", &limits_.nesting},
                                                           {"recursion", &limits_.recursion},
                                                           {"memory", &limits_.memory}};
        const auto found = known.find(name);
        if (found == known.end()) fail("no limit " + name);
        *found->second = value;
    }

    std::string until(const std::string& mark) {
        std::string text;
        for (std::string line; next(line);) {
            if (line == mark) return text;
            if (!text.empty()) text += '\n';
            text += line;
        }
        fail(mark + " is missing");
    }

    void block() {
        const std::size_t line = number_;
        std::string query = until("#expect");
        cases_.push_back({place(line), document_, limits_, std::move(query), until("#end")});
    }

    void one_line(const std::string& line) {
        const std::size_t at = line.rfind(kArrow);
        if (at == std::string::npos) fail("neither a directive nor a case");
        cases_.push_back({place(number_), document_, limits_, line.substr(0, at),
                          joined(line.substr(at + kArrow.size()), kItems, "\n")});
    }

    std::string path_;
    std::istringstream in_;
    std::size_t number_ = 0;
    std::string document_;
    xquery::Limits limits_;
    std::vector<Case> cases_;
};

// As `expected` wrote it where that agrees, else with all there is to say.
std::string shown(const Diagnostic& error, const std::string& expected) {
    const std::string code = "!" + error.code;
    const std::string place = code + "@" + std::to_string(error.line) + ":" + std::to_string(error.column);
    const std::string text = error.message + "; " + error.hint;
    const std::size_t space = expected.find(' ');
    const std::string head = expected.substr(0, space);
    const std::string words = space == std::string::npos ? "" : expected.substr(space + 1);
    const bool agrees = (head == code || head == place) && text.find(words) != std::string::npos;
    return agrees ? expected : place + " " + text;
}

// matches() takes short cuts: it must come to what the whole result's effective boolean value is.
std::string check_matches(const xquery::Query& query, xquery::DynamicContext& context,
                          const Result<bool>& whole) {
    const Result<bool> quick = query.matches(context);
    if (quick.ok() != whole.ok()) {
        return quick.ok() ? "matches() gives a verdict, the result has none: " + to_string(whole.error())
                          : "matches() fails: " + to_string(quick.error());
    }
    if (!quick.ok()) {
        return quick.error().code == whole.error().code ? "" : "matches() fails with " + quick.error().code;
    }
    return *quick == *whole ? "" : "matches() and the result's effective boolean value differ";
}

}  // namespace

std::string read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error(path + " cannot be read");
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

std::vector<Case> read_cases(const std::string& path) {
    return Reader(path).read();
}

std::string outcome(const Case& one) {
    xquery::CompileOptions options;
    options.limits = one.limits;
    const auto query = xquery::Query::compile(one.query, options);
    if (!query.ok()) return shown(query.error().front(), one.expected);
    xquery::DynamicContext context(one.limits);
    std::shared_ptr<const xml::Tree> tree;
    if (!one.document.empty()) {
        auto parsed = xml::parse(one.document);
        if (!parsed.ok()) return "the context document: " + to_string(parsed.error());
        tree = *parsed;
        context.set_context_item(*tree);
    }
    std::string last;
    for (int run = 0; run < 2; ++run) {
        const auto result = query->evaluate(context);
        std::string text = result.ok() ? result->serialize() : shown(result.error(), one.expected);
        if (run > 0 && text != last) return last.insert(0, "first ").append(", then ").append(text);
        last = std::move(text);
        if (!result.ok()) continue;
        std::string quarrel = check_matches(*query, context, result->effective_boolean_value());
        if (!quarrel.empty()) return quarrel;
    }
    return last;
}

}  // namespace clacks::xquery_tests
