// SPDX-License-Identifier: MIT
#include <algorithm>
#include <chrono>
#include <map>
#include <sstream>
#include <thread>

#include "checker/base/strings.h"
#include "checker/cli/built_in.h"
#include "checker/cli/check_patch.h"
#include "checker/cli/flags.h"
#include "checker/cli/interrupt.h"
#include "checker/cli/json_file.h"
#include "checker/cli/mutations.h"
#include "checker/cli/search_facts.h"
#include "checker/cli/search_runner.h"
#include "checker/cli/selection.h"
#include "checker/report/bug_table.h"
#include "checker/report/json.h"
#include "checker/report/table.h"
#include "checker/report/text.h"

namespace graze {
namespace {

constexpr uint64_t kJobsMax = 1024;

struct CheckFlags {
  SelectionRequest selection;
  RunSettings run;
  std::string json, mutation, patch;
  std::vector<std::string> forwarded;  // what a patched program gets too
  bool quiet = false, verbose = false;
};

const CatalogueFacts* FactsOfBug(const std::string& id) {
  const Classifier classifier = RegisteredClassifier();
  return id.empty() || classifier.facts == nullptr ? nullptr : classifier.facts(id);
}

// What CLI11 leaves as text. False with one line about what is wrong.
bool ReadValues(const std::string& jobs, const std::string& budget, const std::string& executions_max, CheckFlags* flags,
                std::string* error) {
  flags->selection.generations = SplitCommas(flags->selection.generations);
  flags->selection.memory_models = SplitCommas(flags->selection.memory_models);
  uint64_t count = std::max(1u, std::thread::hardware_concurrency());
  if (!jobs.empty() && !ParseCount(jobs, kJobsMax, &count)) {
    *error = "--jobs takes a number from 0 (no processes of their own) to " + std::to_string(kJobsMax) + ", not '" + jobs + "'";
    return false;
  }
  flags->run.jobs = static_cast<unsigned>(count);
  for (const auto& [name, value] : {std::pair("--jobs", jobs), {"--time-budget", budget}, {"--executions-max", executions_max}}) {
    if (!value.empty()) flags->forwarded.insert(flags->forwarded.end(), {name, value});
  }
  if (!budget.empty() && !ParseDuration(budget, &flags->run.seconds_max)) {
    *error = "--time-budget takes a duration like 500ms, 5s or 2m, not '" + budget + "'";
    return false;
  }
  if (!executions_max.empty() && (!ParseCount(executions_max, UINT64_MAX, &flags->run.executions_max) || flags->run.executions_max == 0)) {
    *error = "--executions-max takes a number above 0, not '" + executions_max + "'";
    return false;
  }
  return true;
}

bool ReadForm(const std::string& lkmm, const std::string& rw, CheckFlags* flags, std::string* error) {
  if (!lkmm.empty() && lkmm != "newest" && lkmm != "6.1") {
    *error = "--lkmm takes newest or 6.1, not '" + lkmm + "'";
    return false;
  }
  if (!rw.empty() && rw != "po" && rw != "deps") {
    *error = "--rw takes po or deps, not '" + rw + "'";
    return false;
  }
  const std::vector<std::string>& models = flags->selection.memory_models;
  const bool has_lkmm = models.empty() || std::any_of(models.begin(), models.end(), [](const std::string& names) {
                          return names.find("lkmm") != std::string::npos || names.find("all") != std::string::npos;
                        });
  if (!has_lkmm && (!lkmm.empty() || !rw.empty())) {
    *error = "--lkmm and --rw are about the memory model lkmm, which is not among those chosen";
    return false;
  }
  flags->selection.lkmm = lkmm == "newest" ? "" : lkmm;
  flags->selection.rw = rw == "po" ? "" : rw;
  for (const auto& [name, value] : {std::pair("--lkmm", lkmm), {"--rw", rw}}) {
    if (!value.empty()) flags->forwarded.insert(flags->forwarded.end(), {name, value});
  }
  return true;
}

// An option for each bound that some scenario lets be set. `values` gets a place for what is given, by flag.
void AddBounds(CLI::App* app, std::map<std::string, std::string>* values) {
  for (const SettableBound& bound : KnownSettableBounds()) {
    const std::string flag = BoundFlag(bound.name);
    app->add_option("--bound-" + flag, (*values)[flag], "The bound '" + bound.name + "': " + RangeText(bound))
        ->type_name("N")
        ->group("Instead of the scenarios' own, where they let it be set (graze list)");
  }
}

// A line about an option --bound-NAME that there is not; empty if all are known.
std::string UnknownBound(const std::vector<std::string>& args) {
  constexpr char kPrefix[] = "--bound-";
  std::vector<std::string> known;
  for (const SettableBound& bound : KnownSettableBounds()) known.push_back(BoundFlag(bound.name));
  for (const std::string& arg : args) {
    if (!arg.starts_with(kPrefix)) continue;
    const std::string flag = arg.substr(sizeof kPrefix - 1, arg.find('=') - (sizeof kPrefix - 1));
    if (std::ranges::find(known, flag) != known.end()) continue;
    return "no bound '" + flag + "' can be set; " + (known.empty() ? "there is none" : "there is: " + Join(known, ", ")) +
           ", where 'graze list' says so";
  }
  return "";
}

bool ReadBounds(const std::map<std::string, std::string>& values, CheckFlags* flags, std::string* error) {
  for (const SettableBound& bound : KnownSettableBounds()) {
    const std::string flag = BoundFlag(bound.name), value = values.at(flag);
    if (value.empty()) continue;
    BoundSetting setting{.flag = flag};
    if (!ParseCount(value, bound.max, &setting.value) || setting.value < bound.min) {
      *error = "--bound-" + flag + " takes a number from " + RangeText(bound) + ", not '" + value + "'";
      return false;
    }
    flags->selection.bounds.push_back(std::move(setting));
    flags->forwarded.insert(flags->forwarded.end(), {"--bound-" + flag, value});
  }
  return true;
}

std::optional<int> ParseCheckFlags(const std::vector<std::string>& args, const Terminal& terminal, CheckFlags* flags) {
  CLI::App app("Explores every execution of the selected scenarios and shows what goes wrong.", "graze check");
  std::string jobs, budget, executions_max, lkmm, rw;
  app.add_option("SCENARIO", flags->selection.what, "Part of a scenario's name, or a bug: D01, CVE-2023-53441 (default: everything)");
  app.add_option("--generation", flags->selection.generations, "Only these, for instance v5.9")
      ->type_name("NAME,...")
      ->allow_extra_args(false);
  app.add_option("--memory-model", flags->selection.memory_models,
                 "Under these, or all: " + Join(MemoryModelNames(), ", ") + " (default: lkmm)")
      ->type_name("NAME,...")
      ->allow_extra_args(false);
  app.add_option("--lkmm", lkmm, "Which version of lkmm: newest (default) or 6.1")->type_name("VERSION");
  app.add_option("--rw", rw, "What lkmm orders a read before a write by: po (default), or deps: dependencies alone")->type_name("RULE");
  app.add_option("--config", flags->selection.configuration, "Only configurations that contain this; 'none': those without a name")
      ->type_name("SUBSTRING");
  if (RegisteredMutationRunner() != nullptr) {
    app.add_option("--mutation", flags->mutation, "Check the port with this seeded mistake instead; 'all' for each in turn")
        ->type_name("NAME");
  }
  if (RegisteredPatchBuilder() != nullptr) {
    app.add_option("--patch", flags->patch, "Check with this diff of cpumap.c or its port applied, and say what it changes")
        ->type_name("FILE");
  }
  app.add_flag("--thorough", flags->selection.thorough, "With the searches that take minutes each");
  app.add_option("--jobs", jobs, "Processes at a time (default: one per CPU); 0: all in this process")->type_name("N");
  app.add_option("--time-budget", budget, "For everything together, for instance 90s; what is not done by then is inconclusive")
      ->type_name("DURATION");
  app.add_option("--executions-max", executions_max, "Per scenario; reaching it is inconclusive")->type_name("N");
  app.add_option("--json", flags->json, "Write the report there as well; '-': to standard output, instead of text")->type_name("FILE");
  CLI::Option* quiet = app.add_flag("-q,--quiet", flags->quiet, "Only the table, no counterexamples");
  app.add_flag("-v,--verbose", flags->verbose, "Every step of every counterexample")->excludes(quiet);
  app.footer(
      "The engine's own bounds cannot be set: 1,000 rounds of a loop, 100,000 events of an execution; a search that reaches one is "
      "inconclusive.\n"
      "A scenario selected alone shows every step. Exit codes: 0 holds, 1 violation, 2 error, 3 inconclusive, 5 not deterministic.");
  std::map<std::string, std::string> bounds;
  AddBounds(&app, &bounds);
  std::string error = UnknownBound(args);
  if (!error.empty()) return UsageError(terminal, "check", error);
  if (const std::optional<int> done = ParseFlags(&app, "check", args, terminal)) return done;
  if (!ReadForm(lkmm, rw, flags, &error) || !ReadValues(jobs, budget, executions_max, flags, &error) || !ReadBounds(bounds, flags, &error))
    return UsageError(terminal, "check", error);
  if (flags->selection.thorough) flags->forwarded.emplace_back("--thorough");
  return std::nullopt;
}

ReportContext ContextOf(const VerdictRow& row, const Terminal& terminal) {
  return {.scenario = row.search->scenario,
          .generation = row.search->generation,
          .memory_model = row.search->memory_model,
          .configuration = row.search->configuration,
          .bounds = BoundsSetText(row.search->result.bounds),
          .program = terminal.program,
          .facts = FactsOfBug(row.violation->catalogue_id),
          .gone = GoneBug(row.violation->catalogue_id),
          .color = terminal.color};
}

// Violations that are one mistake as far as anybody can tell: the same known bug, or the same rule broken in the same way and place.
std::string GroupOf(const VerdictRow& row) {
  const Violation& violation = *row.violation;
  const std::string what =
      violation.catalogue_id.empty() ? std::string(ToString(violation.kind)) + violation.function : violation.catalogue_id;
  return row.search->generation + "|" + violation.rule + "|" + what;
}

// One screen for each mistake, made from its shortest trace; the other searches that show it are lines.
void PrintCounterexamples(const std::vector<VerdictRow>& rows, bool every_step, const Terminal& terminal) {
  std::map<std::string, std::vector<const VerdictRow*>> groups;
  std::vector<std::string> order;
  for (const VerdictRow& row : rows) {
    if (row.violation == nullptr) continue;
    std::vector<const VerdictRow*>& group = groups[GroupOf(row)];
    if (group.empty()) order.push_back(GroupOf(row));
    group.push_back(&row);
  }
  for (const std::string& name : order) {
    std::vector<const VerdictRow*>& group = groups[name];
    const auto shortest = std::min_element(group.begin(), group.end(), [](const VerdictRow* x, const VerdictRow* y) {
      return x->violation->trace.steps.size() < y->violation->trace.steps.size();
    });
    const VerdictRow& shown = **shortest;
    terminal.out << "\n" << RenderViolation(*shown.violation, ContextOf(shown, terminal));
    if (every_step) {
      const std::string steps = RenderEveryStep(*shown.violation, ContextOf(shown, terminal));
      if (!steps.empty()) terminal.out << "\nevery step\n" << steps;
    }
    for (const VerdictRow* row : group) {
      if (row == *shortest) continue;
      const Search& search = *row->search;
      terminal.out << "also       " << search.scenario << " " << search.memory_model
                   << (search.configuration.empty() ? "" : " [" + search.configuration + "]") << ": " << terminal.program << " replay "
                   << row->violation->token << "\n";
    }
  }
}

// What the table has no room for.
void PrintFaults(const std::vector<VerdictRow>& rows, const Terminal& terminal) {
  for (const VerdictRow& row : rows) {
    const bool clipped = row.verdict == Verdict::kInconclusive && OneLine(row.reason).size() > kReasonMax;
    if (row.verdict != Verdict::kError && !clipped) continue;
    const Search& search = *row.search;
    terminal.out << (clipped ? "inconclusive: " : "error: ") << search.scenario
                 << (search.generation.empty() ? "" : " " + search.generation) << " " << search.memory_model
                 << (search.configuration.empty() ? "" : " [" + search.configuration + "]") << ": " << OneLine(row.reason) << "\n";
  }
}

int ExitCodeOf(const std::vector<Search>& searches) {
  bool nondeterministic = false, error = false, violation = false, inconclusive = false;
  for (const Search& search : searches) {
    nondeterministic |= search.result.nondeterministic;
    error |= search.result.verdict == Verdict::kError;
    violation |= !search.result.violations.empty();
    inconclusive |= search.result.verdict == Verdict::kInconclusive;
  }
  if (nondeterministic) return kExitNondeterministic;
  if (error) return kExitUsage;
  if (Interrupted()) return kExitInconclusive;  // what was found is shown, but the user stopped it
  if (violation) return kExitViolation;
  return inconclusive ? kExitInconclusive : kExitHolds;
}

nlohmann::ordered_json LeftOutJson(const std::vector<SelectedSearch>& left_out) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const SelectedSearch& search : left_out) list.push_back(Describe(search));
  return list;
}

