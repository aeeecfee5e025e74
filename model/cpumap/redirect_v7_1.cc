// SPDX-License-Identifier: GPL-2.0-only
// Kind: port of net/core/filter.c and <linux/filter.h> as of v7.1, as far as a cpumap is the target.
#include "model/cpumap/redirect_v7_1.h"

#include <climits>
#include <new>

#include "checker/api/explore.h"
#include "checker/api/ops.h"
#include "model/cpumap/generations.h"
#include "model/cpumap/skb_stub.h"
#include "model/kernel/bug.h"

// What the cpumap of that kernel exports.
namespace cpumap::v7_1 {
struct bpf_cpu_map_entry;
int cpu_map_enqueue(struct bpf_cpu_map_entry *rcpu, struct kernel::xdp_frame *xdpf, struct kernel::net_device *dev_rx);
int cpu_map_generic_redirect(struct bpf_cpu_map_entry *rcpu, struct kernel::sk_buff *skb);
void __cpu_map_flush(struct kernel::list_head *flush_list);
} // namespace cpumap::v7_1

namespace kernel {

namespace {

// port: the part of a context that others get to
struct flush_lists {
	struct list_head cpu_map_flush_list;
	struct list_head dev_map_flush_list;
	struct list_head xskmap_map_flush_list;
};

[[maybe_unused]] const bool named = [] {
	graze::RegisterFields("bpf_net_context", {{offsetof(flush_lists, cpu_map_flush_list.next), 8, "cpu_map_flush_list.next"},
						  {offsetof(flush_lists, cpu_map_flush_list.prev), 8, "cpu_map_flush_list.prev"},
						  {offsetof(flush_lists, dev_map_flush_list.next), 8, "dev_map_flush_list.next"},
						  {offsetof(flush_lists, dev_map_flush_list.prev), 8, "dev_map_flush_list.prev"}});
	return true;
}();

namespace observed = cpumap::observed;

// Before the map is asked, which never refuses: another task of the CPU may have flushed the frame by the time it answers.
void ObserveStaged(const xdp_frame *frame, const void *fwd)
{
	graze::Observe(observed::kFrameStaged, reinterpret_cast<u64>(frame), reinterpret_cast<u64>(fwd), static_cast<u64>(graze::ThreadCpu()));
}

} // namespace

inline namespace filter_v7_1 {

#define BPF_RI_F_RF_NO_DIRECT (1u << 0)
#define BPF_RI_F_RI_INIT      (1u << 1)
#define BPF_RI_F_CPU_MAP_INIT (1u << 2)

struct bpf_net_context *bpf_net_ctx_set(struct bpf_net_context *bpf_net_ctx)
{
	if (graze_task_private() != NULL)
		return NULL;
	bpf_net_ctx->ri.kern_flags = 0;
	bpf_net_ctx->cpu_map_flush_list = NULL;

	graze_set_task_private(bpf_net_ctx);
	return bpf_net_ctx;
}

void bpf_net_ctx_clear(struct bpf_net_context *bpf_net_ctx)
{
	if (bpf_net_ctx) {
		// port: tracked object
		kfree(bpf_net_ctx->cpu_map_flush_list);
		graze_set_task_private(NULL);
	}
}

static struct bpf_net_context *bpf_net_ctx_get(src site = src::here())
{
	if (graze_task_private() == NULL)
		graze::Fail("I-CTX", "XDP runs where no bpf_net_context is set", site);
	graze::CountCheck("I-CTX");
	return static_cast<struct bpf_net_context *>(graze_task_private());
}

static struct bpf_redirect_info *bpf_net_ctx_get_ri(void)
{
	struct bpf_net_context *bpf_net_ctx = bpf_net_ctx_get();

	if (!(bpf_net_ctx->ri.kern_flags & BPF_RI_F_RI_INIT)) {
		u32 kern_flags = bpf_net_ctx->ri.kern_flags;

		bpf_net_ctx->ri = {};
		bpf_net_ctx->ri.kern_flags = kern_flags | BPF_RI_F_RI_INIT;
	}

	return &bpf_net_ctx->ri;
}

struct list_head *bpf_net_ctx_get_cpu_map_flush_list(void)
{
	struct bpf_net_context *bpf_net_ctx = bpf_net_ctx_get();

	if (!(bpf_net_ctx->ri.kern_flags & BPF_RI_F_CPU_MAP_INIT)) {
		// port: tracked object
		bpf_net_ctx->cpu_map_flush_list = internal::allocate(sizeof(struct flush_lists), "bpf_net_context", GFP_ATOMIC | __GFP_NOFAIL);
		INIT_LIST_HEAD(bpf_net_ctx->cpu_map_flush_list);
		bpf_net_ctx->ri.kern_flags |= BPF_RI_F_CPU_MAP_INIT;
	}

	return bpf_net_ctx->cpu_map_flush_list;
}

static void bpf_net_ctx_get_all_used_flush_lists(struct list_head **lh_map)
{
	struct bpf_net_context *bpf_net_ctx = bpf_net_ctx_get();

	*lh_map = NULL;
	if (bpf_net_ctx->ri.kern_flags & BPF_RI_F_CPU_MAP_INIT && !list_empty(bpf_net_ctx->cpu_map_flush_list))
		*lh_map = bpf_net_ctx->cpu_map_flush_list;
}

bool xdp_return_frame_no_direct(void)
{
	struct bpf_redirect_info *ri = bpf_net_ctx_get_ri();

	return ri->kern_flags & BPF_RI_F_RF_NO_DIRECT;
}

void xdp_set_return_frame_no_direct(void)
{
	struct bpf_redirect_info *ri = bpf_net_ctx_get_ri();

	ri->kern_flags |= BPF_RI_F_RF_NO_DIRECT;
}

void xdp_clear_return_frame_no_direct(void)
{
	struct bpf_redirect_info *ri = bpf_net_ctx_get_ri();

	ri->kern_flags &= ~BPF_RI_F_RF_NO_DIRECT;
}

long __bpf_xdp_redirect_map(struct bpf_map *map, u64 index, u64 flags, const u64 flag_mask,
			    void *lookup_elem(struct bpf_map *map, u32 key))
{
	struct bpf_redirect_info *ri = bpf_net_ctx_get_ri();
	const u64 action_mask = XDP_ABORTED | XDP_DROP | XDP_PASS | XDP_TX;

	if (unlikely(flags & ~(action_mask | flag_mask)))
		return XDP_ABORTED;

	ri->tgt_value = lookup_elem(map, static_cast<u32>(index));
	if (unlikely(!ri->tgt_value)) {
		ri->map_id = INT_MAX;
		ri->map_type = BPF_MAP_TYPE_UNSPEC;
		return static_cast<long>(flags & action_mask);
	}

	ri->tgt_index = index;
	ri->map_id = map->id;
	ri->map_type = map->map_type;

	return XDP_REDIRECT;
}

void xdp_do_flush(void)
{
	struct list_head *lh_map;

	bpf_net_ctx_get_all_used_flush_lists(&lh_map);
	if (lh_map)
		cpumap::v7_1::__cpu_map_flush(lh_map);
}

// CONFIG_DEBUG_NET, at the end of a poll.
void xdp_do_check_flushed(src site)
{
	struct list_head *lh_map;

	bpf_net_ctx_get_all_used_flush_lists(&lh_map);
	if (lh_map)
		graze::Warn("I-LIST", "a poll ends with staging queues on its flush list", site);
	graze::CountCheck("I-LIST");
}

static int __xdp_do_redirect_frame(struct bpf_redirect_info *ri, struct net_device *dev, struct xdp_frame *xdpf)
{
	u32 map_type = ri->map_type;
	void *fwd = ri->tgt_value;
	int err;

	ri->map_id = 0;
	ri->flags = 0;
	ri->map_type = BPF_MAP_TYPE_UNSPEC;

	if (unlikely(!xdpf)) {
		err = -EOVERFLOW;
		goto err;
	}

	switch (map_type) {
	case BPF_MAP_TYPE_CPUMAP:
		ObserveStaged(xdpf, fwd);
		err = cpumap::v7_1::cpu_map_enqueue(static_cast<cpumap::v7_1::bpf_cpu_map_entry *>(fwd), xdpf, dev);
		break;
	default: // port: a redirect without a map finds no device
		err = -EBADRQC;
	}
err:
	return err;
}

int xdp_do_redirect(struct net_device *dev, struct xdp_buff *xdp, struct bpf_prog *xdp_prog)
{
	struct bpf_redirect_info *ri = bpf_net_ctx_get_ri();
	u64 frame = reinterpret_cast<u64>(xdp->data_hard_start);
	int err;

	(void)xdp_prog;
	err = __xdp_do_redirect_frame(ri, dev, xdp_convert_buff_to_frame(xdp));
	if (err)
		graze::Observe(observed::kFrameRefused, frame, 0, static_cast<u64>(-err));
	return err;
}

int xdp_do_generic_redirect(struct net_device *dev, struct sk_buff *skb, struct xdp_buff *xdp, struct bpf_prog *xdp_prog)
{
	struct bpf_redirect_info *ri = bpf_net_ctx_get_ri();
	u32 map_type = ri->map_type;
	void *fwd = ri->tgt_value;
	int err;

	(void)dev, (void)xdp, (void)xdp_prog;
	ri->map_id = 0;
	ri->flags = 0;
	ri->map_type = BPF_MAP_TYPE_UNSPEC;

	switch (map_type) {
	case BPF_MAP_TYPE_CPUMAP:
		err = cpumap::v7_1::cpu_map_generic_redirect(static_cast<cpumap::v7_1::bpf_cpu_map_entry *>(fwd), skb);
		break;
	default: // port: a redirect without a map finds no device
		err = -EBADRQC;
	}
	return err;
}

} // namespace filter_v7_1

namespace {

// The helper, inlined by the verifier to the map's own operation.
u32 RedirectMap(bpf_map *map, u32 key, u64 flags)
{
	return static_cast<u32>(map->ops->map_redirect(map, key, flags));
}

void BeginPoll()
{
	// On the stack of net_rx_action().
	bpf_net_ctx_set(new (graze::ArenaAllocate(sizeof(bpf_net_context), alignof(bpf_net_context))) bpf_net_context{});
}

void EndPoll()
{
	xdp_do_check_flushed();
	bpf_net_ctx_clear(bpf_net_ctx_get());
}

bool NoDirect()
{
	return graze_task_private() != NULL && xdp_return_frame_no_direct();
}

void NameWords()
{
}

} // namespace

const struct redirect_glue redirect_glue_v7_1 = {
	.redirect_map = [](struct bpf_map *map, u32 key, u64 flags, const struct bpf_prog *) { return RedirectMap(map, key, flags); },
	.do_redirect = xdp_do_redirect,
	.flush = xdp_do_flush,
	.return_frame_no_direct = NoDirect,
	.name_words = NameWords,
	.poll_begin = BeginPoll,
	.poll_end = EndPoll,
	.do_generic_redirect = xdp_do_generic_redirect,
};

} // namespace kernel
