// SPDX-License-Identifier: MIT
// Expressions equal the definitions of their operators, spelled out over sets of pairs: random expressions over random relations, looked at
// in random order, so that rows are computed whichever way round.
#include "checker/consistency/relation.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <set>
#include <utility>
#include <vector>

namespace graze {
namespace {

using Pairs = std::set<std::pair<uint32_t, uint32_t>>;

Pairs Compose(const Pairs& a, const Pairs& b) {
  Pairs result;
  for (const auto& [x, y] : a) {
    for (const auto& [z, w] : b) {
      if (y == z) result.emplace(x, w);
    }
  }
  return result;
}

Pairs Unite(Pairs a, const Pairs& b) {
  a.insert(b.begin(), b.end());
  return a;
}

Pairs Close(const Pairs& a) {
  Pairs result = a;
  for (;;) {
    const Pairs more = Unite(result, Compose(result, a));
    if (more == result) return result;
    result = more;
  }
}

Pairs Reflexive(Pairs a, uint32_t size) {
  for (uint32_t e = 0; e < size; ++e) a.emplace(e, e);
  return a;
}

// A relation beside what it should be.
struct Both {
  Relation is;
  Pairs should;
};

class RelationTest : public ::testing::TestWithParam<uint32_t> {
 protected:
  void SetUp() override { pool_.Reset(size_); }

  uint32_t Below(uint32_t limit) { return static_cast<uint32_t>(random_() % limit); }

  Set RandomSet(std::set<uint32_t>* should) {
    Set set = pool_.EmptySet();
    for (uint32_t e = 0; e < size_; ++e) {
      if (Below(2) == 0) continue;
      set.Add(e);
      should->insert(e);
    }
    return set;
  }

  // Some with cycles, some without.
  Both Given() {
    Both both{pool_.Empty(), {}};
    const uint32_t count = Below(2 * size_);
    const bool upward = Below(2) == 0;
    for (uint32_t i = 0; i < count; ++i) {
      const uint32_t from = Below(size_);
      const uint32_t to = Below(size_);
      if (upward && from >= to) continue;
      both.is.Add(from, to);
      both.should.emplace(from, to);
    }
    return both;
  }

  Both Filter(const Both& a, Relation is, const std::set<uint32_t>* from, const std::set<uint32_t>* to) {
    Both both{is, {}};
    for (const auto& [x, y] : a.should) {
      if ((from == nullptr || from->contains(x)) && (to == nullptr || to->contains(y))) both.should.emplace(x, y);
    }
    return both;
  }

  Both Restricted(const Both& a) {
    std::set<uint32_t> s, t;
    const Set S = RandomSet(&s);
    const Set T = RandomSet(&t);
    switch (Below(3)) {
      case 0: return Filter(a, From(S, a.is), &s, nullptr);
      case 1: return Filter(a, To(a.is, T), nullptr, &t);
      default: return Filter(a, Between(S, a.is, T), &s, &t);
    }
  }

  Both Combined(const Both& a, const Both& b) {
    Both both = a;
    switch (Below(5)) {
      case 0: return {a.is | b.is, Unite(a.should, b.should)};
      case 1:
        both.is = a.is & b.is;
        std::erase_if(both.should, [&](const auto& pair) { return !b.should.contains(pair); });
        return both;
      case 2:
        both.is = a.is - b.is;
        std::erase_if(both.should, [&](const auto& pair) { return b.should.contains(pair); });
        return both;
      case 3:
        both.is = a.is & Inverse(b.is);
        std::erase_if(both.should, [&](const auto& pair) { return !b.should.contains({pair.second, pair.first}); });
        return both;
      default: return {Seq(a.is, b.is), Compose(a.should, b.should)};
    }
  }

  Both Changed(const Both& a) {
    switch (Below(5)) {
      case 0: return {Opt(a.is), Reflexive(a.should, size_)};
      case 1: return {Plus(a.is), Close(a.should)};
      case 2: return {Star(a.is), Reflexive(Close(a.should), size_)};
      case 3: {
        Both both{Inverse(a.is), {}};
        for (const auto& [x, y] : a.should) both.should.emplace(y, x);
        return both;
      }
      default: return Restricted(a);
    }
  }

