// A crowd on one agent: clients that have logged in and stay, peers that begin a login and never end it, and
// peers that send garbage. Who is sent away comes again. Bare sockets, so that the crowd takes
// little of what is measured. Prints READY once everybody has been there, and, once its input ends, how many
// stood and came.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <queue>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace clacks::bench {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::string_literals;
using namespace std::string_view_literals;

constexpr std::size_t kPerAddress = 500;  // peers that come from one address, below the agent's default limit
constexpr std::size_t kMostComing = 200;  // that are on their way in, so that the agent's backlog holds them
// Strangers neither come first nor come again in step.
constexpr std::chrono::milliseconds kHalfOpenComeIn{10'000}, kHalfOpenComeAgainIn{2'000};

[[noreturn]] void give_up(const std::string& why) {
    std::fprintf(stderr, "crowd: %s\n", why.c_str());
    std::exit(1);
}

// A frame of AMQP 1.0, part 2, 2.3.1, whose body is a described list (all lengths fit in one byte).
std::string frame(char type, char descriptor, int count, std::string_view fields) {
    std::string body = "\0\x53"s + descriptor + '\xc0' + static_cast<char>(fields.size() + 1) +
                       static_cast<char>(count) + std::string(fields);
    return "\0\0\0"s + static_cast<char>(8 + body.size()) + '\x02' + type + "\0\0"s + body;
}

const std::string kSaslHeader = "AMQP\x03\x01\0\0"s, kAmqpHeader = "AMQP\0\x01\0\0"s;
const std::string kLogin = frame('\x01', '\x41', 2, "\xa3\x05PLAIN\xa0\x0d\0admin\0secret"sv);
const std::string kOpen = frame('\0', '\x10', 1,
                                "\xa1\x05"
                                "crowd"sv);
constexpr std::string_view kOutcome = "\0\x53\x44"sv, kOpened = "\0\x53\x10"sv;  // descriptors of the answers

enum class Kind { client, half_open, garbage };
enum class Stage { away, connecting, logging_in, opening, there };

struct Peer {
    explicit Peer(Kind of) : kind(of) {}
    const Kind kind;
    Stage stage = Stage::away;
    int socket = -1;
    std::string received;
    bool has_been_there = false;
};

struct Numbers {
    std::size_t clients = 0, half_open = 0, garbage = 0;
};

struct Options {
    Numbers numbers;
    std::chrono::milliseconds garbage_comes_again_in{10'000};
};

class Crowd {
  public:
    Crowd(const sockaddr_in& agent, const Options& options)
        : agent_(agent), garbage_comes_again_in_(options.garbage_comes_again_in) {
        const Numbers& numbers = options.numbers;
        for (std::size_t i = 0; i < numbers.clients; ++i) peers_.emplace_back(Kind::client);
        for (std::size_t i = 0; i < numbers.half_open; ++i) peers_.emplace_back(Kind::half_open);
        for (std::size_t i = 0; i < numbers.garbage; ++i) peers_.emplace_back(Kind::garbage);
        for (std::size_t i = 0; i < peers_.size(); ++i)
            due_.push({Clock::now() + (peers_[i].kind == Kind::half_open ? within(kHalfOpenComeIn)
                                                                         : Clock::duration::zero()),
                       i});
    }

    void run() {
        while (!input_ended()) {
            come();
            std::array<epoll_event, 256> events{};
            const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 1);
            for (int i = 0; i < count; ++i) handle(events[static_cast<std::size_t>(i)].data.u64);
            if (been_there_ == peers_.size() && !told_) tell();
        }
        report();
    }

  private:
    struct Due {
        Clock::time_point at;
        std::size_t peer;
        bool operator>(const Due& other) const { return at > other.at; }
    };

    static bool input_ended() {
        pollfd input{STDIN_FILENO, POLLIN, 0};
        char ignored;
        return ::poll(&input, 1, 0) > 0 && ::read(STDIN_FILENO, &ignored, 1) <= 0;
    }

    Clock::duration within(std::chrono::milliseconds span) {
        return span * static_cast<int>(random_() % 1024) / 1024;
    }

    void come() {
        const auto now = Clock::now();
        while (!due_.empty() && due_.top().at <= now && coming_ < kMostComing) {
            connect(due_.top().peer);
            due_.pop();
        }
    }

