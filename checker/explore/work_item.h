// SPDX-License-Identifier: MIT
// A self-contained piece of a search: any process with the same program can continue from it.
#ifndef CHECKER_EXPLORE_WORK_ITEM_H_
#define CHECKER_EXPLORE_WORK_ITEM_H_

#include <cstdint>
#include <string>
#include <vector>

#include "checker/graph/event.h"

namespace graze::internal {

// One alternative that waits to be explored; names events by stamps of the graph of its frame.
struct Choice {
  enum Kind : uint8_t {
    kRf,        // read `event` reads from `other`, whose value is `value`
    kCo,        // write `event` goes directly after `other` in co
    kChoose,    // choose `event` takes `value`
    kBackward,  // write `event`, placed after `place` in co, revisits read `other`
    kNothing,   // explore the graph as it is
  } kind = kNothing;
  Stamp event = kNone;
  Stamp other = kNone;
  Stamp place = kNone;
  uint64_t value = 0;
};

// A graph in insertion order with its choices and flags, without values and addresses (one replay restores them), and the choice to take.
struct WorkItem {
  struct Step {
    std::vector<uint32_t> thread;  // path of create ordinals from the first thread
    EventKind kind;
    uint8_t flags;
    Stamp link;         // reads: rf; writes: co predecessor; joins: the end joined
    uint32_t location;  // accesses: equal for equal locations, numbered within the item
    uint64_t value;     // choose
  };
  std::vector<Step> steps;
  Choice choice;

  std::string Serialize() const;
  // False if the bytes are no work item.
  static bool Parse(const std::string& bytes, WorkItem* item);
};

}  // namespace graze::internal

#endif  // CHECKER_EXPLORE_WORK_ITEM_H_
