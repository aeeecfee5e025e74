// SPDX-License-Identifier: MIT
#include "checker/explore/work_item.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "checker/api/graze.h"
#include "checker/explore/explorer.h"

namespace graze::internal {
namespace {

WorkItem SmallItem() {
  WorkItem item;
  item.steps.push_back({.thread = {}, .kind = EventKind::kBegin, .flags = kMaxAdded, .link = kNone, .location = 0, .value = 0});
  item.steps.push_back({.thread = {0, 300}, .kind = EventKind::kRead, .flags = kRmw | kStable, .link = kInit, .location = 2, .value = 0});
  item.steps.push_back({.thread = {0, 300}, .kind = EventKind::kChoose, .flags = 0, .link = kNone, .location = 0, .value = ~uint64_t{0}});
  item.steps.push_back({.thread = {7}, .kind = EventKind::kWrite, .flags = kMaxAdded, .link = 1, .location = 2, .value = 0});
  item.choice = {.kind = Choice::kBackward, .event = 3, .other = 1, .place = kInit, .value = 12345678901234};
  return item;
}

// Equal bytes are equal items: Serialize() writes every field.
void ExpectSame(const WorkItem& a, const WorkItem& b) { EXPECT_EQ(a.Serialize(), b.Serialize()); }

TEST(WorkItem, SaysTheSameAfterATripThroughBytes) {
  WorkItem item;
  ASSERT_TRUE(WorkItem::Parse(SmallItem().Serialize(), &item));
  ExpectSame(item, SmallItem());
  ASSERT_EQ(item.steps.size(), 4U);
  EXPECT_EQ(item.steps[1].thread, (std::vector<uint32_t>{0, 300}));
  EXPECT_EQ(item.steps[1].kind, EventKind::kRead);
  EXPECT_EQ(item.steps[1].flags, kRmw | kStable);
  EXPECT_EQ(item.steps[1].link, kInit);
  EXPECT_EQ(item.steps[1].location, 2U);
  EXPECT_EQ(item.steps[2].value, ~uint64_t{0});
  EXPECT_EQ(item.steps[2].link, kNone);
  EXPECT_EQ(item.choice.kind, Choice::kBackward);
  EXPECT_EQ(item.choice.event, 3U);
  EXPECT_EQ(item.choice.other, 1U);
  EXPECT_EQ(item.choice.place, kInit);
  EXPECT_EQ(item.choice.value, 12345678901234U);
}

TEST(WorkItem, ParsingForgetsWhatWasInTheItem) {
  WorkItem item = SmallItem();
  ASSERT_TRUE(WorkItem::Parse(WorkItem().Serialize(), &item));
  EXPECT_TRUE(item.steps.empty());
  EXPECT_EQ(item.choice.kind, Choice::kNothing);
}

TEST(WorkItem, CutOffAnywhereIsRefused) {
  const std::string bytes = SmallItem().Serialize();
  WorkItem item;
  for (size_t length = 0; length < bytes.size(); ++length) EXPECT_FALSE(WorkItem::Parse(bytes.substr(0, length), &item)) << length;
}

TEST(WorkItem, WithBytesTooManyIsRefused) {
  WorkItem item;
  EXPECT_FALSE(WorkItem::Parse(SmallItem().Serialize() + '\0', &item));
}

TEST(WorkItem, WithAKindThatDoesNotExistIsRefused) {
  WorkItem wrong = SmallItem();
  wrong.steps[0].kind = static_cast<EventKind>(static_cast<int>(EventKind::kChoose) + 1);
  WorkItem item;
  EXPECT_FALSE(WorkItem::Parse(wrong.Serialize(), &item));
  wrong = SmallItem();
  wrong.choice.kind = static_cast<Choice::Kind>(Choice::kNothing + 1);
  EXPECT_FALSE(WorkItem::Parse(wrong.Serialize(), &item));
}

TEST(WorkItem, OfArbitraryBytesIsRefusedOrParsedButNeverMore) {
  WorkItem item;
  EXPECT_FALSE(WorkItem::Parse("", &item));
  EXPECT_FALSE(WorkItem::Parse("graze1:text", &item));
  EXPECT_FALSE(WorkItem::Parse(std::string(100, '\xff'), &item));
  const std::string bytes = SmallItem().Serialize();
  for (size_t at = 0; at < bytes.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = bytes;
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << bit));
      const bool parsed = WorkItem::Parse(damaged, &item);
      EXPECT_TRUE(!parsed || item.steps.size() <= damaged.size()) << at << " " << bit;
    }
  }
}

