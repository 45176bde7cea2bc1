#include "common/xquery/serialize/normalize.hpp"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>

#include "common/xquery/values/array.hpp"
#include "common/xquery/values/atomize.hpp"
#include "common/xquery/values/describe.hpp"
#include "common/xquery/values/error.hpp"

namespace clacks::xquery {

namespace {

using xml::NodeIndex;
using xml::NodeKind;

class SequenceNormalizer {
  public:
    SequenceNormalizer(const SerializationParameters& parameters, Steps& steps, std::size_t limit)
        : parameters_(parameters), steps_(steps), limit_(limit) {}

    std::vector<Part> run(const Value& value) {
        // Arrays are replaced by their members; nested ones wait here rather than on the machine's stack.
        std::vector<Waiting> waiting{{value, 0, nullptr, 0}};
        while (!waiting.empty()) {
            Waiting& at = waiting.back();
            steps_.take();
            if (at.index < at.value.size()) {
                const Item item = at.value[at.index++];
                if (item.type == Type::array) {
                    waiting.push_back({Value(), 0, &item.array(), 0});
                } else {
                    add(item);
                }
            } else if (at.array != nullptr && at.member < at.array->size()) {
                at.value = (*at.array)[at.member++];
                at.index = 0;
            } else {
                waiting.pop_back();
            }
        }
        return std::move(parts_);
    }

  private:
    struct Waiting {
        Value value;
        std::uint64_t index;
        const ArrayItem* array;
        std::uint64_t member;
    };

    void add(const Item& item) {
        if (!first_ && parameters_.item_separator) text(*parameters_.item_separator);
        first_ = false;
        if (item.is_node()) {
            after_atomic_ = false;
            return node(*item.tree, item.node());
        }
        if (!is_atomic(item.type)) refuse(item);
        if (after_atomic_ && !parameters_.item_separator) text(" ");
        after_atomic_ = true;
        Arena room;
        text(string_of(item, room));
    }

    [[noreturn]] static void refuse(const Item& item) {
        fail(Code::SENR0001, describe(item) + " cannot be serialized by this method",
             "choose the json or adaptive method, or put attributes into an element");
    }

    void text(std::string_view value) {
        if (value.empty()) return;
        bytes_ += value.size();
        steps_.take(value.size() / 64);
        if (bytes_ > limit_)
            fail(Code::limit_memory,
                 "the serialized result has more than " + std::to_string(limit_) + " bytes");
        if (parts_.empty() || parts_.back().tree != nullptr) parts_.emplace_back();
        parts_.back().text += value;
    }

    void node(const xml::Tree& tree, NodeIndex at) {
        switch (tree.kind(at)) {
            case NodeKind::document:
                for (NodeIndex c = tree.first_child(at); c < tree[at].end; c = tree[c].end) {
                    steps_.take();
                    node(tree, c);
                }
                return;
            case NodeKind::text:
                return text(tree.string_value(at));
            case NodeKind::attribute:
            case NodeKind::namespace_node:
                refuse(Item::of_node(tree, at));
            default:
                parts_.push_back({&tree, at, {}});
        }
    }

    const SerializationParameters& parameters_;
    Steps& steps_;
    std::size_t limit_;
    std::size_t bytes_ = 0;
    std::vector<Part> parts_;
    bool first_ = true;
    bool after_atomic_ = false;
};

}  // namespace

std::vector<Part> normalize_sequence(const Value& value, const SerializationParameters& parameters,
                                     Steps& steps, std::size_t limit) {
    return SequenceNormalizer(parameters, steps, limit).run(value);
}

std::string normalize(std::string_view text, std::string_view form) {
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* normalizer = form == "NFC"    ? icu::Normalizer2::getNFCInstance(status)
                                         : form == "NFD"  ? icu::Normalizer2::getNFDInstance(status)
                                         : form == "NFKC" ? icu::Normalizer2::getNFKCInstance(status)
                                                          : icu::Normalizer2::getNFKDInstance(status);
    std::string out;
    icu::StringByteSink<std::string> sink(&out);
    if (U_SUCCESS(status))
        normalizer->normalizeUTF8(0, {text.data(), static_cast<std::int32_t>(text.size())}, sink, nullptr,
                                  status);
    return U_SUCCESS(status) ? out : std::string(text);
}

}  // namespace clacks::xquery
