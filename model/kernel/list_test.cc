// SPDX-License-Identifier: MIT
#include "model/kernel/list.h"

#include "model/kernel/kernel_for_test.h"

namespace kernel {
namespace {

using testing::ExploreKernel;
using testing::Outcome;
using testing::Results;
using testing::Shared;

struct node {
  plain<int> number;
  struct list_head link;
};
struct nodes {
  struct list_head head;
  node each[3];
};

nodes *three(void (*add)(list_head *, list_head *, src)) {
  nodes *const n = Shared<nodes>();
  INIT_LIST_HEAD(&n->head);
  for (int i = 0; i < 3; ++i) {
    n->each[i].number = i + 1;
    add(&n->each[i].link, &n->head, src::here());
  }
  return n;
}

int digits(nodes *n) {
  int result = 0;
  node *pos;
  list_for_each_entry(pos, &n->head, link) result = result * 10 + pos->number;
  return result;
}

TEST(List, RefusesToAddAnEntryBesideItself) {
  EXPECT_BREAKS(ExploreKernel([] {
                  nodes *const n = three(&list_add);
                  list_add(&n->each[2].link, &n->head);
                }),
                "I-LIST");
  EXPECT_BREAKS(ExploreKernel([] {
                  nodes *const n = three(&list_add_tail);
                  list_add_tail(&n->each[2].link, &n->head);
                }),
                "I-LIST");
}

TEST(List, AddsInFrontAndAtTheTail) {
  const auto outcomes = ExploreKernel([] {
    nodes *const stack = three(list_add);
    nodes *const queue = three(list_add_tail);
    Outcome(digits(stack), digits(queue), list_empty(&queue->head));
  });
  EXPECT_EQ(outcomes.Distinct(), (Results{{321, 123, 0}}));
}

TEST(List, DeletesFromTheMiddle) {
  const auto outcomes = ExploreKernel([] {
    nodes *const n = three(list_add_tail);
    list_del(&n->each[1].link);
    const int two_left = digits(n);
    list_del_init(&n->each[0].link);
    list_del_init(&n->each[2].link);
    Outcome(two_left, list_empty(&n->head), list_empty(&n->each[0].link));
  });
  EXPECT_EQ(outcomes.Distinct(), (Results{{13, 1, 1}}));
}

TEST(List, SafeIterationMayDeleteAsItGoes) {
  const auto outcomes = ExploreKernel([] {
    nodes *const n = three(list_add_tail);
    int visited = 0;
    node *pos, *next;
    list_for_each_entry_safe(pos, next, &n->head, link) {
      visited = visited * 10 + pos->number;
      __list_del_clearprev(&pos->link);
    }
    Outcome(visited, list_empty(&n->head), n->each[1].link.prev == nullptr);
  });
  EXPECT_EQ(outcomes.Distinct(), (Results{{123, 1, 1}}));
}

TEST(List, AnEntryOffTheListCanBeAddedAgain) {
  const auto outcomes = ExploreKernel([] {
    nodes *const n = three(list_add_tail);
    __list_del_clearprev(&n->each[0].link);
    list_add_tail(&n->each[0].link, &n->head);
    Outcome(digits(n));
  });
  EXPECT_EQ(outcomes.Distinct(), (Results{{231}}));
}

TEST(List, LinksOfADeletedEntryLeadNowhere) {
  EXPECT_BREAKS(ExploreKernel([] {
                  nodes *const n = three(list_add_tail);
                  list_del(&n->each[0].link);
                  list_head *const nowhere = n->each[0].link.next;
                  nowhere->prev = nullptr;
                }),
                "I-UAF");
}

TEST(List, UnprotectedChangesRace) {
  EXPECT_BREAKS(ExploreKernel([] {
                  nodes *const n = Shared<nodes>();
                  INIT_LIST_HEAD(&n->head);
                  graze::run_threads([n] { list_add(&n->each[0].link, &n->head); }, [n] { list_add(&n->each[1].link, &n->head); });
                }),
                "I-RACE");
}

}  // namespace
}  // namespace kernel
