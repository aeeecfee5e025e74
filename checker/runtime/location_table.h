// SPDX-License-Identifier: MIT
// Interns what checked code accesses, (address, size), as small location numbers.
#ifndef CHECKER_RUNTIME_LOCATION_TABLE_H_
#define CHECKER_RUNTIME_LOCATION_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "checker/graph/event.h"

namespace graze::internal {

struct LocationInfo {
  uintptr_t address = 0;
  uint32_t size = 0;
  std::vector<LocId> overlaps;  // other locations that share a byte with this one: using both in one execution is an error
};

// Lives as long as a search: a location keeps its number over all executions, although different executions may use the same bytes as
// objects of different sizes.
class LocationTable {
 public:
  LocationTable();
  void Clear();
  LocId Intern(uintptr_t address, uint32_t size) {
    for (size_t slot = Slot(address, size); slots_[slot] != kNoLoc; slot = (slot + 1) & mask_) {
      const LocationInfo& info = infos_[slots_[slot]];
      if (info.address == address && info.size == size) return slots_[slot];
    }
    return Add(address, size);
  }
  // kNoLoc if it was never interned.
  LocId Find(uintptr_t address, uint32_t size) const;
  const LocationInfo& info(LocId id) const { return infos_[id]; }
  uint32_t size() const { return static_cast<uint32_t>(infos_.size()); }

 private:
  size_t Slot(uintptr_t address, uint32_t size) const {
    return static_cast<size_t>(((address ^ size) * 0x9e3779b97f4a7c15ULL) >> 32) & mask_;
  }
  LocId Add(uintptr_t address, uint32_t size);
  void Insert(LocId id);

  std::vector<LocId> slots_;
  std::vector<LocationInfo> infos_;
  size_t mask_ = 0;
};

}  // namespace graze::internal

#endif  // CHECKER_RUNTIME_LOCATION_TABLE_H_