// ---- items of real searches

struct Body {
  std::function<void()> function;
};

void CallBody(void* arg) { static_cast<const Body*>(arg)->function(); }

// A little of everything: forward and backward choices, RMWs, a lock, a choice, a section and a grace period.
void Mixed() {
  atomic<int> x{0}, y{0};
  mutex lock;
  run_threads(
      [&] {
        x.store(1);
        y.fetch_add(1);
        const unsigned chosen = choose(2);
        lock.lock();
        y.store(static_cast<int>(chosen) + 5);
        lock.unlock();
      },
      [&] {
        int expected = 1;
        y.compare_exchange_strong(expected, 3);
        RcuReadLock(nullptr);
        x.load();
        y.load();
        RcuReadUnlock(nullptr);
      },
      [&] {
        lock.lock();
        x.store(2);
        lock.unlock();
        RcuSynchronize(nullptr);
        y.load();
      });
}

struct Searched {
  std::vector<uint64_t> hashes;
  std::vector<std::string> items;
  Result result;
};

// Searches below `start` (null: everything); each call is a search of its own that knows nothing of the others.
Searched Search(const Body& body, const WorkItem* start, uint64_t split_after) {
  Searched searched;
  Options options;
  options.on_execution = [&](uint64_t hash) { searched.hashes.push_back(hash); };
  Program program;
  program.body = &CallBody;
  program.arg = const_cast<Body*>(&body);
  Explorer explorer(program, options, MakeMemoryModel("sc"));
  std::vector<WorkItem> items;
  explorer.Run(start, split_after, &items);
  for (const WorkItem& item : items) searched.items.push_back(item.Serialize());
  searched.result = explorer.result();
  return searched;
}

TEST(WorkItem, SearchesThatShareNothingButBytesFindTogetherWhatOneFinds) {
  const Body body{&Mixed};
  std::vector<uint64_t> whole = Search(body, nullptr, 0).hashes;
  ASSERT_GT(whole.size(), 100U);
  std::vector<uint64_t> parts;
  std::vector<std::string> queue;
  const auto take = [&](const Searched& searched) {
    EXPECT_EQ(searched.result.reason, "");
    parts.insert(parts.end(), searched.hashes.begin(), searched.hashes.end());
    queue.insert(queue.end(), searched.items.begin(), searched.items.end());
  };
  take(Search(body, nullptr, 3));
  size_t taken = 0;
  while (!queue.empty()) {
    WorkItem item;
    ASSERT_TRUE(WorkItem::Parse(queue.back(), &item));
    ASSERT_EQ(item.Serialize(), queue.back());
    EXPECT_LT(queue.back().size(), 1024U);
    queue.pop_back();
    take(Search(body, &item, 3));
    ++taken;
  }
  EXPECT_GT(taken, 10U);
  std::sort(whole.begin(), whole.end());
  std::sort(parts.begin(), parts.end());
  EXPECT_EQ(parts, whole);
}

TEST(WorkItem, OfAnotherProgramIsNamedAsSuch) {
  const Searched searched = Search({&Mixed}, nullptr, 3);
  ASSERT_FALSE(searched.items.empty());
  WorkItem item;
  ASSERT_TRUE(WorkItem::Parse(searched.items.back(), &item));
  const Body other{[] {
    atomic<int> x{0};
    run_threads([&] { x.store(1); }, [&] { x.store(2); });
  }};
  const Searched wrong = Search(other, &item, 0);
  EXPECT_NE(wrong.result.reason, "");
  EXPECT_EQ(wrong.result.executions, 0U);
}

}  // namespace
}  // namespace graze::internal