// What was asked of bounds, and of which searches in vain.
void AddBoundsJson(const SelectionRequest& request, const Selection& selection, nlohmann::ordered_json* document) {
  if (request.bounds.empty()) return;
  nlohmann::ordered_json set = nlohmann::ordered_json::object(), not_taken = nlohmann::ordered_json::array();
  for (const BoundSetting& setting : request.bounds) set[setting.flag] = setting.value;
  for (const NotTaken& each : selection.not_taken) not_taken.push_back({{"search", Describe(each.search)}, {"why", each.why}});
  (*document)["bounds_set"] = std::move(set);
  (*document)["not_taken"] = std::move(not_taken);
}

// For `check D01`: what shows the bug, or everything if nothing does.
std::vector<VerdictRow> RowsAbout(const std::string& bug, const std::vector<Search>& searches, bool* shown) {
  std::vector<VerdictRow> rows = RowsOf(searches), about;
  std::copy_if(rows.begin(), rows.end(), std::back_inserter(about),
               [&](const VerdictRow& row) { return row.violation != nullptr && row.violation->catalogue_id == bug; });
  *shown = !about.empty();
  return *shown ? about : rows;
}

// False with one line about what a mutation leaves no choice of, or what there is not.
bool FitsMutations(const CheckFlags& flags, std::string* error) {
  const SelectionRequest& selection = flags.selection;
  if (selection.generations.size() > 1 || selection.memory_models.size() > 1 ||
      selection.memory_models == std::vector<std::string>{"all"}) {
    *error = "--mutation takes at most one generation and one memory model at a time";
    return false;
  }
  for (const auto& [is_given, name] : {std::pair(!selection.what.empty(), "SCENARIO"),
                                       {!selection.configuration.empty(), "--config"},
                                       {selection.thorough, "--thorough"},
                                       {flags.run.executions_max != RunSettings().executions_max, "--executions-max"},
                                       {!selection.lkmm.empty(), "--lkmm"},
                                       {!selection.rw.empty(), "--rw"},
                                       {!selection.bounds.empty(), "--bound-*"}}) {
    if (!is_given) continue;
    *error = std::string("a mutation names what has to find it; leave ") + name + " out";
    return false;
  }
  Selection unused;
  return Select(selection, &unused, error);  // nothing is left in it but generation and memory model
}

