// SPDX-License-Identifier: MIT
#include "checker/report/json.h"

#include <cmath>
#include <cstdio>

namespace graze {
namespace {

using Json = nlohmann::ordered_json;

Json OrNull(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

std::string Hex(uint64_t number) {
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(number));
  return text;
}

// Readers of a report compare seconds with each other, not with a clock: microseconds do.
double Rounded(double seconds) { return std::round(seconds * 1e6) / 1e6; }

Json StepToJson(const TraceStep& step) {
  Json json = {{"number", step.number}, {"thread", step.thread}, {"cpu", step.cpu < 0 ? Json(nullptr) : Json(step.cpu)}, {"op", step.op}};
  const auto add = [&](const char* name, const std::string& text) {
    if (!text.empty()) json[name] = text;
  };
  add("order", step.order);
  add("object", step.object);
  add("location", step.location);
  add("value", step.value);
  if (step.reads_from != 0) json["reads_from"] = step.reads_from;
  add("text", step.text);
  add("function", step.function);
  add("file", step.file);
  if (step.line != 0) json["line"] = step.line;
  if (step.internal) json["internal"] = true;
  if (step.important) json["important"] = true;
  return json;
}

Json RowToJson(const VerdictRow& row, const FactsOf& facts, const GoneOf& gone) {
  const Search& search = *row.search;
  const Result& result = search.result;
  Json bounds = Json::array();
  for (const Bound& bound : result.bounds) {
    bounds.push_back({{"name", bound.name}, {"value", bound.value}});
    if (!bound.own.empty()) bounds.back()["own"] = bound.own;
  }
  Json checks = Json::object();
  for (const auto& [rule, times] : result.checks) checks[rule] = times;
  return {
      {"scenario", search.scenario},
      {"generation", OrNull(search.generation)},
      {"memory_model", search.memory_model},
      {"configuration", OrNull(search.configuration)},
      {"mutation", OrNull(search.mutation)},
      {"part", ToString(row.part)},
      {"verdict", ToString(row.verdict)},
      {"reason", OrNull(row.reason)},
      {"violation", row.violation != nullptr ? ViolationToJson(*row.violation, facts, gone) : Json(nullptr)},
      {"executions", result.executions},
      {"blocked", result.blocked},
      {"doomed", result.doomed},
      {"graphs", result.visits},
      {"events", result.events},
      {"events_max", result.events_max},
      {"threads_max", result.threads_max},
      {"checks", checks},
      {"bounds", bounds},
      {"seconds", Rounded(result.seconds)},
  };
}

}  // namespace

Json TraceToJson(const Trace& trace) {
  Json steps = Json::array(), blocked = Json::array(), objects = Json::array();
  for (const TraceStep& step : trace.steps) steps.push_back(StepToJson(step));
  for (const BlockedThread& thread : trace.blocked) {
    blocked.push_back({{"thread", thread.thread},
                       {"what", thread.what},
                       {"location", OrNull(thread.location)},
                       {"waits_for", OrNull(thread.waits_for)},
                       {"function", OrNull(thread.function)},
                       {"file", OrNull(thread.file)},
                       {"line", thread.line}});
  }
  for (const ObjectLife& life : trace.objects) {
    objects.push_back({{"object", life.object}, {"type", life.type}, {"alive", life.alive}, {"life", life.strip}});
  }
  return {{"hash", Hex(trace.hash)}, {"switches", trace.switches}, {"steps", steps}, {"blocked", blocked}, {"objects", objects}};
}

Json ViolationToJson(const Violation& violation, const FactsOf& facts, const GoneOf& gone) {
  const CatalogueFacts* known = violation.catalogue_id.empty() || !facts ? nullptr : facts(violation.catalogue_id);
  return {
      {"id", OrNull(violation.catalogue_id)},
      {"title", known != nullptr ? OrNull(known->title) : Json(nullptr)},
      {"fixed_by", known != nullptr ? OrNull(known->fixed_by) : Json(nullptr)},
      {"gone", known != nullptr && gone ? OrNull(gone(violation.catalogue_id)) : Json(nullptr)},
      {"cve", known != nullptr ? OrNull(known->cve) : Json(nullptr)},
      {"invariant", violation.rule},
      {"kind", ToString(violation.kind)},
      {"message", violation.message},
      {"expected", OrNull(violation.expected)},
      {"got", OrNull(violation.got)},
      {"thread", OrNull(violation.thread)},
      {"object", OrNull(violation.object)},
      {"objects", violation.objects},
      {"function", OrNull(violation.function)},
      {"file", OrNull(violation.file)},
      {"line", violation.line},
      {"count", violation.count},
      {"token", violation.token},
      {"trace", TraceToJson(violation.trace)},
  };
}

Json CheckReport(const std::string& command, const std::vector<VerdictRow>& rows, const FactsOf& facts, const GoneOf& gone) {
  Json verdicts = Json::array();
  for (const VerdictRow& row : rows) verdicts.push_back(RowToJson(row, facts, gone));
  return {{"schema", "graze"}, {"schema_version", kSchemaVersion}, {"command", command}, {"verdicts", verdicts}};
}

std::string Dump(const Json& document) { return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; }

// ---- between processes ------------------------------------------------------------------------------------------------------------

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(TraceStep, number, thread, cpu, op, order, object, location, value, reads_from, text, function, file,
                                   line, internal, important)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(BlockedThread, thread, what, location, waits_for, function, file, line)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ObjectLife, object, type, strip, alive)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Trace, steps, blocked, objects, hash, switches)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Violation, kind, rule, message, expected, got, thread, object, objects, function, file, line, token,
                                   count, catalogue_id, trace)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Bound, name, value, own)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Result, verdict, reason, nondeterministic, violations, rest_holds, executions, blocked, doomed, visits,
                                   events, events_max, threads_max, seconds, checks, bounds)

std::string EncodeResult(const Result& result) {
  return nlohmann::json(result).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

bool DecodeResult(const std::string& text, Result* result) {
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object()) return false;
  try {
    *result = json.get<Result>();
  } catch (const nlohmann::json::exception&) {
    return false;
  }
  return true;
}

}  // namespace graze
