// SPDX-License-Identifier: MIT
// A lock-free stack whose pop frees the node at once. Two poppers are enough: one frees the node that the other is about to read.
#include "checker/api/graze.h"

namespace {

struct Node {
  graze::plain<int> value;
  graze::atomic<Node*> next{nullptr};
};

void Push(graze::atomic<Node*>& head, int value) {
  Node* node = graze::make<Node>();
  node->value = value;
  Node* seen = head.load();
  do {
    node->next.store(seen);
  } while (!head.compare_exchange_weak(seen, node));
}

void PopAndFree(graze::atomic<Node*>& head) {
  GRAZE_CALL(call, "PopAndFree");
  Node* seen = head.load();
  while (seen != nullptr && !head.compare_exchange_weak(seen, seen->next.load())) {
  }
  graze::destroy(seen);
}

}  // namespace

GRAZE_SCENARIO(TreiberPopFreesAtOnce, "two threads pop from a stack of two nodes and free what they popped") {
  graze::atomic<Node*> head{nullptr};
  graze::name(head, "head");
  Push(head, 1);
  Push(head, 2);
  graze::run_threads([&] { PopAndFree(head); }, [&] { PopAndFree(head); });
}
