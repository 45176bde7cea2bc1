#include "common/xquery/serialize/serializer.hpp"

#include "common/xquery/serialize/markup.hpp"
#include "common/xquery/serialize/normalize.hpp"
#include "common/xquery/serialize/settings.hpp"

namespace clacks::xquery {

namespace {

class TextEscaping final : public Escaping {
  public:
    bool escape(std::string&, char32_t, std::string_view) const override { return false; }
    void refer(std::string&, char32_t c) const override { cannot_be_encoded(c); }
};

// The text method (8): text nodes alone.
void write_text(Output& out, std::span<const Part> parts) {
    const TextEscaping escaping;
    for (const Part& part : parts) {
        if (part.tree == nullptr) {
            out.characters(part.text, escaping);
        } else if (part.tree->kind(part.node) == xml::NodeKind::element) {
            out.characters(part.tree->string_value(part.node), escaping);
        }
        out.steps().take();
    }
}

}  // namespace

std::string serialize(const Value& value, const SerializationParameters& parameters, Steps& steps,
                      std::size_t limit) {
    check(parameters);
    Output out(parameters, steps, limit);
    if (parameters.method == "json") {
        write_json(out, parameters, value, limit);
    } else if (parameters.method == "adaptive") {
        write_adaptive(out, parameters, value, limit);
    } else {
        const std::vector<Part> parts = normalize_sequence(value, parameters, steps, limit);
        if (parameters.method == "text") {
            write_text(out, parts);
        } else {
            write_markup(out, parameters, parts);
        }
    }
    return out.take();
}

}  // namespace clacks::xquery
