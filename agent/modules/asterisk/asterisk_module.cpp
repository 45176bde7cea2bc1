// A client of Asterisk's manager interface: logs in, asks for the state of queues and phones, sends what
// changes.
#include <netdb.h>
#include <openssl/evp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <map>
#include <memory>
#include <string>

#include "agent/api/module.hpp"
#include "agent/api/settings_reader.hpp"
#include "agent/modules/asterisk/ami_reader.hpp"
#include "agent/modules/asterisk/notifications.hpp"
#include "common/base/line_limit.hpp"
#include "common/base/text.hpp"

namespace clacks::asterisk {

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr milliseconds kLongestDelay{60000};
constexpr std::size_t kMaxSubjects = 100000;

std::string md5_hex(const std::string& text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    if (EVP_Digest(text.data(), text.size(), digest.data(), &length, EVP_md5(), nullptr) != 1) return "";
    std::string hex;
    for (unsigned i = 0; i < length; ++i) {
        hex += "0123456789abcdef"[digest[i] >> 4];
        hex += "0123456789abcdef"[digest[i] & 15];
    }
    return hex;
}

class AsteriskModule final : public Module {
  public:
    ~AsteriskModule() override {
        if (socket_ >= 0) ::close(socket_);
    }
    std::string_view name() const override { return "asterisk"; }

    std::vector<ModuleSetting> keys() const override {
        return {
            {"host", "string", "127.0.0.1", "Where Asterisk's manager listens."},
            {"port", "integer", "5038", "Its port."},
            {"user", "string", "", "The name of a section of Asterisk's manager.conf."},
            {"secret", "string", "", "Its secret."},
            {"login", "string", "md5",
             "md5 answers a challenge; plain sends the secret as it is, for peers that cannot challenge."},
            {"retry-delay", "duration", "1 s", "Before the second try; doubled each time, up to 1 min."},
            {"time-out", "duration", "30 s", "For an answer; and for silence, until a Ping is sent."}};
    }

    Result<void, Diagnostics> configure(const ModuleSettings& settings) override {
        Diagnostics problems;
        SettingsReader read(settings.values, "[module asterisk]", problems);
        host_ = read.text("host", "127.0.0.1");
        port_ = std::to_string(read.count("port", 5038, 1, 65535));
        user_ = read.text("user");
        secret_ = read.text("secret");
        const std::string login = read.text("login", "md5");
        if (login != "md5" && login != "plain")
            read.problem("login", "login: '" + login + "' is no form of login", "write md5 or plain");
        plain_ = login == "plain";
        first_delay_ = read.duration("retry-delay", 1s, 10ms, kLongestDelay);
        time_out_ = read.duration("time-out", 30s, 100ms, 10min);
        if (!problems.empty()) return problems;
        return {};
    }

    void start(ModuleContext& context) override {
        context_ = &context;
        delay_ = first_delay_;
        context.timer(std::min<milliseconds>(time_out_ / 4, 1s), true, [this] { look_at_time(); });
        context.timer(milliseconds(0), false, [this] { connect(); });
    }

    void stop() override { close_socket(); }

  private:
    enum class State { apart, connecting, challenged, logging_in, ready };

    // ---- the connection ----
    void connect() {
        addrinfo wanted{};
        wanted.ai_socktype = SOCK_STREAM;
        addrinfo* found = nullptr;
        const int failed = ::getaddrinfo(host_.c_str(), port_.c_str(), &wanted, &found);
        if (failed != 0) return lose(::gai_strerror(failed));
        const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> address(found, &::freeaddrinfo);
        socket_ = ::socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (socket_ < 0 ||
            (::connect(socket_, found->ai_addr, found->ai_addrlen) != 0 && errno != EINPROGRESS))
            return lose(std::strerror(errno));
        reader_ = AmiReader();
        out_.clear();
        state_ = State::connecting;
        heard_ = context_->clock().steady();
        context_->watch(socket_, Ready::write, [this] { on_connected(); });
    }

    void on_connected() {
        int error = 0;
        socklen_t length = sizeof error;
        ::getsockopt(socket_, SOL_SOCKET, SO_ERROR, &error, &length);
        if (error != 0) return lose(std::strerror(error));
        if (plain_) return log_in("Secret: " + secret_ + "\r\n");
        state_ = State::challenged;
        send("Action: Challenge\r\nAuthType: MD5\r\n\r\n");
    }

    void send(const std::string& text) {
        if (socket_ < 0) return;  // lost meanwhile
        out_ += text;
        pump();
    }

    void pump() {
        while (!out_.empty()) {
            const ssize_t sent = ::send(socket_, out_.data(), out_.size(), MSG_NOSIGNAL);
            if (sent < 0 && errno != EAGAIN) return lose(std::strerror(errno));
            if (sent < 0) break;
            out_.erase(0, static_cast<std::size_t>(sent));
        }
        if (out_.empty())
            context_->watch(socket_, Ready::read, [this] { on_readable(); });
        else
            context_->watch(socket_, Ready::write, [this] { pump(); });
    }

