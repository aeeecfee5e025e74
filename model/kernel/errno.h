// SPDX-License-Identifier: MIT
// Kind: model of <linux/errno.h>: the error numbers of the kernel on x86. Equal to the host's where the host has them.
#ifndef MODEL_KERNEL_ERRNO_H_
#define MODEL_KERNEL_ERRNO_H_

#ifdef __cplusplus
#include <cerrno>
#else
#include <errno.h>
#endif

#ifndef ENOTSUPP
#define ENOTSUPP 524
#endif
#define ERESTARTSYS 512

#if EPERM != 1 || ENOENT != 2 || EINTR != 4 || E2BIG != 7 || ENOMEM != 12 || EEXIST != 17 || ENODEV != 19 || EINVAL != 22 || \
    ENOSPC != 28 || EOVERFLOW != 75
#error "the host's error numbers are not the kernel's"
#endif

#endif  // MODEL_KERNEL_ERRNO_H_
