// SPDX-License-Identifier: MIT
// What a number of random programs looked like and did: so that a person sees, and a test knows, that they were not all alike.
#ifndef CHECKER_TESTING_CENSUS_H_
#define CHECKER_TESTING_CENSUS_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "checker/testing/differential.h"
#include "checker/testing/program.h"

namespace graze::proof {

// What can be said of a program beyond the operations that it has.
enum class Feature : uint8_t {
  kSharedRmw,      // RMWs of one location in several threads
  kChoiceSteers,   // what is chosen decides what is done
  kNestedSection,  // a read-side section inside another one
  kBlocked,        // some graph has a thread that waits
  kStall,          // some graph has a thread that waits for good
  kRace,           // some graph has a data race
  kUseAfterFree,   // some graph has a use after free
  kCallback,       // a thread that is created begins with a grace period, as call_rcu() has it
  kGracePeriod,    // the axiom of grace periods forbids something
  kDoomed,         // the engine completed graphs that this axiom rejects
  // Under weak models only:
  kAddressDependency,
  kDataDependency,
  kControlDependency,
  kPlainCoherence,  // the axiom on plain accesses forbids something
};
inline constexpr int kFeatures = 14;
const char* ToString(Feature feature);

// Plain data without pointers, so that it can be kept in memory that processes share.
class Census {
 public:
  void Add(const Program& program);                                // what can be seen in its text
  void Add(const Program& program, const Comparison& comparison);  // and what it did. Nothing of it if it was left out
  void Merge(const Census& other);

  uint64_t programs() const { return programs_; }
  uint64_t left_out() const { return left_out_; }  // too large for both explorers
  uint64_t graphs() const { return graphs_; }
  double Share(OpKind kind) const;  // of programs, in [0, 1]
  double Share(Feature feature) const;
  double Share(Order order) const;
  double Share(FenceWord fence) const;

  // What is rarer than a comparison under `model` needs, a line each; empty if nothing is. For programs of all modes together.
  std::vector<std::string> Lacks(Model model = Model::kSc) const;
  std::string ToText() const;  // several lines

 private:
  static constexpr size_t kBuckets = 6;
  using Buckets = std::array<uint64_t, kBuckets>;

  std::string LineOf(const char* name, const Buckets& counts, const std::array<const char*, kBuckets>& labels) const;

  uint64_t programs_ = 0;
  uint64_t left_out_ = 0;
  uint64_t by_graphs_ = 0;         // compared with the oracle that builds graphs
  uint64_t by_interleavings_ = 0;  // compared with the oracle that runs schedules
  uint64_t graphs_ = 0;
  uint64_t graphs_most_ = 0;
  uint64_t events_most_ = 0;
  std::array<uint64_t, kOpKinds> kinds_ = {};
  std::array<uint64_t, kFeatures> features_ = {};
  std::array<uint64_t, kOrders> orders_ = {};
  std::array<uint64_t, kFenceWords> fences_ = {};
  Buckets threads_ = {};
  Buckets operations_ = {};
  Buckets events_ = {};  // of the largest graph
  Buckets graphs_of_ = {};
};

}  // namespace graze::proof

#endif  // CHECKER_TESTING_CENSUS_H_
