// The event that the load programs send: a PhoneStatus of 250 bytes that carries its place in the stream
// and the time of its sending, and its message as a data section. The subscriber knows every byte that
// has to come, apart from the time.
#pragma once

#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace clacks::bench {

// The monotonic clock is the same for all processes of a machine.
inline std::uint64_t now_nanoseconds() {
    return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
}

class PhoneEvent {
  public:
    static constexpr std::size_t kBytes = 250;

    PhoneEvent() : message_(std::string("\x00\x53\x75\xA0", 4) + static_cast<char>(kBytes)) {
        const std::size_t section = message_.size();
        message_ += "<Event xmlns=\"http://www.gonicus.de/Events\"><PhoneStatus><CallerId>";
        number_ = message_.size();
        message_ += std::string(kDigits, '0') + "</CallerId><ReceiverId>";
        time_ = message_.size();
        message_ += std::string(kDigits, '0') + "</ReceiverId><Status>busy ";
        const std::string_view end = "</Status></PhoneStatus></Event>";
        message_.append(section + kBytes - end.size() - message_.size(), '.');
        message_ += end;
    }

    // The encoded message of the event with this number, sent now.
    std::string_view message(std::uint64_t number) {
        write(number_, number);
        write(time_, now_nanoseconds());
        return message_;
    }

    // When the received message was sent; nothing unless it ends with exactly the event of this number.
    std::optional<std::uint64_t> sent(std::string_view received, std::uint64_t number) {
        if (received.size() < message_.size()) return std::nullopt;
        received.remove_prefix(received.size() - message_.size());
        write(number_, number);
        const std::size_t after = time_ + kDigits;
        const std::string_view wanted = message_;
        if (received.substr(0, time_) != wanted.substr(0, time_) ||
            received.substr(after) != wanted.substr(after))
            return std::nullopt;
        std::uint64_t time = 0;
        const char* end = received.data() + after;
        const auto read = std::from_chars(received.data() + time_, end, time);
        if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
        return time;
    }

  private:
    static constexpr std::size_t kDigits = 19;

    void write(std::size_t at, std::uint64_t number) {
        for (std::size_t i = kDigits; i-- > 0; number /= 10)
            message_[at + i] = static_cast<char>('0' + number % 10);
    }

    std::string message_;
    std::size_t number_ = 0, time_ = 0;  // where their digits begin
};

}  // namespace clacks::bench
