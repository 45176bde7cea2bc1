/// @file
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace clacks {

/// Errors as values. A Diagnostic says what is wrong, where, why, and what to do about it; a Result
/// carries either a value or the error. Used for everything that input from outside can cause;
/// exceptions are left to programming errors and to the insides of a library.
/// One problem, fit to be shown to a person. Empty strings and zeros mean "not applicable".
struct Diagnostic {
    std::string code{};          ///< stable, for programs: a W3C code (XPST0003), "event-invalid", …
    std::string message{};       ///< what is wrong and why, one sentence, no trailing full stop
    std::string hint{};          ///< what to do about it, a near miss
    std::string source{};        ///< a file name, or "event", "filter", "request"
    std::uint32_t line = 0;      ///< 1-based
    std::uint32_t column = 0;    ///< 1-based, in code points
    std::uint32_t end_line = 0;  ///< of the place just behind what is wrong; 0 where only its begin is known
    std::uint32_t end_column = 0;  ///< likewise
    std::string path{};            ///< the place inside an event, as /Event/PhoneStatus/Status
    std::string expected{};        ///< what would have been right there
};

/// All problems of one input, so that they can be mended at once.
using Diagnostics = std::vector<Diagnostic>;

/// "source:line:column: message; hint", leaving out what is not known; a W3C code stands in brackets before
/// the message, other codes are not shown.
std::string to_string(const Diagnostic& diagnostic);
/// One line each.
std::string to_string(const Diagnostics& diagnostics);

/// Either a T or an E. Check ok() before value() or error(); the wrong one throws std::bad_variant_access.
template <class T, class E = Diagnostic>
class [[nodiscard]] Result {
  public:
    /// Success. Implicit, so that a function returns its value as it is.
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    /// Failure. Implicit likewise.
    Result(E error) : state_(std::in_place_index<1>, std::move(error)) {}

    /// Whether it holds a value.
    bool ok() const { return state_.index() == 0; }
    /// Whether it holds a value.
    explicit operator bool() const { return ok(); }

    /// @{
    /// The value of a success.
    T& value() & { return std::get<0>(state_); }
    const T& value() const& { return std::get<0>(state_); }
    T&& value() && { return std::get<0>(std::move(state_)); }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(*this).value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }
    /// @}

    /// @{
    /// The error of a failure.
    E& error() & { return std::get<1>(state_); }
    const E& error() const& { return std::get<1>(state_); }
    E&& error() && { return std::get<1>(std::move(state_)); }
    /// @}

  private:
    std::variant<T, E> state_;
};

/// Success without a value, or an error.
template <class E>
class [[nodiscard]] Result<void, E> {
  public:
    /// Success.
    Result() = default;
    /// Failure. Implicit, so that a function returns its error as it is.
    Result(E error) : error_(std::move(error)) {}

    /// Whether it was a success.
    bool ok() const { return !error_; }
    /// Whether it was a success.
    explicit operator bool() const { return ok(); }
    /// @{
    /// The error of a failure; of a success std::bad_optional_access is thrown.
    E& error() & { return error_.value(); }
    const E& error() const& { return error_.value(); }
    E&& error() && { return std::move(error_).value(); }
    /// @}

  private:
    std::optional<E> error_;
};

}  // namespace clacks
