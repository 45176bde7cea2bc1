// libFuzzer's hooks for the mutator that knows AMQP; libFuzzer's own takes every fourth turn.
#include <algorithm>
#include <cstdint>
#include <cstring>

#include "tests/fuzz/amqp/mutate.hpp"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace {

using namespace clacks::fuzz;

std::string_view bytes_of(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

std::size_t put(const std::string& bytes, std::uint8_t* out, std::size_t max_size) {
    const std::size_t size = std::min(bytes.size(), max_size);
    std::memcpy(out, bytes.data(), size);
    return size;
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned int seed) {
    if (seed % 4 == 0) return LLVMFuzzerMutate(data, size, max_size);
    Random random(seed);
    Conversation conversation = read(bytes_of(data, size));
    for (unsigned int changes = 1 + seed / 4 % 4; changes > 0; --changes) mutate(conversation, random);
    return put(write(conversation), data, max_size);
}

extern "C" std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* first, std::size_t first_size,
                                                 const std::uint8_t* second, std::size_t second_size,
                                                 std::uint8_t* out, std::size_t max_size, unsigned int seed) {
    Random random(seed);
    return put(write(splice(read(bytes_of(first, first_size)), read(bytes_of(second, second_size)), random)),
               out, max_size);
}
