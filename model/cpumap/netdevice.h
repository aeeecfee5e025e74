// SPDX-License-Identifier: GPL-2.0-only
// Kind: model of <linux/netdevice.h>, as far as who holds a pointer to a device can tell that it is gone. A device that can be unregistered
// is a tracked object, and whoever reads it says so; others live for ever and are ordinary memory. Cannot show what reads a device without
// saying so: tracepoints, and all of the stack behind its entry.
#ifndef MODEL_CPUMAP_NETDEVICE_H_
#define MODEL_CPUMAP_NETDEVICE_H_

#include "model/kernel/types.h"

namespace kernel {

struct net_device {
	int ifindex;
};

// A device that can be unregistered.
net_device *alloc_netdev(int ifindex, src site = src::here());
// As unregister_netdev() of v6.1 does for a device whose last poll is over: two grace periods, the callbacks, and the end of the device, to
// which nobody but its owner has a reference. Per-CPU backlogs, which it searches for packets of the device, are always empty here.
void unregister_netdev(net_device *dev, src site = src::here());
// Somebody reads fields of `dev`. I-DEV: it is there.
void netdev_read(const net_device *dev, src site = src::here());

} // namespace kernel

#endif // MODEL_CPUMAP_NETDEVICE_H_
