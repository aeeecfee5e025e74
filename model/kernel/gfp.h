// SPDX-License-Identifier: MIT
// Kind: model of <linux/gfp.h>: the flags that mean something here are whether memory is zeroed and whether the caller may sleep.
#ifndef MODEL_KERNEL_GFP_H_
#define MODEL_KERNEL_GFP_H_

#include "model/kernel/types.h"

#define __GFP_DIRECT_RECLAIM 0x400u
#define __GFP_ZERO 0x100u
#define __GFP_NOWARN 0x2000u
#define __GFP_NOFAIL 0x8000u
#define GFP_ATOMIC 0x20u
#define GFP_NOWAIT 0x800u
#define GFP_KERNEL (__GFP_DIRECT_RECLAIM | 0x40u)
#define GFP_USER (GFP_KERNEL | 0x20000u)

namespace kernel::internal {

inline unsigned alloc_flags(gfp_t gfp) {
  return ((gfp & __GFP_ZERO) != 0 ? unsigned{GRAZE_ALLOC_ZERO} : 0u) |
         ((gfp & __GFP_DIRECT_RECLAIM) != 0 ? unsigned{GRAZE_ALLOC_SLEEPS} : 0u) |
         ((gfp & __GFP_NOFAIL) != 0 ? unsigned{GRAZE_ALLOC_NOFAIL} : 0u);
}

}  // namespace kernel::internal

#endif  // MODEL_KERNEL_GFP_H_
