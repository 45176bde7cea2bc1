// How a result is written: the parameters of XSLT and XQuery Serialization 3.1, section 3.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/result.hpp"

namespace clacks::xquery {

struct ExpandedName {
    std::string uri;
    std::string local;
    friend bool operator==(const ExpandedName&, const ExpandedName&) = default;
};

struct SerializationParameters {
    std::string method = "xml";  // xml xhtml html text json adaptive
    bool allow_duplicate_names = false;
    bool byte_order_mark = false;
    std::vector<ExpandedName> cdata_section_elements;
    std::optional<std::string> doctype_public;
    std::optional<std::string> doctype_system;
    std::string encoding = "UTF-8";
    bool escape_uri_attributes = true;
    std::optional<std::string> html_version;  // a decimal; none: that of `version` for html, else 5
    bool include_content_type = true;
    bool indent = false;
    std::optional<std::string> item_separator;
    std::string json_node_output_method = "xml";
    std::string media_type = "text/html";
    std::string normalization_form = "none";   // NFC NFD NFKC NFKD none
    std::optional<bool> omit_xml_declaration;  // none: only the adaptive method omits it
    std::optional<bool> standalone;            // none: "omit"
    std::vector<ExpandedName> suppress_indentation;
    bool undeclare_prefixes = false;
    std::vector<std::pair<char32_t, std::string>> character_maps;  // in the order of the characters
    std::optional<std::string> version;                            // of XML: 1.0 or 1.1; of HTML
};

// The last phase, encoding: characters, in UTF-8, as bytes of the encoding, with a byte order mark where it
// is asked for. SESU0007 for an unknown encoding, SERE0008 for a character that it lacks. Thread safe.
Result<std::string> encode(std::string_view characters, const SerializationParameters& parameters);

}  // namespace clacks::xquery
