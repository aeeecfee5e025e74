// SPDX-License-Identifier: GPL-2.0-only
// Kind: port of include/linux/ptr_ring.h
#include "model/kernel/ptr_ring.h"

#include "checker/api/explore.h"
#include "checker/api/ops.h"

// As upstream: sizes and indexes are int, and mix with size_t.
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-compare"

namespace kernel {

static constexpr int SMP_CACHE_BYTES = 64;
static constexpr unsigned KMALLOC_MAX_SIZE = 1u << 22;

// port: bounded by ring_batch
static int ring_batch_override;
[[maybe_unused]] static const bool registered = [] {
	graze::RegisterGlobals(&ring_batch_override, sizeof(ring_batch_override), "ring_batch_override");
	graze_set_type_name("sizeof(void *)", "ptr_ring.queue");
	graze::RegisterFields("ptr_ring.queue", {{0, sizeof(void *), "slot", sizeof(void *), 16384}});
	graze::RegisterFields("ptr_ring", {{offsetof(ptr_ring, producer), 4, "producer"},
					   {offsetof(ptr_ring, producer_lock), 4, "producer_lock"},
					   {offsetof(ptr_ring, consumer_head), 4, "consumer_head"},
					   {offsetof(ptr_ring, consumer_tail), 4, "consumer_tail"},
					   {offsetof(ptr_ring, consumer_lock), 4, "consumer_lock"},
					   {offsetof(ptr_ring, size), 4, "size"},
					   {offsetof(ptr_ring, batch), 4, "batch"},
					   {offsetof(ptr_ring, queue), 8, "queue"}});
	return true;
}();

void ptr_ring_set_batch(int batch)
{
	ring_batch_override = batch;
}

bool __ptr_ring_full(struct ptr_ring *r)
{
	return r->queue[r->producer];
}

bool ptr_ring_full(struct ptr_ring *r)
{
	bool ret;

	spin_lock(&r->producer_lock);
	ret = __ptr_ring_full(r);
	spin_unlock(&r->producer_lock);

	return ret;
}

int __ptr_ring_produce(struct ptr_ring *r, void *ptr)
{
	if (unlikely(!r->size) || r->queue[r->producer])
		return -ENOSPC;

	smp_wmb();

	WRITE_ONCE(r->queue[r->producer++], ptr);
	if (unlikely(r->producer >= r->size))
		r->producer = 0;
	return 0;
}

int ptr_ring_produce(struct ptr_ring *r, void *ptr)
{
	int ret;

	spin_lock(&r->producer_lock);
	ret = __ptr_ring_produce(r, ptr);
	spin_unlock(&r->producer_lock);

	return ret;
}

void_ptr __ptr_ring_peek(struct ptr_ring *r)
{
	if (likely(r->size))
		return READ_ONCE(r->queue[r->consumer_head]);
	return NULL;
}

bool __ptr_ring_empty(struct ptr_ring *r)
{
	if (likely(r->size))
		return !r->queue[READ_ONCE(r->consumer_head)];
	return true;
}

bool ptr_ring_empty(struct ptr_ring *r)
{
	bool ret;

	spin_lock(&r->consumer_lock);
	ret = __ptr_ring_empty(r);
	spin_unlock(&r->consumer_lock);

	return ret;
}

void __ptr_ring_discard_one(struct ptr_ring *r)
{
	int consumer_head = r->consumer_head;
	int head = consumer_head++;

	if (unlikely(consumer_head - r->consumer_tail >= r->batch ||
		     consumer_head >= r->size)) {
		while (likely(head >= r->consumer_tail))
			r->queue[head--] = NULL;
		r->consumer_tail = consumer_head;
	}
	if (unlikely(consumer_head >= r->size)) {
		consumer_head = 0;
		r->consumer_tail = 0;
	}
	WRITE_ONCE(r->consumer_head, consumer_head);
}

void_ptr __ptr_ring_consume(struct ptr_ring *r)
{
	void *ptr;

	ptr = __ptr_ring_peek(r);
	if (ptr)
		__ptr_ring_discard_one(r);

	return ptr;
}

int __ptr_ring_consume_batched(struct ptr_ring *r, void_ptr *array, int n)
{
	void *ptr;
	int i;

	for (i = 0; i < n; i++) {
		ptr = __ptr_ring_consume(r);
		if (!ptr)
			break;
		array[i] = ptr;
	}

	return i;
}

void_ptr ptr_ring_consume(struct ptr_ring *r)
{
	void *ptr;

	spin_lock(&r->consumer_lock);
	ptr = __ptr_ring_consume(r);
	spin_unlock(&r->consumer_lock);

	return ptr;
}

int ptr_ring_consume_batched(struct ptr_ring *r, void_ptr *array, int n)
{
	int ret;

	spin_lock(&r->consumer_lock);
	ret = __ptr_ring_consume_batched(r, array, n);
	spin_unlock(&r->consumer_lock);

	return ret;
}

static racy<void *> *__ptr_ring_init_queue_alloc(unsigned int size, gfp_t gfp)
{
	if (size > KMALLOC_MAX_SIZE / sizeof(void *))
		return NULL;
	return kvmalloc_array(size, sizeof(void *), gfp | __GFP_ZERO);
}

static void __ptr_ring_set_size(struct ptr_ring *r, int size)
{
	r->size = size;
	r->batch = SMP_CACHE_BYTES * 2 / sizeof(void *);
	if (r->batch > r->size / 2 || !r->batch)
		r->batch = 1;
	// port: bounded by ring_batch
	if (ring_batch_override)
		r->batch = ring_batch_override;
}

int ptr_ring_init(struct ptr_ring *r, int size, gfp_t gfp)
{
	r->queue = __ptr_ring_init_queue_alloc(size, gfp);
	if (!r->queue)
		return -ENOMEM;

	__ptr_ring_set_size(r, size);
	r->producer = r->consumer_head = r->consumer_tail = 0;
	spin_lock_init(&r->producer_lock);
	spin_lock_init(&r->consumer_lock);

	return 0;
}

void ptr_ring_cleanup(struct ptr_ring *r, void (*destroy)(void *))
{
	void *ptr;

	if (destroy)
		while ((ptr = ptr_ring_consume(r)))
			destroy(ptr);
	kvfree(r->queue);
}

}  // namespace kernel
