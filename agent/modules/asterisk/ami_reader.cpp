#include "agent/modules/asterisk/ami_reader.hpp"

#include "common/base/text.hpp"

namespace clacks::asterisk {

namespace {

std::string clean(std::string_view text) {
    std::string out(text);
    for (std::size_t bad = 0; (bad = invalid_utf8(out)) != std::string::npos;) {
        for (std::size_t i = bad; i < out.size(); ++i)
            if (static_cast<unsigned char>(out[i]) >= 0x80) out[i] = '?';
    }
    for (char& c : out)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
    return out;
}

}  // namespace

std::string field(const AmiMessage& message, const std::string& key) {
    const auto found = message.find(key);
    return found == message.end() ? "" : found->second;
}

void AmiReader::feed(std::string_view bytes, const std::function<void(const AmiMessage&)>& take) {
    while (!bytes.empty()) {
        const std::size_t end = bytes.find('\n');
        const std::string_view piece = bytes.substr(0, end);
        too_long_ = too_long_ || line_.size() + piece.size() > kMaxLine;
        line_.append(piece.substr(0, kMaxLine - line_.size()));
        if (end == bytes.npos) return;
        bytes.remove_prefix(end + 1);
        end_line(take);
    }
}

void AmiReader::end_line(const std::function<void(const AmiMessage&)>& take) {
    if (line_.ends_with('\r')) line_.pop_back();
    if (line_.empty() && (bytes_ > 0 || too_long_)) {
        if (too_long_)
            ++refused_;
        else if (!message_.empty())
            take(message_);
        message_.clear();
        bytes_ = 0;
        too_long_ = false;
        return;
    }
    bytes_ += line_.size();
    too_long_ = too_long_ || bytes_ > kMaxMessage;
    const std::size_t colon = line_.find(':');
    if (!too_long_ && colon != std::string::npos) {
        const std::size_t start = line_.find_first_not_of(' ', colon + 1);
        message_[clean(line_.substr(0, colon))] =
            start == std::string::npos ? "" : clean(std::string_view(line_).substr(start));
    }
    line_.clear();
}

}  // namespace clacks::asterisk
