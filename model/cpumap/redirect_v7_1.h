// SPDX-License-Identifier: GPL-2.0-only
// Kind: port of net/core/filter.c and <linux/filter.h> as of v7.1, as far as a cpumap is the target. What v5.9 keeps per CPU is here in an
// object on the stack of whoever runs programs: bpf_net_context, found through the current task.
//
// Its flush list is a tracked object of its own (a `bpf_net_context` in traces) from its first use until bpf_net_ctx_clear(): a staging
// queue that is still on it then leads into a dead stack frame, and following it breaks I-UAF. The rest belongs to one task and is ordinary
// memory.
#ifndef MODEL_CPUMAP_REDIRECT_V7_1_H_
#define MODEL_CPUMAP_REDIRECT_V7_1_H_

#include "model/cpumap/bpf.h"
#include "model/cpumap/redirect_glue.h"
#include "model/cpumap/xdp.h"
#include "model/kernel/list.h"

namespace kernel {

struct sk_buff;

// The names are those of other kernels' glue too.
inline namespace filter_v7_1 {

struct bpf_redirect_info {
	u64 tgt_index;
	void *tgt_value;
	u32 flags;
	u32 map_id;
	u32 map_type;
	u32 kern_flags;
};

struct bpf_net_context {
	struct bpf_redirect_info ri;
	struct list_head *cpu_map_flush_list; // port: tracked object
};

struct bpf_net_context *bpf_net_ctx_set(struct bpf_net_context *bpf_net_ctx);
void bpf_net_ctx_clear(struct bpf_net_context *bpf_net_ctx);
struct list_head *bpf_net_ctx_get_cpu_map_flush_list(void);

long __bpf_xdp_redirect_map(struct bpf_map *map, u64 index, u64 flags, const u64 flag_mask,
			    void *lookup_elem(struct bpf_map *map, u32 key));
int xdp_do_redirect(struct net_device *dev, struct xdp_buff *xdp, struct bpf_prog *xdp_prog);
int xdp_do_generic_redirect(struct net_device *dev, struct sk_buff *skb, struct xdp_buff *xdp, struct bpf_prog *xdp_prog);
void xdp_do_flush(void);
void xdp_do_check_flushed(src site = src::here());

bool xdp_return_frame_no_direct(void);
void xdp_set_return_frame_no_direct(void);
void xdp_clear_return_frame_no_direct(void);

} // namespace filter_v7_1

extern const struct redirect_glue redirect_glue_v7_1;

} // namespace kernel

#endif // MODEL_CPUMAP_REDIRECT_V7_1_H_
