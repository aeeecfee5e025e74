// SPDX-License-Identifier: GPL-2.0-only
// Kind: model of <linux/skbuff.h>, <linux/etherdevice.h> and netif_receive_skb_core(); an sk_buff is a counted object that carries its
// buffer to the stack, where both end. Belongs to one thread: its fields are ordinary memory.
#ifndef MODEL_CPUMAP_SKB_STUB_H_
#define MODEL_CPUMAP_SKB_STUB_H_

#include "model/cpumap/xdp.h"
#include "model/kernel/ptr_ring.h"
#include "model/kernel/slab.h"

namespace kernel {

struct sk_buff {
	u8 *head;
	u8 *data;
	u32 len;
	u32 truesize;
	u8 meta_len;
	__be16 protocol;
	net_device *dev;
};

extern kmem_cache *const skbuff_head_cache;
inline int kmem_cache_alloc_bulk(kmem_cache *cache, gfp_t gfp, int n, void_ptr *objects, src site = src::here())
{
	return kmem_cache_alloc_bulk(cache, gfp, static_cast<size_t>(n), reinterpret_cast<void **>(objects), site);
}

// Null for a null `skb`.
sk_buff *build_skb_around(sk_buff *skb, u8 *data, unsigned frame_size);
inline void skb_reserve(sk_buff *skb, unsigned len)
{
	skb->data += len;
}
inline void __skb_put(sk_buff *skb, unsigned len)
{
	skb->len += len;
}
inline void skb_metadata_set(sk_buff *skb, u32 meta_len)
{
	skb->meta_len = static_cast<u8>(meta_len);
}
inline __be16 eth_type_trans(sk_buff *skb, net_device *dev)
{
	skb->dev = dev;
	return 0;
}

enum { NET_RX_SUCCESS = 0,
       NET_RX_DROP = 1 };
// The end of the buffer and of the skb. The stack may drop where the policy says so. I-CTX with BH on.
int netif_receive_skb_core(sk_buff *skb, src site = src::here());

struct page;
inline page *virt_to_page(void *)
{
	return nullptr;
}
inline void prefetchw(const void *)
{
}

} // namespace kernel

#endif // MODEL_CPUMAP_SKB_STUB_H_
