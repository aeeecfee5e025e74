// SPDX-License-Identifier: MIT
#include "specs/invariants/race_exceptions.h"

#include "checker/cli/command.h"

namespace specs {

const std::vector<RaceException>& RaceExceptions() {
  static const auto* const exceptions = new std::vector<RaceException>{
      {.file = "model/kernel/ptr_ring.h",
       .what = "ptr_ring.queue[]",
       .why = "producer and consumer meet in the slots: the producer's look for a free one and the consumer's zeroing are plain upstream"},
      {.file = "model/cpumap/v4_18/cpumap.cc",
       .what = "bpf_cpu_map.flush_needed[]",
       .why = "the end of a map looks at the bits of all CPUs, which their owners set and clear with plain accesses"},
      {.file = "model/cpumap/v5_0/cpumap.cc",
       .what = "bpf_cpu_map.flush_needed[]",
       .why = "the end of a map looks at the bits of all CPUs, which their owners set and clear with plain accesses"},
  };
  return *exceptions;
}

namespace {

std::vector<std::vector<std::string>> Rows() {
  std::vector<std::vector<std::string>> rows;
  for (const RaceException& exception : RaceExceptions()) rows.push_back({exception.what, exception.file, exception.why});
  return rows;
}

[[maybe_unused]] const bool registered =
    graze::RegisterListSection({.name = "race exceptions", .header = {"racy access", "declared in", "why"}, .rows = &Rows});

}  // namespace
}  // namespace specs
