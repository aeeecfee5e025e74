// SPDX-License-Identifier: GPL-2.0-only
#include "model/cpumap/syscall.h"

#include "checker/api/call.h"
#include "checker/api/ops.h"
#include "model/cpumap/bpf_fd.h"
#include "model/cpumap/generations.h"
#include "model/kernel/atomic.h"
#include "model/kernel/cpumask.h"

namespace cpumap {

namespace {

using namespace kernel;

void FreeDeferred(work_struct *work)
{
	bpf_map *const map = container_of(work, bpf_map, work);
	bpf_map_charge_finish(&map->memory);
	map->ops->map_free(map);
}

int CopyValue(const bpf_map *map, const void *found, bpf_cpumap_val *value)
{
	const auto *const shared = static_cast<const bpf_cpumap_val_shared *>(found);
	*value = {};
	value->qsize = shared->qsize;
	if (map->value_size > offsetofend(bpf_cpumap_val, qsize))
		value->bpf_prog.id = shared->bpf_prog.id;
	return 0;
}

// Tells monitors when an operation begins and what it gives.
class MapCall {
public:
	MapCall(const bpf_map *map, observed::MapOp op, u32 key, u32 qsize = 0, int fd = 0, u64 flags = 0)
		: id_(map->id)
	{
		graze::Observe(observed::kMapCall, id_, key,
			       op | (flags & 0xff) << 8 | static_cast<u64>(fd & 0xffff) << 16 | static_cast<u64>(qsize) << 32);
	}
	int returns(int error, const bpf_cpumap_val *found = nullptr) const
	{
		return gives(error, found != nullptr ? found->qsize | static_cast<u64>(found->bpf_prog.id) << 32 : 0);
	}
	int gives(int error, u64 value) const
	{
		graze::Observe(observed::kMapReturn, id_, static_cast<u64>(-error), error == 0 ? value : 0);
		return error;
	}

private:
	u32 id_;
};

u64 PossibleCpus()
{
	u64 mask = 0;
	int cpu;
	for_each_possible_cpu(cpu)
		mask |= u64{1} << cpu;
	return mask;
}

} // namespace

bpf_map *MapCreate(const MapOptions &options, int *error)
{
	bpf_attr attr = {};
	attr.map_type = BPF_MAP_TYPE_CPUMAP;
	attr.key_size = options.key_size;
	attr.value_size = options.value_size;
	attr.max_entries = options.max_entries;
	attr.map_flags = options.map_flags;
	bpf_map *const map = Booted().ops->map_alloc(&attr);
	const int failed = PTR_ERR_OR_ZERO(map);
	if (error != nullptr)
		*error = failed;
	if (failed != 0)
		return nullptr;
	map->ops = Booted().ops;
	atomic_set(&map->refcnt, 1);
	graze::Observe(observed::kMapCreated, map->id, map->max_entries, PossibleCpus());
	return map;
}

void MapPut(bpf_map *map)
{
	GRAZE_CALL(call, "map_put", map->id);
	bpf_map_put(map);
}

int Update(bpf_map *map, u32 key, u32 qsize, int prog_fd, u64 flags)
{
	GRAZE_CALL(call, "update", key, qsize, prog_fd, flags);
	const MapCall seen(map, observed::kUpdate, key, qsize, prog_fd, flags);
	bpf_cpumap_val value = {qsize, {prog_fd}};
	return call.returns(seen.returns(map->ops->map_update_elem(map, &key, &value, flags)));
}

int Delete(bpf_map *map, u32 key)
{
	GRAZE_CALL(call, "delete", key);
	const MapCall seen(map, observed::kDelete, key);
	rcu_read_lock();
	const int error = map->ops->map_delete_elem(map, &key);
	rcu_read_unlock();
	return call.returns(seen.returns(error));
}

int Lookup(bpf_map *map, u32 key, bpf_cpumap_val *value)
{
	GRAZE_CALL(call, "lookup", key);
	const MapCall seen(map, observed::kLookup, key);
	rcu_read_lock();
	const void *const found = map->ops->map_lookup_elem(map, &key);
	const int error = found != nullptr ? CopyValue(map, found, value) : -ENOENT;
	rcu_read_unlock();
	return call.returns(seen.returns(error, value));
}

int NextKey(bpf_map *map, const u32 *key, u32 *next)
{
	const bool from_start = key == nullptr;
	u32 copy = from_start ? 0 : *key;
	GRAZE_CALL(call, from_start ? "first key" : "next key", copy);
	const MapCall seen(map, observed::kNextKey, copy, 0, 0, from_start ? 1 : 0);
	rcu_read_lock();
	const int error = map->ops->map_get_next_key(map, from_start ? nullptr : &copy, next);
	rcu_read_unlock();
	return call.returns(seen.gives(error, *next));
}

int ProgLoad(ProgramBody run, u32 expected_attach_type, bpf_map *used_map)
{
	return bpf_prog_new_fd(BPF_PROG_TYPE_XDP, expected_attach_type, run, used_map);
}

void ProgClose(int fd)
{
	if (fd == 0)
		return;
	graze::Observe(observed::kProgClosed, reinterpret_cast<u64>(bpf_prog_of_fd(fd)));
	bpf_prog_put(bpf_prog_of_fd(fd));
}

const void *ProgOfFd(int fd)
{
	return bpf_prog_of_fd(fd);
}

} // namespace cpumap

namespace kernel {

void bpf_map_put(bpf_map *map)
{
	if (atomic_dec_and_test(&map->refcnt)) {
		INIT_WORK(&map->work, &cpumap::FreeDeferred);
		schedule_work(&map->work);
	}
}

} // namespace kernel
