// SPDX-License-Identifier: MIT
// Kind: model of <linux/completion.h>: a counter; waiting takes one from it. Not lost when complete() comes first.
#ifndef MODEL_KERNEL_COMPLETION_H_
#define MODEL_KERNEL_COMPLETION_H_

#include "model/kernel/types.h"

namespace kernel {

struct completion : graze_completion {};

inline void init_completion(completion *x, src site = src::here()) { graze_init_completion(x, site); }
inline void complete(completion *x, src site = src::here()) { graze_complete(x, site); }
inline void complete_all(completion *x, src site = src::here()) { graze_complete_all(x, site); }
inline void wait_for_completion(completion *x, src site = src::here()) { graze_wait_for_completion(x, site); }

}  // namespace kernel

#endif  // MODEL_KERNEL_COMPLETION_H_
