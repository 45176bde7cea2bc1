// libsasl2 answers for one name at a time and lists none, so the file is read as what it is: a Berkeley DB
// hash with the keys USER\0REALM\0PROPERTY.
#include "common/amqp/sasldb_file.hpp"

#include <db.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <memory>
#include <string_view>

#include "common/amqp/sasldb.hpp"

namespace clacks::amqp {

namespace {

struct Closed {
    void operator()(DB* database) const { database->close(database, 0); }
    void operator()(DBC* cursor) const { cursor->close(cursor); }
};
using Database = std::unique_ptr<DB, Closed>;
using Cursor = std::unique_ptr<DBC, Closed>;

Diagnostic problem(const std::string& sasldb, std::string code, const std::string& what, int reason,
                   std::string hint) {
    Diagnostic error;
    error.code = std::move(code);
    error.message = "the user database cannot be " + what + ": " + db_strerror(reason);
    error.hint = std::move(hint);
    error.source = sasldb;
    return error;
}

Diagnostic unreadable(const std::string& sasldb, int reason) {
    return problem(sasldb, "sasldb-unreadable", "read", reason, "it must be a sasldb file that you may read");
}

void silent(const DB_ENV*, const char*, const char*) {}

// Null, with the reason in `outcome`, where it cannot be opened.
Database open(const std::string& sasldb, DBTYPE type, u_int32_t flags, int& outcome) {
    DB* made = nullptr;
    outcome = db_create(&made, nullptr, 0);
    if (outcome != 0) return nullptr;
    Database database(made);
    database->set_errcall(database.get(), silent);
    outcome = database->open(database.get(), nullptr, sasldb.c_str(), nullptr, type, flags, 0600);
    return outcome == 0 ? std::move(database) : nullptr;
}

// Root adds users for the agent, whose the folder is.
bool give_to_owner_of_folder(const std::string& sasldb) {
    struct stat folder {};
    const auto parent = std::filesystem::absolute(sasldb).parent_path();
    return ::geteuid() != 0 || (::stat(parent.c_str(), &folder) == 0 &&
                                ::lchown(sasldb.c_str(), folder.st_uid, folder.st_gid) == 0);
}

// The key's user, where it holds a password of this realm.
std::string_view user_of(std::string_view key, std::string_view realm) {
    const auto first = key.find('\0');
    if (first == std::string_view::npos) return {};
    const auto second = key.find('\0', first + 1);
    if (second == std::string_view::npos || key.substr(first + 1, second - first - 1) != realm) return {};
    return key.substr(second + 1) == "userPassword" ? key.substr(0, first) : std::string_view();
}

}  // namespace

Result<void, Diagnostic> make_private_sasldb(const std::string& sasldb) {
    std::error_code error;
    if (std::filesystem::exists(sasldb, error)) return {};
    int outcome = 0;
    const bool made = open(sasldb, DB_HASH, DB_CREATE | DB_EXCL, outcome) != nullptr;
    if (!made && outcome == EEXIST) return {};
    if (made && give_to_owner_of_folder(sasldb)) return {};
    return problem(sasldb, "sasldb-unwritable", "made", made ? errno : outcome,
                   "check that the folder of the file exists and may be written");
}

Result<std::vector<std::string>> list_users(const std::string& sasldb, const std::string& realm) {
    std::vector<std::string> users;
    std::error_code error;
    if (!std::filesystem::exists(sasldb, error) && !error) return users;

    int outcome = 0;
    const Database database = open(sasldb, DB_UNKNOWN, DB_RDONLY, outcome);
    if (!database) return unreadable(sasldb, outcome);
    DBC* opened = nullptr;
    outcome = database->cursor(database.get(), nullptr, &opened, 0);
    if (outcome != 0) return unreadable(sasldb, outcome);
    const Cursor cursor(opened);
    DBT key{}, value{};
    value.flags = DB_DBT_PARTIAL;  // no byte of a password is read
    while ((outcome = cursor->get(cursor.get(), &key, &value, DB_NEXT)) == 0) {
        const auto user = user_of({static_cast<const char*>(key.data), key.size}, realm);
        if (!user.empty()) users.emplace_back(user);
    }
    if (outcome != DB_NOTFOUND) return unreadable(sasldb, outcome);
    std::sort(users.begin(), users.end());
    return users;
}

}  // namespace clacks::amqp
