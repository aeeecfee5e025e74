// SPDX-License-Identifier: MIT
// Kind: model of <linux/compiler_attributes.h> and <linux/init.h>. Include it last: macros named
// `fallthrough` and `__init` break headers of the C and C++ libraries.
#ifndef MODEL_KERNEL_COMPILER_ATTRIBUTES_H_
#define MODEL_KERNEL_COMPILER_ATTRIBUTES_H_

#define __init
#define fallthrough __attribute__((__fallthrough__))
#define __always_unused __attribute__((__unused__))
#define __maybe_unused __attribute__((__unused__))
#define __must_check __attribute__((__warn_unused_result__))

#endif  // MODEL_KERNEL_COMPILER_ATTRIBUTES_H_
