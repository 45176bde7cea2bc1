#include "common/events/catalogue.hpp"

#include <algorithm>
#include <cstddef>
#include <memory_resource>
#include <mutex>
#include <optional>
#include <utility>
#include <xercesc/framework/XMLGrammarPool.hpp>
#include <xercesc/framework/psvi/XSModel.hpp>

#include "common/events/describe.hpp"
#include "common/events/explain.hpp"
#include "common/events/quick_reader.hpp"
#include "common/events/schema.hpp"
#include "common/events/shape.hpp"
#include "common/xml/prolog.hpp"
#include "common/xml/tree_reader.hpp"
#include "common/xml/xerces.hpp"

namespace clacks::events {

struct Catalogue::State {
    State(const xml::ParseLimits& given, Schema compiled)
        : limits(given), schema(std::move(compiled)), shapes(*schema.model) {}

    const xml::ParseLimits limits;
    Schema schema;
    const Shapes shapes;
    std::vector<EventType> types;
    std::vector<std::string> names;
    // Readers at rest. Kept here rather than per thread, so that none outlives the pool it is bound to.
    std::mutex readers_mutex;
    std::vector<std::unique_ptr<xml::TreeReader>> readers;
    std::mutex model_mutex;  // xerces does not promise that its model may be read by two threads

    std::unique_ptr<xml::TreeReader> take_reader() {
        {
            const std::lock_guard lock(readers_mutex);
            if (!readers.empty()) {
                auto reader = std::move(readers.back());
                readers.pop_back();
                return reader;
            }
        }
        return std::make_unique<xml::TreeReader>(schema.pool.get());
    }
    void put_reader(std::unique_ptr<xml::TreeReader> reader) {
        const std::lock_guard lock(readers_mutex);
        readers.push_back(std::move(reader));
    }

    // By xerces-c.
    std::optional<xml::ReadFault> read(std::string_view bytes, xml::TreeBuilder& builder) {
        auto reader = take_reader();
        auto fault = reader->read(bytes, limits, builder);
        put_reader(std::move(reader));
        return fault;
    }

    Diagnostic refuse(std::string_view bytes, const std::optional<xml::ReadFault>& fault) {
        const std::lock_guard lock(model_mutex);
        return explain(bytes, fault, *schema.model, names, limits);
    }
};

namespace {

constexpr std::size_t kSmallDocument = 4096;

// The tree of a small document, in one block of the heap with what it holds: a usual event's fits.
struct TreeBlock {
    std::byte bytes[2560];
    std::pmr::monotonic_buffer_resource memory{bytes, sizeof bytes};
    std::optional<xml::Tree> tree;
};

// The name of Event's child in a valid document; "" when the root is another element of the schema.
std::string name_of(const xml::Tree& tree) {
    for (xml::NodeIndex root = 1; root < tree.size(); root = tree[root].end) {
        if (tree.kind(root) != xml::NodeKind::element) continue;
        if (tree.name(root).view() != xml::NameView{kNamespace, "Event", {}}) return "";
        for (xml::NodeIndex child = tree.first_child(root); child < tree[root].end; child = tree[child].end) {
            if (tree.kind(child) == xml::NodeKind::element) return std::string(tree.name(child).local);
        }
    }
    return "";
}

Diagnostic of_event(Diagnostic diagnostic) {
    diagnostic.source = "event";
    return diagnostic;
}

EventType type_of(SchemaFile& file, xercesc::XSModel& model) {
    EventType type;
    const std::u16string uri(kNamespace.begin(), kNamespace.end());
    const std::u16string name(file.name.begin(), file.name.end());
    if (const xercesc::XSElementDeclaration* element = model.getElementDeclaration(name.c_str(), uri.c_str()))
        type.content = describe(*element, model);
    type.documentation = type.content.documentation;
    type.name = std::move(file.name);
    type.file = std::move(file.path);
    type.schema = std::move(file.text);
    return type;
}

}  // namespace

Catalogue::Catalogue(std::unique_ptr<State> state) : state_(std::move(state)) {}
Catalogue::~Catalogue() = default;

Result<std::shared_ptr<const Catalogue>, Diagnostics> Catalogue::load(
    const std::vector<std::filesystem::path>& folders, const xml::ParseLimits& limits) {
    Diagnostics problems;
    std::vector<SchemaFile> files = read_schema_files(folders, problems);
    if (files.empty() && problems.empty()) {
        Diagnostic none;
        none.code = "schema-folder";
        none.message = "no event definition was found";
        none.hint = "put an XSD into the events folder";
        none.source = folders.empty() ? "" : folders.front().string();
        problems.push_back(std::move(none));
    }
    if (files.empty()) return problems;
    // Also after a problem: an administrator wants to hear of all of them at once.
    auto schema = compile(files);
    if (!schema) problems.insert(problems.end(), schema.error().begin(), schema.error().end());
    if (!problems.empty()) return problems;

    auto state = std::make_unique<State>(limits, std::move(*schema));
    for (SchemaFile& file : files) state->types.push_back(type_of(file, *state->schema.model));
    std::sort(state->types.begin(), state->types.end(),
              [](const EventType& a, const EventType& b) { return a.name < b.name; });
    for (const EventType& type : state->types) state->names.push_back(type.name);
    return std::shared_ptr<const Catalogue>(new Catalogue(std::move(state)));
}

Result<EventPtr> Catalogue::parse(std::string bytes) const {
    const xml::ParseLimits& limits = state_->limits;
    if (auto problem = xml::check_prolog(bytes, limits)) return of_event(std::move(*problem));
    const auto block = bytes.size() <= kSmallDocument ? std::make_shared_for_overwrite<TreeBlock>() : nullptr;
    xml::TreeBuilder builder(block ? &block->memory : std::pmr::get_default_resource());
    if (!read_quickly(bytes, state_->shapes.event(), limits, builder)) {
        builder.finish();  // what came before it gave up
        const auto fault = state_->read(bytes, builder);
        if (fault && fault->kind == xml::ReadFault::Kind::invalid)
            return of_event(state_->refuse(bytes, fault));
        if (fault) return of_event(xml::to_diagnostic(*fault, limits));
    }
    std::shared_ptr<const xml::Tree> tree =
        block ? std::shared_ptr<const xml::Tree>(block, &block->tree.emplace(builder.finish()))
              : std::make_shared<const xml::Tree>(builder.finish());
    std::string name = name_of(*tree);
    if (name.empty()) return of_event(state_->refuse(bytes, std::nullopt));
    return EventPtr(std::make_shared<Event>(Event{std::move(name), std::move(bytes), std::move(tree)}));
}

std::span<const EventType> Catalogue::types() const {
    return state_->types;
}

const EventType* Catalogue::find(std::string_view name) const {
    const auto at =
        std::lower_bound(state_->types.begin(), state_->types.end(), name,
                         [](const EventType& type, std::string_view wanted) { return type.name < wanted; });
    return at != state_->types.end() && at->name == name ? &*at : nullptr;
}

const std::string& Catalogue::joined_schema() const {
    return state_->schema.joined;
}

}  // namespace clacks::events
