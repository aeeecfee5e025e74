// SPDX-License-Identifier: MIT
#include "model/kernel/completion.h"

#include "checker/api/ops.h"
#include "model/kernel/world.h"

namespace {

constexpr uint64_t kAll = 0xffffffff;  // complete_all(): never used up

bool add_one(uint64_t value, const void *, uint64_t *stored) {
  *stored = value == kAll ? kAll : value + 1;
  return true;
}

bool take_one(uint64_t value, const void *, uint64_t *stored) {
  *stored = value == kAll ? kAll : value - 1;
  return value != 0;
}

}  // namespace

extern "C" {

void graze_init_completion(graze_completion *done, graze_site_t site) { graze_init(&done->done, sizeof done->done, 0, site); }

void graze_complete(graze_completion *done, graze_site_t site) {
  graze::Rmw(&done->done, sizeof done->done, &add_one, nullptr, graze::MemoryOrder::kAcqRel, graze::MemoryOrder::kRelaxed, {}, site);
}

void graze_complete_all(graze_completion *done, graze_site_t site) {
  graze_rmw(&done->done, sizeof done->done, GRAZE_XCHG, kAll, GRAZE_ACQ_REL, 0, 0, site);
}

void graze_wait_for_completion(graze_completion *done, graze_site_t site) {
  graze_might_sleep("wait_for_completion()", site);
  graze::AwaitRmw(&done->done, sizeof done->done, &take_one, nullptr, graze::MemoryOrder::kAcqRel, "wait_for_completion()", site);
}

}  // extern "C"
