// SPDX-License-Identifier: GPL-2.0-only
// What drivers and programs call of the redirect glue, net/core/filter.c, of a generation's kernel.
#ifndef MODEL_CPUMAP_REDIRECT_GLUE_H_
#define MODEL_CPUMAP_REDIRECT_GLUE_H_

#include "model/kernel/types.h"

namespace kernel {

struct bpf_map;
struct bpf_prog;
struct net_device;
struct sk_buff;
struct xdp_buff;

struct redirect_glue {
	u32 (*redirect_map)(struct bpf_map *map, u32 key, u64 flags, const struct bpf_prog *caller); // the helper of programs
	int (*do_redirect)(struct net_device *dev, struct xdp_buff *xdp, struct bpf_prog *xdp_prog);
	void (*flush)(void); // at the end of a poll
	bool (*return_frame_no_direct)(void);
	void (*name_words)(void); // names the words of its own state in traces
	// Null where there is nothing to do, or no such thing.
	void (*poll_begin)(void) = nullptr; // around a poll
	void (*poll_end)(void) = nullptr;
	int (*do_generic_redirect)(struct net_device *dev, struct sk_buff *skb, struct xdp_buff *xdp, struct bpf_prog *xdp_prog) = nullptr;
};

} // namespace kernel

#endif // MODEL_CPUMAP_REDIRECT_GLUE_H_
