// SPDX-License-Identifier: MIT
// Kind: model of <linux/jiffies.h>: a clock that stands still; executions have no durations.
#ifndef MODEL_KERNEL_JIFFIES_H_
#define MODEL_KERNEL_JIFFIES_H_

#define HZ 250

namespace kernel {

inline constexpr unsigned long jiffies = 0;

}  // namespace kernel

#endif  // MODEL_KERNEL_JIFFIES_H_
