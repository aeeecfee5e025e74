// SPDX-License-Identifier: GPL-2.0-only
// Kind: model of <net/gro.h>: a node holds skbs back and hands them to the stack when it is flushed. Nothing is merged, and nothing is old
// enough for a flush of old packets only.
#ifndef MODEL_CPUMAP_GRO_STUB_H_
#define MODEL_CPUMAP_GRO_STUB_H_

#include "model/cpumap/skb_stub.h"

#define NAPI_POLL_WEIGHT 64

namespace kernel {

// Who changes a node is seen, and what is behind `newest` never changes, so that even threads that must not share a node see the same in
// every run of one execution.
struct gro_node {
	plain<sk_buff *> newest;
};

void gro_init(gro_node *gro);
void gro_receive_skb(gro_node *gro, sk_buff *skb);
// The skbs held go to the stack, oldest first, unless only old ones are to. I-CTX with BH on.
void gro_flush_normal(gro_node *gro, bool flush_old);
// What is held still is freed.
void gro_cleanup(gro_node *gro);

} // namespace kernel

#endif // MODEL_CPUMAP_GRO_STUB_H_
