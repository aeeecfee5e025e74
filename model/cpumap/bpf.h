// SPDX-License-Identifier: GPL-2.0-only
// Kind: model of <linux/bpf.h>, <linux/filter.h> and bpf_capable(); only what cpumap touches. Fields of maps and programs that never
// change after their creation are ordinary memory; what threads race for is instrumented.
#ifndef MODEL_CPUMAP_BPF_H_
#define MODEL_CPUMAP_BPF_H_

#include <cstddef>

#include "model/kernel/atomic.h"
#include "model/kernel/capability.h"
#include "model/kernel/compiler.h"
#include "model/kernel/err.h"
#include "model/kernel/kernel.h"
#include "model/kernel/rcupdate.h"
#include "model/kernel/slab.h"
#include "model/kernel/types.h"
#include "model/kernel/workqueue.h"

namespace kernel {

struct net_device;
struct xdp_buff;
struct bpf_map;
struct bpf_prog;

enum : u32 { BPF_MAP_TYPE_UNSPEC = 0,
	     BPF_MAP_TYPE_CPUMAP = 16 };
enum : u32 { BPF_PROG_TYPE_XDP = 6 };
enum : u32 { BPF_XDP_DEVMAP = 33,
	     BPF_XDP_CPUMAP = 35,
	     BPF_XDP = 37 }; // attach types
enum : u64 { BPF_ANY = 0,
	     BPF_NOEXIST = 1,
	     BPF_EXIST = 2 };
enum : u32 { BPF_F_NUMA_NODE = 1u << 2 };
enum : u32 { XDP_ABORTED = 0,
	     XDP_DROP,
	     XDP_PASS,
	     XDP_TX,
	     XDP_REDIRECT };

union bpf_attr {
	__extension__ struct {
		u32 map_type;
		u32 key_size;
		u32 value_size;
		u32 max_entries;
		u32 map_flags;
		u32 numa_node;
	};
};

// What user space writes and reads.
struct bpf_cpumap_val {
	u32 qsize;
	union {
		int fd; // on update
		u32 id; // on lookup
	} bpf_prog;
};

// The same inside an entry, where readers look at it.
struct bpf_cpumap_val_shared {
	plain<u32> qsize;
	struct {
		plain<u32> id;
	} bpf_prog;
};
static_assert(sizeof(bpf_cpumap_val_shared) == sizeof(bpf_cpumap_val));

// A map operation that gives an errno: an int up to v6.3, a long from then on.
template <typename... Args>
class errno_fn {
public:
	constexpr errno_fn(int (*fn)(Args...))
		: int_(fn), long_(nullptr)
	{
	}
	constexpr errno_fn(long (*fn)(Args...))
		: int_(nullptr), long_(fn)
	{
	}
	int operator()(Args... args) const
	{
		return int_ != nullptr ? int_(args...) : static_cast<int>(long_(args...));
	}

private:
	int (*int_)(Args...);
	long (*long_)(Args...);
};

// In the order in which cpumaps initialise them.
struct bpf_map_ops {
	bool (*map_meta_equal)(const bpf_map *one, const bpf_map *other) = nullptr;
	bpf_map *(*map_alloc)(bpf_attr *attr);
	void (*map_free)(bpf_map *map);
	errno_fn<bpf_map *, void *> map_delete_elem;
	errno_fn<bpf_map *, void *, void *, u64> map_update_elem;
	void *(*map_lookup_elem)(bpf_map *map, void *key);
	int (*map_get_next_key)(bpf_map *map, void *key, void *next_key);
	int (*map_check_btf)() = nullptr; // from v5.0 on
	// From v5.9 on, or later.
	const char *map_btf_name = nullptr;
	u64 (*map_mem_usage)(const bpf_map *map) = nullptr;
	const void *map_btf_id = nullptr;
	long (*map_redirect)(bpf_map *map, u64 index, u64 flags) = nullptr;
};
#define BTF_ID_LIST_SINGLE(name, prefix, typename) static u32 name[1];
bool bpf_map_meta_equal(const bpf_map *one, const bpf_map *other);
inline int map_check_no_btf()
{
	return -ENOTSUPP;
}

inline constexpr unsigned PAGE_SHIFT = 12;
inline constexpr unsigned long PAGE_SIZE = 1ul << PAGE_SHIFT;

struct bpf_map_memory {
	u32 pages;
};

struct bpf_map {
	const bpf_map_ops *ops;
	u32 map_type;
	u32 key_size;
	u32 value_size;
	u32 max_entries;
	u32 map_flags;
	int numa_node;
	u32 id;
	u32 pages; // before v5.3, where bpf_map_memory has them
	bpf_map_memory memory;
	atomic_t refcnt;
	work_struct work;
};

void bpf_map_init_from_attr(bpf_map *map, bpf_attr *attr);
// -EPERM when the memory limit (bpf_policy) does not allow `size` bytes more.
int bpf_map_charge_init(bpf_map_memory *memory, u64 size);
void bpf_map_charge_finish(bpf_map_memory *memory);
// Up to v5.2: -EPERM when `pages` more are not allowed; nothing is charged yet.
int bpf_map_precharge_memlock(u32 pages);
// The last put frees the map from a work queue.
void bpf_map_put(bpf_map *map);
#define bpf_map_area_alloc(size, node)		    ((void)(node), ::kernel::internal::map_area_alloc((size), #size))
#define bpf_map_kmalloc_node(map, size, gfp, node)  ((void)(map), kmalloc_node(size, gfp, node))
#define bpf_map_alloc_percpu(map, size, align, gfp) ((void)(map), __alloc_percpu_gfp(size, align, gfp))
namespace internal {
// The array of slots, or an object whose type the size names.
inline any_ptr map_area_alloc(u64 size, const char *expression, src site = src::here())
{
	const bool is_object = expression[0] == 's' && expression[6] == '(';
	return allocate(size, is_object ? expression : "cpu_map", GFP_USER | __GFP_ZERO, site);
}
} // namespace internal
inline void bpf_map_area_free(void *base, src site = src::here())
{
	kvfree(base, site);
}

struct bpf_prog_aux {
	atomic_t refcnt;
	u32 id;
	bpf_map *used_map; // the program holds a reference to it
	rcu_head rcu;
};
struct bpf_prog {
	u32 type;
	u32 expected_attach_type;
	bpf_prog_aux *aux;
	u32 (*bpf_func)(xdp_buff *xdp);
};

// The program behind a file descriptor with a reference taken, or ERR_PTR: -EBADF, -EINVAL for another type.
bpf_prog *bpf_prog_get_type(int fd, u32 type, src site = src::here());
// The last put frees the program after a grace period.
void bpf_prog_put(bpf_prog *prog, src site = src::here());
// Of programs of one map; every program here is like every other.
inline bool bpf_prog_map_compatible(bpf_map *, const bpf_prog *)
{
	return true;
}
u32 bpf_prog_run_xdp(const bpf_prog *prog, xdp_buff *xdp, src site = src::here());
void bpf_warn_invalid_xdp_action(u32 act);
void bpf_warn_invalid_xdp_action(const net_device *dev, const bpf_prog *prog, u32 act);

// What the environment may do besides KernelConfig. Set by the scenario's first thread; restored before every execution.
struct bpf_policy {
	u64 memlock_pages = 1u << 20; // what one map may lock
	bool stack_may_drop = false;  // netif_receive_skb_core() may answer NET_RX_DROP
};
bpf_policy &bpf_policy_now();

inline bool bpf_capable()
{
	return capable(CAP_BPF);
}

} // namespace kernel

#endif // MODEL_CPUMAP_BPF_H_
