/// @file
#pragma once

#include <concepts>
#include <string>
#include <string_view>

namespace clacks {

/// One element with its content, in memory of its own; a value, copied freely. Throws nothing but
/// std::bad_alloc. Threads may use copies, or read one, at once.
class EventElement {
  public:
    /// An element without content yet.
    explicit EventElement(std::string_view name) : name_(name) {}

    /// Appends an element.
    void add(const EventElement& child);
    /// Appends text, UTF-8; it is escaped.
    void add(std::string_view text);
    /// Appends text, UTF-8; it is escaped.
    void add(const char* text) { add(std::string_view(text)); }
    /// Appends true or false.
    void add(bool value) { add(std::string_view(value ? "true" : "false")); }
    /// Appends a whole number.
    template <std::integral T>
    void add(T value) {
        add(std::string_view(std::to_string(value)));
    }
    /// Appends a number in the shortest form that reads back as the same number; INF, -INF and NaN as XML
    /// Schema writes them.
    void add(double value);

    /// The document with this element as its root.
    std::string str() const;

  private:
    std::string written(std::string_view attributes) const;
    std::string name_;
    std::string content_;  // XML
};

/// Builds an event document in code:
///
///   EventMaker e;
///   std::string document = e("Event", e("PhoneStatus", e("CallerId", "012345"), e("Status", "busy"))).str();
///
/// Elements are in the events namespace, text is escaped. It does not validate: the agent does, and a refused
/// event's sender learns where and why. It has no state, so any threads may use one at once.
class EventMaker {
  public:
    /// An element holding its arguments in order: elements, strings, numbers, booleans. Names are the
    /// program's own; one that is no XML name makes a document that the agent refuses.
    template <class... Content>
    EventElement operator()(std::string_view name, const Content&... content) const {
        EventElement element(name);
        (element.add(content), ...);
        return element;
    }
};

}  // namespace clacks
