#include "common/xml/tree_reader.hpp"

#include <vector>
#include <xercesc/framework/MemBufInputSource.hpp>
#include <xercesc/framework/XMLAttr.hpp>
#include <xercesc/framework/XMLDocumentHandler.hpp>
#include <xercesc/framework/XMLElementDecl.hpp>
#include <xercesc/framework/XMLEntityHandler.hpp>
#include <xercesc/framework/XMLErrorCodes.hpp>
#include <xercesc/framework/XMLErrorReporter.hpp>
#include <xercesc/framework/XMLGrammarPool.hpp>
#include <xercesc/internal/DGXMLScanner.hpp>
#include <xercesc/internal/SGXMLScanner.hpp>
#include <xercesc/internal/WFXMLScanner.hpp>
#include <xercesc/sax/Locator.hpp>
#include <xercesc/util/OutOfMemoryException.hpp>
#include <xercesc/util/SecurityManager.hpp>
#include <xercesc/util/XMLUni.hpp>
#include <xercesc/validators/common/GrammarResolver.hpp>

#include "common/base/text.hpp"
#include "common/xml/characters.hpp"
#include "common/xml/prolog.hpp"
#include "common/xml/xerces.hpp"

namespace clacks::xml {

namespace {

using namespace xercesc;

struct Stop {};  // leaves the scanner at the first fault

// Serves nothing to anyone: the scanner may open no other source.
class NoEntities : public XMLEntityHandler {
  public:
    void endInputSource(const InputSource&) override {}
    bool expandSystemId(const XMLCh*, XMLBuffer&) override { return false; }
    void resetEntities() override {}
    InputSource* resolveEntity(XMLResourceIdentifier*) override {
        return new MemBufInputSource(reinterpret_cast<const XMLByte*>(""), 0, XMLUni::fgZeroLenString);
    }
    void startInputSource(const InputSource&) override {}
};

class Handler : public XMLDocumentHandler, public XMLErrorReporter {
  public:
    const XMLScanner* scanner = nullptr;

    void begin(TreeBuilder& builder, const ParseLimits& limits) {
        builder_ = &builder;
        limits_ = limits;
        fault_.reset();
        depth_ = elements_ = 0;
        uri_id_ = ~0U;
        high_surrogate_ = 0;
    }
    bool keep_defaults = false;  // attributes that a declaration adds

    std::optional<ReadFault> take_fault() { return std::move(fault_); }

    void fail(ReadFault::Kind kind, std::string message, bool entity, XMLFileLoc line, XMLFileLoc column) {
        if (!fault_)
            fault_ = ReadFault{kind,
                               std::move(message),
                               entity,
                               static_cast<std::uint32_t>(line),
                               static_cast<std::uint32_t>(column),
                               elements_,
                               depth_};
        throw Stop{};
    }

    // XMLDocumentHandler
    void startDocument() override { builder_->start_document(); }
    void endDocument() override { builder_->end_document(); }
    void resetDocument() override {}
    void XMLDecl(const XMLCh*, const XMLCh*, const XMLCh*, const XMLCh*) override {}
    void startEntityReference(const XMLEntityDecl&) override {}
    void endEntityReference(const XMLEntityDecl&) override {}

    void startElement(const XMLElementDecl& declaration, const unsigned int uri, const XMLCh* const prefix,
                      const RefVectorOf<XMLAttr>& attributes, const XMLSize_t count, const bool empty,
                      const bool) override {
        if (depth_ >= limits_.depth) fail_here(ReadFault::Kind::too_deep);
        if (count > limits_.attributes) fail_here(ReadFault::Kind::too_many_attributes);
        ++elements_;
        if (limits_.fragment && depth_ == 0) {  // the element around it
            ++depth_;
            return;
        }
        assign(local_, declaration.getBaseName());
        assign(prefix_, prefix);
        builder_->start_element({uri_text(uri), local_, prefix_},
                                static_cast<std::uint32_t>(scanner->getLocator()->getLineNumber()));
        for (XMLSize_t i = 0; i < count; ++i) namespace_of(*attributes.elementAt(i));
        for (XMLSize_t i = 0; i < count; ++i) attribute(*attributes.elementAt(i));
        if (empty) {
            builder_->end_element();
        } else {
            ++depth_;
        }
    }

