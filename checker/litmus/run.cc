// SPDX-License-Identifier: MIT
#include "checker/litmus/run.h"

#include <algorithm>
#include <ctime>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "checker/api/explore.h"
#include "checker/base/strings.h"
#include "checker/litmus/final_state.h"
#include "checker/litmus/interpret.h"
#include "checker/litmus/parse.h"
#include "checker/report/interleaving.h"
#include "checker/runtime/ops.h"

namespace graze::litmus {
namespace {

constexpr char kWitnessRule[] = "witness";
constexpr unsigned kSize = 8;
constexpr uint32_t kEventsMax = 20'000;

struct Search {
  const LitmusTest& test;
  Run run;
  std::vector<std::pair<const Process*, Run*>> threads;
  bool wants_witness = false;
  std::set<std::vector<int64_t>> states;
  uint64_t positive = 0, negative = 0;
  uint64_t filtered = 0;  // executions that the filter dropped
  bool data_race = false;
  std::set<std::string> flags;  // as the model calls what it objects to
};

void RunThread(void* arg) {
  const auto& [process, run] = *static_cast<const std::pair<const Process*, Run*>*>(arg);
  RunProcess(*process, run);
}

void Body(const Variant& variant) {
  auto& search = *static_cast<Search*>(const_cast<void*>(variant.arg));
  const SourceSite* const site = search.test.processes.front()->site;
  for (size_t i = 0; i < search.test.locations.size(); ++i) {
    void* const address = reinterpret_cast<void*>(search.test.locations[i].address);
    InitLocation(address, kSize, static_cast<uint64_t>(search.test.locations[i].initial), site);
    NameLocation(address, search.test.locations[i].name.c_str(), false);
  }
  for (auto& thread : search.threads) Spawn(&RunThread, &thread, {.name = thread.first->name.c_str()}, thread.first->site);
}

double CpuSeconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

std::string StateText(const LitmusTest& test, const FinalState& state) {
  std::vector<std::string> parts;
  for (const Operand& operand : test.observed) parts.push_back(test.NameOf(operand) + "=" + test.ValueText(state.ValueOf(operand)));
  return Join(parts, "; ");
}

void AtEnd(const Variant& variant, Execution& execution) {
  auto& search = *static_cast<Search*>(const_cast<void*>(variant.arg));
  const FinalState state(search.test, execution);
  if (search.test.has_filter && !state.Satisfies(search.test.filter)) {
    ++search.filtered;
    return;
  }
  const bool positive = state.Satisfies(search.test.condition);
  const bool telling = positive != (search.test.quantifier == Quantifier::kForall);
  if (search.wants_witness && telling) execution.Report(kWitnessRule, StateText(search.test, state));
  if (Tracing()) return;  // an execution that was counted before
  search.data_race = search.data_race || execution.raced();
  ++(positive ? search.positive : search.negative);
  search.states.insert(state.Observed());
  for (const Observation& observation : execution.observations()) {
    if (observation.tag == kFlagTag) {
      search.flags.insert(NameOf(static_cast<Flag>(observation.a), search.run.cookies_match));
    }
  }
}

const char* VerdictOf(const Search& search) {
  if (search.positive == 0) return "Never";
  return search.negative == 0 ? "Always" : "Sometimes";
}

// Whether executions that were cut off could make the verdict another one. Where the condition is seen both true and false none can.
bool MayChange(const Search& search) { return search.run.cut_off && (search.positive == 0 || search.negative == 0); }

std::vector<std::string> NotesOf(const Search& search) {
  std::vector<std::string> notes;
  if (search.positive + search.negative == 0) {
    notes.emplace_back(search.filtered > 0 ? "no execution ends as the filter asks" : "no execution ends: each waits for good");
  }
  for (const std::string& flag : search.flags) notes.push_back("flag " + flag);
  for (const Operand& operand : search.test.observed) {
    if (operand.kind != Operand::Kind::kLocation) continue;
    if (search.run.uses[static_cast<size_t>(operand.number)].as_lock) notes.push_back("flag lock-final: " + search.test.NameOf(operand));
  }
  if (!search.run.cookies_match && !search.test.newer.empty()) {
    notes.push_back("newer than the model of Linux 6.1: " + Join({search.test.newer.begin(), search.test.newer.end()}, ", "));
  }
  notes.insert(notes.end(), search.test.notes.begin(), search.test.notes.end());
  return notes;
}

// One line, if a location is used in ways that do not go together: what a lock or a domain is made of is nobody else's business.
std::string MixedUse(const Search& search) {
  for (size_t i = 0; i < search.run.uses.size(); ++i) {
    const LocationUse& use = search.run.uses[i];
    if (use.as_memory == nullptr || (!use.as_lock && !use.as_domain)) continue;
    return search.test.path + ":" + std::to_string(use.as_memory->line) + ": an access to '" + search.test.locations[i].name +
           "', which is a " + (use.as_lock ? "spinlock" : "srcu_struct") + " elsewhere";
  }
  return "";
}

std::string ProblemOf(const LitmusTest& test, const Violation& violation) {
  return test.path + ":" + std::to_string(violation.line) + ": " + violation.message;
}

Result ExploreTest(Search* search, const Settings& settings) {
  search->run.test = &search->test;
  search->run.unroll = settings.unroll;
  search->run.cookies_match = settings.memory_model.find("6.1") == std::string::npos;
  search->run.uses.resize(search->test.locations.size());
  for (const auto& process : search->test.processes) search->threads.emplace_back(process.get(), &search->run);
  Scenario scenario{.name = search->test.name, .summary = "", .body = &Body, .at_end = &AtEnd};
  scenario.leak_check = false;
  Variant variant;
  variant.arg = search;
  Options options;
  options.memory_model = settings.memory_model;
  options.seconds_max = settings.seconds_max;
  options.events_max = kEventsMax;
  options.leak_check = false;
  options.keep_traces = search->wants_witness;
  if (settings.keep_going) options.progress = [&](const Result&) { return settings.keep_going(); };
  return Explore(scenario, variant, options);
}

std::string StatesText(const Search& search) {
  std::string text = "final states:\n";
  for (const std::vector<int64_t>& state : search.states) {
    std::vector<std::string> parts;
    for (size_t i = 0; i < state.size(); ++i) {
      parts.push_back(search.test.NameOf(search.test.observed[i]) + "=" + search.test.ValueText(state[i]));
    }
    text += "  " + Join(parts, "; ") + "\n";
  }
  return text;
}

// What the processes do, without the thread that begins them.
Trace ProcessSteps(const Trace& whole) {
  Trace trace;
  std::map<uint32_t, uint32_t> numbers;
  for (const TraceStep& step : whole.steps) {
    if (step.thread == whole.steps.front().thread || step.op == "begin" || step.op == "end") continue;
    trace.steps.push_back(step);
    numbers[step.number] = trace.steps.back().number = static_cast<uint32_t>(trace.steps.size());
  }
  for (TraceStep& step : trace.steps) step.reads_from = step.reads_from == 0 ? 0 : numbers[step.reads_from];
  return trace;
}

// Of a condition that is to hold always, what tells most is an execution in which it does not.
std::string WitnessText(const Result& result, const Search& search) {
  const bool forall = search.test.quantifier == Quantifier::kForall;
  constexpr size_t kWidth = 140;
  for (const Violation& violation : result.violations) {
    if (violation.rule != kWitnessRule) continue;
    const Trace trace = ProcessSteps(violation.trace);
    std::vector<std::string> columns;
    for (const auto& process : search.test.processes) columns.push_back(process->name);
    return (forall ? "against the condition: " : "") + violation.message + "\n" +
           Join(RenderInterleaving(trace, AllSteps(trace), kWidth, columns), "\n") + "\n" + StatesText(search);
  }
  return std::string("none, no execution ") + (forall ? "is against" : "satisfies") + " the condition\n" + StatesText(search);
}

}  // namespace

Report RunTest(const LitmusTest& test, const Settings& settings) {
  Report report;
  report.path = test.path;
  report.name = test.name;
  Search search{.test = test, .run = {}, .threads = {}, .wants_witness = settings.show, .states = {}, .flags = {}};
  const double began = CpuSeconds();
  const Result result = ExploreTest(&search, settings);
  report.seconds = CpuSeconds() - began;
  report.cut_off = search.run.cut_off;
  for (const Violation& violation : result.violations) {
    // Deadlocks and waits without end do not count, as in herd7; what a thread must not do makes the whole test unfit.
    const bool unfit = violation.rule == kErrorRule || violation.kind == ViolationKind::kMisuse ||
                       violation.kind == ViolationKind::kWildAccess || violation.kind == ViolationKind::kUninitializedRead;
    if (!unfit) continue;
    report.status = Report::Status::kUnsupported;
    report.error = ProblemOf(test, violation);
    return report;
  }
  report.error = MixedUse(search);
  if (!report.error.empty()) {
    report.status = Report::Status::kUnsupported;
    return report;
  }
  const bool none = result.executions == 0 && result.reason.starts_with("no execution completed");
  if (result.verdict == Verdict::kInconclusive) {
    report.status = Report::Status::kInconclusive;
    report.error = test.path + ": " + result.reason;
    return report;
  }
  if (result.verdict == Verdict::kError && !none) {
    report.error = test.path + ": " + result.reason;
    return report;
  }
  if (MayChange(search)) {
    report.status = Report::Status::kInconclusive;
    report.error = test.path + ": " + VerdictOf(search) + " as far as loops run " + Count(settings.unroll, "iteration") +
                   ", but some need more (--unroll)";
    return report;
  }
  report.status = Report::Status::kJudged;
  report.notes = NotesOf(search);
  report.verdict = VerdictOf(search);
  report.states = search.states.size();
  report.positive = search.positive;
  report.negative = search.negative;
  report.blocked = result.blocked;
  report.doomed = result.doomed;
  report.data_race = search.data_race;
  if (settings.show) report.witness = WitnessText(result, search);
  return report;
}

Report RunText(std::string_view text, const std::string& path, const Settings& settings) {
  ParseError error;
  const std::unique_ptr<LitmusTest> test = Parse(text, path, &error);
  if (test != nullptr) return RunTest(*test, settings);
  Report report;
  report.path = path;
  report.status = Report::Status::kUnsupported;
  report.error = path + ":" + std::to_string(error.line) + ": " + error.reason;
  return report;
}

Report RunFile(const std::string& path, const Settings& settings) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (file.good() || file.eof()) return RunText(text, path, settings);
  Report report;
  report.path = path;
  report.status = Report::Status::kUnsupported;
  report.error = path + ":0: the file cannot be read";
  return report;
}

}  // namespace graze::litmus
