#include "common/events/names.hpp"

namespace clacks::events {

std::string_view local_name(std::string_view qualified) {
    const std::size_t colon = qualified.find(':');
    return colon == std::string_view::npos ? qualified : qualified.substr(colon + 1);
}

std::string_view prefix_of(std::string_view qualified) {
    const std::size_t colon = qualified.find(':');
    return colon == std::string_view::npos ? std::string_view() : qualified.substr(0, colon);
}

std::string_view namespace_of(pugi::xml_node scope, std::string_view prefix) {
    for (; scope.type() == pugi::node_element; scope = scope.parent()) {
        for (const pugi::xml_attribute& attribute : scope.attributes()) {
            const std::string_view name = attribute.name();
            if (prefix.empty() ? name == "xmlns" : prefix_of(name) == "xmlns" && local_name(name) == prefix)
                return attribute.value();
        }
    }
    return {};
}

std::string_view namespace_of(pugi::xml_node element) {
    return namespace_of(element, prefix_of(element.name()));
}

}  // namespace clacks::events
