// fn:serialize (Functions and Operators 3.1, 14.8.3).
#include "common/xquery/functions/family.hpp"
#include "common/xquery/serialize/serializer.hpp"
#include "common/xquery/serialize/settings.hpp"
#include "common/xquery/values/describe.hpp"

namespace clacks::xquery {

namespace {

SerializationParameters parameters_of(CallContext& call, const Value& given) {
    SerializationParameters parameters;
    parameters.omit_xml_declaration = true;
    if (given.empty()) return parameters;
    const Item& item = given.front();
    if (item.type == Type::map) {
        read_parameters(parameters, item.map(), call.arena, call.steps);
    } else if (item.is_node() && item.node_kind() == xml::NodeKind::element) {
        parameters.omit_xml_declaration.reset();
        call.steps.take((*item.tree)[item.node()].end - item.node());
        read_parameters(parameters, *item.tree, item.node());
        if (!parameters.omit_xml_declaration) parameters.omit_xml_declaration = !parameters.standalone;
    } else {
        fail(Code::XPTY0004,
             "serialization parameters are a map or an element, and this is " + describe(item));
    }
    return parameters;
}

Value serialize(CallContext& call, Arguments arguments) {
    const SerializationParameters parameters =
        parameters_of(call, arguments.size() > 1 ? arguments[1] : Value());
    const std::string text = serialize(arguments[0], parameters, call.steps, call.arena.limit());
    return made(call, text);
}

const FunctionRow kRows[] = {
    {"fn:serialize($arg as item()* [, $params as item()?]) as xs:string", serialize},
};

}  // namespace

std::span<const FunctionRow> serialization_functions() {
    return kRows;
}

}  // namespace clacks::xquery
