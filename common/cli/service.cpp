#include "common/cli/service.hpp"

#include "common/cli/output.hpp"

namespace clacks::cli {

ServiceOptions service_options(const Common& common) {
    ServiceOptions options;
    options.ca = common.ca;
    options.certificate = common.certificate;
    options.private_key = common.private_key;
    return options;
}

Result<nlohmann::json, rpc::Error> call(const Common& common, const std::string& method,
                                        const nlohmann::json& parameters) {
    AMQPServiceProxy proxy(common.url, service_options(common));
    return proxy.try_call(method, parameters);
}

int call_and_show(const Common& common, const std::string& method,
                  const std::function<std::string(const nlohmann::json&)>& shown) {
    const auto result = call(common, method);
    if (!result) return failed(result.error());
    print(common.json ? json_text(*result, false) + "\n" : shown(*result));
    return kSuccess;
}

}  // namespace clacks::cli
