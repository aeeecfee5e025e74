// SPDX-License-Identifier: MIT
#include "checker/runtime/location_table.h"

namespace graze::internal {

LocationTable::LocationTable() { Clear(); }

void LocationTable::Clear() {
  slots_.assign(1024, kNoLoc);
  mask_ = slots_.size() - 1;
  infos_.clear();
}

LocId LocationTable::Find(uintptr_t address, uint32_t size) const {
  for (size_t slot = Slot(address, size); slots_[slot] != kNoLoc; slot = (slot + 1) & mask_) {
    const LocationInfo& info = infos_[slots_[slot]];
    if (info.address == address && info.size == size) return slots_[slot];
  }
  return kNoLoc;
}

void LocationTable::Insert(LocId id) {
  size_t slot = Slot(infos_[id].address, infos_[id].size);
  while (slots_[slot] != kNoLoc) slot = (slot + 1) & mask_;
  slots_[slot] = id;
}

LocId LocationTable::Add(uintptr_t address, uint32_t size) {
  const LocId id = static_cast<LocId>(infos_.size());
  std::vector<LocId> overlaps;
  for (LocId other = 0; other < id; ++other) {
    LocationInfo& info = infos_[other];
    if (info.address < address + size && address < info.address + info.size) {
      overlaps.push_back(other);
      info.overlaps.push_back(id);
    }
  }
  infos_.push_back({.address = address, .size = size, .overlaps = std::move(overlaps)});
  if (infos_.size() * 2 > slots_.size()) {
    slots_.assign(slots_.size() * 2, kNoLoc);
    mask_ = slots_.size() - 1;
    for (LocId old = 0; old < id; ++old) Insert(old);
  }
  Insert(id);
  return id;
}

}  // namespace graze::internal
