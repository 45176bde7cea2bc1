// Where lines end: standard error or the systemd journal. Private to common/log.
#pragma once

#include <spdlog/sinks/base_sink.h>

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>

#include "common/log/log.hpp"

namespace clacks::log {

// A line on its way through spdlog, which knows no fields: those of the line that this thread writes.
const Fields*& fields_of_line();

// Counts lines that could not be written. Thread safety: as spdlog's sinks, guarded by their mutex; failure()
// by its own.
class Sink : public spdlog::sinks::base_sink<std::mutex> {
  public:
    // As log::failure().
    std::string failure() const;

  protected:
    // Returns 0 or an errno.
    virtual int put(const spdlog::details::log_msg& message) = 0;
    virtual std::string place() const = 0;
    virtual const char* remedy() const = 0;

  private:
    void sink_it_(const spdlog::details::log_msg& message) final;
    void flush_() final {}

    mutable std::mutex failure_mutex_;
    std::uint64_t lost_ = 0;
    int reason_ = 0;
};

class ConsoleSink final : public Sink {
  public:
    ConsoleSink();

  private:
    int put(const spdlog::details::log_msg& message) override;
    std::string place() const override;
    const char* remedy() const override { return "free space there, or log to the journal"; }

    bool coloured_;
    bool within_line_ = false;  // the last write ended early
};

class JournalSink final : public Sink {
  public:
    explicit JournalSink(const std::string& node) : node_(node) {}
    // Whether there is a journal that takes lines.
    static bool available();

  private:
    int put(const spdlog::details::log_msg& message) override;
    std::string place() const override { return "the journal"; }
    const char* remedy() const override { return "see: systemctl status systemd-journald"; }

    const std::string& node_;  // outlives the sink
};

}  // namespace clacks::log
