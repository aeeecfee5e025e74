// SPDX-License-Identifier: GPL-2.0-only
#include "model/cpumap/driver.h"

#include <new>

#include "checker/api/call.h"
#include "checker/api/ops.h"
#include "model/cpumap/generations.h"
#include "model/cpumap/redirect_glue.h"
#include "model/cpumap/skb_stub.h"
#include "model/kernel/napi.h"
#include "model/kernel/rcupdate.h"
#include "model/kernel/slab.h"

namespace cpumap {

namespace {

using namespace kernel;

// In checked memory: its address enters frames, and has to be the same in every process.
net_device *device;
// The program attached to it.
bpf_prog *prog;
[[maybe_unused]] const bool registered = [] {
	graze::RegisterGlobals(&device, sizeof(device), "device");
	graze::RegisterGlobals(&prog, sizeof(prog), "program of the device");
	return true;
}();

// What the program does: sends everything to one key.
int RunAndRedirect(bpf_map *map, u32 key, xdp_buff *xdp)
{
	if (Booted().redirect->redirect_map(map, key, XDP_ABORTED, prog) != XDP_REDIRECT) {
		graze::Observe(observed::kFrameRefused, reinterpret_cast<u64>(xdp->data_hard_start), 0, ENOENT);
		return -ENOENT;
	}
	return Booted().redirect->do_redirect(device, xdp, prog);
}

} // namespace

void DriverBoot()
{
	device = ::new (graze::ArenaAllocate(sizeof(net_device), alignof(net_device))) net_device{1};
	prog = NewDeviceProg();
	if (graze::Tracing())
		graze::NameLocation(device, "eth0", /*internal=*/false);
}

void AddDevice()
{
	device = alloc_netdev(2);
	if (graze::Tracing())
		graze::NameObject(device, "eth1");
}

void RemoveDevice()
{
	GRAZE_CALL(call, "unregister_netdev");
	unregister_netdev(device);
}

bpf_prog *DeviceProg()
{
	return prog;
}

bpf_prog *NewDeviceProg()
{
	bpf_prog *const made = ::new (graze::ArenaAllocate(sizeof(bpf_prog), alignof(bpf_prog))) bpf_prog{};
	made->type = BPF_PROG_TYPE_XDP;
	made->aux = ::new (graze::ArenaAllocate(sizeof(bpf_prog_aux), alignof(bpf_prog_aux))) bpf_prog_aux{};
	return made;
}

void PollBegin(int cpu)
{
	napi_begin(cpu);
	if (Booted().redirect->poll_begin != nullptr)
		Booted().redirect->poll_begin();
}

int Receive(bpf_map *map, u32 key, const PacketShape &shape)
{
	GRAZE_CALL(call, "receive", key);
	const src site = src::here();
	u8 *const buffer = static_cast<u8 *>(graze_alloc(shape.frame_sz, GRAZE_ALLOC_NOFAIL, "xdp_frame", site));
	graze::Observe(observed::kFrameReceived, reinterpret_cast<u64>(buffer), static_cast<u64>(graze::ThreadCpu()));
	xdp_rxq_info rxq = {device, 0, 0, {MEM_TYPE_PAGE_SHARED, 0}};
	u8 *const data = buffer + shape.headroom;
	xdp_buff xdp = {data, data + shape.len, data - shape.metasize, buffer, &rxq, shape.frame_sz};
	rcu_read_lock();
	const int error = RunAndRedirect(map, key, &xdp);
	rcu_read_unlock();
	if (error != 0) {
		graze::Observe(observed::kFrameRecycled, reinterpret_cast<u64>(buffer));
		kfree(buffer, site);
	}
	return call.returns(error);
}

int ReceiveGeneric(bpf_map *map, u32 key)
{
	GRAZE_CALL(call, "receive skb", key);
	const src site = src::here();
	const PacketShape shape;
	u8 *const buffer = static_cast<u8 *>(graze_alloc(shape.frame_sz, GRAZE_ALLOC_NOFAIL, "xdp_frame", site));
	const u64 frame = reinterpret_cast<u64>(buffer);
	graze::Observe(observed::kFrameReceived, frame, static_cast<u64>(graze::ThreadCpu()));
	sk_buff *const skb = skb_receive(buffer, shape.frame_sz, shape.headroom, shape.len, device, site);
	xdp_buff xdp = {};
	rcu_read_lock();
	int error = -ENOENT;
	if (Booted().redirect->redirect_map(map, key, XDP_ABORTED, prog) == XDP_REDIRECT)
		error = Booted().redirect->do_generic_redirect(device, skb, &xdp, nullptr);
	rcu_read_unlock();
	if (error != 0) {
		graze::Observe(observed::kFrameRefused, frame, 0, static_cast<u64>(-error));
		graze::Observe(observed::kFrameRecycled, frame);
		kfree(buffer, site);
		kfree(skb, site);
	}
	return call.returns(error);
}

void PollEnd(bool flush)
{
	if (flush) {
		GRAZE_CALL(call, "flush");
		Booted().redirect->flush();
	}
	graze::Observe(observed::kPollEnded, static_cast<u64>(graze::ThreadCpu()), flush ? 1 : 0);
	if (Booted().redirect->poll_end != nullptr)
		Booted().redirect->poll_end();
	napi_end();
}

unsigned Poll(int cpu, bpf_map *map, u32 key, unsigned packets)
{
	unsigned redirected = 0;
	PollBegin(cpu);
	for (unsigned i = 0; i < packets; ++i)
		redirected += Receive(map, key) == 0 ? 1 : 0;
	PollEnd();
	return redirected;
}

} // namespace cpumap
