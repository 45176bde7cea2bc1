// What commands write: results on standard output, everything else on standard error.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"
#include "common/rpc/error.hpp"

namespace clacks::cli {

// Writes and flushes. False when it cannot be written, as when the reader of a pipe has gone; the
// program then has nothing left to do.
bool print(std::string_view text);
// What is to be said about a failed print(), "" for nothing: none failed, or only the reader has gone.
std::string output_failure();

// Whether standard output is a terminal, and whether it shows colours (NO_COLOR, TERM=dumb).
bool on_terminal();
bool colours();

// "clacks: TEXT" on standard error, one line.
void say(std::string_view text);
// The same for what went wrong; return the exit status "failed".
int failed(const Diagnostic& why);
int failed(const rpc::Error& why);

// What a problem is about, below it: the line of `text` and carets under what is wrong; nothing where that is
// not known.
void point_out(const Diagnostic& problem, std::string_view text);

// For people, without the codes that are for programs.
std::string readable(const Diagnostic& diagnostic);

// On one line, or indented for people; characters that could steer a terminal escaped.
std::string json_text(const nlohmann::json& value, bool indent);

// Columns as wide as their widest cell, the last one left alone. No header where it is empty.
std::string table(const std::vector<std::string>& header, const std::vector<std::vector<std::string>>& rows);

// A cell's text: strings as they are, without control characters; null as "".
std::string cell(const nlohmann::json& value);

}  // namespace clacks::cli
