// SPDX-License-Identifier: MIT
// For the conformance tests of the kernel layer: what a small program can do, over all its executions.
#ifndef MODEL_KERNEL_KERNEL_FOR_TEST_H_
#define MODEL_KERNEL_KERNEL_FOR_TEST_H_

#include <gtest/gtest.h>

#include <functional>
#include <new>
#include <string>
#include <vector>

#include "checker/api/graze.h"
#include "checker/api/ops.h"
#include "checker/api/outcomes_for_test.h"
#include "model/kernel/config.h"
#include "model/kernel/task.h"

namespace kernel::testing {

using graze::testing::Describe;
using graze::testing::Outcome;
using graze::testing::Outcomes;
using Results = std::vector<std::vector<uint64_t>>;  // distinct results, sorted

// Boots, then explores `body`. Objects left over are no violation unless `leaks` says so.
enum class Leaks : uint8_t { kAllowed, kChecked };
inline Outcomes ExploreKernel(const KernelConfig &config, const std::function<void()> &body, Leaks leaks = Leaks::kAllowed,
                              const char *model = "sc") {
  graze::Options options;
  options.memory_model = model;
  options.leak_check = leaks == Leaks::kChecked;
  options.executions_max = 1'000'000;
  return graze::testing::ExploreOutcomes(
      [config, body] {
        kernel_boot(config);
        body();
      },
      options);
}

inline Outcomes ExploreKernel(const std::function<void()> &body) { return ExploreKernel(KernelConfig{}, body); }
inline Outcomes ExploreUnder(const char *model, const std::function<void()> &body, const KernelConfig &config = {}) {
  return ExploreKernel(config, body, Leaks::kAllowed, model);
}

// Zeroed memory that all threads of an execution may use.
template <typename T>
T *Shared() {
  return static_cast<T *>(graze::ArenaAllocate(sizeof(T), alignof(T)));
}

// A thread on a simulated CPU.
template <typename F>
graze::thread OnCpu(int cpu, F &&body) {
  return graze::thread(graze::ThreadOptions{.name = "task", .cpu = cpu, .group = 0, .daemon = false, .user = nullptr},
                       std::forward<F>(body));
}

inline bool Breaks(const Outcomes &outcomes, const std::string &rule) {
  for (const graze::Violation &each : outcomes.result.violations) {
    if (each.rule == rule) return true;
  }
  return false;
}

inline bool OnlyBreaks(const Outcomes &outcomes, const std::string &rule) {
  for (const graze::Violation &each : outcomes.result.violations) {
    if (each.rule != rule) return false;
  }
  return !outcomes.result.violations.empty();
}

#define EXPECT_VERIFIED(outcomes) \
  EXPECT_EQ((outcomes).result.verdict, graze::Verdict::kVerified) << ::kernel::testing::Describe((outcomes).result)
#define EXPECT_BREAKS(outcomes, rule) \
  EXPECT_TRUE(::kernel::testing::OnlyBreaks((outcomes), (rule))) << ::kernel::testing::Describe((outcomes).result)

}  // namespace kernel::testing

#endif  // MODEL_KERNEL_KERNEL_FOR_TEST_H_
