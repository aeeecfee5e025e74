// SPDX-License-Identifier: MIT
// The Linux kernel memory model: tools/memory-model/linux-kernel.cat, .bell and lock.cat, as of Linux 6.1 and as of the newest.
// Reference: Alglave, Maranget, McKenney, Parri, Stern, "Frightening Small Children and Disconcerting Grown-ups" (ASPLOS 2018), and the cat
// files; AXIOMS.md says which function is which definition there.
//
// The C11 orders and fences of code that uses those: fences of any kind are smp_mb(), a seq_cst store is a release and smp_mb(), a seq_cst
// load acquires, a seq_cst RMW is a full barrier. Creating and joining a thread are full barriers. No cycles of po and rf.
#ifndef CHECKER_CONSISTENCY_LKMM_H_
#define CHECKER_CONSISTENCY_LKMM_H_

#include <string_view>
#include <utility>
#include <vector>

#include "checker/consistency/axiomatic.h"

namespace graze {

class LinuxKernelModel final : public AxiomaticModel {
 public:
  enum class Version : uint8_t { kNewest, k6_1 };
  enum class Rw : uint8_t { kPo, kDeps };  // DEPENDENCIES.md

  LinuxKernelModel(Version version, Rw rw) : version_(version), rw_(rw) {}

  std::string_view name() const override;
  bool porf_is_coherent() const override { return false; }
  bool has_srcu() const override { return true; }
  bool Synchronises(const Event& write, const Event& read) const override;
  bool SynchronisesAtLast(const Event& write, const Event& read) const override;
  bool has_strong_fences() const override { return rw_ == Rw::kPo; }
  bool IsStrongFence(const Event& event) const override;
  bool SynchronisesAfterFence(const Event& read) const override;
  bool HasExtra(const ExecutionGraph& graph) const override { return graph.has_grace_periods() || graph.has_plain_accesses(); }

 private:
  bool Relate() override;
  bool coherence_follows_hb() const override { return true; }
  bool Extra(const std::vector<uint8_t>& in) override;
  void PrepareOrder() override {}
  bool IsSurelyBefore(const ExecutionGraph& graph, Stamp a, Stamp b) override;
  bool IsSurelyStale(const ExecutionGraph& graph, Stamp e) override;
  bool IsSurelyVisible(const ExecutionGraph& graph, Stamp a, Stamp b) const;
  bool AreWhole(const ExecutionGraph& graph, Stamp a, Stamp b) const;
  static bool Releases(MemoryOrder order);
  bool IsPublished(const ExecutionGraph& graph, Stamp a, Stamp write, bool stores) const;
  bool IsUsedBeforeFree(const ExecutionGraph& graph, Stamp read, Stamp free) const;
  bool Ordered(uint32_t a, uint32_t b) const override;

  // Plain accesses are for level M, but for those that hand on a dependency.
  bool IsElement(const Event& event) const override {
    return event.marked() || (rw_ == Rw::kDeps && event.is_write() && event.addr_dep != 0);
  }
  void Tags();
  void Fences();
  Relation FullBarriers();
  Relation PreservedProgramOrder();
  // lkmm_rcu.cc
  bool RcuHolds(const std::vector<uint8_t>& in);
  bool SrcuHolds(const std::vector<uint8_t>& in);
  void CollectRcuNodes(const std::vector<uint8_t>& in);
  void CollectSrcuPairs(const std::vector<uint8_t>& in);
  void MatchByData(Stamp unlock);
  void MatchByNesting(const std::vector<uint8_t>& in);
  // lkmm_plain.cc
  bool PlainCoherenceHolds();

  static constexpr Relation kUnset{nullptr, 0};

  const Version version_;
  const Rw rw_;
  std::vector<std::pair<Stamp, Stamp>> srcu_rscs_;  // lock, unlock
  // Where rcu-order leaves and enters: a grace period or one end of a section.
  struct RcuNode {
    Stamp exit;  // the event; kNone for the end of an open section
    uint32_t entry_tid;
    uint32_t entry_idx;
  };
  std::vector<RcuNode> rcu_nodes_;
  std::vector<std::pair<uint32_t, uint32_t>> rcu_rscs_;  // lock, unlock, by number
  RelationPool srcu_pool_;                               // of them

  Set R_{nullptr, nullptr}, W_{nullptr, nullptr}, M_{nullptr, nullptr}, Marked_{nullptr, nullptr}, Plain_{nullptr, nullptr},
      Noreturn_{nullptr, nullptr}, LKR_{nullptr, nullptr}, LKW_{nullptr, nullptr}, UL_{nullptr, nullptr};
  Relation po_ = kUnset, rf_ = kUnset, co_ = kUnset, fr_ = kUnset, rmw_ = kUnset, int_ = kUnset, addr_ = kUnset;
  Relation acq_po_ = kUnset, po_rel_ = kUnset, po_unlock_lock_po_ = kUnset, rmb_ = kUnset, wmb_ = kUnset, strong_fence_ = kUnset,
           nonrw_fence_ = kUnset, fence_ = kUnset;
  Relation cumul_fence_star_ = kUnset, prop_ = kUnset, hb_ = kUnset, hb_star_ = kUnset, pb_ = kUnset, pb_star_ = kUnset;
  Relation rcu_fence_ = kUnset;
  Relation ww_vis_ = kUnset, wr_vis_ = kUnset, rw_xbstar_ = kUnset, use_before_free_ = kUnset;
  bool visibility_known_ = false;
};

}  // namespace graze

#endif  // CHECKER_CONSISTENCY_LKMM_H_
