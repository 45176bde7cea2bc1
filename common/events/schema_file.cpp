#include "common/events/schema_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <pugixml.hpp>
#include <set>
#include <utility>

#include "common/base/text.hpp"
#include "common/events/event.hpp"
#include "common/events/names.hpp"
#include "common/xml/prolog.hpp"

namespace clacks::events {

namespace {

namespace fs = std::filesystem;

// Of a definition, which an administrator writes; the limits of events are for strangers' documents.
constexpr xml::ParseLimits kLimits{1024 * 1024, 200, 200};

Diagnostic problem(const fs::path& source, std::string code, std::string message, std::string hint) {
    Diagnostic result;
    result.code = std::move(code);
    result.message = std::move(message);
    result.hint = std::move(hint);
    result.source = source.string();
    return result;
}

// offset_debug() points at the element's name; a reader looks for its '<'.
void place(Diagnostic& diagnostic, std::string_view text, pugi::xml_node element) {
    const auto offset = static_cast<std::size_t>(std::max<std::ptrdiff_t>(element.offset_debug() - 1, 0));
    const Position position = position_of(text, offset);
    diagnostic.line = static_cast<std::uint32_t>(position.line);
    diagnostic.column = static_cast<std::uint32_t>(position.column);
}

std::vector<fs::path> files_of(const fs::path& folder, Diagnostics& problems) {
    std::vector<fs::path> result;
    std::error_code error;
    fs::directory_iterator entries(folder, error);
    for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
        if (entries->path().extension() == ".xsd") result.push_back(entries->path());
    }
    if (error)
        problems.push_back(problem(folder, "schema-folder",
                                   "the events folder cannot be read: " + error.message(),
                                   "create it, or take it out of the configuration"));
    std::sort(result.begin(), result.end());
    return result;
}

std::optional<std::string> read_text(const fs::path& path, std::size_t limit, Diagnostics& problems) {
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    std::error_code error;
    if (!file || !fs::is_regular_file(path, error)) {
        const std::string why = errno != 0 ? std::strerror(errno) : "not a regular file";
        problems.push_back(problem(path, "schema-unreadable", "the event definition cannot be read: " + why,
                                   "check its permissions"));
        return std::nullopt;
    }
    std::string text(limit + 1, '\0');  // one byte more tells that there is more
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    text.shrink_to_fit();  // kept as long as the catalogue
    return text;
}

struct Definition {
    std::string kind;  // as in messages; complex and simple types share one symbol space
    std::string name;
    const SchemaFile* file;
    pugi::xml_node element;
};

std::string kind_of(std::string_view element) {
    if (element == "complexType" || element == "simpleType") return "type";
    if (element == "attributeGroup") return "attribute group";
    for (const char* kind : {"element", "group", "attribute", "notation"}) {
        if (element == kind) return kind;
    }
    return "";
}

// One file's checks; true when it is fit to be compiled.
class FileCheck {
  public:
    FileCheck(const SchemaFile& file, pugi::xml_document& document, Diagnostics& problems)
        : file_(file), text_(xml::without_bom(file.text)), document_(document), problems_(problems) {}

    bool run(std::vector<Definition>& definitions) {
        if (auto parsed = xml::parse(file_.text, kLimits); !parsed) {
            problems_.push_back(parsed.error());
            problems_.back().source = file_.path.string();
            if (problems_.back().hint.empty()) problems_.back().hint = "correct the event definition";
            return false;
        }
        if (!document_.load_buffer(text_.data(), text_.size(), pugi::parse_default, pugi::encoding_utf8))
            return false;
        const pugi::xml_node root = document_.document_element();
        if (!is_schema(root, "schema")) {
            report(root, "schema-namespace",
                   "the root element is not 'schema' of " + std::string(kSchemaNamespace),
                   "write an XML Schema document");
            return false;
        }
        const std::string_view target = root.attribute("targetNamespace").value();
        if (target != kNamespace) {
            report(root, "schema-namespace", "the target namespace is '" + one_line(target, 100) + "'",
                   "write targetNamespace=\"" + std::string(kNamespace) + "\"");
            return false;
        }
        return check_components(root, definitions);
    }

