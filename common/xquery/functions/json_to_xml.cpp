// fn:json-to-xml (Functions and Operators 3.1, 17.5.3).
#include <new>
#include <string>
#include <unordered_set>
#include <vector>

#include "common/xquery/functions/json_reader.hpp"

namespace clacks::xquery {

namespace {

using Duplicates = JsonOptions::Duplicates;

class XmlBuilder final : public JsonHandler {
  public:
    XmlBuilder(CallContext& call, Duplicates duplicates)
        : call_(call), duplicates_(duplicates), builder_(&call.arena) {
        builder_.base_uri(call.statics->base_uri);
        builder_.start_document();
    }

    Value result() {
        builder_.end_document();
        auto* tree =
            new (call_.arena.take(sizeof(xml::Tree), alignof(xml::Tree))) xml::Tree(builder_.finish());
        return Item::of_node(*tree, 0);
    }

    void start_map() override { open("map"); }
    void end_map() override { close(); }
    void start_array() override { open("array"); }
    void end_array() override { close(); }
    void key(std::string_view text, bool escaped) override {
        if (skipped_ > 0) return;
        key_ = text;
        key_escaped_ = escaped;
        has_key_ = true;
        if (duplicates_ == Duplicates::retain || keys_.back().emplace(text).second) return;
        if (duplicates_ == Duplicates::reject) fail_duplicate(text);
        skip_next_ = true;
    }
    void string(std::string_view text, bool escaped) override { leaf("string", text, escaped); }
    void number(std::string_view written) override { leaf("number", written, false); }
    void boolean(bool value) override { leaf("boolean", value ? "true" : "false", false); }
    void null() override { leaf("null", {}, false); }

  private:
    void start(std::string_view local) {
        builder_.start_element({kFnNamespace, local, {}});
        if (builder_.depth() <= 2) builder_.namespace_binding({}, kFnNamespace);
        if (!has_key_) return;
        if (key_escaped_) builder_.attribute({{}, "escaped-key", {}}, "true");
        builder_.attribute({{}, "key", {}}, key_);
        has_key_ = false;
    }

    void leaf(std::string_view local, std::string_view text, bool escaped) {
        if (skipped_ > 0) return;
        if (skip_next_) {
            skip_next_ = has_key_ = false;
            return;
        }
        start(local);
        if (escaped) builder_.attribute({{}, "escaped", {}}, "true");
        builder_.text(text);
        builder_.end_element();
    }

    void open(std::string_view local) {
        if (skipped_ > 0 || skip_next_) {
            skip_next_ = has_key_ = false;
            ++skipped_;
            return;
        }
        start(local);
        keys_.emplace_back();
    }
    void close() {
        if (skipped_ > 0) {
            --skipped_;
            return;
        }
        keys_.pop_back();
        builder_.end_element();
    }

    CallContext& call_;
    Duplicates duplicates_;
    xml::TreeBuilder builder_;
    std::string key_;
    bool key_escaped_ = false;
    bool has_key_ = false;
    bool skip_next_ = false;   // the value of a key that was there before
    std::size_t skipped_ = 0;  // maps and arrays that are open within such a value
    std::vector<std::unordered_set<std::string>> keys_;
};

}  // namespace

Value json_to_xml(CallContext& call, Arguments arguments) {
    const JsonOptions options = JsonOptions::of(call, arguments.size() > 1 ? arguments[1] : Value());
    const Duplicates duplicates =
        options.duplicates.value_or(options.validate ? Duplicates::reject : Duplicates::retain);
    if (duplicates == Duplicates::use_last || (options.validate && duplicates == Duplicates::retain))
        fail(Code::FOJS0005, "the option duplicates has a value that cannot be here",
             "there are reject, use-first and, without validation, retain");
    if (options.validate)
        fail(Code::FOJS0004, "there is no schema to validate by", "leave the option validate out");
    if (arguments[0].empty()) return {};
    XmlBuilder builder(call, duplicates);
    read_json(call, text(arguments[0]), options, builder);
    return builder.result();
}

}  // namespace clacks::xquery
