// SPDX-License-Identifier: GPL-2.0-only
// Kind: port of include/linux/ptr_ring.h
//
// A bounded FIFO of pointers for many producers under a lock and one consumer. Producer and consumer meet in the slots only: a slot that
// is not NULL is occupied, or consumed and not yet zeroed. The functions are not inline, so that a changed copy of ptr_ring.cc can
// take the place of this one when it is linked first.
#ifndef MODEL_KERNEL_PTR_RING_H_
#define MODEL_KERNEL_PTR_RING_H_

#include "model/kernel/barrier.h"
#include "model/kernel/compiler.h"
#include "model/kernel/err.h"
#include "model/kernel/slab.h"
#include "model/kernel/spinlock.h"
#include "model/kernel/types.h"

namespace kernel {

// `void *` with the conversions it has in C.
class void_ptr {
public:
	void_ptr() = default;
	void_ptr(void *ptr) : ptr_(ptr) {}
	void_ptr(tp<void> ptr) : ptr_(ptr) {}
	template <typename T>
	operator T *() const { return static_cast<T *>(ptr_); }
	explicit operator bool() const { return ptr_ != nullptr; }

private:
	void *ptr_;
};
static_assert(sizeof(void_ptr) == sizeof(void *));

struct ptr_ring {
	plain<int> producer;
	spinlock_t producer_lock;
	plain<int> consumer_head;
	plain<int> consumer_tail;
	spinlock_t consumer_lock;
	plain<int> size;
	plain<int> batch;
	plain<racy<void *> *> queue;
};

// Upper bound of `batch` for rings initialised from now on; 0 = what the cache line size gives. A bound of scenarios: it lets small
// rings batch, which upstream does from 32 slots on. Restored before every execution.
void ptr_ring_set_batch(int batch);

bool __ptr_ring_full(struct ptr_ring *r);
bool ptr_ring_full(struct ptr_ring *r);
int __ptr_ring_produce(struct ptr_ring *r, void *ptr);
int ptr_ring_produce(struct ptr_ring *r, void *ptr);
void_ptr __ptr_ring_peek(struct ptr_ring *r);
bool __ptr_ring_empty(struct ptr_ring *r);
bool ptr_ring_empty(struct ptr_ring *r);
void __ptr_ring_discard_one(struct ptr_ring *r);
void_ptr __ptr_ring_consume(struct ptr_ring *r);
int __ptr_ring_consume_batched(struct ptr_ring *r, void_ptr *array, int n);
void_ptr ptr_ring_consume(struct ptr_ring *r);
int ptr_ring_consume_batched(struct ptr_ring *r, void_ptr *array, int n);
int ptr_ring_init(struct ptr_ring *r, int size, gfp_t gfp);
void ptr_ring_cleanup(struct ptr_ring *r, void (*destroy)(void *));

}  // namespace kernel

#endif  // MODEL_KERNEL_PTR_RING_H_
