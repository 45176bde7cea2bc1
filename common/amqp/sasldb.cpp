#include "common/amqp/sasldb.hpp"

#include <sasl/sasl.h>

#include <algorithm>
#include <string_view>

#include "common/amqp/sasl_plugin.hpp"
#include "common/amqp/sasldb_file.hpp"
#include "common/base/text.hpp"

namespace clacks::amqp {

namespace {

int get_option(void* context, const char*, const char* option, const char** result, unsigned* length) {
    const std::string_view name = option ? option : "";
    const std::string& path = *static_cast<const std::string*>(context);
    if (name == "sasldb_path")
        *result = path.c_str();
    else if (name == "auxprop_plugin")
        *result = "sasldb";
    else
        return SASL_FAIL;
    if (length) *length = static_cast<unsigned>(std::string_view(*result).size());
    return SASL_OK;
}

int log_nothing(void*, int, const char*) {
    return SASL_OK;
}

Diagnostic problem(const std::string& sasldb, std::string code, std::string message, std::string hint) {
    Diagnostic error;
    error.code = std::move(code);
    error.message = std::move(message);
    error.hint = std::move(hint);
    error.source = sasldb;
    return error;
}

// Without a password the user is removed.
Result<void, Diagnostic> store(const std::string& sasldb, const std::string& realm, const std::string& user,
                               const std::string* password) {
    if (auto started = start_sasl_server(); !started) return started;
    std::string path = sasldb;
    const sasl_callback_t callbacks[] = {
        {SASL_CB_GETOPT, reinterpret_cast<int (*)()>(reinterpret_cast<void (*)()>(&get_option)), &path},
        {SASL_CB_LOG, reinterpret_cast<int (*)()>(reinterpret_cast<void (*)()>(&log_nothing)), nullptr},
        {SASL_CB_LIST_END, nullptr, nullptr}};
    sasl_conn_t* connection = nullptr;
    // With a server's name the library does not ask the name service for one.
    int outcome =
        sasl_server_new("sasldb", realm.c_str(), realm.c_str(), nullptr, nullptr, callbacks, 0, &connection);
    if (outcome == SASL_OK)
        outcome = sasl_setpass(connection, user.c_str(), password ? password->data() : nullptr,
                               password ? static_cast<unsigned>(password->size()) : 0, nullptr, 0,
                               password ? SASL_SET_CREATE : SASL_SET_DISABLE);
    std::string why;
    if (outcome != SASL_OK) {
        const char* detail =
            connection ? sasl_errdetail(connection) : sasl_errstring(outcome, nullptr, nullptr);
        why = detail ? detail : "unknown reason";
    }
    if (connection) sasl_dispose(&connection);
    if (outcome == SASL_OK) return {};
    return problem(
        sasldb, "sasldb-unwritable",
        "the password of '" + one_line(user, 80) + "' cannot be " + (password ? "set: " : "removed: ") + why,
        "check that the file and its folder may be written");
}

}  // namespace

Result<void, Diagnostic> set_password(const std::string& sasldb, const std::string& realm,
                                      const std::string& user, const std::string& password) {
    if (auto made = make_private_sasldb(sasldb); !made) return made;
    return store(sasldb, realm, user, &password);
}

Result<void, Diagnostic> remove_user(const std::string& sasldb, const std::string& realm,
                                     const std::string& user) {
    auto users = list_users(sasldb, realm);
    if (!users) return std::move(users).error();
    if (std::binary_search(users->begin(), users->end(), user)) return store(sasldb, realm, user, nullptr);
    const std::string near = nearest(user, *users);
    return problem(sasldb, "user-unknown",
                   "there is no user '" + one_line(user, 80) + "' in the realm " + realm,
                   near.empty() ? "see clacks user list" : "did you mean '" + one_line(near, 80) + "'?");
}

}  // namespace clacks::amqp
