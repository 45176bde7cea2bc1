#include "common/events/content_model.hpp"

#include <algorithm>
#include <xercesc/framework/psvi/XSElementDeclaration.hpp>
#include <xercesc/framework/psvi/XSModelGroup.hpp>
#include <xercesc/framework/psvi/XSParticle.hpp>

#include "common/xml/xerces.hpp"

namespace clacks::events {

namespace {

using namespace xercesc;
using xml::to_utf8;

class Matcher {
  public:
    explicit Matcher(const std::vector<Child>& children) : children_(children) {}

    ContentMatch run(XSParticle& model) {
        const bool complete = particle(model);
        ContentMatch result;
        result.fits = complete && declarations_.size() == children_.size();
        result.at = declarations_.size();
        if (expected_at_ == result.at) result.expected = std::move(expected_);
        result.declarations = std::move(declarations_);
        return result;
    }

  private:
    std::size_t at() const { return declarations_.size(); }

    // As often as the particle may; false when that is too seldom or a repetition broke off.
    bool particle(XSParticle& part) {
        XMLSize_t count = 0;
        while (part.getMaxOccursUnbounded() || count < part.getMaxOccurs()) {
            const std::size_t start = at();
            const bool taken = term(part);
            if (!taken && at() != start) return false;
            if (at() == start) return taken || count >= part.getMinOccurs();
            ++count;
        }
        return count >= part.getMinOccurs();
    }

    bool term(XSParticle& part) {
        switch (part.getTermType()) {
            case XSParticle::TERM_ELEMENT:
                return element(*part.getElementTerm());
            case XSParticle::TERM_MODELGROUP:
                return group(*part.getModelGroupTerm());
            case XSParticle::TERM_WILDCARD:
                if (at() == children_.size()) return false;
                declarations_.push_back(nullptr);
                return true;
            default:
                return true;
        }
    }

    bool element(XSElementDeclaration& declaration) {
        const std::string name = to_utf8(declaration.getName());
        if (at() < children_.size() && children_[at()].local == name &&
            children_[at()].uri == to_utf8(declaration.getNamespace())) {
            declarations_.push_back(&declaration);
            return true;
        }
        expect(name);
        return false;
    }

    void expect(const std::string& name) {
        if (expected_at_ != at()) expected_.clear();
        expected_at_ = at();
        if (std::find(expected_.begin(), expected_.end(), name) == expected_.end()) expected_.push_back(name);
    }

    bool group(XSModelGroup& model) {
        XSParticleList* parts = model.getParticles();
        if (!parts) return true;
        switch (model.getCompositor()) {
            case XSModelGroup::COMPOSITOR_SEQUENCE:
                return sequence(*parts);
            case XSModelGroup::COMPOSITOR_CHOICE:
                return choice(*parts);
            default:
                return all(*parts);
        }
    }

    bool sequence(XSParticleList& parts) {
        for (XMLSize_t i = 0; i < parts.size(); ++i) {
            if (!particle(*parts.elementAt(i))) return false;
        }
        return true;
    }

    bool choice(XSParticleList& parts) {
        const std::size_t start = at();
        bool empty = parts.size() == 0;
        for (XMLSize_t i = 0; i < parts.size(); ++i) {
            const bool taken = particle(*parts.elementAt(i));
            if (at() != start) return taken;
            empty = empty || taken;
        }
        return empty;
    }

    bool all(XSParticleList& parts) {
        std::vector<XSParticle*> left;
        for (XMLSize_t i = 0; i < parts.size(); ++i) left.push_back(parts.elementAt(i));
        const auto take_one = [&] {
            const std::size_t start = at();
            const auto taken = std::find_if(left.begin(), left.end(), [&](XSParticle* part) {
                term(*part);
                return at() != start;
            });
            if (taken == left.end()) return false;
            left.erase(taken);
            return true;
        };
        while (take_one()) {
        }
        std::erase_if(left, [](XSParticle* part) { return part->getMinOccurs() == 0; });
        if (left.empty()) return true;
        if (at() == children_.size()) {  // only what must come is missing
            expected_.clear();
            for (XSParticle* part : left) expect(to_utf8(part->getElementTerm()->getName()));
        }
        return false;
    }

    const std::vector<Child>& children_;
    std::vector<XSElementDeclaration*> declarations_;
    std::vector<std::string> expected_;
    std::size_t expected_at_ = 0;
};

}  // namespace

ContentMatch match_content(const std::vector<Child>& children, XSParticle& model) {
    return Matcher(children).run(model);
}

}  // namespace clacks::events
