// fn:random-number-generator (Functions and Operators 3.1, 4.9): xorshift128+, seeded by splitmix64. The same
// seed gives the same numbers everywhere; without one the seed is the current date and time.
#include <utility>

#include "common/xquery/functions/family.hpp"
#include "common/xquery/functions/signature.hpp"
#include "common/xquery/values/function_item.hpp"
#include "common/xquery/values/map.hpp"

namespace clacks::xquery {

namespace {

struct State {
    std::uint64_t a = 0;
    std::uint64_t b = 0;
};

std::uint64_t mixed(std::uint64_t& counter) {
    counter += 0x9e3779b97f4a7c15;
    std::uint64_t z = counter;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

State seeded(std::uint64_t seed) {
    State state;
    state.a = mixed(seed);
    state.b = mixed(seed) | 1;  // not both may be zero
    return state;
}

std::uint64_t next(State& state) {
    std::uint64_t x = state.a;
    const std::uint64_t y = state.b;
    state.a = y;
    x ^= x << 23;
    state.b = x ^ y ^ (x >> 17) ^ (y >> 26);
    return state.b + y;
}

// From 0 to below 1.
double number(std::uint64_t bits) {
    return static_cast<double>(bits >> 11) * 0x1.0p-53;
}

Value generator(CallContext& call, State state);

const SequenceType& any_items() {
    static const SequenceType type = parse_type("item()*");
    return type;
}

const SequenceType& generator_type() {
    static const SequenceType type = parse_type("map(xs:string, item())");
    return type;
}

class Next final : public FunctionItem {
  public:
    explicit Next(const State& state) : state_(state) { result = generator_type(); }
    Value run(CallContext& call, std::span<const Value>) const override { return generator(call, state_); }

  private:
    State state_;
};

class Permute final : public FunctionItem {
  public:
    explicit Permute(const State& state) : state_(state) {
        parameters = {&any_items(), 1};
        result = any_items();
    }
    // Fisher and Yates.
    Value run(CallContext& call, std::span<const Value> arguments) const override {
        SequenceBuilder out(call.arena);
        call.steps.take(arguments[0].size());
        out.add(arguments[0]);
        State state = state_;
        for (std::uint64_t left = out.size(); left > 1; --left) {
            const auto chosen = static_cast<std::uint64_t>(number(next(state)) * static_cast<double>(left));
            std::swap(out[left - 1], out[chosen]);
        }
        return out.value();
    }

  private:
    State state_;
};

Value generator(CallContext& call, State state) {
    Arena& arena = call.arena;
    const double drawn = number(next(state));
    MapBuilder map(arena);
    map.put(Item::of_text("number"), Item::of_double(drawn));
    map.put(Item::of_text("next"), Item::of_function(*arena.make(Next(state))));
    map.put(Item::of_text("permute"), Item::of_function(*arena.make(Permute(state))));
    return Item::of_map(map.finish());
}

Value random_number_generator(CallContext& call, Arguments arguments) {
    std::uint64_t seed = static_cast<std::uint64_t>(call.current_time_ms);
    if (!arguments.empty() && !arguments[0].empty()) {
        const std::string_view text = cast(arguments[0].front(), Type::string, call.arena).text();
        charge(call, text.size());
        seed = 0xcbf29ce484222325;  // FNV-1a: the same in every run
        for (const char c : text) seed = (seed ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    }
    return generator(call, seeded(seed));
}

const FunctionRow kRows[] = {
    {"fn:random-number-generator([$seed as xs:anyAtomicType?]) as map(xs:string, item())",
     random_number_generator, kNondeterministic},
};

}  // namespace

std::span<const FunctionRow> random_functions() {
    return kRows;
}

}  // namespace clacks::xquery
