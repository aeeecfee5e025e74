// SPDX-License-Identifier: MIT
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "checker/api/explore.h"
#include "checker/base/strings.h"
#include "checker/cli/built_in.h"
#include "checker/cli/flags.h"
#include "checker/cli/interrupt.h"
#include "checker/cli/json_file.h"
#include "checker/cli/progress.h"
#include "checker/cli/task_pool.h"
#include "checker/litmus/summary.h"

namespace graze {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr uint64_t kJobsMax = 1024;
constexpr uint64_t kUnrollMax = 100;

struct LitmusFlags {
  std::vector<std::string> paths;
  litmus::Settings settings;
  unsigned jobs = 0;
  bool model_6_1 = false;
  std::string expect, json;
};

// False with one line.
bool ReadModel(const std::string& model, const std::string& lkmm, LitmusFlags* flags, std::string* error) {
  flags->model_6_1 = lkmm == "6.1";
  if (!lkmm.empty() && lkmm != "6.1" && lkmm != "newest") {
    *error = "--lkmm takes newest or 6.1, not '" + lkmm + "'";
    return false;
  }
  if (!lkmm.empty() && model != "lkmm") {
    *error = "--lkmm says which version of the memory model lkmm is meant; it does not go with --memory-model=" + model;
    return false;
  }
  const std::vector<std::string> names = MemoryModelNames();
  if (std::find(names.begin(), names.end(), model) == names.end()) {
    *error = "no memory model '" + model + "'; there is: " + Join(names, ", ");
    return false;
  }
  flags->settings.memory_model = model;
  if (model == "lkmm") flags->settings.memory_model = flags->model_6_1 ? "lkmm-6.1-deps" : "lkmm-deps";
  if (!flags->expect.empty() && model != "lkmm") {
    *error = "--expect compares with what is known of the memory model lkmm; it does not go with --memory-model=" + model;
    return false;
  }
  return true;
}

bool ReadNumbers(const std::string& jobs, const std::string& budget, const std::string& unroll, LitmusFlags* flags, std::string* error) {
  uint64_t number = std::max(1u, std::thread::hardware_concurrency());
  if (!jobs.empty() && !ParseCount(jobs, kJobsMax, &number)) {
    *error = "--jobs takes a number from 0 (no processes of their own) to " + std::to_string(kJobsMax) + ", not '" + jobs + "'";
    return false;
  }
  flags->jobs = static_cast<unsigned>(number);
  if (!budget.empty() && !ParseDuration(budget, &flags->settings.seconds_max)) {
    *error = "--time-budget takes a time such as 500ms, 90s or 5m, not '" + budget + "'";
    return false;
  }
  number = flags->settings.unroll;
  if (!unroll.empty() && !ParseCount(unroll, kUnrollMax, &number)) {
    *error = "--unroll takes a number of at most " + std::to_string(kUnrollMax) + ", not '" + unroll + "'";
    return false;
  }
  flags->settings.unroll = static_cast<unsigned>(number);
  return true;
}

std::optional<int> ParseLitmusFlags(const std::vector<std::string>& args, const Terminal& terminal, LitmusFlags* flags) {
  CLI::App app("Says of litmus tests in herd7's C syntax what can happen: Never, Sometimes or Always.", "graze litmus");
  std::string model = "lkmm";
  std::string lkmm, jobs, budget, unroll;
  app.add_option("PATH", flags->paths, "Files, or folders with *.litmus files")->required();
  app.add_option("--memory-model", model, "lkmm (default; as herd7 has it, that is with --rw=deps of 'check'), rc11, tso or sc")
      ->type_name("MODEL");
  app.add_option("--lkmm", lkmm, "Which version of lkmm: newest (default) or 6.1")->type_name("VERSION");
  app.add_option("--unroll", unroll, "Iterations of a loop (default: 2)")->type_name("N");
  app.add_option("--expect", flags->expect, "Compare with the verdicts in this file")->type_name("CSV");
  app.add_option("--json", flags->json, "Write the report to this file; - for the output")->type_name("FILE");
  app.add_flag("--show", flags->settings.show, "Show an execution that satisfies the condition");
  app.add_option("--jobs", jobs, "Processes at a time (default: one per CPU); 0: all in this process")->type_name("N");
  app.add_option("--time-budget", budget, "For each test; one that takes longer is inconclusive")->type_name("TIME");
  app.footer(
      "\nA verdict speaks of the proposition of the condition: Never, Sometimes or Always true at the end of an execution.\n"
      "Positive and negative are the executions in which it is true and false. Load buffering is never explored.\n"
      "Seconds are those of CPU. Primitives, syntax, notes, witnesses and the columns of CSV: checker/litmus/SYNTAX.md\n\n"
      "Exit codes: 0 done (with --expect: and all as expected), 1 something differs, 2 wrong usage or internal error,\n"
      "3 inconclusive, 4 no test of them could be judged.");
  if (const std::optional<int> done = ParseFlags(&app, "litmus", args, terminal)) return done;
  std::string error;
  if (!ReadModel(model, lkmm, flags, &error) || !ReadNumbers(jobs, budget, unroll, flags, &error)) {
    return UsageError(terminal, "litmus", error);
  }
  return std::nullopt;
}

// The tests below a folder, sorted by name.
bool CollectFolder(const std::string& folder, std::vector<std::string>* tests, std::string* error) {
  std::error_code code;
  std::vector<std::string> found;
  for (fs::recursive_directory_iterator it(folder, fs::directory_options::follow_directory_symlink, code), end; !code && it != end;
       it.increment(code)) {
    if (it->path().extension() == ".litmus" && it->is_regular_file(code)) found.push_back(it->path().string());
  }
  if (code) {
    *error = "cannot read the folder '" + folder + "': " + code.message();
    return false;
  }
  if (found.empty()) {
    *error = "no file below '" + folder + "' ends in .litmus";
    return false;
  }
  std::sort(found.begin(), found.end());
  tests->insert(tests->end(), found.begin(), found.end());
  return true;
}

bool CollectTests(const std::vector<std::string>& paths, std::vector<std::string>* tests, std::string* error) {
  for (const std::string& path : paths) {
    std::error_code code;
    if (fs::is_directory(path, code)) {
      if (!CollectFolder(path, tests, error)) return false;
    } else if (fs::exists(path, code)) {
      tests->push_back(path);
    } else {
      *error = "no file or folder '" + path + "'";
      return false;
    }
  }
  return true;
}

std::vector<litmus::Report> RunTests(const std::vector<std::string>& tests, const LitmusFlags& flags, const Terminal& terminal) {
  const InterruptGuard guard;
  std::vector<litmus::Report> reports(tests.size());
  std::vector<char> finished(tests.size(), 0);
  ProgressLine progress(terminal.err, terminal.progress);
  progress.set_searches(tests.size());
  progress.Begin("litmus tests");
  uint64_t executions = 0;
  TaskPool pool;
  pool.tasks = tests.size();
  pool.jobs = std::min<unsigned>(flags.jobs, static_cast<unsigned>(tests.size()));
  pool.run = [&](size_t i) {
    litmus::Settings settings = flags.settings;
    settings.keep_going = [] { return !Interrupted(); };
    return litmus::EncodeReport(litmus::RunFile(tests[i], settings));
  };
  pool.done = [&](size_t i, const std::string& result, bool crashed) {
    finished[i] = 1;
    if (crashed || !litmus::DecodeReport(result, &reports[i])) {
      reports[i].path = tests[i];
      reports[i].error = tests[i] + ": the search crashed: " + result + "; see it in a debugger with --jobs 0";
    }
    executions += reports[i].positive + reports[i].negative;
    progress.End("", 0);
    progress.Update("litmus tests", executions);
  };
  RunTasks(pool);
  std::vector<litmus::Report> done;
  for (size_t i = 0; i < tests.size(); ++i) {
    if (finished[i] != 0) done.push_back(std::move(reports[i]));
  }
  return done;
}

}  // namespace

