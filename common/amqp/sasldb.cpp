#include "common/amqp/sasldb.hpp"

#include <sasl/sasl.h>
#include <sys/stat.h>

#include <string_view>

#include "common/amqp/sasl_plugin.hpp"

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

}  // namespace

Result<void, Diagnostic> set_password(const std::string& sasldb, const std::string& realm,
                                      const std::string& user, const std::string& password) {
    if (auto started = start_sasl_server(); !started) return started;
    std::string path = sasldb;
    const sasl_callback_t callbacks[] = {
        {SASL_CB_GETOPT, reinterpret_cast<int (*)()>(reinterpret_cast<void (*)()>(&get_option)), &path},
        {SASL_CB_LOG, reinterpret_cast<int (*)()>(reinterpret_cast<void (*)()>(&log_nothing)), nullptr},
        {SASL_CB_LIST_END, nullptr, nullptr}};
    sasl_conn_t* connection = nullptr;
    int outcome =
        sasl_server_new("sasldb", nullptr, realm.c_str(), nullptr, nullptr, callbacks, 0, &connection);
    if (outcome == SASL_OK)
        outcome = sasl_setpass(connection, user.c_str(), password.data(),
                               static_cast<unsigned>(password.size()), nullptr, 0, SASL_SET_CREATE);
    Diagnostic error;
    if (outcome != SASL_OK) {
        const char* why = connection ? sasl_errdetail(connection) : sasl_errstring(outcome, nullptr, nullptr);
        error.code = "sasldb-unwritable";
        error.message = "the password of '" + user + "' cannot be set: " + (why ? why : "unknown reason");
        error.hint = "check that the folder of the file exists and may be written";
        error.source = sasldb;
    }
    if (connection) sasl_dispose(&connection);
    if (outcome != SASL_OK) return error;
    ::chmod(sasldb.c_str(), 0600);
    return {};
}

}  // namespace clacks::amqp
