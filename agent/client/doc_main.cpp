// Prints what is made from the settings' rows: clacks-client-config-doc sample|reference.
#include <cstdio>
#include <string>
#include <string_view>

#include "agent/client/settings.hpp"

int main(int argc, char** argv) {
    const std::string_view what = argc == 2 ? argv[1] : "";
    std::string text;
    if (what == "sample") text = clacks::machine::sample_file();
    if (what == "reference") text = clacks::machine::reference_markdown();
    if (text.empty()) {
        std::fputs("usage: clacks-client-config-doc sample|reference\n", stderr);
        return 2;
    }
    return std::fputs(text.c_str(), stdout) < 0 ? 1 : 0;
}
