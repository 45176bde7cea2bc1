#include "common/events/schema.hpp"

#include <xercesc/framework/MemBufInputSource.hpp>
#include <xercesc/framework/XMLGrammarPoolImpl.hpp>
#include <xercesc/framework/psvi/XSModel.hpp>
#include <xercesc/parsers/SAX2XMLReaderImpl.hpp>
#include <xercesc/sax/ErrorHandler.hpp>
#include <xercesc/sax/SAXParseException.hpp>
#include <xercesc/util/OutOfMemoryException.hpp>
#include <xercesc/util/XMLEntityResolver.hpp>
#include <xercesc/util/XMLResourceIdentifier.hpp>

#include "common/events/event.hpp"
#include "common/xml/serializer.hpp"
#include "common/xml/xerces.hpp"

namespace clacks::events {

namespace {

using namespace xercesc;
using xml::to_utf8;

constexpr const char* kJoinedId = "joined event schema";

std::unique_ptr<MemBufInputSource> memory_source(std::string_view text, const char* id) {
    return std::make_unique<MemBufInputSource>(reinterpret_cast<const XMLByte*>(text.data()), text.size(),
                                               id);
}

// Serves the files by their path, and emptiness for anything else; never null, which would make
// xerces open the location itself.
class FilesFromMemory : public XMLEntityResolver {
  public:
    explicit FilesFromMemory(const std::vector<SchemaFile>& files) : files_(files) {}
    InputSource* resolveEntity(XMLResourceIdentifier* wanted) override {
        const std::string id = to_utf8(wanted->getSystemId());
        for (const SchemaFile& file : files_) {
            if (file.path.string() == id) return memory_source(file.text, id.c_str()).release();
        }
        return memory_source("", id.c_str()).release();
    }

  private:
    const std::vector<SchemaFile>& files_;
};

class Collector : public ErrorHandler {
  public:
    Diagnostics problems;
    void warning(const SAXParseException&) override {}
    void error(const SAXParseException& exception) override { add(exception); }
    void fatalError(const SAXParseException& exception) override { add(exception); }
    void resetErrors() override {}

    void add(std::string message) {
        Diagnostic problem;
        problem.code = "schema-invalid";
        problem.message = std::move(message);
        problem.source = kJoinedId;
        problems.push_back(std::move(problem));
    }

  private:
    void add(const SAXParseException& exception) {
        add(to_utf8(exception.getMessage()));
        Diagnostic& problem = problems.back();
        problem.hint = "correct the event definition";
        problem.source = to_utf8(exception.getSystemId());
        problem.line = static_cast<std::uint32_t>(exception.getLineNumber());
        problem.column = static_cast<std::uint32_t>(exception.getColumnNumber());
    }
};

std::string join(const std::vector<SchemaFile>& files) {
    const std::string uri(kNamespace);
    std::string result = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xs:schema xmlns:xs=\"" +
                         std::string(kSchemaNamespace) + "\" xmlns:e=\"" + uri + "\" targetNamespace=\"" +
                         uri + "\" elementFormDefault=\"qualified\">\n";
    for (const SchemaFile& file : files) {
        result += "  <xs:include schemaLocation=\"";
        xml::append_escaped(result, file.path.string(), true);
        result += "\"/>\n";
    }
    result += "  <xs:element name=\"Event\">\n    <xs:complexType>\n      <xs:choice>\n";
    for (const SchemaFile& file : files) {
        result += "        <xs:element ref=\"e:";
        xml::append_escaped(result, file.name, true);
        result += "\"/>\n";
    }
    return result + "      </xs:choice>\n    </xs:complexType>\n  </xs:element>\n</xs:schema>\n";
}

void load(XMLGrammarPool& pool, const std::string& joined, const std::vector<SchemaFile>& files,
          Collector& collector) {
    SAX2XMLReaderImpl reader(XMLPlatformUtils::fgMemoryManager, &pool);
    FilesFromMemory resolver(files);
    reader.setXMLEntityResolver(&resolver);
    reader.setErrorHandler(&collector);
    reader.setFeature(XMLUni::fgXercesSchema, true);
    reader.setFeature(XMLUni::fgXercesSchemaFullChecking, true);
    reader.setFeature(XMLUni::fgXercesLoadExternalDTD, false);
    reader.setFeature(XMLUni::fgXercesDisableDefaultEntityResolution, true);
    const auto source = memory_source(joined, kJoinedId);
    if (!reader.loadGrammar(*source, Grammar::SchemaGrammarType, true) && collector.problems.empty())
        collector.add("the schema could not be compiled");
}

}  // namespace

Schema::Schema() = default;
Schema::Schema(Schema&&) noexcept = default;
Schema::~Schema() = default;

Result<Schema, Diagnostics> compile(const std::vector<SchemaFile>& files) {
    xml::start_xerces();
    Schema schema;
    schema.joined = join(files);
    schema.pool = std::make_unique<XMLGrammarPoolImpl>(XMLPlatformUtils::fgMemoryManager);
    Collector collector;
    try {
        load(*schema.pool, schema.joined, files, collector);
        if (collector.problems.empty()) {
            schema.pool->lockPool();
            bool changed = false;
            schema.model = schema.pool->getXSModel(changed);
        }
    } catch (const XMLException& exception) {
        collector.add(to_utf8(exception.getMessage()));
    } catch (const SAXException& exception) {
        collector.add(to_utf8(exception.getMessage()));
    } catch (const OutOfMemoryException&) {
        collector.add("out of memory");
    }
    if (!collector.problems.empty()) return std::move(collector.problems);
    return schema;
}

}  // namespace clacks::events
