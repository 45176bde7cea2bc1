// The value of one node that a path found, each of its forms made once (XDM 3.1, 5.13; XML Schema 1.1 part
// 2).
#pragma once

#include <cstdint>
#include <string_view>

#include "common/matching/pool.hpp"

namespace clacks::matching {

// What a value is compared as.
enum class Type : std::uint8_t { text, number, boolean };

class Value {
  public:
    Value(std::uint32_t path, std::uint32_t next, std::string_view text)
        : path_(path), next_(next), text_(text) {}

    std::uint32_t path() const { return path_; }
    // The value found before it by the same path, or kNone.
    std::uint32_t next() const { return next_; }
    std::string_view text() const { return text_; }

    // As a number or a boolean, which is 0 or 1. Null: it is none.
    const double* as(Type type) { return type == Type::number ? as_number() : as_boolean(); }

  private:
    enum class Form : std::uint8_t { unknown, none, known };
    const double* as_number();
    const double* as_boolean();

    std::uint32_t path_;
    std::uint32_t next_;
    std::string_view text_;
    double number_ = 0;
    double boolean_ = 0;
    Form number_form_ = Form::unknown;
    Form boolean_form_ = Form::unknown;
};

}  // namespace clacks::matching
