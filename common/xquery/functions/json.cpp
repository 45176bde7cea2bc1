// fn:parse-json, fn:json-doc (Functions and Operators 3.1, 17.5) and the table of the functions on JSON.
#include <memory_resource>
#include <vector>

#include "common/xquery/functions/json_reader.hpp"
#include "common/xquery/functions/resources.hpp"
#include "common/xquery/values/array.hpp"
#include "common/xquery/values/map.hpp"
#include "common/xquery/values/number.hpp"

namespace clacks::xquery {

namespace {

using Duplicates = JsonOptions::Duplicates;

// Maps, arrays and atomic values; null is the empty sequence.
class ValueBuilder final : public JsonHandler {
  public:
    ValueBuilder(CallContext& call, Duplicates duplicates) : call_(call), duplicates_(duplicates) {}

    Value result() const { return result_; }

    void start_map() override { open_.push_back({true, &MapItem::none(), {}, 0}); }
    void key(std::string_view text, bool) override {
        open_.back().key = Item::of_text(call_.arena.copy(text));
    }
    void end_map() override {
        const MapItem& map = *open_.back().map;
        open_.pop_back();
        add(Item::of_map(map));
    }
    void start_array() override { open_.push_back({false, nullptr, {}, members_.size()}); }
    void end_array() override {
        const std::size_t first = open_.back().first;
        open_.pop_back();
        const std::span<Value> members = call_.arena.take_array<Value>(members_.size() - first);
        std::uninitialized_copy(members_.begin() + static_cast<std::ptrdiff_t>(first), members_.end(),
                                members.begin());
        members_.resize(first);
        add(Item::of_array(ArrayItem::of(members, call_.arena)));
    }
    void string(std::string_view text, bool) override { add(made(call_, text)); }
    void number(std::string_view written) override {
        add(Item::of_double(parse_double(written).value_or(0)));
    }
    void boolean(bool value) override { add(Item::of_bool(value)); }
    void null() override { add(Value()); }

  private:
    struct Open {
        bool is_map;
        const MapItem* map;
        Item key;
        std::size_t first;  // of an array's members
    };

    void add(const Value& value) {
        if (open_.empty()) {
            result_ = value;
        } else if (!open_.back().is_map) {
            members_.push_back(value);
        } else {
            put(open_.back(), value);
        }
    }

    void put(Open& open, const Value& value) {
        if (open.map->find(open.key) != nullptr) {
            if (duplicates_ == Duplicates::reject) fail_duplicate(open.key.text());
            if (duplicates_ == Duplicates::use_first) return;
        }
        open.map = &open.map->put(open.key, value, call_.arena);
    }

    CallContext& call_;
    Duplicates duplicates_;
    Value result_;
    std::vector<Open> open_;
    std::pmr::vector<Value> members_{&call_.arena};  // of the arrays that are open, one behind another
};

Value options_of(Arguments arguments) {
    return arguments.size() > 1 ? arguments[1] : Value();
}

Value parse_json_(CallContext& call, Arguments arguments) {
    const JsonOptions options = JsonOptions::of(call, options_of(arguments));
    if (arguments[0].empty()) return {};
    return parse_json(call, text(arguments[0]), options);
}

Value json_doc(CallContext& call, Arguments arguments) {
    const JsonOptions options = JsonOptions::of(call, options_of(arguments));
    if (arguments[0].empty()) return {};
    return parse_json(call, text_resource(call, text(arguments[0]), {}), options);
}

const FunctionRow kRows[] = {
    {"fn:parse-json($json-text as xs:string? [, $options as map(*)]) as item()?", parse_json_},
    {"fn:json-doc($href as xs:string? [, $options as map(*)]) as item()?", json_doc, kOutside | kBaseUri},
    {"fn:json-to-xml($json-text as xs:string? [, $options as map(*)]) as document-node()?", json_to_xml,
     kCreates | kBaseUri},
    {"fn:xml-to-json($input as node()? [, $options as map(*)]) as xs:string?", xml_to_json},
};

}  // namespace

Value parse_json(CallContext& call, std::string_view text, const JsonOptions& options) {
    const Duplicates duplicates = options.duplicates.value_or(Duplicates::use_first);
    if (duplicates == Duplicates::retain)
        fail(Code::FOJS0005, "the option duplicates cannot be 'retain' where a map is made",
             "there are reject, use-first and use-last");
    ValueBuilder builder(call, duplicates);
    read_json(call, text, options, builder);
    return builder.result();
}

std::span<const FunctionRow> json_functions() {
    return kRows;
}

}  // namespace clacks::xquery
