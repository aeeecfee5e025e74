// SPDX-License-Identifier: MIT
#include "checker/testing/census.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace graze::proof {
namespace {

// Every kind of operation and every feature occurs in at least this share of the programs; as many at most are left out.
constexpr double kRare = 0.05;
constexpr double kOfSomeModes = 0.035;  // a kind of operation that few modes have
// What only the outcome of a program decides is asked for less often.
constexpr double kVeryRare = 0.01;
constexpr double kHardlyEver = 0.001;

constexpr std::array<const char*, 6> kThreadLabels = {"1", "2", "3", "4", "5", "more"};
constexpr std::array<const char*, 6> kOperationLabels = {"1-4", "5-6", "7-8", "9-10", "11-14", "more"};
constexpr std::array<const char*, 6> kEventLabels = {"1-5", "6-8", "9-11", "12-14", "15-17", "more"};
constexpr std::array<const char*, 6> kGraphLabels = {"1", "2-9", "10-29", "30-99", "100-299", "more"};

// The first bucket whose upper end is not below `value`.
size_t BucketOf(uint64_t value, const std::array<uint64_t, 5>& ends) {
  return static_cast<size_t>(std::lower_bound(ends.begin(), ends.end(), value) - ends.begin());
}

void LocationsOfRmws(const Code& code, std::array<bool, kLocations>* found) {
  for (const Op& op : code) {
    if (IsRmw(op.kind)) (*found)[static_cast<size_t>(op.location)] = true;
    LocationsOfRmws(op.body, found);
  }
}

bool HasSharedRmw(const Program& program) {
  std::array<int, kLocations> threads = {};
  for (const Code& code : program.threads) {
    std::array<bool, kLocations> found = {};
    LocationsOfRmws(code, &found);
    for (size_t l = 0; l < found.size(); ++l) threads[l] += found[l];
  }
  return std::any_of(threads.begin(), threads.end(), [](int count) { return count > 1; });
}

// `chosen`: bit per register that holds what was chosen.
bool UsesChoice(const Code& code, uint32_t* chosen) {
  for (const Op& op : code) {
    if (op.kind == OpKind::kIf && (*chosen >> op.reg & 1) != 0) return true;
    if (op.value.reg >= 0 && (*chosen >> op.value.reg & 1) != 0) return true;
    if (UsesChoice(op.body, chosen)) return true;
    if (op.kind == OpKind::kIf || op.reg < 0) continue;
    *chosen &= ~(1U << op.reg);
    if (op.kind == OpKind::kChoose) *chosen |= 1U << op.reg;
  }
  return false;
}

bool HasSteeringChoice(const Program& program) {
  return std::any_of(program.threads.begin(), program.threads.end(), [](const Code& code) {
    uint32_t chosen = 0;
    return UsesChoice(code, &chosen);
  });
}

bool HasNestedSection(const Program& program) {
  for (const Code& code : program.threads) {
    int depth = 0;
    for (const Op& op : code) {
      depth += op.kind == OpKind::kRcuLock ? 1 : op.kind == OpKind::kRcuUnlock ? -1 : 0;
      if (depth > 1) return true;
    }
  }
  return false;
}

bool HasCallback(const Program& program) {
  const std::vector<int> creators = CreatorOf(program);
  for (size_t t = 0; t < creators.size(); ++t) {
    const Code& code = program.threads[t];
    if (creators[t] >= 0 && !code.empty() && code.front().kind == OpKind::kSync) return true;
  }
  return false;
}

// What the text has of orders, fences and dependencies, a bit each.
struct Annotations {
  uint32_t orders = 0, fences = 0;
  bool address = false, data = false, control = false;

  void Collect(const Code& code) {
    for (const Op& op : code) {
      orders |= 1U << static_cast<unsigned>(op.order);
      if (op.kind == OpKind::kFence) fences |= 1U << static_cast<unsigned>(op.fence);
      control |= op.kind == OpKind::kIf || op.kind == OpKind::kBranch;
      address |= op.dep >= 0 && op.kind != OpKind::kBranch;
      data |= op.value.reg >= 0;
      Collect(op.body);
    }
  }
};

// Does the model take orders and fences for what they are, so that a comparison needs many of them?
bool IsCommon(Order order, Model model) {
  if (order == Order::kUsual || model == Model::kTso) return false;
  if (order == Order::kRelaxed || order == Order::kAcquire || order == Order::kRelease) return true;
  return IsLkmm(model) ? order == Order::kNoReturn : order == Order::kAcqRel || order == Order::kSeqCst;
}
bool IsCommon(FenceWord fence, Model model) {
  if (model == Model::kTso) return fence == FenceWord::kMb;
  if (fence == FenceWord::kAfterSrcuUnlock) return false;
  return (fence >= FenceWord::kAcquire) == (model == Model::kRc11);
}

double ShareOf(uint64_t count, uint64_t total) { return total == 0 ? 0 : static_cast<double>(count) / static_cast<double>(total); }

std::string Percent(double share) {
  const long tenths = std::lround(share * 1000);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " %";
}

}  // namespace

