// SPDX-License-Identifier: MIT
#include <algorithm>

#include "checker/api/explore.h"
#include "checker/base/strings.h"
#include "checker/cli/built_in.h"
#include "checker/cli/flags.h"
#include "checker/cli/json_file.h"
#include "checker/cli/search_runner.h"
#include "checker/cli/selection.h"
#include "checker/report/json.h"
#include "checker/report/table.h"
#include "checker/report/text.h"

namespace graze {
namespace {

struct ReplayFlags {
  std::string token, json;
  bool explain = false;
};

std::optional<int> ParseReplayFlags(const std::vector<std::string>& args, const Terminal& terminal, ReplayFlags* flags) {
  CLI::App app("Runs the execution again that a token names, and shows what goes wrong in it.", "graze replay");
  app.add_option("TOKEN", flags->token, "From the last line of a counterexample; bounds that were set are part of it")->required();
  app.add_flag("--explain", flags->explain, "Every step, those on the kernel layer's own words included");
  app.add_option("--json", flags->json, "Write the report there as well; '-': to standard output, instead of text")->type_name("FILE");
  app.footer("Exit codes: 1 the violation is shown again, 2 the token does not fit this build.");
  return ParseFlags(&app, "replay", args, terminal);
}

// Copying a line brings along what stands around the token.
std::string WithoutSpaceAround(const std::string& text) {
  constexpr char kSpace[] = " \t\r\n";
  const size_t begin = text.find_first_not_of(kSpace);
  return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(kSpace) + 1 - begin);
}

bool FindSearch(const TokenHeader& header, SelectedSearch* search, std::string* error) {
  const std::vector<const Scenario*> scenarios = RegisteredScenarios();
  const auto scenario =
      std::find_if(scenarios.begin(), scenarios.end(), [&](const Scenario* each) { return each->name == header.scenario; });
  if (scenario == scenarios.end()) {
    *error = "the token belongs to scenario '" + header.scenario + "', which this program does not have; see 'graze list'";
    return false;
  }
  for (const Variant* variant : VariantsOf(**scenario)) {
    if (variant->generation != header.generation || variant->configuration != header.configuration) continue;
    BoundSettings settings;
    std::string why_not = "it is no list of bounds";
    const Variant* const bound = ParseBoundSettings(header.bounds, &settings) ? WithBounds(*variant, settings, &why_not) : nullptr;
    if (bound == nullptr) {
      *error = "the token sets bounds (" + header.bounds + ") that " + header.scenario + " " + header.generation +
               " does not take: " + why_not + "; was it changed, or is it of another build?";
      return false;
    }
    *search = {*scenario, bound, header.memory_model};
    return true;
  }
  *error = "the token belongs to " + header.scenario + " " + header.generation + " [" + header.configuration +
           "], a variant that this program does not have; see 'graze list'";
  return false;
}

const CatalogueFacts* FactsOfBug(const std::string& id) {
  const Classifier classifier = RegisteredClassifier();
  return id.empty() || classifier.facts == nullptr ? nullptr : classifier.facts(id);
}

void PrintViolations(const Search& search, bool explain, const Terminal& terminal) {
  bool first = true;
  for (const Violation& violation : search.result.violations) {
    const ReportContext context{.scenario = search.scenario,
                                .generation = search.generation,
                                .memory_model = search.memory_model,
                                .configuration = search.configuration,
                                .bounds = BoundsSetText(search.result.bounds),
                                .program = terminal.program,
                                .facts = FactsOfBug(violation.catalogue_id),
                                .gone = GoneBug(violation.catalogue_id),
                                .color = terminal.color};
    terminal.out << (first ? "" : "\n") << (explain ? ExplainViolation(violation, context) : RenderViolation(violation, context));
    first = false;
  }
}

}  // namespace

int RunReplay(const std::vector<std::string>& args, const Terminal& terminal) {
  ReplayFlags flags;
  if (const std::optional<int> done = ParseReplayFlags(args, terminal, &flags)) return *done;
  flags.token = WithoutSpaceAround(flags.token);
  TokenHeader header;
  SelectedSearch selected;
  JsonFile json;
  std::string error;
  if (!ParseTokenHeader(flags.token, &header, &error)) {
    return UsageError(terminal, "replay", error + "; copy the whole token from the replay line of a counterexample");
  }
  if (!FindSearch(header, &selected, &error) || !json.Open(flags.json, &error)) return UsageError(terminal, "replay", error);

  Options options;
  options.memory_model = header.memory_model;
  std::vector<Search> searches(1);
  Search& search = searches.front();
  search = {.scenario = header.scenario,
            .generation = header.generation,
            .configuration = header.configuration,
            .memory_model = header.memory_model,
            .mutation = "",
            .rules = {},
            .result = Replay(*selected.scenario, *selected.variant, flags.token, options)};
  Classify(&search.result);
  for (Violation& violation : search.result.violations) {
    if (violation.token.empty()) violation.token = flags.token;
  }
  std::vector<VerdictRow> rows = RowsOf(searches);
  // One execution says nothing about the others.
  if (!search.result.violations.empty()) std::erase_if(rows, [](const VerdictRow& row) { return row.part == Part::kRest; });
  // First the file: whoever reads the text may stop reading, which ends this process.
  const bool written = json.Write(CheckReport("replay", rows, &FactsOfBug, &GoneBug), terminal, &error);
  if (!json.takes_output()) PrintViolations(search, flags.explain, terminal);
  if (!written) return UsageError(terminal, "replay", error);
  if (search.result.nondeterministic) {
    UsageError(terminal, "replay", search.result.reason);
    return kExitNondeterministic;
  }
  if (search.result.verdict == Verdict::kError) return UsageError(terminal, "replay", search.result.reason);
  if (!search.result.violations.empty()) return kExitViolation;
  if (!json.takes_output()) terminal.out << "this execution shows no violation\n";
  return kExitHolds;
}

}  // namespace graze
