// SPDX-License-Identifier: GPL-2.0-only
#include "model/cpumap/skb_stub.h"

#include "checker/api/ops.h"
#include "model/cpumap/bpf.h"
#include "model/kernel/bottom_half.h"

namespace kernel {

namespace {

kmem_cache skb_cache = {"sk_buff", sizeof(sk_buff)};

} // namespace

kmem_cache *const skbuff_head_cache = &skb_cache;

sk_buff *build_skb_around(sk_buff *skb, u8 *data, unsigned frame_size)
{
	if (skb == nullptr)
		return nullptr;
	*skb = {};
	skb->head = data;
	skb->data = data;
	skb->truesize = frame_size;
	return skb;
}

int netif_receive_skb_core(sk_buff *skb, src site)
{
	if (!in_softirq())
		graze::Warn("I-CTX", "netif_receive_skb_core() with BH on", site);
	graze::CountCheck("I-CTX");
	int result = NET_RX_SUCCESS;
	if (bpf_policy_now().stack_may_drop && graze::Choose(2, "the stack drops the packet", site) == 1)
		result = NET_RX_DROP;
	graze::Observe(cpumap::observed::kFrameDelivered, reinterpret_cast<u64>(skb->head), static_cast<u64>(result));
	kfree(skb->head, site);
	kmem_cache_free(skbuff_head_cache, skb, site);
	return result;
}

} // namespace kernel
