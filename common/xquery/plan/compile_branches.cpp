// switch, typeswitch and try/catch (XQuery 3.1, 3.15, 3.18.2 and 3.17).
#include <algorithm>

#include "common/xquery/plan/branch.hpp"
#include "common/xquery/plan/compiler.hpp"
#include "common/xquery/plan/useless.hpp"

namespace clacks::xquery::plan {

Plan Compiler::switch_expr(const syntax::Switch& written) {
    const Plan operand = compile(*written.operand);
    tell(single_problem(operand->traits, "an operand of switch"), written.operand->span);
    const Within reach(reach_, std::max(reach_, Reach::perhaps));
    std::vector<SwitchCase> cases;
    std::vector<Plan> before;
    for (const syntax::SwitchCase& one : written.cases) {
        const std::span<const Plan> values = compile_all(one.values);
        for (std::size_t i = 0; i < values.size(); ++i) {
            tell(unreachable_case(values[i], before), one.values[i]->span);
            before.push_back(values[i]);
        }
        cases.push_back({values, compile(*one.result)});
    }
    return make(Switch(operand, keep(cases), compile(*written.otherwise)), written.span);
}

Plan Compiler::typeswitch(const syntax::Typeswitch& written) {
    const Plan operand = compile(*written.operand);
    const Within reach(reach_, std::max(reach_, Reach::perhaps));
    std::vector<TypeswitchCase> cases;
    std::vector<SequenceType> before;
    const auto add = [&](const syntax::TypeswitchCase& one) {
        const Scope scope(*this);
        TypeswitchCase made;
        std::vector<SequenceType> types;
        for (const syntax::SequenceType& type : one.types) types.push_back(sequence_type(type));
        made.types = keep(types);
        tell(unreachable_case(operand->traits, types, before), one.result->span);
        before.insert(before.end(), types.begin(), types.end());
        if (one.has_variable) {
            Traits known = types.size() == 1 ? traits_of(types.front()) : operand->traits;
            made.slot = bind(one.variable, known);
        }
        made.result = compile(*one.result);
        cases.push_back(made);
    };
    for (const syntax::TypeswitchCase& one : written.cases) add(one);
    add(written.otherwise);
    return make(Typeswitch(operand, keep(cases)), written.span);
}

CaughtName Compiler::caught_name(const syntax::NameTest& written) {
    using syntax::Wildcard;
    CaughtName name;
    switch (written.wildcard) {
        case Wildcard::any:
            name.any_uri = name.any_local = true;
            break;
        case Wildcard::any_prefix:
            name.any_uri = true;
            name.local = keep(written.name.local);
            break;
        case Wildcard::any_local:
            name.any_local = true;
            name.uri = keep(written.name.braced ? written.name.uri
                                                : namespace_of(written.name.prefix, written.name.span));
            break;
        case Wildcard::none: {
            const xml::NameView full = expand(written.name, Use::element);
            name.uri = full.uri;
            name.local = full.local;
            break;
        }
    }
    return name;
}

Plan Compiler::try_catch(const syntax::TryCatch& written) {
    const Reach outer = reach_;
    const Within reach(reach_, Reach::caught);
    const Plan body = compile(*written.body);
    reach_ = std::max(outer, Reach::perhaps);
    std::vector<CatchClause> clauses;
    bool all_caught = false;
    for (const syntax::Catch& one : written.catches) {
        const Scope scope(*this);
        CatchClause clause;
        std::vector<CaughtName> names;
        for (const syntax::NameTest& error : one.errors) names.push_back(caught_name(error));
        if (all_caught) tell(unreachable_catch(), one.body->span);
        all_caught = all_caught || std::any_of(names.begin(), names.end(), [](const CaughtName& name) {
                         return name.any_uri && name.any_local;
                     });
        clause.names = keep(names);
        clause.first_slot = program_.slots;
        for (const std::string_view local : CatchClause::kVariables)
            locals_.push_back({{kErrNamespace, local, "err"}, program_.slots++, {}});
        clause.body = compile(*one.body);
        clauses.push_back(clause);
    }
    return make(TryCatch(program_, body, keep(clauses)), written.span);
}

}  // namespace clacks::xquery::plan
