// SPDX-License-Identifier: MIT
// Kind: model of <linux/bug.h>: a warning is a violation of I-WARN, or of the rule that graze_set_warn_rule() gives the function it stands
// in; the thread goes on. BUG ends the thread. "Once" has no meaning where every execution starts afresh.
#ifndef MODEL_KERNEL_BUG_H_
#define MODEL_KERNEL_BUG_H_

#include "model/kernel/types.h"

#define BUG() (graze_bug("BUG", __func__, ::kernel::src::here()))
#define BUG_ON(condition) ((condition) ? graze_bug(#condition, __func__, ::kernel::src::here()) : (void)0)
#define WARN_ON(condition) (::kernel::internal::warn(!!(condition), #condition, __func__))
#define WARN_ON_ONCE(condition) WARN_ON(condition)
#define WARN(condition, ...) WARN_ON(condition)
#define WARN_ONCE(condition, ...) WARN_ON(condition)

namespace kernel::internal {

inline bool warn(bool condition, const char *text, const char *function, src site = src::here()) {
  if (condition) graze_warn(text, function, site);
  return condition;
}

}  // namespace kernel::internal

#endif  // MODEL_KERNEL_BUG_H_
