/// @file
/// Typed access to the content of an event:
///
///     auto phone = event["PhoneStatus"];
///     auto caller = phone["CallerId"].as<std::string>();
///     auto load = event["NodeStatus"]["Load"].try_as<double>();
#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/result.hpp"
#include "common/client/export.hpp"

namespace clacks {

/// An event does not hold what was asked for. what() is the diagnostic in one line, with its path.
class CLACKS_API EventError : public std::runtime_error {
  public:
    /// From what try_as() returns.
    explicit EventError(Diagnostic why);
    ~EventError() override;
    /// What is wrong, and at which path inside the event.
    const Diagnostic& diagnostic() const { return *why_; }

  private:
    std::shared_ptr<const Diagnostic> why_;
};

/// An element or attribute of an event; or a place where there is none, which can be asked further, so that
/// only the end of a chain needs a check. Names are local names: any prefix is ignored.
///
/// Errors: nothing throws but as(). Of a place where there is nothing, the conversions tell the first
/// step that led nowhere: code "event-missing", or "event-unreadable" where the document is no XML. Of a
/// value of another type they tell "event-value". All have the path, as
/// /Event/PuppetReport/PuppetLog[2]/Line.
///
/// Ownership and threads: an immutable value that keeps its document alive; copied cheaply, and used by any
/// threads at once.
class CLACKS_API EventNode {
  public:
    /// The element Event of a document. It is read once, here; the bytes are not needed afterwards.
    explicit EventNode(std::string_view document);
    /// @{
    /// Copies share the document. There are no moves, so that no node is left empty.
    EventNode(const EventNode&) = default;
    EventNode& operator=(const EventNode&) = default;
    /// @}
    ~EventNode() = default;

    /// The first element of that name inside this one.
    EventNode operator[](std::string_view name) const;
    /// All elements of that name inside this one, in their order.
    std::vector<EventNode> all(std::string_view name) const;
    /// All elements inside this one, in their order.
    std::vector<EventNode> children() const;
    /// An attribute of this element.
    EventNode attribute(std::string_view name) const;

    /// Whether it is there; to be asked where the event's definition makes it optional.
    bool exists() const;
    /// The same.
    explicit operator bool() const { return exists(); }
    /// Why it is not there; nothing where it is.
    std::optional<Diagnostic> missing() const;
    /// The local name; "" where it is not there.
    std::string name() const;
    /// Where it is, or was looked for.
    const std::string& path() const;

    /// The value as a T: std::string (the text exactly), bool, an integer or floating point type, or WallTime
    /// (xs:dateTime; without a time zone it is taken for UTC, and fractions end with the millisecond).
    /// White space around values other than strings is ignored. Throws EventError.
    template <class T>
    T as() const {
        auto value = try_as<T>();
        if (!value) throw EventError(std::move(value).error());
        return std::move(value).value();
    }

    /// The same with the error as a value.
    template <class T>
    Result<T> try_as() const {
        if constexpr (std::is_same_v<T, std::string>) {
            return text();
        } else if constexpr (std::is_same_v<T, bool>) {
            return boolean();
        } else if constexpr (std::is_same_v<T, WallTime>) {
            return time();
        } else if constexpr (std::signed_integral<T>) {
            return converted<T>(integer(std::numeric_limits<T>::min(), std::numeric_limits<T>::max()));
        } else if constexpr (std::unsigned_integral<T>) {
            return converted<T>(natural(std::numeric_limits<T>::max()));
        } else {
            static_assert(std::is_same_v<T, float> || std::is_same_v<T, double>,
                          "a value is a string, boolean, number or WallTime");
            return converted<T>(number(static_cast<double>(std::numeric_limits<T>::max())));
        }
    }

  private:
    struct Place;
    explicit EventNode(std::shared_ptr<const Place> place) : place_(std::move(place)) {}

    template <class T, class From>
    static Result<T> converted(Result<From> value) {
        if (!value) return std::move(value).error();
        return static_cast<T>(*value);
    }
    Result<std::string> text() const;
    Result<bool> boolean() const;
    Result<std::int64_t> integer(std::int64_t least, std::int64_t most) const;
    Result<std::uint64_t> natural(std::uint64_t most) const;
    Result<double> number(double most) const;
    Result<WallTime> time() const;
    Diagnostic unfit(const std::string& value, std::string expected) const;

    std::shared_ptr<const Place> place_;
};

}  // namespace clacks
