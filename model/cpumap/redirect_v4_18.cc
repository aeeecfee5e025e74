// SPDX-License-Identifier: GPL-2.0-only
// Kind: port of net/core/filter.c and <linux/filter.h> as of v4.18-rc1, as far as a cpumap is the target.
#include "checker/api/ops.h"
#include "model/cpumap/generations.h"
#include "model/cpumap/observed_calls.h"
#include "model/cpumap/redirect.h"
#include "model/kernel/cmpxchg.h"
#include "model/kernel/percpu.h"

namespace cpumap::v4_18 {

struct bpf_cpu_map_entry;
int cpu_map_enqueue(struct bpf_cpu_map_entry *rcpu, struct kernel::xdp_buff *xdp, struct kernel::net_device *dev_rx);
void __cpu_map_insert_ctx(struct kernel::bpf_map *map, kernel::u32 bit);
void __cpu_map_flush(struct kernel::bpf_map *map);
struct bpf_cpu_map_entry *__cpu_map_lookup_elem(struct kernel::bpf_map *map, kernel::u32 key);

} // namespace cpumap::v4_18

namespace kernel::redirect_v4_18 {

using namespace ::cpumap::v4_18;

// port: elided flags
struct redirect_info {
	plain<u32> ifindex;
	plain<struct bpf_map *> map;
	plain<struct bpf_map *> map_to_flush;
	plain<unsigned long> map_owner;
};

static DEFINE_PER_CPU(struct redirect_info, redirect_info);

// port: a cpumap is the only target
static int __bpf_tx_xdp_map(struct net_device *dev_rx, void *fwd,
			    struct bpf_map *map,
			    struct xdp_buff *xdp,
			    u32 index)
{
	struct bpf_cpu_map_entry *rcpu = static_cast<struct bpf_cpu_map_entry *>(fwd);
	u64 frame = reinterpret_cast<u64>(xdp->data_hard_start);
	int err;

	err = cpu_map_enqueue(rcpu, xdp, dev_rx);
	graze::Observe(err ? cpumap::observed::kFrameRefused : cpumap::observed::kFrameStaged, frame,
		       reinterpret_cast<u64>(fwd), static_cast<u64>(err ? -err : graze::ThreadCpu()));
	if (unlikely(err))
		return err;
	__cpu_map_insert_ctx(map, index);
	return 0;
}

static void xdp_do_flush_map(void)
{
	struct redirect_info *ri = this_cpu_ptr(&redirect_info);
	struct bpf_map *map = ri->map_to_flush;

	ri->map_to_flush = nullptr;
	if (map)
		__cpu_map_flush(map);
}

static bool xdp_map_invalid(const struct bpf_prog *xdp_prog,
			    unsigned long aux)
{
	return reinterpret_cast<unsigned long>(xdp_prog->aux) != aux;
}

static int xdp_do_redirect_map(struct net_device *dev, struct xdp_buff *xdp,
			       struct bpf_prog *xdp_prog)
{
	struct redirect_info *ri = this_cpu_ptr(&redirect_info);
	unsigned long map_owner = ri->map_owner;
	struct bpf_map *map = ri->map;
	u32 index = ri->ifindex;
	void *fwd = nullptr;
	int err;

	ri->ifindex = 0;
	ri->map = nullptr;
	ri->map_owner = 0;

	if (unlikely(xdp_map_invalid(xdp_prog, map_owner))) {
		graze::Observe(cpumap::observed::kFrameRefused, reinterpret_cast<u64>(xdp->data_hard_start), 0, EFAULT);
		return -EFAULT;
	}

	fwd = __cpu_map_lookup_elem(map, index);
	if (!fwd) {
		graze::Observe(cpumap::observed::kFrameRefused, reinterpret_cast<u64>(xdp->data_hard_start), 0, EINVAL);
		return -EINVAL;
	}
	if (ri->map_to_flush && ri->map_to_flush != map)
		xdp_do_flush_map();

	err = __bpf_tx_xdp_map(dev, fwd, map, xdp, index);
	if (unlikely(err))
		return err;

	ri->map_to_flush = map;
	return 0;
}

static int xdp_do_redirect(struct net_device *dev, struct xdp_buff *xdp,
			   struct bpf_prog *xdp_prog)
{
	struct redirect_info *ri = this_cpu_ptr(&redirect_info);

	if (ri->map)
		return xdp_do_redirect_map(dev, xdp, xdp_prog);

	// port: a redirect without a map finds no device
	ri->ifindex = 0;
	return -EINVAL;
}

// port: the verifier puts the program's `aux` into map_owner
static u32 bpf_xdp_redirect_map(struct bpf_map *map, u32 ifindex, u64 flags, const struct bpf_prog *prog)
{
	struct redirect_info *ri = this_cpu_ptr(&redirect_info);

	if (unlikely(flags))
		return XDP_ABORTED;

	ri->ifindex = ifindex;
	ri->map = map;
	ri->map_owner = reinterpret_cast<unsigned long>(prog->aux);

	return XDP_REDIRECT;
}

// There is no such switch yet.
static bool xdp_return_frame_no_direct(void)
{
	return false;
}

static void bpf_redirect_name_words(void)
{
	cpumap::NamePerCpuWord(&redirect_info, offsetof(struct redirect_info, ifindex), "ri.ifindex");
	cpumap::NamePerCpuWord(&redirect_info, offsetof(struct redirect_info, map), "ri.map");
	cpumap::NamePerCpuWord(&redirect_info, offsetof(struct redirect_info, map_to_flush), "ri.map_to_flush");
	cpumap::NamePerCpuWord(&redirect_info, offsetof(struct redirect_info, map_owner), "ri.map_owner");
}

} // namespace kernel::redirect_v4_18

namespace kernel {

const struct redirect_glue redirect_glue_v4_18 = {
	.redirect_map = redirect_v4_18::bpf_xdp_redirect_map,
	.do_redirect = redirect_v4_18::xdp_do_redirect,
	.flush = redirect_v4_18::xdp_do_flush_map,
	.return_frame_no_direct = redirect_v4_18::xdp_return_frame_no_direct,
	.name_words = redirect_v4_18::bpf_redirect_name_words,
};

} // namespace kernel
