// What a quickstart needs and a production start never makes: a self-signed certificate for localhost.
#pragma once

#include <filesystem>

#include "common/base/result.hpp"

namespace clacks {

struct QuickstartFiles {
    std::filesystem::path certificate;  // quickstart-cert.pem in the state directory
    std::filesystem::path private_key;  // quickstart-key.pem, readable by its owner only
};

// Where the two files are, whether they exist or not.
QuickstartFiles quickstart_files(const std::filesystem::path& state_directory);

// Makes both files (EC P-256, CN localhost, names localhost, 127.0.0.1 and ::1, ten years) unless both
// are there already. Creates the state directory. Not thread safe; called once before anything listens.
Result<QuickstartFiles> make_quickstart_certificate(const std::filesystem::path& state_directory);

}  // namespace clacks
