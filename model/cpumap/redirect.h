// SPDX-License-Identifier: GPL-2.0-only
// Kind: port of net/core/filter.c and <linux/filter.h> as of v5.9, as far as a cpumap is the target. In v5.8 they are the same there.
//
// The glue of other kernels is a file of its own each; what drivers and programs call is in the generation's `redirect_glue`.
#ifndef MODEL_CPUMAP_REDIRECT_H_
#define MODEL_CPUMAP_REDIRECT_H_

#include "model/cpumap/bpf.h"
#include "model/cpumap/redirect_glue.h"
#include "model/cpumap/xdp.h"

namespace kernel {

extern const struct redirect_glue redirect_glue_v4_18, redirect_glue_v5_0;
extern const struct redirect_glue redirect_glue_v5_6; // of v5.6 to v5.9 at least

u32 bpf_xdp_redirect_map(struct bpf_map *map, u32 ifindex, u64 flags);
int xdp_do_redirect(struct net_device *dev, struct xdp_buff *xdp, struct bpf_prog *xdp_prog);
void xdp_do_flush_map(void);
void bpf_clear_redirect_map(struct bpf_map *map);

namespace redirect_v5_0 {
void bpf_clear_redirect_map(struct bpf_map *map);
}

bool xdp_return_frame_no_direct(void);
void xdp_set_return_frame_no_direct(void);
void xdp_clear_return_frame_no_direct(void);

} // namespace kernel

#endif // MODEL_CPUMAP_REDIRECT_H_
