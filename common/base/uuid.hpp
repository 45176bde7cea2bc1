// Random UUIDs (RFC 9562, version 4) from the kernel's random source.
#pragma once

#include <string>

namespace clacks {

// 36 characters, lower case. Unguessable. Thread safe.
std::string random_uuid();

}  // namespace clacks