    void connect(std::size_t i) {
        auto& peer = peers_[i];
        peer.socket = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (peer.socket < 0) give_up("no socket: "s + std::strerror(errno));
        sockaddr_in from{};
        from.sin_family = AF_INET;
        from.sin_addr.s_addr =
            htonl(0x7f010001 + static_cast<std::uint32_t>(i / kPerAddress));  // 127.1.0.1 …
        const int on = 1;
        ::setsockopt(peer.socket, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
        if (::bind(peer.socket, reinterpret_cast<const sockaddr*>(&from), sizeof from) != 0)
            give_up("no address: "s + std::strerror(errno));
        if (::connect(peer.socket, reinterpret_cast<const sockaddr*>(&agent_), sizeof agent_) != 0 &&
            errno != EINPROGRESS)
            give_up("no connection: "s + std::strerror(errno));
        epoll_event wanted{EPOLLIN | EPOLLOUT | EPOLLET, {.u64 = i}};
        ::epoll_ctl(epoll_, EPOLL_CTL_ADD, peer.socket, &wanted);
        peer.stage = Stage::connecting;
        peer.received.clear();
        ++coming_;
        ++came_;
    }

    void handle(std::size_t i) {
        auto& peer = peers_[i];
        if (peer.socket < 0) return;
        if (peer.stage == Stage::connecting) greet(peer);
        std::array<char, 4096> bytes{};
        ssize_t got = 0;
        while ((got = ::recv(peer.socket, bytes.data(), bytes.size(), 0)) > 0)
            if (peer.stage != Stage::there) peer.received.append(bytes.data(), static_cast<std::size_t>(got));
        if (got == 0 || (errno != EAGAIN && errno != ENOTCONN)) return sent_away(i);
        if (peer.stage == Stage::logging_in && answered(peer, kOutcome)) {
            say(peer, kAmqpHeader + kOpen);
            peer.stage = Stage::opening;
        }
        if (peer.stage == Stage::opening && answered(peer, kOpened)) is_there(peer);
    }

    // What each kind says once it is connected; a client has answers to wait for.
    void greet(Peer& peer) {
        int error = 0;
        socklen_t size = sizeof error;
        ::getsockopt(peer.socket, SOL_SOCKET, SO_ERROR, &error, &size);
        sockaddr_in other{};
        socklen_t length = sizeof other;
        if (error != 0 || ::getpeername(peer.socket, reinterpret_cast<sockaddr*>(&other), &length) != 0)
            return;
        if (peer.kind == Kind::client) {
            say(peer, kSaslHeader + kLogin);
            peer.stage = Stage::logging_in;
            return;
        }
        say(peer, peer.kind == Kind::half_open ? half_of_a_login() : garbage());
        is_there(peer);
    }

    // Nothing, a part of a header, a header, or a header and a part of a login.
    std::string half_of_a_login() {
        const std::string whole = kSaslHeader + kLogin;
        const std::size_t ends[] = {0, 5, kSaslHeader.size(), kSaslHeader.size() + 20};
        return whole.substr(0, ends[random_() % std::size(ends)]);
    }

    // Every other time after a header, so that frames are read from it.
    std::string garbage() {
        std::string bytes = random_() % 2 ? kSaslHeader : "";
        for (int i = 0; i < 500; ++i) bytes += static_cast<char>(random_());
        return bytes;
    }

    static bool answered(Peer& peer, std::string_view descriptor) {
        const auto at = peer.received.find(descriptor);
        if (at == std::string::npos) return false;
        peer.received.erase(0, at + descriptor.size());
        return true;
    }

    static void say(const Peer& peer, const std::string& bytes) {
        if (bytes.empty()) return;
        const ssize_t sent = ::send(peer.socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent >= 0 && static_cast<std::size_t>(sent) != bytes.size()) give_up("a short write");
    }

    void is_there(Peer& peer) {
        peer.stage = Stage::there;
        peer.received.clear();
        --coming_;
        if (!peer.has_been_there) ++been_there_;
        peer.has_been_there = true;
    }

    void sent_away(std::size_t i) {
        auto& peer = peers_[i];
        if (peer.kind == Kind::client) give_up("a client was sent away");
        if (peer.stage != Stage::there) --coming_;
        ::close(peer.socket);
        peer.socket = -1;
        peer.stage = Stage::away;
        due_.push({Clock::now() +
                       within(peer.kind == Kind::garbage ? garbage_comes_again_in_ : kHalfOpenComeAgainIn),
                   i});
    }

    void tell() {
        told_ = true;
        began_ = Clock::now();
        came_ = 0;
        std::printf("READY\n");
        std::fflush(stdout);
    }

    void report() const {
        if (!told_) give_up("ended before everybody had been there");
        Numbers there;
        for (const auto& peer : peers_)
            if (peer.stage == Stage::there)
                ++(peer.kind == Kind::client      ? there.clients
                   : peer.kind == Kind::half_open ? there.half_open
                                                  : there.garbage);
        const double seconds = std::chrono::duration<double>(Clock::now() - began_).count();
        std::printf("{\"clients\": %zu, \"half_open\": %zu, \"garbage\": %zu, \"came\": %.0f}\n",
                    there.clients, there.half_open, there.garbage, static_cast<double>(came_) / seconds);
    }

    const sockaddr_in agent_;
    const std::chrono::milliseconds garbage_comes_again_in_;
    std::vector<Peer> peers_;
    std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;  // the next one first
    const int epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
    std::mt19937 random_{1};
    std::size_t coming_ = 0, been_there_ = 0, came_ = 0;
    bool told_ = false;
    Clock::time_point began_;
};

// As many files as the kernel lets this process have.
void raise_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

sockaddr_in address_of(const std::string& text) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    const auto colon = text.find(':');
    if (colon == std::string::npos ||
        ::inet_pton(AF_INET, text.substr(0, colon).c_str(), &address.sin_addr) != 1)
        give_up("not an IPv4 address with a port: " + text);
    address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(text.substr(colon + 1))));
    return address;
}

}  // namespace
}  // namespace clacks::bench

int main(int argc, char** argv) {
    std::string address;
    clacks::bench::Options options;
    auto& numbers = options.numbers;
    std::int64_t again = options.garbage_comes_again_in.count();
    CLI::App app("Holds connections open, and misbehaves on others");
    app.add_option("address", address, "HOST:PORT")->required();
    app.add_option("--clients", numbers.clients, "that log in and stay");
    app.add_option("--half-open", numbers.half_open, "that begin a login and never end it");
    app.add_option("--garbage", numbers.garbage, "that send garbage");
    app.add_option("--garbage-again", again, "milliseconds within which these come again");
    CLI11_PARSE(app, argc, argv);
    options.garbage_comes_again_in = std::chrono::milliseconds(again);
    clacks::bench::raise_limit();
    clacks::bench::Crowd(clacks::bench::address_of(address), options).run();
    return 0;
}
