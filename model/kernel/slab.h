// SPDX-License-Identifier: MIT
// Kind: model of <linux/slab.h>: every object is tracked from allocation to free and its address is not used again within an execution.
// Objects are named after the text of the size, "sizeof(*rcpu)" giving "rcpu". Cannot show bugs that need memory to be reused.
#ifndef MODEL_KERNEL_SLAB_H_
#define MODEL_KERNEL_SLAB_H_

#include "model/kernel/gfp.h"

#define kmalloc(size, gfp) (::kernel::internal::allocate((size), #size, (gfp)))
#define kzalloc(size, gfp) (::kernel::internal::allocate((size), #size, (gfp) | __GFP_ZERO))
#define kmalloc_node(size, gfp, node) ((void)(node), ::kernel::internal::allocate((size), #size, (gfp)))
#define kzalloc_node(size, gfp, node) ((void)(node), ::kernel::internal::allocate((size), #size, (gfp) | __GFP_ZERO))
#define kmalloc_array(n, size, gfp) (::kernel::internal::allocate((n) * (size), #size, (gfp)))
#define kcalloc(n, size, gfp) (::kernel::internal::allocate((n) * (size), #size, (gfp) | __GFP_ZERO))
#define kvmalloc_array(n, size, gfp) (::kernel::internal::allocate((n) * (size), #size, (gfp)))

namespace kernel {

namespace internal {

inline any_ptr allocate(size_t size, const char *expression, gfp_t gfp, src site = src::here()) {
  return any_ptr(graze_alloc(size, alloc_flags(gfp), expression, site));
}

}  // namespace internal

inline void kfree(const void *object, src site = src::here()) { graze_free(object, site); }
inline void kvfree(const void *object, src site = src::here()) { graze_free(object, site); }

// A cache of objects of one size; `name` is the type of its objects.
struct kmem_cache {
  const char *name;
  size_t size;
};
internal::any_ptr kmem_cache_alloc(kmem_cache *cache, gfp_t gfp, src site = src::here());
void kmem_cache_free(kmem_cache *cache, void *object, src site = src::here());
// All or nothing: `n`, or 0 when the configuration lets allocations fail and this one does.
int kmem_cache_alloc_bulk(kmem_cache *cache, gfp_t gfp, size_t n, void **objects, src site = src::here());
void kmem_cache_free_bulk(kmem_cache *cache, size_t n, void **objects, src site = src::here());

}  // namespace kernel

#endif  // MODEL_KERNEL_SLAB_H_
