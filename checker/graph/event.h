// SPDX-License-Identifier: MIT
// One event of an execution graph: what a thread did, and the choices (rf, co, value) that were made for it.
#ifndef CHECKER_GRAPH_EVENT_H_
#define CHECKER_GRAPH_EVENT_H_

#include <cstdint>

#include "checker/base/access.h"

namespace graze {

// Insertion order of an event in its graph: dense, 0..n-1, renumbered by every cut and copy.
using Stamp = uint32_t;
inline constexpr Stamp kInit = 0xffffffff;  // the implicit co-first write of every location
inline constexpr Stamp kNone = 0xfffffffe;

using LocId = uint32_t;
inline constexpr LocId kNoLoc = 0xffffffff;

enum class EventKind : uint8_t {
  kBegin,  // aux = stamp-independent parent: thread id of the creator
  kEnd,
  kCreate,   // aux = thread id of the child
  kJoin,     // aux = thread id of the thread joined
  kRead,     // value = value read; of an RMW: aux = the order it has if no write follows
  kWrite,    // value = value written
  kFence,    // aux = FenceKind
  kRcuLock,  // outermost only
  kRcuUnlock,
  kRcuSync,     // a grace period
  kSrcuLock,    // loc = the domain, here and below; value = the cookie
  kSrcuUnlock,  // data_dep says which locks its cookie comes from
  kSrcuSync,
  kMalloc,  // value = address, aux = size
  kFree,    // value = address, aux = size
  kTouch,   // value = address: a valueless access, checked for lifetime; aux = 1 if it writes
  kChoose,  // value = chosen, aux = arity
};

enum EventFlag : uint8_t {
  kMaxAdded = 1,    // added with its first choice (co-max rf, co end, choice 0)
  kStable = 2,      // in the porf-prefix of a write that revisited: never deleted again in this frame or below
  kRmw = 4,         // half of a read-modify-write (on a read: of an attempt that may fail)
  kAwait = 8,       // a read whose thread waits until the value satisfies a condition
  kLock = 16,       // with kAwait: the read of a lock word
  kInSection = 32,  // inside an open RCU read-side section of its thread
  kRejudge = 64,    // its thread failed here, or its source has changed: a replay must look again whether the thread can go on
};

// Plain data: graphs are cut, copied and serialised by value.
struct Event {
  uint64_t value = 0;
  Site site = nullptr;
  LocId loc = kNoLoc;
  Stamp rf = kNone;       // reads: source
  Stamp co_prev = kNone;  // writes: co neighbours (kInit before the first)
  Stamp co_next = kNone;
  Stamp read_prev = kNone;  // reads: the next older read (by stamp) of the location
  Stamp reader = kNone;     // writes: one that reads from it; reads: another that reads from the same write
  uint32_t aux = 0;
  DepHandle addr_dep = 0;
  DepHandle data_dep = 0;
  DepHandle ctrl_dep = 0;
  uint32_t idx = 0;  // position in its thread
  uint16_t tid = 0;
  EventKind kind = EventKind::kBegin;
  MemoryOrder order = MemoryOrder::kRelaxed;
  uint8_t flags = 0;
  uint8_t size = 0;

  bool has(EventFlag flag) const { return (flags & flag) != 0; }
  void set(EventFlag flag) { flags = static_cast<uint8_t>(flags | flag); }
  void clear(EventFlag flag) { flags = static_cast<uint8_t>(flags & ~flag); }
  bool is_read() const { return kind == EventKind::kRead; }
  bool is_write() const { return kind == EventKind::kWrite; }
  bool is_access() const { return is_read() || is_write(); }
  bool plain() const { return order == MemoryOrder::kPlain; }
  bool marked() const { return order != MemoryOrder::kPlain && order != MemoryOrder::kRacy; }
};

}  // namespace graze

#endif  // CHECKER_GRAPH_EVENT_H_
