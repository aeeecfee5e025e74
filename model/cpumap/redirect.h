// SPDX-License-Identifier: GPL-2.0-only
// Kind: port of net/core/filter.c and <linux/filter.h> as of v5.9, as far as a cpumap is the target.
#ifndef MODEL_CPUMAP_REDIRECT_H_
#define MODEL_CPUMAP_REDIRECT_H_

#include "model/cpumap/bpf.h"
#include "model/cpumap/xdp.h"

namespace kernel {

u32 bpf_xdp_redirect_map(struct bpf_map *map, u32 ifindex, u64 flags);
int xdp_do_redirect(struct net_device *dev, struct xdp_buff *xdp, struct bpf_prog *xdp_prog);
void xdp_do_flush_map(void);
void bpf_clear_redirect_map(struct bpf_map *map);

bool xdp_return_frame_no_direct(void);
void xdp_set_return_frame_no_direct(void);
void xdp_clear_return_frame_no_direct(void);

// Names the words of bpf_redirect_info in traces.
void bpf_redirect_name_words(void);

} // namespace kernel

#endif // MODEL_CPUMAP_REDIRECT_H_
