// Publishes files, one event each, and tells which of them the agent took.
//   publisher URL FILE...
#include <fstream>
#include <iostream>
#include <iterator>

#include "common/client/clacks.hpp"

int main(int argc, char** argv) {
    if (argc < 3) {
        std::cerr << "usage: publisher URL FILE..." << std::endl;
        return 2;
    }
    // One connection for all of them
    clacks::Publisher publisher(argv[1]);

    bool well = true;
    for (int i = 2; i < argc; ++i) {
        std::ifstream file(argv[i], std::ios::binary);
        const std::string document{std::istreambuf_iterator<char>(file), {}};

        // Returns with the agent's verdict
        if (const auto published = publisher.publish(document)) {
            std::cout << argv[i] << ": accepted" << std::endl;
        } else {
            std::cerr << argv[i] << ": " << to_string(published.error()) << std::endl;
            well = false;
        }
    }
    return well ? 0 : 1;
}
