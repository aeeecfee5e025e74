// SPDX-License-Identifier: MIT
#include "specs/catalogue/catalogue.h"

#include <algorithm>
#include <cctype>

#include "checker/cli/command.h"
#include "specs/catalogue/predicates.h"

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

[[maybe_unused]] const bool registered = [] {
  graze::RegisterClassifier({.classify = &ClassifyViolation, .facts = &Facts});
  return graze::RegisterBugFilter(&CanShow);
}();

}  // namespace

const std::vector<CatalogueEntry>& Catalogue() {
  static const std::vector<CatalogueEntry> entries = {
      {.id = "D01",
       .title = "entry leaked: its kthread is stopped before it first runs",
       .run = "An update creates the entry and wakes its kthread, which gets no CPU yet. A delete detaches the entry; the grace period "
              "passes, the callback drops one reference, the work asks the kthread to stop. The kthread sees the request before it "
              "calls its function and leaves with -EINTR, so nobody drops the second reference.",
       .fixed_by = "436901649731",
       .date = "2023-07-11",
       .cve = "CVE-2023-53441",
       .generations = "v4.18 v5.0 v5.8 v5.9",
       .mask = "start=ran",
       .matches = &IsEntryLeakedByEarlyStop},
      {.id = "D02",
       .title = "frames lost in the ring of an entry whose kthread is stopped before it first runs",
       .run = "As D01, with a frame redirected to the entry between the update and the delete. The kthread never empties the ring: the "
              "frame leaks with the entry, or, where D01 alone is fixed, the cleanup finds it and warns.",
       .fixed_by = "640a604585aa",
       .date = "2023-07-31",
       .cve = "CVE-2023-53577",
       .generations = "v4.18 v5.0 v5.8 v5.9",
       .mask = "start=ran",
       .needs_frame = true,
       .matches = &IsFrameLostByEarlyStop},
      {.id = "D15",
       .title = "stop request lost between the kthread's loop test and its sleep",
       .run = "The kthread finds no stop request and an empty ring. The request arrives and wakes it while it still runs. It then "
              "announces that it sleeps, looks at the ring only, and sleeps; the stopper waits for ever.",
       .fixed_by = "a7c01fa93aeb",
       .date = "",
       .cve = "",
       .generations = "v4.18 v5.0 v5.8 v5.9",
       .mask = "stop=signal",
       .matches = &IsStopRequestLost},
      {.id = "D14",
       .title = "wake-up lost between the kthread's empty test and its sleep",
       .run = "The kthread finds the ring empty. A flush puts a frame in and wakes the kthread, which still runs. It then sleeps with "
              "the frame in its ring until somebody else wakes it.",
       .fixed_by = "31749468c3b9",
       .date = "2017-11",
       .cve = "",
       .generations = "",
       .needs_frame = true,
       .matches = &IsWakeUpLost},
      {.id = "D20",
       .title = "redirect target left by an earlier program run used after its entry is gone",
       .run = "A program asks for a redirect to an entry and then returns something else; the target stays noted for the CPU. The entry "
              "is deleted and freed. A later program returns the redirect code without naming a target, and the frame goes to the "
              "freed entry.",
       .fixed_by = "401cb7dae813",
       .date = "2024-06",
       .cve = "",
       .generations = "v5.8 v5.9"},
      {.id = "D25",
       .title = "poll ends without a flush: the staging queue of a freed entry stays linked",
       .run = "A driver stages a frame and ends its poll without flushing. The entry is deleted and its staging queues are freed while "
              "one is still on the CPU's flush list; the next flush on that CPU walks freed memory, and the frame is lost.",
       .fixed_by = "",
       .date = "",
       .cve = "",
       .generations = "v4.18 v5.0 v5.8 v5.9 v7.1"},
      {.id = "D33",
       .title = "exit decided by two loads in no order",
       .run = "The last frame is put into the ring, a grace period passes, the stop request is set. The kthread, awake all the time, "
              "reads the request and an older, empty state of the ring, and leaves the frame behind.",
       .fixed_by = "",
       .date = "",
       .cve = "",
       .generations = "v4.18 v5.0 v5.8 v5.9 v7.1"},
  };
  return entries;
}

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
  const bool has_it = (" " + entry->generations + " ").find(" " + generation + " ") != std::string::npos;
  return has_it && !masked && (!entry->needs_frame || HasTraffic(scenario, generation, configuration));
}

}  // namespace specs
