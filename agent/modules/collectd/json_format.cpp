#include "agent/modules/collectd/json_format.hpp"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "common/base/text.hpp"

namespace clacks::collectd {

namespace {

using nlohmann::json;

// A list, objects, lists of values; meta data may add some.
constexpr int kMaxDepth = 8;

struct Unusable : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// The library begins its messages with its own name in brackets, which helps nobody.
std::string without_prefix(std::string_view text) {
    const std::size_t end = text.find("] ");
    return one_line(text.starts_with('[') && end != text.npos ? text.substr(end + 2) : text);
}

const json& member(const json& object, const char* key) {
    const auto found = object.find(key);
    if (found == object.end()) throw Unusable(std::string("a value list has no '") + key + "'");
    return *found;
}

std::string text_of(const json& object, const char* key) {
    const json& value = member(object, key);
    if (!value.is_string()) throw Unusable(std::string("'") + key + "' is no string");
    return value.get<std::string>();
}

double number_of(const json& object, const char* key) {
    const json& value = member(object, key);
    if (!value.is_number()) throw Unusable(std::string("'") + key + "' is no number");
    return value.get<double>();
}

const json& list_of(const json& object, const char* key) {
    const json& value = member(object, key);
    if (!value.is_array()) throw Unusable(std::string("'") + key + "' is no list");
    return value;
}

// JSON has no NaN: collectd writes null.
Number number_of(const json& value) {
    if (value.is_null()) return std::numeric_limits<double>::quiet_NaN();
    if (value.is_number_unsigned()) return value.get<std::uint64_t>();
    if (value.is_number_integer()) return value.get<std::int64_t>();
    if (value.is_number()) return value.get<double>();
    throw Unusable("one of 'values' is no number");
}

std::vector<Value> values_of(const json& object) {
    const json& numbers = list_of(object, "values");
    const json& kinds = list_of(object, "dstypes");
    const json& names = list_of(object, "dsnames");
    if (numbers.empty() || numbers.size() != kinds.size() || numbers.size() != names.size())
        throw Unusable("'values', 'dstypes' and 'dsnames' are empty, or not of one length");
    std::vector<Value> values;
    values.reserve(numbers.size());
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        if (!names[i].is_string() || !kinds[i].is_string() || !is_kind(kinds[i].get<std::string>()))
            throw Unusable("one of 'dsnames' is no string, or one of 'dstypes' no kind of data source");
        values.push_back({{names[i].get<std::string>(), kinds[i].get<std::string>()}, number_of(numbers[i])});
    }
    return values;
}

ValueList value_list_of(const json& object) {
    if (!object.is_object()) throw Unusable("a value list is no object");
    if (object.contains("labels"))
        throw Unusable("it holds a notification; take Notify out of the <Instance> that collectd sends here");
    ValueList list;
    list.host = text_of(object, "host");
    list.plugin = text_of(object, "plugin");
    list.plugin_instance = text_of(object, "plugin_instance");
    list.type = text_of(object, "type");
    list.type_instance = text_of(object, "type_instance");
    list.time = number_of(object, "time");
    list.interval = number_of(object, "interval");
    list.values = values_of(object);
    return list;
}

}  // namespace

Result<std::vector<ValueList>> read_json(std::string_view text) {
    const auto bounded = [](int depth, json::parse_event_t, const json&) {
        if (depth > kMaxDepth)
            throw Unusable("the JSON is nested more than " + std::to_string(kMaxDepth) + " deep");
        return true;
    };
    try {
        const json parsed = json::parse(text, bounded);
        if (!parsed.is_array()) return refusal("the JSON is no list of value lists");
        std::vector<ValueList> lists;
        lists.reserve(parsed.size());
        for (const json& object : parsed) lists.push_back(value_list_of(object));
        return lists;
    } catch (const Unusable& unusable) {
        return refusal(unusable.what());
    } catch (const json::exception& problem) {
        return refusal("it is not JSON: " + without_prefix(problem.what()));
    }
}

}  // namespace clacks::collectd
