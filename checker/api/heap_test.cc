// SPDX-License-Identifier: MIT
#include "checker/api/heap.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "checker/api/outcomes_for_test.h"

namespace graze {
namespace {

using testing::Describe;
using testing::ExploreOutcomes;
using testing::Outcome;
using testing::Outcomes;
using Row = std::vector<uint64_t>;

struct Node {
  plain<int> value;
  atomic<Node*> next{nullptr};
};

template <typename T>
struct Box {
  T content;
};

bool Only(const Result& result, ViolationKind kind) {
  return result.verdict == Verdict::kViolation && result.violations.size() == 1 && result.violations[0].kind == kind;
}

TEST(TypeName, IsTheNameWithoutScopes) {
  EXPECT_STREQ(internal::TypeName<Node>::kText.data(), "Node");
  EXPECT_STREQ(internal::TypeName<int>::kText.data(), "int");
  EXPECT_STREQ(internal::TypeName<Box<int>>::kText.data(), "Box<int>");
}

TEST(Heap, AnObjectLivesFromMakeToDestroy) {
  const Result result = Explore([] {
    Node* node = make<Node>();
    node->value = 1;
    GRAZE_ASSERT(node->value == 1 && node->next.load() == nullptr);
    destroy(node);
    destroy(static_cast<Node*>(nullptr));
  });
  EXPECT_EQ(result.verdict, Verdict::kVerified) << Describe(result);
}

TEST(Heap, PassesArgumentsToTheConstructor) {
  const Result result = Explore([] {
    auto* p = make<plain<int>>(5);
    GRAZE_ASSERT(*p == 5);
    destroy(p);
  });
  EXPECT_EQ(result.verdict, Verdict::kVerified) << Describe(result);
}

TEST(Heap, RunsTheDestructor) {
  const Outcomes outcomes = ExploreOutcomes([] {
    struct Counting {
      int* count;
      ~Counting() { ++*count; }
    };
    int count = 0;
    destroy(make<Counting>(&count));
    Outcome(count);
  });
  EXPECT_EQ(outcomes.Distinct(), (std::vector<Row>{{1}})) << Describe(outcomes.result);
}

TEST(Heap, AccessAfterDestroyIsFound) {
  const Result result = Explore([] {
    Node* node = make<Node>();
    node->value = 1;
    destroy(node);
    node->value.load();
  });
  ASSERT_TRUE(Only(result, ViolationKind::kUseAfterFree)) << Describe(result);
  EXPECT_NE(result.violations[0].object.find("Node"), std::string::npos) << result.violations[0].object;
}

// The free and the access are unordered, so some executions show it; the one in which the free comes first is enough.
TEST(Heap, AccessConcurrentWithDestroyIsFound) {
  const Result result = Explore([] {
    Node* node = make<Node>();
    run_threads([=] { destroy(node); }, [=] { node->next.load(); });
  });
  EXPECT_EQ(result.verdict, Verdict::kViolation);
  ASSERT_GE(result.violations.size(), 1U) << Describe(result);
  EXPECT_EQ(result.violations[0].kind, ViolationKind::kUseAfterFree) << Describe(result);
}

TEST(Heap, AccessOrderedBeforeDestroyIsFine) {
  const Result result = Explore([] {
    Node* node = make<Node>();
    atomic<int> done{0};
    run_threads(
        [&] {
          await(done, 1);
          destroy(node);
        },
        [&] {
          node->next.load();
          done.store(1);
        });
  });
  EXPECT_EQ(result.verdict, Verdict::kVerified) << Describe(result);
}

TEST(Heap, DestroyingTwiceIsFound) {
  const Result result = Explore([] {
    auto* p = make<plain<int>>(1);
    destroy(p);
    destroy(p);
  });
  EXPECT_TRUE(Only(result, ViolationKind::kDoubleFree)) << Describe(result);
}

TEST(Heap, DestroyingTheMiddleOfAnObjectIsFound) {
  const Result result = Explore([] {
    Node* node = make<Node>();
    destroy(&node->next);
  });
  ASSERT_GE(result.violations.size(), 1U) << Describe(result);
  EXPECT_EQ(result.violations[0].kind, ViolationKind::kInvalidFree) << Describe(result);
}

TEST(Heap, AnObjectAliveAtTheEndIsALeak) {
  const Result result = Explore([] { make<Node>(); });
  ASSERT_TRUE(Only(result, ViolationKind::kLeak)) << Describe(result);
  EXPECT_EQ(result.violations[0].objects, (std::vector<std::string>{"Node"}));
}

TEST(Heap, LeaksAreNotReportedWhereTheyAreAllowed) {
  Options options;
  options.leak_check = false;
  const Result result = Explore([] { make<Node>(); }, options);
  EXPECT_EQ(result.verdict, Verdict::kVerified) << Describe(result);
}

TEST(Heap, ReadingPlainDataThatNobodyWroteIsFound) {
  const Result result = Explore([] {
    Node* node = make<Node>();
    node->value.load();
    destroy(node);
  });
  ASSERT_GE(result.violations.size(), 1U) << Describe(result);
  EXPECT_EQ(result.violations[0].kind, ViolationKind::kUninitializedRead) << Describe(result);
}

TEST(Heap, AccessThroughNullIsFound) {
  const Result result = Explore([] {
    atomic<Node*> head{nullptr};
    head.load()->next.load();
  });
  ASSERT_GE(result.violations.size(), 1U) << Describe(result);
  EXPECT_EQ(result.violations[0].kind, ViolationKind::kWildAccess) << Describe(result);
}

TEST(Heap, AddressesAreNotUsedAgain) {
  const Result result = Explore([] {
    auto* first = make<plain<int>>(1);
    destroy(first);
    auto* second = make<plain<int>>(2);
    GRAZE_ASSERT(first != second);
    destroy(second);
  });
  EXPECT_EQ(result.verdict, Verdict::kVerified) << Describe(result);
}

TEST(Heap, StandardContainersWorkInCheckedCode) {
  const Outcomes outcomes = ExploreOutcomes([] {
    atomic<int> turn{0};
    int sums[2] = {};
    run_threads_indexed(2, [&](unsigned i) {
      std::vector<int> numbers;
      std::map<std::string, int> by_name;
      for (int k = 0; k < 50; ++k) {
        numbers.push_back(k);
        by_name["a key that does not fit into a string object " + std::to_string(k)] = k;
        if (k == 25) turn.fetch_add(1);
      }
      numbers.erase(numbers.begin(), numbers.begin() + 40);
      for (const auto& [name, number] : by_name) sums[i] += number;
      sums[i] += static_cast<int>(numbers.size());
    });
    Outcome(sums[0], sums[1], turn.load());
  });
  EXPECT_EQ(outcomes.result.verdict, Verdict::kVerified) << Describe(outcomes.result);
  EXPECT_EQ(outcomes.counts, (std::map<Row, uint64_t>{{{1235, 1235, 2}, 2}}));  // 0 + 1 + ... + 49 + 10; two orders of the fetch_adds
}

TEST(Heap, AContainerMayBeHandedFromThreadToThread) {
  const Result result = Explore([] {
    atomic<std::vector<int>*> mailbox{nullptr};
    run_threads([&] { mailbox.store(new std::vector<int>{1, 2, 3}, std::memory_order_release); },
                [&] {
                  std::vector<int>* received = await_while(mailbox, nullptr, std::memory_order_acquire);
                  received->push_back(4);
                  GRAZE_ASSERT(received->size() == 4 && received->back() == 4);
                  delete received;
                });
  });
  EXPECT_EQ(result.verdict, Verdict::kVerified) << Describe(result);
}

}  // namespace
}  // namespace graze
