// SPDX-License-Identifier: MIT
// What the map commands of bpf(2) give when they come one after the other: the sequential specification of a cpumap as user space sees it.
// Its table of errors is the one of kernel/bpf/cpumap.c, in the order in which that checks.
#ifndef SPECS_INVARIANTS_MAP_SPEC_H_
#define SPECS_INVARIANTS_MAP_SPEC_H_

#include <cstdint>
#include <map>
#include <vector>

namespace specs {

// One command and what it gave.
struct MapCommand {
  enum Kind : uint8_t { kUpdate, kDelete, kLookup, kNextKey };
  Kind kind = kUpdate;
  uint32_t key = 0;
  uint32_t qsize = 0;
  int fd = 0;  // of a program; 0 or less: none
  uint32_t flags = 0;
  bool from_start = false;  // of a search for the next key: begins with none

  int error = 0;               // 0 or the positive errno
  uint32_t found_qsize = 0;    // of a lookup
  uint32_t found_program = 0;  // id, 0 for none
  uint32_t found_key = 0;      // of a search for the next key
};

// What does not change while the map lives.
struct MapFacts {
  uint32_t max_entries = 0;
  uint64_t possible_cpus = 0;        // mask
  std::map<int, uint32_t> programs;  // descriptor -> id, 0 where the program is not for cpumaps
  bool tells_update_errors = false;  // why a program is refused; otherwise it is want of memory
  bool allocations_fail = false;     // then any update that needs memory may find none
};

class MapSpec {
 public:
  explicit MapSpec(const MapFacts& facts) : facts_(facts), slots_(facts.max_entries) {}

  // True if `command` may give what it gave here; the state is then as it is afterwards.
  bool Apply(const MapCommand& command);

  // The errno of an update, 0 if it succeeds; `may_fail` tells of a lack of memory that is possible besides.
  int ErrorOfUpdate(const MapCommand& command, bool* may_fail) const;

 private:
  struct Slot {
    uint32_t qsize = 0;  // 0: empty
    uint32_t program = 0;
  };

  bool ApplyUpdate(const MapCommand& command);

  const MapFacts& facts_;
  std::vector<Slot> slots_;
};

// True if the commands have an order that `before` allows (before[i] = set of those that must precede i, as a mask) and the specification
// accepts. At most 64 commands.
bool IsLinearizable(const MapFacts& facts, const std::vector<MapCommand>& commands, const std::vector<uint64_t>& before);

}  // namespace specs

#endif  // SPECS_INVARIANTS_MAP_SPEC_H_
