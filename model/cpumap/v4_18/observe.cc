// SPDX-License-Identifier: GPL-2.0-only
// The port of this generation seen from outside: wraps what it calls with observations and checks of rules, and exports its seams,
// read-only views and field names. GRAZE_PORT_FILE names another text of the port, for instance a changed copy.
#include <string_view>

#include "checker/api/explore.h"
#include "checker/api/ops.h"
#include "model/cpumap/bpf.h"
#include "model/cpumap/generations.h"
#include "model/cpumap/observed_calls.h"
#include "model/cpumap/port.h"
#include "model/cpumap/redirect.h"
#include "model/cpumap/skb_stub.h"
#include "model/cpumap/trace.h"
#include "model/cpumap/xdp.h"
#include "model/kernel/bitmap.h"
#include "model/kernel/bottom_half.h"
#include "model/kernel/bug.h"
#include "model/kernel/capability.h"
#include "model/kernel/kthread.h"
#include "model/kernel/percpu.h"
#include "model/kernel/ptr_ring.h"
#include "model/kernel/rcupdate.h"
#include "model/kernel/sched.h"
#include "model/kernel/workqueue.h"

#ifndef GRAZE_PORT_FILE
#define GRAZE_PORT_FILE "model/cpumap/v4_18/cpumap.cc"
#endif

namespace cpumap::v4_18 {

// Upstream gives the frame's header in one place and its data in others.
template <typename T>
void ReturnFrame(T *data, kernel::plain<kernel::xdp_mem_info> *mem, observed::Reason reason, kernel::src site = kernel::src::here())
{
	kernel::xdp_return_frame(reinterpret_cast<kernel::u8 *>(data), mem, reason, site);
}
inline void ReturnFrame(const kernel::plain<kernel::u8 *> &data, kernel::plain<kernel::xdp_mem_info> *mem, observed::Reason reason,
			kernel::src site = kernel::src::here())
{
	kernel::xdp_return_frame(data, mem, reason, site);
}

} // namespace cpumap::v4_18

#define atomic_inc(v)				::cpumap::ObservedGet((v), offsetof(bpf_cpu_map_entry, refcnt))
#define atomic_dec_and_test(v)			::cpumap::ObservedPut((v), offsetof(bpf_cpu_map_entry, refcnt))
#define call_rcu(head, func)			::cpumap::ObservedCallRcu((head), (func), offsetof(bpf_cpu_map_entry, rcu))
#define xchg(slot, entry)			::cpumap::ObservedXchg((slot), (entry))
#define wake_up_process(task)			::cpumap::ObservedWakeUp((task), __func__)
#define kthread_stop(task)			::cpumap::ObservedStop(task)
#define kthread_create_on_node(run, entry, ...) kthread_create_on_node(&::cpumap::ObservedKthread<&(run)>, (entry), __VA_ARGS__)
#define __set_bit(nr, bitmap)			::cpumap::ObservedSetBit((nr), (bitmap))
#define __clear_bit(nr, bitmap)			::cpumap::ObservedClearBit((nr), (bitmap))
#define __ptr_ring_produce(ring, frame)		::cpumap::ObservedProduce((ring), (frame))
#define __ptr_ring_consume(ring)		::cpumap::ObservedConsumeOne(ring)
#define ptr_ring_consume(ring)			::cpumap::ObservedConsume(ring)
#define ptr_ring_cleanup(ring, destroy)		::cpumap::ObservedCleanup((ring), (destroy), __func__)
#define xdp_return_frame(data, mem)		::cpumap::v4_18::ReturnFrame((data), (mem), ::cpumap::ReasonOf(__func__))
#define free_percpu(memory)			::cpumap::ObservedFreePercpu((memory), __func__)

#pragma GCC diagnostic push
// The text is upstream's, which is not written for these.
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-compare"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#include GRAZE_PORT_FILE // NOLINT(bugprone-suspicious-include): sees what is static there
#pragma GCC diagnostic pop

#undef atomic_inc
#undef atomic_dec_and_test
#undef call_rcu
#undef xchg
#undef wake_up_process
#undef kthread_stop
#undef kthread_create_on_node
#undef __set_bit
#undef __clear_bit
#undef __ptr_ring_produce
#undef __ptr_ring_consume
#undef ptr_ring_consume
#undef ptr_ring_cleanup
#undef xdp_return_frame
#undef free_percpu

