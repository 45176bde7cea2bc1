/// @file
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

namespace clacks {

/// How the classes of this library connect. A plain value.
struct ConnectOptions {
    /// PEM file of the certificates to trust for amqps. "": $CLACKS_CA, else for this machine itself the
    /// quickstart's certificate where there is one, else the system's list.
    std::string ca;
    /// PEM file of a certificate to log in by, instead of a user and a password in the URL. "":
    /// $CLACKS_CERTIFICATE. Read at each connection.
    std::string certificate;
    /// PEM file of its private key, not encrypted. "": $CLACKS_PRIVATE_KEY, else the certificate's file.
    std::string private_key;
    /// For connecting with TLS, login and links together, and for the answer to one request.
    std::chrono::milliseconds timeout{10000};
    /// Gets one line for each change of state (connected, connection lost), never a password. From a
    /// thread of the library; may be empty.
    std::function<void(std::string_view)> log;
};

}  // namespace clacks
