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
    /// PEM files of a certificate to log in by, instead of a user and a password in the URL, and of its
    /// private key; the key may be in the certificate's file. "": $CLACKS_CERTIFICATE and
    /// $CLACKS_PRIVATE_KEY. They are read at each connection.
    std::string certificate;
    std::string private_key;
    /// For connecting with TLS, login and links together, and for the answer to one request.
    std::chrono::milliseconds timeout{10000};
    /// Gets one line for each change of state (connected, connection lost), never a password. From a
    /// thread of the library; may be empty.
    std::function<void(std::string_view)> log;
};

}  // namespace clacks
