// SPDX-License-Identifier: GPL-2.0-only
// Kind: model of <net/xdp.h> and net/core/xdp.c; a packet buffer is one tracked object whose first bytes become the frame header, so that a
// frame is known by the address of its buffer. Only page-backed memory; cannot show leaks of page references or of DMA mappings.
#ifndef MODEL_CPUMAP_XDP_H_
#define MODEL_CPUMAP_XDP_H_

#include "model/cpumap/generations.h"
#include "model/cpumap/netdevice.h"
#include "model/kernel/types.h"

namespace kernel {

struct xdp_mem_info {
	u32 type;
	u32 id;
};
enum : u32 { MEM_TYPE_PAGE_SHARED = 0,
	     MEM_TYPE_PAGE_ORDER0,
	     MEM_TYPE_PAGE_POOL,
	     MEM_TYPE_XSK_BUFF_POOL };

// A word of a structure that a port keeps on its stack, where it need not set all of it. Reading it unset breaks I-INIT. Units that use it
// are compiled with -ftrivial-auto-var-init=pattern; the values of that pattern cannot be told from an unset word.
class unset_on_stack {
	u32 value_;

public:
	unset_on_stack() = default;
	constexpr unset_on_stack(u32 value)
		: value_(value)
	{
	}
	operator u32() const;
};

struct xdp_rxq_info {
	net_device *dev;
	unset_on_stack queue_index;
	unset_on_stack reg_state;
	xdp_mem_info mem;
};

// Belongs to one thread: ordinary memory.
struct xdp_buff {
	u8 *data;
	u8 *data_end;
	u8 *data_meta;
	u8 *data_hard_start;
	xdp_rxq_info *rxq;
	u32 frame_sz;
};

// Handed from CPU to CPU. Wider than upstream's 32 bytes, where two of the fields share a word.
struct xdp_frame {
	plain<u8 *> data;
	plain<u16> len;
	plain<u16> headroom;
	plain<u32> metasize;
	plain<u32> frame_sz;
	plain<xdp_mem_info> mem;
	plain<u32> mem_type; // in the place of `mem` from v6.16 on
	plain<net_device *> dev_rx;
};

struct xdp_cpumap_stats {
	unsigned int redirect;
	unsigned int pass;
	unsigned int drop;
};

inline constexpr unsigned kSkbSharedInfoSize = 320; // SKB_DATA_ALIGN(sizeof(struct skb_shared_info)) on x86-64

inline u8 *xdp_data_hard_end(const xdp_buff *xdp)
{
	return xdp->data_hard_start + xdp->frame_sz - kSkbSharedInfoSize;
}

// What a program reads as ingress_ifindex of its context.
inline u32 xdp_ingress_ifindex(const xdp_buff *xdp, src site = src::here())
{
	netdev_read(xdp->rxq->dev, site);
	return static_cast<u32>(xdp->rxq->dev->ifindex);
}

void xdp_convert_frame_to_buff(xdp_frame *frame, xdp_buff *xdp);
// -ENOSPC if the header does not fit in front of the data, or skb_shared_info not behind it.
int xdp_update_frame_from_buff(xdp_buff *xdp, xdp_frame *frame);
// Null under the same conditions.
xdp_frame *xdp_convert_buff_to_frame(xdp_buff *xdp);

// The same as of v5.0: no look at what is behind the data.
xdp_frame *convert_to_xdp_frame(xdp_buff *xdp);

// Any context.
void xdp_return_frame(xdp_frame *frame, cpumap::observed::Reason reason = cpumap::observed::kByOther, src site = src::here());
// I-CTX unless called from a poll or with direct returns switched off (redirect.h).
void xdp_return_frame_rx_napi(xdp_frame *frame, cpumap::observed::Reason reason = cpumap::observed::kByOther,
			      src site = src::here());
// As of v4.18: `data` may be any pointer into the buffer, which is a page upstream.
void xdp_return_frame(u8 *data, plain<xdp_mem_info> *mem, cpumap::observed::Reason reason = cpumap::observed::kByOther,
		      src site = src::here());
void xdp_release_frame(xdp_frame *frame);
void xdp_scrub_frame(xdp_frame *frame);

} // namespace kernel

#endif // MODEL_CPUMAP_XDP_H_