namespace cpumap::v4_18 {

namespace {

EntryState StateOfEntry(const graze::Execution &execution, const void *address)
{
	const auto *const entry = static_cast<const bpf_cpu_map_entry *>(address);
	EntryState state;
	state.alive = IsAlive(execution, entry);
	state.refcount = FinalOf<int>(execution, &entry->refcnt.counter);
	const auto *const ring = FinalOf<const ptr_ring *>(execution, &entry->queue);
	state.ring = ring;
	if (ring != nullptr) {
		state.ring_size = FinalOf<int>(execution, &ring->size);
		state.ring_batch = FinalOf<int>(execution, &ring->batch);
	}
	state.kthread = FinalOf<const void *>(execution, &entry->kthread);
	if (ring != nullptr && IsAlive(execution, ring))
		state.in_ring = InRing(execution, *ring);
	const auto *const queues = FinalOf<const char *>(execution, &entry->bulkq);
	if (queues == nullptr)
		return state;
	for (unsigned cpu = 0; cpu < nr_cpu_ids; ++cpu) {
		const auto *const bq = reinterpret_cast<const xdp_bulk_queue *>(queues + size_t{cpu} * GRAZE_PERCPU_STRIDE);
		state.queues.push_back({.queue = bq, .staged = FinalOf<unsigned>(execution, &bq->count)});
	}
	return state;
}

const void *AttachedTo(const graze::Execution &execution, const bpf_map *map, uint32_t key)
{
	const auto *const cmap = reinterpret_cast<const bpf_cpu_map *>(reinterpret_cast<const char *>(map) - offsetof(bpf_cpu_map, map));
	const auto *const slots = FinalOf<const plain<bpf_cpu_map_entry *> *>(execution, &cmap->cpu_map);
	return FinalOf<const void *>(execution, &slots[key]);
}

#define FIELD(type, field) \
	{offsetof(type, field), sizeof(static_cast<type *>(nullptr)->field), #field}
// One per CPU.
#define PER_CPU_FIELD(type, field, name) \
	{offsetof(type, field), sizeof(static_cast<type *>(nullptr)->field), name, GRAZE_PERCPU_STRIDE, NR_CPUS}

using entry = bpf_cpu_map_entry;
using bulkq = xdp_bulk_queue;
static_assert(sizeof(bulkq) <= GRAZE_PERCPU_STRIDE);

constexpr char kName[] = "v4.18";

[[maybe_unused]] const bool named = [] {
	graze_set_type_name("sizeof(*rcpu)", "bpf_cpu_map_entry");
	graze_set_type_name("sizeof(*rcpu->queue)", "ptr_ring");
	graze_set_type_name("sizeof(*rcpu->bulkq)", "xdp_bulk_queue");
	graze_set_type_name("sizeof(*cmap)", "bpf_cpu_map");
	graze_set_warn_rule("__cpu_map_ring_cleanup", "I-EMPTY");
	graze_set_warn_rule("call_rcu", "I-SINGLE-FREE");
	graze_set_type_name("cpu_map_bitmap_size(attr)", "flush_needed");
	graze::RegisterFields("bpf_cpu_map_entry",
			      {FIELD(entry, cpu), FIELD(entry, map_id), FIELD(entry, qsize), FIELD(entry, bulkq), FIELD(entry, queue),
			       FIELD(entry, kthread), FIELD(entry, kthread_stop_wq), FIELD(entry, refcnt), FIELD(entry, rcu)},
			      kName);
	graze::RegisterFields("bpf_cpu_map",
			      {FIELD(bpf_cpu_map, cpu_map), FIELD(bpf_cpu_map, flush_needed), FIELD(bpf_cpu_map, map.refcnt),
			       FIELD(bpf_cpu_map, map.work)},
			      kName);
	graze::RegisterFields("cpu_map", {{0, sizeof(void *), "slot", sizeof(void *), NR_CPUS}}, kName);
	graze::RegisterFields("flush_needed", {{0, sizeof(unsigned long), "bits", GRAZE_PERCPU_STRIDE, NR_CPUS}}, kName);
	graze::RegisterFields("xdp_bulk_queue",
			      {PER_CPU_FIELD(bulkq, q.items[0], "q0"), PER_CPU_FIELD(bulkq, q.items[1], "q1"), PER_CPU_FIELD(bulkq, q.items[2], "q2"),
			       PER_CPU_FIELD(bulkq, q.items[3], "q3"), PER_CPU_FIELD(bulkq, q.items[4], "q4"), PER_CPU_FIELD(bulkq, q.items[5], "q5"),
			       PER_CPU_FIELD(bulkq, q.items[6], "q6"), PER_CPU_FIELD(bulkq, q.items[7], "q7"),
			       PER_CPU_FIELD(bulkq, count, "count")},
			      kName);
	graze::RegisterFields("xdp_frame",
			      {FIELD(xdp_pkt, data), FIELD(xdp_pkt, len), FIELD(xdp_pkt, headroom), FIELD(xdp_pkt, metasize),
			       FIELD(xdp_pkt, mem), FIELD(xdp_pkt, dev_rx)},
			      kName);
	return true;
}();

int Init()
{
	return 0;
}
int Enqueue(void *rcpu, xdp_buff *xdp, net_device *dev_rx)
{
	return cpu_map_enqueue(static_cast<entry *>(rcpu), xdp, dev_rx);
}
void *Lookup(bpf_map *map, uint32_t key)
{
	return __cpu_map_lookup_elem(map, key);
}

} // namespace

extern const Generation kGeneration;
const Generation kGeneration = {
	.name = kName,
	.ops = &cpu_map_ops,
	.init = &Init,
	.redirect = &redirect_glue_v4_18,
	.enqueue = &Enqueue,
	.flush = nullptr,
	.lookup = &Lookup,
	.real = {.bulk = 8, .batch = 0, .ring_batch = 0},
	.has_prog = false,
	.has_refcount = true,
	.has_flush_list = false,
	.has_rcu_flavours = true,
	.has_map_owner = true,
	.has_flush_bitmap = true,
	.flushes_at_free = true,
	.counts_failed_skbs = false,
	.has_start_handshake = false,
	.has_stop_signal = false,
	.entry_type = "bpf_cpu_map_entry",
	.ring_type = "ptr_ring",
	.ring_array_type = "ptr_ring.queue",
	.bulkq_type = "xdp_bulk_queue",
	.map_type = "bpf_cpu_map",
	.slots_type = "cpu_map",
	.entry_state = &StateOfEntry,
	.attached = &AttachedTo,
	.flush_list_empty = nullptr,
};

} // namespace cpumap::v4_18
