#include "tests/fuzz/amqp/proton_holes.hpp"

#include <proton/version.h>

#include <algorithm>

namespace clacks::fuzz {

namespace {

constexpr bool kMended = PN_VERSION_MAJOR > 0 || PN_VERSION_MINOR >= 40;
constexpr std::size_t kDeliveryId = 1, kMore = 5;

// The descriptor of a transfer, in each of its forms.
bool names_transfer(const Value& descriptor) {
    const std::string& bytes = descriptor.bytes;
    if (descriptor.code == 0x53 || descriptor.code == 0x80)
        return bytes.back() == 0x14 &&
               std::all_of(bytes.begin(), bytes.end() - 1, [](char c) { return c == 0; });
    return bytes == "amqp:transfer:list";
}

bool is_uint(const Value& value) {
    return value.code == 0x43 || value.code == 0x52 || value.code == 0x70;
}

bool is_false(const Value& value) {
    return value.code == 0x40 || value.code == 0x42 || (value.code == 0x56 && value.bytes.front() == 0);
}

}  // namespace

bool ends_proton(const Part& part) {
    if (kMended || part.kind != Part::Kind::frame) return false;
    if (part.values.empty())
        return part.bytes.find('\x14') != std::string::npos ||
               part.bytes.find("transfer") != std::string::npos;
    const Value& performative = part.values.front();
    if (!performative.described() || !names_transfer(performative.children[0])) return false;
    const Value& list = performative.children[1];
    const auto& fields = list.children;
    if (!list.compound() || list.size_error != 0 || list.count_error != 0 || !list.bytes.empty()) return true;
    if (fields.size() > kDeliveryId && is_uint(fields[kDeliveryId])) return false;
    return fields.size() > kMore && !is_false(fields[kMore]);
}

}  // namespace clacks::fuzz
