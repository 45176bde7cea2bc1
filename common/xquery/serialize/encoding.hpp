// Encodings of serialized text, by ICU.
#pragma once

#include <memory>
#include <string_view>

namespace clacks::xquery {

// The characters that an encoding has. SESU0007 for an unknown one.
class Repertoire {
  public:
    explicit Repertoire(std::string_view encoding);
    ~Repertoire();
    Repertoire(const Repertoire&) = delete;
    Repertoire& operator=(const Repertoire&) = delete;

    bool is_unicode() const { return set_ == nullptr; }  // all of them
    bool has(char32_t c) const { return c < 0x80 || is_unicode() || contains(c); }

  private:
    struct Set;
    bool contains(char32_t c) const;
    std::unique_ptr<Set> set_;
};

}  // namespace clacks::xquery
