// SPDX-License-Identifier: MIT
// Total store order, the model of x86: a thread's stores wait in a buffer, and its later loads may overtake them.
// Reference: Owens, Sarkar, Sewell, "A Better x86 Memory Model: x86-TSO" (2009); the axioms are those of herd's x86tso.cat.
#ifndef CHECKER_CONSISTENCY_TSO_H_
#define CHECKER_CONSISTENCY_TSO_H_

#include <string_view>
#include <vector>

#include "checker/consistency/axiomatic.h"

namespace graze {

class TotalStoreOrder final : public AxiomaticModel {
 public:
  std::string_view name() const override { return "tso"; }
  bool porf_is_coherent() const override { return true; }
  bool Synchronises(const Event& write, const Event& read) const override { return write.marked() && read.marked(); }

 private:
  bool Relate() override;
  bool Extra(const std::vector<uint8_t>& in) override;
  void PrepareOrder() override;
  bool Ordered(uint32_t a, uint32_t b) const override { return hb_.Has(a, b); }

  Relation po_{nullptr, 0}, rf_{nullptr, 0}, ghb_plus_{nullptr, 0}, hb_{nullptr, 0};
};

}  // namespace graze

#endif  // CHECKER_CONSISTENCY_TSO_H_
