// SPDX-License-Identifier: MIT
// Map commands with arguments that are wrong, mostly in two ways at once: the errors come in the kernel's order, and nothing changes.
#include <utility>

#include "checker/api/ops.h"
#include "model/cpumap/syscall.h"
#include "model/kernel/cpumask.h"
#include "model/kernel/errno.h"
#include "specs/environment/testbed.h"
#include "specs/invariants/invariants.h"

namespace specs {
namespace {

using cpumap::Delete, cpumap::Lookup, cpumap::NextKey, cpumap::Update;

constexpr kernel::u32 kEntries = 4;  // two of them for CPUs that do not exist
constexpr kernel::u32 kLongest = 16384, kTooLong = kLongest + 1;
constexpr kernel::u64 kNoSuchFlag = 3;

void Expect(bool holds, const char* what) {
  if (!holds) graze::Fail(kLinearizable, what, kernel::src::here());
}

// I-LIN knows commands on maps, not their creation.
int ErrorOfCreating(const cpumap::MapOptions& options) {
  int error = 0;
  kernel::bpf_map* const map = cpumap::MapCreate(options, &error);
  if (map != nullptr) cpumap::MapPut(map);
  return error;
}

void CreateMaps() {
  const kernel::u32 too_many = NR_CPUS + 1;
  Expect(ErrorOfCreating({.max_entries = 0}) == -EINVAL, "a map without entries is refused");
  Expect(ErrorOfCreating({.max_entries = too_many, .key_size = 8}) == -EINVAL, "the size of keys is looked at before their number");
  Expect(ErrorOfCreating({.max_entries = too_many, .value_size = 6}) == -EINVAL, "the size of values is looked at before their number");
  const kernel::u32 other_size = cpumap::Booted().has_prog ? 4 : 8;
  Expect(ErrorOfCreating({.max_entries = 1, .value_size = other_size}) == (cpumap::Booted().has_prog ? 0 : -EINVAL),
         "values have room for a program only where entries can carry one");
  Expect(ErrorOfCreating({.max_entries = too_many, .map_flags = 1}) == -EINVAL, "flags are looked at before the number of entries");
  Expect(ErrorOfCreating({.max_entries = too_many}) == -E2BIG, "a map has one entry for each CPU at most");
  Expect(ErrorOfCreating({.max_entries = NR_CPUS}) == 0, "a map has one entry for each CPU");
}

// Over keys that are occupied and keys that are not, and from what is none.
void WalkKeys(kernel::bpf_map* map) {
  kernel::u32 next = 0;
  NextKey(map, nullptr, &next);
  for (kernel::u32 key = 0; key <= kEntries; ++key) NextKey(map, &key, &next);
}

void WrongArguments(const graze::Variant& variant) {
  kernel::bpf_map* const small = BootAndCreateMap(variant);
  CreateMaps();
  kernel::bpf_map* const map = cpumap::MapCreate({.max_entries = kEntries});
  const bool has_prog = cpumap::Booted().has_prog;
  const int other_program = cpumap::ProgLoad([](kernel::xdp_buff*) { return kernel::u32{kernel::XDP_PASS}; }, kernel::BPF_XDP);
  kernel::bpf_cpumap_val value;
  // Wrong in everything that is looked at later, too.
  Update(map, kEntries, kTooLong, 0, kNoSuchFlag);
  Update(map, kEntries, kTooLong, 0, kernel::BPF_NOEXIST);
  Update(map, kEntries - 1, kTooLong, 0, kernel::BPF_NOEXIST);
  Update(map, kEntries - 1, kTooLong, 0, kernel::BPF_EXIST);
  Update(map, kEntries - 1, kLongest);
  Update(map, kEntries - 1, 0);
  if (has_prog) Update(map, kKey, 1, other_program);
  if (has_prog) Update(map, kKey, 1, other_program + 1);
  Delete(map, kEntries);
  Delete(map, kKey);
  Lookup(map, kKey, &value);
  Lookup(map, kEntries, &value);
  // And right.
  Update(map, kKey, kLongest, 0, kernel::BPF_EXIST);
  Lookup(map, kKey, &value);
  if (has_prog) Update(map, kKey, 1, other_program);
  Lookup(map, kKey, &value);
  Update(map, kKey, 0);
  Lookup(map, kKey, &value);
  WalkKeys(map);
  cpumap::ProgClose(other_program);
  cpumap::MapPut(map);
  cpumap::MapPut(small);
}

[[maybe_unused]] const bool registered = graze::RegisterScenario({
    .name = "Cpumap.WrongArguments",
    .summary = "map commands with arguments that are wrong, mostly in two ways at once",
    .body = &WrongArguments,
    .at_end = &JudgeExecution,
    .variants = Masked({.qsize_fixed = true, .map_operations = 27}),
    .rules = TeardownRules(),
});

}  // namespace
}  // namespace specs
