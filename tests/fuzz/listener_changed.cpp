// The mutator and the listener, in every build: conversations are written as they were read, what is made of
// them is mostly frames still, and the listener stands a few thousand of them.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/fuzz/amqp/mutate.hpp"
#include "tests/fuzz/amqp/peer.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

using namespace clacks::fuzz;

namespace {

constexpr int kRounds = 3000, kMostChanges = 4;

std::string content(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

bool only_frames(const Conversation& conversation) {
    for (const Part& part : conversation)
        if (part.kind == Part::Kind::raw || (part.kind == Part::Kind::frame && part.values.empty()))
            return false;
    return true;
}

int fail(const std::string& why) {
    std::fprintf(stderr, "%s\n", why.c_str());
    return 1;
}

}  // namespace

int main(int argc, char** argv) {
    std::vector<Conversation> seeds;
    for (int i = 1; i < argc; ++i) {
        for (const auto& entry : std::filesystem::directory_iterator(argv[i])) {
            const std::string bytes = content(entry.path());
            seeds.push_back(read(bytes));
            if (write(seeds.back()) != bytes)
                return fail(entry.path().string() + " is written otherwise than read");
        }
    }
    if (seeds.empty()) return fail("no conversations");
    Random random(1);  // the same ones each time
    int whole = 0;
    for (int round = 0; round < kRounds; ++round) {
        Conversation conversation = seeds[random() % seeds.size()];
        if (round % 8 == 0) conversation = splice(conversation, seeds[random() % seeds.size()], random);
        for (int changes = 1 + round % kMostChanges; changes > 0; --changes) mutate(conversation, random);
        const std::string bytes = write(conversation);
        if (only_frames(read(bytes))) ++whole;
        LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
    }
    std::printf("%d of %d were headers and frames throughout\n", whole, kRounds);
    if (whole <= kRounds / 4) return fail("the mutator breaks too much to reach what is behind the frames");
    const auto& counters = listener_counters();
    bool reached = true;
    for (const auto& [name, count] :
         {std::pair{"published", &counters.published}, std::pair{"delivered", &counters.delivered},
          std::pair{"rejected", &counters.rejected}, std::pair{"requests", &counters.requests},
          std::pair{"links_refused", &counters.links_refused},
          std::pair{"auth_failures", &counters.auth_failures}}) {
        std::printf("%s %llu\n", name, static_cast<unsigned long long>(count->load()));
        reached = reached && *count > 0;
    }
    return reached ? 0 : fail("the conversations do not reach all that a listener does");
}
