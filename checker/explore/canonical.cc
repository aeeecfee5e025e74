// SPDX-License-Identifier: MIT
// Forms of a complete graph that do not depend on stamps, thread numbers or load addresses: its hash, a schedule, a dump.
#include <algorithm>
#include <map>
#include <queue>

#include "checker/base/check.h"
#include "checker/base/hash.h"
#include "checker/explore/judge.h"

namespace graze::internal {
namespace {

// Threads in the order of their keys: the same in every search, however they were discovered.
std::vector<ThreadId> ThreadsByKey(const Runtime& runtime, const ExecutionGraph& graph) {
  std::vector<std::pair<std::vector<uint32_t>, ThreadId>> keyed;
  for (ThreadId tid = 0; tid < runtime.thread_count(); ++tid) {
    if (graph.length(tid) > 0) keyed.emplace_back(runtime.ThreadKey(tid), tid);
  }
  std::sort(keyed.begin(), keyed.end());
  std::vector<ThreadId> order;
  for (const auto& [key, tid] : keyed) order.push_back(tid);
  return order;
}

// Values without what differs between processes and builds: pointers into the program's image are one value; what points into arenas and
// stacks, which lie in the order in which threads were discovered and as a compiler lays out frames, is numbered as it comes up.
class StableValues {
 public:
  uint64_t Of(uint64_t value) {
    if (value <= 0xffff'ffff || static_cast<int64_t>(value) < 0) return value;
    return InAddressRange(value) ? (uint64_t{1} << 62) + numbers_.try_emplace(value, numbers_.size()).first->second : 1;
  }

 private:
  std::map<uint64_t, uint64_t> numbers_;
};

}  // namespace

uint64_t Explorer::CurrentHash() const {
  const ExecutionGraph& graph = frames_.back()->graph;
  const std::vector<ThreadId> order = ThreadsByKey(runtime_, graph);
  std::vector<uint64_t> number(runtime_.thread_count(), 0);
  for (size_t i = 0; i < order.size(); ++i) number[order[i]] = i;
  std::map<LocId, uint64_t> locations;
  StableValues values;
  const auto event_name = [&](Stamp e) { return e == kInit ? uint64_t{0} : ((number[graph.event(e).tid] + 1) << 32) | graph.event(e).idx; };
  Hasher hasher;
  for (const ThreadId tid : order) {
    hasher.Add(graph.length(tid));
    for (uint32_t idx = 0; idx < graph.length(tid); ++idx) {
      const Event& event = graph.event(graph.at(tid, idx));
      hasher.Add(static_cast<uint64_t>(event.kind));
      if (event.is_access()) {
        hasher.Add(locations.try_emplace(event.loc, locations.size()).first->second);
        hasher.Add(event_name(event.is_read() ? event.rf : event.co_prev));
      }
      if (event.kind == EventKind::kCreate || event.kind == EventKind::kJoin) {
        hasher.Add(number[event.aux]);
      } else if (event.kind != EventKind::kBegin) {
        hasher.Add(values.Of(event.value));
      }
    }
  }
  return hasher.value();
}

namespace {

// Linearises a graph: po, rf, create/join and the pairs the memory model asks for come in order; otherwise the running thread goes on.
class Linearizer {
 public:
  Linearizer(const ExecutionGraph& graph, const std::vector<std::pair<Stamp, Stamp>>& pairs) : graph_(graph) {
    successors_.resize(graph.size());
    waits_for_.assign(graph.size(), 0);
    for (Stamp e = 0; e < graph.size(); ++e) {
      const Event& event = graph.event(e);
      const Stamp po = graph.po_next(e);
      if (po != kNone) AddEdge(e, po);
      if (event.is_read() && event.rf != kInit) AddEdge(event.rf, e);
      if (event.kind == EventKind::kJoin) AddEdge(graph.last_of(event.aux), e);
      if (event.kind == EventKind::kCreate && graph.length(event.aux) > 0) AddEdge(e, graph.at(event.aux, 0));
    }
    for (const auto& [before, after] : pairs) AddEdge(before, after);
  }

  // False if the edges are cyclic.
  bool Run(std::vector<Stamp>* order) {
    order->clear();
    Stamp next = graph_.size() > 0 ? graph_.at(0, 0) : kNone;
    while (next != kNone) {
      order->push_back(next);
      waits_for_[next] = kDone;
      for (const Stamp s : successors_[next]) --waits_for_[s];
      const Stamp po = graph_.po_next(next);
      next = po != kNone && waits_for_[po] == 0 ? po : AnyEnabled();
    }
    return order->size() == graph_.size();
  }

 private:
  static constexpr uint32_t kDone = 0xffff'ffff;

  // An RMW is one step: what must come before its write must come before its read.
  void AddEdge(Stamp before, Stamp after) {
    if (graph_.event(after).is_write() && graph_.event(after).has(kRmw) && before != graph_.rmw_read(after)) {
      after = graph_.rmw_read(after);
    }
    if (before == after) return;
    successors_[before].push_back(after);
    ++waits_for_[after];
  }

  Stamp AnyEnabled() const {
    for (uint32_t tid = 0; tid < graph_.thread_count(); ++tid) {
      for (uint32_t idx = 0; idx < graph_.length(tid); ++idx) {
        const Stamp e = graph_.at(tid, idx);
        if (waits_for_[e] == kDone) continue;
        if (waits_for_[e] == 0) return e;
        break;
      }
    }
    return kNone;
  }

