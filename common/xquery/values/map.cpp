// A map is a trie over the hashes of its keys. Leaves hold up to eight entries in the order in which they
// came, so that a small map is one leaf; a fuller leaf becomes a branch of sixteen, by four bits of the hash.
#include "common/xquery/values/map.hpp"

#include <algorithm>

namespace clacks::xquery {

namespace {

constexpr unsigned kBits = 4;
constexpr unsigned kWidth = 1u << kBits;
constexpr unsigned kHashBits = 64;
constexpr std::uint32_t kLeaf = 8;

struct Slot {
    std::uint64_t hash;
    const MapItem::Entry* entry;
};

unsigned branch_of(std::uint64_t hash, unsigned shift) {
    return static_cast<unsigned>(hash >> shift) & (kWidth - 1);
}

}  // namespace

struct MapNode {
    const void* owner;         // the builder that may still change it, or null
    const MapNode** children;  // of a branch: kWidth of them, some null; null for a leaf
    Slot* slots = nullptr;     // of a leaf
    std::uint32_t count = 0;   // of `slots`; more than kLeaf only where the hash is used up
    std::uint32_t capacity = 0;
};

namespace {

// Puts one entry into a trie. Nodes of the same owner are changed in place, others are copied.
class Insertion {
  public:
    Insertion(Arena& arena, const void* owner, const Slot& slot)
        : arena_(arena), owner_(owner), slot_(slot) {}

    const MapNode* into(const MapNode* node, unsigned shift) {
        if (node == nullptr) {
            MapNode* leaf = new_leaf(kLeaf);
            add(*leaf);
            return leaf;
        }
        if (node->children == nullptr) return into_leaf(*node, shift);
        MapNode& branch = own_branch(*node);
        const MapNode*& child = branch.children[branch_of(slot_.hash, shift)];
        child = into(child, shift + kBits);
        return &branch;
    }
    bool added = false;

  private:
    MapNode* new_leaf(std::uint32_t capacity) {
        return arena_.make(MapNode{owner_, nullptr, arena_.take_array<Slot>(capacity).data(), 0, capacity});
    }
    void add(MapNode& leaf) {
        leaf.slots[leaf.count++] = slot_;
        added = true;
    }
    MapNode& own_branch(const MapNode& branch) {
        if (owner_ != nullptr && branch.owner == owner_) return const_cast<MapNode&>(branch);
        const auto children = arena_.take_array<const MapNode*>(kWidth);
        std::copy_n(branch.children, kWidth, children.begin());
        return *arena_.make(MapNode{owner_, children.data()});
    }
    MapNode& own_leaf(const MapNode& leaf, std::uint32_t wanted) {
        if (owner_ != nullptr && leaf.owner == owner_ && wanted <= leaf.capacity)
            return const_cast<MapNode&>(leaf);
        MapNode* copy = new_leaf(std::max(kLeaf, wanted <= kLeaf ? wanted : wanted * 2));
        std::copy_n(leaf.slots, leaf.count, copy->slots);
        copy->count = leaf.count;
        return *copy;
    }
    const MapNode* into_leaf(const MapNode& leaf, unsigned shift) {
        for (std::uint32_t i = 0; i < leaf.count; ++i) {
            if (leaf.slots[i].hash != slot_.hash || !same_key(leaf.slots[i].entry->key, slot_.entry->key))
                continue;
            MapNode& changed = own_leaf(leaf, leaf.count);
            changed.slots[i] = slot_;
            return &changed;
        }
        if (leaf.count < kLeaf || shift >= kHashBits) {
            MapNode& longer = own_leaf(leaf, leaf.count + 1);
            add(longer);
            return &longer;
        }
        return into(split(leaf, shift), shift);
    }
    const MapNode* split(const MapNode& leaf, unsigned shift) {
        const auto children = arena_.take_array<const MapNode*>(kWidth);
        std::fill(children.begin(), children.end(), nullptr);
        for (std::uint32_t i = 0; i < leaf.count; ++i) {
            Insertion one(arena_, owner_, leaf.slots[i]);
            const MapNode*& child = children[branch_of(leaf.slots[i].hash, shift)];
            child = one.into(child, shift + kBits);
        }
        return arena_.make(MapNode{owner_, children.data()});
    }

