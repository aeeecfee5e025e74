// SPDX-License-Identifier: MIT
#include "checker/cli/check_patch.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

#include "checker/base/process.h"
#include "checker/base/strings.h"
#include "checker/cli/interrupt.h"
#include "checker/cli/json_file.h"
#include "checker/report/json.h"
#include "checker/report/table.h"

namespace graze {
namespace {

using Json = nlohmann::ordered_json;

constexpr char kUnnamed[] = "unnamed";

std::string Text(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

bool IsViolation(const Json& row) { return Text(row, "part") == "violation"; }

// What a violation is called: "D01", or "unnamed".
std::string IdOf(const Json& row) {
  const std::string id = Text(row["violation"], "id");
  return id.empty() ? kUnnamed : id;
}

// Names a search: scenario, memory model, configuration.
using Key = std::vector<std::string>;

std::vector<Key> KeysOf(const Json& report) {
  std::vector<Key> keys;
  for (const Json& row : report["verdicts"]) {
    const Key key = {Text(row, "scenario"), Text(row, "memory_model"), Text(row, "configuration")};
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
  }
  return keys;
}

// What a search came to, in one cell of a table.
std::string CellOf(const Json& report, const Key& key) {
  std::vector<std::string> parts;
  for (const Json& row : report["verdicts"]) {
    if (Key{Text(row, "scenario"), Text(row, "memory_model"), Text(row, "configuration")} != key) continue;
    if (IsViolation(row)) {
      parts.push_back(IdOf(row) + " " + Text(row["violation"], "invariant"));
    } else if (Text(row, "part") == "all" || Text(row, "verdict") != "verified") {
      const std::string reason = Text(row, "reason");
      parts.push_back(Text(row, "verdict") + (reason.empty() ? "" : ": " + Clip(OneLine(reason), kReasonMax)));
    }
  }
  std::sort(parts.begin(), parts.end());
  return parts.empty() ? "not explored" : Join(parts, ", ");
}

std::string OrDash(const std::string& text) { return text.empty() ? "-" : text; }

std::string FindingsText(const std::vector<PatchFinding>& findings, bool (*wanted)(const PatchFinding&)) {
  std::vector<std::string> parts;
  for (const PatchFinding& finding : findings) {
    if (!wanted(finding)) continue;
    const std::vector<std::string>& now = finding.after.empty() ? finding.before : finding.after;
    std::string text = finding.id + " " + Join(now, " ");
    if (!finding.before.empty() && !finding.after.empty() && finding.before != finding.after) {
      text += " (before: " + Join(finding.before, " ") + ")";
    }
    parts.push_back(text);
  }
  return OrDash(Join(parts, ", "));
}

bool Inconclusive(const Json& report) {
  return std::any_of(report["verdicts"].begin(), report["verdicts"].end(),
                     [](const Json& row) { return Text(row, "verdict") == "inconclusive" || Text(row, "verdict") == "error"; });
}

// What the patched program found. False with one line.
bool RunPatched(const PatchCheck& check, const PatchedProgram& patched, Json* report, std::string* error) {
  std::vector<std::string> command = {patched.program, "check", "--generation", patched.generation, "--json", "-"};
  const SelectionRequest& selection = check.selection;
  if (!selection.what.empty()) command.push_back(selection.what);
  if (!selection.memory_models.empty()) command.insert(command.end(), {"--memory-model", Join(selection.memory_models, ",")});
  if (!selection.configuration.empty()) command.insert(command.end(), {"--config", selection.configuration});
  command.insert(command.end(), check.forwarded.begin(), check.forwarded.end());
  std::string output;
  const int code = RunProgram(command, ErrorStream::kInherited, &output);
  *report = Json::parse(output, nullptr, false);
  if (report->is_object() && report->contains("verdicts")) return true;
  *error = "the patched program ended with exit code " + std::to_string(code) +
           " and without a report; run it in a debugger: " + patched.program + " check --jobs 0";
  return false;
}

// A counterexample for each thing that only the patched program shows.
void PrintNew(const std::vector<PatchFinding>& findings, const Json& after, const PatchedProgram& patched, const Terminal& terminal) {
  for (const PatchFinding& finding : findings) {
    for (const std::string& invariant : finding.after) {
      if (std::find(finding.before.begin(), finding.before.end(), invariant) != finding.before.end()) continue;
      const auto shown = std::find_if(after["verdicts"].begin(), after["verdicts"].end(), [&](const Json& row) {
        return IsViolation(row) && IdOf(row) == finding.id && Text(row["violation"], "invariant") == invariant;
      });
      std::string screen;
      RunProgram({patched.program, "replay", Text((*shown)["violation"], "token")}, ErrorStream::kInherited, &screen);
      // The execution may show more; what this is about comes first.
      const size_t next = screen.find("\nVIOLATION");
      terminal.out << "\n" << screen.substr(0, next);
    }
  }
}

// A bug that was asked for decides, beside whatever is new: other bugs of the port that were there before do not.
int ExitCodeOf(const std::vector<PatchFinding>& findings, const Json& after, const std::string& bug) {
  bool error = false, nondeterministic = false;
  for (const Json& row : after["verdicts"]) {
    error |= Text(row, "verdict") == "error";
    nondeterministic |= Text(row, "reason").find("not deterministic") != std::string::npos;
  }
  if (nondeterministic) return kExitNondeterministic;
  if (error) return kExitUsage;
  if (Interrupted()) return kExitInconclusive;
  for (const PatchFinding& finding : findings) {
    const bool other = !bug.empty() && finding.id != bug && finding.id != kUnnamed && !finding.before.empty();
    if (!finding.after.empty() && !other) return kExitViolation;
  }
  return Inconclusive(after) ? kExitInconclusive : kExitHolds;
}

Json PatchJson(const PatchCheck& check, const PatchedProgram& patched, const std::vector<PatchFinding>& findings) {
  Json list = Json::array();
  for (const PatchFinding& finding : findings) {
    const char* const change = finding.after.empty() ? "gone" : finding.before.empty() ? "new" : "left";
    list.push_back({{"id", finding.id == kUnnamed ? Json(nullptr) : Json(finding.id)},
                    {"change", change},
                    {"before", finding.before},
                    {"after", finding.after}});
  }
  return {{"file", check.file}, {"generation", patched.generation}, {"facts", patched.facts}, {"findings", list}};
}

}  // namespace

std::vector<PatchFinding> ComparePatch(const nlohmann::ordered_json& before, const nlohmann::ordered_json& after) {
  std::map<std::string, std::pair<std::set<std::string>, std::set<std::string>>> by_id;
  for (const Json& row : before["verdicts"]) {
    if (IsViolation(row)) by_id[IdOf(row)].first.insert(Text(row["violation"], "invariant"));
  }
  for (const Json& row : after["verdicts"]) {
    if (IsViolation(row)) by_id[IdOf(row)].second.insert(Text(row["violation"], "invariant"));
  }
  std::vector<PatchFinding> findings;
  for (const auto& [id, sets] : by_id) {
    findings.push_back({id, {sets.first.begin(), sets.first.end()}, {sets.second.begin(), sets.second.end()}});
  }
  return findings;
}

std::string RenderPatchComparison(const nlohmann::ordered_json& before, const nlohmann::ordered_json& after,
                                  const std::string& generation) {
  std::vector<std::vector<std::string>> table = {{"scenario", "model", "configuration", generation, "patched"}};
  size_t same = 0;
  for (const Key& key : KeysOf(before)) {
    const std::string old_cell = CellOf(before, key), new_cell = CellOf(after, key);
    if (old_cell == new_cell) {
      ++same;
    } else {
      table.push_back({key[0], key[1], OrDash(key[2]), old_cell, new_cell});
    }
  }
  std::string text = table.size() > 1 ? Columnize(table) : "";
  if (same > 0) text += std::to_string(same) + (table.size() > 1 ? " other" : "") + (same == 1 ? " search" : " searches") + " as before\n";
  const std::vector<PatchFinding> findings = ComparePatch(before, after);
  const std::string doubt = Inconclusive(after) ? " as far as explored" : "";
  text += "\ngone       " + FindingsText(findings, [](const PatchFinding& each) { return each.after.empty(); }) + doubt;
  text += "\nleft       " + FindingsText(findings, [](const PatchFinding& each) { return !each.before.empty() && !each.after.empty(); });
  text += "\nnew        " + FindingsText(findings, [](const PatchFinding& each) { return each.before.empty(); }) + "\n";
  return text;
}

int CheckPatch(const PatchCheck& check, const Terminal& terminal) {
  const PatchBuilder build = RegisteredPatchBuilder();
  if (check.selection.generations.size() > 1) return UsageError(terminal, "check", "--patch takes one generation at a time");
  PatchCheck one = check;
  Selection selection;
  PatchedProgram patched;
  JsonFile json;
  std::string error;
  const std::string generation = check.selection.generations.empty() ? "" : check.selection.generations.front();
  // First what is quick to find wrong.
  if (!Select(one.selection, &selection, &error) || !json.Open(check.json, &error)) return UsageError(terminal, "check", error);
  if (terminal.progress) terminal.err << "building the patched port\n";
  if (!build({check.file, generation}, &patched, &error)) return UsageError(terminal, "check", error);
  one.selection.generations = {patched.generation};
  selection = {};
  if (!Select(one.selection, &selection, &error)) return UsageError(terminal, "check", error);

  const InterruptGuard guard;
  terminal.out.flush();
  ProgressLine progress(terminal.err, terminal.progress);
  const std::vector<Search> searches = RunSearches(selection.searches, check.run, &progress);
  const Classifier classifier = RegisteredClassifier();
  const FactsOf facts = [&](const std::string& id) { return classifier.facts == nullptr ? nullptr : classifier.facts(id); };
  if (Interrupted()) {  // the patched port would only begin now
    if (!json.Write(CheckReport("check", {}, facts), terminal, &error)) return UsageError(terminal, "check", error);
    if (!json.takes_output()) terminal.out << "interrupted: the patched port was not explored, so there is nothing to compare\n";
    return kExitInconclusive;
  }
  const Json before = CheckReport("check", RowsOf(searches), facts);
  Json after;
  if (!RunPatched(one, patched, &after, &error)) return UsageError(terminal, "check", error);
  const std::vector<PatchFinding> findings = ComparePatch(before, after);
  Json document = after;
  document["patch"] = PatchJson(check, patched, findings);
  const bool written = json.Write(document, terminal, &error);
  if (!json.takes_output()) {
    for (const std::string& fact : patched.facts)
      terminal.out << (&fact == &patched.facts.front() ? "patch      " : "           ") << fact << "\n";
    terminal.out << "\n" << RenderPatchComparison(before, after, patched.generation);
    if (!check.quiet) PrintNew(findings, after, patched, terminal);
    terminal.out << RenderBoundsSet(selection) << RenderLeftOut(selection.left_out, check.thorough_command);
  }
  if (!written) return UsageError(terminal, "check", error);
  return ExitCodeOf(findings, after, selection.bug);
}

}  // namespace graze
