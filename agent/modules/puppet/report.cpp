#include "agent/modules/puppet/report.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string_view>

#include "common/base/text.hpp"

namespace clacks::puppet {

namespace {

constexpr std::size_t kMaxDepth = 32;
constexpr std::array kLevels = {"debug", "info", "notice", "warning", "err", "alert", "emerg", "crit"};
// "metrics" and "resource_statuses" come behind the log: a report without them was cut off.
constexpr std::array kKeys = {"host", "logs", "metrics", "resource_statuses"};

struct Unusable : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Takes the parser's events one by one, so that no document is ever built.
class Reader final : public YAML::EventHandler {
  public:
    Report finish() {
        for (const char* key : kKeys)
            if (!keys_.contains(key))
                throw Unusable(std::string("it has no '") + key + "', so it is no report, or was cut off");
        if (report_.host.empty()) throw Unusable("its host is empty");
        if (report_.logs.empty()) throw Unusable("its log is empty");
        return std::move(report_);
    }

    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark&, YAML::anchor_t) override { take(""); }
    void OnAlias(const YAML::Mark&, YAML::anchor_t anchor) override {
        const auto found = words_.find(anchor);
        take(found == words_.end() ? "" : found->second);
    }
    void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t anchor,
                  const std::string& value) override {
        if (anchor != 0) words_[anchor] = value;
        take(value);
    }
    void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                         YAML::EmitterStyle::value) override {
        enter(false);
    }
    void OnSequenceEnd() override { leave(); }
    void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                    YAML::EmitterStyle::value) override {
        enter(true);
        if (in_logs() && frames_.size() == 3) report_.logs.emplace_back();
    }
    void OnMapEnd() override {
        if (in_logs() && frames_.size() == 3) check(report_.logs.back());
        leave();
    }

  private:
    struct Frame {
        bool map = false;
        bool has_key = false;  // its value comes next
        std::string key;
    };

    bool in_logs() const { return frames_.size() > 1 && frames_[0].key == "logs" && !frames_[1].map; }

    void enter(bool map) {
        if (frames_.size() >= kMaxDepth)
            throw Unusable("it is nested more than " + std::to_string(kMaxDepth) + " deep");
        if (frames_.empty() && !map) throw Unusable("it is no map");
        if (!frames_.empty() && frames_.back().map && !frames_.back().has_key)
            throw Unusable("a key is no word");
        frames_.push_back({map, false, ""});
    }
    void leave() {
        frames_.pop_back();
        if (!frames_.empty()) frames_.back().has_key = false;
    }

    void take(const std::string& word) {
        if (frames_.empty()) throw Unusable("it is no map");
        Frame& frame = frames_.back();
        if (frame.map && !frame.has_key) {
            frame.key = word;
            frame.has_key = true;
            if (frames_.size() == 1) keys_.insert(word);
            return;
        }
        value(frame.key, word);
        frame.has_key = false;
    }

    void value(const std::string& key, const std::string& word) {
        if (frames_.size() == 1 && key == "host") report_.host = word;
        if (frames_.size() == 1 && key == "configuration_version") report_.version = word;
        if (!in_logs()) return;
        if (frames_.size() == 3 && frames_[2].map) field(report_.logs.back(), key, word);
        if (frames_.size() == 4 && frames_[2].map && frames_[2].key == "tags" && !frames_[3].map)
            report_.logs.back().tags.push_back(word);
    }

    static void field(LogEntry& entry, const std::string& key, const std::string& word) {
        if (key == "level") entry.level = word;
        if (key == "message") entry.message = word;
        if (key == "source") entry.source = word;
        if (key == "file") entry.file = word;
        if (key == "line") entry.line = word;
        if (key != "time") return;
        const auto time = seconds_of(word);
        if (!time) throw Unusable("'" + one_line(word, 60) + "' is no time");
        entry.time = *time;
    }

    static void check(const LogEntry& entry) {
        if (std::find(kLevels.begin(), kLevels.end(), entry.level) == kLevels.end())
            throw Unusable("'" + one_line(entry.level, 60) + "' is no level of a log");
        if (entry.time == 0) throw Unusable("an entry of its log has no time");
    }

    std::vector<Frame> frames_;
    std::map<YAML::anchor_t, std::string> words_;
    std::set<std::string> keys_;
    Report report_;
};

