// SPDX-License-Identifier: MIT
// A complete execution written down by hand, for tests of invariants: what is added first is ordered before what is added later, unless
// threads are told to know nothing of each other.
#ifndef SPECS_INVARIANTS_FAKE_EXECUTION_H_
#define SPECS_INVARIANTS_FAKE_EXECUTION_H_

#include <map>
#include <string>
#include <vector>

#include "checker/api/execution.h"
#include "model/cpumap/generations.h"

namespace specs {

class FakeExecution : public graze::Execution {
 public:
  FakeExecution& Saw(const char* tag, uint64_t a, uint64_t b = 0, uint64_t c = 0) {
    observations_.push_back({tag, a, b, c, thread_, static_cast<uint32_t>(observations_.size())});
    return *this;
  }
  // What is added from now on is seen by `thread`. Threads come in ascending order, as in a real execution.
  FakeExecution& On(uint32_t thread) {
    thread_ = thread;
    return *this;
  }
  FakeExecution& Unordered() {
    ordered_ = false;
    return *this;
  }
  void set_finished(bool finished) { finished_ = finished; }
  void AddObject(const char* type, bool freed) { objects_.push_back({nullptr, 8, type, freed}); }

  const std::map<std::string, std::string>& reports() const { return reports_; }
  uint64_t checks(const std::string& rule) const {
    const auto found = checks_.find(rule);
    return found == checks_.end() ? 0 : found->second;
  }

  bool finished() const override { return finished_; }
  const std::vector<graze::ThreadView>& threads() const override { return threads_; }
  const std::vector<graze::Observation>& observations() const override { return observations_; }
  bool Before(const graze::Observation& x, const graze::Observation& y) const override {
    return x.index < y.index && (ordered_ || x.thread == y.thread);
  }
  const std::vector<graze::ObjectView>& objects() const override { return objects_; }
  bool FinalValue(const void* /*address*/, uint64_t* /*value*/) const override { return false; }
  void Report(const char* rule, std::string message, std::string /*expected*/, std::string /*got*/) override {
    reports_.emplace(rule, std::move(message));
  }
  void CountCheck(const char* rule, uint64_t times) override { checks_[rule] += times; }
  void ReportLeak(const char* /*rule*/, const std::vector<const graze::ObjectView*>& /*leaked*/) override {}

 private:
  bool finished_ = true;
  bool ordered_ = true;
  uint32_t thread_ = 0;
  std::vector<graze::ThreadView> threads_ = {{0, "bpf", graze::ThreadState::kFinished, ""},
                                             {1, "kthread", graze::ThreadState::kFinished, ""}};
  std::vector<graze::Observation> observations_;
  std::vector<graze::ObjectView> objects_;
  std::map<std::string, std::string> reports_;
  std::map<std::string, uint64_t> checks_;
};

// A generation all of whose entries are gone at the end.
inline const cpumap::Generation& FakeGeneration() {
  static const cpumap::Generation generation = [] {
    cpumap::Generation fake = {};
    fake.has_refcount = true;
    fake.map_type = "bpf_cpu_map";
    fake.entry_state = [](const graze::Execution&, const void*) { return cpumap::EntryState(); };
    return fake;
  }();
  return generation;
}

// What the entries of FakeGenerationWithState() are made of.
inline constexpr uint64_t kFakeRing = 0x2000, kFakeTask = 0x2100, kFakeProg = 0x2200, kFakeQueue0 = 0x2300, kFakeQueue1 = 0x2400;

// Every entry is this one.
inline cpumap::EntryState& FakeEntryState() {
  static cpumap::EntryState state;
  return state;
}

// A generation whose entries have a ring of one slot, a kthread, a program and staging queues for two CPUs, all as they should be at the
// end; tests change FakeEntryState() afterwards.
inline const cpumap::Generation& FakeGenerationWithState() {
  const auto at = [](uint64_t address) { return reinterpret_cast<const void*>(static_cast<uintptr_t>(address)); };
  cpumap::EntryState& state = FakeEntryState() = cpumap::EntryState();
  state.ring = at(kFakeRing);
  state.ring_size = state.ring_batch = 1;
  state.kthread = at(kFakeTask);
  state.prog = at(kFakeProg);
  state.queues = {{at(kFakeQueue0), 0, false}, {at(kFakeQueue1), 0, false}};
  static const cpumap::Generation generation = [] {
    cpumap::Generation fake = FakeGeneration();
    fake.entry_state = [](const graze::Execution&, const void*) { return FakeEntryState(); };
    fake.flush_list_empty = [](const graze::Execution&, unsigned) { return true; };
    return fake;
  }();
  return generation;
}

}  // namespace specs

#endif  // SPECS_INVARIANTS_FAKE_EXECUTION_H_
