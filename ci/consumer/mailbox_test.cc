// SPDX-License-Identifier: MIT
#include "mailbox.h"

#include <gtest/gtest.h>

namespace {

TEST(Mailbox, LosesNoLetterInAnyExecution) {
  const graze::Result result = graze::Explore([] {
    Mailbox box;
    graze::thread sender([&] { box.Put(7); });
    GRAZE_ASSERT(box.Take() == 7);
    sender.join();
  });
  EXPECT_EQ(result.verdict, graze::Verdict::kVerified) << result.reason;
  EXPECT_EQ(result.executions, 1U);  // there is nothing to read but the letter
}

TEST(Mailbox, MayNotBePeekedInto) {
  const graze::Result result = graze::Explore([] {
    Mailbox box;
    graze::thread sender([&] { box.Put(7); });
    (void)box.Peek();
    sender.join();
  });
  ASSERT_EQ(result.violations.size(), 1U) << result.reason;
  EXPECT_EQ(result.violations[0].kind, graze::ViolationKind::kDataRace);
}

}  // namespace
