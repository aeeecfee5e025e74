// SPDX-License-Identifier: GPL-2.0-only
// Kind: model of kernel/bpf/syscall.c; the map commands of bpf(2), each in the context that it gives to the map's operations. Copies of
// keys and values from and to user space cannot fail here; file descriptors of maps are pointers.
//
// Calls and their results appear in traces. Maps are made by the scenario's first thread, before it starts others.
#ifndef MODEL_CPUMAP_SYSCALL_H_
#define MODEL_CPUMAP_SYSCALL_H_

#include "model/cpumap/bpf.h"
#include "model/cpumap/generations.h"

namespace cpumap {

struct MapOptions {
	kernel::u32 max_entries = 2;
	kernel::u32 key_size = 4;
	kernel::u32 value_size = Booted().has_prog ? 8 : 4; // 4: entries without a program
	kernel::u32 map_flags = 0;
};
// BPF_MAP_CREATE: the map, or null with the negative errno in *error.
kernel::bpf_map *MapCreate(const MapOptions &options = {}, int *error = nullptr);
// Drops the reference that MapCreate gave. The last one frees the map from a work queue, as the kernel does.
void MapPut(kernel::bpf_map *map);

// BPF_MAP_{UPDATE,DELETE,LOOKUP}_ELEM and BPF_MAP_GET_NEXT_KEY: 0 or the negative errno.
int Update(kernel::bpf_map *map, kernel::u32 key, kernel::u32 qsize, int prog_fd = 0, kernel::u64 flags = kernel::BPF_ANY);
int Delete(kernel::bpf_map *map, kernel::u32 key);
int Lookup(kernel::bpf_map *map, kernel::u32 key, kernel::bpf_cpumap_val *value);
int NextKey(kernel::bpf_map *map, const kernel::u32 *key, kernel::u32 *next);

// BPF_PROG_LOAD of an XDP program for entries of a cpumap (or of another attach type): its file descriptor, > 0. `run` is called for each
// frame with BH off. A program that looks into a map names it and keeps it alive. Programs are loaded by the scenario's first thread,
// before it starts others.
using ProgramBody = kernel::u32 (*)(kernel::xdp_buff *xdp);
int ProgLoad(ProgramBody run, kernel::u32 expected_attach_type = kernel::BPF_XDP_CPUMAP, kernel::bpf_map *used_map = nullptr);
// Closes the descriptor; entries may still hold the program. 0 is no descriptor.
void ProgClose(int fd);
const void *ProgOfFd(int fd);

} // namespace cpumap

#endif // MODEL_CPUMAP_SYSCALL_H_
