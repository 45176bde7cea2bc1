// What the agent and a module's own process say to each other: frames over one stream socket.
//
// A frame is eight bytes, the lengths of its head and of its body, each big-endian; the head, a JSON object
// with a "type"; and the body, bytes that are nobody's business on the way (a document, a message). Both
// lengths are bounded, and so is the depth of the head: what comes from a process that has gone mad is an
// error, no more.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/result.hpp"

namespace clacks::wire {

// Raised with every incompatible change of what is said. Both sides come from one installation, but an
// installation may change while an agent runs.
inline constexpr int kVersion = 1;
inline constexpr std::size_t kLongest = 64UL * 1024 * 1024;  // of a head, and of a body
inline constexpr std::size_t kDeepest = 128;                 // nesting of a head
inline constexpr int kDescriptor = 3;                        // of the module's process

struct Frame {
    nlohmann::json head;
    std::string body{};
};

// Errors have the code "frame-too-long". Text in the head that is no UTF-8 is mended.
Result<std::string> encode(const Frame& frame);

// Takes bytes as they come and gives frames. Not thread safe.
class FrameReader {
  public:
    void feed(std::string_view bytes) { bytes_.append(bytes); }
    std::size_t held() const { return bytes_.size() - done_; }
    // Nothing until a frame is whole; an error, with the code "frame", is the end of the conversation.
    Result<std::optional<Frame>> next();

  private:
    std::string bytes_;
    std::size_t done_ = 0;  // of these, given out already
};

}  // namespace clacks::wire
