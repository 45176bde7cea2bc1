// Messages of Asterisk's manager interface (AMI) out of a stream of bytes: lines "Key: value", ended by an
// empty one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace clacks::asterisk {

// By key; of a key that comes more than once the last value. Values are UTF-8 without control characters:
// what is neither becomes '?'.
using AmiMessage = std::map<std::string, std::string>;

// "" where the message has no such key.
std::string field(const AmiMessage& message, const std::string& key);

class AmiReader {
  public:
    static constexpr std::size_t kMaxLine = 16 * 1024;
    static constexpr std::size_t kMaxMessage = 64 * 1024;

    // Calls back for each message that the bytes complete. Lines without ": " (the banner) are left out. A
    // message that is too long, or has too long a line, is left out and counted.
    void feed(std::string_view bytes, const std::function<void(const AmiMessage&)>& take);
    std::uint64_t refused() const { return refused_; }

  private:
    void end_line(const std::function<void(const AmiMessage&)>& take);

    std::string line_;
    AmiMessage message_;
    std::size_t bytes_ = 0;  // of the message so far
    bool too_long_ = false;
    std::uint64_t refused_ = 0;
};

}  // namespace clacks::asterisk
