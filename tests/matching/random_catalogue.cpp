#include "tests/matching/random_catalogue.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace clacks::test {

namespace {

using Content = Declared::Content;

const std::string kNames[] = {"a", "b", "c", "d"};
const std::string kTypeNames[] = {"A", "B", "C"};

struct Simple {
    const char* type;
    std::vector<std::string> values;
};
const Simple kSimple[] = {
    {"string", {"", "a", "ab", "b", "5", "5.0", " 5 ", "true", "NaN", "x y"}},
    {"token", {"a", "ab", "5", " 5\n", "true"}},
    {"int", {"0", "5", "-7", "05", "+5", " 5 "}},
    {"decimal", {"5.0", "2.5", "-0", "1", "0.50"}},
    {"double", {"5", "2.5", "NaN", "INF", "-INF", "-0", "1e300"}},
    {"float", {"5", "2.5", "NaN", "INF", "1e9"}},
    {"boolean", {"true", "false", "1", "0", " true "}},
    {"", {"a", "ab", "x y"}},
    {"", {" a", "b  b"}},
    {"", {"5", "1", "true"}},
};

void make_simple(Choices& choices, Declared& element) {
    const Simple& simple = choices.of(kSimple);
    element.type = simple.type;
    element.values = simple.values;
    element.has_default = choices.one_in(8);
    element.nillable = !element.has_default && choices.one_in(8);  // a default is no content of what is nil
}

Declared random_element(Choices& choices, std::string name, unsigned depth);

void make_complex(Choices& choices, Declared& element, unsigned depth) {
    constexpr Content kContents[] = {Content::sequence, Content::all, Content::choice};
    element.content = choices.of(kContents);
    element.attribute = choices.one_in(4);
    element.open = element.content == Content::sequence && choices.one_in(6);
    for (const std::string& name : kNames)
        if (element.children.empty() || choices.one_in(2))
            element.children.push_back(random_element(choices, name, depth - 1));
    for (Declared& child : element.children) {
        if (choices.one_in(3)) child.min = 0;
        if (element.content != Content::all && choices.one_in(3)) child.max = choices.below(3);
        if (child.max != 0 && child.min > child.max) child.min = child.max;
    }
}

Declared random_element(Choices& choices, std::string name, unsigned depth) {
    Declared element;
    element.name = std::move(name);
    if (depth > 0 && choices.one_in(2))
        make_complex(choices, element, depth);
    else
        make_simple(choices, element);
    return element;
}

std::string occurrence(const Declared& element) {
    return " minOccurs='" + std::to_string(element.min) + "' maxOccurs='" +
           (element.max == 0 ? "unbounded" : std::to_string(element.max)) + "'";
}

std::string declaration(const Declared& element, bool global) {
    std::string text = "<xs:element name='" + element.name + "'" + (global ? "" : occurrence(element));
    if (element.nillable) text += " nillable='true'";
    if (element.has_default) text += " default='" + element.values.back() + "'";
    if (element.content == Content::simple) {
        if (!element.type.empty()) return text + " type='xs:" + element.type + "'/>";
        text += "><xs:simpleType><xs:restriction base='xs:string'>";
        for (const std::string& value : element.values) text += "<xs:enumeration value='" + value + "'/>";
        return text + "</xs:restriction></xs:simpleType></xs:element>";
    }
    const std::string group = element.content == Content::sequence ? "sequence"
                              : element.content == Content::all    ? "all"
                                                                   : "choice";
    text += "><xs:complexType><xs:" + group + ">";
    for (const Declared& child : element.children) text += declaration(child, false);
    if (element.open)
        text += "<xs:any namespace='##other' processContents='skip' minOccurs='0' maxOccurs='unbounded'/>";
    text += "</xs:" + group + ">";
    if (element.attribute) text += "<xs:attribute name='a' type='xs:string'/>";
    return text + "</xs:complexType></xs:element>";
}

// A folder that is gone with the object.
class Folder {
  public:
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "clacks-catalogue-XXXXXX").string();
        if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder for definitions");
        path_ = name;
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

class EventWriter {
  public:
    EventWriter(Choices& choices, bool qualified) : choices_(choices), qualified_(qualified) {}

    std::string element(const Declared& declared, bool global) {
        const std::string name = (global || qualified_ ? "e:" : "") + declared.name;
        if (declared.nillable && choices_.one_in(2)) return "<" + name + " xsi:nil='true'/>";
        std::string text = "<" + name;
        if (declared.attribute && choices_.one_in(2)) text += " a='" + choices_.of(kNames) + "'";
        text += ">";
        if (declared.content == Content::simple) {
            const bool left_out = declared.has_default && choices_.one_in(2);
            return text + (left_out ? "" : choices_.of(declared.values)) + "</" + name + ">";
        }
        if (declared.content == Content::choice)
            text += repeated(choices_.of(declared.children));
        else
            for (const Declared& child : declared.children) text += repeated(child);
        if (declared.open && choices_.one_in(2)) {
            const std::string other = "o:" + choices_.of(kNames);
            text += "<" + other + " xmlns:o='urn:other'>5</" + other + ">";
        }
        return text + "</" + name + ">";
    }

  private:
    std::string repeated(const Declared& declared) {
        const unsigned most = declared.max == 0 ? declared.min + 2 : declared.max;
        std::string text;
        for (unsigned i = declared.min + choices_.below(most - declared.min + 1); i > 0; --i)
            text += element(declared, false);
        return text;
    }

    Choices& choices_;
    bool qualified_;
};

}  // namespace

RandomCatalogue::RandomCatalogue(Choices& choices) {
    const Folder folder;
    for (const std::string& name : kTypeNames) {
        if (!types_.empty() && choices.one_in(2)) continue;
        Type type{random_element(choices, name, 3), !choices.one_in(4)};
        std::ofstream(folder.path() / (name + ".xsd")) << schema(type);
        types_.push_back(std::move(type));
    }
    auto loaded = events::Catalogue::load({folder.path()});
    if (!loaded) throw std::runtime_error(to_string(loaded.error()));
    catalogue_ = *loaded;
}

std::string RandomCatalogue::schema(const Type& type) const {
    return "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' targetNamespace='" +
           std::string(events::kNamespace) + "' elementFormDefault='" +
           (type.qualified ? "qualified" : "unqualified") + "'>" + declaration(type.element, true) +
           "</xs:schema>";
}

std::string RandomCatalogue::event(Choices& choices) const {
    const Type& type = choices.of(types_);
    return "<e:Event xmlns:e='" + std::string(events::kNamespace) +
           "' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'>" +
           EventWriter(choices, type.qualified).element(type.element, true) + "</e:Event>";
}

}  // namespace clacks::test
