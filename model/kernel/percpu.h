// SPDX-License-Identifier: MIT
// Kind: model of <linux/percpu.h>. Static variables lie in section graze_percpu: a template of which each CPU gets a copy at boot. A
// dynamic object is one tracked object with a copy per CPU, GRAZE_PERCPU_STRIDE bytes apart.
#ifndef MODEL_KERNEL_PERCPU_H_
#define MODEL_KERNEL_PERCPU_H_

#include "model/kernel/cpumask.h"
#include "model/kernel/slab.h"

#define DEFINE_PER_CPU(type, name) __attribute__((section("graze_percpu"), used)) __typeof__(type) name
#define DECLARE_PER_CPU(type, name) extern __typeof__(type) name

#define per_cpu(var, cpu) (*::kernel::per_cpu_ptr(&(var), (cpu)))
#define alloc_percpu(type) (static_cast<type *>(::kernel::internal::percpu_alloc(sizeof(type), #type, GFP_KERNEL | __GFP_ZERO)))
#define __alloc_percpu(size, align) ((void)(align), ::kernel::internal::percpu_alloc((size), #size, GFP_KERNEL))
#define __alloc_percpu_gfp(size, align, gfp) ((void)(align), ::kernel::internal::percpu_alloc((size), #size, (gfp)))

namespace kernel {

namespace internal {

inline any_ptr percpu_alloc(size_t size, const char *expression, gfp_t gfp, src site = src::here()) {
  return any_ptr(graze_percpu_alloc(size, alloc_flags(gfp) | GRAZE_ALLOC_ZERO, expression, site));
}

}  // namespace internal

template <typename T>
T *per_cpu_ptr(T *ptr, int cpu, src site = src::here()) {
  return static_cast<T *>(graze_percpu_ptr(ptr, cpu, site));
}
template <typename T, graze_order kOrder>
T *per_cpu_ptr(const field<T *, kOrder> &ptr, int cpu, src site = src::here()) {
  return per_cpu_ptr(ptr.get(site), cpu, site);
}
template <typename T>
T *this_cpu_ptr(T *ptr, src site = src::here()) {
  return static_cast<T *>(graze_this_cpu_ptr(ptr, site));
}
template <typename T, graze_order kOrder>
T *this_cpu_ptr(const field<T *, kOrder> &ptr, src site = src::here()) {
  return this_cpu_ptr(ptr.get(site), site);
}
inline void free_percpu(void *ptr, src site = src::here()) { graze_percpu_free(ptr, site); }

}  // namespace kernel

#endif  // MODEL_KERNEL_PERCPU_H_
