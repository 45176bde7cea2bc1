#include "agent/module-host/link.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <utility>

namespace clacks {

Result<void> Link::send(const wire::Frame& frame) {
    auto encoded = wire::encode(frame);
    if (!encoded) return std::move(encoded).error();
    const std::lock_guard lock(sending_);
    std::string_view left = *encoded;
    while (!left.empty()) {
        const ssize_t sent = ::send(socket_, left.data(), left.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) return {};
        left.remove_prefix(static_cast<std::size_t>(sent));
    }
    return {};
}

Result<wire::Frame> Link::request(wire::Frame frame) {
    std::unique_lock lock(mutex_);
    const std::uint64_t id = ++last_id_;
    frame.head["id"] = id;
    awaited_[id];
    lock.unlock();
    auto sent = send(frame);
    lock.lock();
    if (sent) changed_.wait(lock, [&] { return awaited_[id].has_value(); });
    auto answer = std::move(awaited_[id]);
    awaited_.erase(id);
    if (!sent) return std::move(sent).error();
    return std::move(*answer);
}

void Link::answered(wire::Frame frame) {
    const std::lock_guard lock(mutex_);
    const auto found = awaited_.find(frame.head.at("id").get<std::uint64_t>());
    if (found == awaited_.end()) return;
    found->second = std::move(frame);
    changed_.notify_all();
}

void Link::serve(const std::function<void(wire::Frame)>& take) {
    std::array<char, 64UL * 1024> buffer;
    wire::FrameReader reader;
    while (true) {
        const ssize_t length = ::recv(socket_, buffer.data(), buffer.size(), 0);
        if (length < 0 && errno == EINTR) continue;
        if (length <= 0) return;
        reader.feed({buffer.data(), static_cast<std::size_t>(length)});
        while (true) {
            auto frame = reader.next();
            if (!frame) return;
            if (!*frame) break;
            if ((*frame)->head.at("type") == "answer")
                answered(std::move(**frame));
            else
                take(std::move(**frame));
        }
    }
}

}  // namespace clacks
