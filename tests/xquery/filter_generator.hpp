// Random filters and random documents for them, the same for the same seed.
#pragma once

#include <random>
#include <string>
#include <vector>

namespace clacks::xquery_tests {

class FilterGenerator {
  public:
    explicit FilterGenerator(unsigned seed) : random_(seed) {}

    std::string filter();
    std::string document();

  private:
    std::size_t below(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_); }
    bool chance(std::size_t percent) { return below(100) < percent; }
    std::string one_of(const std::vector<std::string>& choices) { return choices[below(choices.size())]; }

    std::string truth(int depth);
    std::string comparison(int depth);
    std::string quantifier(int depth);
    std::string flwor(int depth);
    std::string nodes(int depth);
    std::string step(int depth);
    std::string operand(int depth);
    std::string literal();
    std::string content(int depth);

    std::mt19937 random_;
    std::vector<std::string> variables_;
};

}  // namespace clacks::xquery_tests
