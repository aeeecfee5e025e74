// SPDX-License-Identifier: GPL-2.0-only
#include "model/cpumap/bpf.h"

#include "checker/api/ops.h"
#include "model/cpumap/bpf_fd.h"
#include "model/cpumap/generations.h"
#include "model/cpumap/xdp.h"
#include "model/kernel/bottom_half.h"

namespace kernel {

namespace {

// Filled by the first thread before others start, so every thread finds it as it is.
struct World {
	bpf_policy policy;
	bpf_prog *progs[8] = {};
	u32 progs_loaded = 0;
	u32 maps_made = 0;
};
World world;
[[maybe_unused]] const bool registered = [] {
	graze::RegisterGlobals(&world, sizeof(world), "bpf");
	return true;
}();

struct prog_object {
	bpf_prog prog;
	bpf_prog_aux aux;
};

void FreeProg(rcu_head *rcu)
{
	prog_object *const object = container_of(rcu, prog_object, aux.rcu);
	bpf_map *const map = object->aux.used_map;
	kfree(object);
	if (map != nullptr)
		bpf_map_put(map);
}

} // namespace

bpf_policy &bpf_policy_now()
{
	return world.policy;
}

void bpf_map_init_from_attr(bpf_map *map, bpf_attr *attr)
{
	map->map_type = attr->map_type;
	map->key_size = attr->key_size;
	map->value_size = attr->value_size;
	map->max_entries = attr->max_entries;
	map->map_flags = attr->map_flags;
	map->numa_node = (attr->map_flags & BPF_F_NUMA_NODE) != 0 ? static_cast<int>(attr->numa_node) : -1;
	map->id = ++world.maps_made;
}

int bpf_map_charge_init(bpf_map_memory *memory, u64 size)
{
	if (size >= U32_MAX - PAGE_SIZE)
		return -E2BIG;
	const u32 pages = static_cast<u32>((size + PAGE_SIZE - 1) >> PAGE_SHIFT);
	if (pages > world.policy.memlock_pages)
		return -EPERM;
	memory->pages = pages;
	return 0;
}

int bpf_map_precharge_memlock(u32 pages)
{
	return pages > world.policy.memlock_pages ? -EPERM : 0;
}

void bpf_map_charge_finish(bpf_map_memory *memory)
{
	memory->pages = 0;
}

int bpf_prog_new_fd(u32 type, u32 expected_attach_type, u32 (*bpf_func)(xdp_buff *), bpf_map *used_map)
{
	const u32 fd = world.progs_loaded + 1;
	if (fd >= std::size(world.progs))
		return -EMFILE;
	prog_object *const object = kzalloc(sizeof(prog_object), GFP_USER | __GFP_NOFAIL);
	object->prog = {type, expected_attach_type, &object->aux, bpf_func};
	object->aux.id = 100 + fd;
	object->aux.used_map = used_map;
	if (used_map != nullptr)
		atomic_inc(&used_map->refcnt);
	atomic_set(&object->aux.refcnt, 1);
	world.progs[fd] = &object->prog;
	world.progs_loaded = fd;
	graze::Observe(cpumap::observed::kProgLoaded, reinterpret_cast<u64>(&object->prog), fd,
		       type == BPF_PROG_TYPE_XDP && expected_attach_type == BPF_XDP_CPUMAP ? object->aux.id : 0);
	return static_cast<int>(fd);
}

bpf_prog *bpf_prog_of_fd(int fd)
{
	return fd > 0 && static_cast<size_t>(fd) < std::size(world.progs) ? world.progs[fd] : nullptr;
}

bpf_prog *bpf_prog_get_type(int fd, u32 type, src site)
{
	bpf_prog *const prog = bpf_prog_of_fd(fd);
	if (prog == nullptr)
		return ERR_PTR(-EBADF);
	if (prog->type != type)
		return ERR_PTR(-EINVAL);
	const int references = atomic_fetch_add_relaxed(1, &prog->aux->refcnt, site) + 1;
	graze::Observe(cpumap::observed::kProgGet, reinterpret_cast<u64>(prog), static_cast<u64>(references));
	return prog;
}

void bpf_prog_put(bpf_prog *prog, src site)
{
	const int references = atomic_dec_return(&prog->aux->refcnt, site);
	graze::Observe(cpumap::observed::kProgPut, reinterpret_cast<u64>(prog), static_cast<u64>(references));
	if (references < 0)
		graze::Fail("I-PROG", "more puts than gets of a program", site);
	graze::CountCheck("I-PROG");
	if (references == 0)
		call_rcu(&prog->aux->rcu, &FreeProg, site);
}

u32 bpf_prog_run_xdp(const bpf_prog *prog, xdp_buff *xdp, src site)
{
	if (!in_softirq())
		graze::Warn("I-CTX", "program run with BH on", site);
	graze::CountCheck("I-CTX");
	graze::TouchObject(prog, /*write=*/false, site);
	graze::Observe(cpumap::observed::kProgRun, reinterpret_cast<u64>(prog), reinterpret_cast<u64>(xdp->data_hard_start));
	return prog->bpf_func(xdp);
}

void bpf_warn_invalid_xdp_action(u32)
{
}

void bpf_warn_invalid_xdp_action(const net_device *, const bpf_prog *, u32)
{
}

bool bpf_map_meta_equal(const bpf_map *one, const bpf_map *other)
{
	return one->map_type == other->map_type && one->key_size == other->key_size && one->value_size == other->value_size &&
	       one->map_flags == other->map_flags;
}

} // namespace kernel
