// SPDX-License-Identifier: MIT
// Kind: model of <linux/capability.h>: the caller has every capability or none, by configuration.
#ifndef MODEL_KERNEL_CAPABILITY_H_
#define MODEL_KERNEL_CAPABILITY_H_

#include "model/kernel/config.h"

#define CAP_SYS_ADMIN 21
#define CAP_BPF 39

namespace kernel {

inline bool capable(int) { return kernel_config().capable; }

}  // namespace kernel

#endif  // MODEL_KERNEL_CAPABILITY_H_
