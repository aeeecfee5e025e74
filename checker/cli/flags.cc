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

// In one line, and naming what the user typed first: the parser met the arguments from the back.
std::string Explain(const CLI::ParseError& error, const CLI::App& app, const std::vector<std::string>& args) {
  std::string text = error.what();
  if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::ArgumentMismatch)) {
    const size_t colon = text.find(": 1 required ");
    if (colon != std::string::npos) return text.substr(0, colon) + " needs a value";
    const size_t at_most = text.find(": At Most 1 required ");
    if (at_most != std::string::npos) return text.substr(0, at_most) + " can be given once";
  }
  if (error.get_exit_code() != static_cast<int>(CLI::ExitCodes::ExtrasError)) return text;
  const std::vector<std::string> extras = app.remaining();
  const auto is_extra = [&](const std::string& arg) { return std::find(extras.begin(), extras.end(), arg) != extras.end(); };
  for (const std::string& arg : args) {
    if (arg.starts_with("-") && is_extra(arg)) return "no option '" + arg + "'";
  }
  const auto first = std::find_if(args.begin(), args.end(), is_extra);
  return first == args.end() ? text : "one argument too many: '" + *first + "'";
}

// An unset variable of a script must not select everything.
bool IsEmpty(const std::string& arg) { return arg.empty() || (arg.starts_with("--") && arg.find('=') == arg.size() - 1); }

}  // namespace

std::optional<int> ParseFlags(CLI::App* app, const std::string& command, const std::vector<std::string>& args, const Terminal& terminal) {
  app->set_help_flag("-h,--help", "This page");
  app->get_formatter()->column_width(34);
  if (std::any_of(args.begin(), args.end(), &IsEmpty)) {
    return UsageError(terminal, command, "an argument is empty; leave it out for the default, or see 'graze " + command + " --help'");
  }
  std::vector<std::string> reversed = BindNegativeValues(args);
  std::reverse(reversed.begin(), reversed.end());  // the parser takes them from the back
  try {
    app->parse(std::move(reversed));
  } catch (const CLI::CallForHelp&) {
    terminal.out << app->help();
    return kExitHolds;
  } catch (const CLI::ParseError& error) {
    return UsageError(terminal, command, Explain(error, *app, args) + "; see 'graze " + command + " --help'");
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
