// SPDX-License-Identifier: GPL-2.0-only
// Kind: port of net/core/filter.c and <linux/filter.h> as of v5.9, as far as a cpumap is the target.
#include "model/cpumap/redirect.h"

#include "checker/api/ops.h"
#include "model/cpumap/generations.h"
#include "model/cpumap/observed_calls.h"
#include "model/kernel/cmpxchg.h"
#include "model/kernel/percpu.h"

namespace kernel {

#define BPF_RI_F_RF_NO_DIRECT (1u << 0)

// port: elided flags and tgt_index
struct bpf_redirect_info {
	plain<void *> tgt_value;
	plain<struct bpf_map *> map;
	plain<u32> kern_flags;
};

static DEFINE_PER_CPU(struct bpf_redirect_info, bpf_redirect_info);

static void bpf_redirect_name_words(void)
{
	cpumap::NamePerCpuWord(&bpf_redirect_info, offsetof(struct bpf_redirect_info, tgt_value), "ri.tgt_value");
	cpumap::NamePerCpuWord(&bpf_redirect_info, offsetof(struct bpf_redirect_info, map), "ri.map");
	cpumap::NamePerCpuWord(&bpf_redirect_info, offsetof(struct bpf_redirect_info, kern_flags), "ri.kern_flags");
}

bool xdp_return_frame_no_direct(void)
{
	struct bpf_redirect_info *ri = this_cpu_ptr(&bpf_redirect_info);

	return ri->kern_flags & BPF_RI_F_RF_NO_DIRECT;
}

void xdp_set_return_frame_no_direct(void)
{
	struct bpf_redirect_info *ri = this_cpu_ptr(&bpf_redirect_info);

	ri->kern_flags |= BPF_RI_F_RF_NO_DIRECT;
}

void xdp_clear_return_frame_no_direct(void)
{
	struct bpf_redirect_info *ri = this_cpu_ptr(&bpf_redirect_info);

	ri->kern_flags &= ~BPF_RI_F_RF_NO_DIRECT;
}

// port: a cpumap is the only target
static int __bpf_tx_xdp_map(struct net_device *dev_rx, void *fwd,
			    struct bpf_map *map, struct xdp_buff *xdp)
{
	u64 frame = reinterpret_cast<u64>(xdp->data_hard_start);
	int err;

	(void)map;
	err = cpumap::Booted().enqueue(fwd, xdp, dev_rx);
	graze::Observe(err ? cpumap::observed::kFrameRefused : cpumap::observed::kFrameStaged, frame,
		       reinterpret_cast<u64>(fwd), static_cast<u64>(err ? -err : graze::ThreadCpu()));
	return err;
}

void xdp_do_flush_map(void)
{
	cpumap::Booted().flush();
}

void bpf_clear_redirect_map(struct bpf_map *map)
{
	struct bpf_redirect_info *ri;
	int cpu;

	for_each_possible_cpu(cpu) {
		ri = per_cpu_ptr(&bpf_redirect_info, cpu);
		if (unlikely(READ_ONCE(ri->map) == map))
			cmpxchg(&ri->map, map, nullptr);
	}
}

int xdp_do_redirect(struct net_device *dev, struct xdp_buff *xdp,
		    struct bpf_prog *xdp_prog)
{
	struct bpf_redirect_info *ri = this_cpu_ptr(&bpf_redirect_info);
	struct bpf_map *map = READ_ONCE(ri->map);
	void *fwd = ri->tgt_value;
	int err;

	(void)xdp_prog;
	ri->tgt_value = nullptr;
	WRITE_ONCE(ri->map, nullptr);

	// port: a redirect without a map finds no device
	if (unlikely(!map))
		err = -EINVAL;
	else
		err = __bpf_tx_xdp_map(dev, fwd, map, xdp);

	return err;
}

u32 bpf_xdp_redirect_map(struct bpf_map *map, u32 ifindex, u64 flags)
{
	struct bpf_redirect_info *ri = this_cpu_ptr(&bpf_redirect_info);

	if (unlikely(flags > XDP_TX))
		return XDP_ABORTED;

	ri->tgt_value = cpumap::Booted().lookup(map, ifindex);
	if (unlikely(!ri->tgt_value)) {
		WRITE_ONCE(ri->map, nullptr);
		return static_cast<u32>(flags);
	}

	WRITE_ONCE(ri->map, map);

	return XDP_REDIRECT;
}

const struct redirect_glue redirect_glue_v5_6 = {
	.redirect_map = [](struct bpf_map *map, u32 key, u64 flags, const struct bpf_prog *) {
		return bpf_xdp_redirect_map(map, key, flags);
	},
	.do_redirect = xdp_do_redirect,
	.flush = xdp_do_flush_map,
	.return_frame_no_direct = xdp_return_frame_no_direct,
	.name_words = bpf_redirect_name_words,
};

} // namespace kernel