  const uint32_t size_ = GetParam();
  RelationPool pool_;
  std::mt19937 random_{GetParam()};
};

TEST_P(RelationTest, ExpressionsEqualTheDefinitionsOfTheirOperators) {
  for (int round = 0; round < 60; ++round) {
    pool_.Reset(size_);
    std::vector<Both> all = {Given(), Given(), {pool_.Empty(), {}}, {pool_.Identity(), Reflexive({}, size_)}};
    while (all.size() < 14) {
      const Both& a = all[Below(static_cast<uint32_t>(all.size()))];
      const Both& b = all[Below(static_cast<uint32_t>(all.size()))];
      const Both made = Below(2) == 0 ? Combined(a, b) : Changed(a);
      all.push_back(made);
    }
    for (int look = 0; look < 40; ++look) {
      const Both& seen = all[Below(static_cast<uint32_t>(all.size()))];
      const uint32_t from = Below(size_);
      const uint32_t to = Below(size_);
      ASSERT_EQ(seen.is.Has(from, to), seen.should.contains({from, to})) << "round " << round << ", " << from << " to " << to;
    }
    for (const Both& seen : all) {
      std::set<uint32_t> from;
      const Set start = RandomSet(&from);
      Set image = pool_.EmptySet();
      seen.is.AddImage(start, &image);
      ASSERT_EQ(seen.is.IsEmpty(), seen.should.empty());
      for (uint32_t e = 0; e < size_; ++e) {
        bool reached = false;
        for (const uint32_t x : from) reached |= seen.should.contains({x, e});
        ASSERT_EQ(image.Has(e), reached) << "round " << round;
      }
      const Pairs closed = Close(seen.should);
      bool cyclic = false;
      for (uint32_t e = 0; e < size_; ++e) cyclic |= closed.contains({e, e});
      ASSERT_EQ(IsAcyclic(seen.is), !cyclic) << "round " << round;
    }
  }
}

// One word, its end, and the numbers of words that have code of their own, and one more.
INSTANTIATE_TEST_SUITE_P(Sizes, RelationTest, ::testing::Values(5, 12, 40, 65));

TEST(Relation, WideRelationsAreComposedAsNarrowOnesAre) {
  for (const uint32_t size : {130U, 200U, 260U, 330U}) {
    RelationPool pool;
    pool.Reset(size);
    Relation next = pool.Empty();
    for (uint32_t e = 0; e + 1 < size; ++e) next.Add(e, e + 1);
    const Relation two = Seq(next, next);
    const Relation after = Plus(next);
    for (uint32_t e = 0; e < size; ++e) {
      EXPECT_EQ(two.Has(0, e), e == 2);
      EXPECT_EQ(after.Has(size / 2, e), e > size / 2);
      EXPECT_EQ(Seq(after, after).Has(3, e), e > 4);
    }
  }
}

TEST(Relation, AFactOutsideAnIntersectionIsNeverComputed) {
  class Counting final : public RowSource {
   public:
    void FillRow(uint32_t, uint32_t e, uint64_t* row) const override {
      ++rows;
      AddRange(row, e + 1, 10);
    }
    void FillDomain(uint32_t, uint64_t* set) const override { AddRange(set, 0, 10); }
    mutable int rows = 0;
  };
  RelationPool pool;
  pool.Reset(10);
  const Counting source;
  const Relation after = pool.From(&source, 0, true);
  Relation one = pool.Empty();
  one.Add(3, 4);
  EXPECT_TRUE((one & after).Has(3, 4));
  EXPECT_FALSE((one & after).IsEmpty());
  EXPECT_EQ(source.rows, 1);
  // 0 leads to everything behind it: a transitive relation is not followed further.
  EXPECT_TRUE(Seq(pool.Identity(), after).Has(0, 9));
  EXPECT_EQ(source.rows, 2);
}

}  // namespace
}  // namespace graze
