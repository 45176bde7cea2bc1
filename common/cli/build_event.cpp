#include "common/cli/build_event.hpp"

#include <algorithm>

#include "common/base/text.hpp"
#include "common/cli/command.hpp"
#include "common/events/event_maker.hpp"

namespace clacks::cli {

namespace {

struct Element {
    std::string name;
    std::string text;
    std::vector<Element> children;
};

// Enough to tell a slip from a name; the agent judges the rest.
bool is_name(std::string_view text) {
    const auto letter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
               (static_cast<unsigned char>(c) & 0x80) != 0;
    };
    const auto rest = [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '.'; };
    return !text.empty() && letter(text.front()) && std::all_of(text.begin(), text.end(), rest);
}

void add(Element& root, const std::string& word) {
    const auto equals = word.find('=');
    if (equals == std::string::npos) throw UsageError{"'" + one_line(word, 80) + "' is no KEY=VALUE"};
    if (!is_utf8(word)) throw UsageError{"'" + one_line(word, 80) + "' is not UTF-8"};
    const std::string path = word.substr(0, equals);
    Element* at = &root;
    for (std::size_t begin = 0; begin <= path.size();) {
        const std::size_t end = std::min(path.find('/', begin), path.size());
        std::string step = path.substr(begin, end - begin);
        const bool last = end == path.size();
        const bool fresh = step.ends_with('+');
        if (fresh) step.pop_back();
        if (!is_name(step)) throw UsageError{"'" + one_line(path, 80) + "' is no element's name or path"};
        const bool joins = !last && !fresh && !at->children.empty() && at->children.back().name == step;
        if (!joins) at->children.push_back({step, {}, {}});
        at = &at->children.back();
        begin = end + 1;
    }
    at->text = word.substr(equals + 1);
}

void order(Element& element, const Field& model) {
    const auto place = [&](const Element& child) {
        const auto found = std::find_if(model.content.begin(), model.content.end(),
                                        [&](const Field& field) { return field.name == child.name; });
        return found - model.content.begin();
    };
    std::stable_sort(element.children.begin(), element.children.end(),
                     [&](const Element& a, const Element& b) { return place(a) < place(b); });
    for (auto& child : element.children)
        if (const auto at = place(child); static_cast<std::size_t>(at) < model.content.size())
            order(child, model.content[static_cast<std::size_t>(at)]);
}

EventElement made(const Element& element) {
    EventElement result(element.name);
    if (!element.text.empty()) result.add(std::string_view(element.text));
    for (const auto& child : element.children) result.add(made(child));
    return result;
}

}  // namespace

std::string build_event(const std::string& name, const std::vector<std::string>& words, const Field* model) {
    if (!is_name(name))
        throw UsageError{"'" + one_line(name, 80) + "' is neither a file nor an event's name"};
    Element event{name, {}, {}};
    for (const auto& word : words) add(event, word);
    if (model) order(event, *model);
    return EventMaker()("Event", made(event)).str();
}

}  // namespace clacks::cli
