// SPDX-License-Identifier: GPL-2.0-only
// Kind: model of <linux/skbuff.h>, <linux/etherdevice.h> and netif_receive_skb_core(); an sk_buff is a counted object that carries its
// buffer to the stack, where both end. Belongs to one thread: its fields are ordinary memory.
#ifndef MODEL_CPUMAP_SKB_STUB_H_
#define MODEL_CPUMAP_SKB_STUB_H_

#include "model/cpumap/xdp.h"
#include "model/kernel/ptr_ring.h"
#include "model/kernel/slab.h"

namespace kernel {

struct bpf_prog;

struct sk_buff {
	u8 *head;
	u8 *data;
	u32 len;
	u32 truesize;
	u8 meta_len;
	__be16 protocol;
	net_device *dev;
	u32 mac_len;
	bool redirected;
	sk_buff *next; // the one that a gro_node got before
};

extern kmem_cache *const skbuff_head_cache;
inline int kmem_cache_alloc_bulk(kmem_cache *cache, gfp_t gfp, int n, void_ptr *objects, src site = src::here())
{
	return kmem_cache_alloc_bulk(cache, gfp, static_cast<size_t>(n), reinterpret_cast<void **>(objects), site);
}

inline constexpr unsigned SMP_CACHE_BYTES = 64;
struct skb_shared_info {
	u8 opaque[kSkbSharedInfoSize];
};
#define SKB_DATA_ALIGN(x) (((x) + (::kernel::SMP_CACHE_BYTES - 1)) & ~(::kernel::SMP_CACHE_BYTES - 1))

// Both put skb_shared_info at the end of the `frame_size` bytes at `data`. I-SKB: that is inside of the buffer, and aligned for the words
// of skb_shared_info.
//
// Null when the configuration lets allocations fail and that of the skb does.
sk_buff *build_skb(void *data, unsigned frame_size, src site = src::here());
// Null for a null `skb`.
sk_buff *build_skb_around(sk_buff *skb, u8 *data, unsigned frame_size, src site = src::here());
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
inline __be16 eth_type_trans(sk_buff *skb, net_device *dev, src site = src::here())
{
	skb->dev = dev;
	netdev_read(dev, site); // its address, and whether it is a switch
	return 0;
}

inline void __skb_pull(sk_buff *skb, unsigned len)
{
	skb->data += len;
	skb->len -= len;
}
inline void skb_set_redirected(sk_buff *skb, bool)
{
	skb->redirected = true;
}
// So many of `n` as there is memory for, out of a cache of the CPU. I-CTX with BH on.
u32 napi_skb_cache_get_bulk(void_ptr *skbs, u32 n, src site = src::here());
sk_buff *__xdp_build_skb_from_frame(xdp_frame *xdpf, sk_buff *skb, net_device *dev, src site = src::here());
// The end of the buffer and of the skb, which never gets to the stack.
void kfree_skb(sk_buff *skb, cpumap::observed::Reason reason = cpumap::observed::kByOther, src site = src::here());
inline void napi_consume_skb(sk_buff *skb, int, cpumap::observed::Reason reason = cpumap::observed::kByOther, src site = src::here())
{
	kfree_skb(skb, reason, site);
}
// A packet that came as an skb: the skb and its buffer, both tracked.
sk_buff *skb_receive(u8 *buffer, u32 frame_sz, unsigned headroom, unsigned len, net_device *dev, src site = src::here());
// Runs `prog` on an skb.
u32 bpf_prog_run_generic_xdp(sk_buff *skb, xdp_buff *xdp, const bpf_prog *prog, src site = src::here());

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
