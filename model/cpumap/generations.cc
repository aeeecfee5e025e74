// SPDX-License-Identifier: GPL-2.0-only
#include "model/cpumap/generations.h"

#include "checker/api/explore.h"
#include "checker/api/ops.h"
#include "model/cpumap/driver.h"
#include "model/cpumap/redirect.h"
#include "model/kernel/ptr_ring.h"

namespace cpumap {

namespace v4_18 {
extern const Generation kGeneration;
}
namespace v5_0 {
extern const Generation kGeneration;
}
namespace v5_8 {
extern const Generation kGeneration;
}
namespace v5_9 {
extern const Generation kGeneration;
}
namespace v7_1 {
extern const Generation kGeneration;
}

Bounds bounds;

namespace {

// Oldest first.
constexpr const Generation *kGenerations[] = {&v4_18::kGeneration, &v5_0::kGeneration, &v5_8::kGeneration,
					      &v5_9::kGeneration, &v7_1::kGeneration};

const Generation *booted;

[[maybe_unused]] const bool registered = [] {
	graze::RegisterGlobals(&bounds, sizeof(bounds), "bounds");
	graze::RegisterGlobals(&booted, sizeof(booted), "booted");
	return true;
}();

} // namespace

std::span<const Generation *const> Generations()
{
	return kGenerations;
}

const Generation *FindGeneration(std::string_view name)
{
	for (const Generation *generation : Generations()) {
		if (generation->name == name)
			return generation;
	}
	return nullptr;
}

void Boot(const Generation &generation, const Bounds &chosen, const kernel::KernelConfig &config)
{
	kernel::kernel_boot(config);
	booted = &generation;
	bounds = chosen;
	graze::UseFieldsOf(generation.name);
	kernel::ptr_ring_set_batch(static_cast<int>(chosen.ring_batch));
	DriverBoot();
	generation.redirect->name_words();
	generation.init();
	if (config.alloc_failures > 0)
		graze::Observe(observed::kAllocationsFail, 0);
}

const Generation &Booted()
{
	return *booted;
}

} // namespace cpumap
