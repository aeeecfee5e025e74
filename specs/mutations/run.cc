// SPDX-License-Identifier: MIT
#include "specs/mutations/run.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iomanip>
#include <sstream>
#include <thread>
#include <utility>

#include "checker/base/process.h"
#include "checker/cli/command.h"
#include "checker/cli/exit_code.h"
#include "specs/patches/build_tree.h"

namespace specs {
namespace {

std::string Folder(std::string generation) {
  std::ranges::replace(generation, '.', '_');
  return generation;
}

std::string OwnBuildFolder() {
  std::error_code failed;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", failed);
  return self.parent_path().parent_path().string();
}

// What mutant_main.cc printed.
MutationOutcome ParseOutcome(const std::string& text) {
  MutationOutcome outcome;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string key, rule, id;
    words >> key;
    if (key == "verdict") words >> outcome.verdict;
    if (key == "reason") std::getline(words >> std::ws, outcome.reason);
    if (key == "result") std::getline(words >> std::ws, outcome.result);
    if (key == "token" && outcome.token.empty()) words >> outcome.token;
    if (key == "violation") {
      words >> rule >> id;
      outcome.rules.push_back(rule);
      outcome.rules_with_ids.push_back(rule + "/" + id);
    }
  }
  return outcome;
}

std::string Sum(const MutationRun& run) {
  std::string text;
  for (const std::string& violation : run.violations) text += (text.empty() ? "" : " ") + violation;
  return (text.empty() ? "holds" : text) + " in " + run.scenario;
}

int RunRequested(const graze::MutationRequest& request, std::ostream& out, std::ostream& err) {
  BuildTree tree;
  if (std::string error; !FindBuildTree(&tree, &error)) {
    err << "graze check: --mutation: " << error << "\n";
    return graze::kExitUsage;
  }
  MutationRunOptions options;
  options.generation = request.generation;
  options.memory_model = request.memory_model;
  if (request.seconds_max > 0) options.seconds_max = request.seconds_max;
  return CheckMutations(request.selection, options, out, err, request.report);
}

std::vector<std::vector<std::string>> ListRows() {
  std::vector<std::vector<std::string>> rows;
  for (const Mutation& mutation : Mutations()) {
    std::string generations;
    for (const std::string& generation : mutation.generations) generations += (generations.empty() ? "" : " ") + generation;
    rows.push_back({mutation.id, mutation.kind, generations, mutation.memory_model, mutation.title});
  }
  return rows;
}

[[maybe_unused]] const bool registered =
    graze::RegisterMutationRunner(&RunRequested) &&
    graze::RegisterListSection(
        {.name = "mutations", .header = {"name", "kind", "generations", "memory model", "what it changes"}, .rows = &ListRows});

std::string TargetOf(const Mutation& mutation, const std::string& generation) { return "mutant_" + mutation.id + "_" + Folder(generation); }

int Build(const std::string& build, const std::vector<std::string>& what) {
  const BuildLock lock({build, ""});
  std::vector<std::string> command = {"cmake", "--build", build};
  command.insert(command.end(), what.begin(), what.end());
  return graze::RunProgram(command, graze::ErrorStream::kInherited, nullptr);
}

// In one go, for the sake of all cores. What cannot be built is told when its pair is run.
void BuildAll(const std::vector<std::string>& targets, const std::string& build) {
  if (targets.size() < 2) return;
  std::vector<std::string> what = {"--parallel", std::to_string(std::max(1u, std::thread::hardware_concurrency())), "--target"};
  what.insert(what.end(), targets.begin(), targets.end());
  Build(build, what);
}

// `command` is the mutant with a scenario, a generation, a configuration and a memory model.
PairOutcome RunOne(const MutationRun& run, const std::vector<std::string>& command, PairResult* result) {
  std::string text, why;
  const int code = graze::RunProgram(command, graze::ErrorStream::kInherited, &text);
  const MutationOutcome outcome = ParseOutcome(text);
  if (!outcome.token.empty()) result->tokens.push_back(outcome.token);
  result->searches.push_back({.scenario = command[1],
                              .generation = command[2],
                              .configuration = command[3],
                              .memory_model = command[4],
                              .mutation = result->mutation,
                              .result = outcome.result});
  PairOutcome judged = PairOutcome::kAsExpected;
  if (code != 0) {
    why = "the mutant ends with code " + std::to_string(code) + ", an internal error";
    judged = PairOutcome::kBroken;
  } else if (outcome.verdict == "error") {
    why = outcome.reason;
    judged = PairOutcome::kBroken;
  } else if (!IsAsExpected(run, outcome, &why)) {
    judged = outcome.verdict == "inconclusive" ? PairOutcome::kInconclusive : PairOutcome::kDifferent;
  }
  if (!result->summary.empty()) result->summary += "; ";
  result->summary += judged == PairOutcome::kAsExpected ? Sum(run) : run.scenario + " [" + command[3] + "]: " + why;
  return judged;
}

// The worse of two outcomes of one mutant.
PairOutcome Worse(PairOutcome one, PairOutcome other) {
  for (const PairOutcome bad : {PairOutcome::kBroken, PairOutcome::kDifferent, PairOutcome::kInconclusive}) {
    if (one == bad || other == bad) return bad;
  }
  return PairOutcome::kAsExpected;
}

const char* NameOf(PairOutcome outcome) {
  switch (outcome) {
    case PairOutcome::kAsExpected: return "as expected";
    case PairOutcome::kDifferent: return "different";
    case PairOutcome::kInconclusive: return "inconclusive";
    case PairOutcome::kBroken: return "broken";
  }
  return "";
}

PairResult RunPair(const Mutation& mutation, const std::string& generation, const MutationRunOptions& options, const std::string& build) {
  PairResult result = {.mutation = mutation.id, .generation = generation};
  if (!mutation.left_out.empty()) {
    result.left_out = true;
    result.summary = mutation.left_out;
    return result;
  }
  const std::string target = TargetOf(mutation, generation);
  const auto start = std::chrono::steady_clock::now();
  if (Build(build, {"--target", target}) != 0) {
    result.summary = "does not build";
    return result;
  }
  result.outcome = PairOutcome::kAsExpected;
  for (const MutationRun& run : mutation.runs) {
    if (!run.IsFor(generation)) continue;
    const std::string model = !options.memory_model.empty() ? options.memory_model
                              : !run.memory_model.empty()   ? run.memory_model
                                                            : mutation.memory_model;
    const PairOutcome outcome = RunOne(run,
                                       {build + "/mutants/bin/" + target, run.scenario, generation, run.ConfigurationIn(generation), model,
                                        std::to_string(options.seconds_max)},
                                       &result);
    result.outcome = Worse(result.outcome, outcome);
  }
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

}  // namespace

std::vector<PairResult> RunMutations(const std::string& selection, const MutationRunOptions& options, std::string* error) {
  const std::string build = options.build_folder.empty() ? OwnBuildFolder() : options.build_folder;
  std::vector<std::pair<const Mutation*, std::string>> pairs;
  std::vector<std::string> targets;
  bool known = selection == "all";
  for (const Mutation& mutation : Mutations()) {
    if (selection != "all" && selection != mutation.id) continue;
    known = true;
    if (std::ranges::find(mutation.generations, options.not_of) != mutation.generations.end()) continue;
    for (const std::string& generation : mutation.generations) {
      if (!options.generation.empty() && options.generation != generation) continue;
      pairs.emplace_back(&mutation, generation);
      if (mutation.left_out.empty()) targets.push_back(TargetOf(mutation, generation));
    }
  }
  if (!known) *error = "no mutation '" + selection + "' (graze list names them)";
  if (known && pairs.empty()) {
    *error = (selection == "all" ? "there is no mutation" : selection + " is no mutation") + " of " + options.generation +
             " (graze list says of which generations there are)";
  }
  if (!error->empty()) return {};
  BuildAll(targets, build);
  std::vector<PairResult> results;
  for (const auto& [mutation, generation] : pairs) results.push_back(RunPair(*mutation, generation, options, build));
  return results;
}

int ExitCodeOf(const std::vector<PairResult>& results) {
  PairOutcome worst = PairOutcome::kAsExpected;
  bool any = false;
  for (const PairResult& result : results) {
    if (result.left_out) continue;
    any = true;
    worst = Worse(worst, result.outcome);
  }
  switch (worst) {
    case PairOutcome::kBroken: return graze::kExitUsage;
    case PairOutcome::kDifferent: return graze::kExitViolation;
    case PairOutcome::kInconclusive: return graze::kExitInconclusive;
    case PairOutcome::kAsExpected: break;
  }
  return any ? graze::kExitHolds : graze::kExitViolation;
}

int CheckMutations(const std::string& selection, const MutationRunOptions& options, std::ostream& out, std::ostream& errors,
                   graze::MutationReport* report) {
  const auto start = std::chrono::steady_clock::now();
  std::string error;
  const std::vector<PairResult> results = RunMutations(selection, options, &error);
  if (!error.empty()) {
    errors << "graze check: --mutation: " << error << "\n";
    return graze::kExitUsage;
  }
  for (const PairResult& result : results) {
    if (report == nullptr) break;
    report->searches.insert(report->searches.end(), result.searches.begin(), result.searches.end());
    report->pairs.push_back({.mutation = result.mutation,
                             .generation = result.generation,
                             .outcome = result.left_out ? "left out" : NameOf(result.outcome),
                             .summary = result.summary});
  }
  size_t good = 0, left_out = 0;
  for (const PairResult& result : results) {
    const bool as_expected = !result.left_out && result.outcome == PairOutcome::kAsExpected;
    good += as_expected;
    left_out += result.left_out;
    out << std::left << std::setw(22) << result.mutation << std::setw(6) << result.generation << std::setw(14)
        << (result.left_out ? "left out"
            : as_expected   ? "as expected"
                            : "NOT EXPECTED")
        << result.summary << "\n";
  }
  const size_t counted = results.size() - left_out;
  out << good << "/" << counted << " pairs";
  if (left_out > 0) out << ", " << left_out << " left out";
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  out << ", " << std::fixed << std::setprecision(0) << seconds << " s\n";
  return ExitCodeOf(results);
}

}  // namespace specs
