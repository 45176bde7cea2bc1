#include "common/amqp/identity.hpp"

#include <openssl/objects.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "common/base/text.hpp"

namespace clacks::amqp {

namespace {

constexpr std::size_t kLongest = 255;

struct Freed {
    void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
};

std::string utf8(const ASN1_STRING* string) {
    unsigned char* bytes = nullptr;
    const int length = ASN1_STRING_to_UTF8(&bytes, string);
    if (length < 0) return {};
    std::string text(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(length));
    OPENSSL_free(bytes);
    return text;
}

std::vector<std::string> in_subject(const X509* certificate, const std::string& attribute) {
    std::vector<std::string> values;
    const X509_NAME* subject = X509_get_subject_name(certificate);
    const int nid = OBJ_txt2nid(attribute.c_str());
    for (int at = -1; (at = X509_NAME_get_index_by_NID(subject, nid, at)) >= 0;)
        values.push_back(utf8(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at))));
    return values;
}

std::vector<std::string> in_alternative_names(const X509* certificate, int type) {
    std::vector<std::string> values;
    const std::unique_ptr<GENERAL_NAMES, Freed> names(
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
        const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
        if (name->type == type) values.push_back(utf8(name->d.ia5));
    }
    return values;
}

int type_of(IdentityRule::From from) {
    return from == IdentityRule::From::dns     ? GEN_DNS
           : from == IdentityRule::From::email ? GEN_EMAIL
                                               : GEN_URI;
}

std::string place(const IdentityRule& rule) {
    switch (rule.from) {
        case IdentityRule::From::subject:
            return rule.attribute + " in its subject";
        case IdentityRule::From::dns:
            return "DNS name among its alternative names";
        case IdentityRule::From::email:
            return "e-mail address among its alternative names";
        case IdentityRule::From::uri:
            return "URI among its alternative names";
    }
    return {};
}

bool usable(const std::string& name) {
    return !name.empty() && name.size() <= kLongest && name.front() != ' ' && name.back() != ' ' &&
           std::none_of(name.begin(), name.end(), [](unsigned char c) { return c < ' ' || c == 0x7f; });
}

}  // namespace

Result<IdentityRule, Diagnostic> parse_identity_rule(const std::string& text) {
    using From = IdentityRule::From;
    for (const auto& [name, from] : {std::pair{"san dns", From::dns}, std::pair{"san email", From::email},
                                     std::pair{"san uri", From::uri}})
        if (text == name) return IdentityRule{from, ""};
    static const std::string kSubject = "subject ";
    if (text.starts_with(kSubject)) {
        const std::string attribute = text.substr(kSubject.size());
        if (OBJ_txt2nid(attribute.c_str()) != NID_undef) return IdentityRule{From::subject, attribute};
    }
    Diagnostic error;
    error.code = "config-value";
    error.message = "client-identity: '" + one_line(text, 60) + "' is no place for a name in a certificate";
    error.hint = "write 'subject CN' (or UID, or another attribute), 'san dns', 'san email' or 'san uri'";
    return error;
}

Result<std::string, NoIdentity> identity_of(const X509* certificate, const IdentityRule& rule) {
    const auto values = rule.from == IdentityRule::From::subject
                            ? in_subject(certificate, rule.attribute)
                            : in_alternative_names(certificate, type_of(rule.from));
    if (values.size() != 1)
        return NoIdentity{"the certificate has " + std::string(values.empty() ? "no " : "more than one ") +
                          place(rule)};
    if (!usable(values.front())) return NoIdentity{"the certificate has an unusable " + place(rule)};
    return values.front();
}

}  // namespace clacks::amqp
