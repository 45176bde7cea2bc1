// Where random things come from: a seeded generator, or a fuzzer's bytes.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <iterator>

namespace clacks::test {

class Choices {
  public:
    // `next` gives any number.
    explicit Choices(std::function<std::uint32_t()> next) : next_(std::move(next)) {}
    std::uint32_t below(std::uint32_t end) { return next_() % end; }
    bool one_in(std::uint32_t n) { return below(n) == 0; }
    template <class Range>
    const auto& of(const Range& things) {
        return *std::next(std::begin(things), below(static_cast<std::uint32_t>(std::size(things))));
    }

  private:
    std::function<std::uint32_t()> next_;
};

}  // namespace clacks::test