    Arena& arena_;
    const void* owner_;
    Slot slot_;
};

// Without the slot that is found at `entry`.
const MapNode* without(const MapNode& node, std::uint64_t hash, const MapItem::Entry* entry, unsigned shift,
                       Arena& arena) {
    if (node.children == nullptr) {
        if (node.count == 1) return nullptr;
        const auto slots = arena.take_array<Slot>(std::max(kLeaf, node.count));
        const auto end = std::copy_if(node.slots, node.slots + node.count, slots.data(),
                                      [&](const Slot& slot) { return slot.entry != entry; });
        return arena.make(MapNode{nullptr, nullptr, slots.data(),
                                  static_cast<std::uint32_t>(end - slots.data()),
                                  static_cast<std::uint32_t>(slots.size())});
    }
    const auto children = arena.take_array<const MapNode*>(kWidth);
    std::copy_n(node.children, kWidth, children.begin());
    const MapNode*& child = children[branch_of(hash, shift)];
    child = without(*child, hash, entry, shift + kBits, arena);
    const bool bare = std::all_of(children.begin(), children.end(), [](const MapNode* c) { return !c; });
    return bare ? nullptr : arena.make(MapNode{nullptr, children.data()});
}

}  // namespace

const MapItem& MapItem::none() {
    static const MapItem empty(nullptr, 0);
    return empty;
}

const MapItem::Entry* MapItem::find(const Item& key) const {
    if (root_ == nullptr) return nullptr;
    const std::uint64_t hash = hash_key(key);
    const MapNode* node = root_;
    for (unsigned shift = 0; node->children != nullptr; shift += kBits) {
        node = node->children[branch_of(hash, shift)];
        if (node == nullptr) return nullptr;
    }
    for (std::uint32_t i = 0; i < node->count; ++i) {
        const Slot& slot = node->slots[i];
        if (slot.hash == hash && same_key(slot.entry->key, key)) return slot.entry;
    }
    return nullptr;
}

const MapItem& MapItem::put(const Item& key, const Value& value, Arena& arena) const {
    Insertion insertion(arena, nullptr, {hash_key(key), arena.make(Entry{key, value})});
    const MapNode* root = insertion.into(root_, 0);
    return *arena.make(MapItem(root, size_ + (insertion.added ? 1 : 0)));
}

const MapItem& MapItem::remove(const Item& key, Arena& arena) const {
    const Entry* entry = find(key);
    if (entry == nullptr) return *this;
    return *arena.make(MapItem(without(*root_, hash_key(key), entry, 0, arena), size_ - 1));
}

std::span<const MapItem::Entry* const> MapItem::entries(Arena& arena) const {
    const auto out = arena.take_array<const Entry*>(size_);
    std::size_t n = 0;
    each([&](const Entry& entry) {
        out[n++] = &entry;
        return true;
    });
    return out.first(n);
}

bool MapItem::walk(const MapNode* node, bool (*visit)(const Entry&, void*), void* to) {
    if (node == nullptr) return true;
    if (node->children != nullptr) {
        return std::all_of(node->children, node->children + kWidth,
                           [&](const MapNode* child) { return walk(child, visit, to); });
    }
    return std::all_of(node->slots, node->slots + node->count,
                       [&](const Slot& slot) { return visit(*slot.entry, to); });
}

MapBuilder::MapBuilder(Arena& arena, const MapItem& from)
    : arena_(arena), map_(from), owner_(arena.take(1, 1)) {}

bool MapBuilder::put(const Item& key, const Value& value) {
    Insertion insertion(arena_, owner_, {hash_key(key), arena_.make(MapItem::Entry{key, value})});
    map_.root_ = insertion.into(map_.root_, 0);
    if (insertion.added) ++map_.size_;
    return insertion.added;
}

const MapItem& MapBuilder::finish() const {
    return *arena_.make(map_);
}

}  // namespace clacks::xquery
