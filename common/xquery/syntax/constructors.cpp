// Node constructors (XQuery 3.1, 3.9). Direct ones follow the syntax of XML: no comments, white space counts.
#include "common/xquery/syntax/grammar.hpp"

namespace clacks::xquery::syntax {

void Parser::skip_plain_space() {
    while (is_space(scan_.here())) scan_.advance();
}

const Expr* Parser::direct_constructor() {
    if (scan_.here_is("<!--")) return direct_comment();
    if (scan_.here_is("<?")) return direct_processing_instruction();
    const std::size_t next = scan_.position() + 1;
    if (next < scan_.text().size() && is_name_start(code_point_at(scan_.text(), next).value))
        return direct_element();
    return nullptr;
}

const Expr* Parser::direct_comment() {
    const std::size_t start = scan_.position();
    const std::size_t from = start + 4;
    const std::size_t end = scan_.text().find("--", from);
    if (end == std::string_view::npos)
        scan_.fail_at(start, "the XML comment is not closed", "end it with '-->'");
    if (!scan_.text().substr(end).starts_with("-->"))
        scan_.fail_at(end, "'--' is not allowed in an XML comment");
    scan_.advance(end + 3 - start);
    auto* node = make<DirectComment>(ExprKind::direct_comment, start);
    node->text = scan_.text().substr(from, end - from);
    return node;
}

const Expr* Parser::direct_processing_instruction() {
    const std::size_t start = scan_.position();
    scan_.advance(2);
    const std::string_view target = scan_.take_ncname_here();
    if (target.empty()) scan_.fail_at(start, "expected the processing instruction's target after '<?'");
    const bool xml = target.size() == 3 && (target[0] | 0x20) == 'x' && (target[1] | 0x20) == 'm' &&
                     (target[2] | 0x20) == 'l';
    if (xml) scan_.fail_at(start, "a processing instruction must not be called 'xml'");
    const std::size_t after = scan_.position();
    skip_plain_space();
    const std::size_t from = scan_.position();
    const std::size_t end = scan_.text().find("?>", from);
    if (end == std::string_view::npos)
        scan_.fail_at(start, "the processing instruction is not closed", "end it with '?>'");
    if (end > from && from == after) scan_.fail_at(from, "expected white space after the target");
    scan_.advance(end + 2 - from);
    auto* node = make<DirectProcessingInstruction>(ExprKind::direct_processing_instruction, start);
    node->target = target;
    node->text = scan_.text().substr(from, end - from);
    return node;
}

const Expr* Parser::direct_element() {
    const Level level(*this);
    const std::size_t start = scan_.position();
    scan_.advance();
    DirectElement element;
    element.name = qname_here("an element name");
    direct_attributes(element);
    if (scan_.here_is("/>")) {
        scan_.advance(2);
    } else if (scan_.here() == '>') {
        scan_.advance();
        element.content = direct_content(element.name);
    } else {
        scan_.fail_at(scan_.position(), "expected '>' or '/>', found " + scan_.found(scan_.position()));
    }
    auto* node = make<DirectElement>(ExprKind::direct_element, start);
    element.kind = node->kind;
    element.span = node->span;
    *node = element;
    return node;
}

void Parser::direct_attributes(DirectElement& element) {
    std::vector<NamespaceAttribute> namespaces;
    std::vector<DirectAttribute> attributes;
    while (true) {
        const std::size_t before = scan_.position();
        skip_plain_space();
        if (scan_.here() == '/' || scan_.here() == '>' || scan_.finished()) break;
        const std::size_t start = scan_.position();
        if (start == before) scan_.fail_at(start, "expected white space before the attribute");
        const Name name = qname_here("an attribute name");
        skip_plain_space();
        if (scan_.here() != '=') scan_.fail_at(scan_.position(), "expected '=' after the attribute's name");
        scan_.advance();
        skip_plain_space();
        const List<TextPart> value = attribute_value();
        const bool declares = name.prefix == "xmlns" || (name.plain() && name.local == "xmlns");
        if (!declares) {
            attributes.push_back({name, value, span_from(start)});
            continue;
        }
        if (value.size() > 1 || (value.size() == 1 && value.front().expr != nullptr))
            scan_.fail_at(start, "a namespace declaration cannot be computed", "write the URI itself",
                          Code::XQST0022);
        const std::string_view uri = value.empty() ? std::string_view() : normalised(value.front().text);
        const std::string_view prefix = name.prefix.empty() ? std::string_view() : name.local;
        if (!prefix.empty() && uri.empty())
            scan_.fail_at(start, "a prefix cannot be bound to no namespace", {}, Code::XQST0085);
        for (const NamespaceAttribute& other : namespaces) {
            if (other.prefix == prefix)
                scan_.fail_at(start, "the element declares this namespace twice", {}, Code::XQST0071);
        }
        namespaces.push_back({prefix, uri, span_from(start)});
    }
    element.namespaces = keep(namespaces);
    element.attributes = keep(attributes);
}

List<TextPart> Parser::attribute_value() {
    const std::size_t start = scan_.position();
    const char quote = scan_.here();
    if (quote != '"' && quote != '\'') scan_.fail_at(start, "expected a quoted attribute value");
    scan_.advance();
    std::vector<TextPart> parts;
    std::string run;
    std::size_t from = scan_.position();
    const auto flush = [&] {
        if (run.empty()) return;
        TextPart part;
        part.text = keep(run);
        part.span = span(from, scan_.position());
        parts.push_back(part);
        run.clear();
    };
    while (true) {
        if (scan_.finished())
            scan_.fail_at(start, "the attribute value is not closed", std::string("end it with ") + quote);
        const char c = scan_.here();
        if (c == quote) {
            if (scan_.here_is(std::string(2, quote))) {
                run += quote;
                scan_.advance(2);
                continue;
            }
            flush();
            scan_.advance();
            return keep(parts);
        }
        if (c == '<')
            scan_.fail_at(scan_.position(), "'<' is not allowed in an attribute value", "write &lt;");
        if (c == '&') {
            reference(run);
        } else if (scan_.here_is("{{") || scan_.here_is("}}")) {
            run += c;
            scan_.advance(2);
        } else if (c == '}') {
            scan_.fail_at(scan_.position(), "'}' stands alone in an attribute value", "write '}}'");
        } else if (c == '{') {
            flush();
            TextPart part;
            const std::size_t at = scan_.position();
            part.expr = enclosed("in the attribute value");
            part.span = span_from(at);
            parts.push_back(part);
            from = scan_.position();
        } else {
            run += is_space(c) ? ' ' : c;
            scan_.advance();
        }
    }
}

List<const Expr*> Parser::direct_content(const Name& name) {
    const std::size_t open = local(name.span);
    std::vector<const Expr*> content;
    std::string run;
    bool boundary = true;  // nothing but literal white space so far
    std::size_t from = scan_.position();
    const auto flush = [&] {
        if (!run.empty()) {
            auto* text = make<DirectText>(ExprKind::direct_text, from);
            text->value = keep(run);
            text->boundary = boundary;
            content.push_back(text);
        }
        run.clear();
        boundary = true;
    };
    while (true) {
        if (scan_.finished())
            scan_.fail_at(open, "the element '" + std::string(name.local) + "' is not closed",
                          "end it with </…>");
        const char c = scan_.here();
        if (scan_.here_is("<![CDATA[")) {
            const std::size_t begin = scan_.position() + 9;
            const std::size_t end = scan_.text().find("]]>", begin);
            if (end == std::string_view::npos)
                scan_.fail_at(scan_.position(), "the CDATA section is not closed", "end it with ]]>");
            run += scan_.text().substr(begin, end - begin);
            boundary = false;
            scan_.advance(end + 3 - scan_.position());
        } else if (scan_.here_is("</")) {
            flush();
            const std::size_t at = scan_.position();
            scan_.advance(2);
            const Name closing = qname_here("the element's name");
            if (closing.prefix != name.prefix || closing.local != name.local)
                scan_.fail_at(
                    at,
                    "the end tag does not fit the start tag of '" + std::string(ast_.text(name.span)) + "'",
                    {}, Code::XQST0118);
            skip_plain_space();
            if (scan_.here() != '>') scan_.fail_at(scan_.position(), "expected '>' in the end tag");
            scan_.advance();
            return keep(content);
        } else if (c == '<') {
            flush();
            const Expr* child = direct_constructor();
            if (child == nullptr)
                scan_.fail_at(scan_.position(), "'<' begins no element, comment or processing instruction",
                              "write &lt;");
            content.push_back(child);
            from = scan_.position();
        } else if (c == '&') {
            reference(run);
            boundary = false;
        } else if (scan_.here_is("{{") || scan_.here_is("}}")) {
            run += c;
            boundary = false;
            scan_.advance(2);
        } else if (c == '}') {
            scan_.fail_at(scan_.position(), "'}' stands alone in element content", "write '}}'");
        } else if (c == '{') {
            flush();
            const std::size_t at = scan_.position();
            const Expr* inner = enclosed("in the element's content");
            auto* node = make<EnclosedContent>(ExprKind::enclosed_content, at);
            node->expr = inner;
            content.push_back(node);
            from = scan_.position();
        } else {
            if (run.empty()) from = scan_.position();
            run += c;
            boundary = boundary && is_space(c);
            scan_.advance();
        }
    }
}

const Expr* Parser::computed_constructor() {
    struct Row {
        std::string_view word;
        ExprKind kind;
        enum { no_name, eqname_or_expr, ncname_or_expr } named;
    };
    static constexpr Row kRows[] = {
        {"element", ExprKind::computed_element, Row::eqname_or_expr},
        {"attribute", ExprKind::computed_attribute, Row::eqname_or_expr},
        {"namespace", ExprKind::computed_namespace, Row::ncname_or_expr},
        {"processing-instruction", ExprKind::computed_processing_instruction, Row::ncname_or_expr},
        {"document", ExprKind::computed_document, Row::no_name},
        {"text", ExprKind::computed_text, Row::no_name},
        {"comment", ExprKind::computed_comment, Row::no_name},
    };
    const std::size_t start = scan_.token_start();
    const std::string_view word = scan_.peek_word();
    for (const Row& row : kRows) {
        if (row.word != word) continue;
        scan_.advance(word.size());
        Name name;
        const Expr* name_expr = nullptr;
        bool here = scan_.looking_at("{");
        if (here && row.named != Row::no_name) {
            expect("{");
            name_expr = expr();
            expect("}", "after the computed name");
        } else if (row.named != Row::no_name && at_name()) {
            name = eqname_here("a name");
            here = scan_.looking_at("{") && (row.named == Row::eqname_or_expr || name.plain());
        }
        if (!here) {  // the word is an element's name after all
            scan_.go_back(start);
            return nullptr;
        }
        const Expr* content = enclosed("with the content");
        auto* node = make<ComputedConstructor>(row.kind, start);
        node->name = name;
        node->name_expr = name_expr;
        node->content = content;
        return node;
    }
    return nullptr;
}

}  // namespace clacks::xquery::syntax
