// SPDX-License-Identifier: GPL-2.0-only
#include "model/cpumap/observed_calls.h"

#include <cstdio>

#include "model/cpumap/skb_stub.h"

namespace cpumap {

void NamePerCpuWord(const void *variable, size_t offset, const char *name)
{
	if (!graze::Tracing())
		return;
	for (unsigned cpu = 0; cpu < graze_nr_cpu_ids(); ++cpu) {
		char text[64];
		std::snprintf(text, sizeof text, "%s[%u]", name, cpu);
		const char *const copy = static_cast<const char *>(graze_percpu_ptr(variable, static_cast<int>(cpu), nullptr));
		graze::NameLocation(copy + offset, text, /*internal=*/false);
	}
}

uint64_t FrameInRing(const void *pointer)
{
	const uint64_t bits = IdOf(pointer);
	// NOLINTNEXTLINE(performance-no-int-to-ptr): the bit is part of the value.
	return (bits & 1) == 0 ? bits : IdOf(reinterpret_cast<const kernel::sk_buff *>(bits & ~uint64_t{1})->head);
}

bool IsAlive(const graze::Execution &execution, const void *object)
{
	for (const graze::ObjectView &view : execution.objects()) {
		if (view.address == object)
			return !view.freed;
	}
	return false;
}

std::vector<const void *> InRing(const graze::Execution &execution, const kernel::ptr_ring &ring)
{
	std::vector<const void *> found;
	const int size = FinalOf<int>(execution, &ring.size);
	const auto *const slots = FinalOf<const kernel::racy<void *> *>(execution, &ring.queue);
	if (slots == nullptr || size <= 0 || !IsAlive(execution, slots))
		return found;
	const int head = FinalOf<int>(execution, &ring.consumer_head);
	const int unzeroed = head - FinalOf<int>(execution, &ring.consumer_tail);
	for (int i = 0; i < size - unzeroed; ++i) {
		const void *const slot = FinalOf<const void *>(execution, &slots[(head + i) % size]);
		if (slot == nullptr)
			break;
		found.push_back(slot);
	}
	return found;
}

} // namespace cpumap