  const ExecutionGraph& graph_;
  std::vector<std::vector<Stamp>> successors_;
  std::vector<uint32_t> waits_for_;
};

// How many writes that were placed before are co-after `w`.
uint32_t StepsFromEnd(const ExecutionGraph& graph, LocId loc, Stamp w, const std::vector<uint8_t>& placed) {
  uint32_t steps = 0;
  for (Stamp next = graph.co_succ(loc, w); next != kNone; next = graph.event(next).co_next) steps += placed[next];
  return steps;
}

}  // namespace

Schedule Explorer::CurrentSchedule(const std::vector<std::pair<Stamp, Stamp>>& wanted_order) {
  const ExecutionGraph& graph = frames_.back()->graph;
  std::vector<std::pair<Stamp, Stamp>> pairs;
  model_->TraceOrder(graph, &pairs);
  std::vector<Stamp> order;
  std::vector<std::pair<Stamp, Stamp>> with_wanted = pairs;
  with_wanted.insert(with_wanted.end(), wanted_order.begin(), wanted_order.end());
  if (!Linearizer(graph, with_wanted).Run(&order) && !Linearizer(graph, pairs).Run(&order)) {
    GRAZE_CHECK(Linearizer(graph, {}).Run(&order));
  }
  Schedule schedule;
  std::vector<uint32_t> number(runtime_.thread_count(), 0);
  for (const ThreadId tid : ThreadsByKey(runtime_, graph)) {
    number[tid] = static_cast<uint32_t>(schedule.threads.size());
    schedule.threads.push_back(runtime_.ThreadKey(tid));
  }
  std::vector<uint8_t> placed(graph.size(), 0);
  for (const Stamp e : order) {
    const Event& event = graph.event(e);
    if (event.is_write()) placed[e] = 1;
    if (event.is_write() && event.has(kRmw)) continue;
    Schedule::Step step{.thread = number[event.tid]};
    if (event.is_read()) step.choice = StepsFromEnd(graph, event.loc, event.rf, placed);
    if (event.is_write()) step.choice = StepsFromEnd(graph, event.loc, e, placed);
    if (event.kind == EventKind::kChoose) step.choice = static_cast<uint32_t>(event.value);
    schedule.steps.push_back(step);
  }
  return schedule;
}

Schedule Explorer::InsertionOrder() const {
  Schedule schedule;
  if (frames_.empty()) return schedule;
  const ExecutionGraph& graph = frames_.back()->graph;
  for (ThreadId tid = 0; tid < runtime_.thread_count(); ++tid) schedule.threads.push_back(runtime_.ThreadKey(tid));
  for (Stamp e = 0; e < graph.size(); ++e) {
    const Event& event = graph.event(e);
    if (event.is_write() && event.has(kRmw)) continue;
    schedule.steps.push_back({.thread = event.tid, .choice = event.kind == EventKind::kChoose ? static_cast<uint32_t>(event.value) : 0});
  }
  return schedule;
}

void Judge::Dump(bool hopeless) {
  if (!explorer_.options_.on_graph) return;
  NameThreads();
  GraphDump dump;
  dump.hopeless = hopeless;
  dump.hash = explorer_.CurrentHash();
  std::vector<int32_t> number(runtime_.thread_count(), -1);
  for (const ThreadView& view : threads_) {
    number[view.id] = static_cast<int32_t>(dump.threads.size());
    dump.threads.emplace_back();
    ThreadDump& thread = dump.threads.back();
    thread.id = view.id;
    thread.name = view.name;
    thread.end = view.state == ThreadState::kFinished  ? DumpEnd::kFinished
                 : view.state == ThreadState::kBlocked ? DumpEnd::kBlocked
                 : view.state == ThreadState::kAssumed ? DumpEnd::kAssumed
                                                       : DumpEnd::kFailed;
    const SimThread& sim = runtime_.thread(view.id);
    if (sim.park == Park::kBlocked) thread.waits_at = runtime_.locations().info(sim.pending.access->loc).address;
  }
  for (ThreadDump& thread : dump.threads) {
    for (uint32_t idx = 0; idx < graph_.length(thread.id); ++idx) {
      const Event& event = graph_.event(graph_.at(thread.id, idx));
      EventDump out;
      switch (event.kind) {
        case EventKind::kRead: out.kind = DumpKind::kRead; break;
        case EventKind::kWrite: out.kind = DumpKind::kWrite; break;
        case EventKind::kRcuLock: out.kind = DumpKind::kRcuLock; break;
        case EventKind::kRcuUnlock: out.kind = DumpKind::kRcuUnlock; break;
        case EventKind::kRcuSync: out.kind = DumpKind::kRcuSync; break;
        case EventKind::kChoose: out.kind = DumpKind::kChoose; break;
        default: break;
      }
      out.value = event.value;
      out.plain = event.plain();
      out.rmw = event.has(kRmw);
      out.await = event.has(kAwait) && event.is_read();
      if (event.is_access()) {
        out.address = runtime_.locations().info(event.loc).address;
        out.size = event.size;
      }
      if (event.is_read() && event.rf != kInit) {
        out.rf_thread = number[graph_.event(event.rf).tid];
        out.rf_index = graph_.event(event.rf).idx;
      }
      if (event.is_write()) {
        for (Stamp w = graph_.co_first(event.loc); w != kNone; w = graph_.event(w).co_next) {
          ++out.co;
          if (w == graph_.at(thread.id, idx)) break;
        }
      }
      thread.events.push_back(out);
    }
  }
  explorer_.options_.on_graph(dump);
}

}  // namespace graze::internal