int RunLitmus(const std::vector<std::string>& args, const Terminal& terminal) {
  LitmusFlags flags;
  if (const std::optional<int> done = ParseLitmusFlags(args, terminal, &flags)) return *done;
  std::vector<std::string> tests;
  litmus::Expectations expectations;
  JsonFile json;
  std::string error;
  if (!CollectTests(flags.paths, &tests, &error) || (!flags.expect.empty() && !expectations.Read(flags.expect, flags.model_6_1, &error)) ||
      !json.Open(flags.json, &error)) {
    return UsageError(terminal, "litmus", error);
  }
  const auto started = Clock::now();
  litmus::Batch batch;
  batch.memory_model = flags.settings.memory_model;
  batch.unroll = flags.settings.unroll;
  if (!flags.expect.empty()) batch.expectations = &expectations;
  batch.reports = RunTests(tests, flags, terminal);
  batch.not_run = tests.size() - batch.reports.size();
  batch.seconds = std::chrono::duration<double>(Clock::now() - started).count();
  const bool written = json.Write(litmus::LitmusReport(batch), terminal, &error);
  if (!json.takes_output()) terminal.out << litmus::RenderReports(batch) << "\n" << litmus::RenderSummary(batch);
  if (!written) return UsageError(terminal, "litmus", error);
  return litmus::ExitCodeOf(batch);
}

}  // namespace graze
