#include "agent/modules/clients/event_source.hpp"

#include <stdexcept>
#include <utility>

#include "common/base/quantity.hpp"
#include "common/events/event_maker.hpp"
#include "common/events/fields.hpp"

namespace clacks {

namespace {

constexpr const char* kClients =
    "exists(./e:Event/(e:ClientAnnounce, e:ClientSignature, e:ClientPing, e:ClientLeave, e:UserSession))";
constexpr const char* kNodes = "exists(./e:Event/(e:NodeAnnounce, e:NodeCapabilities, e:NodeStatus))";
// What one event may make a client cost.
constexpr std::size_t kLongestEvent = 32UL * 1024;

// The child elements of that name.
std::vector<xml::NodeIndex> children(const xml::Tree& tree, xml::NodeIndex parent, std::string_view name) {
    std::vector<xml::NodeIndex> found;
    for (xml::NodeIndex at = tree.first_child(parent); at < tree[parent].end; at = tree[at].end)
        if (tree.kind(at) == xml::NodeKind::element && tree.name(at).local == name) found.push_back(at);
    return found;
}

std::string text(const xml::Tree& tree, xml::NodeIndex parent, std::string_view name) {
    const auto found = children(tree, parent, name);
    return found.empty() ? std::string() : std::string(tree.string_value(found.front()));
}

// /Event/NAME/INNER/REPEATED, each handed to `read`.
template <class Read>
auto members(const events::Event& event, std::string_view inner, std::string_view repeated, Read read) {
    std::vector<decltype(read(*event.tree, xml::NodeIndex{}))> out;
    const xml::Tree& tree = *event.tree;
    for (const auto root : children(tree, 0, "Event"))
        for (const auto named : children(tree, root, event.name))
            for (const auto list : children(tree, named, inner)) {
                const auto found = children(tree, list, repeated);
                out.reserve(found.size());
                for (const auto at : found) out.push_back(read(tree, at));
            }
    return out;
}

NetworkDevice read_device(const xml::Tree& tree, xml::NodeIndex at) {
    return {text(tree, at, "Name"), text(tree, at, "IPAddress"), text(tree, at, "IPv6Address"),
            text(tree, at, "MAC"),  text(tree, at, "Netmask"),   text(tree, at, "Broadcast")};
}

ClientMethod read_method(const xml::Tree& tree, xml::NodeIndex at) {
    return {text(tree, at, "Name"), text(tree, at, "Path"), text(tree, at, "Signature"),
            text(tree, at, "Documentation")};
}

std::string read_user(const xml::Tree& tree, xml::NodeIndex at) {
    return std::string(tree.string_value(at));
}

ClientTable::Change apply(ClientTable& table, const events::Event& event, const std::string& user,
                          ClientTable::Moment now) {
    const std::string id(events::field(event, "Id"));
    std::string name(events::field(event, "Name"));
    if (event.name == "ClientAnnounce")
        return table.announce(id, user, std::move(name),
                              members(event, "NetworkInformation", "NetworkDevice", read_device), now);
    if (event.name == "ClientSignature")
        return table.sign(id, std::move(name),
                          members(event, "ClientCapabilities", "ClientMethod", read_method), now);
    if (event.name == "UserSession") return table.log_on(id, members(event, "User", "Name", read_user), now);
    return event.name == "ClientPing" ? table.ping(id, now) : table.leave(id);
}

void require(Result<void, Diagnostics> done) {
    if (!done) throw std::runtime_error(to_string(done.error()));
}

}  // namespace

void EventSource::start(ModuleContext& context, ClientTable& table, Changed changed) {
    context_ = &context;
    table_ = &table;
    changed_ = std::move(changed);
    require(context.subscribe(kClients, [this](const EventMessage& message) { take(message); }));
    require(context.subscribe(kNodes, [this](const EventMessage& message) {
        if (events::field(*message.event, "Id") != context_->settings().node) alone_ = false;
    }));
    context.timer(patience_, false, [this] { poll(); });
}

void EventSource::take(const EventMessage& message) {
    const events::Event& event = *message.event;
    const std::string id(events::field(event, "Id"));
    if (event.bytes.size() > kLongestEvent) {
        context_->log_warning("the " + event.name + " of client " + id + " is longer than " +
                              std::to_string(kLongestEvent / 1024) + " KiB and is not kept");
        return;
    }
    const auto change =
        apply(*table_, event, message.user_id, {message.creation_time, context_->clock().steady()});
    if (change != ClientTable::Change::none) changed_(id, change);
}

void EventSource::poll() {
    if (!alone_) {
        context_->log_info("other agents are there; clients are listed as they announce themselves");
        return;
    }
    EventMaker e;
    if (auto sent = context_->send(e("Event", e("ClientPoll")).str()); !sent)
        context_->log_warning("ClientPoll was refused: " + to_string(sent.error()));
    else
        context_->log_info("alone: asked the clients to announce themselves");
}

}  // namespace clacks
