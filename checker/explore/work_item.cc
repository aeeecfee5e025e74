// SPDX-License-Identifier: MIT
#include "checker/explore/work_item.h"

#include <algorithm>
#include <cstring>
#include <map>

#include "checker/base/check.h"
#include "checker/base/varint.h"
#include "checker/explore/explorer.h"

namespace graze::internal {
namespace {

void PutStamp(std::string* out, Stamp stamp) { PutVarint(out, static_cast<Stamp>(stamp + 2)); }  // kInit and kNone become small

}  // namespace

std::string WorkItem::Serialize() const {
  std::string out;
  PutVarint(&out, steps.size());
  for (const Step& step : steps) {
    PutVarint(&out, step.thread.size());
    for (const uint32_t ordinal : step.thread) PutVarint(&out, ordinal);
    PutVarint(&out, static_cast<uint64_t>(step.kind));
    PutVarint(&out, step.flags);
    PutStamp(&out, step.link);
    PutVarint(&out, step.location);
    PutVarint(&out, step.value);
  }
  PutVarint(&out, choice.kind);
  for (const Stamp stamp : {choice.event, choice.other, choice.place}) PutStamp(&out, stamp);
  PutVarint(&out, choice.value);
  return out;
}

bool WorkItem::Parse(const std::string& bytes, WorkItem* item) {
  *item = WorkItem();
  size_t at = 0;
  uint64_t count = 0;
  if (!GetVarint(bytes, &at, &count) || count > bytes.size()) return false;
  const auto get_stamp = [&](Stamp* stamp) {
    uint64_t value = 0;
    if (!GetVarint(bytes, &at, &value)) return false;
    *stamp = static_cast<Stamp>(value - 2);
    return true;
  };
  for (uint64_t i = 0; i < count; ++i) {
    Step step{};
    uint64_t length = 0;
    uint64_t kind = 0;
    uint64_t flags = 0;
    if (!GetVarint(bytes, &at, &length) || length > 1'000) return false;
    for (uint64_t j = 0; j < length; ++j) {
      uint64_t ordinal = 0;
      if (!GetVarint(bytes, &at, &ordinal)) return false;
      step.thread.push_back(static_cast<uint32_t>(ordinal));
    }
    if (!GetVarint(bytes, &at, &kind) || kind > static_cast<uint64_t>(EventKind::kChoose) || !GetVarint(bytes, &at, &flags)) return false;
    step.kind = static_cast<EventKind>(kind);
    step.flags = static_cast<uint8_t>(flags);
    uint64_t location = 0;
    if (!get_stamp(&step.link) || !GetVarint(bytes, &at, &location) || !GetVarint(bytes, &at, &step.value)) return false;
    step.location = static_cast<uint32_t>(location);
    item->steps.push_back(std::move(step));
  }
  uint64_t kind = 0;
  if (!GetVarint(bytes, &at, &kind) || kind > Choice::kNothing) return false;
  item->choice.kind = static_cast<Choice::Kind>(kind);
  if (!get_stamp(&item->choice.event) || !get_stamp(&item->choice.other) || !get_stamp(&item->choice.place) ||
      !GetVarint(bytes, &at, &item->choice.value) || at != bytes.size()) {
    return false;
  }
  const auto in_item = [&](Stamp stamp) { return stamp < count || stamp == kInit || stamp == kNone; };
  const bool choice_fits = item->choice.kind == Choice::kNothing || item->choice.event < count;
  return choice_fits && in_item(item->choice.other) && in_item(item->choice.place) &&
         std::all_of(item->steps.begin(), item->steps.end(), [&](const Step& step) { return in_item(step.link); });
}

WorkItem Explorer::MakeWorkItem(const Frame& frame, const Choice& choice) const {
  WorkItem item;
  item.choice = choice;
  std::map<LocId, uint32_t> locations;
  for (Stamp e = 0; e <= choice.event; ++e) {
    const Event& event = frame.graph.event(e);
    WorkItem::Step step{
        .thread = runtime_.ThreadKey(event.tid), .kind = event.kind, .flags = event.flags, .link = kNone, .location = 0, .value = 0};
    if (event.is_access()) step.location = locations.try_emplace(event.loc, static_cast<uint32_t>(locations.size())).first->second;
    if (event.kind == EventKind::kJoin) step.link = frame.graph.last_of(event.aux);
    if (event.is_read()) step.link = event.rf;
    if (event.is_write()) {
      // The co predecessor among the events of the item; the choice overrides it where it matters.
      step.link = event.co_prev;
      while (step.link != kInit && step.link > choice.event) step.link = frame.graph.event(step.link).co_prev;
    }
    if (event.kind == EventKind::kChoose) step.value = event.value;
    item.steps.push_back(std::move(step));
  }
  return item;
}

// The oldest choices of the oldest frame stand for the largest subtrees, and nothing above depends on them.
void Explorer::GiveAway(std::vector<WorkItem>* split) {
  for (auto& frame : frames_) {
    if (frame->queue.empty()) continue;
    const size_t count = (frame->queue.size() + 1) / 2;
    for (size_t i = 0; i < count; ++i) split->push_back(MakeWorkItem(*frame, frame->queue[i]));
    frame->queue.erase(frame->queue.begin(), frame->queue.begin() + static_cast<std::ptrdiff_t>(count));
    return;
  }
}

namespace {

// The item's events in an order in which every event comes after its sources, as a schedule.
class ItemSchedule {
 public:
  explicit ItemSchedule(const WorkItem& item) : item_(item), placed_(item.steps.size(), 0) {
    // The newest read, or the read half of the newest RMW, comes last. Nothing depends on it; the write of an RMW comes with it even if
    // the item lacks it, and goes directly behind its source even if another RMW has that place.
    const Stamp newest = item.choice.event;
    if (newest >= item.steps.size()) return;
    const WorkItem::Step& step = item.steps[newest];
    if (step.kind == EventKind::kRead) last_read_ = newest;
    if (step.kind != EventKind::kWrite || (step.flags & kRmw) == 0) return;
    last_read_ = newest - 1;  // not always its read: what a revisit kept may stand in between
    while (last_read_ > 0 && item.steps[last_read_].thread != step.thread) --last_read_;
  }

  // False if the item is not a graph.
  bool Build(Schedule* schedule, std::vector<Stamp>* order) {
    std::map<std::vector<uint32_t>, std::vector<Stamp>> threads;
    for (Stamp e = 0; e < item_.steps.size(); ++e) threads[item_.steps[e].thread].push_back(e);
    std::map<std::vector<uint32_t>, size_t> next;
    std::map<std::vector<uint32_t>, uint32_t> number;
    for (const auto& [key, events] : threads) {
      number[key] = static_cast<uint32_t>(schedule->threads.size());
      schedule->threads.push_back(key);
    }
    bool progress = true;
    while (order->size() < item_.steps.size() && progress) {
      progress = false;
      for (const auto& [key, events] : threads) {
        size_t& at = next[key];
        while (at < events.size() && Ready(events[at], threads)) {
          if (events[at] == last_read_ && order->size() + (last_read_ == item_.choice.event ? 1 : 2) < item_.steps.size()) break;
          const Stamp e = events[at++];
          progress = true;
          order->push_back(e);
          placed_[e] = 1;
          const WorkItem::Step& step = item_.steps[e];
          if (step.kind == EventKind::kWrite && (step.flags & kRmw) != 0) continue;
          schedule->steps.push_back({.thread = number[key], .choice = ChoiceOf(e)});
        }
      }
    }
    return order->size() == item_.steps.size();
  }

 private:
  bool Ready(Stamp e, const std::map<std::vector<uint32_t>, std::vector<Stamp>>& threads) const {
    const WorkItem::Step& step = item_.steps[e];
    if (step.kind == EventKind::kRead || step.kind == EventKind::kJoin)
      return step.link == kInit || (step.link < placed_.size() && placed_[step.link]);
    if (step.kind != EventKind::kBegin || step.thread.empty()) return true;
    const std::vector<uint32_t> parent(step.thread.begin(), step.thread.end() - 1);
    const auto it = threads.find(parent);
    if (it == threads.end()) return false;
    uint32_t creates = 0;
    for (const Stamp p : it->second) creates += item_.steps[p].kind == EventKind::kCreate && placed_[p];
    return creates > step.thread.back();
  }

  // Distance from the end of co among the writes that are placed already.
  uint32_t ChoiceOf(Stamp e) const {
    const WorkItem::Step& step = item_.steps[e];
    if (step.kind == EventKind::kChoose) return static_cast<uint32_t>(step.value);
    if (step.kind != EventKind::kRead && step.kind != EventKind::kWrite) return 0;
    const Stamp from = step.kind == EventKind::kRead ? step.link : e;
    uint32_t after = 0;
    for (Stamp w = Successor(step.location, from); w != kNone; w = Successor(step.location, w)) after += placed_[w];
    return after;
  }

  Stamp Successor(uint32_t location, Stamp w) const {
    for (Stamp e = 0; e < item_.steps.size(); ++e) {
      const WorkItem::Step& step = item_.steps[e];
      if (step.kind == EventKind::kWrite && step.location == location && step.link == w) return e;
    }
    return kNone;
  }

  const WorkItem& item_;
  std::vector<uint8_t> placed_;
  Stamp last_read_ = kNone;
};

}  // namespace

// Runs the program along the item's graph, then gives the graph the recorded insertion order and flags, and takes the item's choice.
bool Explorer::Restore(const WorkItem& item) {
  Schedule schedule;
  std::vector<Stamp> order;
  if (!ItemSchedule(item).Build(&schedule, &order)) {
    Stop("the work item is damaged");
    return false;
  }
  guide_ = &schedule;
  guide_step_ = 0;
  rebuilding_ = true;
  Execute();
  rebuilding_ = false;
  guide_ = nullptr;
  if (stop_) return false;
  ExecutionGraph& built = top().graph;
  if (built.size() > item.steps.size()) built.Truncate(static_cast<uint32_t>(item.steps.size()));
  if (built.size() != item.steps.size()) {
    Stop("the work item does not belong to this program");
    return false;
  }
  // order[i] is the recorded stamp of the i-th event built.
  std::vector<Stamp> by_stamp(order.size());
  for (Stamp i = 0; i < order.size(); ++i) by_stamp[order[i]] = i;
  ExecutionGraph graph;
  graph.AssignInOrder(built, by_stamp, &renumbered_);
  for (Stamp e = 0; e < graph.size(); ++e) graph.event(e).flags = item.steps[e].flags;
  top().graph = graph;
  top().base = graph.size();
  return item.choice.kind == Choice::kNothing || Apply(item.choice);
}

}  // namespace graze::internal
