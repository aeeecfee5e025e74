// SPDX-License-Identifier: MIT
// Kind: model of <linux/err.h>: error numbers as pointers, in the last page of the address space.
#ifndef MODEL_KERNEL_ERR_H_
#define MODEL_KERNEL_ERR_H_

#include "model/kernel/errno.h"
#include "model/kernel/types.h"

#define MAX_ERRNO 4095
#define IS_ERR_VALUE(x) ((uintptr_t)(x) >= (uintptr_t)-MAX_ERRNO)

namespace kernel {

inline internal::any_ptr ERR_PTR(long error) { return internal::any_ptr(reinterpret_cast<void *>(error)); }
inline long PTR_ERR(const void *ptr) { return reinterpret_cast<long>(ptr); }
inline bool IS_ERR(const void *ptr) { return IS_ERR_VALUE(ptr); }
inline bool IS_ERR_OR_NULL(const void *ptr) { return ptr == nullptr || IS_ERR(ptr); }
inline int PTR_ERR_OR_ZERO(const void *ptr) { return IS_ERR(ptr) ? static_cast<int>(PTR_ERR(ptr)) : 0; }
inline internal::any_ptr ERR_CAST(const void *ptr) { return internal::any_ptr(const_cast<void *>(ptr)); }

}  // namespace kernel

#endif  // MODEL_KERNEL_ERR_H_
