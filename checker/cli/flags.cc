// SPDX-License-Identifier: MIT
#include "checker/cli/flags.h"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "checker/base/strings.h"

namespace graze {
namespace {

// "--jobs -3" means a value of -3, which the parser would take for a flag.
std::vector<std::string> BindNegativeValues(const std::vector<std::string>& args) {
  std::vector<std::string> bound;
  for (const std::string& arg : args) {
    const bool negative = arg.size() > 1 && arg[0] == '-' && std::isdigit(static_cast<unsigned char>(arg[1])) != 0;
    const bool after_flag = !bound.empty() && bound.back().starts_with("--") && bound.back().find('=') == std::string::npos;
    if (negative && after_flag) {
      bound.back() += "=" + arg;
    } else {
      bound.push_back(arg);
    }
  }
  return bound;
}

}  // namespace

std::optional<int> ParseFlags(CLI::App* app, const std::string& command, const std::vector<std::string>& args, const Terminal& terminal) {
  app->set_help_flag("-h,--help", "This page");
  app->get_formatter()->column_width(34);
  std::vector<std::string> reversed = BindNegativeValues(args);
  std::reverse(reversed.begin(), reversed.end());  // the parser takes them from the back
  try {
    app->parse(std::move(reversed));
  } catch (const CLI::CallForHelp&) {
    terminal.out << app->help();
    return kExitHolds;
  } catch (const CLI::ParseError& error) {
    return UsageError(terminal, command, std::string(error.what()) + "; see 'graze " + command + " --help'");
  }
  return std::nullopt;
}

bool ParseCount(const std::string& text, uint64_t max, uint64_t* count) {
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, *count);
  return error == std::errc() && stop == end && *count <= max;
}

bool ParseDuration(const std::string& text, double* seconds) {
  constexpr double kYear = 365.0 * 24 * 3600;
  const char* at = text.data();
  const char* const end = at + text.size();
  double sum = 0;
  if (at == end) return false;
  while (at != end) {
    if (std::isdigit(static_cast<unsigned char>(*at)) == 0) return false;
    double number = 0;
    const auto [stop, error] = std::from_chars(at, end, number, std::chars_format::fixed);
    if (error != std::errc()) return false;
    const char* unit_end = std::find_if(stop, end, [](char c) { return std::isalpha(static_cast<unsigned char>(c)) == 0; });
    const std::string unit(stop, unit_end);
    if (unit == "ms") {
      number /= 1000;
    } else if (unit == "m") {
      number *= 60;
    } else if (unit == "h") {
      number *= 3600;
    } else if (unit != "s" && !(unit.empty() && at == text.data() && unit_end == end)) {
      return false;  // a bare number is seconds, but only alone
    }
    sum += number;
    at = unit_end;
  }
  *seconds = sum;
  return sum > 0 && sum <= kYear;
}

std::vector<std::string> SplitCommas(const std::vector<std::string>& values) {
  std::vector<std::string> parts;
  for (const std::string& value : values) {
    size_t begin = 0;
    for (size_t comma = value.find(','); comma != std::string::npos; comma = value.find(',', begin)) {
      parts.push_back(value.substr(begin, comma - begin));
      begin = comma + 1;
    }
    parts.push_back(value.substr(begin));
  }
  return parts;
}

}  // namespace graze
