// SPDX-License-Identifier: MIT
#include "specs/catalogue/catalogue.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <sstream>

#include "checker/cli/command.h"

namespace specs {
namespace {

constexpr std::array kPorted = {"v4.18", "v5.0", "v5.8", "v5.9", "v7.1"};  // oldest first

bool HasWord(const std::string& words, const std::string& word) { return (" " + words + " ").find(" " + word + " ") != std::string::npos; }

// What became of the bug: its fix, or how else it went.
std::string Fate(const CatalogueEntry& entry) {
  if (!entry.fixed_by.empty()) return "fixed by " + entry.fixed_by + (entry.date.empty() ? "" : ", " + entry.date);
  return entry.gone.summary.empty() ? "not fixed upstream" : entry.gone.summary + ": " + entry.gone.why;
}

std::string Upper(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

const graze::CatalogueFacts* Facts(const std::string& id_or_cve) {
  static const std::vector<graze::CatalogueFacts> all = [] {
    std::vector<graze::CatalogueFacts> facts;
    for (const CatalogueEntry& entry : Catalogue()) facts.push_back({entry.id, entry.title, entry.fixed_by, entry.cve});
    return facts;
  }();
  const CatalogueEntry* const entry = FindCatalogueEntry(id_or_cve);
  return entry == nullptr ? nullptr : &all[static_cast<size_t>(entry - Catalogue().data())];
}

bool HasTraffic(const std::string& scenario, const std::string& generation, const std::string& configuration) {
  for (const graze::Scenario* each : graze::RegisteredScenarios()) {
    if (each->name != scenario) continue;
    for (const graze::Variant& variant : each->variants) {
      if (variant.generation != generation || variant.configuration != configuration) continue;
      return std::ranges::any_of(variant.bounds, [](const graze::Bound& bound) { return bound.name == "frames" && bound.value != "0"; });
    }
  }
  return false;
}

std::vector<graze::KnownBug> Bugs() {
  std::vector<graze::KnownBug> bugs;
  for (const CatalogueEntry& entry : Catalogue()) {
    graze::KnownBug bug{.id = entry.id, .cve = entry.cve, .title = entry.title, .facts = {Fate(entry)}, .story = entry.run};
    bug.mutation = entry.mutation;
    bug.gone = entry.gone.summary;
    bug.weak = entry.weak;
    if (!entry.cve.empty()) bug.facts.push_back(entry.cve);
    bug.facts.push_back(entry.generations.empty() ? "in none of the generations ported, shown by mutation " + entry.mutation
                                                  : "in " + entry.generations);
    if (!entry.not_shown.empty()) bug.facts.push_back("nothing here shows it: " + entry.not_shown);
    if (!entry.mask.empty()) bug.facts.push_back("hidden by " + entry.mask);
    if (!entry.needs.empty()) bug.facts.push_back("shown with " + entry.needs + " only");
    if (entry.weak) bug.facts.push_back("under memory models weaker than tso only");
    if (!entry.hypothetical.empty()) bug.facts.push_back("elsewhere only with " + entry.hypothetical + ", as no such kernel is");
    for (const char* const generation : kPorted) {
      if (const std::string why = WhyAbsent(entry, generation); !why.empty()) bug.absences.emplace(generation, why);
    }
    std::istringstream generations(entry.generations);
    for (std::string generation; generations >> generation;) bug.generations.push_back(generation);
    bugs.push_back(std::move(bug));
  }
  return bugs;
}

std::vector<std::vector<std::string>> ListRows() {
  std::vector<std::vector<std::string>> rows;
  for (const CatalogueEntry& entry : Catalogue()) {
    const auto or_dash = [](const std::string& text) { return text.empty() ? "-" : text; };
    const std::string where = entry.generations + (entry.not_shown.empty() ? "" : " (not shown)");
    const std::string shown = entry.generations.empty() ? "mutation " + entry.mutation : where;
    rows.push_back({entry.id, or_dash(entry.cve), or_dash(entry.fixed_by), or_dash(entry.gone.summary), or_dash(shown), entry.title});
  }
  return rows;
}

// By letters for the table of bugs, what a search has that others have not.
std::map<std::string, std::string> Conditions(const std::string& id, const std::string& scenario, const std::string& configuration,
                                              const std::string& memory_model) {
  const CatalogueEntry* const entry = FindCatalogueEntry(id);
  std::map<std::string, std::string> conditions;
  if (scenario.starts_with("Cpumap.DriverForgets")) conditions.emplace("F", "a driver that forgets a flush");
  if (scenario.starts_with("Cpumap.DeviceGoes")) conditions.emplace("N", "a network device that goes");
  if (scenario.starts_with("Cpumap.Sloppy")) conditions.emplace("S", "a program that redirects without saying where to");
  if (HasWord(configuration, "hotplug")) conditions.emplace("H", "a CPU that goes offline");
  if (HasWord(configuration, "rcu=preempt")) conditions.emplace("P", "preemptible RCU");
  if (HasWord(configuration, "prog=recycled")) conditions.emplace("R", "a program at the address of one that is gone");
  if (HasWord(configuration, "rt=no-bh-lock")) conditions.emplace("T", "PREEMPT_RT without a lock of BH-off regions");
  const bool strong = memory_model == "sc" || memory_model == "tso";
  if (entry != nullptr && entry->weak && !strong) conditions.emplace("W", "a memory model weaker than tso");
  return conditions;
}

[[maybe_unused]] const bool registered = [] {
  graze::RegisterClassifier({.classify = &ClassifyViolation, .facts = &Facts});
  graze::RegisterBugList(&Bugs);
  graze::RegisterBugConditions(&Conditions);
  graze::RegisterListSection(
      {.name = "bugs", .header = {"bug", "cve", "fixed by", "gone", "generations", "what it is"}, .rows = &ListRows});
  return graze::RegisterBugFilter(&CanShow);
}();

}  // namespace

const CatalogueEntry* FindCatalogueEntry(const std::string& id_or_cve) {
  const std::string wanted = Upper(id_or_cve);
  const auto& entries = Catalogue();
  const auto found = std::ranges::find_if(
      entries, [&](const CatalogueEntry& entry) { return entry.id == wanted || (!entry.cve.empty() && entry.cve == wanted); });
  return found == entries.end() ? nullptr : &*found;
}

std::string ClassifyViolation(const graze::Violation& violation) {
  for (const CatalogueEntry& entry : Catalogue()) {
    if (entry.matches != nullptr && entry.matches(violation)) return entry.id;
  }
  return "";
}

std::string WhyAbsent(const CatalogueEntry& entry, const std::string& generation) {
  const auto has_it = [&](const char* each) { return HasWord(entry.generations, each); };
  const auto asked = std::ranges::find(kPorted, generation);
  const auto first = std::ranges::find_if(kPorted, has_it);
  if (asked == kPorted.end() || (first != kPorted.end() && has_it(*asked))) return "";
  return asked < first && first != kPorted.end() ? "it came with " + entry.came : Fate(entry);
}

bool CanShow(const std::string& id, const std::string& scenario, const std::string& generation, const std::string& configuration) {
  const CatalogueEntry* const entry = FindCatalogueEntry(id);
  if (entry == nullptr || entry->matches == nullptr || !scenario.starts_with("Cpumap.")) return false;
  const bool masked = !entry->mask.empty() && configuration.find(entry->mask) != std::string::npos;
  if (!entry->needs.empty() && configuration.find(entry->needs) == std::string::npos) return false;
  const bool has_it = HasWord(entry->generations, generation) ||
                      (!entry->hypothetical.empty() && configuration.find(entry->hypothetical) != std::string::npos);
  if (!entry->scenario.empty() && !scenario.starts_with(entry->scenario)) return false;
  return has_it && !masked && (!entry->needs_frame || HasTraffic(scenario, generation, configuration));
}

}  // namespace specs
