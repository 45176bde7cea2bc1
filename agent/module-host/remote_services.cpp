#include "agent/module-host/remote_services.hpp"

#include <stdexcept>
#include <utility>

#include "agent/modules/wire_values.hpp"
#include "common/rpc/error_codes.hpp"
#include "common/xml/parser.hpp"

namespace clacks {

namespace {

using nlohmann::json;

// What the agent took, or its problem, or why it could not even be asked.
Result<json> head_of(Result<wire::Frame> answer) {
    if (!answer) return std::move(answer).error();
    json& head = answer->head;
    if (const auto problem = head.find("problem"); problem != head.end()) return wire::diagnostic(*problem);
    return std::move(head);
}

// The agent has validated it, with limits that may have changed since; here it is only read.
Result<events::EventPtr> read_event(std::string name, std::string bytes) {
    const xml::ParseLimits limits{wire::kLongest, 100'000, 100'000};
    auto tree = xml::parse(bytes, limits);
    if (!tree) return std::move(tree).error();
    return std::make_shared<const events::Event>(
        events::Event{std::move(name), std::move(bytes), std::move(*tree)});
}

}  // namespace

Result<Published> RemoteEvents::publish(Publication publication) {
    const auto head = head_of(link_.request({{{"type", "publish"}}, std::move(publication.document)}));
    if (!head) return head.error();
    return Published{head->at("message-id"), head->at("matched")};
}

class RemoteSubscriptions::Here final : public Subscription {
  public:
    Here(Numbered<std::shared_ptr<Delivery>>& deliveries, std::uint64_t number)
        : deliveries_(deliveries), number_(number) {}
    Here(const Here&) = delete;
    Here& operator=(const Here&) = delete;
    ~Here() override { deliveries_.take(number_); }
    std::uint64_t id() const override { return number_; }

  private:
    Numbered<std::shared_ptr<Delivery>>& deliveries_;
    const std::uint64_t number_;
};

Result<std::unique_ptr<Subscription>, Diagnostics> RemoteSubscriptions::subscribe(
    SubscriptionRequest request) {
    const std::uint64_t number = deliveries_.add(std::move(request.delivery));
    auto here = std::make_unique<Here>(deliveries_, number);
    auto answer =
        link_.request({{{"type", "subscribe"}, {"number", number}, {"filter", std::move(request.filter)}}});
    if (!answer) return Diagnostics{std::move(answer).error()};
    if (const auto problems = answer->head.find("problems"); problems != answer->head.end())
        return wire::diagnostics(*problems);
    return std::unique_ptr<Subscription>(std::move(here));
}

void RemoteSubscriptions::deliver(const wire::Frame& frame) {
    const auto taken = [this](const EventMessage* message) {
        delete message;
        (void)link_.send({{{"type", "taken"}}});
    };
    const std::unique_ptr<EventMessage> read =
        std::make_unique<EventMessage>(wire::event_message(frame.head));
    auto event = read_event(frame.head.at("name"), frame.body);
    if (!event)
        throw std::runtime_error("the agent sent an event that cannot be read: " + to_string(event.error()));
    read->event = std::move(*event);
    const EventMessagePtr message(new EventMessage(std::move(*read)), taken);
    if (const auto delivery = deliveries_.find(frame.head.at("number"))) delivery->deliver(message);
}

Result<void, Diagnostic> RemoteCommands::add(std::string /*provider*/, CommandSpec spec, CommandBody body) {
    const std::uint64_t number = bodies_.add(std::move(body));
    const auto head =
        head_of(link_.request({{{"type", "command"}, {"number", number}, {"spec", wire::to_json(spec)}}}));
    if (head) return {};
    bodies_.take(number);
    return head.error();
}

// There is but one provider.
void RemoteCommands::remove(const std::string& /*provider*/) {
    bodies_.take_if([](const CommandBody&) { return true; });
}

std::vector<CommandRegistry::Entry> RemoteCommands::list() const {
    std::vector<Entry> found;
    const auto head = head_of(link_.request({{{"type", "commands"}}}));
    if (!head) return found;
    for (const json& entry : head->at("commands"))
        found.push_back({entry.at("provider"), wire::command_spec(entry.at("spec"))});
    return found;
}

void RemoteCommands::call(const wire::Frame& frame) {
    const auto answer = [this, id = frame.head.at("id")](const CommandResult& result) {
        json head = wire::to_json(result);
        head["type"] = "answer";
        head["id"] = id;
        if (const auto sent = link_.send({std::move(head)}); !sent) {
            json shorter = wire::to_json(CommandResult(
                rpc::Error{rpc::kInternalError, "the result: " + sent.error().message, nullptr}));
            shorter["type"] = "answer";
            shorter["id"] = id;
            (void)link_.send({std::move(shorter)});
        }
    };
    const bool taken = worker_.run([body = bodies_.find(frame.head.at("number")),
                                    given = frame.head.at("call"), answer] {
        json parameters;
        if (body)
            answer(body(wire::call(given, parameters)));
        else
            answer(rpc::Error{rpc::kStopping, "the module is stopping and did not run the command", nullptr});
    });
    if (!taken) answer(rpc::Error{rpc::kStopping, "the module has too many commands waiting", nullptr});
}

Result<std::uint16_t, Diagnostic> RemoteIntakes::open_intake(Intake intake, IntakeHandler handler) {
    const std::uint64_t number = handlers_.add(std::move(handler));
    const auto head =
        head_of(link_.request({{{"type", "listen"}, {"number", number}, {"intake", wire::to_json(intake)}}}));
    if (head) return head->at("port").get<std::uint16_t>();
    handlers_.take(number);
    return head.error();
}

void RemoteIntakes::take(wire::Frame frame) {
    // Into a mailbox that has its own limits.
    if (const auto handler = handlers_.find(frame.head.at("number"))) handler(std::move(frame.body));
    (void)link_.send({{{"type", "taken"}}});
}

void RemoteRequests::ask(ClientRequest request, const std::shared_ptr<ClientAnswer>& answer) {
    waiting_.take_if([](const auto& other) { return other.expired(); });
    const std::uint64_t number = waiting_.add(answer);
    const auto sent = link_.send({{{"type", "ask"},
                                   {"number", number},
                                   {"user", std::move(request.user)},
                                   {"client", std::move(request.client)}},
                                  std::move(request.body)});
    if (!sent) (*answer)(sent.error());
}

void RemoteRequests::answered(wire::Frame frame) {
    const std::shared_ptr<ClientAnswer> answer = waiting_.take(frame.head.at("number")).lock();
    if (!answer) return;  // nobody waits any more
    if (const auto problem = frame.head.find("problem"); problem != frame.head.end())
        (*answer)(wire::diagnostic(*problem));
    else
        (*answer)(std::move(frame.body));
}

}  // namespace clacks
