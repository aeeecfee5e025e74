// SPDX-License-Identifier: MIT
#include "checker/runtime/fiber.h"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdint>
#include <exception>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "checker/api/graze.h"
#include "checker/runtime/runtime.h"

namespace graze::internal {
namespace {

#if defined(__SANITIZE_ADDRESS__)
#define GRAZE_ASAN_BUILD
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define GRAZE_ASAN_BUILD
#endif
#endif

void CallForGood(void* arg) {
  (*static_cast<const std::function<void()>*>(arg))();
  while (true) Fiber::Suspend();
}

class FiberTest : public ::testing::Test {
 protected:
  FiberTest() { Runtime::Get(); }  // reserves the stacks; must exist before a fiber allocates
};

TEST_F(FiberTest, RunsUntilItSuspendsAndGoesOnFromThere) {
  std::string log;
  const std::function<void()> body = [&] {
    log += "a";
    Fiber::Suspend();
    log += "b";
  };
  Fiber fiber;
  fiber.Start(0, &CallForGood, const_cast<std::function<void()>*>(&body));
  EXPECT_EQ(log, "");
  fiber.Resume();
  log += "|";
  fiber.Resume();
  EXPECT_EQ(log, "a|b");
}

TEST_F(FiberTest, KnowsWhichOneRuns) {
  Fiber fiber;
  Fiber* seen = nullptr;
  const std::function<void()> body = [&] { seen = Fiber::running(); };
  fiber.Start(3, &CallForGood, const_cast<std::function<void()>*>(&body));
  EXPECT_EQ(Fiber::running(), nullptr);
  fiber.Resume();
  EXPECT_EQ(seen, &fiber);
  EXPECT_EQ(Fiber::running(), nullptr);
}

TEST_F(FiberTest, ExceptionsOfFibersThatInterleaveDoNotMix) {
  std::vector<int> caught;
  const auto thrower = [&caught](int first) {
    return [&caught, first] {
      try {
        throw first;
      } catch (int outer) {
        Fiber::Suspend();  // with an exception caught and not yet finished
        try {
          throw outer + 1;
        } catch (int inner) {
          Fiber::Suspend();
          caught.push_back(inner);
        }
        try {
          throw;  // the outer one, if this fiber's stack of caught exceptions is its own
        } catch (int again) {
          caught.push_back(again);
        }
      }
    };
  };
  const std::function<void()> one = thrower(10);
  const std::function<void()> two = thrower(20);
  Fiber a;
  Fiber b;
  a.Start(0, &CallForGood, const_cast<std::function<void()>*>(&one));
  b.Start(1, &CallForGood, const_cast<std::function<void()>*>(&two));
  for (int turn = 0; turn < 3; ++turn) {
    a.Resume();
    EXPECT_EQ(std::current_exception(), nullptr);
    b.Resume();
    EXPECT_EQ(std::uncaught_exceptions(), 0);
  }
  EXPECT_EQ(caught, (std::vector<int>{11, 10, 21, 20}));
}

TEST_F(FiberTest, AFiberLeftInAHandlerLeavesNoExceptionBehind) {
  bool clean = false;
  const std::function<void()> thrower = [] {
    try {
      throw 1;
    } catch (int) {
      Fiber::Suspend();
    }
  };
  const std::function<void()> next = [&] { clean = std::current_exception() == nullptr; };
  Fiber fiber;
  fiber.Start(0, &CallForGood, const_cast<std::function<void()>*>(&thrower));
  fiber.Resume();
  fiber.Start(0, &CallForGood, const_cast<std::function<void()>*>(&next));
  fiber.Resume();
  EXPECT_TRUE(clean);
}

#ifndef GRAZE_ASAN_BUILD  // frames are larger there, and an overflow is reported in ASan's own way

// Uses at least 1 KiB per level.
uint32_t Recurse(uint32_t depth) {  // NOLINT(misc-no-recursion)
  volatile char frame[1024];
  frame[depth % sizeof frame] = 1;
  return depth == 0 ? 0 : Recurse(depth - 1) + static_cast<uint32_t>(frame[depth % sizeof frame]);
}

TEST_F(FiberTest, HasADeepStack) {
  uint32_t result = 0;
  const std::function<void()> body = [&] { result = Recurse(200); };  // 200 KiB of the 256
  Fiber fiber;
  fiber.Start(AddressPlan::kThreadsMax - 1, &CallForGood, const_cast<std::function<void()>*>(&body));
  fiber.Resume();
  EXPECT_EQ(result, 200U);
}

TEST_F(FiberTest, AStackThatOverflowsHitsAGuardPageNotItsNeighbour) {
  const auto overflow = [] {
    const std::function<void()> body = [] { Recurse(100'000); };
    Fiber fiber;
    fiber.Start(1, &CallForGood, const_cast<std::function<void()>*>(&body));
    fiber.Resume();
  };
  EXPECT_EXIT(overflow(), ::testing::KilledBySignal(SIGSEGV), "");
}

#endif  // GRAZE_ASAN_BUILD

TEST_F(FiberTest, AStackObjectHasTheSameAddressInEveryRun) {
  std::vector<uintptr_t> addresses;
  const std::function<void()> body = [&] {
    int local = 0;
    addresses.push_back(reinterpret_cast<uintptr_t>(&local));
  };
  Fiber fiber;
  for (int run = 0; run < 3; ++run) {
    fiber.Start(7, &CallForGood, const_cast<std::function<void()>*>(&body));
    fiber.Resume();
  }
  fiber.Start(8, &CallForGood, const_cast<std::function<void()>*>(&body));
  fiber.Resume();
  EXPECT_EQ(addresses[1], addresses[0]);
  EXPECT_EQ(addresses[2], addresses[0]);
  EXPECT_EQ(addresses[3], addresses[0] + AddressPlan::kStackSize);  // the same place of another slot
  for (const uintptr_t address : addresses) EXPECT_TRUE(InAddressRange(address));
}

// Remembers a number beyond the execution that runs.
void Remember(std::set<uintptr_t>* set, const void* address) {
  const Runtime::EngineScope scope;  // the set is not checked code's: its memory must outlive the execution
  set->insert(reinterpret_cast<uintptr_t>(address));
}

TEST(Addresses, AreTheSameInEveryExecution) {
  std::set<uintptr_t> stack, heap, tracked;
  const Result result = Explore([&] {
    atomic<int> x{0};
    run_threads_indexed(3, [&](unsigned) {
      x.fetch_add(1);
      int local = 0;
      Remember(&stack, &local);
      int* const anywhere = new int;
      Remember(&heap, anywhere);
      delete anywhere;
      auto* const object = make<atomic<int>>(0);
      Remember(&tracked, object);
      destroy(object);
    });
  });
  EXPECT_EQ(result.verdict, Verdict::kVerified) << result.reason;
  EXPECT_EQ(result.executions, 6U);  // 3! orders of the additions
  // One address per thread, whoever of the three came first.
  EXPECT_EQ(stack.size(), 3U);
  EXPECT_EQ(heap.size(), 3U);
  EXPECT_EQ(tracked.size(), 3U);
}

TEST(Addresses, ExceptionsInCheckedCodeSurviveThreadSwitches) {
  const Result result = Explore([] {
    atomic<int> x{0};
    const auto body = [&](unsigned i) {
      try {
        throw static_cast<int>(i);
      } catch (int mine) {
        x.fetch_add(1);  // another thread runs here with its own exception caught
        GRAZE_ASSERT(mine == static_cast<int>(i));
        try {
          throw;
        } catch (int again) {
          x.load();
          GRAZE_ASSERT(again == static_cast<int>(i));
        }
      }
    };
    run_threads_indexed(2, body);
  });
  EXPECT_EQ(result.verdict, Verdict::kVerified) << result.reason;
}

}  // namespace
}  // namespace graze::internal