  private:
    static bool is_schema(pugi::xml_node node, std::string_view local) {
        return local_name(node.name()) == local && namespace_of(node) == kSchemaNamespace;
    }

    void report(pugi::xml_node at, std::string code, std::string message, std::string hint) {
        problems_.push_back(problem(file_.path, std::move(code), std::move(message), std::move(hint)));
        place(problems_.back(), text_, at);
    }

    bool check_components(pugi::xml_node root, std::vector<Definition>& definitions) {
        const std::size_t before = problems_.size();
        bool own = false;
        for (const pugi::xml_node& node : root.children()) {
            if (node.type() != pugi::node_element || namespace_of(node) != kSchemaNamespace) continue;
            const std::string_view element = local_name(node.name());
            const std::string name = node.attribute("name").value();
            if (element == "include" || element == "import" || element == "redefine" || element == "override")
                report(node, "schema-import",
                       "xs:" + std::string(element) + " is not allowed in an event definition",
                       "leave it out: the types of all event definitions can be used by name");
            const std::string kind = kind_of(element);
            if (kind.empty() || name.empty()) continue;
            if (kind == "element" && name == "Event")
                report(node, "schema-duplicate", "the element 'Event' is the catalogue's own", "rename it");
            own = own || (kind == "element" && name == file_.name);
            definitions.push_back({kind, name, &file_, node});
        }
        if (!own) report_no_element(root);
        return problems_.size() == before;
    }

    void report_no_element(pugi::xml_node root) {
        std::vector<std::string> elements;
        for (const pugi::xml_node& node : root.children()) {
            if (is_schema(node, "element")) elements.emplace_back(node.attribute("name").value());
        }
        std::string hint = "declare it, or name the file after the element that it declares";
        if (const std::string near = nearest(file_.name, elements); !near.empty())
            hint = "it declares '" + near + "': rename the element or the file";
        report(root, "schema-no-element", "no global element '" + file_.name + "' as the file's name says",
               hint);
    }

    const SchemaFile& file_;
    std::string_view text_;
    pugi::xml_document& document_;
    Diagnostics& problems_;
};

// Adds a problem for each definition that an earlier one took; returns the files of those.
std::set<const SchemaFile*> find_duplicates(const std::vector<Definition>& definitions,
                                            Diagnostics& problems) {
    std::map<std::pair<std::string, std::string>, const Definition*> first;
    std::set<const SchemaFile*> result;
    for (const Definition& definition : definitions) {
        const auto [known, added] = first.try_emplace({definition.kind, definition.name}, &definition);
        if (added) continue;
        const Definition& earlier = *known->second;
        Diagnostic there;
        place(there, xml::without_bom(earlier.file->text), earlier.element);
        problems.push_back(problem(definition.file->path, "schema-duplicate",
                                   "the " + definition.kind + " '" + definition.name +
                                       "' is already defined at " + earlier.file->path.string() + ":" +
                                       std::to_string(there.line) + ":" + std::to_string(there.column),
                                   "rename one of them, or remove one file"));
        place(problems.back(), xml::without_bom(definition.file->text), definition.element);
        result.insert(definition.file);
    }
    return result;
}

}  // namespace

std::vector<SchemaFile> read_schema_files(const std::vector<fs::path>& folders, Diagnostics& problems) {
    std::vector<SchemaFile> files;
    for (const fs::path& folder : folders) {
        for (const fs::path& path : files_of(folder, problems)) {
            if (auto text = read_text(path, kLimits.bytes, problems))
                files.push_back({path, path.stem().string(), std::move(*text)});
        }
    }
    std::vector<pugi::xml_document> documents(files.size());  // definitions point into them
    std::vector<Definition> definitions;
    std::set<const SchemaFile*> unfit;
    for (std::size_t i = 0; i < files.size(); ++i) {
        if (!FileCheck(files[i], documents[i], problems).run(definitions)) unfit.insert(&files[i]);
    }
    unfit.merge(find_duplicates(definitions, problems));
    std::vector<SchemaFile> fit;
    for (SchemaFile& file : files) {
        if (!unfit.contains(&file)) fit.push_back(std::move(file));
    }
    return fit;
}

}  // namespace clacks::events
