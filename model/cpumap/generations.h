// SPDX-License-Identifier: GPL-2.0-only
// The generations of cpumap as the rest of the project sees them: one row per port, nothing of what is inside.
//
// A scenario picks a row, boots it with its bounds and then speaks to it through bpf(2) (model/cpumap/syscall.h) and through a network
// driver (model/cpumap/driver.h), which call the row's functions the way the kernel does.
#ifndef MODEL_CPUMAP_GENERATIONS_H_
#define MODEL_CPUMAP_GENERATIONS_H_

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "checker/api/execution.h"
#include "model/kernel/config.h"

namespace kernel {
struct bpf_map;
struct bpf_map_ops;
struct net_device;
struct redirect_glue;
struct xdp_buff;
} // namespace kernel

namespace cpumap {

// Sizes that are compile-time constants upstream. Scenarios shrink them to stay exhaustible; every verdict prints them.
struct Bounds {
	unsigned bulk = 8;	 // frames staged per (entry, CPU) before a full flush, 1..8
	unsigned batch = 8;	 // frames the kthread takes at once, 1..8
	unsigned ring_batch = 0; // consumed slots zeroed at once; 0 = as upstream computes it (16 from 32 slots on, else 1)
};

// A staging queue ("bq") when an execution is over, or as it was when it was freed.
struct QueueState {
	const void *queue = nullptr;
	unsigned staged = 0; // frames
	bool linked = false; // on a flush list
};

// An entry ("rcpu") when an execution is over.
struct EntryState {
	bool alive = false;   // still allocated
	int64_t refcount = 0; // -1 where the generation has none
	const void *ring = nullptr;
	int ring_size = 0;
	int ring_batch = 0;
	const void *kthread = nullptr; // the task
	const void *prog = nullptr;
	std::vector<const void *> in_ring; // frames put and never taken, oldest first; empty if the ring is gone
	std::vector<QueueState> queues;	   // per CPU; empty if they were never allocated
};

struct Generation {
	const char *name; // "v5.9"
	const kernel::bpf_map_ops *ops;
	int (*init)();			       // the initcall, if there is one, and the names of the words that it sets up
	const kernel::redirect_glue *redirect; // of the same kernel (redirect.h)
	int (*enqueue)(void *entry, kernel::xdp_buff *xdp, kernel::net_device *dev_rx);
	void (*flush)();
	void *(*lookup)(kernel::bpf_map *map, uint32_t key); // the data path's lookup: the entry or null

	Bounds real; // the constants upstream has; a batch of 0: none, the kthread takes frame by frame
	// What scenarios ask for (Setup::needs), and what rules have something to judge.
	bool has_prog;			// entries can carry a second program (8-byte values)
	bool has_refcount;		// of entries
	bool has_flush_list;		// staging queues are listed per CPU
	bool has_rcu_flavours = false;	// before v4.20: preemptible RCU does not wait for BH-off regions
	bool has_map_owner = false;	// a redirect is known by the address of the program that asked for it
	bool has_flush_bitmap = false;	// a bit per key and CPU says what is to be flushed
	bool flushes_at_free = false;	// the free callback moves what is staged into the ring
	bool counts_failed_skbs = true; // a frame without an skb is among the 'drops' of the kthread
	bool has_start_handshake;	// an update returns only once the kthread runs
	bool has_stop_signal;		// asking a kthread to stop interrupts its sleep (from v6.1 on)
	// Of later kernels.
	bool has_task_flush_list = false;  // staging queues are listed by the task that polls
	bool has_generic_redirect = false; // of skbs
	bool counts_stack_drops = true;	   // by the tracepoint of the kthread
	bool tells_update_errors = false;  // of an update for want of a program, and not always ENOMEM
	bool frame_has_mem_type = false;   // and not the whole xdp_mem_info
	const char *entry_type;		   // types of tracked objects, as the census and violations name them
	const char *ring_type;
	const char *ring_array_type;
	const char *bulkq_type;
	const char *map_type;
	const char *slots_type;

