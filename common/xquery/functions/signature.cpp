#include "common/xquery/functions/signature.hpp"

#include <deque>
#include <mutex>
#include <stdexcept>

namespace clacks::xquery {

namespace {

class Reader {
  public:
    explicit Reader(std::string_view text) : all_(text), rest_(text) {}

    void space() {
        while (!rest_.empty() && rest_.front() == ' ') rest_.remove_prefix(1);
    }
    bool take(std::string_view symbol) {
        space();
        if (!rest_.starts_with(symbol)) return false;
        rest_.remove_prefix(symbol.size());
        return true;
    }
    void expect(std::string_view symbol) {
        if (!take(symbol))
            throw std::logic_error("signature '" + std::string(all_) + "': no '" + std::string(symbol) + "'");
    }
    std::string_view until(std::string_view stop) {
        space();
        const std::size_t end = std::min(rest_.find_first_of(stop), rest_.size());
        const std::string_view found = rest_.substr(0, end);
        rest_.remove_prefix(end);
        return found;
    }
    SequenceType type() {
        SequenceType type;
        if (take("(")) {  // (function(…) as …)?
            type = this->type();
            expect(")");
        } else {
            type.item = item_type(type.empty);
        }
        type.occurrence = Occurrence::one;
        if (take("?"))
            type.occurrence = Occurrence::optional;
        else if (take("*"))
            type.occurrence = Occurrence::any;
        else if (take("+"))
            type.occurrence = Occurrence::some;
        return type;
    }
    bool finished() {
        space();
        return rest_.empty();
    }

  private:
    ItemType item_type(bool& empty) {
        ItemType type;
        const std::string_view name = until("()?*+,] ");
        if (!take("(")) {
            if (!name.starts_with("xs:"))
                throw std::logic_error("signature '" + std::string(all_) + "': no type");
            const auto atomic = type_named(name.substr(3));
            if (!atomic) throw std::logic_error("signature '" + std::string(all_) + "': unknown type");
            return ItemType::of(*atomic);
        }
        type.kind = kind_named(name);
        empty = name == "empty-sequence";
        if (take(")")) return no_inner(type);
        if (take("*"))
            expect(")");
        else
            type.inner = inner(type.kind);
        return type;
    }
    // node(), but function() too, which takes nothing.
    ItemType no_inner(ItemType type) {
        if (type.kind == ItemType::Kind::function) {
            expect("as");
            type.inner = keep({}, this->type());
        }
        return type;
    }
    const InnerTypes* inner(ItemType::Kind kind) {
        std::vector<SequenceType> types{type()};
        while (take(",")) types.push_back(type());
        expect(")");
        if (kind == ItemType::Kind::function) {
            expect("as");
            return keep(std::move(types), type());
        }
        SequenceType result = types.back();
        types.pop_back();
        return keep(std::move(types), result);
    }
    // For ever: signatures are read once in the life of the process.
    static const InnerTypes* keep(std::vector<SequenceType> parameters, const SequenceType& result) {
        struct Kept {
            std::vector<SequenceType> parameters;
            SequenceType result;
            InnerTypes types;
        };
        static std::deque<Kept> all;
        static std::mutex mutex;
        const std::lock_guard lock(mutex);
        Kept& kept = all.emplace_back(Kept{std::move(parameters), result, {}});
        kept.types = {kept.parameters, &kept.result};
        return &kept.types;
    }
    ItemType::Kind kind_named(std::string_view name) const {
        using Kind = ItemType::Kind;
        if (name == "node") return Kind::node;
        if (name == "element") return Kind::element;
        if (name == "document-node") return Kind::document;
        if (name == "function") return Kind::function;
        if (name == "map") return Kind::map;
        if (name == "array") return Kind::array;
        if (name == "item" || name == "empty-sequence") return Kind::item;
        throw std::logic_error("signature '" + std::string(all_) + "': unknown kind of item");
    }
    std::string_view all_;
    std::string_view rest_;
};

}  // namespace

std::string_view signature_namespace(std::string_view prefix) {
    if (prefix == "fn") return kFnNamespace;
    if (prefix == "math") return kMathNamespace;
    if (prefix == "map") return kMapNamespace;
    if (prefix == "array") return kArrayNamespace;
    if (prefix == "xs") return kXsNamespace;
    return {};
}

SequenceType parse_type(std::string_view text) {
    return Reader(text).type();
}

Function parse_signature(const FunctionRow& row) {
    Function function;
    function.signature = row.signature;
    function.run = row.run;
    function.effects = row.effects;
    function.intrinsic = row.intrinsic;
    Reader reader(row.signature);
    function.shown = reader.until("(");
    const std::size_t colon = function.shown.find(':');
    if (colon == std::string_view::npos)
        throw std::logic_error("signature '" + std::string(row.signature) + "': a name without a prefix");
    function.uri = signature_namespace(function.shown.substr(0, colon));
    function.local = function.shown.substr(colon + 1);
    if (function.uri.empty())
        throw std::logic_error("signature '" + std::string(row.signature) + "': unknown prefix");
    reader.expect("(");
    bool optional = false;
    bool repeats = false;
    while (!reader.take(")")) {
        if (reader.take("[")) optional = true;
        reader.take(",");
        if (reader.take("...")) {
            repeats = true;
            continue;
        }
        reader.expect("$");
        Parameter parameter;
        parameter.name = reader.until(" ");
        reader.expect("as");
        parameter.type = reader.type();
        function.parameters.push_back(parameter);
        if (!optional) ++function.min_arity;
        reader.take("]");
    }
    function.max_arity = repeats ? Function::kUnbounded : static_cast<unsigned>(function.parameters.size());
    reader.expect("as");
    function.result = reader.type();
    if (!reader.finished())
        throw std::logic_error("signature '" + std::string(row.signature) + "': text after the end");
    return function;
}

}  // namespace clacks::xquery
