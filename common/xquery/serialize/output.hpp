// Where the phases of serialization meet (Serialization 3.1, 4): markup goes out as it is; the characters of
// texts go through character maps, Unicode normalization and escaping.
//
// Thread safety: one thread at a time. Errors: limit-memory past the limit of bytes; SERE0008.
#pragma once

#include <string>
#include <string_view>

#include "common/xquery/serialize/encoding.hpp"
#include "common/xquery/serialize/parameters.hpp"
#include "common/xquery/values/arena.hpp"

namespace clacks::xquery {

// How the characters of a text are written in one context.
class Escaping {
  public:
    // Writes an escape, or returns false for a character that stands for itself. `rest` is the text after
    // it. Never asked about letters, digits, spaces and other ASCII but & < > " \ /.
    virtual bool escape(std::string& out, char32_t c, std::string_view rest) const = 0;
    // Writes a character that the encoding lacks; by itself as a character reference.
    virtual void refer(std::string& out, char32_t c) const;

  protected:
    ~Escaping() = default;
};

void append_reference(std::string& out, char32_t c);  // &#x…;
[[noreturn]] void cannot_be_encoded(char32_t c);      // SERE0008

class Output {
  public:
    Output(const SerializationParameters& parameters, Steps& steps, std::size_t limit);
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;

    // Delimiters and what else is known to be ASCII.
    void raw(std::string_view text) {
        out_ += text;
        charge(text.size());
    }
    // Names, comments and other markup that nothing can stand in for.
    void markup(std::string_view text);
    // A text, all phases.
    void characters(std::string_view text, const Escaping& escaping);
    // The same but for character maps.
    void unmapped(std::string_view text, const Escaping& escaping);
    bool encodes(char32_t c) const { return repertoire_.has(c); }
    std::string normalized(std::string_view text) const;

    std::size_t size() const { return out_.size(); }
    std::string take() { return std::move(out_); }
    Steps& steps() { return steps_; }

  private:
    void charge(std::size_t bytes);
    void escaped(std::string_view text, const Escaping& escaping);

    std::string out_;
    const SerializationParameters& parameters_;
    Repertoire repertoire_;
    Steps& steps_;
    std::size_t limit_;
    bool normalizes_;
};

}  // namespace clacks::xquery
