// SPDX-License-Identifier: MIT
#include "checker/litmus/expect.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <set>

#include "checker/base/strings.h"

namespace graze::litmus {
namespace {

using Row = std::map<std::string, std::string>;

bool IsVerdict(const std::string& text) { return text == "Never" || text == "Sometimes" || text == "Always"; }

std::string Field(const Row& row, const std::string& name) {
  const auto it = row.find(name);
  return it == row.end() ? "" : it->second;
}

std::optional<uint64_t> Number(const Row& row, const std::string& name) {
  const std::string text = Field(row, name);
  uint64_t number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || stop != text.data() + text.size()) return std::nullopt;
  return number;
}

bool HasFlag(const std::string& flags, const std::string& flag) {
  const std::string all = ";" + flags + ";";
  return all.find(";" + flag + ";") != std::string::npos;
}

// The columns with _B are of the model of Linux 6.1 with load buffering taken out, which is what is explored here; of a test that only the
// newest model has judged (verdict_src says so), they are of that. Where no execution has load buffering, a model's own columns will do.
Expectation Interpret(const Row& row, bool model_6_1) {
  Expectation expected;
  const bool no_load_buffering = Field(row, "porf_cyclic") == "0";
  const bool known_6_1 = IsVerdict(Field(row, "verdict_k61"));
  const bool of_newest_only = Field(row, "verdict_src") == "herd-new";
  if (model_6_1) {
    if (!of_newest_only) expected.verdict = Field(row, "verdict_B");
    if (!IsVerdict(expected.verdict) && no_load_buffering) expected.verdict = Field(row, "verdict_k61");
    if (known_6_1 && no_load_buffering) {
      expected.states = Number(row, "states");
      expected.positive = Number(row, "positive");
      expected.negative = Number(row, "negative");
    }
  } else {
    expected.verdict = Field(row, "judge");
    if (!IsVerdict(expected.verdict) && no_load_buffering) expected.verdict = Field(row, "verdict_new");
  }
  if (!IsVerdict(expected.verdict)) return {};
  const std::optional<uint64_t> race = Number(row, "race_B");
  if (race && !(model_6_1 && of_newest_only)) {
    expected.data_race = *race != 0;
  } else if (known_6_1 && no_load_buffering) {
    expected.data_race = HasFlag(Field(row, "flags_k61"), "data-race");
  }
  return expected;
}

// What a row says must be understood or absent; a slip of the pen is no "nothing expected". Empty, or what is wrong.
std::string ProblemOf(const Row& row) {
  for (const char* const column : {"judge", "verdict_B", "verdict_k61", "verdict_new"}) {
    const std::string verdict = Field(row, column);
    // What herd7 did not finish, or refused.
    if (verdict.empty() || IsVerdict(verdict) || verdict == "TIMEOUT" || verdict == "ERROR") continue;
    return "'" + verdict + "' in the column '" + column + "' is no verdict; there is Never, Sometimes, Always, or nothing if nobody knows";
  }
  for (const char* const column : {"race_B", "states", "positive", "negative", "porf_cyclic"}) {
    if (!Field(row, column).empty() && !Number(row, column)) {
      return "'" + Field(row, column) + "' in the column '" + column + "' is no number";
    }
  }
  return "";
}

std::string YesNo(bool yes) { return yes ? "yes" : "no"; }

}  // namespace

std::vector<std::string> SplitCsvLine(const std::string& line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"') {
      fields.back() += c;
      ++i;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      fields.emplace_back();
    } else if (c != '\r') {
      fields.back() += c;
    }
  }
  return fields;
}