	// Read-only views for monitors, valid while the execution given is.
	EntryState (*entry_state)(const graze::Execution &execution, const void *entry);
	// The entry a key names at the end, or null. The map must still be alive.
	const void *(*attached)(const graze::Execution &execution, const kernel::bpf_map *map, uint32_t key);
	// The flush list of a CPU at the end.
	bool (*flush_list_empty)(const graze::Execution &execution, unsigned cpu);
};

std::span<const Generation *const> Generations();
const Generation *FindGeneration(std::string_view name); // null if there is none of that name

// First thing in a scenario's body: boots the simulated kernel with `config`, makes `generation` its cpumap, sets the bounds, runs the
// initcall.
void Boot(const Generation &generation, const Bounds &bounds = {}, const kernel::KernelConfig &config = {});
// What Boot() chose; the environment (redirect glue, ports) reads these. Restored before every execution.
const Generation &Booted();
extern Bounds bounds;

// ---- what the environment observes ----------------------------------------------------------------------------------
// Tags of graze::Observe(). A frame is named by the address of its buffer, an entry, a ring and a map by theirs.
namespace observed {
// Fates of frames (I-ONCE). a = frame.
inline constexpr char kFrameReceived[] = "frame.received";   // b = CPU: the driver owns it
inline constexpr char kFrameStaged[] = "frame.staged";	     // b = entry, c = CPU: enqueue returned 0, cpumap owns it
inline constexpr char kFrameRefused[] = "frame.refused";     // b = entry or 0, c = -errno: stays with the driver
inline constexpr char kFrameRecycled[] = "frame.recycled";   // the driver took back what was refused; an end state
inline constexpr char kFrameInRing[] = "frame.in_ring";	     // b = ring, c = CPU, or kNoCpu for a callback
inline constexpr char kFrameNoRoom[] = "frame.no_room";	     // b = ring, c = CPU, or kNoCpu for a callback: the ring took no more
inline constexpr char kFrameTaken[] = "frame.taken";	     // b = ring, c = position in the batch: the kthread owns it
inline constexpr char kFrameDelivered[] = "frame.delivered"; // b = what the stack answered (NET_RX_SUCCESS 0, NET_RX_DROP 1); an end state
inline constexpr char kFrameReturned[] = "frame.returned";   // b = Reason, c = CPU; an end state
// References of entries (I-REF). a = entry, b = value after, c = Context of the caller.
inline constexpr char kEntryGet[] = "entry.get";
inline constexpr char kEntryPut[] = "entry.put";
// Life of entries. a = entry.
inline constexpr char kSlotExchanged[] = "slot.exchanged"; // a = new entry or 0, b = old entry or 0, c = address of the slot
inline constexpr char kEntryDetached[] = "entry.detached"; // its free callback was asked for
inline constexpr char kQueuesFreed[] = "queues.freed";	   // a = staging queues (bulkq)
inline constexpr char kRingCleaned[] = "ring.cleaned";	   // a = ring, b = 1 at the entry's end, 0 when its allocation failed
inline constexpr char kRingConsuming[] = "ring.consuming"; // a = ring: a look of the kthread for frames begins
inline constexpr char kRingConsumed[] = "ring.consumed";   // a = ring, b = frames taken out: one look of a consumer, in vain or not
inline constexpr char kKthreadWoken[] = "kthread.woken";   // a = task, b = Context, c = 1 if by a flush
inline constexpr char kStopAsked[] = "stop.asked";	   // a = task
inline constexpr char kKthreadLeft[] = "kthread.left";	   // a = entry: the function of its kthread returned
// Staging queues and flush lists. a = queue, b = 1 if BH is off, c = CPU. Frames that come as skbs are not staged: kFrameInRing is first.
inline constexpr char kQueueLinked[] = "queue.linked";
inline constexpr char kQueueUnlinked[] = "queue.unlinked";
inline constexpr char kPollEnded[] = "poll.ended"; // a = CPU, b = 1 if it flushed
// Keys to flush. a = bitmap, b = key, c = CPU.
inline constexpr char kKeyMarked[] = "key.marked";
inline constexpr char kKeyUnmarked[] = "key.unmarked";
// Life of programs (I-PROG). a = program, b = references after.
inline constexpr char kProgLoaded[] = "prog.loaded"; // b = descriptor, c = id, 0 if it is not for cpumaps
inline constexpr char kProgClosed[] = "prog.closed"; // its descriptor
inline constexpr char kProgGet[] = "prog.get";
inline constexpr char kProgPut[] = "prog.put";
inline constexpr char kProgRun[] = "prog.run"; // b = frame
// Operations on maps (I-LIN). a = map id, b = key, c = what the call says: the MapOp in the low byte, then flags (8 bits), descriptor
// (16), queue size (32). A search for the next key has flag 1 if it begins with no key.
inline constexpr char kMapCreated[] = "map.created";	       // b = max_entries, c = mask of possible CPUs
inline constexpr char kAllocationsFail[] = "allocations.fail"; // they may, from boot on
inline constexpr char kMapCall[] = "map.call";
// b = errno, c = what a lookup found (queue size in the low word, program id above), or the next key.
inline constexpr char kMapReturn[] = "map.return";
// Tracepoints (counter conservation).
inline constexpr char kTraceEnqueue[] = "trace.enqueue";	  // a = map id, b = processed, c = drops
inline constexpr char kTraceGeneric[] = "trace.generic";	  // of one skb; a = map id, b = processed, c = drops
inline constexpr char kTraceKthread[] = "trace.kthread";	  // a = map id, b = n, c = drops
inline constexpr char kTraceKthreadProg[] = "trace.kthread.prog"; // a = pass, b = drop, c = redirect

inline constexpr uint64_t kNoCpu = ~uint64_t{0};
// Why a frame was given back to its owner.
enum Reason : uint64_t {
	kByFullRing = 1, // no room in the ring at flush
	kByProgram,	 // the entry's program dropped it, or what it wanted failed
	kNoSkb,		 // no skb for it
	kByCleanup,	 // found in the ring when the ring was cleaned
	kByOther,
};
enum MapOp : uint8_t { kUpdate,
		       kDelete,
		       kLookup,
		       kNextKey };
// Who runs: a task (system call, kthread, work item), a poll, a callback of call_rcu.
enum Context : uint64_t { kTask = 0,
			  kPoll,
			  kRcuCallback };
} // namespace observed

} // namespace cpumap

#endif // MODEL_CPUMAP_GENERATIONS_H_