    void on_readable() {
        std::array<char, 16 * 1024> buffer;
        const ssize_t length = ::recv(socket_, buffer.data(), buffer.size(), 0);
        if (length < 0 && errno == EAGAIN) return;
        if (length < 0) return lose(std::strerror(errno));
        if (length == 0) return lose("Asterisk closed the connection");
        heard_ = context_->clock().steady();
        pinged_ = false;
        const std::uint64_t before = reader_.refused();
        const int connection = connection_;
        reader_.feed({buffer.data(), static_cast<std::size_t>(length)}, [&](const AmiMessage& message) {
            if (connection == connection_) take(message);
        });
        if (connection == connection_ && reader_.refused() > before)
            refuse("a message is longer than " + size_text(AmiReader::kMaxMessage));
    }

    void close_socket() {
        ++connection_;
        state_ = State::apart;
        refreshing_ = refresh_again_ = pinged_ = false;
        if (socket_ < 0) return;
        context_->unwatch(socket_);
        ::close(socket_);
        socket_ = -1;
    }

    void lose(const std::string& why) {
        close_socket();
        context_->log_warning("no connection to Asterisk at " + host_ + ":" + port_ + ": " +
                              one_line(why, 500) + "; the next try is in " + duration_text(delay_));
        context_->timer(delay_, false, [this] { connect(); });
        delay_ = std::min(2 * delay_, kLongestDelay);
    }

    void look_at_time() {
        if (state_ == State::apart) return;
        const auto silent = context_->clock().steady() - heard_;
        if (silent < time_out_) return;
        if (state_ != State::ready || silent >= 2 * time_out_) return lose("it does not answer");
        if (!std::exchange(pinged_, true)) send("Action: Ping\r\nActionID: clacks-ping\r\n\r\n");
    }

    // ---- the conversation ----
    void log_in(const std::string& proof) {
        state_ = State::logging_in;
        send("Action: Login\r\nUsername: " + user_ + "\r\n" + proof + "Events: on\r\n\r\n");
    }

    void take(const AmiMessage& message) {
        const std::string response = field(message, "Response");
        if (!response.empty()) return answered(response == "Success", message);
        if (state_ != State::ready) return;
        if (field(message, "Event") == "QueueStatusComplete") return refreshed();
        const auto notification = notification_of(message);
        if (!notification) return;
        tell(*notification);
        if (notification->changes_queue) refresh_queues();
    }

    void answered(bool success, const AmiMessage& message) {
        const std::string why = field(message, "Message");
        if (state_ == State::challenged) {
            if (!success) return lose("it gives no challenge (" + why + "); login = plain does without");
            return log_in("AuthType: MD5\r\nKey: " + md5_hex(field(message, "Challenge") + secret_) + "\r\n");
        }
        if (state_ == State::logging_in) {
            if (success) return begin();
            delay_ = kLongestDelay;
            return lose("the login of '" + user_ + "' failed: " + why);
        }
        if (success || state_ != State::ready) return;
        const std::string action = field(message, "ActionID");
        if (action == "clacks-queues") refreshing_ = false;
        refuse("the request " + action + " was answered: " + why);
    }

    void begin() {
        state_ = State::ready;
        delay_ = first_delay_;
        context_->log_info("logged in to Asterisk at " + host_ + ":" + port_);
        refresh_queues();
        send(
            "Action: DeviceStateList\r\nActionID: clacks-devices\r\n\r\n"
            "Action: ExtensionStateList\r\nActionID: clacks-extensions\r\n\r\n");
    }

    // Sums of queues come only when they are asked for; one request is on its way at a time.
    void refresh_queues() {
        if (refreshing_) {
            refresh_again_ = true;
            return;
        }
        refreshing_ = true;
        send("Action: QueueStatus\r\nActionID: clacks-queues\r\n\r\n");
    }

    void refreshed() {
        refreshing_ = false;
        if (std::exchange(refresh_again_, false)) refresh_queues();
    }

    void tell(const Notification& notification) {
        if (!notification.subject.empty() &&
            (told_.size() < kMaxSubjects || told_.contains(notification.subject))) {
            std::string& last = told_[notification.subject];
            if (last == notification.document) return;
            last = notification.document;
        }
        if (auto sent = context_->send(notification.document); !sent) refuse(to_string(sent.error()));
    }

    void refuse(const std::string& why) {
        ++refused_;
        if (const auto more = lines_.admit(context_->clock().steady()))
            context_->log_warning("refused what Asterisk sent, " + std::to_string(refused_) +
                                  " refusals so far: " + one_line(why, 1000) + *more);
    }

    ModuleContext* context_ = nullptr;
    std::string host_, port_, user_, secret_;
    bool plain_ = false;
    milliseconds first_delay_{}, time_out_{}, delay_{};

    int socket_ = -1;
    int connection_ = 0;  // raised when one ends: what is left of its bytes is not taken
    State state_ = State::apart;
    SteadyTime heard_;
    bool pinged_ = false;
    AmiReader reader_;
    std::string out_;
    bool refreshing_ = false, refresh_again_ = false;
    std::map<std::string, std::string> told_;  // the last document by subject
    std::uint64_t refused_ = 0;
    LineLimit lines_{10, 10s};
};

}  // namespace

}  // namespace clacks::asterisk

CLACKS_MODULE(clacks::asterisk::AsteriskModule)
