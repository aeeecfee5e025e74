// SPDX-License-Identifier: MIT
// A complete execution graph in the one form in which graphs of different explorers are compared. Nothing in it depends on the order in
// which the graph was built.
#ifndef CHECKER_TESTING_CANONICAL_H_
#define CHECKER_TESTING_CANONICAL_H_

#include <cstdint>
#include <string>
#include <vector>

namespace graze::proof {

enum class CanonicalKind : uint8_t { kRead, kWrite, kRcuLock, kRcuUnlock, kSync, kChoose };

// Threads are numbered as in the program, events within a thread from 0. What has no choice and orders nothing on its own (create, begin,
// end, join, fences, nested sections) is left out and does not count.
struct CanonicalEvent {
  CanonicalKind kind = CanonicalKind::kRead;
  int8_t location = -1;
  int8_t source_thread = -1;  // reads; -1 = the initial value
  int8_t source_index = -1;
  uint32_t value = 0;  // read, written or chosen
};

struct CanonicalWrite {
  int8_t thread, index;
};

struct CanonicalGraph {
  std::vector<std::vector<CanonicalEvent>> threads;
  std::vector<bool> blocked;                       // per thread: ends at a read that is not satisfied, or waits for another thread
  std::vector<bool> waits_at_read;                 // per thread: blocked, and the last event is the read it is blocked at
  std::vector<std::vector<CanonicalWrite>> order;  // per location: writes in coherence order

  bool any_blocked() const;
  uint64_t Hash() const;
  // Hash of the graph without the reads at which threads are blocked: what has happened, whatever the waiting reads saw.
  uint64_t CoreHash() const;
  std::string ToText() const;
};

}  // namespace graze::proof

#endif  // CHECKER_TESTING_CANONICAL_H_
