// SPDX-License-Identifier: MIT
#include <algorithm>

#include "checker/api/scenario.h"
#include "checker/base/check.h"

namespace graze {
namespace {

// Leaked on purpose: static registration runs before main and lookups may run after it.
std::vector<const Scenario*>& Registry() {
  static auto* registry = new std::vector<const Scenario*>;
  return *registry;
}

Classifier& TheClassifier() {
  static auto* classifier = new Classifier;
  return *classifier;
}

}  // namespace

bool RegisterScenario(Scenario scenario) {
  if (scenario.variants.empty()) scenario.variants.emplace_back();
  Registry().push_back(new Scenario(std::move(scenario)));
  return true;
}

std::vector<std::string> RulesOf(const Scenario& scenario, const Variant& variant) {
  std::vector<std::string> rules;
  for (const std::string& rule : scenario.rules) {
    if (std::ranges::find(variant.without_rules, rule) == variant.without_rules.end()) rules.push_back(rule);
  }
  return rules;
}

std::vector<const Scenario*> RegisteredScenarios() {
  std::vector<const Scenario*> sorted = Registry();
  std::sort(sorted.begin(), sorted.end(), [](const Scenario* x, const Scenario* y) { return x->name < y->name; });
  for (size_t i = 1; i < sorted.size(); ++i) GRAZE_CHECK(sorted[i - 1]->name != sorted[i]->name);
  return sorted;
}

void RegisterClassifier(Classifier classifier) { TheClassifier() = classifier; }
Classifier RegisteredClassifier() { return TheClassifier(); }

}  // namespace graze
