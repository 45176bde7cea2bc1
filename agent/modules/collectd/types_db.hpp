// The data sources of each type, from files in the form of types.db(5).
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "agent/modules/collectd/value_list.hpp"

namespace clacks::collectd {

class TypesDb {
  public:
    // Adds a file's types; one that is there already is replaced, as collectd does. All that is wrong, each
    // with file and line; nothing is added then.
    Diagnostics read(const std::filesystem::path& file);
    bool empty() const { return types_.empty(); }
    // Null for a type that no file declares.
    const std::vector<DataSource>* find(const std::string& type) const;

  private:
    std::map<std::string, std::vector<DataSource>> types_;
};

}  // namespace clacks::collectd