int CheckMutations(const CheckFlags& flags, const Terminal& terminal) {
  const auto only = [](const std::vector<std::string>& names) { return names.empty() ? std::string() : names.front(); };
  JsonFile json;
  MutationReport report;
  std::string error;
  if (!FitsMutations(flags, &error) || !json.Open(flags.json, &error)) return UsageError(terminal, "check", error);
  std::ostringstream unseen;
  const int code = RegisteredMutationRunner()({.selection = flags.mutation,
                                               .generation = only(flags.selection.generations),
                                               .memory_model = only(flags.selection.memory_models),
                                               .seconds_max = flags.run.seconds_max,
                                               .report = json.wanted() ? &report : nullptr},
                                              json.takes_output() ? unseen : terminal.out, terminal.err);
  if (report.pairs.empty() || json.Write(MutationsReport(report, &FactsOfBug), terminal, &error)) return code;
  return UsageError(terminal, "check", error);
}

// The words of a text in lines of at most `width` characters.
std::vector<std::string> Wrap(const std::string& text, size_t width) {
  std::vector<std::string> lines;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find(' ', at), text.size());
    const std::string word = text.substr(at, end - at);
    if (lines.empty() || lines.back().size() + 1 + word.size() > width) {
      lines.push_back(word);
    } else {
      lines.back() += " " + word;
    }
    at = end + 1;
  }
  return lines;
}

