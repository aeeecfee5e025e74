// SPDX-License-Identifier: GPL-2.0-only
// What observe.cc of a generation puts in the place of some calls of its port: the same call, the observation of it, and the rules that can
// be judged on the spot. No call adds an event to the execution.
#ifndef MODEL_CPUMAP_OBSERVED_CALLS_H_
#define MODEL_CPUMAP_OBSERVED_CALLS_H_

#include <string_view>
#include <type_traits>

#include "checker/api/execution.h"
#include "checker/api/ops.h"
#include "model/cpumap/generations.h"
#include "model/cpumap/trace.h"
#include "model/kernel/atomic.h"
#include "model/kernel/bitmap.h"
#include "model/kernel/bottom_half.h"
#include "model/kernel/kthread.h"
#include "model/kernel/list.h"
#include "model/kernel/percpu.h"
#include "model/kernel/ptr_ring.h"
#include "model/kernel/rcupdate.h"
#include "model/kernel/sched.h"
#include "model/kernel/workqueue.h"

namespace cpumap {

inline uint64_t IdOf(const void *object)
{
	return reinterpret_cast<uint64_t>(object);
}

inline observed::Context ContextNow()
{
	if (graze_in_napi() != 0)
		return observed::kPoll;
	return graze_in_serving_softirq() != 0 ? observed::kRcuCallback : observed::kTask;
}

// Why a function of the port gives a frame back.
inline observed::Reason ReasonOf(std::string_view function)
{
	if (function == "bq_flush_to_queue")
		return observed::kByFullRing;
	if (function == "cpu_map_bpf_prog_run_xdp" || function == "cpu_map_bpf_prog_run_skb")
		return observed::kByProgram;
	if (function == "cpu_map_kthread_run")
		return observed::kNoSkb;
	if (function == "__cpu_map_ring_cleanup")
		return observed::kByCleanup;
	return observed::kByOther;
}

// ---- references (I-REF) -----------------------------------------------------------------------------------------------------------

inline void ObservedGet(kernel::atomic_t *refcnt, size_t offset, kernel::src site = kernel::src::here())
{
	const int after = kernel::internal::atomic_rmw(refcnt, GRAZE_ADD, 1, GRAZE_NORETURN, site) + 1;
	graze::Observe(observed::kEntryGet, IdOf(refcnt) - offset, static_cast<uint64_t>(after), ContextNow());
	if (after > 2)
		graze::Warn("I-REF", "an entry has more than two references", site);
	graze::CountCheck("I-REF");
}

// Two references: the callback gives up its one first, whoever else puts is last.
inline bool ObservedPut(kernel::atomic_t *refcnt, size_t offset, kernel::src site = kernel::src::here())
{
	const int after = kernel::atomic_dec_return(refcnt, site);
	const observed::Context context = ContextNow();
	graze::Observe(observed::kEntryPut, IdOf(refcnt) - offset, static_cast<uint64_t>(after), context);
	if (after < 0)
		graze::Fail("I-REF", "more puts than gets of an entry", site);
	const int expected = context == observed::kRcuCallback ? 1 : 0;
	if (after != expected) {
		graze::Warn("I-REF",
			    expected == 1 ? "the RCU callback's put does not leave the kthread's reference"
					  : "the last put comes before the RCU callback's",
			    site);
	}
	graze::CountCheck("I-REF");
	return after == 0;
}

// ---- life of entries ------------------------------------------------------------------------------------------------

template <typename T, graze_order kOrder>
T ObservedXchg(kernel::field<T, kOrder> *slot, std::type_identity_t<T> entry, kernel::src site = kernel::src::here())
{
	const T old = kernel::xchg(slot, entry, site);
	graze::Observe(observed::kSlotExchanged, IdOf(entry), IdOf(old), IdOf(slot));
	return old;
}

inline void ObservedCallRcu(kernel::rcu_head *head, kernel::rcu_callback_t func, size_t offset,
			    kernel::src site = kernel::src::here())
{
	graze::Observe(observed::kEntryDetached, IdOf(head) - offset);
	graze::CountCheck("I-SINGLE-FREE");
	kernel::call_rcu(head, func, site);
}

inline bool ObservedQueueRcuWork(kernel::workqueue_struct *wq, kernel::rcu_work *rwork, size_t offset,
				 kernel::src site = kernel::src::here())
{
	graze::Observe(observed::kEntryDetached, IdOf(rwork) - offset);
	graze::CountCheck("I-SINGLE-FREE");
	return kernel::queue_rcu_work(wq, rwork, site);
}

// The load by which the end of a map takes an entry that it frees itself.
template <typename T, graze_order kOrder>
T ObservedTake(const kernel::field<T, kOrder> &slot, kernel::src site = kernel::src::here())
{
	const T entry = kernel::internal::read_marked(slot, GRAZE_ONCE, site);
	if (entry != nullptr) {
		graze::Observe(observed::kEntryDetached, IdOf(entry));
		graze::CountCheck("I-SINGLE-FREE");
	}
	return entry;
}

inline void ObservedFreePercpu(void *queues, kernel::src site = kernel::src::here())
{
	graze::Observe(observed::kQueuesFreed, IdOf(queues));
	kernel::free_percpu(queues, site);
}

// Where the port frees other memory of its CPUs as well.
inline void ObservedFreePercpu(void *memory, std::string_view function, kernel::src site = kernel::src::here())
{
	if (function == "__cpu_map_entry_free")
		graze::Observe(observed::kQueuesFreed, IdOf(memory));
	kernel::free_percpu(memory, site);
}

inline int ObservedWakeUp(kernel::task_struct *task, std::string_view function, kernel::src site = kernel::src::here())
{
	const bool by_producer = function == "__cpu_map_flush" || function == "cpu_map_generic_redirect";
	graze::Observe(observed::kKthreadWoken, IdOf(task), ContextNow(), by_producer ? 1 : 0);
	return kernel::wake_up_process(task, site);
}

inline int ObservedStop(kernel::task_struct *task, kernel::src site = kernel::src::here())
{
	graze::Observe(observed::kStopAsked, IdOf(task));
	return kernel::kthread_stop(task, site);
}

// What a kthread runs in the place of its function `kRun`, whose argument is the entry.
template <int (*kRun)(void *)>
int ObservedKthread(void *entry)
{
	const int result = kRun(entry);
	graze::Observe(observed::kKthreadLeft, IdOf(entry));
	return result;
}

inline void ObservedCleanup(kernel::ptr_ring *ring, void (*destroy)(void *), std::string_view function)
{
	const bool at_end = function == "put_cpu_map_entry" || function == "__cpu_map_entry_free";
	graze::Observe(observed::kRingCleaned, IdOf(ring), at_end ? 1 : 0);
	if (at_end)
		graze::CountCheck("I-EMPTY");
	kernel::ptr_ring_cleanup(ring, destroy);
}

// ---- frames ---------------------------------------------------------------------------------------------------------

// A packet that went into the ring as an skb, and is marked as one by the lowest bit of the pointer, is known by its buffer too.
uint64_t FrameInRing(const void *pointer);

inline int ObservedLockedProduce(kernel::ptr_ring *ring, void *pointer)
{
	const uint64_t frame = FrameInRing(pointer);
	const int error = kernel::ptr_ring_produce(ring, pointer);
	graze::Observe(error == 0 ? observed::kFrameInRing : observed::kFrameNoRoom, frame, IdOf(ring),
		       static_cast<uint64_t>(graze::ThreadCpu()));
	return error;
}

inline int ObservedProduce(kernel::ptr_ring *ring, void *frame)
{
	const int error = kernel::__ptr_ring_produce(ring, frame);
	const uint64_t cpu = ContextNow() == observed::kRcuCallback ? observed::kNoCpu : static_cast<uint64_t>(graze::ThreadCpu());
	graze::Observe(error == 0 ? observed::kFrameInRing : observed::kFrameNoRoom, IdOf(frame), IdOf(ring), cpu);
	return error;
}

inline int ObserveTaken(const kernel::ptr_ring *ring, const kernel::void_ptr *frames, int taken)
{
	graze::Observe(observed::kRingConsumed, IdOf(ring), static_cast<uint64_t>(taken));
	for (int i = 0; i < taken; ++i) {
		graze::Observe(observed::kFrameTaken, FrameInRing(frames[i]), IdOf(ring), static_cast<uint64_t>(i));
	}
	return taken;
}
inline int ObservedConsumeBatched(kernel::ptr_ring *ring, kernel::void_ptr *frames, int n)
{
	graze::Observe(observed::kRingConsuming, IdOf(ring));
	return ObserveTaken(ring, frames, kernel::__ptr_ring_consume_batched(ring, frames, n));
}
inline int ObservedLockedConsumeBatched(kernel::ptr_ring *ring, kernel::void_ptr *frames, int n)
{
	graze::Observe(observed::kRingConsuming, IdOf(ring));
	return ObserveTaken(ring, frames, kernel::ptr_ring_consume_batched(ring, frames, n));
}

// Of a kthread that takes one frame at a time.
inline kernel::void_ptr ObservedConsumeOne(kernel::ptr_ring *ring)
{
	graze::Observe(observed::kRingConsuming, IdOf(ring));
	const kernel::void_ptr frame = kernel::__ptr_ring_consume(ring);
	const bool taken = static_cast<void *>(frame) != nullptr;
	graze::Observe(observed::kRingConsumed, IdOf(ring), taken ? 1 : 0);
	if (taken)
		graze::Observe(observed::kFrameTaken, IdOf(frame), IdOf(ring));
	return frame;
}

inline kernel::void_ptr ObservedConsume(kernel::ptr_ring *ring)
{
	const kernel::void_ptr frame = kernel::ptr_ring_consume(ring);
	graze::Observe(observed::kRingConsumed, IdOf(ring), static_cast<void *>(frame) != nullptr ? 1 : 0);
	return frame;
}

inline void ObservedTraceEnqueue(std::string_view function, int map_id, unsigned processed, unsigned drops, int to_cpu)
{
	if (function == "cpu_map_generic_redirect")
		kernel::trace_xdp_cpumap_generic(map_id, processed, drops);
	else
		kernel::trace_xdp_cpumap_enqueue(map_id, processed, drops, to_cpu);
}

// ---- staging queues and flush lists ----------------------------------------------------------------------------------

inline void ObserveQueue(const char *tag, const kernel::list_head *node, size_t offset)
{
	graze::Observe(tag, IdOf(node) - offset, kernel::in_softirq() ? 1 : 0, static_cast<uint64_t>(graze::ThreadCpu()));
}
inline void ObservedLink(kernel::list_head *node, kernel::list_head *list, size_t offset, kernel::src site = kernel::src::here())
{
	kernel::list_add(node, list, site);
	ObserveQueue(observed::kQueueLinked, node, offset);
}
inline void ObservedUnlink(kernel::list_head *node, size_t offset, kernel::src site = kernel::src::here())
{
	kernel::__list_del_clearprev(node, site);
	ObserveQueue(observed::kQueueUnlinked, node, offset);
}

// ---- bitmaps of keys to flush ---------------------------------------------------------------------------------------

template <graze_order kOrder>
void ObservedSetBit(uint32_t key, kernel::bitmap_word<kOrder> *bitmap, kernel::src site = kernel::src::here())
{
	kernel::__set_bit(key, bitmap, site);
	graze::Observe(observed::kKeyMarked, IdOf(bitmap), key, static_cast<uint64_t>(graze::ThreadCpu()));
}
template <graze_order kOrder>
void ObservedClearBit(uint32_t key, kernel::bitmap_word<kOrder> *bitmap, kernel::src site = kernel::src::here())
{
	kernel::__clear_bit(key, bitmap, site);
	graze::Observe(observed::kKeyUnmarked, IdOf(bitmap), key, static_cast<uint64_t>(graze::ThreadCpu()));
}

// ---- names for traces -----------------------------------------------------------------------------------------------

// Calls the word at `offset` of each CPU's copy of a per-CPU variable "name[cpu]", where a trace is being recorded.
void NamePerCpuWord(const void *variable, size_t offset, const char *name);

// ---- views of a finished execution ----------------------------------------------------------------------------------

// The final value of a field; what was never written is zero.
template <typename T, typename Field>
T FinalOf(const graze::Execution &execution, const Field *field)
{
	static_assert(sizeof(T) == sizeof(Field) || std::is_same_v<Field, int>);
	uint64_t bits = 0;
	if (!execution.FinalValue(field, &bits))
		bits = 0;
	return kernel::internal::from_bits<T>(bits);
}

bool IsAlive(const graze::Execution &execution, const void *object);
// Pointers put and never taken, oldest first. The ring must still be allocated.
std::vector<const void *> InRing(const graze::Execution &execution, const kernel::ptr_ring &ring);

} // namespace cpumap

#endif // MODEL_CPUMAP_OBSERVED_CALLS_H_
