// SPDX-License-Identifier: MIT
#include "model/kernel/completion.h"

#include "model/kernel/kernel.h"
#include "model/kernel/kernel_for_test.h"

namespace kernel {
namespace {

using testing::ExploreKernel;
using testing::Shared;

struct hand_over {
  completion done;
  plain<int> data;
};

TEST(Completion, OrdersWhatComesBeforeItBeforeWhoeverWaited) {
  EXPECT_VERIFIED(ExploreKernel([] {
    hand_over *const h = Shared<hand_over>();
    init_completion(&h->done);
    graze::run_threads(
        [h] {
          h->data = 1;
          complete(&h->done);
        },
        [h] {
          wait_for_completion(&h->done);
          GRAZE_ASSERT(h->data == 1);
        });
  }));
}

TEST(Completion, IsNotLostWhenItComesFirst) {
  EXPECT_VERIFIED(ExploreKernel([] {
    hand_over *const h = Shared<hand_over>();
    complete(&h->done);
    wait_for_completion(&h->done);
  }));
}

TEST(Completion, LetsOneWaiterGoEachTime) {
  auto waiters = [](int completions) {
    return ExploreKernel([completions] {
      hand_over *const h = Shared<hand_over>();
      for (int i = 0; i < completions; ++i) complete(&h->done);
      graze::run_threads([h] { wait_for_completion(&h->done); }, [h] { wait_for_completion(&h->done); });
    });
  };
  EXPECT_BREAKS(waiters(1), "I-LIVE");
  EXPECT_VERIFIED(waiters(2));
}

TEST(Completion, ForAllLetsEveryoneGoForEver) {
  EXPECT_VERIFIED(ExploreKernel([] {
    hand_over *const h = Shared<hand_over>();
    complete_all(&h->done);
    graze::run_threads([h] { wait_for_completion(&h->done); }, [h] { wait_for_completion(&h->done); });
    complete(&h->done);
    wait_for_completion(&h->done);
    wait_for_completion(&h->done);
  }));
}

TEST(Completion, IsNotWaitedForInAtomicContext) {
  EXPECT_BREAKS(ExploreKernel([] {
                  graze_preempt_disable(nullptr);
                  wait_for_completion(&Shared<hand_over>()->done);
                }),
                "I-CTX");
}

}  // namespace
}  // namespace kernel