    void endElement(const XMLElementDecl&, const unsigned int, const bool, const XMLCh* const) override {
        --depth_;
        if (!limits_.fragment || depth_ > 0) builder_->end_element();
    }

    // White space outside the root element comes here too; XDM's document node has no text of its own.
    void docCharacters(const XMLCh* const text, const XMLSize_t length, const bool) override {
        if (depth_ == 0 || length == 0) return;
        std::u16string_view units(text, length);
        value_.clear();
        if (high_surrogate_ != 0) {
            const char16_t pair[] = {high_surrogate_, units.front()};
            append_utf8(value_, {pair, 2});
            units.remove_prefix(1);
            high_surrogate_ = 0;
        }
        // The scanner hands out long text in parts and may cut a pair of surrogates.
        if (!units.empty() && units.back() >= 0xD800 && units.back() < 0xDC00) {
            high_surrogate_ = units.back();
            units.remove_suffix(1);
        }
        append_utf8(value_, units);
        builder_->text(value_);
    }
    void ignorableWhitespace(const XMLCh* const text, const XMLSize_t length, const bool cdata) override {
        docCharacters(text, length, cdata);
    }
    void docComment(const XMLCh* const text) override {
        assign(value_, text);
        builder_->comment(value_);
    }
    void docPI(const XMLCh* const target, const XMLCh* const text) override {
        assign(local_, target);
        assign(value_, text);
        builder_->processing_instruction(local_, value_);
    }

    // XMLErrorReporter
    void error(const unsigned int code, const XMLCh* const domain, const ErrTypes type,
               const XMLCh* const text, const XMLCh* const, const XMLCh* const, const XMLFileLoc line,
               const XMLFileLoc column) override {
        if (type == ErrType_Warning) return;
        const bool entity =
            code == XMLErrs::EntityNotFound && XMLString::equals(domain, XMLUni::fgXMLErrDomain);
        const auto kind = type == ErrType_Fatal ? ReadFault::Kind::malformed : ReadFault::Kind::invalid;
        fail(kind, to_utf8(text), entity, line, column);
    }
    void resetErrors() override {}

  private:
    void fail_here(ReadFault::Kind kind) {
        fail(kind, "", false, scanner->getLocator()->getLineNumber(),
             scanner->getLocator()->getColumnNumber());
    }

    static void assign(std::string& to, const XMLCh* from) {
        to.clear();
        if (from) append_utf8(to, from);
    }

    // Elements of one namespace follow one another.
    std::string_view uri_text(unsigned int id) {
        if (id != uri_id_) {
            assign(uri_, scanner->getURIText(id));
            uri_id_ = id;
        }
        return uri_;
    }

    static bool is_namespace(const XMLAttr& attribute) {
        const XMLCh* prefix = attribute.getPrefix();
        return XMLString::equals(prefix && *prefix ? prefix : attribute.getName(), XMLUni::fgXMLNSString);
    }

    void namespace_of(const XMLAttr& attribute) {
        if (!is_namespace(attribute)) return;
        const XMLCh* prefix = attribute.getPrefix();
        assign(local_, prefix && *prefix ? attribute.getName() : nullptr);
        assign(value_, attribute.getValue());
        builder_->namespace_binding(local_, value_);
    }

    void attribute(const XMLAttr& attribute) {
        if (is_namespace(attribute) || (!attribute.getSpecified() && !keep_defaults)) return;
        const XMLCh* prefix = attribute.getPrefix();
        assign(local_, attribute.getName());
        assign(prefix_, prefix);
        assign(value_, attribute.getValue());
        if (prefix_ == "xml" && local_ == "id") value_ = collapsed(value_);  // xml:id 1.0, 4
        std::string_view uri;  // an attribute without a prefix is in no namespace
        if (!prefix_.empty()) uri = uri_text(attribute.getURIId());
        builder_->attribute({uri, local_, prefix_}, value_);
    }

