// SPDX-License-Identifier: GPL-2.0-only
// Kind: model of an XDP-capable network driver: receives packets, runs a program that redirects each into a cpumap, and flushes at the end
// of the poll. Buffers never run out. The default shape fits one frame header and one skb_shared_info.
#ifndef MODEL_CPUMAP_DRIVER_H_
#define MODEL_CPUMAP_DRIVER_H_

#include "model/cpumap/bpf.h"

namespace cpumap {

struct PacketShape {
	unsigned headroom = 256; // from the start of the buffer to the data
	unsigned metasize = 0;	 // bytes of metadata in front of the data
	unsigned len = 64;
	unsigned frame_sz = 1024; // the whole buffer
};

// The calling simulated thread becomes one NAPI poll on `cpu` (softirq context, an RCU reader, alone among the BH-off regions of that
// CPU) until PollEnd().
void PollBegin(int cpu);
// Receives one packet and redirects it to `key`: 0, or the negative errno with which the kernel refused it; a refused buffer goes back to
// the driver.
int Receive(kernel::bpf_map *map, kernel::u32 key, const PacketShape &shape = {});
// The same for a packet that is an skb already, where XDP runs in generic mode. REQUIRES: the generation redirects skbs.
int ReceiveGeneric(kernel::bpf_map *map, kernel::u32 key);
// The driver's flush, if it has one, and the end of the poll.
void PollEnd(bool flush = true);

// A whole poll of `packets` packets for one key. Returns how many were redirected.
unsigned Poll(int cpu, kernel::bpf_map *map, kernel::u32 key, unsigned packets);

// The program attached to the device, by which kernels know who asks for a redirect; and another one, to take its place. Programs of
// devices live for ever.
kernel::bpf_prog *DeviceProg();
kernel::bpf_prog *NewDeviceProg();

// Puts a device that can be removed into the place of the driver's, by the first thread before it starts others; and removes it when its
// last poll is over.
void AddDevice();
void RemoveDevice();

// Part of Boot().
void DriverBoot();

} // namespace cpumap

#endif // MODEL_CPUMAP_DRIVER_H_
