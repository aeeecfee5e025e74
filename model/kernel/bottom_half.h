// SPDX-License-Identifier: MIT
// Kind: model of <linux/bottom_half.h> and <linux/preempt.h>. BH-off regions of one CPU exclude each other and its NAPI polls
// (KernelConfig::bh_exclusion), are atomic context, and are RCU readers (KernelConfig::bh_is_rcu_reader).
#ifndef MODEL_KERNEL_BOTTOM_HALF_H_
#define MODEL_KERNEL_BOTTOM_HALF_H_

#include "model/kernel/types.h"

namespace kernel {

inline void local_bh_disable(src site = src::here()) { graze_local_bh_disable(site); }
inline void local_bh_enable(src site = src::here()) { graze_local_bh_enable(site); }
inline void preempt_disable(src site = src::here()) { graze_preempt_disable(site); }
inline void preempt_enable(src site = src::here()) { graze_preempt_enable(site); }
inline bool in_softirq() { return graze_in_softirq() != 0; }
inline bool in_serving_softirq() { return graze_in_serving_softirq() != 0; }
inline bool in_interrupt() { return in_softirq(); }
inline bool in_task() { return !in_serving_softirq(); }
inline bool in_atomic() { return graze_in_atomic() != 0; }

}  // namespace kernel

#endif  // MODEL_KERNEL_BOTTOM_HALF_H_
