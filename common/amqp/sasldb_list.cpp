// libsasl2 answers for one name at a time and lists none, so the file is read as what it is: a Berkeley DB
// hash with the keys USER\0REALM\0PROPERTY.
#include <db.h>

#include <algorithm>
#include <cstdlib>
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

Diagnostic unreadable(const std::string& sasldb, int reason) {
    Diagnostic error;
    error.code = "sasldb-unreadable";
    error.message = std::string("the user database cannot be read: ") + db_strerror(reason);
    error.hint = "it must be a sasldb file that you may read";
    error.source = sasldb;
    return error;
}

void silent(const DB_ENV*, const char*, const char*) {}

// The key's user, where it holds a password of this realm.
std::string_view user_of(std::string_view key, std::string_view realm) {
    const auto first = key.find('\0');
    if (first == std::string_view::npos) return {};
    const auto second = key.find('\0', first + 1);
    if (second == std::string_view::npos || key.substr(first + 1, second - first - 1) != realm) return {};
    return key.substr(second + 1) == "userPassword" ? key.substr(0, first) : std::string_view();
}

}  // namespace

Result<std::vector<std::string>> list_users(const std::string& sasldb, const std::string& realm) {
    std::vector<std::string> users;
    std::error_code error;
    if (!std::filesystem::exists(sasldb, error) && !error) return users;
    // A file made for the first user, who could not be written.
    if (std::filesystem::file_size(sasldb, error) == 0 && !error) return users;

    DB* made = nullptr;
    int outcome = db_create(&made, nullptr, 0);
    if (outcome != 0) return unreadable(sasldb, outcome);
    const Database database(made);
    database->set_errcall(database.get(), silent);
    outcome = database->open(database.get(), nullptr, sasldb.c_str(), nullptr, DB_UNKNOWN, DB_RDONLY, 0);
    if (outcome != 0) return unreadable(sasldb, outcome);
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
