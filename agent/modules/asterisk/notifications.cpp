#include "agent/modules/asterisk/notifications.hpp"

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "common/events/event_maker.hpp"

namespace clacks::asterisk {

namespace {

// The first of the keys that the message has; versions of Asterisk differ.
std::string first(const AmiMessage& message, std::initializer_list<const char*> keys) {
    for (const char* key : keys)
        if (const auto found = message.find(key); found != message.end()) return found->second;
    return "";
}

std::string number(const AmiMessage& message, std::initializer_list<const char*> keys) {
    const std::string text = first(message, keys);
    return text.empty() ? "0" : text;
}

std::string lower(std::string text) {
    for (char& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return text;
}

std::string document(const EventElement& content) {
    EventMaker e;
    return e("Event", e("AsteriskNotification", content)).str();
}

Notification queue(const AmiMessage& m) {
    EventMaker e;
    const std::string name = field(m, "Queue");
    return {document(e("QueueStatus", e("Queue", name), e("Strategy", field(m, "Strategy")),
                       e("Calls", number(m, {"Calls"})), e("Holdtime", number(m, {"Holdtime"})),
                       e("TalkTime", number(m, {"TalkTime"})), e("Completed", number(m, {"Completed"})),
                       e("Abandoned", number(m, {"Abandoned"})))),
            "queue " + name, false};
}

Notification member(const AmiMessage& m) {
    EventMaker e;
    const std::string name = field(m, "Queue"), location = first(m, {"Location", "Interface"});
    return {document(e("QueueMemberStatus", e("Queue", name), e("Location", location),
                       e("MemberName", first(m, {"MemberName", "Name"})),
                       e("Membership", field(m, "Membership")), e("Penalty", number(m, {"Penalty"})),
                       e("CallsTaken", number(m, {"CallsTaken"})), e("LastCall", number(m, {"LastCall"})),
                       e("Status", number(m, {"Status"})), e("Paused", number(m, {"Paused"})))),
            "member " + location + " of " + name, false};
}

Notification call(const AmiMessage& m, const char* state) {
    EventMaker e;
    EventElement call("QueueCall");
    call.add(e("Queue", field(m, "Queue")));
    call.add(e("State", state));
    call.add(e("CallerId", first(m, {"CallerIDNum", "CallerID"})));
    const std::pair<const char*, std::string> more[] = {{"CallerName", field(m, "CallerIDName")},
                                                        {"UniqueId", first(m, {"Uniqueid", "UniqueID"})},
                                                        {"Position", field(m, "Position")},
                                                        {"Location", first(m, {"Interface", "Member"})},
                                                        {"Holdtime", first(m, {"HoldTime", "Holdtime"})},
                                                        {"TalkTime", field(m, "TalkTime")}};
    for (const auto& [name, text] : more)
        if (!text.empty() || std::string_view(name) == "UniqueId") call.add(e(name, text));
    return {document(call), "", true};
}

Notification phone(const std::string& id, const std::string& status) {
    EventMaker e;
    return {e("Event", e("PhoneStatus", e("CallerId", ""), e("ReceiverId", id), e("Status", lower(status))))
                .str(),
            "phone " + id, false};
}

constexpr std::pair<std::string_view, const char*> kCalls[] = {
    {"QueueCallerJoin", "joined"},       {"Join", "joined"},
    {"QueueCallerLeave", "left"},        {"Leave", "left"},
    {"QueueCallerAbandon", "abandoned"}, {"AgentConnect", "connected"},
    {"AgentComplete", "completed"}};

}  // namespace

std::optional<Notification> notification_of(const AmiMessage& message) {
    const std::string event = field(message, "Event");
    if (event == "DeviceStateChange") return phone(field(message, "Device"), field(message, "State"));
    if (event == "ExtensionStatus")
        return phone(field(message, "Exten"), first(message, {"StatusText", "Status"}));
    if (field(message, "Queue").empty()) return std::nullopt;
    if (event == "QueueParams") return queue(message);
    if (event == "QueueMember" || event == "QueueMemberStatus" || event == "QueueMemberAdded" ||
        event == "QueueMemberPause" || event == "QueueMemberPenalty")
        return member(message);
    const auto* found = std::find_if(std::begin(kCalls), std::end(kCalls),
                                     [&](const auto& known) { return known.first == event; });
    if (found == std::end(kCalls)) return std::nullopt;
    return call(message, found->second);
}

}  // namespace clacks::asterisk
