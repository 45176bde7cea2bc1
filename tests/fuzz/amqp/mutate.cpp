#include "tests/fuzz/amqp/mutate.hpp"

#include <algorithm>
#include <array>

#include "tests/fuzz/amqp/vocabulary.hpp"

namespace clacks::fuzz {

namespace {

std::size_t below(Random& random, std::size_t limit) {
    return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random);
}
bool one_in(Random& random, std::size_t many) {
    return below(random, many) == 0;
}

// Every value within, so that each is as likely to be changed as any other.
void collect(std::vector<Value>& values, std::vector<Value*>& all) {
    for (Value& value : values) {
        all.push_back(&value);
        collect(value.children, all);
    }
}

std::vector<Value*> values_of(Conversation& conversation) {
    std::vector<Value*> all;
    for (Part& part : conversation) collect(part.values, all);
    return all;
}

std::int32_t small_error(Random& random) {
    static constexpr std::array<std::int32_t, 8> kErrors = {-1, 1, -4, 4, -8, 255, 65536, 0x7FFFFFFF};
    return kErrors.at(below(random, kErrors.size()));
}

Value nested(Random& random) {
    Value value = null();
    for (std::size_t depth = below(random, 200); depth > 0; --depth) {
        if (one_in(random, 3))
            value = described(below(random, 0x80), std::move(value));
        else
            value = one_in(random, 2) ? list({std::move(value)}) : map({text(0xA3, "k"), std::move(value)});
    }
    return value;
}

void flip(std::string& bytes, Random& random) {
    if (bytes.empty()) return bytes.push_back(static_cast<char>(below(random, 256)));
    char& byte = bytes[below(random, bytes.size())];
    byte = static_cast<char>(static_cast<unsigned char>(byte) ^ (1U << below(random, 8)));
}

void change_elements(Value& value, Random& random) {
    auto& elements = value.children;
    if (elements.empty()) return elements.push_back(any_value(random));
    const auto at = elements.begin() + static_cast<std::ptrdiff_t>(below(random, elements.size()));
    switch (below(random, 4)) {
        case 0:
            elements.erase(at);
            break;
        case 1:
            elements.insert(at, Value(*at));
            break;
        case 2:
            std::iter_swap(at, elements.begin());
            break;
        default:
            elements.insert(at, any_value(random));
    }
}

void change_value(Conversation& conversation, Random& random) {
    const auto all = values_of(conversation);
    if (all.empty()) return;
    Value& value = *all[below(random, all.size())];
    switch (below(random, 8)) {
        case 0:
            value = any_value(random);
            break;
        case 1: {
            Value other = *all[below(random, all.size())];  // it may be a part of the value, or the other way
            value = std::move(other);
            break;
        }
        case 2:
            value = nested(random);
            break;
        case 3:
            value.size_error = small_error(random);
            break;
        case 4:
            value.count_error = small_error(random);
            break;
        case 5:
            value.code = static_cast<std::uint8_t>(below(random, 256));
            break;
        case 6:
            if (value.compound()) return change_elements(value, random);
            [[fallthrough]];
        default:
            flip(value.bytes, random);
    }
}

void change_frame_header(Part& part, Random& random) {
    switch (below(random, 4)) {
        case 0:
            part.doff = static_cast<std::uint8_t>(below(random, one_in(random, 4) ? 256 : 5));
            break;
        case 1:
            part.type = static_cast<std::uint8_t>(below(random, 3));
            break;
        case 2:
            part.channel = static_cast<std::uint16_t>(below(random, one_in(random, 4) ? 65536 : 4));
            break;
        default:
            part.size_error = small_error(random);
    }
}

Part any_part(Random& random) {
    Part part;
    if (one_in(random, 8)) {
        part.kind = Part::Kind::header;
        part.bytes = any_header(random);
    } else {
        part.kind = Part::Kind::frame;
        part.values = any_performative(random);
        part.type = one_in(random, 16) ? 1 : 0;
    }
    return part;
}

void change_parts(Conversation& conversation, Random& random) {
    const auto at = conversation.begin() + static_cast<std::ptrdiff_t>(below(random, conversation.size()));
    const auto other = conversation.begin() + static_cast<std::ptrdiff_t>(below(random, conversation.size()));
    switch (below(random, 5)) {
        case 0:
            conversation.insert(at, Part(*other));
            break;
        case 1:
            conversation.erase(at);
            break;
        case 2:
            std::iter_swap(at, other);
            break;
        case 3:
            if (at->kind == Part::Kind::frame)
                change_frame_header(*at, random);
            else
                flip(at->bytes, random);
            break;
        default:
            conversation.insert(std::next(at), any_part(random));
    }
}

}  // namespace

void mutate(Conversation& conversation, Random& random) {
    if (conversation.empty())
        conversation.push_back(any_part(random));
    else if (one_in(random, 2))
        change_parts(conversation, random);
    else
        change_value(conversation, random);
}

Conversation splice(const Conversation& first, const Conversation& second, Random& random) {
    Conversation both(first.begin(),
                      first.begin() + static_cast<std::ptrdiff_t>(below(random, first.size() + 1)));
    both.insert(both.end(), second.begin() + static_cast<std::ptrdiff_t>(below(random, second.size() + 1)),
                second.end());
    return both;
}

}  // namespace clacks::fuzz
