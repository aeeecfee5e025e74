// SPDX-License-Identifier: MIT
#include "checker/litmus/summary.h"

#include <algorithm>
#include <cstdio>

#include "checker/base/strings.h"
#include "checker/report/json.h"
#include "checker/report/table.h"

namespace graze::litmus {
namespace {

using Json = nlohmann::ordered_json;

std::string Seconds(double seconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", seconds);
  return text;
}

std::string Note(const Batch& batch, const Report& report) {
  std::vector<std::string> notes;
  if (batch.expectations != nullptr) {
    const Comparison comparison = batch.expectations->Compare(report);
    if (comparison.agreement == Agreement::kDiffers) notes.push_back("DIFFERS: " + comparison.difference);
    if (comparison.agreement == Agreement::kNotJudged) notes.emplace_back("nothing expected");
  }
  notes.insert(notes.end(), report.notes.begin(), report.notes.end());
  if (report.cut_off) notes.push_back("loops cut off after " + Count(batch.unroll, "iteration"));
  return notes.empty() ? "-" : Join(notes, "; ");
}

size_t CountOf(const Batch& batch, Report::Status status) {
  return static_cast<size_t>(
      std::count_if(batch.reports.begin(), batch.reports.end(), [&](const Report& report) { return report.status == status; }));
}

size_t CountOf(const Batch& batch, Agreement agreement) {
  return static_cast<size_t>(std::count_if(batch.reports.begin(), batch.reports.end(), [&](const Report& report) {
    return batch.expectations->Compare(report).agreement == agreement;
  }));
}

std::string ReasonOf(const Report& report) {
  switch (report.status) {
    case Report::Status::kJudged: return "";
    case Report::Status::kUnsupported: return "unsupported";
    case Report::Status::kInconclusive: return "inconclusive";
    case Report::Status::kFailed: return "failed";
  }
  return "";
}

}  // namespace

std::string RenderReports(const Batch& batch) {
  std::vector<std::vector<std::string>> table = {{"test", "verdict", "states", "positive", "negative", "race", "seconds", "note"}};
  std::string others;
  for (const Report& report : batch.reports) {
    if (report.status == Report::Status::kJudged) {
      table.push_back({report.path, report.verdict, std::to_string(report.states), std::to_string(report.positive),
                       std::to_string(report.negative), report.data_race ? "race" : "-", Seconds(report.seconds), Note(batch, report)});
    } else {
      others += ReasonOf(report) + "  " + OneLine(report.error) + "\n";
    }
  }
  std::string text = table.size() > 1 ? Columnize(table) : "";
  if (table.size() > 1 && !others.empty()) text += "\n";
  text += others;
  for (const Report& report : batch.reports) {
    if (!report.witness.empty()) text += "\nwitness of " + report.path + ": " + report.witness;
  }
  return text;
}

std::string RenderSummary(const Batch& batch) {
  std::vector<std::string> parts = {WithCommas(CountOf(batch, Report::Status::kJudged)) + " judged"};
  const auto add = [&](size_t number, const std::string& what) {
    if (number > 0) parts.push_back(WithCommas(number) + " " + what);
  };
  add(CountOf(batch, Report::Status::kUnsupported), "unsupported");
  add(CountOf(batch, Report::Status::kInconclusive), "inconclusive");
  add(CountOf(batch, Report::Status::kFailed), "failed");
  add(batch.not_run, "not run");
  double cpu_seconds = 0;
  uint64_t executions = 0, doomed = 0;
  for (const Report& report : batch.reports) {
    cpu_seconds += report.seconds;
    executions += report.positive + report.negative;
    doomed += report.doomed;
  }
  std::string text = Count(batch.reports.size() + batch.not_run, "test") + " under " + batch.memory_model + ": " + Join(parts, ", ") +
                     "; " + Count(executions, "execution") + (doomed > 0 ? ", " + WithCommas(doomed) + " doomed" : "") + "; " +
                     Seconds(batch.seconds) + " s, of CPU " + Seconds(cpu_seconds) + " s\n";
  if (batch.expectations != nullptr) {
    text += "expected: " + WithCommas(CountOf(batch, Agreement::kAgrees)) + " agree, " + WithCommas(CountOf(batch, Agreement::kDiffers)) +
            " differ, " + WithCommas(CountOf(batch, Agreement::kUnsupported)) + " unsupported, " +
            WithCommas(CountOf(batch, Agreement::kInconclusive)) + " inconclusive, " + WithCommas(CountOf(batch, Agreement::kNotJudged)) +
            " not judged (nothing is expected of them)\n";
    const size_t without_test = batch.expectations->RowsWithout(batch.reports);
    if (without_test > 0) text += "expected: " + Count(without_test, "row") + " of the file with no test that was run\n";
  }
  const bool cut_off = std::any_of(batch.reports.begin(), batch.reports.end(), [](const Report& report) { return report.cut_off; });
  if (cut_off) text += "bound: loops run " + Count(batch.unroll, "iteration") + " at most; executions that need more are left out\n";
  return text + "bound: " + kNoLoadBuffering + "\n";
}

Json LitmusReport(const Batch& batch) {
  Json tests = Json::array();
  const auto if_judged = [](const Report& report, const Json& value) {
    return report.status == Report::Status::kJudged ? value : Json(nullptr);
  };
  for (const Report& report : batch.reports) {
    Json test = {{"path", report.path},
                 {"verdict", if_judged(report, report.verdict)},
                 {"states", if_judged(report, report.states)},
                 {"positive", if_judged(report, report.positive)},
                 {"negative", if_judged(report, report.negative)},
                 {"blocked", if_judged(report, report.blocked)},
                 {"doomed", if_judged(report, report.doomed)},
                 {"data_race", if_judged(report, report.data_race)},
                 {"seconds", report.seconds},
                 {"error", report.error.empty() ? Json(nullptr) : Json(report.error)}};
    test["reason"] = report.status == Report::Status::kJudged ? Json(nullptr) : Json(ReasonOf(report));
    test["cut_off"] = report.cut_off;
    test["notes"] = report.notes;
    if (!report.witness.empty()) test["witness"] = report.witness;
    if (batch.expectations != nullptr) {
      const Comparison comparison = batch.expectations->Compare(report);
      const bool judged = comparison.agreement == Agreement::kAgrees || comparison.agreement == Agreement::kDiffers;
      test["as_expected"] = judged ? Json(comparison.agreement == Agreement::kAgrees) : Json(nullptr);
      test["difference"] = comparison.difference.empty() ? Json(nullptr) : Json(comparison.difference);
      test["compared"] = comparison.compared;
    }
    tests.push_back(std::move(test));
  }
  Json document = {{"schema", "graze"},
                   {"schema_version", kSchemaVersion},
                   {"command", "litmus"},
                   {"memory_model", batch.memory_model},
                   {"bounds", {{"unroll", batch.unroll}, {"load_buffering", false}}},
                   {"not_run", batch.not_run}};
  if (batch.expectations != nullptr) document["rows_without_test"] = batch.expectations->RowsWithout(batch.reports);
  document["tests"] = std::move(tests);
  return document;
}

std::string EncodeReport(const Report& report) {
  const Json json = {{"path", report.path},         {"name", report.name},       {"status", static_cast<int>(report.status)},
                     {"verdict", report.verdict},   {"states", report.states},   {"positive", report.positive},
                     {"negative", report.negative}, {"blocked", report.blocked}, {"doomed", report.doomed},
                     {"race", report.data_race},    {"cut_off", report.cut_off}, {"seconds", report.seconds},
                     {"error", report.error},       {"witness", report.witness}, {"notes", report.notes}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

bool DecodeReport(const std::string& text, Report* report) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object() || json.size() != 15) return false;
  report->path = json["path"];
  report->name = json["name"];
  report->status = static_cast<Report::Status>(json["status"].get<int>());
  report->verdict = json["verdict"];
  report->states = json["states"];
  report->positive = json["positive"];
  report->negative = json["negative"];
  report->blocked = json["blocked"];
  report->doomed = json["doomed"];
  report->data_race = json["race"];
  report->cut_off = json["cut_off"];
  report->seconds = json["seconds"];
  report->error = json["error"];
  report->witness = json["witness"];
  report->notes = json["notes"].get<std::vector<std::string>>();
  return true;
}

int ExitCodeOf(const Batch& batch) {
  constexpr int kDiffers = 1;
  constexpr int kFailed = 2;
  constexpr int kInconclusive = 3;
  constexpr int kSkipped = 4;
  if (batch.expectations != nullptr && CountOf(batch, Agreement::kDiffers) > 0) return kDiffers;
  if (CountOf(batch, Report::Status::kFailed) > 0) return kFailed;
  if (batch.not_run > 0 || CountOf(batch, Report::Status::kInconclusive) > 0) return kInconclusive;
  if (batch.expectations == nullptr) return CountOf(batch, Report::Status::kJudged) > 0 ? 0 : kSkipped;
  const bool refused = std::any_of(batch.reports.begin(), batch.reports.end(), [&](const Report& report) {
    return report.status == Report::Status::kUnsupported && batch.expectations->Expects(report.path);
  });
  return CountOf(batch, Agreement::kAgrees) > 0 && !refused ? 0 : kSkipped;
}

}  // namespace graze::litmus
