#include "common/acl/pattern.hpp"

namespace clacks::acl {

Pattern::Pattern(std::string_view text) {
    for (std::size_t star = 0; star != std::string_view::npos; text.remove_prefix(star + 1)) {
        star = text.find('*');
        pieces_.emplace_back(text.substr(0, star));
        if (star == std::string_view::npos) return;
    }
}

Pattern Pattern::exactly(std::string_view text) {
    Pattern made;
    made.pieces_.front() = text;
    return made;
}

// The leftmost place of each piece is as good as any other: it leaves the most for the pieces behind it.
bool Pattern::matches(std::string_view text) const {
    if (literal()) return text == pieces_.front();
    const std::string &first = pieces_.front(), &last = pieces_.back();
    if (text.size() < first.size() + last.size() || !text.starts_with(first) || !text.ends_with(last))
        return false;
    text = text.substr(first.size(), text.size() - first.size() - last.size());
    for (std::size_t i = 1; i + 1 < pieces_.size(); ++i) {
        const std::size_t found = text.find(pieces_[i]);
        if (found == std::string_view::npos) return false;
        text.remove_prefix(found + pieces_[i].size());
    }
    return true;
}

Pattern operator+(Pattern first, const Pattern& second) {
    first.pieces_.back() += second.pieces_.front();
    first.pieces_.insert(first.pieces_.end(), second.pieces_.begin() + 1, second.pieces_.end());
    return first;
}

}  // namespace clacks::acl
