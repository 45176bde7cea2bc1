// Parameters as fn:serialize takes them in a map (Functions and Operators 3.1, 14.8.3): option parameter
// conventions, every value converted to the type of its parameter.
#include "common/xml/characters.hpp"
#include "common/xquery/serialize/settings.hpp"
#include "common/xquery/values/atomize.hpp"
#include "common/xquery/values/describe.hpp"
#include "common/xquery/values/error.hpp"

namespace clacks::xquery {

namespace {

enum class Kind : std::uint8_t { boolean, string, decimal, names };

struct Row {
    std::string_view name;
    Kind kind;
};

constexpr Row kRows[] = {
    {"allow-duplicate-names", Kind::boolean},
    {"byte-order-mark", Kind::boolean},
    {"cdata-section-elements", Kind::names},
    {"doctype-public", Kind::string},
    {"doctype-system", Kind::string},
    {"encoding", Kind::string},
    {"escape-uri-attributes", Kind::boolean},
    {"html-version", Kind::decimal},
    {"include-content-type", Kind::boolean},
    {"indent", Kind::boolean},
    {"item-separator", Kind::string},
    {"json-node-output-method", Kind::string},
    {"media-type", Kind::string},
    {"method", Kind::string},
    {"normalization-form", Kind::string},
    {"omit-xml-declaration", Kind::boolean},
    {"standalone", Kind::boolean},
    {"suppress-indentation", Kind::names},
    {"undeclare-prefixes", Kind::boolean},
    {"version", Kind::string},
};

class MapReader {
  public:
    MapReader(SerializationParameters& to, const MapItem& map, Arena& arena, Steps& steps)
        : to_(to), map_(map), arena_(arena), steps_(steps) {}

    void read() {
        for (const Row& row : kRows) {
            const MapItem::Entry* entry = map_.find(Item::of_text(row.name));
            if (entry == nullptr) continue;
            const Value value = atomized(row.name, entry->value);
            if (row.kind == Kind::names) {
                names(row.name, value);
            } else if (!value.empty()) {
                set(row.name, text_of(row, value));
            }
        }
        if (const MapItem::Entry* entry = map_.find(Item::of_text("use-character-maps")))
            character_maps(entry->value);
    }

  private:
    [[noreturn]] static void wrong(std::string_view name, const Value& value, std::string_view wanted) {
        fail(Code::XPTY0004, "the output parameter " + std::string(name) + " is " + describe(value),
             "it takes " + std::string(wanted));
    }

    Value atomized(std::string_view name, const Value& value) {
        for (const Item item : value) {
            if (item.type == Type::map || item.type == Type::function) wrong(name, value, "atomic values");
        }
        return atomize(value, arena_, steps_);
    }

    void set(std::string_view name, std::string_view text) {
        set_parameter(to_, name, text,
                      [](std::string_view) -> std::optional<std::string> { return std::nullopt; });
    }

    std::string_view text_of(const Row& row, const Value& value) {
        constexpr std::string_view kWanted[] = {"an xs:boolean", "an xs:string", "an xs:decimal"};
        const Item& item = value.front();
        const std::string_view wanted = kWanted[static_cast<std::size_t>(row.kind)];
        bool fits = item.type == Type::untyped_atomic;
        if (row.kind == Kind::boolean) fits = fits || item.type == Type::boolean;
        if (row.kind == Kind::string) fits = fits || is_string(item.type) || item.type == Type::any_uri;
        if (row.kind == Kind::decimal) fits = fits || is_decimal(item.type);
        const bool method = row.name == "method" || row.name == "json-node-output-method";
        if (method && item.type == Type::qname && value.size() == 1)
            return item.qname().uri.empty() ? item.qname().local : "a method of somebody's own";
        if (value.size() != 1 || !fits) wrong(row.name, value, wanted);
        return string_of(item, arena_);
    }

    void names(std::string_view name, const Value& value) {
        std::vector<ExpandedName>& list =
            name == "cdata-section-elements" ? to_.cdata_section_elements : to_.suppress_indentation;
        list.clear();
        for (const Item item : value) {
            if (item.type != Type::qname) wrong(name, value, "xs:QName values");
            list.push_back({std::string(item.qname().uri), std::string(item.qname().local)});
        }
    }

    void character_maps(const Value& value) {
        constexpr std::string_view kWanted = "a map of xs:string to xs:string";
        if (value.empty()) return;
        if (value.size() != 1 || value.front().type != Type::map) wrong("use-character-maps", value, kWanted);
        for (const MapItem::Entry* entry : value.front().map().entries(arena_)) {
            steps_.take();
            if (!is_string(entry->key.type)) wrong("use-character-maps", entry->key, kWanted);
            if (entry->value.size() != 1 || !is_string(entry->value.front().type))
                wrong("use-character-maps", entry->value, kWanted);
            const std::string_view key = entry->key.text();
            const xml::CodePoint point = key.empty() ? xml::CodePoint{} : xml::code_point_at(key, 0);
            if (key.empty() || point.bytes != key.size())
                fail(Code::SEPM0016, "'" + std::string(key) + "' in the character map is not one character");
            map_character(to_, point.value, entry->value.front().text());
        }
    }

    SerializationParameters& to_;
    const MapItem& map_;
    Arena& arena_;
    Steps& steps_;
};

}  // namespace

void read_parameters(SerializationParameters& to, const MapItem& map, Arena& arena, Steps& steps) {
    MapReader(to, map, arena, steps).read();
}

}  // namespace clacks::xquery