const char* ToString(Feature feature) {
  static constexpr const char* kNames[kFeatures] = {"RMWs of one location in several threads",
                                                    "a choice that decides what follows",
                                                    "a section inside a section",
                                                    "graphs with a waiting thread",
                                                    "graphs with a thread that waits for good",
                                                    "data races",
                                                    "uses after free",
                                                    "callbacks behind a grace period",
                                                    "grace periods that forbid something",
                                                    "complete graphs that a grace period rejects late",
                                                    "address dependencies",
                                                    "data dependencies",
                                                    "control dependencies",
                                                    "plain accesses whose coherence forbids something"};
  return kNames[static_cast<size_t>(feature)];
}

void Census::Add(const Program& program) {
  ++programs_;
  const uint32_t kinds = KindsOf(program);
  for (size_t k = 0; k < kinds_.size(); ++k) kinds_[k] += kinds >> k & 1;
  const auto count = [&](Feature feature, bool has) { features_[static_cast<size_t>(feature)] += has; };
  count(Feature::kSharedRmw, HasSharedRmw(program));
  count(Feature::kChoiceSteers, HasSteeringChoice(program));
  count(Feature::kNestedSection, HasNestedSection(program));
  count(Feature::kCallback, HasCallback(program));
  Annotations annotations;
  for (const Code& code : program.threads) annotations.Collect(code);
  count(Feature::kAddressDependency, annotations.address);
  count(Feature::kDataDependency, annotations.data);
  count(Feature::kControlDependency, annotations.control);
  for (size_t o = 0; o < orders_.size(); ++o) orders_[o] += annotations.orders >> o & 1;
  for (size_t f = 0; f < fences_.size(); ++f) fences_[f] += annotations.fences >> f & 1;
  ++threads_[BucketOf(program.threads.size(), {1, 2, 3, 4, 5})];
  ++operations_[BucketOf(static_cast<uint64_t>(CountOps(program)), {4, 6, 8, 10, 14})];
}

void Census::Add(const Program& program, const Comparison& comparison) {
  if (comparison.agreement == Agreement::kTooLarge) {
    ++left_out_;
    return;
  }
  Add(program);
  by_graphs_ += comparison.by_graphs;
  by_interleavings_ += comparison.by_interleavings;
  graphs_ += comparison.graphs;
  graphs_most_ = std::max(graphs_most_, comparison.graphs);
  events_most_ = std::max(events_most_, comparison.events);
  ++events_[BucketOf(comparison.events, {5, 8, 11, 14, 17})];
  ++graphs_of_[BucketOf(comparison.graphs, {1, 9, 29, 99, 299})];
  const auto count = [&](Feature feature, bool has) { features_[static_cast<size_t>(feature)] += has; };
  count(Feature::kBlocked, comparison.blocked);
  count(Feature::kStall, comparison.hung);
  count(Feature::kRace, comparison.raced);
  count(Feature::kUseAfterFree, comparison.used_after_free);
  count(Feature::kGracePeriod, comparison.rcu_mattered);
  count(Feature::kDoomed, comparison.doomed);
  count(Feature::kPlainCoherence, comparison.plain_coherence_mattered);
}

void Census::Merge(const Census& other) {
  programs_ += other.programs_;
  left_out_ += other.left_out_;
  by_graphs_ += other.by_graphs_;
  by_interleavings_ += other.by_interleavings_;
  graphs_ += other.graphs_;
  graphs_most_ = std::max(graphs_most_, other.graphs_most_);
  events_most_ = std::max(events_most_, other.events_most_);
  const auto add = [](auto* to, const auto& from) {
    for (size_t i = 0; i < from.size(); ++i) (*to)[i] += from[i];
  };
  add(&kinds_, other.kinds_);
  add(&features_, other.features_);
  add(&orders_, other.orders_);
  add(&fences_, other.fences_);
  add(&threads_, other.threads_);
  add(&operations_, other.operations_);
  add(&events_, other.events_);
  add(&graphs_of_, other.graphs_of_);
}

double Census::Share(OpKind kind) const { return ShareOf(kinds_[static_cast<size_t>(kind)], programs_); }
double Census::Share(Feature feature) const { return ShareOf(features_[static_cast<size_t>(feature)], programs_); }

double Census::Share(Order order) const { return ShareOf(orders_[static_cast<size_t>(order)], programs_); }
double Census::Share(FenceWord fence) const { return ShareOf(fences_[static_cast<size_t>(fence)], programs_); }