    TreeBuilder* builder_ = nullptr;
    ParseLimits limits_;
    std::optional<ReadFault> fault_;
    std::size_t depth_ = 0;
    std::size_t elements_ = 0;
    unsigned int uri_id_ = ~0U;
    char16_t high_surrogate_ = 0;
    std::string uri_, local_, prefix_, value_;
};

}  // namespace

struct TreeReader::State {
    State(XMLGrammarPool* pool, bool internal_subset) : resolver(pool) {
        if (internal_subset) {
            scanner =
                std::make_unique<DGXMLScanner>(&handler, nullptr, &entities, &handler, nullptr, &resolver);
            scanner->setValidationScheme(XMLScanner::Val_Never);
            expansions.setEntityExpansionLimit(10'000);
            scanner->setSecurityManager(&expansions);
            handler.keep_defaults = true;
        } else if (pool) {
            scanner =
                std::make_unique<SGXMLScanner>(&handler, nullptr, &entities, &handler, nullptr, &resolver);
            resolver.useCachedGrammarInParse(true);
            scanner->useCachedGrammarInParse(true);
            scanner->setDoSchema(true);
            scanner->setValidationScheme(XMLScanner::Val_Always);
            scanner->setIdentityConstraintChecking(true);
            scanner->setLoadSchema(false);
            scanner->setNormalizeData(false);
        } else {
            scanner =
                std::make_unique<WFXMLScanner>(&handler, nullptr, &entities, &handler, nullptr, &resolver);
            scanner->setValidationScheme(XMLScanner::Val_Never);
        }
        scanner->setURIStringPool(resolver.getStringPool());
        scanner->setDoNamespaces(true);
        scanner->setExitOnFirstFatal(true);
        scanner->setDisallowDTD(!internal_subset);
        scanner->setLoadExternalDTD(false);
        scanner->setDisableDefaultEntityResolution(true);
        // No limit on expansions otherwise: it would count the five predefined entities, the only ones there
        // are.
        handler.scanner = scanner.get();
        source.setCopyBufToStream(false);
    }

    Handler handler;
    NoEntities entities;
    SecurityManager expansions;
    GrammarResolver resolver;
    std::unique_ptr<XMLScanner> scanner;
    MemBufInputSource source{reinterpret_cast<const XMLByte*>(""), 0, XMLUni::fgZeroLenString};
};

TreeReader::TreeReader(XMLGrammarPool* pool) {
    start_xerces();
    state_ = std::make_unique<State>(pool, false);
}

TreeReader::TreeReader(Subset) {
    start_xerces();
    state_ = std::make_unique<State>(nullptr, true);
}

TreeReader::~TreeReader() = default;

std::optional<ReadFault> TreeReader::read(std::string_view bytes, const ParseLimits& limits,
                                          TreeBuilder& builder) {
    const bool other = limits.encoding == Encoding::declared && has_other_encoding(bytes);
    const std::string_view document = other ? bytes : without_bom(bytes);
    state_->source.setEncoding(other ? nullptr : XMLUni::fgUTF8EncodingString);
    state_->handler.begin(builder, limits);
    state_->source.resetMemBufInputSource(reinterpret_cast<const XMLByte*>(document.data()), document.size());
    try {
        state_->scanner->scanDocument(state_->source);
    } catch (const Stop&) {
        return state_->handler.take_fault();
    } catch (const XMLException& exception) {
        return ReadFault{.message = to_utf8(exception.getMessage())};
    } catch (const OutOfMemoryException&) {
        return ReadFault{.message = "out of memory"};
    }
    return std::nullopt;
}

Diagnostic to_diagnostic(const ReadFault& fault, const ParseLimits& limits) {
    Diagnostic result;
    result.line = fault.line;
    result.column = fault.column;
    switch (fault.kind) {
        case ReadFault::Kind::too_deep:
            result.code = "xml-too-deep";
            result.message = "elements are nested more than " + std::to_string(limits.depth) + " deep";
            result.hint = "nest less";
            break;
        case ReadFault::Kind::too_many_attributes:
            result.code = "xml-too-many-attributes";
            result.message = "an element has more than " + std::to_string(limits.attributes) + " attributes";
            result.hint = "use fewer attributes";
            break;
        case ReadFault::Kind::malformed:
        case ReadFault::Kind::invalid:
            result.code = "xml-malformed";
            result.message = fault.message;
            if (fault.entity)
                result.hint = "only &amp; &lt; &gt; &quot; &apos; and character references may be used";
            break;
    }
    return result;
}

}  // namespace clacks::xml
