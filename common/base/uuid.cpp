#include "common/base/uuid.hpp"

#include <sys/random.h>

#include <array>
#include <cstddef>
#include <system_error>

namespace clacks {

namespace {

// One system call for many identifiers: an agent makes one for each event.
constexpr std::size_t kBatch = 64;

struct Pool {
    std::array<unsigned char, 16 * kBatch> bytes{};
    std::size_t used = 16 * kBatch;
};

void refill(Pool& pool) {
    std::size_t have = 0;
    while (have < pool.bytes.size()) {
        const ssize_t n = getrandom(pool.bytes.data() + have, pool.bytes.size() - have, 0);
        if (n < 0 && errno != EINTR) throw std::system_error(errno, std::generic_category(), "getrandom");
        if (n > 0) have += static_cast<std::size_t>(n);
    }
    pool.used = 0;
}

}  // namespace

std::string random_uuid() {
    static thread_local Pool pool;
    if (pool.used == pool.bytes.size()) refill(pool);
    unsigned char* b = pool.bytes.data() + pool.used;
    pool.used += 16;
    b[6] = static_cast<unsigned char>((b[6] & 0x0F) | 0x40);
    b[8] = static_cast<unsigned char>((b[8] & 0x3F) | 0x80);
    static constexpr char kHex[] = "0123456789abcdef";
    std::string text(36, '-');
    char* to = text.data();
    for (int i = 0; i < 16; ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) ++to;
        *to++ = kHex[b[i] >> 4];
        *to++ = kHex[b[i] & 15];
        b[i] = 0;  // a dynamic address is a secret: leave no copy
    }
    return text;
}

}  // namespace clacks
