#include "common/base/url.hpp"

#include <charconv>

namespace clacks {

namespace {

Diagnostic bad(std::string message, std::string hint) {
    Diagnostic error;
    error.code = "url";
    error.message = std::move(message);
    error.hint = std::move(hint);
    return error;
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

Result<std::string> percent_decode(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            result += text[i];
            continue;
        }
        const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
        const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
        if (high < 0 || low < 0)
            return bad("a % in a URL is not followed by two hexadecimal digits",
                       "write %25 for a percent sign");
        result += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return result;
}

Result<void, Diagnostic> parse_host(std::string_view text, Url& url) {
    std::string_view port;
    if (!text.empty() && text.front() == '[') {
        const std::size_t end = text.find(']');
        if (end == std::string_view::npos)
            return bad("an IPv6 address in a URL lacks its closing bracket", "write [::1]");
        url.host = text.substr(1, end - 1);
        text.remove_prefix(end + 1);
        if (!text.empty() && text.front() != ':')
            return bad("unexpected text after an IPv6 address", "write [::1]:5672");
        if (!text.empty()) port = text.substr(1);
    } else {
        const std::size_t colon = text.find(':');
        url.host = text.substr(0, colon);
        if (colon != std::string_view::npos) port = text.substr(colon + 1);
    }
    if (url.host.empty()) return bad("a URL lacks its host", "write amqp://localhost/org.clacks");
    url.port = url.tls() ? 5671 : 5672;
    if (!port.empty()) {
        const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), url.port);
        if (error != std::errc() || end != port.data() + port.size())
            return bad("the port '" + std::string(port) + "' is no number from 0 to 65535",
                       "leave it out for the default");
    }
    return {};
}

}  // namespace

bool Url::loopback() const {
    return host == "localhost" || host == "::1" || host.starts_with("127.");
}

std::string Url::shown() const {
    std::string text = scheme + "://";
    if (!user.empty()) text += user + "@";
    text += host.find(':') == std::string::npos ? host : "[" + host + "]";
    text += ":" + std::to_string(port);
    if (!path.empty()) text += "/" + path;
    return text;
}

Result<Url> parse_url(std::string_view text) {
    Url url;
    const std::size_t scheme_end = text.find("://");
    if (scheme_end != std::string_view::npos) url.scheme = text.substr(0, scheme_end);
    if (url.scheme != "amqp" && url.scheme != "amqps")
        return bad("a URL must begin with amqp:// or amqps://",
                   "write amqp://user:password@host:port/domain");
    text.remove_prefix(scheme_end + 3);

    const std::size_t slash = text.find('/');
    std::string_view authority = text.substr(0, slash);
    if (slash != std::string_view::npos) {
        auto path = percent_decode(text.substr(slash + 1));
        if (!path) return path.error();
        url.path = std::move(*path);
    }
    if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
        const std::string_view login = authority.substr(0, at);
        authority.remove_prefix(at + 1);
        const std::size_t colon = login.find(':');
        auto user = percent_decode(login.substr(0, colon));
        if (!user) return user.error();
        url.user = std::move(*user);
        if (colon != std::string_view::npos) {
            auto password = percent_decode(login.substr(colon + 1));
            if (!password) return password.error();
            url.password = std::move(*password);
        }
    }
    if (auto host = parse_host(authority, url); !host) return host.error();
    return url;
}

}  // namespace clacks