// For `check D01`: what is known of the bug, and what was tried.
void PrintBug(const std::string& id, size_t searches, std::ostream& out) {
  for (const KnownBug& bug : KnownBugs()) {
    if (bug.id != id) continue;
    out << PadRight(bug.id, 11) << bug.title << "\n";
    for (const std::string& line : Wrap(Join(bug.facts, "; "), 129)) out << "           " << line << "\n";
    for (const std::string& line : Wrap(bug.story, 100)) out << "           " << line << "\n";
    out << "           " << Count(searches, "search", "searches") << " could show it; those that do:\n\n";
  }
}

// Whether a search of a known bug's can show it: of this scenario and configuration.
bool CanShow(const std::string& id, const std::string& scenario, const std::string& generation, const std::string& configuration) {
  const BugFilter filter = RegisteredBugFilter();
  return filter == nullptr || filter(id, scenario, generation, configuration);
}

// Is there more that could show the bug in that generation than was searched?
bool IsLeftOut(const std::vector<Search>& searches, const std::string& id, const std::string& generation) {
  const auto is_searched = [&](const Scenario& scenario, const Variant& variant) {
    return std::ranges::any_of(searches, [&](const Search& search) {
      return search.scenario == scenario.name && search.generation == generation && search.configuration == variant.configuration;
    });
  };
  for (const Scenario* scenario : RegisteredScenarios()) {
    for (const Variant& variant : scenario->variants) {
      if (variant.generation != generation || !CanShow(id, scenario->name, generation, variant.configuration)) continue;
      const SearchFacts facts = FactsOfSearch(scenario->name, generation, variant.configuration, "lkmm");
      if (facts.hypothetical.empty() && !is_searched(*scenario, variant)) return true;
    }
  }
  return false;
}

