#include "agent/bus/bus.hpp"

#include "agent/bus/loop.hpp"
#include "agent/bus/request.hpp"

namespace clacks {

Bus::Bus(BusOptions options, BusHandler& handler, const Clock& clock)
    : loop_(std::make_shared<Loop>(std::move(options), handler, clock)) {}

Bus::~Bus() {
    stop(std::chrono::milliseconds(0));
}

Result<void, Diagnostics> Bus::start() {
    return loop_->start();
}
std::vector<std::uint16_t> Bus::ports() const {
    return loop_->ports();
}
Result<void, Diagnostic> Bus::take_certificate(const BusCertificate& certificate) {
    return loop_->take_certificate(certificate);
}
Result<std::uint16_t, Diagnostic> Bus::open_intake(Intake intake, IntakeHandler handler) {
    return loop_->open_intake(std::move(intake), std::move(handler));
}
void Bus::ask(ClientRequest request, const std::shared_ptr<ClientAnswer>& answer) {
    post([&shared = loop_->shared(), request = std::move(request), taker = std::weak_ptr(answer)] {
        bus::ask_client(shared, request, taker);
    });
}
void Bus::stop(std::chrono::milliseconds deadline) {
    loop_->stop(deadline);
}
void Bus::post(std::function<void()> work) {
    loop_->shared().work->post(std::move(work));
}
const BusCounters& Bus::counters() const {
    return loop_->shared().counters;
}

}  // namespace clacks
