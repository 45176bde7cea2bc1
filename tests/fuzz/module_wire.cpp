// What a module's own process says: the same frames however the bytes come in pieces, and as they are written
// again; values that do not keep to their form are json's exception, and what was read is read the same once
// more.
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "agent/modules/wire_values.hpp"

using namespace clacks;
using nlohmann::json;

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

struct Read {
    std::vector<wire::Frame> frames;
    bool broken = false;
};

Read read(std::string_view bytes, std::size_t piece) {
    Read read;
    wire::FrameReader reader;
    for (std::size_t at = 0; at < bytes.size() && !read.broken; at += piece) {
        reader.feed(bytes.substr(at, piece));
        for (;;) {
            auto next = reader.next();
            read.broken = !next;
            if (!next || !*next) break;
            read.frames.push_back(std::move(**next));
        }
    }
    return read;
}

bool same(const wire::Frame& one, const wire::Frame& other) {
    return one.head == other.head && one.body == other.body;
}

// NaN is not equal to itself.
std::string text(const json& value) {
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

// `from_json` and the form that `to_json` gives, which it must understand.
template <class FromJson, class ToJson>
void check(const json& head, FromJson from_json, ToJson to_json) {
    try {
        const json form = to_json(from_json(head));
        require(text(to_json(from_json(form))) == text(form));
    } catch (const json::exception&) {
    }
}

void check_values(const wire::Frame& frame) {
    const auto to_json = [](const auto& value) { return wire::to_json(value); };
    check(frame.head, wire::diagnostic, to_json);
    check(frame.head, wire::command_spec, to_json);
    check(frame.head, wire::command_result, to_json);
    check(frame.head, wire::intake, to_json);
    check(frame.head.value("list", json()), wire::diagnostics, to_json);
    check(frame.head.value("list", json()), wire::module_settings, to_json);
    json parameters;
    check(
        frame.head, [&](const json& from) { return wire::call(from, parameters); }, to_json);
    auto event = std::make_shared<events::Event>();
    check(frame.head, wire::event_message, [&](EventMessage message) {
        message.event = event;
        return wire::event_frame(message).head;
    });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const Read whole = read(bytes, size), slow = read(bytes, 7);
    require(whole.broken == slow.broken && whole.frames.size() == slow.frames.size());
    for (std::size_t i = 0; i < whole.frames.size(); ++i) {
        const wire::Frame& frame = whole.frames[i];
        require(same(frame, slow.frames[i]));
        const auto written = wire::encode(frame);
        require(written.ok());
        const Read again = read(*written, written->size());
        require(again.frames.size() == 1 && same(again.frames[0], frame));
        check_values(frame);
    }
    return 0;
}
