#include "common/xquery/serialize/encoding.hpp"

#include <unicode/ucnv.h>
#include <unicode/uniset.h>
#include <unicode/unistr.h>

#include "common/base/text.hpp"
#include "common/xquery/serialize/parameters.hpp"
#include "common/xquery/values/error.hpp"

namespace clacks::xquery {

namespace {

struct Converter {
    explicit Converter(std::string_view encoding) {
        UErrorCode status = U_ZERO_ERROR;
        handle = ucnv_open(std::string(encoding).c_str(), &status);
        if (U_FAILURE(status) || handle == nullptr)
            fail(Code::SESU0007, "the encoding '" + one_line(encoding, 40) + "' is not known",
                 "choose UTF-8");
    }
    ~Converter() { ucnv_close(handle); }
    Converter(const Converter&) = delete;
    Converter& operator=(const Converter&) = delete;
    UConverter* handle = nullptr;
};

// Without regard to case and hyphens: UTF-8, UTF-16, UTF-16LE …
bool is_utf(std::string_view encoding) {
    return encoding.size() > 3 && (encoding[0] | 0x20) == 'u' && (encoding[1] | 0x20) == 't' &&
           (encoding[2] | 0x20) == 'f';
}

bool is_utf8(std::string_view encoding) {
    return is_utf(encoding) && encoding.ends_with('8');
}

}  // namespace

struct Repertoire::Set {
    icu::UnicodeSet characters;
};

Repertoire::Repertoire(std::string_view encoding) {
    if (is_utf8(encoding)) return;
    const Converter converter(encoding);
    if (is_utf(encoding)) return;
    set_ = std::make_unique<Set>();
    UErrorCode status = U_ZERO_ERROR;
    ucnv_getUnicodeSet(converter.handle, set_->characters.toUSet(), UCNV_ROUNDTRIP_SET, &status);
}

Repertoire::~Repertoire() = default;

bool Repertoire::contains(char32_t c) const {
    return set_->characters.contains(static_cast<UChar32>(c)) != 0;
}

Result<std::string> encode(std::string_view characters, const SerializationParameters& parameters) {
    const bool mark = parameters.byte_order_mark && is_utf(parameters.encoding);
    const std::string text = (mark ? "\xEF\xBB\xBF" : "") + std::string(characters);
    if (is_utf8(parameters.encoding)) return text;
    Diagnostic problem;
    try {
        const Converter converter(parameters.encoding);
        UErrorCode status = U_ZERO_ERROR;
        ucnv_setFromUCallBack(converter.handle, UCNV_FROM_U_CALLBACK_STOP, nullptr, nullptr, nullptr,
                              &status);
        const icu::UnicodeString units = icu::UnicodeString::fromUTF8(text);
        std::string out(static_cast<std::size_t>(UCNV_GET_MAX_BYTES_FOR_STRING(
                            units.length(), ucnv_getMaxCharSize(converter.handle))),
                        '\0');
        const std::int32_t size =
            ucnv_fromUChars(converter.handle, out.data(), static_cast<std::int32_t>(out.size()),
                            units.getBuffer(), units.length(), &status);
        if (U_FAILURE(status))
            fail(Code::SERE0008,
                 "the text has a character that the encoding " + parameters.encoding + " lacks",
                 "choose UTF-8");
        out.resize(static_cast<std::size_t>(size));
        return out;
    } catch (const Error& error) {
        problem.code = code_name(error.code);
        problem.message = error.message;
        problem.hint = error.hint;
    }
    return problem;
}

}  // namespace clacks::xquery
