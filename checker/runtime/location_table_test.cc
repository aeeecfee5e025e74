// SPDX-License-Identifier: MIT
#include "checker/runtime/location_table.h"

#include <gtest/gtest.h>

#include <vector>

namespace graze::internal {
namespace {

TEST(LocationTable, GivesTheSameBytesTheSameNumber) {
  LocationTable table;
  const LocId x = table.Intern(0x1000, 4);
  const LocId y = table.Intern(0x1004, 4);
  EXPECT_NE(x, y);
  EXPECT_EQ(table.Intern(0x1000, 4), x);
  EXPECT_EQ(table.Intern(0x1004, 4), y);
  EXPECT_EQ(table.size(), 2U);
  EXPECT_EQ(table.info(y).address, 0x1004U);
  EXPECT_EQ(table.info(y).size, 4U);
}

TEST(LocationTable, FindsOnlyWhatWasInterned) {
  LocationTable table;
  const LocId x = table.Intern(0x1000, 4);
  EXPECT_EQ(table.Find(0x1000, 4), x);
  EXPECT_EQ(table.Find(0x1000, 8), kNoLoc);
  EXPECT_EQ(table.Find(0x1004, 4), kNoLoc);
  EXPECT_EQ(table.size(), 1U);
}

TEST(LocationTable, NeighboursDoNotOverlap) {
  LocationTable table;
  const LocId middle = table.Intern(0x1004, 4);
  const LocId before = table.Intern(0x1000, 4);
  const LocId behind = table.Intern(0x1008, 8);
  for (const LocId each : {before, middle, behind}) EXPECT_TRUE(table.info(each).overlaps.empty()) << each;
}

TEST(LocationTable, LocationsThatShareAByteKnowEachOther) {
  LocationTable table;
  const LocId word = table.Intern(0x1000, 8);
  const LocId low = table.Intern(0x1000, 4);
  const LocId byte = table.Intern(0x1007, 1);
  EXPECT_EQ(table.info(word).overlaps, (std::vector<LocId>{low, byte}));
  EXPECT_EQ(table.info(low).overlaps, (std::vector<LocId>{word}));
  EXPECT_EQ(table.info(byte).overlaps, (std::vector<LocId>{word}));
}

TEST(LocationTable, NumbersStayWhenItGrows) {
  LocationTable table;
  constexpr LocId kCount = 5'000;  // the table starts with 1024 slots and grows at half of them
  for (LocId i = 0; i < kCount; ++i) ASSERT_EQ(table.Intern(0x200000000000 + uintptr_t{i} * 4096, 8), i);
  for (LocId i = 0; i < kCount; ++i) {
    ASSERT_EQ(table.Find(0x200000000000 + uintptr_t{i} * 4096, 8), i);
    ASSERT_EQ(table.Intern(0x200000000000 + uintptr_t{i} * 4096, 8), i);
  }
  EXPECT_EQ(table.size(), kCount);
}

TEST(LocationTable, IsEmptyAgainAfterClear) {
  LocationTable table;
  table.Intern(0x1000, 4);
  table.Clear();
  EXPECT_EQ(table.size(), 0U);
  EXPECT_EQ(table.Find(0x1000, 4), kNoLoc);
  EXPECT_EQ(table.Intern(0x2000, 4), 0U);
}

}  // namespace
}  // namespace graze::internal
