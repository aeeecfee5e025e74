// SPDX-License-Identifier: MIT
#include "checker/cli/selection.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "checker/base/strings.h"
#include "checker/cli/command.h"
#include "checker/cli/search_facts.h"

namespace graze {
namespace {

constexpr size_t kCandidatesMax = 12;

std::string Lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

bool Contains(const std::string& text, const std::string& part) { return Lower(text).find(Lower(part)) != std::string::npos; }

std::string Candidates(const std::set<std::string>& names) {
  std::vector<std::string> shown(names.begin(), names.end());
  if (shown.size() > kCandidatesMax) {
    const size_t more = shown.size() - kCandidatesMax;
    shown.resize(kCandidatesMax);
    shown.push_back(std::to_string(more) + " more, see 'graze list'");
  }
  return shown.empty() ? "there is none" : "there is: " + Join(shown, ", ");
}

// How many letters have to be changed, put in, left out or exchanged with their neighbour; in any case.
size_t Distance(const std::string& a, const std::string& b) {
  std::vector<std::vector<size_t>> cost(a.size() + 1, std::vector<size_t>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i) cost[i][0] = i;
  for (size_t j = 0; j <= b.size(); ++j) cost[0][j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    for (size_t j = 1; j <= b.size(); ++j) {
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
    }
  }
  return cost[a.size()][b.size()];
}

// "do you mean A or B?", or what there is where nothing is near.
std::string Suggestion(const std::string& wanted, const std::set<std::string>& names) {
  constexpr size_t kSuggestedMax = 3;
  std::multimap<size_t, std::string> near;
  for (const std::string& name : names) {
    // A name without its prefix is near as well: UpdateDelte for Cpumap.UpdateDelete.
    const std::string last = name.substr(name.find('.') == std::string::npos ? 0 : name.find('.') + 1);
    const size_t distance = std::min(Distance(Lower(wanted), Lower(name)), Distance(Lower(wanted), Lower(last)));
    if (distance <= 1 + wanted.size() / 5) near.emplace(distance, name);
  }
  std::vector<std::string> shown;
  for (const auto& [distance, name] : near) {
    if (shown.size() < kSuggestedMax) shown.push_back(name);
  }
  return shown.empty() ? Candidates(names) : "do you mean " + Join(shown, " or ") + "?";
}

// The facts of the catalogue entry that `what` names, by id or CVE.
const CatalogueFacts* FindBug(const std::string& what) {
  const Classifier classifier = RegisteredClassifier();
  if (classifier.facts == nullptr) return nullptr;
  if (const CatalogueFacts* facts = classifier.facts(what); facts != nullptr) return facts;
  std::string upper = what;
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return classifier.facts(upper);
}

bool LooksLikeBug(const std::string& what) {
  if (Lower(what).starts_with("cve-")) return true;
  return what.size() >= 2 && (what[0] == 'D' || what[0] == 'd') && what.find_first_not_of("0123456789", 1) == std::string::npos;
}

// One line for what is neither a scenario nor a bug.
std::string NoSuch(const std::string& wanted, const std::set<std::string>& scenarios) {
  std::set<std::string> bugs;
  const bool by_cve = Lower(wanted).starts_with("cve-");
  for (const KnownBug& bug : KnownBugs()) bugs.insert(by_cve ? bug.cve : bug.id);
  bugs.erase("");
  if (LooksLikeBug(wanted) && !bugs.empty()) return "no bug '" + wanted + "' in the catalogue; " + Suggestion(wanted, bugs);
  return "no scenario matches '" + wanted + "'; " + Suggestion(wanted, scenarios);
}

// One line for a bug that nothing selected can show: which generations do not have it and why not, or what else it needs.
std::string CannotShow(const std::string& id, const std::vector<std::string>& generations) {
  const std::vector<KnownBug> bugs = KnownBugs();
  const auto bug = std::find_if(bugs.begin(), bugs.end(), [&](const KnownBug& each) { return each.id == id; });
  if (bug == bugs.end()) return "nothing selected here can show " + id;
  const std::string name = id + " (" + bug->title + ")";
  if (bug->generations.empty()) {
    const std::string fact = bug->facts.empty() ? "" : ": " + bug->facts.front();
    return "no generation here has " + name + fact + (bug->mutation.empty() ? "" : "; 'check --mutation " + bug->mutation + "' shows it");
  }
  std::vector<std::string> reasons;
  for (const std::string& generation : generations) {
    const auto absence = bug->absences.find(generation);
    if (absence != bug->absences.end()) reasons.push_back(generation + " does not have it, " + absence->second);
  }
  if (!generations.empty() && reasons.size() == generations.size()) return name + ": " + Join(reasons, "; ");
  return "nothing selected here can show " + name + (bug->facts.empty() ? "" : "; " + Join(bug->facts, "; "));
}

bool CheckNames(const std::vector<std::string>& wanted, const std::set<std::string>& known, const std::string& what, std::string* error) {
  for (const std::string& name : wanted) {
    if (known.contains(name)) continue;
    *error = "no " + what + " '" + name + "'; " + Candidates(known);
    return false;
  }
  return true;
}

// Scenarios whose name contains `part`; if one has exactly that name, only that one.
std::vector<const Scenario*> Matching(const std::vector<const Scenario*>& scenarios, const std::string& part) {
  std::vector<const Scenario*> matching;
  for (const Scenario* scenario : scenarios) {
    if (scenario->name == part) return {scenario};
    if (Contains(scenario->name, part)) matching.push_back(scenario);
  }
  return matching;
}

bool Wanted(const std::vector<std::string>& wanted, const std::string& name) {
  return wanted.empty() || std::find(wanted.begin(), wanted.end(), name) != wanted.end();
}

bool ConfigurationMatches(const std::string& wanted, const std::string& configuration) {
  return Contains(configuration, wanted) || (wanted == "none" && configuration.empty());
}

// "Cpumap.Teardown under lkmm in v5.8 and v5.9, Cpumap.Stress under lkmm in v7.1".
std::string DescribeLeftOut(const std::vector<SelectedSearch>& left_out) {
  std::map<std::string, std::vector<std::string>> generations;
  for (const SelectedSearch& search : left_out) {
    std::vector<std::string>& of = generations[search.scenario->name + " under " + search.memory_model];
    const std::string& generation = search.variant->generation;
    if (!generation.empty() && std::find(of.begin(), of.end(), generation) == of.end()) of.push_back(generation);
  }
  std::vector<std::string> parts;
  for (const auto& [name, of] : generations) parts.push_back(name + (of.empty() ? "" : " in " + Join(of, " and ")));
  return Join(parts, ", ");
}

// "no frames to set in Cpumap.A, Cpumap.B; bulk is 1 to 8 in Cpumap.C (v5.8, v5.9)", the generations where others do take the bounds.
std::string DescribeNotTaken(const Selection& selection) {
  std::map<std::string, std::map<std::string, std::set<std::string>>> generations;
  for (const NotTaken& each : selection.not_taken)
    generations[each.why][each.search.scenario->name].insert(each.search.variant->generation);
  std::vector<std::string> reasons;
  for (const auto& [why, scenarios] : generations) {
    std::vector<std::string> names;
    for (const auto& [name, of] : scenarios) {
      const bool others = std::ranges::any_of(selection.searches, [&](const SelectedSearch& each) { return each.scenario->name == name; });
      names.push_back(name + (others ? " (" + Join({of.begin(), of.end()}, ", ") + ")" : ""));
    }
    reasons.push_back(why + " in " + Join(names, ", "));
  }
  return Join(reasons, "; ");
}

void Collect(const SelectionRequest& request, const std::vector<std::string>& models, const std::vector<const Scenario*>& scenarios,
             Selection* selection) {
  const BugFilter filter = selection->bug.empty() ? nullptr : RegisteredBugFilter();
  for (const Scenario* scenario : scenarios) {
    for (const Variant* variant : VariantsOf(*scenario)) {
      if (!Wanted(request.generations, variant->generation)) continue;
      if (!ConfigurationMatches(request.configuration, variant->configuration)) continue;
      if (filter != nullptr && !filter(selection->bug, scenario->name, variant->generation, variant->configuration)) continue;
      std::string why_not;
      const Variant* const bound = WithBounds(*variant, request.bounds, &why_not);
      for (const std::string& model : models) {
        if (bound == nullptr) {
          selection->not_taken.push_back({{scenario, variant, model}, why_not});
          continue;
        }
        const bool left_out =
            !request.thorough && FactsOfSearch(scenario->name, variant->generation, variant->configuration, model).takes_minutes;
        (left_out ? selection->left_out : selection->searches).push_back({scenario, bound, model});
      }
    }
  }
}

}  // namespace

std::vector<const Variant*> VariantsOf(const Scenario& scenario) {
  static const Variant unnamed;
  std::vector<const Variant*> variants;
  for (const Variant& variant : scenario.variants) variants.push_back(&variant);
  if (variants.empty()) variants.push_back(&unnamed);
  return variants;
}

bool Select(const SelectionRequest& request, Selection* selection, std::string* error) {
  return SelectFrom(RegisteredScenarios(), request, selection, error);
}

bool SelectFrom(std::vector<const Scenario*> scenarios, const SelectionRequest& request, Selection* selection, std::string* error) {
  if (scenarios.empty()) {
    *error = "no scenario is linked into this program; link the objects of the scenarios, not an archive of them";
    return false;
  }
  std::set<std::string> names, generations, configurations;
  for (const Scenario* scenario : scenarios) {
    names.insert(scenario->name);
    for (const Variant* variant : VariantsOf(*scenario)) {
      if (!variant->generation.empty()) generations.insert(variant->generation);
      configurations.insert(variant->configuration.empty() ? "none" : "'" + variant->configuration + "'");
    }
  }
  const std::vector<std::string> all_models = MemoryModelNames();
  if (!CheckNames(request.generations, generations, "generation", error)) return false;
  const bool every_model = std::find(request.memory_models.begin(), request.memory_models.end(), "all") != request.memory_models.end();
  if (!every_model && !CheckNames(request.memory_models, {all_models.begin(), all_models.end()}, "memory model", error)) return false;

  if (!request.what.empty()) {
    std::vector<const Scenario*> matching = Matching(scenarios, request.what);
    if (matching.empty()) {
      const CatalogueFacts* bug = FindBug(request.what);
      if (bug == nullptr) {
        *error = NoSuch(request.what, names);
        return false;
      }
      selection->bug = bug->id;
    } else {
      scenarios = std::move(matching);
    }
  }
  std::vector<std::string> models = every_model ? all_models : request.memory_models;
  if (models.empty()) models = {"lkmm"};
  for (std::string& model : models) {
    if (model != "lkmm") continue;
    if (!request.lkmm.empty()) model += "-" + request.lkmm;
    if (!request.rw.empty()) model += "-" + request.rw;
  }
  Collect(request, models, scenarios, selection);
  if (!selection->searches.empty()) return true;
  if (!selection->left_out.empty()) {
    *error = "all that is selected takes minutes (" + DescribeLeftOut(selection->left_out) + "); --thorough does it";
    return false;
  }
  if (!selection->not_taken.empty()) {
    const Variant& first = *selection->not_taken.front().search.variant;
    const bool one = std::ranges::all_of(selection->not_taken, [&](const NotTaken& each) { return each.search.variant == &first; });
    *error = "nothing selected takes these bounds: " + DescribeNotTaken(*selection) +
             (one && !first.settable.empty() ? "; it takes " + SettableText(first) : "; 'graze list' says what can be set");
    return false;
  }
  if (!selection->bug.empty()) {
    *error = CannotShow(selection->bug, request.generations);
  } else if (!std::any_of(configurations.begin(), configurations.end(),
                          [&](const std::string& each) { return Contains(each, request.configuration); })) {
    *error = "no configuration contains '" + request.configuration + "'; " + Candidates(configurations);
  } else {
    *error = "no scenario has this combination of name, generation and configuration; see 'graze list'";
  }
  return false;
}

std::string Describe(const SelectedSearch& search) {
  std::string text = search.scenario->name;
  if (!search.variant->generation.empty()) text += " " + search.variant->generation;
  text += " " + search.memory_model;
  if (!search.variant->configuration.empty()) text += " [" + search.variant->configuration + "]";
  return text;
}

std::string RenderLeftOut(const std::vector<SelectedSearch>& left_out, const std::string& thorough_command) {
  if (left_out.empty()) return "";
  return "left out, as they take minutes: " + Count(left_out.size(), "search", "searches") + " (" + DescribeLeftOut(left_out) +
         "); with them: " + thorough_command + "\n";
}

std::string RenderBoundsSet(const Selection& selection) {
  std::string text;
  const bool set = std::ranges::any_of(selection.searches, [](const SelectedSearch& each) { return !each.variant->bounds_set.empty(); });
  if (set)
    text +=
        "bounds were set: expected verdicts and the catalogue speak of the scenarios' own, so that these rows are compared with nothing\n";
  if (!selection.not_taken.empty()) {
    text += "left out, as they do not take these bounds: " + Count(selection.not_taken.size(), "search", "searches") + " (" +
            DescribeNotTaken(selection) + ")\n";
  }
  return text;
}

}  // namespace graze
