// SPDX-License-Identifier: MIT
#include "model/kernel/graze_kernel.h"

#include <cstdlib>
#include <string>

#include "model/kernel/kernel_for_test.h"
#include "model/kernel/types.h"

namespace kernel {
namespace {

using testing::ExploreKernel;
using testing::Outcome;
using testing::Results;
using testing::Shared;

TEST(CInterface, IsC99) {
  const std::string command = "cc -std=c99 -Wall -Wextra -Wpedantic -Wconversion -Werror -fsyntax-only -I. model/kernel/c_face_for_test.c";
  EXPECT_EQ(std::system(command.c_str()), 0);
}

TEST(CInterface, AccessesAreEventsOfTheExecution) {
  // Message passing with plain data: ordered because the flag is, and because SC orders what it is read from.
  const auto outcomes = ExploreKernel([] {
    int *const data = Shared<int>();
    u64 *const flag = Shared<u64>();
    u64 seen = 9;
    graze::run_threads(
        [&] {
          graze_store(data, sizeof *data, 7, GRAZE_PLAIN, 0, 0, nullptr);
          graze_store(flag, sizeof *flag, 1, GRAZE_RELEASE, 0, 0, nullptr);
        },
        [&] {
          const graze_loaded told = graze_load(flag, sizeof *flag, GRAZE_ACQUIRE, 0, nullptr);
          graze_ctrl(told.dep);
          if (told.v != 0) seen = graze_load(data, sizeof *data, GRAZE_PLAIN, told.dep, nullptr).v;
        });
    Outcome(seen);
  });
  EXPECT_VERIFIED(outcomes);
  EXPECT_EQ(outcomes.Distinct(), (Results{{7}, {9}}));
}

TEST(CInterface, ReadModifyWritesDoWhatTheirNamesSay) {
  EXPECT_VERIFIED(ExploreKernel([] {
    u32 *const w = Shared<u32>();
    auto rmw = [w](graze_rmw_op op, u64 operand) { return graze_rmw(w, sizeof *w, op, operand, GRAZE_FULL, 0, 0, nullptr); };
    GRAZE_ASSERT(rmw(GRAZE_ADD_UNLESS_ZERO, 1).stored == 0 && rmw(GRAZE_XCHG, 6).old == 0 && rmw(GRAZE_ADD, 1).old == 6);
    GRAZE_ASSERT(rmw(GRAZE_AND, 3).old == 7 && rmw(GRAZE_OR, 8).old == 3 && rmw(GRAZE_ADD_UNLESS_ZERO, ~u64{0}).old == 11);
    GRAZE_ASSERT(graze_cmpxchg(w, sizeof *w, 9, 0, GRAZE_FULL, 0, 0, nullptr).stored == 0);
    GRAZE_ASSERT(graze_cmpxchg(w, sizeof *w, 10, 0, GRAZE_FULL, 0, 0, nullptr).stored == 1);
  }));
}

TEST(CInterface, EntersCheckedCodeWithCpuAndContext) {
  EXPECT_VERIFIED(ExploreKernel([] {
    auto check = [](void *atomic) {
      GRAZE_ASSERT(graze_smp_processor_id(nullptr) == 1 && graze_in_atomic() == *static_cast<int *>(atomic));
    };
    int atomic = 0;
    graze_enter(check, &atomic, 1, GRAZE_CTX_TASK);
    atomic = 1;
    graze_enter(check, &atomic, 1, GRAZE_CTX_SOFTIRQ);
    graze_enter(check, &atomic, 1, GRAZE_CTX_NAPI);
    GRAZE_ASSERT(!graze_in_atomic());
  }));
}

TEST(CInterface, SitesHaveTheLayoutOfSourceLocations) {
  const src here = src::here();
  // As C gets it, which knows pointers to void. NOLINTNEXTLINE(bugprone-casting-through-void)
  const graze_site *const site = static_cast<const graze_site *>(static_cast<graze_site_t>(here));
  EXPECT_NE(std::string(site->file).find("graze_kernel_test.cc"), std::string::npos);
  EXPECT_EQ(site->line, static_cast<unsigned>(__LINE__ - 4));
}

}  // namespace
}  // namespace kernel
