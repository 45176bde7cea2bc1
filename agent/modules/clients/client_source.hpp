// Where the client table comes from. Today it is the clients' own events; another agent that has a table
// already could be one, too.
#pragma once

#include <functional>
#include <string>

#include "agent/api/module.hpp"
#include "agent/modules/clients/client_table.hpp"

namespace clacks {

// Used on the module's thread only.
class ClientSource {
  public:
    // Told of every change of the table that is not none.
    using Changed = std::function<void(const std::string& id, ClientTable::Change change)>;

    virtual ~ClientSource() = default;
    // Begins to fill the table, which outlives the source's callbacks, as the context does. Throws where it
    // cannot.
    virtual void start(ModuleContext& context, ClientTable& table, Changed changed) = 0;
};

}  // namespace clacks
