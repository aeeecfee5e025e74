// SPDX-License-Identifier: GPL-2.0-only
#include "model/cpumap/gro_stub.h"

namespace kernel {

namespace {

// Takes the oldest skb from the node, or null.
sk_buff *TakeFirst(gro_node *gro)
{
	sk_buff *const skb = gro->first;
	if (skb == nullptr)
		return nullptr;
	gro->first = skb->next;
	if (gro->first == nullptr)
		gro->last = nullptr;
	skb->next = nullptr;
	return skb;
}

} // namespace

void gro_init(gro_node *gro)
{
	gro->held = 0;
	gro->first = gro->last = nullptr;
}

void gro_receive_skb(gro_node *gro, sk_buff *skb)
{
	gro->held++;
	skb->next = nullptr;
	if (gro->last != nullptr)
		gro->last->next = skb;
	else
		gro->first = skb;
	gro->last = skb;
}

void gro_flush_normal(gro_node *gro, bool flush_old)
{
	if (gro->held == 0 || flush_old)
		return;
	gro->held = 0;
	while (sk_buff *const skb = TakeFirst(gro))
		netif_receive_skb_core(skb);
}

void gro_cleanup(gro_node *gro)
{
	gro->held = 0;
	while (sk_buff *const skb = TakeFirst(gro))
		kfree_skb(skb);
}

} // namespace kernel
