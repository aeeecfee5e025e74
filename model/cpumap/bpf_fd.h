// SPDX-License-Identifier: GPL-2.0-only
// File descriptors of programs, for the system calls (syscall.h).
#ifndef MODEL_CPUMAP_BPF_FD_H_
#define MODEL_CPUMAP_BPF_FD_H_

#include "model/cpumap/bpf.h"

namespace kernel {

// A new program with one reference, the descriptor's: its number, or -EMFILE. It keeps `used_map` alive, unless that is null.
int bpf_prog_new_fd(u32 type, u32 expected_attach_type, u32 (*bpf_func)(xdp_buff *), bpf_map *used_map = nullptr);
// Null if nothing was ever opened there.
bpf_prog *bpf_prog_of_fd(int fd);

} // namespace kernel

#endif // MODEL_CPUMAP_BPF_FD_H_
