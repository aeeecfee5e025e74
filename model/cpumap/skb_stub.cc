// SPDX-License-Identifier: GPL-2.0-only
#include "model/cpumap/skb_stub.h"

#include "checker/api/ops.h"
#include "model/cpumap/bpf.h"
#include "model/kernel/bottom_half.h"
#include "model/kernel/percpu.h"

namespace kernel {

namespace {

kmem_cache skb_cache = {"sk_buff", sizeof(sk_buff)};

constexpr u64 kSharedInfoAlign = 8; // it holds pointers, and a count that is changed atomically

void CheckSharedInfo(const u8 *data, unsigned frame_size, src site)
{
	size_t size = 0;
	const u8 *const buffer = static_cast<const u8 *>(graze::ObjectAround(data, &size));
	if (buffer == nullptr)
		return; // breaks other rules
	if (static_cast<u64>(data + frame_size - kSkbSharedInfoSize - buffer) % kSharedInfoAlign != 0)
		graze::Fail("I-SKB", "skb_shared_info is not aligned", site);
	if (frame_size < kSkbSharedInfoSize || data + frame_size > buffer + size)
		graze::Fail("I-SKB", "skb_shared_info reaches beyond the end of its buffer", site);
	graze::CountCheck("I-SKB");
}

} // namespace

kmem_cache *const skbuff_head_cache = &skb_cache;

sk_buff *build_skb(void *data, unsigned frame_size, src site)
{
	return build_skb_around(kmem_cache_alloc(skbuff_head_cache, GFP_ATOMIC, site), static_cast<u8 *>(data), frame_size, site);
}

sk_buff *build_skb_around(sk_buff *skb, u8 *data, unsigned frame_size, src site)
{
	if (skb == nullptr)
		return nullptr;
	CheckSharedInfo(data, frame_size, site);
	*skb = {};
	skb->head = data;
	skb->data = data;
	skb->truesize = frame_size;
	return skb;
}

static DEFINE_PER_CPU(u64, napi_alloc_cache); // skbs that wait to be used again: none

u32 napi_skb_cache_get_bulk(void_ptr *skbs, u32 n, src site)
{
	(void)this_cpu_ptr(&napi_alloc_cache, site);
	if (!in_softirq())
		graze::Warn("I-CTX", "napi_skb_cache_get_bulk() with BH on", site);
	graze::CountCheck("I-CTX");
	for (u32 i = 0; i < n; i++) {
		void *const skb = kmem_cache_alloc(skbuff_head_cache, GFP_ATOMIC | __GFP_ZERO, site);
		if (skb == nullptr)
			return i;
		skbs[i] = skb;
	}
	return n;
}

sk_buff *__xdp_build_skb_from_frame(xdp_frame *xdpf, sk_buff *skb, net_device *dev, src site)
{
	const u32 hard_start_headroom = static_cast<u32>(sizeof(*xdpf)) + xdpf->headroom;
	const u32 frame_size = xdpf->frame_sz;
	u8 *const hard_start = xdpf->data - hard_start_headroom;
	skb = build_skb_around(skb, hard_start, frame_size);
	if (skb == nullptr)
		return nullptr;
	skb_reserve(skb, hard_start_headroom);
	__skb_put(skb, xdpf->len);
	if (xdpf->metasize)
		skb_metadata_set(skb, xdpf->metasize);
	skb->protocol = eth_type_trans(skb, dev, site);
	xdp_scrub_frame(xdpf);
	return skb;
}

void kfree_skb(sk_buff *skb, cpumap::observed::Reason reason, src site)
{
	graze::Observe(cpumap::observed::kFrameReturned, reinterpret_cast<u64>(skb->head), reason, static_cast<u64>(graze::ThreadCpu()));
	kfree(skb->head, site);
	kmem_cache_free(skbuff_head_cache, skb, site);
}

sk_buff *skb_receive(u8 *buffer, u32 frame_sz, unsigned headroom, unsigned len, net_device *dev, src site)
{
	sk_buff *const skb = kmem_cache_alloc(skbuff_head_cache, GFP_ATOMIC | __GFP_ZERO | __GFP_NOFAIL, site);
	build_skb_around(skb, buffer, frame_sz);
	skb_reserve(skb, headroom);
	__skb_put(skb, len);
	skb->dev = dev;
	return skb;
}

u32 bpf_prog_run_generic_xdp(sk_buff *skb, xdp_buff *xdp, const bpf_prog *prog, src site)
{
	static xdp_rxq_info rxq = {};
	graze::TouchObject(skb, /*write=*/true, site);
	netdev_read(skb->dev, site); // its receive queue
	*xdp = {skb->data, skb->data + skb->len, skb->data, skb->head, &rxq, skb->truesize};
	const u32 act = bpf_prog_run_xdp(prog, xdp, site);
	skb->len = static_cast<u32>(xdp->data_end - xdp->data);
	skb->data = xdp->data;
	return act;
}

int netif_receive_skb_core(sk_buff *skb, src site)
{
	if (!in_softirq())
		graze::Warn("I-CTX", "netif_receive_skb_core() with BH on", site);
	graze::CountCheck("I-CTX");
	netdev_read(skb->dev, site); // who is to have the packet
	int result = NET_RX_SUCCESS;
	if (bpf_policy_now().stack_may_drop && graze::Choose(2, "the stack drops the packet", site) == 1)
		result = NET_RX_DROP;
	// The head may be behind the frame's header.
	const void *const buffer = graze::ObjectAround(skb->head, nullptr);
	const void *const frame = buffer != nullptr ? buffer : skb->head;
	graze::Observe(cpumap::observed::kFrameDelivered, reinterpret_cast<u64>(frame), static_cast<u64>(result));
	kfree(frame, site);
	kmem_cache_free(skbuff_head_cache, skb, site);
	return result;
}

} // namespace kernel