std::vector<std::string> Census::Lacks(Model model) const {
  std::vector<std::string> lacks;
  const auto ask = [&](const std::string& what, double share, double least) {
    if (share < least) lacks.push_back(what + ": in " + Percent(share) + " of the programs, wanted " + Percent(least));
  };
  const bool weak = model != Model::kSc;
  for (int k = 0; k < kOpKinds; ++k) {
    const OpKind kind = static_cast<OpKind>(k);
    const bool sleepable = kind == OpKind::kSrcuLock || kind == OpKind::kSrcuUnlock || kind == OpKind::kSrcuSync;
    if (sleepable ? IsLkmm(model) : kind != OpKind::kBranch || IsLkmm(model)) ask(proof::ToString(kind), Share(kind), kOfSomeModes);
  }
  for (int f = 0; f < kFeatures; ++f) {
    const Feature feature = static_cast<Feature>(f);
    if (feature >= Feature::kAddressDependency && !IsLkmm(model)) continue;
    const bool often = feature == Feature::kSharedRmw || feature == Feature::kBlocked ||
                       (feature >= Feature::kAddressDependency && feature <= Feature::kControlDependency);
    ask(proof::ToString(feature), Share(feature), often ? kRare : feature == Feature::kPlainCoherence ? kHardlyEver : kVeryRare);
  }
  for (int o = 1; o < kOrders && weak; ++o) {
    const Order order = static_cast<Order>(o);
    ask(proof::ToString(order), Share(order), IsCommon(order, model) ? kRare : kVeryRare);
  }
  for (int f = 0; f < kFenceWords && weak; ++f) {
    const FenceWord fence = static_cast<FenceWord>(f);
    if (fence == FenceWord::kAfterSrcuUnlock && (!IsLkmm(model) || IsLkmm61(model))) continue;
    ask(proof::ToString(fence), Share(fence), IsCommon(fence, model) ? kRare : kVeryRare);
  }
  for (size_t t = 1; t < 4; ++t) ask(std::string(kThreadLabels[t]) + " threads", ShareOf(threads_[t], programs_), kRare);
  for (size_t g = 0; g < 5; ++g) ask(std::string(kGraphLabels[g]) + " graphs", ShareOf(graphs_of_[g], programs_), kVeryRare);
  const uint64_t all = programs_ + left_out_;
  ask("comparison with graphs", ShareOf(by_graphs_, all), 1 - kRare);
  if (!weak) ask("comparison with interleavings", ShareOf(by_interleavings_, all), 1 - kRare);
  return lacks;
}

std::string Census::LineOf(const char* name, const Buckets& counts, const std::array<const char*, kBuckets>& labels) const {
  std::string line = std::string("  ") + name + ": ";
  for (size_t i = 0; i < kBuckets; ++i) {
    line += std::string(i > 0 ? ", " : "") + labels[i] + ": " + Percent(ShareOf(counts[i], programs_));
  }
  return line + "\n";
}

std::string Census::ToText() const {
  std::string text = std::to_string(programs_) + " programs compared, " + std::to_string(graphs_) +
                     " graphs; with the oracle that builds " + "graphs " + std::to_string(by_graphs_) +
                     ", with the one that runs schedules " + std::to_string(by_interleavings_) + ", too large for both " +
                     std::to_string(left_out_) + "\n";
  text += LineOf("threads", threads_, kThreadLabels);
  text += LineOf("operations", operations_, kOperationLabels);
  text += LineOf("events of the largest graph", events_, kEventLabels);
  text += LineOf("complete graphs", graphs_of_, kGraphLabels);
  text += "  largest: " + std::to_string(events_most_) + " events, " + std::to_string(graphs_most_) + " graphs\n  programs with:\n";
  std::string line;
  const auto item = [&](const char* name, double share) {
    const std::string next = std::string(name) + " " + Percent(share);
    if (line.size() + next.size() > 110) {
      text += "    " + line + ",\n";
      line.clear();
    }
    line += (line.empty() ? "" : ", ") + next;
  };
  for (int k = 0; k < kOpKinds; ++k) item(proof::ToString(static_cast<OpKind>(k)), Share(static_cast<OpKind>(k)));
  for (int f = 0; f < kFeatures; ++f) item(proof::ToString(static_cast<Feature>(f)), Share(static_cast<Feature>(f)));
  for (int o = 1; o < kOrders; ++o) item(proof::ToString(static_cast<Order>(o)), Share(static_cast<Order>(o)));
  for (int f = 0; f < kFenceWords; ++f) item(proof::ToString(static_cast<FenceWord>(f)), Share(static_cast<FenceWord>(f)));
  return text + "    " + line + "\n";
}

}  // namespace graze::proof
