// Closed intervals, and which of them a value lies in: a B+ tree in the order of the lower bounds that knows
// how far each part of it reaches (as the interval trees of Cormen et al., with many children a node, as a
// miss of the processor's cache costs more than a few comparisons). O(log n) for inserting and erasing in
// place, O(log n) for a value in few of them.
//
// Thread safety: const members from any thread, with no other member at the same time.
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <memory>
#include <tuple>
#include <utility>
#include <vector>

namespace clacks::matching {

template <class T>
class Intervals {
  public:
    std::size_t size() const { return size_; }

    // No two with the same bounds and number.
    void insert(T low, T high, std::uint32_t number) {
        T reach = high;
        auto right = insert_into(root_, {std::move(low), std::move(high), std::move(reach), number, nullptr});
        ++size_;
        if (right.empty()) return;
        Node left = std::move(root_);
        root_ = Node();
        root_.push_back(summary(std::move(left)));
        root_.push_back(summary(std::move(right)));
    }

    // One that was inserted.
    void erase(const T& low, const T& high, std::uint32_t number) {
        erase_from(root_, Key(low, high, number));
        --size_;
        while (root_.size() == 1 && root_.front().child) {
            Node only = std::move(*root_.front().child);
            root_ = std::move(only);
        }
    }

    // Calls visit(number) for each that the value lies in, until one call returns false.
    template <class Visit>
    bool visit(const auto& value, Visit&& visit) const {
        return visit_in(root_, value, visit);
    }

  private:
    struct Entry;
    using Node = std::vector<Entry>;
    // An interval, or the summary of a child: its first interval and the highest bound in it.
    struct Entry {
        T low;
        T high;
        T reach;
        std::uint32_t number;
        std::unique_ptr<Node> child;
    };
    using Key = std::tuple<const T&, const T&, std::uint32_t>;
    static constexpr std::size_t kFull = 32;

    static Key key(const Entry& entry) { return Key(entry.low, entry.high, entry.number); }

    static Entry summary(Node&& node) {
        Entry entry{{}, {}, {}, 0, std::make_unique<Node>(std::move(node))};
        refresh(entry);
        return entry;
    }
    static void refresh(Entry& entry) {
        const Node& node = *entry.child;
        entry.low = node.front().low;
        entry.high = node.front().high;
        entry.number = node.front().number;
        entry.reach = std::max_element(node.begin(), node.end(), [](const Entry& a, const Entry& b) {
                          return a.reach < b.reach;
                      })->reach;
    }

    // Behind the last entry that is not greater.
    static typename Node::iterator behind(Node& node, const Key& wanted) {
        return std::upper_bound(node.begin(), node.end(), wanted,
                                [](const Key& a, const Entry& b) { return a < key(b); });
    }
    static typename Node::iterator child_for(Node& node, const Key& wanted) {
        const auto place = behind(node, wanted);
        return place == node.begin() ? place : std::prev(place);
    }

    // What the node has no room for: its right half, or nothing.
    static Node insert_into(Node& node, Entry entry) {
        if (node.empty() || !node.front().child) {
            node.insert(behind(node, key(entry)), std::move(entry));
        } else {
            const auto place = child_for(node, key(entry));
            Node right = insert_into(*place->child, std::move(entry));
            refresh(*place);
            if (!right.empty()) node.insert(std::next(place), summary(std::move(right)));
        }
        if (node.size() <= kFull) return {};
        const auto middle = node.begin() + kFull / 2;
        Node right(std::make_move_iterator(middle), std::make_move_iterator(node.end()));
        node.erase(middle, node.end());
        return right;
    }

    static void erase_from(Node& node, const Key& wanted) {
        const auto place = child_for(node, wanted);
        if (!place->child) {
            node.erase(place);
            return;
        }
        erase_from(*place->child, wanted);
        if (place->child->empty()) {
            node.erase(place);
            return;
        }
        refresh(*place);
        const auto next = std::next(place);
        if (next != node.end() && place->child->size() + next->child->size() <= kFull / 2) {
            std::move(next->child->begin(), next->child->end(), std::back_inserter(*place->child));
            node.erase(next);
            refresh(*place);
        }
    }

    template <class Visit>
    static bool visit_in(const Node& node, const auto& value, Visit& visit) {
        for (const Entry& entry : node) {
            if (value < entry.low) break;
            if (entry.reach < value) continue;
            if (!(entry.child ? visit_in(*entry.child, value, visit) : visit(entry.number))) return false;
        }
        return true;
    }

    Node root_;
    std::size_t size_ = 0;
};

}  // namespace clacks::matching
