// SPDX-License-Identifier: GPL-2.0-only
#include "model/cpumap/netdevice.h"

#include <new>

#include "checker/api/explore.h"
#include "checker/api/ops.h"
#include "model/kernel/gfp.h"
#include "model/kernel/rcupdate.h"
#include "model/kernel/slab.h"

namespace kernel {

namespace {

[[maybe_unused]] const bool registered = [] {
	graze::RegisterLifetimeRule("net_device", "I-DEV");
	return true;
}();

} // namespace

net_device *alloc_netdev(int ifindex, src site)
{
	return ::new (graze_alloc(sizeof(net_device), GRAZE_ALLOC_NOFAIL, "net_device", site)) net_device{ifindex};
}

void unregister_netdev(net_device *dev, src site)
{
	synchronize_net(site);
	// The device's program and addresses go here.
	synchronize_net(site);
	rcu_barrier(site);
	kfree(dev, site);
}

void netdev_read(const net_device *dev, src site)
{
	if (dev != nullptr && graze::ObjectAround(dev, nullptr) == nullptr)
		return;
	graze::TouchObject(dev, /*write=*/false, site);
	graze::CountCheck("I-DEV");
}

} // namespace kernel
