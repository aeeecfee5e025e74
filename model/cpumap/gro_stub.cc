// SPDX-License-Identifier: GPL-2.0-only
#include "model/cpumap/gro_stub.h"

namespace kernel {

namespace {

// Calls `end` for `skb` and everything older, oldest first.
template <typename End>
void ForEachFromOldest(sk_buff *skb, End end)
{
	if (skb == nullptr)
		return;
	ForEachFromOldest(skb->next, end);
	end(skb);
}

} // namespace

void gro_init(gro_node *gro)
{
	gro->newest = nullptr;
}

void gro_receive_skb(gro_node *gro, sk_buff *skb)
{
	skb->next = gro->newest;
	gro->newest = skb;
}

void gro_flush_normal(gro_node *gro, bool flush_old)
{
	sk_buff *const newest = gro->newest;
	if (newest == nullptr || flush_old)
		return;
	gro->newest = nullptr;
	ForEachFromOldest(newest, [](sk_buff *skb) { netif_receive_skb_core(skb); });
}

void gro_cleanup(gro_node *gro)
{
	sk_buff *const newest = gro->newest;
	gro->newest = nullptr;
	ForEachFromOldest(newest, [](sk_buff *skb) { kfree_skb(skb); });
}

} // namespace kernel
