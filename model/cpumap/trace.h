// SPDX-License-Identifier: GPL-2.0-only
// Kind: model of <trace/events/xdp.h>: tracepoints become observations, for laws about counters.
#ifndef MODEL_CPUMAP_TRACE_H_
#define MODEL_CPUMAP_TRACE_H_

#include "checker/api/ops.h"
#include "model/cpumap/generations.h"
#include "model/cpumap/xdp.h"

namespace kernel {

struct bpf_prog;

inline void trace_xdp_cpumap_enqueue(int map_id, unsigned processed, unsigned drops, int)
{
	graze::Observe(cpumap::observed::kTraceEnqueue, static_cast<u64>(map_id), processed, drops);
}
// By the redirect of an skb, which goes to the ring at once.
inline void trace_xdp_cpumap_generic(int map_id, unsigned processed, unsigned drops)
{
	graze::Observe(cpumap::observed::kTraceGeneric, static_cast<u64>(map_id), processed, drops);
}
inline void trace_xdp_cpumap_kthread(int map_id, int n, unsigned drops, unsigned, const xdp_cpumap_stats *stats)
{
	graze::Observe(cpumap::observed::kTraceKthread, static_cast<u64>(map_id), static_cast<u64>(n), drops);
	if (stats->pass + stats->drop + stats->redirect != 0) {
		graze::Observe(cpumap::observed::kTraceKthreadProg, stats->pass, stats->drop, stats->redirect);
	}
}

// Where entries have no program.
inline void trace_xdp_cpumap_kthread(int map_id, int n, unsigned drops, unsigned)
{
	graze::Observe(cpumap::observed::kTraceKthread, static_cast<u64>(map_id), static_cast<u64>(n), drops);
}

inline void trace_xdp_exception(const net_device *, const bpf_prog *, u32)
{
}

} // namespace kernel

#endif // MODEL_CPUMAP_TRACE_H_
