// fn:analyze-string (Functions and Operators 3.1, 5.6.5).
#include <new>
#include <string>
#include <vector>

#include "common/xquery/functions/patterns.hpp"

namespace clacks::xquery {

namespace {

class Result {
  public:
    Result(CallContext& call, std::string_view input, const Regex& regex)
        : call_(call), input_(input), regex_(regex), builder_(&call.arena), groups_(regex.groups() + 1) {}

    Value make() {
        start("analyze-string-result");
        builder_.namespace_binding("fn", kFnNamespace);
        each_match(
            call_, regex_, input_, groups_,
            [&](std::string_view other) {
                if (other.empty()) return;
                start("non-match");
                builder_.text(other);
                builder_.end_element();
            },
            [&] {
                start("match");
                content_of(0);
                builder_.end_element();
            });
        builder_.end_element();
        auto* tree =
            new (call_.arena.take(sizeof(xml::Tree), alignof(xml::Tree))) xml::Tree(builder_.finish());
        return Item::of_node(*tree, 0);
    }

  private:
    void start(std::string_view local) {
        call_.steps.take();
        builder_.start_element({kFnNamespace, local, "fn"});
    }

    bool lies_in(const Captured& inner, std::size_t from, const Captured& outer) const {
        return inner.matched() && inner.begin >= from && inner.end <= outer.end;
    }

    // The text that a group captured, with elements for the groups directly in it. Of those that captured
    // something in an earlier round of a repetition, nothing is told.
    void content_of(std::size_t group) {
        const Captured& all = groups_[group];
        std::size_t at = all.begin;
        for (std::size_t inner = group + 1; inner < groups_.size(); ++inner) {
            if (regex_.parent(inner) != group || !lies_in(groups_[inner], at, all)) continue;
            builder_.text(input_.substr(at, groups_[inner].begin - at));
            start("group");
            builder_.attribute({{}, "nr", {}}, std::to_string(inner));
            content_of(inner);
            builder_.end_element();
            at = groups_[inner].end;
        }
        builder_.text(input_.substr(at, all.end - at));
    }

    CallContext& call_;
    std::string_view input_;
    const Regex& regex_;
    xml::TreeBuilder builder_;
    std::vector<Captured> groups_;
};

}  // namespace

Value analyze_string(CallContext& call, Arguments arguments) {
    const Pattern pattern(call, arguments, 2);
    need_some_text(call, *pattern);
    return Result(call, text(arguments[0]), *pattern).make();
}

}  // namespace clacks::xquery
