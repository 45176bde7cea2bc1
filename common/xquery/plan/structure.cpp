#include "common/xquery/plan/structure.hpp"

#include <memory>

#include "common/xquery/values/array.hpp"
#include "common/xquery/values/describe.hpp"
#include "common/xquery/values/function_item.hpp"
#include "common/xquery/values/map.hpp"

namespace clacks::xquery::plan {

namespace {

void is_one_item(Traits& traits, Type type) {
    traits.kinds = kind_of(type);
    traits.at_least_one = true;
}

// What one map or array gives for the keys, or all that it holds.
class LookupSink final : public Sink {
  public:
    LookupSink(Plan key, std::size_t where, Frame& frame, Sink& next)
        : key_(key), where_(where), frame_(frame), next_(next) {}

    bool take(const Item& item) override {
        frame_.where = where_;
        frame_.steps.take();
        if (item.type != Type::map && item.type != Type::array)
            fail(Code::XPTY0004,
                 "only maps and arrays can be looked up with ?, and this is " + describe(item));
        if (key_ == nullptr) return everything(item);
        // The key sees the focus of the lookup, whatever the operand did with it.
        const Value keys = atomize(key_->all(frame_), frame_.arena, frame_.steps);
        for (const Item key : keys) {
            frame_.where = where_;
            const Value found =
                item.type == Type::map ? look_up(item.map(), key) : look_up(item.array(), key);
            if (!push_value(found, frame_, next_)) return false;
        }
        return true;
    }

  private:
    bool everything(const Item& item) {
        if (item.type == Type::map) {
            return item.map().each(
                [&](const MapItem::Entry& entry) { return push_value(entry.value, frame_, next_); });
        }
        for (const Value& member : item.array().members()) {
            if (!push_value(member, frame_, next_)) return false;
        }
        return true;
    }

    Plan key_;
    std::size_t where_;
    Frame& frame_;
    Sink& next_;
};

}  // namespace

MapConstructor::MapConstructor(std::span<const EntryPlan> entries) : entries_(entries) {
    is_one_item(traits, Type::map);
    for (const EntryPlan& entry : entries)
        traits.effects |= entry.key->traits.effects | entry.value->traits.effects;
}

Single MapConstructor::single(Frame& frame) const {
    MapBuilder map(frame.arena);
    for (const EntryPlan& entry : entries_) {
        frame.steps.take();
        const Single key = atomized(entry.key, frame);
        frame.where = entry.key->offset;
        if (key.count != 1)
            fail(Code::XPTY0004, std::string("the key of a map's entry must be exactly one value, and is ") +
                                     (key.empty() ? "an empty sequence" : "a sequence of several"));
        if (!map.put(key.item, entry.value->all(frame))) {
            frame.where = entry.key->offset;
            fail(Code::XQDY0137, "the key " + describe(key.item) + " is there twice",
                 "use map:merge() where the last one shall count");
        }
    }
    return {Item::of_map(map.finish()), 1};
}

SquareArray::SquareArray(std::span<const Plan> members) : members_(members) {
    is_one_item(traits, Type::array);
    for (const Plan member : members) traits.effects |= member->traits.effects;
}

Single SquareArray::single(Frame& frame) const {
    frame.steps.take(1 + members_.size());
    const std::span<Value> members = frame.arena.take_array<Value>(members_.size());
    for (std::size_t i = 0; i < members.size(); ++i) std::construct_at(&members[i], members_[i]->all(frame));
    return {Item::of_array(ArrayItem::of(members, frame.arena)), 1};
}

CurlyArray::CurlyArray(Plan content) : content_(content) {
    is_one_item(traits, Type::array);
    traits.effects = content->traits.effects;
}

Single CurlyArray::single(Frame& frame) const {
    const Value items = content_->all(frame);
    frame.steps.take(1 + items.size());
    const std::span<Value> members = frame.arena.take_array<Value>(items.size());
    for (std::size_t i = 0; i < members.size(); ++i) std::construct_at(&members[i], items[i]);
    return {Item::of_array(ArrayItem::of(members, frame.arena)), 1};
}

Lookup::Lookup(Plan operand, Plan key) : operand_(operand), key_(key) {
    traits.effects = operand->traits.effects;
    if (key != nullptr) traits.effects |= key->traits.effects;
}

bool Lookup::push(Frame& frame, Sink& sink) const {
    LookupSink link(key_, offset, frame, sink);
    if (key_ == nullptr || !key_->traits.uses_focus()) return operand_->push(frame, link);
    // The operand may change the focus while it pushes, and the key needs the one of here.
    return push_value(operand_->all(frame), frame, link);
}

}  // namespace clacks::xquery::plan
