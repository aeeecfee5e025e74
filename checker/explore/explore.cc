// SPDX-License-Identifier: MIT
// The entry points: explore a program, replay one execution of it.
#include "checker/api/explore.h"

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <utility>

#include "checker/base/check.h"
#include "checker/explore/explorer.h"
#include "checker/explore/trace.h"

namespace graze {
namespace {

using internal::Explorer;
using internal::Finding;
using internal::Program;
using internal::Schedule;

struct Session {
  Program program;
  TokenHeader header;
  std::vector<std::string> rules;
};

// For a message about an error of the engine itself: what was explored, and the token of the execution it was in.
const Session* g_session = nullptr;
const Explorer* g_explorer = nullptr;

void DescribeSearch() {
  const TokenHeader& header = g_session->header;
  std::fprintf(stderr, "[checker bug] while exploring %s %s %s %s %s\n", header.scenario.c_str(), header.generation.c_str(),
               header.memory_model.c_str(), header.configuration.c_str(), header.bounds.c_str());
  std::fflush(stderr);  // describing the execution may fail in its turn
  std::fprintf(stderr, "[checker bug] token so far: %s\n", internal::FormatToken(header, g_explorer->InsertionOrder()).c_str());
}

struct DescribedSearch {
  DescribedSearch(const Session& session, const Explorer& explorer) {
    g_session = &session;
    g_explorer = &explorer;
    internal::SetCheckContext(&DescribeSearch);
  }
  ~DescribedSearch() { internal::SetCheckContext(nullptr); }
  DescribedSearch(const DescribedSearch&) = delete;
  DescribedSearch& operator=(const DescribedSearch&) = delete;
};

void CallFunction(void* arg) { (*static_cast<const std::function<void()>*>(arg))(); }

Session MakeSession(const std::function<void()>& body, const Options& options) {
  Session session;
  session.program.body = &CallFunction;
  session.program.arg = const_cast<std::function<void()>*>(&body);
  session.header.memory_model = options.memory_model;
  session.header.configuration = options.variant_label;
  return session;
}

struct ScenarioCall {
  const Scenario* scenario;
  const Variant* variant;
};

void CallScenario(void* arg) {
  const ScenarioCall& call = *static_cast<const ScenarioCall*>(arg);
  call.scenario->body(*call.variant);
}

Session MakeSession(const ScenarioCall& call, const Options& options) {
  Session session;
  session.program.body = &CallScenario;
  session.program.arg = const_cast<ScenarioCall*>(&call);
  session.program.leak_check = call.scenario->leak_check;
  if (call.scenario->at_end != nullptr) {
    session.program.at_end = [call](Execution& execution) { call.scenario->at_end(*call.variant, execution); };
  }
  session.header = {.scenario = call.scenario->name,
                    .generation = call.variant->generation,
                    .configuration = call.variant->configuration,
                    .memory_model = options.memory_model,
                    .bounds = call.variant->bounds_set};
  session.rules = RulesOf(*call.scenario, *call.variant);
  return session;
}

Result UnknownModel(const Options& options) {
  Result result;
  result.verdict = Verdict::kError;
  result.reason = "unknown memory model '" + options.memory_model + "'; known:";
  for (const std::string& name : MemoryModelNames()) result.reason += " " + name;
  return result;
}

// Replays `token`'s execution and collects what it shows.
Result RunToken(const Session& session, const Schedule& schedule, uint64_t expected_hash, const Options& options) {
  Options quiet = options;
  quiet.progress = nullptr;
  quiet.on_execution = nullptr;
  quiet.on_graph = nullptr;
  internal::Runtime::Get().set_tracing(true);
  Result result;
  {
    Explorer explorer(session.program, quiet, MakeMemoryModel(options.memory_model));
    const DescribedSearch described(session, explorer);
    const bool followed = explorer.RunSchedule(schedule);
    result = explorer.result();
    result.verdict = Verdict::kError;
    if (followed && explorer.CurrentHash() != expected_hash) {
      result.reason = "the execution ends in another graph than the token's: the code under test, its bounds or its compiler changed";
    } else if (followed) {
      for (Finding& finding : explorer.findings()) {
        Violation& violation = result.violations.emplace_back(std::move(finding.violation));
        if (options.keep_traces) violation.trace = internal::BuildTrace(explorer, violation, finding.deciding);
        TokenHeader header = session.header;
        header.trace_hash = expected_hash;
        violation.token = internal::FormatToken(header, schedule);
      }
      result.verdict = result.violations.empty() ? Verdict::kVerified : Verdict::kViolation;
    }
  }
  internal::Runtime::Get().set_tracing(false);
  return result;
}

std::string Classify(const Violation& violation) {
  const Classifier classifier = RegisteredClassifier();
  return classifier.classify == nullptr ? std::string() : classifier.classify(violation);
}

// Re-runs every distinct finding from its schedule: nothing is reported that does not happen again.
void ConfirmFindings(const Session& session, const Options& options, std::vector<Finding>& findings, Result* result) {
  std::vector<std::vector<uint64_t>> shown_in;  // beside result->violations
  for (Finding& finding : findings) {
    const Result again = RunToken(session, finding.schedule, finding.hash, options);
    const auto same = std::find_if(again.violations.begin(), again.violations.end(), [&](const Violation& violation) {
      return violation.rule == finding.violation.rule && violation.kind == finding.violation.kind &&
             violation.thread == finding.violation.thread && violation.line == finding.violation.line &&
             violation.objects == finding.violation.objects;
    });
    if (same == again.violations.end()) {
      result->verdict = Verdict::kError;
      result->reason =
          "a violation of " + finding.violation.rule + " (" + finding.violation.message +
          ") does not happen again when replayed: either the code under test has state that the checker does not see, or this is a "
          "bug of the checker: " +
          again.reason;
      for (const Violation& other : again.violations) {
        result->reason += "; it shows " + other.rule + " (" + other.message + ") by " + other.thread;
      }
      continue;
    }
    Violation violation = *same;
    violation.catalogue_id = Classify(violation);
    const auto twin = std::find_if(result->violations.begin(), result->violations.end(), [&](const Violation& other) {
      return other.rule == violation.rule && other.catalogue_id == violation.catalogue_id;
    });
    if (twin == result->violations.end()) {
      result->violations.push_back(std::move(violation));
      shown_in.push_back(std::move(finding.shown_in));
      continue;
    }
    if (violation.trace.steps.size() < twin->trace.steps.size()) *twin = std::move(violation);
    std::vector<uint64_t>& executions = shown_in[static_cast<size_t>(twin - result->violations.begin())];
    std::vector<uint64_t> both;
    std::set_union(executions.begin(), executions.end(), finding.shown_in.begin(), finding.shown_in.end(), std::back_inserter(both));
    executions = std::move(both);
  }
  for (size_t i = 0; i < shown_in.size(); ++i) result->violations[i].count = shown_in[i].size();
}

void Decide(const Session& session, Result* result) {
  result->rest_holds = result->reason.empty();
  if (result->nondeterministic) {
    result->verdict = Verdict::kError;
  } else if (!result->violations.empty()) {
    result->verdict = Verdict::kViolation;
  } else if (!result->reason.empty()) {
    result->verdict = Verdict::kInconclusive;
  } else if (result->executions == 0) {
    result->verdict = Verdict::kError;
    result->reason = "no execution completed (" + std::to_string(result->blocked) + " blocked): nothing was checked";
  } else {
    result->verdict = Verdict::kVerified;
    for (const std::string& rule : session.rules) {
      if (result->checks[rule] > 0) continue;
      result->verdict = Verdict::kError;
      result->reason = "invariant " + rule + " never had anything to check";
      if (!session.header.bounds.empty()) result->reason += " with these bounds";
    }
  }
}

Result ExploreSession(const Session& session, const Options& options) {
  std::unique_ptr<MemoryModel> model = MakeMemoryModel(options.memory_model);
  if (model == nullptr) return UnknownModel(options);
  Result result;
  std::vector<Finding> findings;
  {
    Explorer explorer(session.program, options, std::move(model));
    const DescribedSearch described(session, explorer);
    if (options.split_after == 0) {
      explorer.Run(nullptr, 0, nullptr);
    } else {
      // Every piece travels as bytes, as it would to another process.
      std::vector<internal::WorkItem> items;
      explorer.Run(nullptr, options.split_after, &items);
      while (!items.empty() && explorer.result().reason.empty()) {
        internal::WorkItem item;
        GRAZE_CHECK(internal::WorkItem::Parse(items.back().Serialize(), &item));
        items.pop_back();
        explorer.Run(&item, options.split_after, &items);
      }
    }
    result = explorer.result();
    findings = std::move(explorer.findings());
  }
  result.verdict = Verdict::kVerified;
  ConfirmFindings(session, options, findings, &result);
  if (result.verdict != Verdict::kError) Decide(session, &result);
  return result;
}

Result ReplaySession(const Session& session, const std::string& token, const Options& options) {
  Result result;
  TokenHeader header;
  Schedule schedule;
  if (!internal::ParseToken(token, &header, &schedule, &result.reason)) return result;
  Options same = options;
  same.memory_model = header.memory_model;
  if (MakeMemoryModel(same.memory_model) == nullptr) return UnknownModel(same);
  result = RunToken(session, schedule, header.trace_hash, same);
  for (Violation& violation : result.violations) violation.catalogue_id = Classify(violation);
  return result;
}

}  // namespace

namespace {

// Under sc and tso there is no such thing.
std::vector<Bound> BoundsOf(const Variant& variant, const std::string& memory_model) {
  std::vector<Bound> bounds = variant.bounds;
  if (memory_model != "sc" && memory_model != "tso") bounds.push_back({"no load buffering", ""});
  // As the last execution said (AssumeWholeStores); it matters to races under lkmm only.
  if (memory_model.starts_with("lkmm") && internal::Runtime::Get().whole_stores()) bounds.push_back({"plain stores are whole", ""});
  return bounds;
}

}  // namespace

std::vector<std::string> MemoryModelNames() { return MemoryModelTable(); }

Result Explore(const std::function<void()>& body, const Options& options) { return ExploreSession(MakeSession(body, options), options); }

Result Explore(const Scenario& scenario, const Variant& variant, const Options& options) {
  const ScenarioCall call{&scenario, &variant};
  Result result = ExploreSession(MakeSession(call, options), options);
  result.bounds = BoundsOf(variant, options.memory_model);
  return result;
}

Result Replay(const std::function<void()>& body, const std::string& token, const Options& options) {
  return ReplaySession(MakeSession(body, options), token, options);
}

Result Replay(const Scenario& scenario, const Variant& variant, const std::string& token, const Options& options) {
  const ScenarioCall call{&scenario, &variant};
  Result result = ReplaySession(MakeSession(call, options), token, options);
  result.bounds = BoundsOf(variant, options.memory_model);
  return result;
}

}  // namespace graze
