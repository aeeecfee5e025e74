// SPDX-License-Identifier: GPL-2.0-only
#include "model/cpumap/xdp.h"

#include <algorithm>

#include "checker/api/explore.h"
#include "checker/api/ops.h"
#include "model/cpumap/redirect.h"
#include "model/kernel/err.h"
#include "model/kernel/napi.h"
#include "model/kernel/slab.h"

namespace kernel {

namespace {

using cpumap::observed::Reason;

#define FIELD(field) \
	{offsetof(xdp_frame, field), sizeof(static_cast<xdp_frame *>(nullptr)->field), #field}
[[maybe_unused]] const bool named = [] {
	graze::RegisterFields("xdp_frame", {FIELD(data), FIELD(len), FIELD(headroom), FIELD(metasize),
					    FIELD(frame_sz), FIELD(mem), FIELD(mem_type), FIELD(dev_rx)});
	return true;
}();
#undef FIELD

u32 MemTypeOf(const xdp_frame *frame)
{
	return cpumap::Booted().frame_has_mem_type ? static_cast<u32>(frame->mem_type) : static_cast<xdp_mem_info>(frame->mem).type;
}

void ReturnFrame(const void *frame, u32 mem_type, Reason reason, src site)
{
	if (mem_type > MEM_TYPE_PAGE_POOL)
		graze::Fail("I-ONCE", "frame of unknown memory type returned", site);
	graze::Observe(cpumap::observed::kFrameReturned, reinterpret_cast<u64>(frame), reason, static_cast<u64>(graze::ThreadCpu()));
	kfree(frame, site);
}

} // namespace

[[gnu::noinline]] unset_on_stack::operator u32() const
{
	const u32 kGccPattern = 0xfefefefe, kClangPattern = 0xaaaaaaaa;
	if (value_ == kGccPattern || value_ == kClangPattern)
		graze::Fail("I-INIT", "read of a word of xdp_rxq_info that was never set", __builtin_return_address(0));
	graze::CountCheck("I-INIT");
	return value_;
}

void xdp_convert_frame_to_buff(xdp_frame *frame, xdp_buff *xdp)
{
	u8 *const data = frame->data;
	xdp->data_hard_start = data - frame->headroom - sizeof(*frame);
	xdp->data = data;
	xdp->data_end = data + frame->len;
	xdp->data_meta = data - frame->metasize;
	xdp->frame_sz = frame->frame_sz;
}

int xdp_update_frame_from_buff(xdp_buff *xdp, xdp_frame *frame)
{
	const long headroom = xdp->data - xdp->data_hard_start;
	long metasize = xdp->data - xdp->data_meta;
	if (metasize < 0)
		metasize = 0; // data_meta behind data says that metadata is not supported
	const long header = sizeof(*frame);
	if (headroom - metasize < header)
		return -ENOSPC;
	if (xdp->data_end > xdp_data_hard_end(xdp))
		return -ENOSPC;
	frame->data = xdp->data;
	frame->len = static_cast<u16>(xdp->data_end - xdp->data);
	frame->headroom = static_cast<u16>(headroom - header);
	frame->metasize = static_cast<u32>(metasize);
	frame->frame_sz = xdp->frame_sz;
	return 0;
}

xdp_frame *xdp_convert_buff_to_frame(xdp_buff *xdp)
{
	xdp_frame *const frame = reinterpret_cast<xdp_frame *>(xdp->data_hard_start);
	if (xdp_update_frame_from_buff(xdp, frame) < 0)
		return nullptr;
	if (cpumap::Booted().frame_has_mem_type)
		frame->mem_type = xdp->rxq->mem.type;
	else
		frame->mem = xdp->rxq->mem;
	return frame;
}

xdp_frame *convert_to_xdp_frame(xdp_buff *xdp)
{
	xdp_frame *const frame = reinterpret_cast<xdp_frame *>(xdp->data_hard_start);
	const long headroom = xdp->data - xdp->data_hard_start;
	const long metasize = std::max(xdp->data - xdp->data_meta, 0l); // data_meta behind data says that metadata is not supported
	const long header = sizeof(*frame);
	if (headroom - metasize < header)
		return nullptr;
	frame->data = xdp->data;
	frame->len = static_cast<u16>(xdp->data_end - xdp->data);
	frame->headroom = static_cast<u16>(headroom - header);
	frame->metasize = static_cast<u32>(metasize);
	frame->mem = xdp->rxq->mem;
	return frame;
}

void xdp_return_frame(u8 *data, plain<xdp_mem_info> *mem, Reason reason, src site)
{
	const void *const buffer = graze::ObjectAround(data, nullptr);
	ReturnFrame(buffer != nullptr ? buffer : data, static_cast<xdp_mem_info>(*mem).type, reason, site);
}

void xdp_return_frame(xdp_frame *frame, Reason reason, src site)
{
	ReturnFrame(frame, MemTypeOf(frame), reason, site);
}

void xdp_return_frame_rx_napi(xdp_frame *frame, Reason reason, src site)
{
	if (!in_napi() && !cpumap::Booted().redirect->return_frame_no_direct()) {
		graze::Warn("I-CTX", "xdp_return_frame_rx_napi() outside of a poll", site);
	}
	graze::CountCheck("I-CTX");
	ReturnFrame(frame, MemTypeOf(frame), reason, site);
}

// Page-pool pages are unmapped here upstream.
void xdp_release_frame(xdp_frame *)
{
}

void xdp_scrub_frame(xdp_frame *frame)
{
	frame->data = nullptr;
	frame->dev_rx = nullptr;
}

} // namespace kernel
