// SPDX-License-Identifier: MIT
// I-REF: an entry has two references from before its kthread is woken; nobody gets one after it was published; the free callback gives up
// the first, and none is given up that was not taken.
#include "model/cpumap/generations.h"
#include "specs/invariants/invariants.h"

namespace specs {
namespace {

constexpr uint64_t kReferences = 2;

std::string Check(const EntryHistory& entry, const graze::Execution& execution) {
  if (entry.puts.size() > entry.gets.size()) return "more references given up than taken";
  for (const graze::Observation* get : entry.gets) {
    if (get->b == 0 || get->b > kReferences) return "a reference taken makes " + std::to_string(get->b);
    for (const graze::Observation* published : entry.published) {
      if (!execution.Before(*get, *published)) return "a reference is taken after the entry was published";
    }
    for (const graze::Observation* woken : entry.woken) {
      if (!execution.Before(*get, *woken)) return "the kthread is woken before a reference is taken";
    }
  }
  for (const graze::Observation* put : entry.puts) {
    if (put->b >= kReferences) return "a reference given up leaves " + std::to_string(put->b);
    if (put->c == cpumap::observed::kRcuCallback && put->b != 1) return "the free callback gives up the last reference";
  }
  if ((!entry.woken.empty() || !entry.published.empty()) && entry.gets.size() != kReferences) {
    return "in use with " + std::to_string(entry.gets.size()) + " references";
  }
  return "";
}

}  // namespace

void CheckReferences(const History& history, graze::Execution& execution) {
  if (!history.generation.has_refcount) return;
  for (const EntryHistory& entry : history.entries) {
    if (entry.gets.empty() && entry.puts.empty()) continue;
    const std::string broken = Check(entry, execution);
    if (broken.empty()) {
      execution.CountCheck(kRef, entry.gets.size() + entry.puts.size());
    } else {
      execution.Report(kRef, NameOf(history, entry) + ": " + broken);
    }
  }
}

}  // namespace specs