Diagnostic refusal(std::string reason) {
    Diagnostic refused;
    refused.code = "puppet-report";
    refused.message = std::move(reason);
    return refused;
}

// A time's parts from left to right; once one is missing, so are all behind it.
class Digits {
  public:
    explicit Digits(std::string_view text) : rest_(text) {}

    // So many digits, and one of the characters behind them.
    std::optional<int> next(std::size_t count, std::string_view ends) {
        int number = 0;
        for (std::size_t i = 0; i < count; ++i) {
            if (i >= rest_.size() || !digit(rest_[i])) return missing();
            number = number * 10 + (rest_[i] - '0');
        }
        if (count >= rest_.size() || ends.find(rest_[count]) == ends.npos) return missing();
        last_ = rest_[count];
        rest_.remove_prefix(count + 1);
        return number;
    }
    char last() const { return last_; }

    double fraction() {
        double value = 0, unit = 1;
        for (; !rest_.empty() && digit(rest_.front()); rest_.remove_prefix(1))
            value += (unit /= 10) * (rest_.front() - '0');
        if (rest_.empty()) return value;
        last_ = rest_.front();
        rest_.remove_prefix(1);
        return value;
    }

    // Seconds east of Greenwich; to be asked for last.
    std::optional<int> zone() {
        if (last_ == ' ' && !rest_.empty()) {
            last_ = rest_.front();
            rest_.remove_prefix(1);
        }
        if ((last_ == 'Z' && rest_.empty()) || (last_ == 'U' && rest_ == "TC")) return 0;
        if (last_ != '+' && last_ != '-') return missing();
        const int sign = last_ == '-' ? -1 : 1;
        if (rest_.size() != 5) return missing();
        const std::string minutes = std::string(rest_.substr(3)) + ' ';
        const auto hour = next(2, ":");
        rest_ = minutes;
        const auto minute = next(2, " ");
        if (!hour || !minute) return missing();
        return sign * (*hour * 3600 + *minute * 60);
    }

  private:
    static bool digit(char c) { return c >= '0' && c <= '9'; }
    std::nullopt_t missing() {
        rest_ = {};
        last_ = 0;
        return std::nullopt;
    }

    std::string_view rest_;
    char last_ = 0;
};

}  // namespace

std::optional<double> seconds_of(const std::string& text) {
    using namespace std::chrono;
    Digits digits(text);
    const auto year_ = digits.next(4, "-"), month_ = digits.next(2, "-"), day_ = digits.next(2, "T "),
               hour = digits.next(2, ":"), minute = digits.next(2, ":"), second = digits.next(2, ".+-Z ");
    if (!second) return std::nullopt;
    const double fraction = digits.last() == '.' ? digits.fraction() : 0;
    const year_month_day date{year{*year_}, month{static_cast<unsigned>(*month_)},
                              day{static_cast<unsigned>(*day_)}};
    const auto offset = digits.zone();
    if (!date.ok() || *hour > 23 || *minute > 59 || *second > 60 || !offset) return std::nullopt;
    const auto days = sys_days(date).time_since_epoch().count();
    return static_cast<double>(days) * 86400 + *hour * 3600 + *minute * 60 + *second + fraction - *offset;
}

Result<Report> read_report(const std::string& yaml) {
    if (!is_utf8(yaml)) return refusal("it is not UTF-8");
    try {
        std::istringstream in(yaml);
        YAML::Parser parser(in);
        Reader reader;
        if (!parser.HandleNextDocument(reader)) return refusal("it is empty");
        return reader.finish();
    } catch (const YAML::Exception& problem) {
        Diagnostic refused = refusal("it is not YAML: " + one_line(problem.msg, 200));
        refused.line = static_cast<std::uint32_t>(problem.mark.line + 1);
        refused.column = static_cast<std::uint32_t>(problem.mark.column + 1);
        return refused;
    } catch (const Unusable& unusable) {
        return refusal(unusable.what());
    }
}

}  // namespace clacks::puppet