std::string BugTable(const std::vector<Search>& searches) {
  const std::vector<KnownBug> known = KnownBugs();
  std::vector<BugRow> bugs;
  for (const KnownBug& bug : known) bugs.push_back({bug.id, bug.title, bug.generations});
  const auto could_show = [&known](const std::string& id, const Search& search) {
    const auto bug = std::ranges::find(known, id, &KnownBug::id);
    const bool too_strong = bug != known.end() && bug->weak && (search.memory_model == "sc" || search.memory_model == "tso");
    return !too_strong && CanShow(id, search.scenario, search.generation, search.configuration);
  };
  const auto hypothetical = [](const Search& search) {
    return FactsOfSearch(search.scenario, search.generation, search.configuration, search.memory_model).hypothetical;
  };
  const auto left_out = [&searches](const std::string& id, const std::string& generation) { return IsLeftOut(searches, id, generation); };
  const auto conditions = [](const std::string& id, const Search& search) {
    const BugConditions conditions_of = RegisteredBugConditions();
    return conditions_of == nullptr ? std::map<std::string, std::string>()
                                    : conditions_of(id, search.scenario, search.configuration, search.memory_model);
  };
  return RenderBugTable(searches, bugs,
                        {.could_show = could_show, .hypothetical = hypothetical, .left_out = left_out, .conditions = conditions});
}

