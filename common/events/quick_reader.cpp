#include "common/events/quick_reader.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "common/events/event.hpp"
#include "common/xml/prolog.hpp"

namespace clacks::events {

namespace {

constexpr std::size_t kMaxDepth = 64;  // it calls itself

constexpr std::string_view kDeclarations[] = {
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
    "<?xml version='1.0' encoding='UTF-8'?>",
    "<?xml version=\"1.0\" encoding=\"utf-8\"?>",
    "<?xml version='1.0' encoding='utf-8'?>",
    "<?xml version=\"1.0\"?>",
    "<?xml version='1.0'?>",
};

constexpr std::pair<std::string_view, std::string_view> kEntities[] = {
    {"amp;", "&"}, {"lt;", "<"}, {"gt;", ">"}, {"quot;", "\""}, {"apos;", "'"}};

// Bytes that stand for themselves in text. The others are markup, ends of lines, not allowed, or (0xEF)
// may begin a character that is not allowed.
constexpr std::array<bool, 256> kPlain = [] {
    std::array<bool, 256> plain{};
    for (std::size_t c = 0; c < plain.size(); ++c)
        plain[c] = (c >= 0x20 || c == '\t') && c != '<' && c != '>' && c != '&' && c != 0xEF;
    return plain;
}();

bool ends_name(char c) {
    return c == '>' || c == '/' || c == ' ' || c == '\t' || c == '\n';
}

bool is_digits(std::string_view text, std::size_t most) {
    return !text.empty() && text.size() <= most &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_real(std::string_view text, std::size_t most) {
    const std::size_t point = text.find('.');
    if (point == std::string_view::npos) return is_digits(text, most);
    return is_digits(text.substr(0, point), most) && is_digits(text.substr(point + 1), most);
}

bool is_value(std::string_view text, const Shape& shape) {
    const std::string_view unsigned_text = text.starts_with('-') ? text.substr(1) : text;
    switch (shape.text) {
        case Shape::Text::any:
            return true;
        case Shape::Text::listed:
            return std::find(shape.listed.begin(), shape.listed.end(), text) != shape.listed.end();
        case Shape::Text::boolean:
            return text == "true" || text == "false" || text == "1" || text == "0";
        case Shape::Text::natural:
            return is_digits(text, shape.digits);
        case Shape::Text::whole:
            return is_digits(unsigned_text, shape.digits);
        case Shape::Text::real:
            return is_real(unsigned_text, shape.digits);
    }
    return false;
}

// Which of a shape's children came so far.
class Children {
  public:
    explicit Children(const Shape& shape) : shape_(shape) {}

    // The child with this name, if it may come now.
    const Shape* take(std::string_view name) {
        switch (shape_.content) {
            case Shape::Content::sequence:
                return take_next(name);
            case Shape::Content::choice:
                return count_++ == 0 ? find(name) : nullptr;
            case Shape::Content::all:
                return take_once(name);
            default:
                return nullptr;
        }
    }

    // Whether nothing is missing.
    bool complete() const {
        const auto& children = shape_.children;
        if (shape_.content == Shape::Content::choice) return count_ == 1;
        if (shape_.content == Shape::Content::all) {
            for (std::size_t i = 0; i < children.size(); ++i)
                if (children[i].min > 0 && (seen_ >> i & 1) == 0) return false;
            return true;
        }
        for (std::size_t i = at_; i < children.size(); ++i)
            if ((i == at_ ? count_ : 0) < children[i].min) return false;
        return true;
    }

  private:
    const Shape* find(std::string_view name) const {
        for (const Shape::Child& child : shape_.children)
            if (child.shape->name == name) return child.shape;
        return nullptr;
    }

    const Shape* take_once(std::string_view name) {
        for (std::size_t i = 0; i < shape_.children.size(); ++i) {
            const Shape* child = shape_.children[i].shape;
            if (child->name != name) continue;
            const bool again = std::exchange(seen_, seen_ | std::uint64_t{1} << i) >> i & 1;
            return again ? nullptr : child;
        }
        return nullptr;
    }

    const Shape* take_next(std::string_view name) {
        const auto& children = shape_.children;
        for (; at_ < children.size(); ++at_, count_ = 0) {
            const Shape::Child& child = children[at_];
            if (child.shape->name == name) {
                ++count_;
                return child.max != 0 && count_ > child.max ? nullptr : child.shape;
            }
            if (count_ < child.min) return nullptr;
        }
        return nullptr;
    }

    const Shape& shape_;
    std::uint64_t seen_ = 0;   // all: a bit for each child
    std::size_t at_ = 0;       // sequence: the child that came last
    std::uint32_t count_ = 0;  // sequence: how often; choice: of all
};

class QuickReader {
  public:
    QuickReader(std::string_view bytes, std::size_t depth, xml::TreeBuilder& builder)
        : rest_(bytes), depth_(depth), builder_(builder) {}

    bool document(const Shape& event) {
        if (rest_.starts_with("<?") && !take_declaration()) return false;
        take_space();
        if (!take("<") || !take(event.name) || !take(" xmlns=")) return false;
        const bool double_quote = take("\"");
        if (!double_quote && !take("'")) return false;
        if (!take(kNamespace) || !take(double_quote ? "\"" : "'")) return false;
        builder_.start_document();
        start(event);
        builder_.namespace_binding("", kNamespace);
        if (!element(event)) return false;
        take_space();
        builder_.end_document();
        return rest_.empty();
    }

  private:
    bool take(std::string_view text) {
        if (!rest_.starts_with(text)) return false;
        rest_.remove_prefix(text.size());
        return true;
    }

    bool take_declaration() {
        return std::any_of(std::begin(kDeclarations), std::end(kDeclarations),
                           [&](std::string_view declaration) { return take(declaration); });
    }

    std::string_view take_space() {
        std::size_t size = 0;
        for (; size < rest_.size(); ++size) {
            const char c = rest_[size];
            if (c == '\n')
                ++line_;
            else if (c != ' ' && c != '\t')
                break;
        }
        const std::string_view space = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return space;
    }

    void start(const Shape& shape) {
        builder_.start_element({kNamespace, shape.name, {}}, shape.hash, line_);
    }

    // What follows the name of a start tag that the builder knows of, up to the end of the element.
    bool element(const Shape& shape) {
        if (shape.content == Shape::Content::opaque || depth_ == 0) return false;
        const bool closed = take("/>");
        if (!closed && !take(">")) return false;
        --depth_;
        if (!(shape.content == Shape::Content::text ? text(shape, closed) : children(shape, closed)))
            return false;
        ++depth_;
        builder_.end_element();
        return closed || (take("</") && take(shape.name) && take(">"));
    }

    // Up to the next "</", which element() looks at.
    bool children(const Shape& shape, bool closed) {
        Children children(shape);
        while (!closed) {
            const std::string_view space = take_space();
            if (!space.empty() && shape.content == Shape::Content::empty) return false;
            builder_.text(space);
            if (rest_.starts_with("</")) break;
            if (!take("<")) return false;
            const auto end = std::find_if(rest_.begin(), rest_.end(), ends_name);
            const std::string_view name(rest_.begin(), end);
            const Shape* child = children.take(name);
            if (!child) return false;
            rest_.remove_prefix(name.size());
            start(*child);
            if (!element(*child)) return false;
        }
        return children.complete();
    }

    bool text(const Shape& shape, bool closed) {
        if (closed) return is_value("", shape);
        const std::string_view run = take_plain();
        if (rest_.starts_with('<')) {
            builder_.text(run);
            return is_value(run, shape);
        }
        if (shape.text != Shape::Text::any) return false;
        builder_.text(run);
        while (take("&")) {
            const auto* entity = std::find_if(std::begin(kEntities), std::end(kEntities),
                                              [&](const auto& row) { return take(row.first); });
            if (entity == std::end(kEntities)) return false;
            builder_.text(entity->second);
            builder_.text(take_plain());
        }
        return rest_.starts_with('<');
    }

    std::string_view take_plain() {
        std::size_t size = 0;
        for (; size < rest_.size(); ++size) {
            const char c = rest_[size];
            if (kPlain[static_cast<unsigned char>(c)]) continue;
            if (c != '\n') break;
            ++line_;
        }
        const std::string_view run = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return run;
    }

    std::string_view rest_;
    std::size_t depth_;  // levels that may still be opened
    xml::TreeBuilder& builder_;
    std::uint32_t line_ = 1;
};

}  // namespace

bool read_quickly(std::string_view bytes, const Shape& event, const xml::ParseLimits& limits,
                  xml::TreeBuilder& builder) {
    if (limits.attributes == 0) return false;  // the declaration of the namespace is one
    return QuickReader(xml::without_bom(bytes), std::min(limits.depth, kMaxDepth), builder).document(event);
}

}  // namespace clacks::events
