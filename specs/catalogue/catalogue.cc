// SPDX-License-Identifier: MIT
#include "specs/catalogue/catalogue.h"

#include <algorithm>
#include <cctype>
#include <sstream>

#include "checker/cli/command.h"

namespace specs {
namespace {

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
    graze::KnownBug bug{.id = entry.id, .cve = entry.cve, .title = entry.title, .facts = {}, .story = entry.run, .generations = {}};
    bug.facts.push_back(entry.fixed_by.empty() ? "not fixed upstream"
                                               : "fixed by " + entry.fixed_by + (entry.date.empty() ? "" : ", " + entry.date));
    if (!entry.cve.empty()) bug.facts.push_back(entry.cve);
    bug.facts.push_back(entry.generations.empty() ? "in none of the generations ported" : "in " + entry.generations);
    if (!entry.mask.empty()) bug.facts.push_back("hidden by " + entry.mask);
    if (!entry.needs.empty()) bug.facts.push_back("shown with " + entry.needs + " only");
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
    rows.push_back({entry.id, or_dash(entry.cve), or_dash(entry.fixed_by), or_dash(entry.generations), entry.title});
  }
  return rows;
}

[[maybe_unused]] const bool registered = [] {
  graze::RegisterClassifier({.classify = &ClassifyViolation, .facts = &Facts});
  graze::RegisterBugList(&Bugs);
  graze::RegisterListSection({.name = "bugs", .header = {"bug", "cve", "fixed by", "generations", "what it is"}, .rows = &ListRows});
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

bool CanShow(const std::string& id, const std::string& scenario, const std::string& generation, const std::string& configuration) {
  const CatalogueEntry* const entry = FindCatalogueEntry(id);
  if (entry == nullptr || entry->matches == nullptr || !scenario.starts_with("Cpumap.")) return false;
  const bool masked = !entry->mask.empty() && configuration.find(entry->mask) != std::string::npos;
  if (!entry->needs.empty() && configuration.find(entry->needs) == std::string::npos) return false;
  const bool has_it = (" " + entry->generations + " ").find(" " + generation + " ") != std::string::npos;
  if (!entry->scenario.empty() && !scenario.starts_with(entry->scenario)) return false;
  return has_it && !masked && (!entry->needs_frame || HasTraffic(scenario, generation, configuration));
}

}  // namespace specs
