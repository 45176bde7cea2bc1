#include "common/events/event_maker.hpp"

#include <charconv>
#include <cmath>

#include "common/events/event.hpp"

namespace clacks {

namespace {

// Own, so that programs that only make events need no XML library.
void append_text(std::string& out, std::string_view text) {
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '\r':  // a parser would make a line feed of it
                out += "&#xD;";
                break;
            default:
                out += c;
        }
    }
}

}  // namespace

void EventElement::add(const EventElement& child) {
    content_ += child.written("");
}

void EventElement::add(std::string_view text) {
    append_text(content_, text);
}

void EventElement::add(double value) {
    if (std::isnan(value)) return add(std::string_view("NaN"));
    if (std::isinf(value)) return add(std::string_view(value < 0 ? "-INF" : "INF"));
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    add(std::string_view(digits, end));
}

std::string EventElement::written(std::string_view attributes) const {
    std::string result = "<" + name_;
    result += attributes;
    if (content_.empty()) return result + "/>";
    return result + ">" + content_ + "</" + name_ + ">";
}

std::string EventElement::str() const {
    return written(" xmlns=\"" + std::string(events::kNamespace) + "\"");
}

}  // namespace clacks
