// SPDX-License-Identifier: MIT
// Repaired C11 with the release sequences of C++20.
// Reference: Lahav, Vafeiadis, Kang, Hur, Dreyer, "Repairing Sequential Consistency in C/C++11" (PLDI 2017); names as in herd's rc11.cat.
//
// Kernel primitives: smp_mb and full-barrier RMWs are or have seq_cst fences, smp_wmb is a release fence, smp_rmb an acquire fence, a
// dependent load acquires (more order than it has), a grace period is a seq_cst fence. smp_mb__before_atomic, __after_atomic and
// __after_spinlock are seq_cst fences directly beside what they are for, and nothing elsewhere (BaseRelations::OrdersHere). Grace periods
// link by one step of eco at most: po? ; hb? ; eco? ; hb? ; po?.
#ifndef CHECKER_CONSISTENCY_RC11_H_
#define CHECKER_CONSISTENCY_RC11_H_

#include <string_view>
#include <vector>

#include "checker/consistency/axiomatic.h"

namespace graze {

class RepairedC11 final : public AxiomaticModel {
 public:
  std::string_view name() const override { return "rc11"; }
  bool porf_is_coherent() const override { return false; }
  bool Synchronises(const Event& write, const Event& read) const override;
  bool HasExtra(const ExecutionGraph& graph) const override { return graph.has_grace_periods() || graph.has_plain_accesses(); }

 private:
  bool Relate() override;
  bool Extra(const std::vector<uint8_t>& in) override;
  void PrepareOrder() override;
  bool Ordered(uint32_t a, uint32_t b) const override { return order_.Has(a, b); }
  bool fences_are_elements() const override { return true; }

  MemoryOrder OrderOf(const Event& e) const;
  Relation SynchronisesWith();
  bool PartialScHolds();

  Relation sb_{nullptr, 0}, rf_{nullptr, 0}, mo_{nullptr, 0}, rb_{nullptr, 0}, hb_{nullptr, 0}, eco_{nullptr, 0}, order_{nullptr, 0};
};

}  // namespace graze

#endif  // CHECKER_CONSISTENCY_RC11_H_
