#include "common/config/ini.hpp"

#include <algorithm>
#include <map>

#include "common/base/text.hpp"
#include "common/base/text_file.hpp"

namespace clacks::config {

namespace {

constexpr std::string_view kSpace = " \t\r";

std::string_view trim(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(kSpace);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

class Reader {
  public:
    Reader(const std::filesystem::path& file, IniFile& result) : file_(file), result_(result) {}

    void line(std::string_view text) {
        ++number_;
        text_ = text;
        const std::string_view content = trim(text);
        if (content.empty() || content.front() == '#' || content.front() == ';') return;
        if (const std::size_t bad = invalid_utf8(text); bad != std::string_view::npos)
            return problem(bad, "the line is not UTF-8", "save the file as UTF-8");
        if (content.find('\0') != std::string_view::npos)
            return problem(0, "the line holds a zero byte", "save the file as plain text");
        if (content.front() == '[') return heading(content);
        setting(content);
    }

  private:
    std::uint32_t column(std::size_t offset) const {
        return static_cast<std::uint32_t>(position_of(text_, offset).column);
    }
    std::size_t offset(std::string_view part) const {
        return static_cast<std::size_t>(part.data() - text_.data());
    }

    void problem(std::size_t at, std::string message, std::string hint) {
        Diagnostic found;
        found.code = "config-syntax";
        found.message = std::move(message);
        found.hint = std::move(hint);
        found.source = file_.string();
        found.line = number_;
        found.column = column(at);
        result_.problems.push_back(std::move(found));
    }

    void heading(std::string_view content) {
        if (content.back() != ']')
            return problem(offset(content), "a section heading lacks its closing bracket",
                           "write [section] on a line of its own, comments on other lines");
        section_ = trim(content.substr(1, content.size() - 2));
        IniValue value;
        value.section = section_;
        value.file = file_;
        value.line = number_;
        value.key_column = column(offset(content));
        result_.sections.push_back(std::move(value));
    }

    void setting(std::string_view content) {
        const std::size_t equals = content.find('=');
        if (equals == std::string_view::npos)
            return problem(offset(content), "the line is neither [section], key = value nor a comment",
                           "a value ends with its line; a comment begins with #");
        const std::string_view key = trim(content.substr(0, equals));
        const std::string_view value = trim(content.substr(equals + 1));
        if (key.empty())
            return problem(offset(content), "the name of the setting is missing", "write key = value");
        if (section_.empty())
            return problem(offset(content), "'" + one_line(key, 60) + "' stands before the first section",
                           "begin with a [section] line");
        const auto [first, added] = seen_.emplace(section_ + "\n" + std::string(key), number_);
        if (!added)
            return problem(offset(key),
                           "'" + one_line(key, 60) + "' is set twice in [" + section_ + "], first in line " +
                               std::to_string(first->second),
                           "remove one of the two");
        IniValue entry;
        entry.section = section_;
        entry.key = key;
        entry.value = value;
        entry.file = file_;
        entry.line = number_;
        entry.key_column = column(offset(key));
        entry.value_column = value.empty() ? column(offset(content) + content.size()) : column(offset(value));
        result_.values.push_back(std::move(entry));
    }

    const std::filesystem::path& file_;
    IniFile& result_;
    std::string section_;
    std::string_view text_;
    std::uint32_t number_ = 0;
    std::map<std::string, std::uint32_t> seen_;
};

}  // namespace

IniFile parse_ini(std::string_view text, const std::filesystem::path& file) {
    IniFile result;
    Reader reader(file, result);
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        reader.line(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return result;
}

Diagnostic problem_at(const IniValue& at, std::uint32_t column, std::string code, std::string message,
                      std::string hint) {
    Diagnostic found;
    found.code = std::move(code);
    found.message = std::move(message);
    found.hint = std::move(hint);
    found.source = at.file.string();
    found.line = at.line;
    found.column = column;
    return found;
}

IniFile read_ini(const std::filesystem::path& file) {
    auto text = read_text_file(file, "a configuration file");
    if (text) return parse_ini(*text, file);
    IniFile result;
    result.problems.push_back(std::move(text).error());
    return result;
}

std::vector<std::filesystem::path> drop_ins(const std::filesystem::path& file, Diagnostics& problems) {
    std::vector<std::filesystem::path> result;
    IniValue at;
    at.file = file.string() + ".d";
    std::error_code error;
    if (!std::filesystem::exists(at.file, error)) return result;
    for (const auto& entry : std::filesystem::directory_iterator(at.file, error))
        if (entry.path().extension() == ".conf") result.push_back(entry.path());
    if (error)
        problems.push_back(problem_at(at, 0, "config-file", "cannot be listed: " + error.message(),
                                      "check its permissions"));
    std::sort(result.begin(), result.end());
    return result;
}

}  // namespace clacks::config