bool Expectations::Read(const std::string& path, bool model_6_1, std::string* error) {
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line)) {
    *error = "cannot read '" + path + "'";
    return false;
  }
  const std::vector<std::string> header = SplitCsvLine(line);
  const auto has = [&](const char* name) { return std::find(header.begin(), header.end(), name) != header.end(); };
  const char* const verdict = model_6_1 ? "verdict_B" : "judge";
  if (!has("path") || !has(verdict)) {
    *error = path + ":1: the columns 'path' and '" + verdict + "' are needed";
    return false;
  }
  for (unsigned number = 2; std::getline(file, line); ++number) {
    if (line.empty()) continue;
    const std::vector<std::string> fields = SplitCsvLine(line);
    if (fields.size() != header.size()) {
      *error = path + ":" + std::to_string(number) + ": " + Count(fields.size(), "field") + ", but the first line names " +
               std::to_string(header.size());
      return false;
    }
    Row row;
    for (size_t i = 0; i < header.size(); ++i) row[header[i]] = fields[i];
    if (const std::string problem = ProblemOf(row); !problem.empty()) {
      *error = path + ":" + std::to_string(number) + ": " + problem;
      return false;
    }
    if (!rows_.emplace(row["path"], Interpret(row, model_6_1)).second) {
      *error = path + ":" + std::to_string(number) + ": another row of '" + row["path"] + "'";
      return false;
    }
  }
  for (const auto& [row_path, row] : rows_) {
    const size_t slash = row_path.find('/');
    if (slash == std::string::npos || row_path.find('/', slash + 1) == std::string::npos) continue;
    const auto [it, inserted] = without_collection_.try_emplace(row_path.substr(slash + 1), &row);
    if (!inserted) it->second = nullptr;
  }
  return true;
}

const Expectation* Expectations::Find(const std::string& test_path) const {
  const std::string path = std::filesystem::path(test_path).lexically_normal().generic_string();
  std::vector<std::string> tails;
  for (size_t at = 0; at != std::string::npos;) {
    tails.push_back(path.substr(at));
    at = path.find('/', at);
    if (at != std::string::npos) ++at;
  }
  for (const std::string& tail : tails) {
    const auto it = rows_.find(tail);
    if (it != rows_.end()) return &it->second;
  }
  for (const std::string& tail : tails) {
    const auto it = without_collection_.find(tail);
    if (it != without_collection_.end()) return it->second;
  }
  return nullptr;
}

bool Expectations::Expects(const std::string& test_path) const {
  const Expectation* const expected = Find(test_path);
  return expected != nullptr && !expected->verdict.empty();
}

size_t Expectations::RowsWithout(const std::vector<Report>& reports) const {
  std::set<const Expectation*> found;
  for (const Report& report : reports) {
    if (const Expectation* const expected = Find(report.path)) found.insert(expected);
  }
  return rows_.size() - found.size();
}

Comparison Expectations::Compare(const Report& report) const {
  Comparison comparison;
  if (report.status == Report::Status::kUnsupported) return {.agreement = Agreement::kUnsupported, .difference = "", .compared = {}};
  if (report.status != Report::Status::kJudged) return {.agreement = Agreement::kInconclusive, .difference = "", .compared = {}};
  const Expectation* const expected = Find(report.path);
  if (expected == nullptr || expected->verdict.empty()) return comparison;
  std::vector<std::string> differences;
  const auto differs = [&](const std::string& what, const std::string& got, const std::string& wanted) {
    if (got != wanted) differences.push_back(what + " " + got + ", expected " + wanted);
  };
  const auto count_differs = [&](const std::string& what, uint64_t got, const std::optional<uint64_t>& wanted) {
    if (wanted) differs(what, std::to_string(got), std::to_string(*wanted));
  };
  comparison.compared = {"verdict"};
  if (expected->states) comparison.compared.emplace_back("states");
  if (expected->positive && expected->negative) comparison.compared.emplace_back("witnesses");
  if (expected->data_race) comparison.compared.emplace_back("data race");
  differs("verdict", report.verdict, expected->verdict);
  count_differs("states", report.states, expected->states);
  count_differs("positive", report.positive, expected->positive);
  count_differs("negative", report.negative, expected->negative);
  if (expected->data_race) differs("data race", YesNo(report.data_race), YesNo(*expected->data_race));
  comparison.agreement = differences.empty() ? Agreement::kAgrees : Agreement::kDiffers;
  comparison.difference = Join(differences, "; ");
  return comparison;
}

}  // namespace graze::litmus