void PrintReport(const CheckFlags& flags, const std::vector<Search>& searches, const std::vector<VerdictRow>& rows, double seconds,
                 const Terminal& terminal) {
  terminal.out << RenderTable(rows);
  const std::string checks = RenderChecks(searches);
  if (!checks.empty()) terminal.out << "\n" << checks;
  if (!flags.quiet) PrintCounterexamples(rows, flags.verbose || searches.size() == 1, terminal);
  terminal.out << "\n";
  const std::string bugs = BugTable(searches);
  if (!bugs.empty()) terminal.out << bugs << "\n";
  PrintFaults(rows, terminal);
  if (Interrupted()) terminal.out << "interrupted: the rest was not explored\n";
  terminal.out << RenderSummary(searches, seconds);
}

// The command that leaves nothing out.
std::string ThoroughCommand(const std::vector<std::string>& args, const Terminal& terminal) {
  std::string command = terminal.program + " check --thorough";
  for (const std::string& arg : args) command += arg.find(' ') == std::string::npos ? " " + arg : " '" + arg + "'";
  return command;
}

}  // namespace

int RunCheck(const std::vector<std::string>& args, const Terminal& terminal) {
  CheckFlags flags;
  if (const std::optional<int> done = ParseCheckFlags(args, terminal, &flags)) return *done;
  if (!flags.mutation.empty() && !flags.patch.empty()) {
    return UsageError(terminal, "check", "--mutation and --patch both change the port; leave one of them out");
  }
  if (!flags.mutation.empty()) return CheckMutations(flags, terminal);
  if (!flags.patch.empty()) {
    return CheckPatch({.file = flags.patch,
                       .json = flags.json,
                       .selection = flags.selection,
                       .run = flags.run,
                       .forwarded = flags.forwarded,
                       .thorough_command = ThoroughCommand(args, terminal),
                       .quiet = flags.quiet},
                      terminal);
  }
  Selection selection;
  JsonFile json;
  std::string error;
  if (!Select(flags.selection, &selection, &error) || !json.Open(flags.json, &error)) return UsageError(terminal, "check", error);

  const InterruptGuard guard;
  const auto started = std::chrono::steady_clock::now();
  terminal.out.flush();
  ProgressLine progress(terminal.err, terminal.progress);
  const std::vector<Search> searches = RunSearches(selection.searches, flags.run, &progress);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();

  bool shown = true;
  const std::vector<VerdictRow> rows = selection.bug.empty() ? RowsOf(searches) : RowsAbout(selection.bug, searches, &shown);
  // First the file: whoever reads the text may stop reading, which ends this process.
  nlohmann::ordered_json document = CheckReport("check", rows, &FactsOfBug, &GoneBug);
  document["left_out"] = LeftOutJson(selection.left_out);
  AddBoundsJson(flags.selection, selection, &document);
  const bool written = json.Write(document, terminal, &error);
  if (!json.takes_output()) {
    PrintBug(selection.bug, searches.size(), terminal.out);
    PrintReport(flags, searches, rows, seconds, terminal);
    if (!shown) terminal.out << "no execution explored shows " << selection.bug << "\n";
    terminal.out << RenderBoundsSet(selection) << RenderLeftOut(selection.left_out, ThoroughCommand(args, terminal));
  }
  if (!written) return UsageError(terminal, "check", error);
  return ExitCodeOf(searches);
}

}  // namespace graze
