#include "common/xml/xerces.hpp"

#include <xercesc/util/PlatformUtils.hpp>

namespace clacks::xml {

namespace {

void append_code_point(std::string& out, char32_t c) {
    const auto put = [&](char32_t byte) { out += static_cast<char>(byte); };
    if (c < 0x80) {
        put(c);
    } else if (c < 0x800) {
        put(0xC0 | (c >> 6));
        put(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        put(0xE0 | (c >> 12));
        put(0x80 | ((c >> 6) & 0x3F));
        put(0x80 | (c & 0x3F));
    } else {
        put(0xF0 | (c >> 18));
        put(0x80 | ((c >> 12) & 0x3F));
        put(0x80 | ((c >> 6) & 0x3F));
        put(0x80 | (c & 0x3F));
    }
}

void append_beyond_ascii(std::string& out, std::u16string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        char32_t c = text[i];
        const bool high = c >= 0xD800 && c < 0xDC00;
        if (high && i + 1 < text.size() && text[i + 1] >= 0xDC00 && text[i + 1] < 0xE000) {
            c = 0x10000 + ((c - 0xD800) << 10) + (text[++i] - 0xDC00U);
        } else if (c >= 0xD800 && c < 0xE000) {
            c = 0xFFFD;
        }
        append_code_point(out, c);
    }
}

}  // namespace

void start_xerces() {
    static const bool started = [] {
        xercesc::XMLPlatformUtils::Initialize();
        return true;
    }();
    static_cast<void>(started);
}

void append_utf8(std::string& out, std::u16string_view text) {
    const std::size_t start = out.size();
    out.resize(start + text.size());
    char* to = out.data() + start;
    std::size_t i = 0;
    for (; i < text.size() && text[i] < 0x80; ++i) to[i] = static_cast<char>(text[i]);
    if (i == text.size()) return;
    out.resize(start + i);
    append_beyond_ascii(out, text.substr(i));
}

std::string to_utf8(std::u16string_view text) {
    std::string result;
    append_utf8(result, text);
    return result;
}

std::string to_utf8(const char16_t* text) {
    return text ? to_utf8(std::u16string_view(text)) : std::string();
}

}  // namespace clacks::xml
