// What everyone who uses xerces-c here shares: its start and its UTF-16.
#pragma once

#include <string>
#include <string_view>

namespace clacks::xml {

// Starts xerces-c once in the life of the process; call before any other use of it. It is never
// ended, because readers may live in threads that outlast main. Thread safe.
void start_xerces();

// Appends UTF-16 as UTF-8. An unpaired surrogate becomes U+FFFD.
void append_utf8(std::string& out, std::u16string_view text);
std::string to_utf8(std::u16string_view text);
// Null is the empty string.
std::string to_utf8(const char16_t* text);

}  // namespace clacks::xml
