// SPDX-License-Identifier: MIT
// Turns a Site into a source position for people.
//
// Not thread-safe, and it needs an ordinary stack: call it from outside the simulated threads.
#ifndef CHECKER_RUNTIME_SYMBOLIZE_H_
#define CHECKER_RUNTIME_SYMBOLIZE_H_

#include <string>
#include <string_view>

#include "checker/runtime/ops.h"

namespace graze {

struct SourcePosition {
  std::string file;      // relative to the root of the sources where it lies below it; "?" if unknown
  std::string function;  // bare name ("bq_enqueue"); "?" if unknown
  unsigned line = 0;
};

enum class SiteTag { kAbsent, kSource, kCode };

// Code addresses lie in an executable mapping of the process, SourceSite objects do not.
SiteTag ClassifySite(Site site);

// For a code address (a return address), the position is that of the user's code: frames inlined from the wrapper headers of
// checker/api, checker/runtime, model/kernel (but for the ring, which is ported code) and the system headers are skipped outward.
// Results are cached; debug information is loaded at the first code address.
SourcePosition Symbolize(Site site);

// "int cpumap::v5_9::bq_enqueue(bpf_cpu_map_entry*)" -> "bq_enqueue".
std::string BareFunctionName(std::string_view pretty);

// Strips the root of the sources, and normalises "a/../b".
std::string RelativeSourcePath(std::string_view path);

}  // namespace graze

#endif  // CHECKER_RUNTIME_SYMBOLIZE_H_
