#include "agent/modules/collectd/types_db.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>
#include <sstream>

#include "common/base/text.hpp"

namespace clacks::collectd {

namespace {

Diagnostic problem(const std::filesystem::path& file, std::uint32_t line, std::string message) {
    Diagnostic found;
    found.code = "config-value";
    found.message = std::move(message);
    found.hint = "types.db(5) tells the form";
    found.source = file.string();
    found.line = line;
    found.column = 1;
    return found;
}

// NAME:KIND:MINIMUM:MAXIMUM
std::optional<DataSource> data_source(const std::string& text) {
    const std::size_t name_end = text.find(':');
    const std::size_t kind_end = name_end == text.npos ? text.npos : text.find(':', name_end + 1);
    if (name_end == 0 || kind_end == text.npos || !is_utf8(text)) return std::nullopt;
    std::string kind = text.substr(name_end + 1, kind_end - name_end - 1);
    for (char& letter : kind)
        if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
    if (!is_kind(kind)) return std::nullopt;
    return DataSource{text.substr(0, name_end), std::move(kind)};
}

}  // namespace

bool is_kind(const std::string& name) {
    return name == "gauge" || name == "derive" || name == "counter" || name == "absolute";
}

Diagnostics TypesDb::read(const std::filesystem::path& file) {
    errno = 0;
    std::ifstream in(file);
    if (!in) return {problem(file, 0, std::string("it cannot be read: ") + std::strerror(errno))};
    Diagnostics problems;
    std::map<std::string, std::vector<DataSource>> types;
    std::uint32_t number = 0;
    for (std::string line; std::getline(in, line);) {
        ++number;
        std::replace(line.begin(), line.end(), ',', ' ');
        std::istringstream words(line);
        std::string type;
        if (!(words >> type) || type.starts_with('#')) continue;
        std::vector<DataSource> sources;
        for (std::string word; words >> word;) {
            auto source = data_source(word);
            if (!source)
                problems.push_back(problem(file, number, "'" + one_line(word, 80) + "' is no data source"));
            else
                sources.push_back(std::move(*source));
        }
        if (!sources.empty()) types[type] = std::move(sources);
    }
    if (!problems.empty()) return problems;
    types.merge(types_);
    types_ = std::move(types);
    return {};
}

const std::vector<DataSource>* TypesDb::find(const std::string& type) const {
    const auto found = types_.find(type);
    return found == types_.end() ? nullptr : &found->second;
}

}  // namespace clacks::collectd
