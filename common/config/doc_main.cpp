// Prints what is made from the settings' rows: clacks-config-doc help|sample|reference.
#include <cstdio>
#include <string>
#include <string_view>

#include "common/config/settings.hpp"

int main(int argc, char** argv) {
    const std::string_view what = argc == 2 ? argv[1] : "";
    std::string text;
    if (what == "help") text = clacks::config::settings_help();
    if (what == "sample") text = clacks::config::sample_file();
    if (what == "reference") text = clacks::config::reference_markdown();
    if (text.empty()) {
        std::fputs("usage: clacks-config-doc help|sample|reference\n", stderr);
        return 2;
    }
    return std::fputs(text.c_str(), stdout) < 0 ? 1 : 0;
}
