// SPDX-License-Identifier: MIT
// Kind: model of a driver's NAPI poll: softirq context on one CPU, from napi_begin() to napi_end(). The polls themselves are
// the scenario's.
#ifndef MODEL_KERNEL_NAPI_H_
#define MODEL_KERNEL_NAPI_H_

#include "model/kernel/types.h"

namespace kernel {

inline void napi_begin(int cpu, src site = src::here()) { graze_napi_begin(cpu, site); }
inline void napi_end(src site = src::here()) { graze_napi_end(site); }
inline bool in_napi() { return graze_in_napi() != 0; }

}  // namespace kernel

#endif  // MODEL_KERNEL_NAPI_H_
